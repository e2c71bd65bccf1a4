"""Pieces that several pages are made of.

A view fills these and hands one page to ``render_template(name, page=...)``. Texts that come from
data
(names, item titles, problems) arrive ready to read in the person's language; words the pages own
are
translated by the templates. Times are milliseconds since the epoch (UTC), dates are ISO text; the
filters
of ``ui.filters`` show them. Values must already be masked for the reader: a template hides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go, in words that say what happens there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a radio group, tick list or drop-down."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with what was typed.

    Args:
        pointer: JSON pointer of the field as the page names it (``/applicant/id_no``; a material is
            counted by its number, not by its place in a list: ``/materials/2/form``); empty for the
            whole page.
        label: The field's label, so that the summary names it.
        message: What is wrong and what to do next.
    """

    pointer: str
    label: str
    message: str

    @property
    def name(self) -> str:
        """The form field's name: ``applicant.id_no``."""
        return self.pointer.strip("/").replace("/", ".")


class FieldKind(StrEnum):
    """How a field of a form is asked."""

    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATE = "date"
    RADIOS = "radios"
    CHECKBOXES = "checkboxes"
    CHECKBOX = "checkbox"
    SELECT = "select"
    FILE = "file"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that data decides on: an item's own question, or a field of an act.

    Args:
        name: The flattened pointer, also the key of its error (``form.bank_account``).
        values: What is ticked, for tick lists; ``value`` is what is typed or chosen elsewhere.
        width: Characters that fit, 0 for the whole line.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    value: str = ""
    values: tuple[str, ...] = ()
    hint: str = ""
    options: tuple[Option, ...] = ()
    required: bool = True
    width: int = 0


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act that the reader may do on this page (``ui/templates/case/_acts.html``).

    Args:
        fact: The act's name (``add_material``); posted as ``fact``.
        fields: What it asks, in order.
        opened: Shown unfolded: after an error, or because it is the page's main act.
        hidden: Values posted unseen (a version against a stale tab, an id).
        uploads: The form carries a file.
    """

    fact: str
    title: str
    action: str
    button: str
    hint: str = ""
    fields: tuple[FormField, ...] = ()
    errors: tuple[FieldError, ...] = ()
    opened: bool = False
    hidden: Mapping[str, str] | None = None
    uploads: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """When something happened, and by whose clock.

    Args:
        device_at: What the device's own clock said.
        county_at: When the county received it; ``None`` while it has not.
        skew_ms: Device minus county; ``None`` while unknown.
    """

    device_at: int
    county_at: int | None = None
    skew_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field's old and new value; empty text stands for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a case (``ui/templates/case/_timeline.html``), latest first."""

    at: int
    title: str
    who: str
    where: str
    clock: Clock | None = None
    changes: tuple[Change, ...] = ()
    note: str = ""
    transport: str = ""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value with its origin: who wrote it, where, when and by which clock."""

    value: str
    who: str
    where: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of a case (``ui/templates/case/_fields.html``).

    Args:
        values: Every value that stands; more than one while places differ. Empty where nothing
            was given.
        undisclosed: This place may not see the value.
        settled: ``"person"`` or ``"rule"`` when a difference was settled so, else empty.
    """

    label: str
    values: tuple[FieldValue, ...] = ()
    undisclosed: bool = False
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photographed paper; the thumbnail opens the whole picture.

    Args:
        drop: What ``go`` says to let it go, where it may be taken again; else empty.
        state: Code of table "photo" where there is nothing to show: ``url`` is empty then.
    """

    label: str
    url: str
    thumb_url: str
    drop: str = ""
    state: str = "coming"


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A paper of a case (``ui/templates/case/_materials.html``).

    Args:
        need: ``required``, ``optional`` or ``deferrable`` (table "need" of ``ui.words``).
        form: ``original``, ``copy``, ``electronic``, ``shared``, ``promised``, or empty while
            missing.
        by: ISO date until which a missing paper may come, or empty.
    """

    no: int
    name: str
    need: str
    form: str = ""
    copies: int = 0
    original_seen: bool = False
    photos: tuple[Photo, ...] = ()
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value of a filter, how many rows it leaves, and the page that shows them."""

    label: str
    count: int
    url: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter beside a list; choosing a chosen value takes it away."""

    title: str
    options: tuple[FacetOption, ...]


@dataclass(frozen=True, slots=True)
class Pager:
    """Cursor paging: no page numbers, because rows arrive all the time."""

    previous_url: str = ""
    next_url: str = ""
    csv_url: str = ""


NO_PAGES = Pager()
