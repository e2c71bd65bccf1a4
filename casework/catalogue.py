"""The catalogue of items (事项): frozen types, and what may be asked of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from casework.places import Mode, PlaceKind
from casework.values import Fields

_NO_CLASSES: Final[Mapping[str, int]] = MappingProxyType({})

COLUMNS: Final = ("village", "township", "bank", "post")
"""The columns V, T, B, P of the delegation table."""

KINDS: Final = (
    *("licence", "benefit", "confirmation", "filing", "ruling", "reward", "other", "service"),
)
"""行政许可、给付、确认、备案、裁决、奖励、其他权力; 公共服务: the union of the rules."""

SUBJECTS: Final = ("natural", "legal")
SOURCES: Final = ("self", "authority", "other")
"""申请人自备、政府部门核发、其他."""

CONDITIONS: Final[Mapping[str, Callable[[Fields], bool]]] = MappingProxyType(
    {
        "agent": lambda values: "agent.relation" in values or "agent.name" in values,
        "licensed_machine": lambda values: values.get("form.licensed_machine") is True,
    }
)
"""When a conditional material is needed, from the fields of the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A material of an item.

    Attributes:
        no: its number in the item, from 1.
        main: 主要材料; without it nothing is accepted (R-HC-28a).
        deficiency_ok: 容缺后补 allowed.
        shared: fetched by sharing; the applicant is not asked for it (R-HC-36).
        promise_ok: may be replaced by an inform-and-promise (R-HC-29).
        when: key of CONDITIONS; empty when it is always needed.
        originals: how many originals are taken.
        copies: how many copies are taken.
        source: `self` (申请人自备), `authority` (政府部门核发) or `other`.
        issuing_unit: who issues it; never vague (R-HC-18a).
        proof: id in the published list of proofs, where it is one (R-HC-20a).
        criteria: 受理标准, what makes it good.
        sample: where a filled-in sample or the blank form is found.
    """

    no: int
    name: str
    name_en: str
    main: bool = False
    deficiency_ok: bool = False
    shared: bool = False
    promise_ok: bool = False
    when: str = ""
    originals: int = 0
    copies: int = 1
    source: str = "self"
    issuing_unit: str = ""
    proof: str = ""
    criteria: str = ""
    sample: str = ""

    def needed(self, values: Fields) -> bool:
        """Say whether this case needs it."""
        condition = CONDITIONS.get(self.when)
        return condition is None or condition(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialStep:
    """A step whose time is outside the promise (R-HC-25c, R-NX-23a).

    Attributes:
        kind: one of `office_facts.STEP_KINDS`.
        statutory_too: the law keeps its time outside the statutory limit as well.
        basis: legal basis; a step without one is not published (R-GX-05).
        statutory_days: limit that the law sets for the step; None where it sets none.
        days: limit of handling, working days.
        start: when it begins.
        organiser: the approval section that starts it (R-NX-09).
    """

    kind: str
    name: str
    name_en: str = ""
    statutory_too: bool = False
    basis: str = ""
    statutory_days: int | None = None
    days: int = 0
    start: str = ""
    organiser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One question of the item's form; `data_class` says who may see the answer."""

    name: str
    title: str
    title_en: str
    kind: str = "text"
    required: bool = False
    data_class: int = 3


class StepMode(StrEnum):
    """How many pairs of eyes decide (R-NX-21): 审核合一、一审一核、一审两核、特别程序."""

    COMBINED = "combined"
    ONE_REVIEW = "one_review"
    TWO_REVIEWS = "two_reviews"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What the public is told of an item besides papers and days (R-NX-11); texts in Chinese.

    Attributes:
        fee: standard; empty: 不收费. A fee needs `fee_basis` (R-HC-32a).
        online_only: only taken online; needs `online_only_basis` (R-HC-23a).
        online_only_basis: law that allows no counter; empty: the applicant chooses.
        promise_terms: what an inform-and-promise says; empty where none is allowed (R-HC-29).
        promise_excluded: why the item is outside 告知承诺 (R-HC-29a); empty where it is not.
    """

    basis: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    flow: tuple[str, ...] = ()
    review_points: tuple[str, ...] = ()
    common_errors: tuple[str, ...] = ()
    sample: str = ""
    video: str = ""
    result_name: str = ""
    result_sample: str = ""
    consult: str = ""
    complain: str = ""
    place_and_hours: str = ""
    fee: str = ""
    fee_basis: str = ""
    online_only: bool = False
    online_only_basis: str = ""
    promise_terms: str = ""
    promise_excluded: str = ""
    change_note: str = ""


NO_GUIDE: Final = Guide()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One entry of the published list of proofs (R-HC-20a)."""

    id: str
    name: str
    basis: str
    issuing_unit: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Several items done as one matter (一件事, R-HC-24, R-HC-27)."""

    code: str
    name: str
    name_en: str
    items: tuple[str, ...]
    lead: str
    parallel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItem:
    """One item as published.

    Attributes:
        modes: column (village, township, bank, post) → mode; a column left out does not offer it.
        promised_days: working days; 0 is decided on the spot where the mode is authorised.
        statutory_days: working days, always more than the promised ones (R-HC-25b).
        catalog_code: 12-digit national basic code, or empty.
        implementation_code: 31 characters, or empty: then numbers are made of the item code.
        kind: one of KINDS (R-HC-03).
        subjects: who may apply: `natural`, `legal`.
        once_only: the same person files it once in a life, however long ago.
        step_mode: how many pairs of eyes decide.
        external_system: name of the vertical system it is entered in again (R-NX-18b).
        effective_from: first day it may be accepted; None: since ever.
        cancelled_on: first day it may not be accepted any more (R-HC-17b); None: in force.
        carried_on: open cases go on under the old rules when it is cancelled (C6).
        successor: code of the item that takes its place.
        station_modes: 12-digit code → mode of that station, where it differs from its column.
        confidential: touches secrets: never published, never shown (R-GX-22).
    """

    code: str
    name: str
    name_en: str
    area: str
    department: str
    modes: Mapping[str, Mode]
    materials: tuple[Material, ...]
    promised_days: int
    statutory_days: int
    special_steps: tuple[SpecialStep, ...] = ()
    form: tuple[FormField, ...] = ()
    words: tuple[str, ...] = ()
    must_appear_in_person: bool = False
    remarks: str = ""
    catalog_code: str = ""
    handle_code: str = ""
    implementation_code: str = ""
    kind: str = "service"
    subjects: tuple[str, ...] = ("natural",)
    once_only: bool = False
    step_mode: StepMode = StepMode.COMBINED
    external_system: str = ""
    effective_from: date | None = None
    cancelled_on: date | None = None
    carried_on: bool = False
    successor: str = ""
    station_modes: Mapping[str, Mode | None] = field(default_factory=dict)
    guide: Guide = NO_GUIDE
    confidential: bool = False

    @property
    def on_the_spot(self) -> bool:
        """即办件: only the form of the papers is checked."""
        return self.promised_days == 0

    @property
    def deficiency_allowed(self) -> bool:
        """Whether the item can be accepted with something lacking (R-HC-28a)."""
        return any(material.deficiency_ok for material in self.materials)

    @property
    def form_classes(self) -> Mapping[str, int]:
        """Class of every answer whose class the catalogue states."""
        return {field.name: field.data_class for field in self.form} or _NO_CLASSES

    def in_force(self, day: date) -> bool:
        """Say whether it may be accepted on a day (R-HC-17b)."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.cancelled_on is None or day < self.cancelled_on)

    def material(self, no: int) -> Material | None:
        """Answer the material with this number."""
        return next((m for m in self.materials if m.no == no), None)

    def needed(self, values: Fields) -> tuple[Material, ...]:
        """Answer what this case needs, conditions considered."""
        return tuple(m for m in self.materials if m.needed(values))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All items of one published version."""

    version: int
    items: Mapping[str, CatalogueItem]
    note: str = ""
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    bundles: Mapping[str, Bundle] = field(default_factory=dict)

    def item(self, code: str) -> CatalogueItem | None:
        """Answer the item with this code, or None when it is not in this version."""
        return self.items.get(code)


def column_of(kind: PlaceKind, partner: str = "") -> str:
    """Answer which column of the delegation table stands for a place; empty for the county.

    Banks have a column of their own; every other partner (post, shop, market, telecom) is held
    to the narrower one of the post office.

    >>> column_of(PlaceKind.OUTLET, "bank"), column_of(PlaceKind.OUTLET, "market")
    ('bank', 'post')
    """
    if kind is PlaceKind.OUTLET:
        return "bank" if partner == "bank" else "post"
    return "" if kind is PlaceKind.COUNTY else kind.value


def mode_at(
    item: CatalogueItem, kind: PlaceKind, partner: str = "", *, code: str = ""
) -> Mode | None:
    """Answer in which mode a place offers the item; None when it does not.

    Args:
        item: as published.
        kind: of the place.
        partner: of an outlet.
        code: 12 digits of the place; what is published for it alone goes before its column.
    """
    if code in item.station_modes:
        return item.station_modes[code]
    return item.modes.get(column_of(kind, partner))
