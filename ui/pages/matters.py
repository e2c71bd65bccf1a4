"""What a case hangs together with: its matter, its numbers elsewhere; files for other systems."""

from dataclasses import dataclass

from ui.pages.parts import FieldError, Option


@dataclass(frozen=True, slots=True)
class OutsideNumber:
    """A number that another system gave a case."""

    system: str
    number: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One step that two places share; an empty text: that place has nothing to do."""

    step: str
    receiving: str
    handling: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What ties a case to elsewhere (``case/_outside.html``).

    Args:
        numbers: Of other systems.
        to_enter: The system in which it must still be entered; empty: none.
        receiving, handling: Names of the two places that share it; empty: it is not shared.
        duties: Who of the two does what.
    """

    numbers: tuple[OutsideNumber, ...] = ()
    to_enter: str = ""
    receiving: str = ""
    handling: str = ""
    duties: tuple[DutyLine, ...] = ()


NO_OUTSIDE = Outside()


@dataclass(frozen=True, slots=True)
class MatterPart:
    """One case of a matter.

    Args:
        state: Code of table "state".
        due: ISO date, or empty; ``days_left`` belongs to it.
        waits: It needs the result of a part that was refused.
        print_url: Where its papers are printed; empty: not here.
    """

    number: str
    item: str
    department: str
    state: str
    url: str
    due: str = ""
    days_left: int | None = None
    waits: bool = False
    print_url: str = ""


@dataclass(frozen=True, slots=True)
class MatterPage:
    """``matter.html`` of both apps: all parts of one matter (一件事).

    Args:
        whole: Code of table "whole".
        lead: The department that looks at all parts.
        due: ISO date on which the last open part is promised, or empty.
        unpromised: Open parts for which no day runs yet.
        mixed: Something was granted beside something refused.
    """

    name: str
    number: str
    applicant: str
    whole: str
    lead: str
    parts: tuple[MatterPart, ...]
    back_url: str
    due: str = ""
    days_left: int | None = None
    unpromised: int = 0
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line of a file that was not taken."""

    line: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToEnterRow:
    """A case that somebody must still enter in another system."""

    number: str
    applicant: str
    item: str
    system: str
    accepted_at: int
    url: str


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """``exchange.html`` of the hub. Posts: ``export_url`` (format), ``import_url`` (file).

    Args:
        waiting: Cases that no file has had yet.
        may_see: Whether personal fields may be asked for.
        purpose: What was typed.
        done: What was just taken, in sentences.
    """

    export_url: str
    import_url: str
    waiting: int
    cursor: int
    may_see: bool
    formats: tuple[Option, ...] = ()
    to_enter: tuple[ToEnterRow, ...] = ()
    done: tuple[str, ...] = ()
    refused: tuple[RefusedLine, ...] = ()
    purpose: str = ""
    errors: tuple[FieldError, ...] = ()
