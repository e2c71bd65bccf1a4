"""What the page of a township about its stations shows in the gallery."""

from dataclasses import replace

from tests.browser import samples as s
from ui import pages as p

_ROWS = (
    p.CaseRow(
        *("L411526101201-01-261118-001-H", "王*芳", "高龄津贴申领", "ACCEPTED_DEF", "received"),
        *(s.NOW - 3 * s.DAY, "/page/case"),
        due="2026-11-20",
        days_left=-1,
    ),
    p.CaseRow(
        *("L411526101202-01-261119-002-8", "李*国", "最低生活保障审核确认", "CORRECTION"),
        *("received", s.NOW - 2 * s.DAY, "/page/case"),
        due="2026-11-24",
        days_left=1,
    ),
)
TOWNSHIP = p.TownshipPage(
    at=s.NOW,
    tiles=(
        p.QuestionTile("今天谁没开机", 2, "个站", "/page/township", selected=False, alarming=True),
        p.QuestionTile("哪些快到期", 3, "件", "/page/township", selected=False, alarming=True),
        p.QuestionTile("哪些纸没到", 0, "件", "/page/township", selected=False, alarming=False),
        p.QuestionTile("哪些缺材料", 2, "件", "/page/township", selected=True, alarming=True),
    ),
    stations=(
        p.BelowRow("幸福村便民服务站", "village", "silent", s.NOW - 3 * s.DAY, 11, 2, 0, 1),
        p.BelowRow("石桥村便民服务站", "village", "unknown", None, None, 0, 0, 0),
        p.BelowRow("双柳树镇便民服务中心", "township", "today", s.NOW, 0, 1, 0, 1),
    ),
    lagging=(1, 11),
    title="哪些缺材料",
    rows=_ROWS,
)
PAGES = {
    "township": ("township.html", TOWNSHIP),
    "township-quiet": (
        "township.html",
        replace(TOWNSHIP, lagging=(0, 0), rows=(), stations=TOWNSHIP.stations[2:]),
    ),
}
