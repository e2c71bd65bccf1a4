"""What the hub's pages show in the gallery."""

from dataclasses import replace

from tests.browser import samples as s
from tests.browser import (
    samples_authorisations,
    samples_catalogue,
    samples_checks,
    samples_desk,
    samples_limits,
    samples_matters,
)
from ui import pages as p

CASES = p.CasesPage(
    "/page/cases",
    tuple(replace(row, station="幸福村便民服务站") for row in s.ROWS),
    48_213,
    s.NOW,
    facets=s.FACETS,
    pager=p.Pager("/page/cases", "/page/cases", "/page/cases"),
    unsent=11,
    unsent_stations=3,
    clear_url="/page/cases",
)
UNKNOWN = replace(CASES, rows=(), total=None, facets=(), pager=p.Pager(), unsent=0)
CASE = replace(
    s.CASE,
    conflicts=(p.Link("电话:幸福村 139****8876,乡镇 138****4321", "/page/compare"),),
    acts=(
        p.ActForm(
            "decide",
            "作出决定",
            "/post",
            "决定",
            opened=True,
            fields=(
                p.FormField(
                    "outcome",
                    "结果",
                    p.FieldKind.RADIOS,
                    options=(p.Option("yes", "准予"), p.Option("no", "不予", "要写理由和依据")),
                ),
                p.FormField("reasons", "理由", p.FieldKind.TEXTAREA, required=False),
                p.FormField("document_no", "文号", required=False, width=20),
            ),
        ),
        p.ActForm(
            "request_correction",
            "要求补正",
            "/post",
            "发补正通知",
            fields=(p.FormField("points", "哪里不对,怎么补", p.FieldKind.TEXTAREA),),
        ),
        p.ActForm(
            "issue",
            "出件",
            "/post",
            "交给乡镇",
            fields=(p.FormField("serial", "证件编号", width=20),),
        ),
    ),
    unmask_url="/post",
)
TABS = (
    p.QueueTab("必须人工", "/page/conflicts", 5, current=True),
    p.QueueTab("可批量", "/page/conflicts", 12),
    p.QueueTab("被搁置", "/page/conflicts", None),
)
CONFLICTS = p.ConflictsPage(
    TABS,
    (
        p.ConflictRow(
            "c1",
            "两处写得不一样(C35)",
            "高龄津贴申领",
            "李*国",
            ("电话", "银行卡号"),
            ("幸福村", "双柳树镇"),
            s.NOW - 2 * s.DAY,
            "/page/compare",
            "2026-12-04",
            effect=True,
        ),
        p.ConflictRow(
            "c2",
            "同一件事收了两次(C1)",
            "城乡居民基本养老保险参保登记",
            "王*芳",
            ("同一件事两处收了",),
            ("幸福村", "农商银行双柳树网点"),
            s.NOW - 5 * s.HOUR,
            "/page/duplicate",
        ),
    ),
    s.NOW,
    facets=(
        p.Facet(
            "哪一项",
            (
                p.FacetOption("电话", 3, "/page/conflicts"),
                p.FacetOption("银行卡号", 2, "/page/conflicts"),
            ),
        ),
    ),
    pager=p.Pager(csv_url="/page/conflicts"),
    done_note="已保存。7天内可以撤销。已通知王秀兰、赵*。",
    undo_url="/post",
)
OPTIONS = (
    p.Option("a1:7", "用幸福村站的"),
    p.Option("b2:3", "用乡镇的"),
    p.Option("both", "两个都留"),
    p.Option("set", "手填"),
)
VILLAGE = {"who": "王秀兰", "device": "站里的电脑", "clock": s.clock(3, skew=s.SLOW)}
TOWN = {"who": "赵*", "device": "乡镇2号窗口", "clock": s.clock(2)}
COMPARE = p.ComparePage(
    id="c1",
    kind=p.CompareKind.FIELDS,
    index=1,
    total=5,
    item="高龄津贴申领",
    person="李*国",
    rule="两处写得不一样(C35)",
    action="/post",
    back_url="/page/conflicts",
    version="3",
    base=p.Column("共同底稿", "10月30日"),
    columns=(p.Column("幸福村便民服务站", "王秀兰"), p.Column("双柳树镇中心", "赵*")),
    rows=(
        p.CompareRow(
            "phone",
            "电话",
            p.Cell("13800001234"),
            (
                p.Cell(
                    "13900008876",
                    "changed",
                    (("13", False), ("90000887", True), ("6", False)),
                    photos=(s.PHOTO,),
                    **VILLAGE,
                ),
                p.Cell("13800004321", "changed", (("1380000", False), ("4321", True)), **TOWN),
            ),
            OPTIONS,
        ),
        p.CompareRow(
            "form.bank_account",
            "银行卡号",
            p.Cell(""),
            (
                p.Cell("6217 0000 1234 1234", "added", **VILLAGE),
                p.Cell("6217 0000 1234 9999", "added", **TOWN),
            ),
            (OPTIONS[0], OPTIONS[1], OPTIONS[3]),
            chosen="a1:7",
            second_person=True,
        ),
    ),
    equal=(p.EqualRow("姓名", "李建国"), p.EqualRow("住在哪个村", "幸福村")),
    suggestion="幸福村站有承诺书照片,乡镇没有证据。规则:有本人签字的在先。",
    told=("王秀兰", "赵*"),
    previous_url="/page/compare",
    errors=(
        p.FieldError("/choose/phone", "电话", "还没有选用哪一个。"),
        p.FieldError("/reason", "理由", "还没有写理由。"),
    ),
    case_links=(p.Link("看这一件的历史", "/page/case"),),
)
DUPLICATE = replace(
    COMPARE,
    kind=p.CompareKind.DUPLICATE,
    rule="同一件事收了两次(C1)",
    item="城乡居民基本养老保险参保登记",
    person="王*芳",
    base=p.Column("共同底稿"),
    columns=(p.Column("幸福村便民服务站", "王秀兰"), p.Column("农商银行双柳树网点", "孙*")),
    mains=(
        p.Option("01HA", "幸福村 11月21日 09:10 受理", s.NUMBER),
        p.Option("01HB", "农商银行 11月21日 10:02 收件", "L411526101901-01-261121-001-3"),
    ),
    copied=("银行的那份材料", "联系电话"),
    not_copied=("银行卡号(两边不一样,要另选)",),
    errors=(),
    stale=p.Stale("王*", 2, "/page/case", "/post"),
    suggestion="",
)


def row(code, name, state, **more):
    known = {
        "kind": "village",
        "last_seen": s.NOW - 2 * s.HOUR,
        "unsent": 0,
        "oldest_unsent": None,
        "clock_offset_ms": 0,
        "version": "0.1.0",
        "url": "/page/stations",
        "catalogue_version": 3,
        "parent": "双柳树镇",
    }
    return p.StationRow(code=code, name=name, state=state, **(known | more))


STATIONS = p.StationsPage(
    rows=(
        row(
            "411526101202",
            "双柳树村",
            "lost_3",
            last_seen=s.NOW - 4 * s.DAY,
            unsent=8,
            oldest_unsent=s.NOW - 6 * s.DAY,
            clock_offset_ms=s.SLOW,
            note="路修,下周好",
        ),
        row(
            "411526101203",
            "桃园村",
            "unknown",
            last_seen=None,
            unsent=None,
            clock_offset_ms=None,
            version="",
            catalogue_version=None,
        ),
        row("411526101201", "幸福村", "quiet", unsent=3, conflicts=1, quarantined=1),
        row("411526101000", "双柳树镇中心", "normal", kind="township", parent=""),
        row("411526101901", "农商银行双柳树网点", "planned", kind="outlet"),
    ),
    as_of=s.NOW,
    pending=(
        p.PendingDevice(
            "r1",
            "张集乡 新村便民服务站",
            "411526203201",
            "周国强",
            "联想 M720,Windows 10",
            s.NOW - 4 * s.MINUTE,
            "482 915",
            "/post",
        ),
        p.PendingDevice(
            "r2",
            "双柳树镇 桃园村便民服务站",
            "411526101203",
            "吴桂芝",
            "从U盘带来",
            s.NOW - s.DAY,
            "BCDF GHJK LMNP QRST",
            "/post",
            errors=(p.FieldError("/reason", "理由", "不同意要写理由。"),),
            by_file=True,
        ),
    ),
    facets=(
        p.Facet(
            "情况",
            (
                p.FacetOption("失联", 1, "/page/stations"),
                p.FacetOption("未知", 1, "/page/stations"),
                p.FacetOption("正常", 1, "/page/stations"),
            ),
        ),
    ),
)
STICKS = p.SticksPage("/post", "/post", "/page/stations")
STICKS_READ = p.SticksPage(
    "/post",
    "/post",
    "/page/stations",
    done=("读好了。新收下 24 条记录。", "回执里有 2 个站点的答复。把它存回U盘带回去。"),
    notes=("有 1 个文件不是本县的,没有读。",),
    reply_url="/post",
    head=p.HeadResult(s.STATION, 1240, s.NOW - s.DAY, "missing", 12, ((1, 4), (1233, 1240))),
)
STICKS_WRONG = p.SticksPage(
    "/post",
    "/post",
    "/page/stations",
    head=p.HeadResult(s.STATION, 1240, s.NOW - s.DAY, "differs", 0),
    text="0WG8 0010",
    errors=(p.FieldError("/text", "字母", "第 1 行没有输对,对照纸上再看一遍。"),),
)
PAGES = (
    samples_desk.PAGES
    | samples_matters.HUB
    | samples_limits.PAGES
    | samples_authorisations.PAGES
    | samples_catalogue.PAGES
    | samples_checks.PAGES
    | {
        "sticks": ("sticks.html", STICKS),
        "sticks-read": ("sticks.html", STICKS_READ),
        "sticks-wrong": ("sticks.html", STICKS_WRONG),
        "cases": ("cases.html", CASES),
        "cases-unknown": ("cases.html", UNKNOWN),
        "case": ("case.html", CASE),
        "conflicts": ("conflicts.html", CONFLICTS),
        "conflicts-none": ("conflicts.html", p.ConflictsPage(TABS, (), s.NOW)),
        "compare": ("compare.html", COMPARE),
        "duplicate": ("compare.html", DUPLICATE),
        "stations": ("stations.html", STATIONS),
        "stations-none": ("stations.html", p.StationsPage((), s.NOW)),
        "sign-in": ("sign-in.html", p.SignInPage("/post")),
    }
)
