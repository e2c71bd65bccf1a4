"""The catalogue's pages at the county in the gallery."""

from dataclasses import replace

from tests.browser import samples as s
from ui import pages as p

WRONG = (
    p.RowProblem(
        "事项", 5, "事项编码", "“10234”成了数字或日期,前面的0会丢。把这一格改成“文本”再填。"
    ),
    p.RowProblem("材料", 12, "材料名称", "“其他材料”太笼统。写出具体材料。"),
    p.RowProblem("", 0, "items", "目录里没有事项。"),
)
INDEX = p.CataloguePage(
    versions=(
        p.CatalogueVersionRow(
            *(3, "高龄津贴改为9个工作日,12月1日起", "admin", "wangmin", s.NOW - s.DAY, 30),
            *(38, 42, 2, "/page/catalogue-arrival"),
        ),
        p.CatalogueVersionRow(
            *(2, "", "wangmin", "admin", s.NOW - 40 * s.DAY, 30, 41, 42, 0),
            *("/page/catalogue-arrival", "/post"),
        ),
        p.CatalogueVersionRow(
            *(1, "第一次发布", "", "", s.NOW - 90 * s.DAY, 28, 41, 42, 0),
            *("/page/catalogue-arrival", "/post"),
        ),
    ),
    requests=(
        p.CatalogueRequestRow(
            *("cancel", ("DEMO-YL-02",), "民政局", "李某", "《老年人优待规定(示例)》"),
            *("2026-11-02", "2026-11-06", "2026-11-11"),
            told_late=True,
            adjusted_late=True,
        ),
        p.CatalogueRequestRow(
            *("adjust", ("DEMO-YL-01",), "民政局", "李某", "《高龄津贴规定(示例)》"),
            *("2026-11-16", "2026-11-18", "2026-11-25"),
            adjusted_on="2026-11-20",
        ),
    ),
    as_of=s.NOW,
    template_url="/post",
    empty_template_url="/post",
    import_url="/post",
    request_url="/post",
    draft_url="/page/catalogue-draft",
    draft_state="submitted",
    draft_by="admin",
    kinds=(p.Option("add", "新增"), p.Option("cancel", "取消"), p.Option("adjust", "调整")),
    done_note="已经公布。各站下次联上就会收到。",
)
REFUSED = replace(
    INDEX,
    refused=WRONG,
    done_note="",
    values=(("kind", "cancel"), ("items", "DEMO-YL-02"), ("law_date", "十一月")),
    errors=(p.FieldError("/law_date", "部门提的调整", "写上文件公布的日期,不能晚于今天。"),),
)
VIEWER = replace(INDEX, import_url="", request_url="", draft_url="", requests=(), done_note="")
DRAFT = p.CatalogueDraftPage(
    state="submitted",
    author="admin",
    made_at=s.NOW - s.HOUR,
    base=3,
    back_url="/page/catalogue",
    added=(p.ItemLine("DEMO-YL-03", "老年人居家服务补贴"),),
    removed=(p.ItemLine("DEMO-YL-02", "老年人优待证", 4),),
    changed=(
        p.ItemDiff(
            "DEMO-YL-01",
            "高龄津贴申领",
            (
                p.ChangeLine("承诺时限(工作日)", "15", "9"),
                p.ChangeLine("材料", "照片;可容缺:是;原件份数:2", ""),
            ),
            notes=("要的材料少了:在办的件也按新的。", "承诺时间短了:在办的件也按新的。"),
            open_cases=17,
        ),
    ),
    lists=("证明清单",),
    warnings=(p.RowProblem("事项", 11, "事项名称", "“户口登记项目变更”超过18个字,小票上要折行。"),),
    without_request=("DEMO-YL-03",),
    note="高龄津贴改为9个工作日,12月1日起",
    approve_url="/post",
    return_url="/post",
)
OWN = replace(
    DRAFT,
    state="returned",
    reason="天数和文件对不上",
    own=True,
    approve_url="",
    return_url="",
    submit_url="/post",
    restores=2,
    problems=WRONG[:2],
    errors=(p.FieldError("/note", "说明", "写一句给各站看的说明:改了什么。"),),
)
ARRIVAL = p.ArrivalPage(
    3,
    have=1,
    lost=1,
    rows=(
        p.ArrivalRow("411526101203", "桃园村", None, None, "unknown"),
        p.ArrivalRow("411526101202", "双柳树村", 2, s.NOW - 4 * s.DAY, "lost_3"),
        p.ArrivalRow("411526101201", "幸福村", 3, s.NOW - s.HOUR, "normal"),
    ),
    as_of=s.NOW,
    back_url="/page/catalogue",
)
PAGES = {
    "catalogue": ("catalogue/index.html", INDEX),
    "catalogue-refused": ("catalogue/index.html", REFUSED),
    "catalogue-viewer": ("catalogue/index.html", VIEWER),
    "catalogue-draft": ("catalogue/draft.html", DRAFT),
    "catalogue-own": ("catalogue/draft.html", OWN),
    "catalogue-arrival": ("catalogue/arrival.html", ARRIVAL),
    "catalogue-nowhere": ("catalogue/arrival.html", replace(ARRIVAL, rows=(), have=0, lost=0)),
}
