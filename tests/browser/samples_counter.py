"""Progress, rosters and the register of questions in the gallery."""

from tests.browser import samples as s
from ui import pages as p

PROGRESS = p.ProgressPage(
    action="/post",
    asked=True,
    at=s.NOW,
    lines=(
        p.ProgressLine(
            number=s.NUMBER,
            item="高龄津贴申领",
            applicant="李*国",
            state="ACCEPTED_DEF",
            transport="received",
            received_at=s.NOW - 2 * s.DAY,
            url="/page/case",
            official_number="411599-DEMO-YL-01-20261121-0001",
            due="2026-12-11",
            days_left=14,
            missing=("银行卡", "一寸照片"),
            deadline="2026-11-27",
        ),
        p.ProgressLine(
            number=s.NUMBER,
            item="城乡居民基本医疗保险参保登记",
            applicant="李*国",
            state="RECEIVED",
            transport="local",
            received_at=s.NOW - s.DAY,
            url="/page/case",
        ),
    ),
)
ROSTER = p.RosterPage(
    action="/post",
    back_url="/page/item",
    template_url="/page/item",
    item="城乡居民基本医疗保险参保登记",
)
REFUSED = (
    p.RosterRow(3, "李建国", ("身份证号最后一位对不上,多半有一位看错了。对照身份证再看一遍。",)),
    p.RosterRow(
        17,
        "",
        (
            "缺“姓名”。补上再办。",
            "“身份证号”是按数字存的,后几位可能已经变了。把这一列改成文本,照证件重填。",
        ),
    ),
)
ASKED = p.AskedPage(
    lines=(
        p.AskedLine(
            at=s.NOW - s.DAY,
            item="高龄津贴申领",
            question="户口在外县能不能领",
            who="王秀兰",
            due="2026-11-24",
            phone="13800000321",
            answer_url="/post",
        ),
        p.AskedLine(
            at=s.NOW - 2 * s.DAY,
            item="农村危房改造补助对象认定",
            question="",
            who="王秀兰",
            referred_to="住建局 赵科",
        ),
    ),
    back=p.Link("回首页", "/page/home"),
)
PAGES = {
    "progress": ("progress.html", PROGRESS),
    "progress-none": ("progress.html", p.ProgressPage(action="/post", asked=True)),
    "roster": ("roster.html", ROSTER),
    "roster-done": (
        "roster.html",
        p.RosterPage(
            action="/post",
            back_url="/page/item",
            template_url="/page/item",
            item="城乡居民基本医疗保险参保登记",
            done=True,
            kinds={"accepted": 431, "received": 2},
            before=12,
            refused=REFUSED,
            cases_url="/page/cases",
        ),
    ),
    "roster-errors": (
        "roster.html",
        p.RosterPage(
            action="/post",
            back_url="/page/item",
            template_url="/page/item",
            item="高龄津贴申领",
            errors=(
                p.FieldError(
                    "/file", "名单文件(.xlsx)", "表头少了“身份证号”这一列。用模板另填一份。"
                ),
            ),
        ),
    ),
    "asked": ("asked.html", ASKED),
    "asked-form": (
        "asked.html",
        p.AskedPage(
            lines=(),
            back=p.Link("上一页", "/page/item"),
            item="高龄津贴申领",
            action="/post",
            values={"later": "yes"},
            errors=(p.FieldError("/question", "问什么", "写一句他问什么,后面才好答复。"),),
        ),
    ),
    "unmask-station": (
        "unmask.html",
        p.UnmaskPage("/post", "/page/case", "李*国", s.NUMBER),
    ),
}
