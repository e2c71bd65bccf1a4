"""What an office tells the applicant: correction, non-acceptance, what was put right."""

from collections.abc import Iterable
from typing import Final

from casework.documents import Line, Section, Sheet
from casework.paper import parts
from casework.paper.parts import line
from casework.spoken import NOTHING, Text, plain, spoken_day, spoken_instant
from casework.values import Fields, read_date, read_int, read_list, read_map, read_text


def correction_notice(sheet: Sheet) -> Iterable[Section]:
    """P3: each defect and its cure, told once (R-ZH-22b)."""
    told = [sheet.case.map(n) for n in sorted(sheet.case.values) if n.startswith("correction.")]
    days = [day for notice in told if (day := read_date(notice.get("deadline")))]
    points = [read_map(p) for notice in told for p in read_list(notice.get("points"))]
    yield parts.person(sheet)
    yield Section(
        Text("要补正的地方", "What is to be put right"),
        columns=_POINT_COLUMNS,
        rows=tuple(_point(sheet, point) for point in points),
    )
    yield Section(
        Text("期限和后果", "Until when, and what follows"),
        (line("补正期限", "Until", spoken_day(max(days)) if days else NOTHING),),
        _EFFECTS,
    )


_POINT_COLUMNS: Final = (
    Text("材料", "Paper"),
    Text("哪里不对", "What is wrong"),
    Text("怎么补正", "How to put it right"),
)
_EFFECTS: Final = (
    Text(
        "可到任一便民服务站、乡镇便民服务中心补正，也可邮寄或网上补正。",
        "Put it right at any station or township centre, by mail or online.",
    ),
    Text(
        "到期没有补正的，先再提醒您一次；仍不补正，这一件先结束，不影响您再次申请。",
        "If it is late you are reminded once; then this case ends, and you may apply again.",
    ),
    Text("以上一次说全，不再要求补正别的。", "This is everything: nothing else will be asked for."),
)


def _point(sheet: Sheet, point: Fields) -> tuple[Text, ...]:
    material = sheet.item.material(read_int(point.get("no")) or 0)
    name = parts.material_name(material) if material else plain(str(point.get("no") or ""))
    defect, cure = read_text(point.get("defect")) or "", read_text(point.get("cure")) or ""
    return name, plain(defect), plain(cure)


def non_acceptance(sheet: Sheet) -> Iterable[Section]:
    """P4: facts, reasons, clause, the proper body, and the ways to have it reviewed (R-ZH-22c)."""
    decided = sheet.case.map("not_accepted")
    yield parts.person(sheet)
    yield Section(
        Text("事实", "Facts"),
        (
            line("收到申请", "Applied", parts.instant(sheet.case.map("received"))),
            line("决定机关", "Decided by", sheet.place_name(read_text(decided.get("place")) or "")),
            line("决定时间", "Decided", parts.instant(decided)),
            line("文号", "Document", read_text(decided.get("document_no")) or sheet.number),
            *parts.papers(sheet).lines,
        ),
    )
    yield Section(
        Text("不予受理的理由", "Reasons"),
        (line("依据", "Clause", read_text(decided.get("clause")) or ""),),
        parts.stated(decided, "reasons"),
    )
    if body := read_text(decided.get("proper_body")):
        there = (line("办理机关", "Proper body", body),)
        yield Section(Text("该到哪里办", "Where to go instead"), there)
    yield Section(
        Text("救济途径和期限", "Review and suit"), paragraphs=tuple(_remedies(sheet.station.county))
    )
    yield parts.returned(sheet)


def _remedies(county: str) -> Iterable[Text]:
    body = f"{county}人民政府" if county else "有权的行政复议机关"
    yield Text(
        f"不服本决定的，可以自收到之日起60日内向{body}申请行政复议。",
        "You may ask for administrative review within 60 days of receiving this.",
    )
    yield Text(
        "也可以自收到之日起6个月内依法向人民法院提起行政诉讼。",
        "Or you may bring a suit before the court within 6 months of receiving this.",
    )
    yield Text(
        "条件具备后可以重新申请，已交过的材料可以再用。",
        "You may apply again once the conditions are met; your papers can be used again.",
    )


def correction_slip(sheet: Sheet) -> Iterable[Section]:
    """P18: what was printed, what is right now, why, and what the citizen has to do."""
    yield parts.person(sheet)
    if sheet.changed:
        yield Section(
            Text("改了什么", "What changed"),
            columns=_CHANGE_COLUMNS,
            rows=tuple(
                (c.what, c.before, c.now, plain(c.why)) for c in sorted(sheet.changed, key=_when)
            ),
        )
    told = tuple(_told(sheet))
    if told:
        yield Section(Text("县里要告诉您", "What the county has to tell you"), told)
    yield parts.limits(sheet)
    yield Section(Text("您要做什么", "What you have to do"), paragraphs=_NOTHING_TO_DO)


def _when(change: object) -> int:
    return getattr(change, "at", 0)


def _told(sheet: Sheet) -> Iterable[Line]:
    found = [sheet.case.map(n) for n in sorted(sheet.case.values) if n.startswith("told.")]
    for told in sorted(found, key=lambda one: read_int(one.get("at")) or 0):
        at = read_int(told.get("at"))
        when = spoken_instant(at) if at is not None else Text("告知", "Told")
        yield Line(when, plain(read_text(told.get("text")) or ""))


_CHANGE_COLUMNS: Final = (
    Text("哪一项", "What"),
    Text("以前打印的", "Printed before"),
    Text("现在以这个为准", "What holds now"),
    Text("为什么", "Why"),
)
_NOTHING_TO_DO: Final = (
    Text(
        "上面没有写要您做的，您什么也不用做。以前打印的单子以这一张为准。",
        "Unless it says so above, there is nothing you have to do. This slip replaces the earlier.",
    ),
    Text("给您添麻烦了，对不起。有疑问，打下面的电话。", "We are sorry. Call the number below."),
)
