"""Bags and results in the gallery: what waits, what is counted, who is told."""

from dataclasses import replace

from tests.browser import samples as s
from ui import pages as p


def paper(case, no, label, counts, **more):
    at = f"{case}.{no}"
    return p.PaperCount(
        label, f"{at}.originals", f"{at}.copies", counts[0], counts[1], tick=f"{at}.same", **more
    )


ELDER = (
    paper("c1", 1, "高龄津贴申请表", ("1", "0")),
    paper("c1", 2, "居民身份证", ("0", "2")),
)
BAGS = (
    p.BagLink("7K2M9QX4TR", "幸福村", 3, s.NOW - s.DAY, "/page/bag", "王秀兰"),
    p.BagLink("东-12", "双柳树村", 1, s.NOW - 4 * s.DAY, "/page/bag"),
)
ROWS = (
    p.PackRow(
        "c1",
        s.NUMBER,
        "李*国",
        "高龄津贴申领",
        "/page/case",
        ELDER,
        "原件1份,复印件2份",
        "2026-11-19",
        -2,
        ticked=True,
    ),
    p.PackRow(
        "c2",
        "L411526101201-01-261121-008-M",
        "欧阳*",
        "困难残疾人生活补贴和重度残疾人护理补贴",
        "/page/case",
        (paper("c2", 1, "申请审核表", ("1", "0")),),
        "原件1份,复印件0份",
        "2026-11-24",
        1,
    ),
)
HANDOVER = p.HandoverPage(
    "/post",
    s.TOWN,
    "7K2M9QX4TR",
    "王秀兰",
    ROWS,
    packed=BAGS[:1],
    scan_note="加上了:李*国",
)
WRONG = replace(
    HANDOVER,
    rows=(replace(ROWS[0], opened=True), ROWS[1]),
    scan_note="",
    errors=(
        p.FieldError("/bag", "袋号", "这个袋号用过了。换一个号。"),
        p.FieldError("/case/c1", "李*国", "“复印件几份”的格式不对。照样表改一改。"),
    ),
)
TOWN = replace(HANDOVER, incoming=BAGS, receives=True, to="潢川县政务服务中心", scan_note="")
NOTHING = p.HandoverPage("/post", s.TOWN, "7K2M9QX4TR", "王秀兰", ())
BAG = p.BagPage(
    "7K2M9QX4TR",
    "幸福村",
    s.TOWN,
    "王秀兰",
    "王秀兰",
    s.NOW - s.DAY,
    (
        p.BagRow(
            "c1",
            s.NUMBER,
            "李*国",
            "高龄津贴申领",
            tuple(replace(one, packed="原件1份,复印件0份") for one in ELDER),
        ),
    ),
    "/page/handover",
    "/post",
    done_note="装好了。打印两份交接单,一份跟着袋子走。",
)
TO_COUNT = replace(
    BAG,
    action="/post",
    hidden=(("no", "7K2M9QX4TR"),),
    done_note="",
    rows=(
        replace(
            BAG.rows[0],
            papers=tuple(
                replace(one, packed="原件1份,复印件0份", originals="", copies="") for one in ELDER
            ),
        ),
    ),
    errors=(p.FieldError("/c1/2/same", "居民身份证", "还没有数。一样就打勾,不一样写数到几份。"),),
)
COUNTED = replace(
    BAG,
    done_note="",
    opened_by="赵*",
    opened_at=s.NOW - s.HOUR,
    remark="身份证复印件少一份,回村找",
    differing=1,
    rows=(
        replace(
            BAG.rows[0],
            differs=True,
            papers=(
                replace(ELDER[0], packed="原件1份,复印件0份", counted="原件1份,复印件0份"),
                replace(
                    ELDER[1],
                    packed="原件0份,复印件2份",
                    counted="原件0份,复印件1份",
                    differs=True,
                ),
            ),
        ),
    ),
)


def result(who, item, **more):
    told = {
        "number": s.NUMBER,
        "applicant": who,
        "item": item,
        "results": ("高龄津贴审批表 GL-2026-0001",),
        "url": "/page/case",
        "phone": "13800001234",
        "pickup": "station",
        "since": s.NOW - s.DAY,
        "arrived": True,
        "told_at": 0,
        "tell_by": "2026-11-20",
        "days_left": -1,
        "visits": 0,
    }
    return p.ResultRow(**(told | more))


ACTS = (p.Link("告诉本人", "/page/case"), p.Link("送达", "/page/case"))
RESULTS = p.ResultsPage(
    (
        result("王*芳", "城乡居民基本养老保险参保登记", stopped="withdrawn"),
        result("李*国", "高龄津贴申领", acts=ACTS),
        result("陈*生", "老年人优待证", acts=(p.Link("签收", "/page/case"),), arrived=False),
        result(
            "欧阳*",
            "困难残疾人生活补贴和重度残疾人护理补贴",
            phone="",
            pickup="visit",
            agent="李*",
            told_at=s.NOW - s.HOUR,
            visits=3,
            granted=False,
            acts=(p.Link("退回乡镇", "/page/case"), p.Link("送达", "/page/case")),
        ),
    ),
    s.NOW,
)
STOPPED = replace(
    s.CASE,
    warning="申请人已经撤回。先别给,打电话给县里。",
    sections=(
        p.CaseSection(
            "特殊环节", ("2026年11月18日(星期三) · 入户调查 · 到2026年11月25日(星期三)",)
        ),
        p.CaseSection("纸和结果在哪里", ("高龄津贴申请表:在幸福村", "办理结果:正去幸福村")),
    ),
)
PAGES = {
    "case-stopped": ("case.html", STOPPED),
    "handover": ("movement/handover.html", HANDOVER),
    "handover-wrong": ("movement/handover.html", WRONG),
    "handover-town": ("movement/handover.html", TOWN),
    "handover-none": ("movement/handover.html", NOTHING),
    "bag": ("movement/bag.html", BAG),
    "bag-count": ("movement/bag.html", TO_COUNT),
    "bag-differs": ("movement/bag.html", COUNTED),
    "results": ("movement/results.html", RESULTS),
    "results-none": ("movement/results.html", p.ResultsPage((), s.NOW)),
}
