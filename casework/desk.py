"""Who acts, where and when: what every use case hands to the rules."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.authorisations import NO_BOOK, Book
from casework.catalogue import CatalogueItem
from casework.deadline import Clock
from casework.places import Mode, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The situation of an act.

    Attributes:
        now: milliseconds since the epoch.
        place: where it is done.
        mode: of this place for the item; None when it does not offer it, and at the county.
        role: of the person.
        actor: login of the person.
        clock: calendar and settings.
        new_id: draws the text of a new ULID.
    """

    now: int
    place: Place
    mode: Mode | None
    role: str
    actor: str
    clock: Clock
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeContext(Desk):
    """The situation of an intake.

    Attributes:
        device: number of the device at its station, 1 to 99.
        serial: next serial of the device on the day of the intake.
        item_version: catalogue version the item was shown from.
        fresh: whether the catalogue and authorisation leases hold (T16) and the clock can be
            trusted (C16); when not, papers are only received.
        bad_credit: the applicant stands on the list of bad credit: no inform-and-promise until it
            is repaired (R-HC-29e).
        credit_stale: the list held here is too old to say anything of the applicant (T16).
    """

    device: int
    serial: int
    item_version: int
    fresh: bool
    bad_credit: bool = False
    credit_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActContext(Desk):
    """The situation of an act on a case that is there.

    Attributes:
        item: the item of the case as shown to the citizen; None when this place lacks it.
        newest: the item as published last; None when it is not listed any more.
        department: of the person; empty where it is not limited to one.
        book: letters of authorisation, as this place knows them.
    """

    item: CatalogueItem | None
    newest: CatalogueItem | None = None
    department: str = ""
    book: Book = NO_BOOK
