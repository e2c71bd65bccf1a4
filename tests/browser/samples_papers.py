"""Documents on the three papers in the gallery."""

from dataclasses import replace

import segno

from casework.documents import Document, DocumentKind, Line, Section
from casework.spoken import Text
from casework.spoken import plain as same
from crypto.signing import SigningKey
from fixtures import printed
from node.printing import plain
from node.web import prints
from sync import head
from tests.browser import samples as s
from ui import pages as p


def line(zh, en, value):
    return Line(Text(zh, en), value if isinstance(value, Text) else same(value))


RECEIPT = Document(
    kind=DocumentKind.RECEIPT,
    title=Text("材料受理及接收凭证", "Receipt for papers"),
    number="收 2026-A0007",
    case_number=s.NUMBER,
    head=(
        line("事项", "Item", Text("高龄津贴申领(第3版)", "Elder allowance (version 3)")),
        line("站点", "Station", "幸福村便民服务站 411526101201"),
    ),
    sections=(
        Section(
            Text("申请人", "Applicant"),
            (
                line("姓名", "Name", "李*国"),
                line("证件号", "ID", "411599********0011"),
                line("代办人", "Agent", "李*芳(子女)"),
            ),
        ),
        Section(
            Text("收到的材料", "Papers taken"),
            (
                line("高龄津贴申请表", "Form", Text("原件 1 份", "1 original")),
                line("居民身份证", "ID card", Text("复印件 1 份", "1 copy")),
            ),
        ),
        Section(
            Text("期限", "Limits"),
            (line("最晚办好", "Due", "2026年12月11日(星期五)"), line("送达签收", "Signed", "")),
            (Text("容缺受理。银行卡要在12月4日前补来。", "Accepted; the bank card must follow."),),
        ),
    ),
    foot=(
        line("经办", "Handled by", "王秀兰 2026年11月21日 09:41 离线打印"),
        line("咨询", "Ask", "0376-000 1234  监督 12345"),
    ),
    signers=(Text("申请人签名(按指印)", "Applicant"), Text("经办人签名", "Handled by")),
    sealed=True,
    copies=2,
    reprint=1,
)
QR = segno.make(RECEIPT.qr, micro=False).svg_inline(omitsize=True)
ROLL = p.PrintPage(
    RECEIPT, p.Paper.ROLL80, f"潢川县 {s.STATION}", ("申请人", "存档"), QR, "/page/done"
)
NOTICE = replace(ROLL, paper=p.Paper.A5, document=replace(RECEIPT, reprint=0, sealed=False))
PROMISE = replace(ROLL, paper=p.Paper.A4)
HEAD = head.sign(head.Head(bytes(8), 1240, bytes(16), s.NOW), SigningKey(bytes(32)))
DAY_SHEET = p.DaySheetPage(
    f"潢川县 {s.STATION}",
    "2026-11-21",
    s.NOW,
    7,
    6,
    4,
    3,
    15,
    rows=(
        p.SheetRow(s.NUMBER, "", "高龄津贴申领", "只在本机", s.NOW),
        p.SheetRow(s.NUMBER, "411526-DEMO-261121-00007", "社保卡挂失", "县里已收到", s.NOW),
    ),
    seq=1240,
    lines=head.to_lines(HEAD),
    qr_svg=segno.make(head.to_code(HEAD), micro=False).svg_inline(omitsize=True),
    back_url="/page/upload",
    pdf_url="?as=pdf",
)
EVERY = printed.every()


def shown(kind, **more):
    document = EVERY[kind]
    qr = plain.svg(document.qr)
    return p.PrintPage(
        document,
        p.Paper.A4,
        printed.HEADING,
        ("申请人", "存档"),
        qr,
        "/page/cases",
        action="/post",
        looks=(p.Link("大字", "?large=1"), p.Link("中英对照", "?both=1")),
        **more,
    )


BAG = replace(
    shown(DocumentKind.HANDOVER),
    action="",
    pdf_url="?as=pdf",
    bars_svg=prints.bars_svg(EVERY[DocumentKind.HANDOVER].case_number),
)
PAGES = {
    "print-preview": ("documents/print.html", shown(DocumentKind.INFORM_PROMISE, has_roll=True)),
    "print-result": ("documents/print.html", shown(DocumentKind.RESULT_DELIVERY)),
    "print-both": ("documents/print.html", shown(DocumentKind.NON_ACCEPTANCE, both=True)),
    "print-large": ("documents/print.html", shown(DocumentKind.ENTRUSTMENT, large=True)),
    "print-bag": ("documents/print.html", BAG),
    "day-sheet": ("documents/day_sheet.html", DAY_SHEET),
    "print-receipt": ("documents/print.html", ROLL),
    "print-notice": ("documents/print.html", NOTICE),
    "print-promise": ("documents/print.html", PROMISE),
}
