"""Parts that documents share: head, foot, persons, papers, limits."""

from collections.abc import Iterable, Mapping
from typing import Final

from casework import masking
from casework.catalogue import Guide, Material
from casework.documents import Line, Section, Sheet, StationCard
from casework.errors import NumberRefused
from casework.numbering import TemporaryNumber
from casework.spoken import NOTHING, Text, plain, spoken_day, spoken_instant
from casework.values import Fields, read_int, read_list, read_text
from casework.workdays import Due

_FORMS: Final[Mapping[str, Text]] = {
    "original": Text("原件", "original"),
    "copy": Text("复印件", "copy"),
    "electronic": Text("电子件", "electronic"),
    "shared": Text("部门共享，不用交", "fetched by sharing"),
    "promised": Text("书面承诺代替", "replaced by a promise"),
}
FREE: Final = Text("不收费", "free of charge")
_ONLY_RECEIVED: Final = Text(
    "本单为收件凭证，受理时间以乡镇/县级中心受理为准。",
    "This is a receipt for papers. The clock starts when the township or county centre accepts.",
)
_BY_NOTICE: Final = Text(
    "以公布的节假日安排为准。", "Subject to the published calendar of holidays."
)


def line(zh: str, en: str, value: Text | str) -> Line:
    """Make a labelled line."""
    return Line(Text(zh, en), plain(value) if isinstance(value, str) else value)


def head(sheet: Sheet) -> Iterable[Line]:
    """Make the lines that stand on top of every document."""
    version = read_int(sheet.case.values.get("item_version")) or sheet.version
    if sheet.case_number:
        yield from _numbers(sheet)
    yield line("事项", "Item", Text(sheet.item.name, sheet.item.name_en))
    yield line("目录版本", "Catalogue version", str(version or ""))
    yield line("办理站点", "Station", f"{sheet.station.name}（{sheet.station.code}）")


def _numbers(sheet: Sheet) -> Iterable[Line]:
    yield line("办件编号", "Case number", printed_number(sheet.case_number))
    if sheet.case.text("official_number"):
        temporary = printed_number(sheet.case.text("temporary_number"))
        yield line("原临时编号", "Earlier number", temporary)


def foot(sheet: Sheet) -> Iterable[Line]:
    """Make the lines that stand at the foot of every document."""
    printed = printed_at(sheet.printed_at, sheet.reprint, offline=sheet.offline)
    return frame_foot(sheet.station, sheet.handler, printed)


def frame_foot(station: StationCard, handler: tuple[str, str], printed: Text) -> Iterable[Line]:
    """Make the foot: who handles it, when it was printed, whom to ask."""
    name, number = handler
    yield line("经办人", "Handled by", f"{name}（{number}）" if number else name)
    yield line("打印时间", "Printed", printed)
    yield from contact(station)


def contact(station: StationCard) -> Iterable[Line]:
    """Make the lines that say whom to ask and where to complain."""
    if station.hotline:
        yield line("咨询电话", "Questions", station.hotline)
        yield line("监督电话", "Complaints", station.complaints)
    else:
        yield line("咨询、监督电话", "Questions and complaints", station.complaints)
    if station.hours:
        yield line("服务时间", "Open", station.hours)


def printed_at(now: int, reprint: int, *, offline: bool = False) -> Text:
    """Say when something was printed (ms), whether offline, and which 补打 it is."""
    marks = [spoken_instant(now)]
    marks += [Text("离线打印", "printed offline")] if offline else []
    marks += [Text(f"补打第{reprint}次", f"reprint {reprint}")] if reprint else []
    return joined(marks, "，", ", ")


def printed_number(text: str) -> str:
    """Answer a number in the groups it is printed in; one of another make as it is."""
    try:
        return TemporaryNumber.parse(text).printed
    except NumberRefused:
        return text


def person(sheet: Sheet, *, full: bool = False) -> Section:
    """Make the part about applicant and agent, masked unless the document needs it in full."""
    case = sheet.case
    name, number = case.text("name"), case.text("id_no")
    lines = [
        line("申请人", "Applicant", name if full else masking.name(name)),
        line("证件号码", "Document", number if full else _masked_id(number)),
    ]
    if case.text("agent.name"):
        agent, agent_id = case.text("agent.name"), case.text("agent.id_no")
        lines += [
            line("代办人", "Agent", agent if full else masking.name(agent)),
            line("代办人证件号码", "Agent's document", agent_id if full else _masked_id(agent_id)),
        ]
    return Section(Text("申请人", "Applicant"), tuple(lines))


def _masked_id(number: str) -> str:
    return masking.id_no(number) if number else ""


def papers(sheet: Sheet) -> Section:
    """Make the list of papers taken."""
    rows = []
    for material in sheet.item.materials:
        held = sheet.case.map(f"material.{material.no}")
        if held:
            rows.append(Line(material_name(material), _held(held)))
    return Section(Text("已收材料", "Papers taken"), tuple(rows))


def returned(sheet: Sheet) -> Section:
    """Make the list of papers that are given back: what is on paper."""
    given = [
        Line(material_name(material), _held(held))
        for material in sheet.item.materials
        if (held := sheet.case.map(f"material.{material.no}")).get("form") in _ON_PAPER
    ]
    return Section(Text("退还的材料", "Papers returned"), tuple(given))


_ON_PAPER: Final = ("original", "copy")


def _held(held: Fields) -> Text:
    form = _FORMS.get(read_text(held.get("form")) or "", NOTHING)
    copies = read_int(held.get("copies")) or 0
    count = Text(f"×{copies}", f" ×{copies}") if copies else NOTHING
    seen = held.get("original_seen") is True and held.get("form") == "copy"
    check = Text("（已核原件）", " (original seen)") if seen else NOTHING
    return Text(form.zh + count.zh + check.zh, form.en + count.en + check.en)


def material_name(material: Material) -> Text:
    """Answer the name of a material."""
    return Text(material.name, material.name_en or material.name)


def lacking(sheet: Sheet, numbers: Iterable[int]) -> tuple[Line, ...]:
    """Make the lines of the materials that lack."""
    wanted = set(numbers)
    return tuple(
        Line(material_name(m), Text("未交", "lacking"))
        for m in sheet.item.materials
        if m.no in wanted
    )


def limits(sheet: Sheet) -> Section:
    """Make the part about the promised and the statutory day, or say that no clock runs yet."""
    title = Text("时限", "Time limits")
    accepted, promised = sheet.case.map("accepted"), sheet.promised
    if not accepted or promised is None:
        return Section(title, paragraphs=(_ONLY_RECEIVED,))
    at, statutory = read_int(accepted.get("at")), sheet.outer
    lines = [
        line("受理时间", "Accepted", spoken_instant(at) if at is not None else NOTHING),
        line("承诺办结日期", "Promised by", due_day(promised)),
    ]
    if statutory:
        lines.append(line("法定办结日期", "Statutory limit", due_day(statutory)))
    estimated = promised.estimated or bool(statutory and statutory.estimated)
    return Section(title, tuple(lines), (_BY_NOTICE,) if estimated else ())


def due_day(due: Due) -> Text:
    """Say a day, and that it is estimated where the calendar is not out yet."""
    day = spoken_day(due.day)
    return Text(f"{day.zh}，估算", f"{day.en}, estimated") if due.estimated else day


def ways(material: Material) -> Text:
    """Say how a material may be handed in or replaced."""
    marks = (
        (material.main, Text("必要", "main")),
        (material.deficiency_ok, Text("可以后补", "may follow later")),
        (material.shared, Text("可部门共享，不用交", "fetched by sharing")),
        (material.promise_ok, Text("可写承诺代替", "a promise will do")),
        (bool(material.when), Text("有这种情况才要", "only if it applies")),
    )
    shown = [text for holds, text in marks if holds] or [Text("要交", "needed")]
    if not material.shared:
        shown.append(counts(material))
    return joined(shown, "；", "; ")


def counts(material: Material) -> Text:
    """Say how many originals and copies of a material are taken."""
    asked = (
        (material.originals, Text("原件", "originals")),
        (material.copies, Text("复印件", "copies")),
    )
    shown = [Text(f"{name.zh}{n}份", f"{n} {name.en}") for n, name in asked if n]
    return joined(shown or [Text("带来核对", "to be shown")], "、", ", ")


def joined(texts: Iterable[Text], zh: str, en: str) -> Text:
    """Join texts in both languages."""
    found = tuple(texts)
    return Text(zh.join(t.zh for t in found), en.join(t.en for t in found))


def days(days: int) -> Text:
    """Say a limit in working days."""
    return Text(f"{days}个工作日", f"{days} working days") if days else Text("当场", "on the spot")


def fee(guide: Guide) -> Iterable[Line]:
    """Say that nothing is charged, or the standard and its basis (R-HC-32a)."""
    if not guide.fee:
        yield Line(Text("费用", "Fee"), FREE)
        return
    yield line("收费标准", "Fee", guide.fee)
    yield line("收费依据", "Basis of the fee", guide.fee_basis)


def said(texts: Iterable[str]) -> tuple[Text, ...]:
    """Take what a county publishes in Chinese only as paragraphs."""
    return tuple(plain(text) for text in texts if text)


def instant(fields: Fields, name: str = "at") -> Text:
    """Say when something was done; nothing where it was not."""
    at = read_int(fields.get(name))
    return spoken_instant(at) if at is not None else NOTHING


def stated(fields: Fields, name: str) -> tuple[Text, ...]:
    """Read one text or a list of texts as paragraphs."""
    value = fields.get(name)
    return said(
        [value] if isinstance(value, str) else filter(None, map(read_text, read_list(value)))
    )
