"""Samples of the county's pages about questions of rules, two persons, many at once, and calls."""

from dataclasses import replace

import ui.pages as p
from tests.browser import samples as s

ANSWERS = (
    p.Option("counted", "重新点过,没有少", "不用告诉申请人。"),
    p.Option(
        "scan", "少了,先用收件时的照片", "会告诉申请人:您的一份材料在流转中缺失,先以扫描件办理。"
    ),
    p.Option("lost", "少了原件,由我们补办", "会告诉申请人:您的一份原件在流转中缺失,我们负责补办。"),
)
QUESTION = p.ComparePage(
    id="C10-1",
    kind=p.CompareKind.RULE,
    index=2,
    total=5,
    item="高龄津贴申领",
    person="李*国",
    rule="交接点数对不上(C10)",
    action="/post",
    back_url="/page/conflicts",
    version="3",
    base=p.Column("原来的"),
    columns=(p.Column("幸福村便民服务站", "王秀兰"), p.Column("双柳树镇中心", "赵*")),
    rows=(
        p.CompareRow(
            "handover.A1",
            "交出的袋子 A1",
            p.Cell(""),
            (p.Cell("交出材料", who="王秀兰", clock=s.clock(3)), p.Cell("")),
            (),
        ),
    ),
    answers=ANSWERS,
    notes=(
        p.NoteRow("王秀兰", "幸福村便民服务站", s.NOW, "我写的对", "装袋时当着申请人的面点过。"),
    ),
)
FIRST_WORD = replace(
    QUESTION,
    kind=p.CompareKind.FIELDS,
    rule="两处写得不一样(C35)",
    answers=(),
    second_person=True,
    proposal=p.ProposalView(
        "对账员甲", s.NOW, (("银行卡号", "****9999"),), "打电话问过本人", "/post"
    ),
)
MINE = replace(
    FIRST_WORD,
    proposal=p.ProposalView("对账员甲", s.NOW, (("银行卡号", "****9999"),), "打电话问过本人"),
)
WRONG = replace(QUESTION, errors=(p.FieldError("/set/answer", "怎么答?", "还没有选。"),), notes=())
ROWS = tuple(
    p.ConflictRow(
        f"C39-{n}",
        "办结以后又来了新的(C39)",
        "高龄津贴申领",
        "李*国",
        ("材料 户口簿",),
        ("幸福村便民服务站",),
        s.NOW - n * s.DAY,
        "/page/question",
        version=f"v{n}",
    )
    for n in (1, 2)
)
SOFT = p.ConflictsPage(
    (
        p.QueueTab("必须人工", "/page/conflicts", 5),
        p.QueueTab("可批量", "/page/conflicts-soft", 2, current=True),
        p.QueueTab("已经核对", "/page/conflicts", 12),
        p.QueueTab("被搁置", "/page/conflicts", 0),
    ),
    ROWS,
    s.NOW,
    bulk=ANSWERS[:2],
    bulk_action="/page/bulk",
    calls_url="/page/calls",
)
BULK = p.BulkPage(
    "办结以后又来了新的(C39)",
    "补进档案",
    "appendix",
    ROWS,
    2,
    "您后交的材料已补入档案。",
    "/post",
    "/page/conflicts-soft",
)
CALLS = p.CallsPage(
    (
        p.CallRow(
            "李*国",
            "0376-****919",
            "幸福村便民服务站",
            "李*国：办件1261121001M，您的申请自11月2日起视为受理。",
            "站点收了许可材料，一直没有答复(C20)",
            s.NOW,
            "/page/case",
        ),
        p.CallRow(
            "王*",
            "",
            "幸福村便民服务站",
            "王*：办件1261121002K，已合并办理。",
            "同一件事收了两次(C1)",
            s.NOW,
            "/",
        ),
    ),
    3,
    "/page/conflicts",
    csv_url="/page/calls",
)
PAGES = {
    "question": ("compare.html", QUESTION),
    "question-wrong": ("compare.html", WRONG),
    "first-word": ("compare.html", FIRST_WORD),
    "first-word-mine": ("compare.html", MINE),
    "conflicts-soft": ("conflicts.html", SOFT),
    "bulk": ("bulk.html", BULK),
    "bulk-wrong": (
        "bulk.html",
        replace(BULK, errors=(p.FieldError("/reason", "理由", "写上理由。各站都会看到。"),)),
    ),
    "calls": ("calls.html", CALLS),
    "calls-none": ("calls.html", p.CallsPage((), 0, "/page/conflicts")),
}
