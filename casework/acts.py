"""Acts on a case that is there: may it be done, by this person, here, now; and what is written.

One door for pages, commands and automatic rules: `perform`. Every act has one function that turns
its fields into the fields of the case, in `counter_acts` or `office_acts`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from casework import (
    act_reading,
    authorisations,
    authority,
    counter_acts,
    county_acts,
    delivery_acts,
    office_acts,
    review_acts,
)
from casework.case import ENDED, STATE_TITLES, CaseState, State
from casework.desk import ActContext
from casework.errors import ActRefused, FieldProblem
from casework.fact_shapes import FactSpec
from casework.facts import VERBS, Act
from casework.merging import demand_known, is_deciding
from casework.places import PlaceKind
from casework.reading import Reader
from casework.values import Fields, Value, read_list, read_text
from casework.wording import problem

_Builder = Callable[[CaseState, Fields, ActContext], Act]

_OPEN: Final = frozenset(
    {
        *(State.RECEIVED, State.CORRECTION, State.ACCEPTED, State.ACCEPTED_DEF),
        *(State.REVIEW, State.SPECIAL, State.DEEMED_PENDING),
    }
)
"""States before a decision, in which the citizen may add, correct and withdraw."""
_ALIVE: Final = frozenset(State) - ENDED - {State.DRAFT}
_DECIDED: Final = frozenset({State.DECIDED_YES, State.DECIDED_NO})
_UNDER_DECISION: Final = frozenset({State.ACCEPTED, State.ACCEPTED_DEF, State.REVIEW})
_ANY: Final = frozenset(State) - {State.DRAFT}
_GRANTED: Final = frozenset({State.DECIDED_YES, State.READY, State.DELIVERED})

BUILDERS: Final[Mapping[str, tuple[_Builder, frozenset[State]]]] = {
    "withdraw": (counter_acts.withdraw, _OPEN),
    "entrust": (counter_acts.entrust, _ALIVE),
    "revoke_entrustment": (counter_acts.revoke_entrustment, _ALIVE),
    "note": (counter_acts.note, _ANY),
    "notify": (counter_acts.notify, _ANY),
    "note_external": (counter_acts.note_external, _ANY),
    "add_material": (counter_acts.add_material, _OPEN),
    "attach": (counter_acts.attach, _ALIVE),
    "correct_contact": (counter_acts.correct_contact, _ALIVE),
    "correct_application": (counter_acts.correct_application, _OPEN),
    "hand_over": (counter_acts.hand_over, _ANY - {State.ARCHIVED}),
    "receive_handover": (counter_acts.receive_handover, _ANY),
    "receive_result": (delivery_acts.receive_result, frozenset({State.READY})),
    "pass_on_result": (delivery_acts.pass_on_result, frozenset({State.READY})),
    "visit_failed": (delivery_acts.visit_failed, frozenset({State.READY})),
    "deliver": (delivery_acts.deliver, frozenset({State.READY})),
    "accept": (office_acts.accept, frozenset({State.RECEIVED, State.CORRECTION})),
    "request_correction": (
        office_acts.request_correction,
        frozenset({State.RECEIVED, State.CORRECTION}),
    ),
    "not_accept": (office_acts.not_accept, frozenset({State.RECEIVED, State.CORRECTION})),
    "check_material": (office_acts.check_material, _OPEN),
    "sign_in": (office_acts.sign_in, frozenset({State.ACCEPTED, State.ACCEPTED_DEF})),
    "review": (review_acts.review, frozenset({State.REVIEW})),
    "start_special": (review_acts.start_special, frozenset({State.REVIEW, State.SPECIAL})),
    "end_special": (review_acts.end_special, frozenset({State.SPECIAL})),
    "extend_limit": (review_acts.extend_limit, _UNDER_DECISION | {State.SPECIAL}),
    "decide": (office_acts.decide, _UNDER_DECISION),
    "issue": (office_acts.issue, _DECIDED | {State.READY}),
    "order_rectify": (review_acts.order_rectify, _GRANTED),
    "confirm_rectified": (review_acts.confirm_rectified, frozenset({State.RECTIFY})),
    "revoke": (review_acts.revoke, frozenset({State.RECTIFY})),
    "terminate": (review_acts.terminate, _OPEN),
    "archive": (office_acts.archive, frozenset({State.DELIVERED})),
    "verify": (county_acts.verify, _ANY),
    "number": (county_acts.number, _ANY),
    "merge_duplicate": (county_acts.merge_duplicate, _ANY),
    "open_checking": (county_acts.open_checking, _ANY),
    "resolve": (county_acts.resolve, _ANY),
    "deem": (county_acts.deem, frozenset({State.ACCEPTED_DEF, State.REVIEW, State.SPECIAL})),
    "confirm_deemed": (county_acts.confirm_deemed, frozenset({State.DEEMED_PENDING})),
    "state_due": (county_acts.state_due, _ANY),
    "tell": (county_acts.tell, _ANY),
    "note_fault": (county_acts.note_fault, _ANY),
    "link": (county_acts.link, _ANY),
    "waive_material": (county_acts.waive_material, _ANY),
    "note_progress": (county_acts.note_progress, _ANY),
}
"""Verb → function and the states in which it may be done (domain model §2.2)."""

_HELD_BACK: Final = frozenset({"decide", "issue", "deliver"})
"""Acts that wait while the county checks something on which the decision hangs."""
_PASSED_ON: Final = ("handover.", "result_passed.")
_WEIGHTY_RULES: Final = frozenset({"C1", "C2", "C5", "C6", "C12", "C32", "V1"})


def perform(verb: str, case: CaseState, fields: Mapping[str, Value], ctx: ActContext) -> Act:
    """Do one act.

    Args:
        verb: such as `withdraw`.
        case: as this place sees it now.
        fields: FIELDS.json, or what a page gave.
        ctx: who, where, when.

    Raises:
        ActRefused: with every problem at once; nothing is written.
    """
    spec = VERBS.get(verb)
    if spec is None or verb not in BUILDERS:
        raise ActRefused([problem("", "verb", en=verb)])
    refusals = [*_not_allowed(spec, ctx, case), *_not_now(verb, spec, case)]
    reader = Reader(fields)
    read = act_reading.read(spec, reader)
    if refusals or reader.problems:
        raise ActRefused([*refusals, *reader.problems])
    build, _ = BUILDERS[verb]
    act = build(case, read, ctx)
    demand_known(act.fields)
    return act


def possible(case: CaseState, ctx: ActContext) -> tuple[str, ...]:
    """Answer the verbs that this person may do here on this case now, for buttons and hints."""
    return tuple(
        verb
        for verb in BUILDERS
        if not _not_allowed(VERBS[verb], ctx, case) and not _not_now(verb, VERBS[verb], case)
    )


def concerned(case: CaseState) -> frozenset[str]:
    """Answer the codes of all places that the case concerns: they hold it and may act on it."""
    bags = [case.map(field) for field in case.values if field.startswith(_PASSED_ON)]
    named = [read_text(handed.get("to")) for handed in (*bags, case.map("issued"))]
    return frozenset(filter(None, (case.text("station"), case.text("handling"), *named)))


def _not_allowed(spec: FactSpec, ctx: ActContext, case: CaseState) -> list[FieldProblem]:
    refusal = (
        authority.check(
            spec.name,
            place_kind=ctx.place.kind,
            role=ctx.role,
            mode=ctx.mode,
            promised_days=ctx.item.promised_days if ctx.item else None,
        )
        or authority.check_scope(ctx.place.code, ctx.place.kind, concerned(case))
        or _not_theirs(spec, ctx)
        or _without_letter(spec, ctx)
    )
    if refusal is None:
        return []
    return [problem("", "authority", zh=refusal.message_zh, en=refusal.message_en)]


def _not_theirs(spec: FactSpec, ctx: ActContext) -> authority.Refusal | None:
    if ctx.item is None:
        return None
    return authority.check_department(spec.name, ctx.department, ctx.item.department)


def _without_letter(spec: FactSpec, ctx: ActContext) -> authority.Refusal | None:
    """A chief representative acts within a letter in force (R-HC-08a, R-NX-34)."""
    if ctx.place.kind != PlaceKind.COUNTY:
        return None
    asked = (spec.name, ctx.item)
    lacking = authorisations.lacks_letter(ctx.book, ctx.role, ctx.actor, asked=asked, at=ctx.now)
    return authority.without_letter(spec.name) if lacking else None


def _not_now(verb: str, spec: FactSpec, case: CaseState) -> list[FieldProblem]:
    _, states = BUILDERS[verb]
    if case.state not in states:
        return [_wrong_state(verb, spec, case)]
    if verb in _HELD_BACK and is_held_back(case):
        return [problem("", "checking")]
    return []


def is_held_back(case: CaseState) -> bool:
    """Say whether decision and delivery wait for a check of the county."""
    weighty = any(_is_weighty(check) for check in case.checks.values())
    return weighty or bool(case.contradictions or case.unsupported)


def _is_weighty(check: Fields) -> bool:
    fields = map(read_text, read_list(check.get("fields")))
    return check.get("rule") in _WEIGHTY_RULES or any(f and is_deciding(f) for f in fields)


def _wrong_state(verb: str, spec: FactSpec, case: CaseState) -> FieldProblem:
    if verb == "withdraw" and case.state in _DECIDED | {State.READY, State.DELIVERED}:
        return problem("", "decided_already")
    zh, en = STATE_TITLES[case.state]
    return problem("", "state", zh=zh, en=en, act_zh=spec.title_zh, act_en=spec.title_en)
