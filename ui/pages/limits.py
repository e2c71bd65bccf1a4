"""The county's pages of time limits: alerts, settings, calendar, credit list."""

from dataclasses import dataclass

from ui.pages.parts import Facet, FieldError, Option


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A case on which a timer has something to say.

    Args:
        timer: What runs, in words.
        level: ``blue``, ``yellow`` or ``red``.
        due: ISO date; ``days_left`` below 0 when it is past.
        data_age: Days since the station was heard; ``None``: not known.
    """

    number: str
    applicant: str
    item: str
    station: str
    timer: str
    level: str
    due: str
    days_left: int | None
    raised_at: int
    data_age: int | None
    url: str


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """``alerts.html``: what runs out, the gravest first; the table is made anew once a day.

    Args:
        total: How many there are in all, of which ``rows`` may be the first ones.
    """

    rows: tuple[AlertRow, ...]
    total: int
    as_of: int
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting as it holds at the place looked at.

    Args:
        value: With its unit, in words.
        scope: Whose layer gives it, in words; empty: nobody has set it, the default holds.
        coming: What begins later, in sentences.
    """

    name: str
    title: str
    value: str
    scope: str
    source: str
    since: str
    coming: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A proposal that waits; ``approve_url`` is empty for its author, who cannot approve it."""

    sentence: str
    source: str
    by: str
    withdraw_url: str
    approve_url: str = ""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A run of days off: ISO dates and a name."""

    first: str
    last: str
    name: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """``settings.html``.

    Posts ``name``, ``value``, ``scope``, ``source``, ``first`` to ``propose_url``, and ``file`` to
    ``calendar_url`` and ``credit_url``; all empty for who may only look.

    Args:
        places: Where one can look, the county first; ``place`` is the one looked at.
        credit_age: Days since the credit list was made; ``None``: none is published.
        credit: How many records hold, in sentences.
    """

    look_url: str
    place: str
    places: tuple[Option, ...]
    rows: tuple[SettingRow, ...]
    calendar_source: str
    calendar_until: str
    days_off: tuple[DayOff, ...]
    working: tuple[str, ...]
    credit_as_of: str = ""
    credit_age: int | None = None
    credit_old: bool = False
    credit: tuple[str, ...] = ()
    drafts: tuple[DraftRow, ...] = ()
    names: tuple[Option, ...] = ()
    scopes: tuple[Option, ...] = ()
    values: dict[str, str] | None = None
    propose_url: str = ""
    calendar_url: str = ""
    credit_url: str = ""
    errors: tuple[FieldError, ...] = ()
    done_note: str = ""
