"""The county verifies what a station accepted (domain model §2.2 #9): a list of tests that failed.

Confirming by rule without looking at the papers would make every acceptance good. What fails leaves
the case provisional, with the citizen's day of filing kept, and a person looks (check `V1`). In
doubt about the hour a test passes: the citizen relied on the counter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from casework import deadline
from casework.authorisations import NO_BOOK, Book, Post, effective_mode
from casework.catalogue import CatalogueItem, Material, mode_at
from casework.conflict_rules.findings import Fault, Pen
from casework.conflict_rules.matter import Matter, before_day
from casework.errors import NumberRefused
from casework.facts import Act, Head, Undisclosed
from casework.intake_warnings import CREDIT_STALE
from casework.numbering import TemporaryNumber
from casework.places import Mode, PlaceKind
from casework.values import (
    Value,
    day_of,
    read_date,
    read_int,
    read_list,
    read_map,
    read_text,
)

RULE: Final = "V1"
_POWER: Final = frozenset({Mode.ENTRUSTED, Mode.AUTHORISED})


class Demand(StrEnum):
    """What an acceptance is held against."""

    AUTHORITY = "authority"
    MODE = "mode"
    ITEM = "item"
    PAPERS = "papers"
    COMMITMENT = "commitment"
    CREDIT = "credit"
    LACKING_CREDIT = "lacking_credit"
    NUMBER = "number"
    IN_PERSON = "in_person"
    ENTRUSTMENT = "entrustment"


ELSEWHERE: Final = frozenset({Demand.ITEM, Demand.CREDIT})
"""Tests whose failure another rule asks a person about (C6, C38; C33)."""

WORDS: Final[Mapping[Demand, tuple[str, str]]] = {
    Demand.AUTHORITY: ("受理那天站里没有授权", "The station had no letter in force that day"),
    Demand.MODE: ("这个事项站里只能收件", "The station may only receive this item"),
    Demand.ITEM: ("受理那天事项不在办", "The item was not in force that day"),
    Demand.PAPERS: ("必要材料没有齐", "A paper lacks that must be there"),
    Demand.COMMITMENT: ("缺材料,没有承诺书", "Papers lack and nothing was promised"),
    Demand.CREDIT: ("申请人不能用告知承诺", "The applicant may not promise"),
    Demand.LACKING_CREDIT: ("申请人不能缺材料先受理", "The applicant may not owe papers"),
    Demand.NUMBER: ("受理号和站点对不上", "The number is not of that station"),
    Demand.IN_PERSON: ("要本人到场的,是别人代办", "It must be applied for in person"),
    Demand.ENTRUSTMENT: ("代办的没有委托书", "The agent has no entrustment letter"),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One test that failed, and the fields in question."""

    test: Demand
    fields: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What an acceptance is held against.

    Attributes:
        book: every letter that was ever given.
        devices: replica → number of that device at its station, as far as the county gave one.
        partners: code of an outlet → its partner.
    """

    book: Book = NO_BOOK
    devices: Mapping[bytes, int] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)


def to_verify(matter: Matter) -> Head | None:
    """The acceptance of a station that the county has not looked at yet; None where there is none.

    What the county has confirmed once is not held against what happened to the case later.
    """
    act = matter.head("accepted")
    if act is None or act.station_kind == PlaceKind.COUNTY:
        return None
    looked = read_int(matter.case.map("verified").get("at"))
    fresh = looked is None or (act.not_after is not None and act.not_after > looked)
    return act if fresh else None


def failures(matter: Matter, grounds: Grounds) -> tuple[Failure, ...]:
    """Name every test that the acceptance of a case fails; none: it may be confirmed.

    Args:
        matter: the case with the item as it was shown to the citizen.
        grounds: letters and devices as the county knows them.

    Returns:
        Nothing where there is no acceptance to look at, or the item is not known.
    """
    act, item = to_verify(matter), matter.item
    if act is None or item is None:
        return ()
    found = [
        *_standing(act, item, grounds),
        *_item(matter, act, item),
        *_papers(matter, item),
        *_credit(matter, act),
        *_people(matter, item),
        *_number(matter, grounds),
    ]
    return tuple(Failure(test, frozenset(fields)) for test, fields in found)


_Found = Iterator[tuple[Demand, set[str]]]


def _standing(act: Head, item: CatalogueItem, grounds: Grounds) -> _Found:
    kind = PlaceKind(act.station_kind)
    partner = grounds.partners.get(act.station, "")
    post = Post(code=act.station, kind=kind, partner=partner)
    if mode_at(item, kind, partner, code=act.station) not in _POWER:
        yield Demand.MODE, {"accepted"}
    elif not any(effective_mode(grounds.book, post, item, at) in _POWER for at in _instants(act)):
        yield Demand.AUTHORITY, {"accepted"}


def _instants(act: Head) -> tuple[int, ...]:
    """When it can have been: the bounds, and what the clock said where that lies between."""
    last = act.claimed_at if act.not_after is None else act.not_after
    said = min(max(act.claimed_at, act.not_before), max(last, act.not_before))
    return (said, last, *((act.not_before,) if act.not_before else ()))


def _item(matter: Matter, act: Head, item: CatalogueItem) -> _Found:
    newest = matter.newest.item if matter.newest else item
    days = {day_of(at) for at in _instants(act)}
    begun = any(item.effective_from is None or item.effective_from <= day for day in days)
    if newest is None:
        ended = matter.newest is not None and all(day >= matter.newest.since for day in days)
    else:
        ended = newest.cancelled_on is not None and all(d >= newest.cancelled_on for d in days)
    if ended or not begun:
        yield Demand.ITEM, {"accepted"}


def _papers(matter: Matter, item: CatalogueItem) -> _Found:
    values = {k: v for k, v in matter.case.values.items() if not isinstance(v, Undisclosed)}
    promised = set(read_list(matter.case.map("commitment").get("materials")))
    for material in item.needed(values):
        if f"waived.{material.no}" in values or _is_there(matter, material):
            continue
        name = f"material.{material.no}"
        if material.main or not (material.deficiency_ok or material.shared):
            yield Demand.PAPERS, {name}
        elif not material.shared and material.no not in promised:
            yield Demand.COMMITMENT, {"commitment", name}


def _is_there(matter: Matter, material: Material) -> bool:
    """A line that stands for it: handed in, or fetched or promised where that is lawful."""
    form = read_text(matter.case.map(f"material.{material.no}").get("form"))
    lawful = {"shared": material.shared, "promised": material.promise_ok}
    return form is not None and lawful.get(form, True)


def _credit(matter: Matter, act: Head) -> _Found:
    """By the county's own list; where that was too old as well, it waits for the next (T16)."""
    since = matter.credit_since
    lines = [n for n, line in matter.family("material.") if line.get("form") == "promised"]
    fields = {f"material.{n}" for n in lines}
    listed = since is not None and not before_day(act, since)  # as C33 counts
    if listed and not lines:
        yield Demand.LACKING_CREDIT, {"commitment"}
    elif listed or (matter.credit_unknown and _was_unsure(matter)):
        yield Demand.CREDIT, fields


def _was_unsure(matter: Matter) -> bool:
    """Whether the station said that its list was too old to tell (`intake_warnings.unsure`)."""
    warned = map(read_map, read_list(matter.case.map("received").get("warned")))
    return any(one.get("code") == CREDIT_STALE for one in warned)


def _people(matter: Matter, item: CatalogueItem) -> _Found:
    if not matter.case.text("agent.name"):
        return
    if item.must_appear_in_person:
        yield Demand.IN_PERSON, {"agent.name"}
    if matter.case.map("commitment") and matter.case.values.get("agent.entrustment") is False:
        yield Demand.ENTRUSTMENT, {"agent.entrustment"}


def _number(matter: Matter, grounds: Grounds) -> _Found:
    head = matter.head("temporary_number")
    if head is None or head.station_kind == PlaceKind.COUNTY:
        return
    try:
        number = TemporaryNumber.parse(matter.case.text("temporary_number"))
    except NumberRefused:
        yield Demand.NUMBER, {"temporary_number"}
        return
    device = grounds.devices.get(head.replica, number.device)
    if number.station != head.station or number.device != device:
        yield Demand.NUMBER, {"temporary_number"}


def late_due(matter: Matter) -> Fault | None:
    """A day printed later than the rule gives is a fault of the counter; the case is confirmed.

    Where the calendar does not reach that far, nobody is blamed.
    """
    act, item = to_verify(matter), matter.item
    fields = read_map(act.value if act and not isinstance(act.value, Undisclosed) else None)
    printed, at = read_date(fields.get("due")), read_int(fields.get("at"))
    if act is None or item is None or printed is None or at is None:
        return None
    due = deadline.promised(item, _mode(act, item), _accepted(act, at), matter.clock)
    if due.estimated or printed <= due.day:
        return None
    reason = f"回执上写到{printed.isoformat()}，按规定应到{due.day.isoformat()}。"
    return Fault(RULE, "due", act.station, reason)


def _mode(act: Head, item: CatalogueItem) -> Mode:
    return mode_at(item, PlaceKind(act.station_kind), code=act.station) or Mode.ENTRUSTED


def _accepted(act: Head, at: int) -> date:
    """The day of acceptance, no later than it can have been."""
    return day_of(at if act.not_after is None else min(at, act.not_after))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A person must look at an acceptance: which tests failed."""

    failed: Sequence[Failure]

    def act(self, matter: Matter, pen: Pen) -> Act | None:
        """Answer the act that opens or widens the check; None when it was asked already."""
        asked = [one for one in self.failed if one.test not in ELSEWHERE]
        name = f"checking.{pen.check_id(RULE, pen.record)}"
        known = matter.case.map(name)
        tests, fields = _texts(known.get("tests")), _texts(known.get("fields"))
        wanted = {one.test.value for one in asked}
        if wanted <= tests:
            return None  # it is open, or a person has answered it
        opened: dict[str, Value] = {
            "rule": RULE,
            "fields": sorted(fields.union(*(one.fields for one in asked))),
            "tests": sorted(wanted | tests),
            "open": True,
        }
        return Act("case.checking_opened", {name: opened})


def _texts(value: Value) -> frozenset[str]:
    return frozenset(text for one in read_list(value) if (text := read_text(one)))
