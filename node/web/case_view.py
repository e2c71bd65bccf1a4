"""One case: how it stands, who wrote what, what happened, and what may be done now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from casework import deadline, timeline
from casework.case import CaseState, Flag, is_overdue
from casework.catalogue import CatalogueItem, Material
from casework.deadline import Clock as Limits
from casework.fact_shapes import OWN_WORD_FACT
from casework.places import PlaceKind, is_station_code, kind_of_code
from casework.spoken import Text
from casework.values import Value, read_int, read_list, read_map, read_text
from casework.workdays import Calendar, Due
from node import acting
from node.casefile import CaseFile, Event, FieldView, HeadView
from node.web import case_sections, outside, speech
from node.web.names import Names
from ui import words
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import (
    ActForm,
    CasePage,
    Change,
    Clock,
    FieldLine,
    FieldValue,
    Link,
    MaterialLine,
    OtherRecord,
    Photo,
    PrintLink,
    TimelineEntry,
)

SHOWN: Final = (
    *("applicant_kind", "name", "id_type", "id_no", "phone", "division", "address"),
    *("agent.name", "agent.relation", "agent.id_no", "agent.phone", "agent.entrustment", "pickup"),
)
_CODES: Final[Mapping[str, str]] = {
    "applicant_kind": "kind",
    "id_type": "id_type",
    "agent.relation": "relation",
    "pickup": "pickup",
}
_TOLD_BEFORE: Final = frozenset(
    {"case.contact_corrected", OWN_WORD_FACT, "case.application_corrected", "case.resolved"}
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a case page is made of.

    Attributes:
        today: the day at this place.
        photos: number of a material → its photos.
        skews: replica in hexadecimal → device minus county in milliseconds, as far as known.
    """

    file: CaseFile
    item: CatalogueItem | None
    known: Names
    calendar: Calendar
    today: date
    photos: Mapping[int, tuple[Photo, ...]] = field(default_factory=dict)
    skews: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def case(self) -> CaseState:
        """The case as it stands, held against its item."""
        return acting.measured(self.file.record, self.item)

    @cached_property
    def due(self) -> Due | None:
        """The promised day as it stands today, special steps considered."""
        return deadline.due_on(self.case, self.item, Limits(self.calendar), today=self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a case: where its links lead.

    Attributes:
        unmask_url: where whole values can be asked for; empty: not by this person.
        checking: whether to say who wrote what of that which the county compares.
    """

    back_url: str
    documents: tuple[PrintLink, ...] = ()
    conflicts: tuple[Link, ...] = ()
    related: tuple[Link, ...] = ()
    unmask_url: str = ""
    checking: bool = True


def build(
    shown: Shown, acts: tuple[ActForm, ...], around: Around, *, done_note: str = ""
) -> CasePage:
    """Lay out a case."""
    line, item = shown.file.line, shown.item
    due = shown.due.day.isoformat() if shown.due else ""
    return CasePage(
        number=speech.number(line.temporary_number),
        item=speech.item_name(item) if item else line.item,
        applicant=line.name,
        state=line.state,
        transport=line.transport.value,
        station=shown.known.place(line.station),
        received_at=line.received_at,
        back_url=around.back_url,
        official_number=line.official_number,
        department=item.department if item else "",
        flags=_flags(shown),
        due=due,
        due_estimated=shown.due is not None and shown.due.estimated,
        days_left=days_left(due, shown.today, shown.calendar),
        clock_note=_clock_note(shown) if due else "",
        fields=tuple(_fields(shown)),
        materials=tuple(_materials(shown)),
        timeline=tuple(_timeline(shown)),
        acts=acts,
        documents=around.documents,
        checking=tuple(_checking(shown)) if around.checking else (),
        conflicts=around.conflicts,
        related=around.related,
        outside=outside.of(shown.case, item, shown.known),
        unmask_url=around.unmask_url,
        catalogue_version=line.item_version,
        done_note=done_note,
        moved_to=shown.known.place(line.station) if line.moved else "",
        sections=case_sections.build(shown.case, item, shown.known),
        warning=case_sections.word_of(case_sections.warning(shown.case)),
    )


def _flags(shown: Shown) -> tuple[str, ...]:
    due = shown.due.day if shown.due else None
    late = is_overdue(shown.case, shown.today, due=due) and Flag.OVERDUE not in shown.case.flags
    return (*shown.file.line.flags, Flag.OVERDUE.value) if late else shown.file.line.flags


def _clock_note(shown: Shown) -> str:
    runs = [run for run in deadline.special_runs(shown.case, shown.item, shown.today) if run.lawful]
    if any(run.running for run in runs):
        return _("从受理那天算,正在做的特殊环节不算在里面,做完再重算")
    if runs:
        return _("从受理那天算,特殊环节用的日子不算在里面")
    return _("从受理那天算")


def days_left(due: str, today: date, calendar: Calendar) -> int | None:
    """Working days until a day; below 0 when it is past; None without one."""
    if not due:
        return None
    last = date.fromisoformat(due)
    if last < today:
        return -max(1, calendar.between(last, today))
    return calendar.between(today, last)


# -- fields, with who wrote them ---------------------------------------------------------------


def _fields(shown: Shown) -> Iterator[FieldLine]:
    answers = sorted(name for name in shown.file.fields if name.startswith("form."))
    for name in (*SHOWN, *answers):
        if name in shown.file.fields:
            yield _field(name, shown.file.fields[name], shown)


def _field(name: str, view: FieldView, shown: Shown) -> FieldLine:
    settled = "person" if name in _resolved(shown.case) else ""
    if not view.disclosed:
        return FieldLine(field_label(name, shown.item), undisclosed=True, settled=settled)
    values = tuple(_value(name, head, shown) for head in view.heads)
    return FieldLine(field_label(name, shown.item), values, settled=settled)


def _resolved(case: CaseState) -> frozenset[str]:
    """Fields that a person at the county has settled."""
    settled = (case.map(name) for name in case.values if name.startswith("resolution."))
    named = (read_text(name) for one in settled for name in read_list(one.get("fields")))
    return frozenset(filter(None, named))


def _value(name: str, head: HeadView, shown: Shown) -> FieldValue:
    return FieldValue(
        field_text(name, head.value, shown.known),
        shown.known.actor(head.actor, head.station),
        shown.known.place(head.station),
        _clock(head, shown),
    )


def is_county(station: str) -> bool:
    """Whether a place is a county, whose clock is the county's."""
    return is_station_code(station) and kind_of_code(station) is PlaceKind.COUNTY


def _clock(written: HeadView | Event, shown: Shown) -> Clock:
    """By which clock: the device's word, the county's, and how far they are apart."""
    if is_county(written.station):
        return Clock(written.claimed_at, written.claimed_at, 0)
    skew = shown.skews.get(written.dot.partition(":")[0])
    return Clock(written.claimed_at, written.received_at, skew)


def field_label(name: str, item: CatalogueItem | None) -> str:
    """How a field is called."""
    asked = item.form if item else ()
    for question in asked:
        if name == f"form.{question.name}":
            return speech.question(question)
    return said(_LABELS[name]) if name in _LABELS else said(timeline.field_title(name))


_LABELS: Final[Mapping[str, Text]] = {
    "agent.relation": Text("和申请人的关系", "Relation to the applicant"),
    "agent.entrustment": Text("委托书", "Letter of entrustment"),
}


def field_text(name: str, value: Value, known: Names) -> str:
    """A value as people read it; it is masked already."""
    if isinstance(value, bool):
        return _("是") if value else _("不是")
    text = read_text(value)
    if text is None:
        return "" if value is None else str(value)
    if name == "division":
        return known.division(text)
    return words.word(text, _CODES[name]) if name in _CODES else text


# -- papers ---------------------------------------------------------------------------------------


def _materials(shown: Shown) -> Iterator[MaterialLine]:
    item = shown.item
    needed = item.needed(_plain(shown.case)) if item else ()
    for material in needed:
        yield _material(material, shown)


def _plain(case: CaseState) -> dict[str, Value]:
    return {n: v for n, v in case.values.items() if n.startswith(("agent.", "form."))}  # type: ignore[misc]  # undisclosed ones answer no condition


def _material(material: Material, shown: Shown) -> MaterialLine:
    line = shown.case.map(f"material.{material.no}")
    last = shown.case.deficiency_deadline
    missing = material.no in shown.case.missing
    return MaterialLine(
        material.no,
        speech.material_name(material),
        speech.need(material),
        form="" if missing else read_text(line.get("form")) or "shared",
        copies=read_int(line.get("copies")) or 0,
        original_seen=line.get("original_seen") is True,
        photos=shown.photos.get(material.no, ()),
        by=last.isoformat() if missing and last else "",
    )


# -- what happened --------------------------------------------------------------------------------


def _timeline(shown: Shown) -> Iterator[TimelineEntry]:
    written = {event.dot: event for event in shown.file.timeline}
    for event in shown.file.timeline:
        yield _entry(event, written, shown)


def _entry(event: Event, written: Mapping[str, Event], shown: Shown) -> TimelineEntry:
    told = said(timeline.detail(event.fact, event.changes))
    refused = _("县里没收下:%(reason)s", reason=event.refused) if event.refused else ""
    shows = event.fact in _TOLD_BEFORE
    return TimelineEntry(
        event.claimed_at,
        said(Text(event.title_zh, event.title_en)),
        shown.known.actor(event.actor, event.station),
        shown.known.place(event.station),
        None if is_county(event.station) else _clock(event, shown),
        tuple(_changes(event, written, shown)) if shows else (),
        note=refused or (_reason(event) if shows else told),
        transport=_transport(event),
    )


def _reason(event: Event) -> str:
    """Why the county settled it so; every place may read that."""
    said_why = (read_text(read_map(value).get("reason")) for value in event.changes.values())
    reason = next(filter(None, said_why), "")
    return _("理由:%(reason)s", reason=reason) if reason else ""


def _transport(event: Event) -> str:
    """How far the word has come; the county's own never had to."""
    if event.refused:
        return "refused"
    if is_county(event.station):
        return ""
    return "received" if event.receipted else "local"


def _changes(event: Event, written: Mapping[str, Event], shown: Shown) -> Iterator[Change]:
    for name, value in event.changes.items():
        if name in SHOWN or name.startswith("form."):
            yield Change(
                field_label(name, shown.item),
                before(event, name, written, shown.known),
                field_text(name, value, shown.known),
            )


def before(event: Event, name: str, written: Mapping[str, Event], known: Names) -> str:
    """What stood when somebody wrote a field, as that person's place knew it."""
    replaced = [
        written[dot].changes.get(name) for dot in event.over.get(name, ()) if dot in written
    ]
    texts = [field_text(name, value, known) for value in replaced if value is not None]
    return " / ".join(dict.fromkeys(texts))


def _checking(shown: Shown) -> Iterator[OtherRecord]:
    """What the county is comparing, told as who wrote what."""
    for name in shown.file.conflicts:
        view = shown.file.fields.get(name)
        if view is None or not view.disclosed:
            continue
        for head in view.heads:
            yield OtherRecord(
                field_label(name, shown.item),
                field_text(name, head.value, shown.known),
                shown.known.actor(head.actor, head.station),
                shown.known.place(head.station),
                head.claimed_at,
                ours=head.station == shown.known.own,
            )
