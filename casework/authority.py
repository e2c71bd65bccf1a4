"""Who may do what, where: the one table that pages, commands and sync ask.

Fact × place kind × role × mode (domain model §2.2, §2.3). The mode is that of the acting place for
the item: a township accepts a village's proxy file under its own mode. What a station may never do
without the county is simply in no row of a station.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.fact_shapes import Nature
from casework.facts import FACTS
from casework.places import RANK, Mode, PlaceKind, Role, township_of

_ANY_MODE: Final = frozenset[Mode | None]({*Mode, None})
_OFFERED: Final = frozenset[Mode | None](Mode)
_POWER: Final = frozenset[Mode | None]({Mode.ENTRUSTED, Mode.AUTHORISED})
_AUTHORISED: Final = frozenset[Mode | None]({Mode.AUTHORISED})


class Days(StrEnum):
    """Which items a grant covers by their promised days."""

    ANY = "any"
    ON_THE_SPOT = "on_the_spot"


class Fault(StrEnum):
    """Which test a refusal failed on."""

    FACT = "unknown_fact"
    PLACE = "place"
    ROLE = "role"
    MODE = "mode"
    DAYS = "not_on_the_spot"
    OWN_ACCEPTANCE = "own_acceptance"
    SCOPE = "scope"
    DEPARTMENT = "department"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Grant:
    """What one kind of place may do: for whom, in which modes, for which items."""

    roles: frozenset[Role]
    modes: frozenset[Mode | None] = _ANY_MODE
    days: Days = Days.ANY


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act is not allowed, and what to do next."""

    fault: Fault
    fact: str
    message_zh: str
    message_en: str


_COUNTER: Final = {
    PlaceKind.VILLAGE: frozenset({Role.HELPER}),
    PlaceKind.TOWNSHIP: frozenset({Role.CLERK, Role.HELPER, Role.APPROVER}),
    PlaceKind.OUTLET: frozenset({Role.TELLER}),
}
_DESK: Final = frozenset({Role.CLERK, Role.APPROVER, Role.RECONCILER})
_RULE: Final = frozenset({Role.SYSTEM, Role.RECONCILER})
_Row = Mapping[PlaceKind, Grant]


def _counter(modes: frozenset[Mode | None] = _ANY_MODE) -> _Row:
    stations = {kind: Grant(roles, modes) for kind, roles in _COUNTER.items()}
    return stations | {PlaceKind.COUNTY: Grant(_DESK)}


def _county(*roles: Role) -> _Row:
    return {PlaceKind.COUNTY: Grant(frozenset(roles))}


TABLE: Final[Mapping[str, _Row]] = {
    "case.received": _counter(_OFFERED),
    "case.material_added": _counter(),
    "case.attached": _counter(),
    "case.contact_corrected": _counter(),
    "case.contact_stated": _counter(),
    "case.application_corrected": _counter(),
    "case.withdrawn": _counter(),
    "case.entrusted": _counter(),
    "case.entrustment_revoked": _counter(),
    "case.noted": _counter(),
    "case.notified": _counter(),
    "case.external_noted": _counter(),
    "case.result_received": _counter(),
    "case.result_passed_on": _counter(),
    "case.visit_failed": _counter(),
    "case.handed_over": _counter(),
    "case.handover_received": _counter(),
    "case.delivered": _counter(),
    "case.accepted": {
        PlaceKind.VILLAGE: Grant(_COUNTER[PlaceKind.VILLAGE], _POWER),
        PlaceKind.TOWNSHIP: Grant(_COUNTER[PlaceKind.TOWNSHIP], _POWER),
        PlaceKind.COUNTY: Grant(frozenset({Role.CLERK, Role.APPROVER})),
    },
    "case.correction_requested": {
        PlaceKind.VILLAGE: Grant(_COUNTER[PlaceKind.VILLAGE], _POWER),
        PlaceKind.TOWNSHIP: Grant(_COUNTER[PlaceKind.TOWNSHIP], _POWER),
        PlaceKind.COUNTY: Grant(frozenset({Role.CLERK, Role.APPROVER})),
    },
    "case.decided": {
        PlaceKind.TOWNSHIP: Grant(
            frozenset({Role.CLERK, Role.APPROVER}), _AUTHORISED, Days.ON_THE_SPOT
        ),
        PlaceKind.COUNTY: Grant(frozenset({Role.APPROVER})),
    },
    "case.issued": {
        PlaceKind.TOWNSHIP: Grant(frozenset({Role.CLERK, Role.APPROVER})),
        PlaceKind.COUNTY: Grant(frozenset({Role.CLERK, Role.APPROVER})),
    },
    "case.not_accepted": {
        PlaceKind.TOWNSHIP: Grant(frozenset({Role.CLERK, Role.APPROVER}), _POWER),
        PlaceKind.COUNTY: Grant(frozenset({Role.CLERK, Role.APPROVER})),
    },
    "case.material_checked": {
        PlaceKind.TOWNSHIP: Grant(_COUNTER[PlaceKind.TOWNSHIP], _POWER),
        PlaceKind.COUNTY: Grant(frozenset({Role.CLERK, Role.APPROVER})),
    },
    "case.signed_in": _county(Role.APPROVER),
    "case.reviewed": _county(Role.APPROVER),
    "case.special_started": _county(Role.APPROVER),
    "case.special_ended": _county(Role.APPROVER),
    "case.limit_extended": _county(Role.APPROVER),
    "case.rectify_ordered": _county(Role.APPROVER),
    "case.rectified": _county(Role.APPROVER),
    "case.revoked": _county(Role.APPROVER),
    "case.terminated": _county(Role.APPROVER, Role.RECONCILER, Role.SYSTEM),
    "case.deemed_pending": _county(*_RULE),
    "case.deemed_withdrawn": _county(Role.RECONCILER, Role.APPROVER),
    "case.due_stated": _county(*_RULE),
    "case.citizen_told": _county(*_RULE),
    "case.fault_noted": _county(*_RULE),
    "case.linked": _county(*_RULE),
    "case.material_waived": _county(*_RULE),
    "case.progressed": _county(Role.CLERK, Role.APPROVER, Role.SYSTEM),
    "case.archived": _county(Role.APPROVER, Role.CLERK, Role.SYSTEM),
    "case.verified": _county(Role.SYSTEM, Role.RECONCILER, Role.APPROVER),
    "case.numbered": _county(*_RULE),
    "case.merged": _county(*_RULE),
    "case.judged": _county(*_RULE, Role.ADMINISTRATOR),
    "case.checking_opened": _county(*_RULE),
    "case.resolved": _county(Role.RECONCILER),
}
"""Fact → place kind → grant. A place that a fact does not name may not do it."""

_WORDS: Final[Mapping[Fault, tuple[str, str]]] = {
    Fault.FACT: (
        "这台电脑还不认识这件事。先更新程序。",
        "This program does not know this act. Update it first.",
    ),
    Fault.PLACE: (
        "这里不能办这一步。交给有权的单位办。",
        "This cannot be done here. Pass it to the body that may.",
    ),
    Fault.ROLE: (
        "您的岗位不能办这一步。换有权的人登录再办。",
        "Your role may not do this. Somebody who may must sign in.",
    ),
    Fault.MODE: (
        "本站对这个事项没有这一步的授权。只收件，转乡镇办。",
        "This station is not empowered for this item. Take the papers and pass them on.",
    ),
    Fault.DAYS: (
        "这不是当场办结的事项，要由部门决定。交县里部门办。",
        "This item is not decided on the spot: the department decides.",
    ),
    Fault.OWN_ACCEPTANCE: (
        "受理的人不能自己作决定。换一位有权的人来决定。",
        "Who accepted a case may not decide it. Somebody else must.",
    ),
    Fault.SCOPE: (
        "这一件不归本站管。请原站或乡镇办理。",
        "This case is not within this station's reach. Its own station or the township acts.",
    ),
    Fault.LETTER: (
        "您的授权书不包括这一步、这个事项，或者过期了。先办授权书，再来办。",
        "No letter of authorisation in force lets you do this. Get one first.",
    ),
    Fault.DEPARTMENT: (
        "这个事项归{department}办。请{department}的人登录再办。",
        "This item belongs to {department}. Somebody of that department must sign in.",
    ),
}


def check(
    fact: str,
    *,
    place_kind: str,
    role: str,
    mode: str | None = None,
    promised_days: int | None = None,
) -> Refusal | None:
    """Say whether somebody may do this, or why not.

    Args:
        fact: such as `case.accepted`.
        place_kind: county, township, village or outlet.
        role: of the person; `system` for the county's own rules.
        mode: of the acting place for the item; None where it does not offer it.
        promised_days: of the item, working days; None when it is not known.

    Does not check the state of the case (`casework.acts`), its place (`check_scope`), nor who
    accepted it (`check_four_eyes`). Of facts of receiving, sync asks only to tell, never to
    refuse: see `is_refusable`.
    """
    row = TABLE.get(fact)
    if row is None:
        return _refusal(Fault.FACT, fact)
    grant = next((grant for kind, grant in row.items() if kind == place_kind), None)
    fault = Fault.PLACE if grant is None else _fault(grant, role, mode, promised_days)
    return _refusal(fault, fact) if fault else None


def check_four_eyes(
    accepted_by: tuple[str, str], actor: tuple[str, str], *, promised_days: int
) -> Refusal | None:
    """Refuse a decision by the person who accepted, except on-the-spot items (R-HC-22, 25a).

    Args:
        accepted_by: station code and login of who accepted.
        actor: station code and login of who decides.
        promised_days: of the item; 0 is decided on the spot.
    """
    if promised_days == 0 or accepted_by != actor:
        return None
    return _refusal(Fault.OWN_ACCEPTANCE, "case.decided")


def check_scope(place: str, place_kind: str, concerned: Iterable[str]) -> Refusal | None:
    """Refuse an act on another place's case (§2.3: a station never sees those).

    Args:
        place: code of the acting place.
        place_kind: its kind.
        concerned: codes of the stations that the case concerns: receiving, handling, where the
            result was issued to, where its papers were handed to.
    """
    codes = frozenset(concerned)
    if place_kind == PlaceKind.COUNTY or place in codes:
        return None
    below = place_kind == PlaceKind.TOWNSHIP and any(township_of(c) == place for c in codes)
    return None if below else _refusal(Fault.SCOPE, "")


def check_department(fact: str, own: str, responsible: str) -> Refusal | None:
    """Refuse an act of one department's staff on another's item (§5: own items only).

    Args:
        fact: such as `case.decided`.
        own: department of the person; empty for who belongs to none, such as a station's staff.
        responsible: of the item; several are parted by `/`.
    """
    if not own or own in responsible.split("/"):
        return None
    zh, en = (words.format(department=responsible) for words in _WORDS[Fault.DEPARTMENT])
    return Refusal(Fault.DEPARTMENT, fact, zh, en)


def without_letter(fact: str) -> Refusal:
    """Refuse an act for which a chief representative has no letter in force (R-NX-34)."""
    return _refusal(Fault.LETTER, fact)


def is_refusable(fact: str) -> bool:
    """Say whether the county may answer the fact with a refusal.

    Facts of receiving are never refused: a citizen cannot lose a filing date.
    """
    spec = FACTS.get(fact)
    return spec is None or spec.nature is not Nature.RECEIVING


def places_of(fact: str) -> tuple[str, ...]:
    """Answer the kinds of place that may do this, from the county down."""
    return tuple(sorted(TABLE.get(fact, {}), key=lambda kind: -RANK[kind]))


def roles_of(fact: str) -> tuple[str, ...]:
    """Answer every role that some place lets do this."""
    return tuple(sorted({role for grant in TABLE.get(fact, {}).values() for role in grant.roles}))


def _fault(grant: Grant, role: str, mode: str | None, days: int | None) -> Fault | None:
    tests = (
        (role in grant.roles, Fault.ROLE),
        (mode in grant.modes, Fault.MODE),
        (grant.days is Days.ANY or days == 0, Fault.DAYS),
    )
    return next((fault for passed, fault in tests if not passed), None)


def _refusal(fault: Fault, fact: str) -> Refusal:
    return Refusal(fault, fact, *_WORDS[fault])
