"""The catalogue of items (事项): frozen types, and what may be asked of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from casework.places import Mode, PlaceKind
from casework.values import Fields

_NO_CLASSES: Final[Mapping[str, int]] = MappingProxyType({})

COLUMNS: Final = ("village", "township", "bank", "post")
"""The columns V, T, B, P of the delegation table."""

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
    """

    no: int
    name: str
    name_en: str
    main: bool = False
    deficiency_ok: bool = False
    shared: bool = False
    promise_ok: bool = False
    when: str = ""

    def needed(self, values: Fields) -> bool:
        """Say whether this case needs it."""
        condition = CONDITIONS.get(self.when)
        return condition is None or condition(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialStep:
    """A step whose time is outside the promise (R-HC-25c); `statutory_too`: outside both."""

    kind: str
    name: str
    name_en: str = ""
    statutory_too: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One question of the item's form; `data_class` says who may see the answer."""

    name: str
    title: str
    title_en: str
    kind: str = "text"
    required: bool = False
    data_class: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItem:
    """One item as published.

    Attributes:
        modes: column (village, township, bank, post) → mode; a column left out does not offer it.
        promised_days: working days; 0 is decided on the spot where the mode is authorised.
        statutory_days: working days, always more than the promised ones (R-HC-25b).
        catalog_code: 12-digit national basic code, or empty.
        implementation_code: 31 characters, or empty: then numbers are made of the item code.
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


def mode_at(item: CatalogueItem, kind: PlaceKind, partner: str = "") -> Mode | None:
    """Answer in which mode a place of this kind offers the item; None when it does not."""
    return item.modes.get(column_of(kind, partner))
