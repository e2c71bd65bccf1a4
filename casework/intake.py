"""Taking in a case: what a counter may do with what it was given, and what is then written.

Complete and in form is accepted at once (R-ZH-22a) where the station has the department's power
(R-HC-30a); with only deficiency-able papers lacking it is accepted on a written promise
(R-HC-28b); in proxy mode, or when the station's copies are too old, papers are only received.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework import acceptance, corrections, crossing, intake_warnings
from casework.acceptance import Terms
from casework.catalogue import CatalogueItem
from casework.desk import IntakeContext
from casework.documents import DocumentKind
from casework.errors import FieldProblem, IntakeRefused
from casework.facts import Act
from casework.intake_reading import IntakeForm, agent_fields, read, representative_fields
from casework.intake_rules import (
    check,
    condition_values,
    is_fetched,
    kept_lines,
    lacking,
    may_accept,
    news,
)
from casework.numbering import TemporaryNumber
from casework.places import Mode
from casework.reading import Reader
from casework.values import Value, day_of
from casework.wording import problem


class IntakeKind(StrEnum):
    """What the receipt says (P2): 收件, 受理, 容缺受理, or 收件 with a notice of corrections."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ACCEPTED_DEFICIENT = "accepted_deficient"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class DocumentNeed:
    """A paper to print; `to_sign`: the case is not whole until it is signed."""

    kind: DocumentKind
    to_sign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeOutcome:
    """What was done: the acts to write in one transaction, and what the citizen is told.

    Attributes:
        due: the printed day; None where the clock starts elsewhere.
        estimated: `due` lies past the published calendar.
        missing: numbers of the materials that lack.
        deficiency_deadline: day until which they may be handed in, or corrected.
        warnings: what somebody should look at again; kept with the case, in nobody's way.
    """

    kind: IntakeKind
    acts: tuple[Act, ...]
    due: date | None
    estimated: bool
    missing: tuple[int, ...]
    deficiency_deadline: date | None
    documents: tuple[DocumentNeed, ...]
    temporary_number: str
    warnings: tuple[FieldProblem, ...] = ()


def parse(document: Mapping[str, Value], *, now: int | None = None) -> IntakeForm:
    """Read CASE.json.

    Args:
        document: the JSON object.
        now: milliseconds; None skips the tests for dates in the future.

    Raises:
        IntakeRefused: with every problem at once. Does not look at the item: see `take_in`.
    """
    reader = Reader(document)
    form = read(reader, now=now)
    if reader.problems:
        raise IntakeRefused(reader.problems)
    return form


def intake(form: IntakeForm, item: CatalogueItem, ctx: IntakeContext) -> IntakeOutcome:
    """Take in what was read.

    Raises:
        IntakeRefused: the station may not take it in, or it may not be accepted as it stands.
    """
    ctx = crossing.placed(form, ctx)
    problems = check(form, item, ctx)
    if problems:
        raise IntakeRefused(problems)
    return _record(form, item, ctx)


def take_in(
    document: Mapping[str, Value],
    context_of: Callable[[str], tuple[CatalogueItem, IntakeContext] | None],
    *,
    now: int,
) -> IntakeOutcome:
    """Read and take in, with the problems of both named at once.

    Args:
        document: the JSON object.
        context_of: item code → item and context; None when the catalogue lacks it.
        now: milliseconds.

    Raises:
        IntakeRefused: with every problem at once.
    """
    reader = Reader(document)
    form = read(reader, now=now)
    found = context_of(form.item) if form.item else None
    if form.item and found is None:
        reader.problems.append(problem("/item", "item", en=form.item))
    if found is not None:
        found = found[0], crossing.placed(form, found[1])
        reader.problems += news(check(form, *found), reader.problems)
    if reader.problems or found is None:
        raise IntakeRefused(reader.problems)
    return _record(form, *found)


def _record(form: IntakeForm, item: CatalogueItem, ctx: IntakeContext) -> IntakeOutcome:
    at = ctx.now if form.claimed_at is None else form.claimed_at
    missing = tuple(material.no for material in lacking(form, item))
    number = TemporaryNumber(ctx.place.code, ctx.device, day_of(at), ctx.serial).text
    takes = may_accept(ctx) and not form.correction and not form.doubt
    terms = acceptance.accept(item, missing, at, ctx) if takes else None
    kind = _kind(form, terms, missing)
    told = (*intake_warnings.warnings(form, item), *intake_warnings.unsure(form, ctx))
    fields = _case_fields(form, ctx) | _person_fields(form) | _paper_fields(form, item)
    fields["temporary_number"] = number
    fields["received"] = {"at": at, "kind": kind.value, **_remarks(form, told)}
    if kind is IntakeKind.RECEIVED and missing:
        # Whoever takes papers says at once what lacks (R-HC-28c, P1).
        fields[f"notice.{ctx.new_id()}"] = corrections.notice(form, missing, at)
    acts = [Act("case.received", fields)]
    acts += [Act("case.accepted", terms.fields)] if terms else []
    acts += [corrections.doubt(form, ctx)] if form.doubt else []
    last = terms.deficiency_deadline if terms else None
    if kind is IntakeKind.CORRECTION:
        act, last = corrections.request(form, item, missing, ctx, at=at)
        acts.append(act)
    return IntakeOutcome(
        kind=kind,
        acts=tuple(acts),
        due=terms.due.day if terms else None,
        estimated=terms is not None and terms.due.estimated,
        missing=missing,
        deficiency_deadline=last,
        documents=_documents(form, ctx, kind, missing),
        temporary_number=number,
        warnings=told,
    )


def _remarks(form: IntakeForm, told: tuple[FieldProblem, ...]) -> dict[str, Value]:
    """What was told and read at the counter; nothing is said where there was nothing."""
    spoken = {"promise": form.promise, "read_aloud": form.read_aloud}
    remarks: dict[str, Value] = {name: True for name, given in spoken.items() if given}
    return remarks | ({"warned": intake_warnings.kept(told, form)} if told else {})


def _kind(form: IntakeForm, terms: Terms | None, missing: tuple[int, ...]) -> IntakeKind:
    if terms is None:
        corrected = form.correction and not form.doubt
        return IntakeKind.CORRECTION if corrected else IntakeKind.RECEIVED
    return IntakeKind.ACCEPTED_DEFICIENT if missing else IntakeKind.ACCEPTED


def _case_fields(form: IntakeForm, ctx: IntakeContext) -> dict[str, Value]:
    links = {name: getattr(form, name) for name in ("bundle", "online_ref", "refiled_from")}
    return {name: text for name, text in links.items() if text} | {
        "item": form.item,
        "item_version": ctx.item_version,
        "channel": form.channel,
        "station": ctx.place.code,
        "mode": ctx.mode.value if ctx.mode else None,
        # A station drafts a refusal to accept; the place above it decides (R-ZH-22c).
        "handling": (form.doubt and ctx.place.parent) or crossing.handling_of(form, ctx),
        "pickup": form.pickup,
    }


def _person_fields(form: IntakeForm) -> dict[str, Value]:
    person = form.applicant
    fields: dict[str, Value] = {
        "applicant_kind": person.kind,
        "name": person.name,
        "id_type": person.id_type,
        "id_no": person.id_no,
        "phone": person.phone,
        "address": person.address,
        "division": person.division,
    }
    fields |= representative_fields(person.representative)
    if form.agent:
        fields |= agent_fields(form.agent)
    return {name: value for name, value in fields.items() if value != ""}


def _paper_fields(form: IntakeForm, item: CatalogueItem) -> dict[str, Value]:
    fields: dict[str, Value] = {f"form.{name}": value for name, value in form.answers.items()}
    lines = {line.no: line.fields for line in kept_lines(form, item)}
    for material in item.needed(condition_values(form)):
        if material.no not in lines and is_fetched(material, form):
            shared: dict[str, Value] = {"no": material.no, "form": "shared", "copies": 0}
            lines[material.no] = {**shared, "original_seen": False}
    return fields | {f"material.{no}": lines[no] for no in sorted(lines)}


def _documents(
    form: IntakeForm, ctx: IntakeContext, kind: IntakeKind, missing: tuple[int, ...]
) -> tuple[DocumentNeed, ...]:
    unwritten = form.agent is not None and not form.agent.entrustment
    by_proxy = ctx.mode is Mode.PROXY and form.agent is None
    wanted = (
        (DocumentKind.RECEIPT, True, False),
        (DocumentKind.DEFICIENCY_PROMISE, kind is IntakeKind.ACCEPTED_DEFICIENT, True),
        (DocumentKind.INFORM_PROMISE, _promises(form), True),
        (DocumentKind.ONE_TIME_NOTICE, kind is IntakeKind.RECEIVED and bool(missing), False),
        (DocumentKind.CORRECTION_NOTICE, kind is IntakeKind.CORRECTION, True),
        (DocumentKind.ENTRUSTMENT, unwritten or by_proxy, True),
        (DocumentKind.OFFLINE_SLIP, True, False),
    )
    return tuple(DocumentNeed(kind, to_sign) for kind, needed, to_sign in wanted if needed)


def _promises(form: IntakeForm) -> bool:
    return any(line.form == "promised" and not line.defects for line in form.materials)
