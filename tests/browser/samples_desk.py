"""The desk of a department in the gallery."""

from dataclasses import replace

from tests.browser import samples as s
from ui import pages as p

TABS = tuple(
    p.QueueTab(label, "/page/desk", count, current=count == 3)
    for label, count in (
        ("待签收", 3),
        ("待审", 12),
        ("特殊环节中", 1),
        ("待决定", 4),
        ("待出件", 0),
        ("送达情况", 27),
    )
)


def row(who, item, label="核对签收", **more):
    told = {
        "case": f"c{len(who)}{len(item)}",
        "number": s.NUMBER,
        "applicant": who,
        "item": item,
        "station": "幸福村便民服务站",
        "url": "/page/case",
        "action": p.Link(label, "/page/desk-sign-in"),
        "due": "2026-11-20",
        "days_left": -1,
        "statutory": "2026-12-25",
        "statutory_left": 24,
    }
    return p.DeskRow(**(told | more))


DESK = p.DeskPage(
    "民政局",
    TABS,
    "待签收",
    (
        row("李*国", "高龄津贴申领", notes=("5份材料要核对", "纸还没到")),
        row("欧阳*", "困难残疾人生活补贴和重度残疾人护理补贴", days_left=6, tick="c2 a1:7"),
        row("王*芳", "最低生活保障审核确认", due="", days_left=None, statutory="",
            statutory_left=None),
    ),
    s.NOW,
    batch_url="/post",
    done_note="签收了2件。1件要点开核对。",
)  # fmt: skip
REVIEWS = replace(
    DESK,
    title="待审",
    tabs=tuple(replace(tab, current=tab.label == "待审") for tab in TABS),
    rows=(row("李*国", "最低生活保障审核确认", "审核", notes=("审核1个,要2个",), days_left=3),),
    batch_url="",
    done_note="",
)
EMPTY = replace(DESK, rows=(), batch_url="", done_note="", department="")
LOOK = p.SignInDeskPage(
    "李*国",
    "高龄津贴申领",
    s.NUMBER,
    "/post",
    "/page/desk",
    "a1:7",
    (
        p.PaperLook(1, "高龄津贴申请表", "original", 1, (s.PHOTO,), "签名、日期齐全"),
        p.PaperLook(2, "居民身份证", "copy", 1, chosen="rejected", reason=""),
    ),
    choices=(p.Option("ok", "可以"), p.Option("rejected", "不行")),
    checked=("户口簿",),
    paper_note="纸还没到县里。先看照片,纸到了再签收。",
)
LOOK_WRONG = replace(
    LOOK,
    errors=(
        p.FieldError("/papers/1", "高龄津贴申请表", "这一份还没有核对。和纸质材料对过,选一个。"),
        p.FieldError("/papers/2/reason", "居民身份证", "缺“原因”。补上再办。"),
    ),
)
PAGES = {
    "desk": ("desk/list.html", DESK),
    "desk-review": ("desk/list.html", REVIEWS),
    "desk-none": ("desk/list.html", EMPTY),
    "desk-sign-in": ("desk/sign_in.html", LOOK),
    "desk-sign-in-wrong": ("desk/sign_in.html", LOOK_WRONG),
}
