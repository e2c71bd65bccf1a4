"""The four pages of an intake, what can interrupt it, and its end.

Every page posts to ``action`` with ``go``: ``next`` (judge, then on), ``save`` (keep the draft,
stay),
``photo:N`` (keep the photo of material N, stay). A posted ``preference`` (``size=big``,
``lang=en``) means:
keep the draft as it is, judge nothing, answer with ``ui.preferences.remember`` on a redirect to
the same page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ui.pages.parts import FieldError, FormField, Link, Option, Photo


class StepState(StrEnum):
    """Where a page of the intake stands."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four pages; ``url`` is empty while it cannot be opened yet."""

    label: str
    url: str
    state: StepState


@dataclass(frozen=True, slots=True)
class ItemPaper:
    """A paper that the item asks for; ``need`` as in ``MaterialLine``, ``source`` in words.

    Args:
        asked: How many originals and copies, in words; goes before ``form`` and ``copies``.
        criteria: What makes it good.
        sample: Where a sample or blank form is.
    """

    no: int
    name: str
    need: str
    form: str = ""
    copies: int = 1
    source: str = ""
    asked: str = ""
    criteria: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True)
class ItemPage:
    """``intake/item.html`` (P1): what the item asks and promises; starting posts to ``action``.

    Args:
        mode: ``entrusted``, ``authorised`` or ``proxy``; empty where this place may not do it.
        promised_days, statutory_days: Working days; promised 0 means on the spot.
        refusal: Why it cannot be started here, and what to do instead; empty: it can.
        catalogue_date: ISO date of the published version.
        changed_note: What changed in the item lately (办法有变), or empty.
        read_url: Posting there says that the note was read; empty: it cannot be said.
        kind: Code of table "item_kind", or empty.
        special_steps: Each with its time, in words.
        fee_basis: Law that allows the fee.
        further: What else can be done from here: a roster, somebody who only asks.
        successor_url: Of the item that takes its place, where this one is cancelled.
    """

    steps: tuple[Step, ...]
    code: str
    name: str
    department: str
    who_may: str
    mode: str
    promised_days: int
    statutory_days: int
    papers: tuple[ItemPaper, ...]
    catalogue_version: int
    catalogue_date: str
    action: str
    notice_url: str
    back_url: str
    fee: str = ""
    deficiency_allowed: bool = False
    special_steps: tuple[str, ...] = ()
    must_appear: bool = False
    refusal: str = ""
    changed_note: str = ""
    read_url: str = ""
    kind: str = ""
    conditions: tuple[str, ...] = ()
    common_errors: tuple[str, ...] = ()
    flow: tuple[str, ...] = ()
    fee_basis: str = ""
    result: str = ""
    result_sample: str = ""
    sample: str = ""
    place_and_hours: str = ""
    consult: str = ""
    complain: str = ""
    online_basis: str = ""
    successor: str = ""
    successor_url: str = ""
    further: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class IdReadBack:
    """What the identity number says; read to the applicant."""

    born: str
    female: bool
    age: int


@dataclass(frozen=True, slots=True)
class ExistingCase:
    """A case found that may be the same thing."""

    number: str
    item: str
    applicant: str
    id_no: str
    station: str
    at: int
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """``intake/_duplicate.html``: shown on P2 above the fields; never blocks.

    Posts ``duplicate.choice`` (``same``, ``other``) and ``duplicate.reason``.

    Args:
        current: Label and value of what is being entered.
        compared_until: When this computer last got records from the county.
        reasons: Why it is another matter.
    """

    current: tuple[tuple[str, str], ...]
    existing: tuple[ExistingCase, ...]
    compared_until: int | None
    reasons: tuple[Option, ...]
    choice: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """``intake/_known.html``: what this station knows of the person; ``go=known`` takes it over.

    Args:
        rows: Label and value, masked: others may look on.
        at: When the person was here last.
    """

    rows: tuple[tuple[str, str], ...]
    at: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """``intake/person.html`` (P2).

    Fields: ``applicant.kind|name|id_type|id_no|phone|address|division``, for firms
    ``applicant.uscc|organisation|stands_name|stands_id_no`` in place of ``id_no|name``,
    ``applicant.rare`` (code points of signs that cannot be typed), ``agent.present`` (``self``,
    ``agent``),
    ``agent.name|id_no|relation|phone|entrustment``, ``pickup``, ``handling``, and the item's own
    ``form.*``.

    Args:
        values: What was typed so far, by field name.
        applicant_kinds: ``natural``, ``legal`` or both, as the item allows.
        handlings: Other townships that may handle it; the first one is none of them.
        questions: The item's own fields.
        helper_may_sign: Mode 代: the helper may act for the applicant.
        read_back: Shown once the number has been judged right.
        known: Offered where the person was here before.
        warnings: What should be looked at again; stops nobody.
    """

    steps: tuple[Step, ...]
    action: str
    back_url: str
    item: str
    values: Mapping[str, str]
    applicant_kinds: tuple[str, ...]
    divisions: tuple[Option, ...]
    pickups: tuple[Option, ...] = ()
    handlings: tuple[Option, ...] = ()
    questions: tuple[FormField, ...] = ()
    errors: tuple[FieldError, ...] = ()
    read_back: IdReadBack | None = None
    duplicate: Duplicate | None = None
    saved_at: int | None = None
    known: KnownPerson | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row of P3.

    Fields ``materials.N.form``, ``.copies``, ``.original_seen``, ``.defect``, ``.cure`` and the
    file ``materials.N.photo``.

    Args:
        forms: The ways in which this paper may be given (codes of table "form"); "still missing" is
            offered by the page itself and posts an empty form.
        earlier: Photos of the same person in this visit; ticking one posts ``materials.N.reuse``.
        criteria, sample: What the formal check goes by.
        reused: Where the piece lies that was handed in before; posted again as
            ``materials.N.reused_from``.
    """

    no: int
    name: str
    need: str
    forms: tuple[str, ...]
    form: str = ""
    copies: int = 1
    original_seen: bool = False
    photos: tuple[Photo, ...] = ()
    earlier: tuple[Option, ...] = ()
    photo_note: str = ""
    hint: str = ""
    criteria: str = ""
    sample: str = ""
    defect: str = ""
    cure: str = ""
    reused: str = ""


@dataclass(frozen=True, slots=True)
class MaterialsPage:
    """``intake/materials.html`` (P3)."""

    steps: tuple[Step, ...]
    action: str
    back_url: str
    item: str
    applicant: str
    rows: tuple[PaperRow, ...]
    errors: tuple[FieldError, ...] = ()
    saved_at: int | None = None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A row of the check page; ``change_url`` leads to the same field, or is empty."""

    label: str
    value: str
    change_url: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class SummarySection:
    """A group of rows under a heading."""

    title: str
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """A paper that is still to come; ``by`` is an ISO date."""

    name: str
    by: str
    how: str = ""


class IntakeKind(StrEnum):
    """What the act will be."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ACCEPTED_DEFICIENT = "accepted_deficient"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class CheckPage:
    """``intake/check.html`` (P4).

    Ticking posts ``commitment.*``, the main button ``go=finish``; ``go=correct`` keeps the case
    with a notice of what to put right, ``go=doubt`` with ``commitment.doubt``, for the place above.

    Args:
        due: ISO date that will be printed; empty where the clock starts later.
        due_estimated: The holiday calendar does not reach it.
        missing: Papers to be promised when ``kind`` is ``ACCEPTED_DEFICIENT``.
        commitments: Sentences to tick, as pairs of field name and text.
        refusal: Why it cannot be taken today, and what can be done; empty: it can.
        actions: Ways out of a refusal (print the notice, keep the draft).
        once: Names this one act, so that pressing twice makes one case.
        terms: Read to the applicant before he promises.
        warnings: What should be looked at again; stops nobody.
        points: What would be told once, where the case can be kept with such a notice.
        may_doubt: Where a doubt about the conditions can be written down.
        doubt: What was written of it.
    """

    steps: tuple[Step, ...]
    action: str
    back_url: str
    item: str
    kind: IntakeKind
    sections: tuple[SummarySection, ...]
    once: str
    promised_days: int = 0
    due: str = ""
    due_estimated: bool = False
    missing: tuple[MissingPaper, ...] = ()
    commitments: tuple[Option, ...] = ()
    ticked: tuple[str, ...] = ()
    refusal: str = ""
    actions: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    errors: tuple[FieldError, ...] = ()
    saved_at: int | None = None
    terms: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    may_doubt: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class PrintLink:
    """A document that can be printed now; ``copies`` as the rule says."""

    name: str
    url: str
    copies: int = 2
    main: bool = False


@dataclass(frozen=True, slots=True)
class DonePage:
    """``intake/done.html``: only shown when the case is safe on disk."""

    number: str
    kind: IntakeKind
    item: str
    applicant: str
    at: int
    transport: str
    due: str = ""
    due_estimated: bool = False
    missing: tuple[MissingPaper, ...] = ()
    documents: tuple[PrintLink, ...] = ()
    to_sign: tuple[str, ...] = ()
    phone: str = ""
    case_url: str = ""
    next_url: str = ""
