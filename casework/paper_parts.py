"""Parts that documents share: head, foot, persons, papers, limits."""

from collections.abc import Iterable, Mapping
from typing import Final

from casework import masking
from casework.catalogue import Material
from casework.documents import Line, Section, Sheet
from casework.errors import NumberRefused
from casework.numbering import TemporaryNumber
from casework.spoken import NOTHING, Text, plain, spoken_day, spoken_instant
from casework.values import Fields, read_int, read_map, read_text

_FORMS: Final[Mapping[str, Text]] = {
    "original": Text("原件", "original"),
    "copy": Text("复印件", "copy"),
    "electronic": Text("电子件", "electronic"),
    "shared": Text("部门共享，不用交", "fetched by sharing"),
    "promised": Text("书面承诺代替", "replaced by a promise"),
}
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
    version = read_int(sheet.case.values.get("item_version"))
    yield line("办件编号", "Case number", _printed_number(sheet.case_number))
    if sheet.case.text("official_number"):
        temporary = _printed_number(sheet.case.text("temporary_number"))
        yield line("原临时编号", "Earlier number", temporary)
    yield line("事项", "Item", Text(sheet.item.name, sheet.item.name_en))
    yield line("目录版本", "Catalogue version", str(version or ""))
    yield line("办理站点", "Station", f"{sheet.station.name}（{sheet.station.code}）")


def foot(sheet: Sheet) -> Iterable[Line]:
    """Make the lines that stand at the foot of every document."""
    name, number = sheet.handler
    yield line("经办人", "Handled by", f"{name}（{number}）" if number else name)
    yield line("打印时间", "Printed", _printed_at(sheet))
    yield line("咨询电话", "Questions", sheet.station.hotline)
    yield line("监督电话", "Complaints", sheet.station.complaints)


def _printed_at(sheet: Sheet) -> Text:
    at = spoken_instant(sheet.printed_at)
    marks = [Text("离线打印", "printed offline")] if sheet.offline else []
    marks += [Text(f"补打第{sheet.reprint}次", f"reprint {sheet.reprint}")] if sheet.reprint else []
    return Text(
        "，".join([at.zh, *(m.zh for m in marks)]), ", ".join([at.en, *(m.en for m in marks)])
    )


def _printed_number(text: str) -> str:
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
    accepted = sheet.case.map("accepted")
    if not accepted or sheet.case.due is None:
        return Section(title, paragraphs=(_ONLY_RECEIVED,))
    at, statutory = read_int(accepted.get("at")), sheet.case.statutory_due
    lines = [
        line("受理时间", "Accepted", spoken_instant(at) if at is not None else NOTHING),
        line("承诺办结日期", "Promised by", spoken_day(sheet.case.due)),
    ]
    if statutory:
        lines.append(line("法定办结日期", "Statutory limit", spoken_day(statutory)))
    estimated = any(
        read_map(value).get("estimated") is True
        for name, value in sheet.case.values.items()
        if name.startswith("promise.")
    )
    return Section(title, tuple(lines), (_BY_NOTICE,) if estimated else ())


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
    return Text("；".join(t.zh for t in shown), "; ".join(t.en for t in shown))


def days(days: int) -> Text:
    """Say a limit in working days."""
    return Text(f"{days}个工作日", f"{days} working days") if days else Text("当场", "on the spot")
