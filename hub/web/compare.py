"""A difference side by side: columns are places and people, nothing is chosen beforehand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from flask import url_for

from casework.spoken import Text
from casework.timeline import title
from casework.values import Value
from hub.usecases import conflicts, lost, queue, unmasking
from hub.usecases.conflicts import Conflict, Kind, Side
from hub.usecases.projections import CheckState
from hub.usecases.reconcile import SEPARATE
from hub.web import checks, dossier, photos, voices
from hub.web.checks import Matter
from hub.web.context import Desk, desk
from node import photographs
from node.casefile import CaseFile
from node.people import Account
from node.photographs import Listed
from node.runtime import Node
from node.web import case_view, speech
from ui import words
from ui.filters import said, short_when
from ui.i18n import gettext as _
from ui.pages import (
    Cell,
    Clock,
    Column,
    CompareKind,
    ComparePage,
    CompareRow,
    EqualRow,
    FieldError,
    Link,
    Option,
    Photo,
    Stale,
)

TYPED, KEPT, CLEARED = "set", "keep", "clear"
"""Answers beside the dot of a side: typed by hand; an act that counts, or does not."""
UNDO_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A difference with everything that is looked at to settle it.

    Attributes:
        files: the cases involved, with their whole values; the look is recorded.
        place: where it stands in the queue: position, total, the check before, the one after.
        viewer: who looks at it.
        photos: case → its photos.
    """

    matter: Matter
    files: Mapping[str, CaseFile]
    around: Desk
    skews: Mapping[str, int]
    place: tuple[int, int, str, str]
    viewer: Account
    photos: Mapping[str, Sequence[Listed]]

    @property
    def check(self) -> Conflict:
        """The difference."""
        return self.matter.check


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a refused answer had said."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    main: str = ""
    answer: str = ""
    reason: str = ""
    errors: tuple[FieldError, ...] = ()
    stale: Stale | None = None
    done_note: str = ""
    undo_url: str = ""


NOTHING: Final = Given()


def open_bench(hub: Node, check: str, viewer: Account) -> Bench:
    """Open a difference; that its values were looked at is recorded.

    Raises:
        NotFound: there is no such difference.
        NotAllowed: this person may not see whole values.
    """
    (matter,) = checks.matters(hub, [conflicts.show(hub, check)])
    purpose = _("核对 %(check)s", check=matter.check.id)
    files = {
        case: unmasking.unmask(hub, case, purpose=purpose, account=viewer)
        for case in matter.check.cases
    }
    with hub.database.read() as tx:
        since = lost.before(tx, hub)
        taken = {c: photographs.listed(tx, f.record, before=since) for c, f in files.items()}
    return Bench(
        matter=matter,
        files=files,
        around=desk(hub),
        skews=dossier.skews(hub),
        place=queue.neighbours(hub, matter.check.id),
        viewer=viewer,
        photos=taken,
    )


def build(bench: Bench, given: Given = NOTHING) -> ComparePage:
    """Lay out a difference to be settled."""
    check, sides = bench.check, Sides.of(bench)
    at, total, previous, _next = bench.place
    duplicate = check.kind is Kind.DUPLICATE
    wide = duplicate or len(check.cases) > 1
    return ComparePage(
        check.id,
        _KINDS.get(check.kind, CompareKind.FIELDS),
        at,
        max(total, 1),
        checks.item_name(bench.matter),
        bench.matter.first.name,
        checks.rule(check),
        url_for("conflicts.resolve", check=check.id),
        url_for("conflicts.index"),
        check.version,
        Column(_("原来的")),
        sides.columns,
        (*(_filings(bench) if wide else _rows(bench, sides, given)), *_photos(bench, sides)),
        equal=tuple(_equal(bench)),
        mains=tuple(_mains(bench)) if duplicate else (),
        main=given.main,
        copied=tuple(voices.copied(bench.matter, bench.files)) if duplicate else (),
        not_copied=(_("填的内容"),) if duplicate else (),
        answers=tuple(checks.answer_options(check.rule)) if check.kind is Kind.RULE else (),
        answer=given.answer,
        notes=tuple(voices.notes(check.id, bench.files, bench.around)),
        proposal=voices.proposal(check, bench.matter, bench.around, bench.viewer),
        second_person=check.second_person,
        reason=given.reason,
        previous_url=url_for("conflicts.show", check=previous) if previous else "",
        undo_days=UNDO_DAYS,
        told=tuple(_told(bench)),
        errors=given.errors,
        stale=given.stale,
        case_links=tuple(case_links(bench)),
        done_note=given.done_note,
        undo_url=given.undo_url,
    )


_KINDS: Final = {Kind.DUPLICATE: CompareKind.DUPLICATE, Kind.RULE: CompareKind.RULE}


def case_links(bench: Bench) -> Iterator[Link]:
    """The cases themselves."""
    for line in bench.matter.lines:
        number = speech.number(line.temporary_number)
        yield Link(_("看 %(number)s 的历史", number=number), url_for("cases.show", case=line.case))


def _told(bench: Bench) -> Iterator[str]:
    for code in dict.fromkeys((*bench.matter.stations, *(x.station for x in bench.matter.lines))):
        yield bench.around.known.place(code)


# -- one case, several values ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sides:
    """Which column each side stands in: one for each device and person, or for each case."""

    keys: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, bench: Bench) -> "Sides":
        """The columns of a difference."""
        known = bench.around.known
        if bench.check.kind is Kind.DUPLICATE or len(bench.check.cases) > 1:
            lines = bench.matter.lines
            named = tuple(
                Column(known.place(x.station), speech.number(x.temporary_number)) for x in lines
            )
            return cls(tuple((x.case, "") for x in lines), named)
        every = [side for sides in bench.check.fields.values() for side in sides]
        found = {
            key_of(side): Column(known.place(side.station), known.actor(side.actor, side.station))
            for side in sorted(every, key=_place)
        }
        return cls(tuple(found), tuple(found.values()))


def _place(side: Side) -> tuple[str, str, str]:
    """Columns stand in the order of the places' codes, whoever was first."""
    return side.station, side.actor, side.dot


def key_of(side: Side) -> tuple[str, str]:
    """What makes a column: a device and a person."""
    return side.dot.partition(":")[0], side.actor


def _rows(bench: Bench, sides: Sides, given: Given) -> Iterator[CompareRow]:
    for name, written in bench.check.fields.items():
        base = base_of(bench, name, written)
        by_key = {key_of(side): side for side in written}
        yield CompareRow(
            name,
            checks.field_label(name, bench.matter.item),
            Cell(base),
            tuple(
                cell(by_key[key], name, base, bench) if key in by_key else Cell(base)
                for key in sides.keys
            ),
            tuple(_options(sorted(written, key=_place), bench)),
            chosen=given.chosen.get(name, ""),
            typed=given.typed.get(name, ""),
            second_person=bench.check.second_person and conflicts.is_confirmed_twice(name),
        )


def _options(written: Sequence[Side], bench: Bench) -> Iterator[Option]:
    if bench.check.kind is Kind.RULE:
        return
    if bench.check.kind is Kind.CONTRADICTION:
        yield from (Option(KEPT, _("这一步算数")), Option(CLEARED, _("这一步不算数")))
        return
    known = bench.around.known
    places = [known.place(side.station) for side in written]
    for side, place in zip(written, places, strict=True):
        who = known.actor(side.actor, side.station)
        named = place if places.count(place) == 1 else f"{place} {who}"
        yield Option(side.dot, _("用%(place)s的", place=named))
    if all(isinstance(side.value, str) for side in written):
        yield Option(TYPED, _("都不对,手填"))


def base_of(bench: Bench, name: str, written: Sequence[Side]) -> str:
    """What stood before the sides were written; empty when they are the first."""
    events = {e.dot: e for side in written for e in bench.files[side.case].timeline}
    bases = [
        case_view.before(events[side.dot], name, events, bench.around.known)
        for side in written
        if side.dot in events
    ]
    return " / ".join(dict.fromkeys(filter(None, bases)))


def cell(side: Side, name: str, base: str, bench: Bench) -> Cell:
    """One side's value with who, by what act, and when by which clock."""
    value = checks.text(name, side.value, bench.around)
    return Cell(
        value,
        _change(base, value),
        parts=_marked(base, value),
        clock=Clock(side.claimed_at, side.received_at, bench.skews.get(side.dot.partition(":")[0])),
        who=bench.around.known.actor(side.actor, side.station),
        device=said(Text(title(side.fact).zh, title(side.fact).en)),
    )


def _change(base: str, value: str) -> str:
    if base == value:
        return ""
    return "changed" if base and value else "added" if value else "removed"


def _marked(base: str, value: str) -> tuple[tuple[str, bool], ...]:
    """The value cut where it differs from the base, sign by sign."""
    if not base or base == value:
        return ()
    matcher = SequenceMatcher(None, base, value, autojunk=False)
    return tuple(
        (value[start:end], kind != "equal")
        for kind, _from, _to, start, end in matcher.get_opcodes()
        if start < end
    )


# -- the papers ----------------------------------------------------------------------------------


def _photos(bench: Bench, sides: Sides) -> Iterator[CompareRow]:
    """The photos as evidence, each under who took it, or in whose case it lies; no choice."""
    duplicate = bench.check.kind is Kind.DUPLICATE or len(bench.check.cases) > 1
    found: dict[tuple[str, str], list[Photo]] = {}
    for case, taken in bench.photos.items():
        item = bench.files[case].line.item == bench.matter.first.item and bench.matter.item
        for one, photo in zip(taken, photos.labelled(case, taken, item or None), strict=True):
            key = (case, "") if duplicate else (one.replica, one.actor)
            found.setdefault(key, []).append(photo)
    if found:
        cells = tuple(_evidence(found.pop(key, [])) for key in sides.keys)
        rest = [photo for taken in found.values() for photo in taken]
        yield CompareRow("photos", _("材料照片"), _evidence(rest), cells, ())


def _evidence(found: Sequence[Photo]) -> Cell:
    return Cell("" if found else _("没有照片"), photos=tuple(found))


# -- one matter, several cases -------------------------------------------------------------------


def _filings(bench: Bench) -> Iterator[CompareRow]:
    """How the cases differ: when received, how far, and every answer that is not the same."""
    received = tuple(Cell(short_when(x.received_at)) for x in bench.matter.lines)
    yield CompareRow("received", _("什么时候收的"), Cell(""), received, ())
    states = tuple(Cell(_(words.state_word("state", x.state).word)) for x in bench.matter.lines)
    yield CompareRow("state", _("办到哪里"), Cell(""), states, ())
    for name in _answers(bench):
        texts = _texts(bench, name)
        if len(set(texts)) > 1:
            cells = tuple(_written(bench, name, x.case) for x in bench.matter.lines)
            label = case_view.field_label(name, bench.matter.item)
            yield CompareRow(name, label, Cell(""), cells, ())


def _written(bench: Bench, name: str, case: str) -> Cell:
    view = bench.files[case].fields.get(name)
    if view is None or not view.heads:
        return Cell("")
    head = view.heads[0]
    skew = bench.skews.get(head.dot.partition(":")[0])
    return Cell(
        _text(bench, name, view.value),
        clock=Clock(head.claimed_at, head.received_at, skew),
        who=bench.around.known.actor(head.actor, head.station),
    )


def _mains(bench: Bench) -> Iterator[Option]:
    for line in bench.matter.lines:
        place = bench.around.known.place(line.station)
        at = short_when(line.received_at)
        label = _("留%(place)s %(at)s 收的这一件", place=place, at=at)
        yield Option(line.case, label, speech.number(line.temporary_number))
    yield Option(SEPARATE, _("不是同一件事,各办各的"))


# -- what is the same ----------------------------------------------------------------------------


def _answers(bench: Bench) -> list[str]:
    names = {name for file in bench.files.values() for name in file.fields}
    return [name for name in case_view.SHOWN if name in names] + sorted(
        name for name in names if name.startswith("form.")
    )


def _texts(bench: Bench, name: str) -> list[str]:
    views = (bench.files[line.case].fields.get(name) for line in bench.matter.lines)
    return [_text(bench, name, view.value) if view else "" for view in views]


def _text(bench: Bench, name: str, value: Value) -> str:
    return case_view.field_text(name, value, bench.around.known)


def _equal(bench: Bench) -> Iterator[EqualRow]:
    for name in _answers(bench):
        texts = _texts(bench, name)
        if name not in bench.check.fields and len(set(texts)) == 1 and texts[0]:
            yield EqualRow(case_view.field_label(name, bench.matter.item), texts[0])


def is_open(bench: Bench) -> bool:
    """Whether somebody still has to settle it."""
    return bench.check.state is CheckState.OPEN
