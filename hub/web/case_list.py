"""The list of the county's cases with its filters (`cases.html`)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from flask import url_for

from casework.places import Role
from hub.usecases import casebook
from hub.usecases.casebook import Asked, Page
from hub.web.context import Desk, desk, node, person
from node.casefile import CaseLine
from node.web import looks, speech, ties
from node.web.case_view import days_left
from ui import words
from ui.filters import local
from ui.i18n import gettext as _
from ui.pages import CaseRow, CasesPage, Facet, FacetOption, Pager

_FILTERS: Final = ("look", "q", "state", "station", "checking")
_MOST_STATIONS: Final = 12
Args = Mapping[str, str]


def asked_of(args: Args, *, limit: int = 50) -> Asked:
    """Read an address; what cannot be meant is passed over."""
    return Asked(
        state=args.get("state", ""),
        station=args.get("station", ""),
        text=looks.asked_text(args),
        checking=args.get("checking", "") == "yes",
        department=_own_department(),
        after=cursor_of(args.get("after", "")),
        limit=limit,
    )


def _own_department() -> str:
    """An approver sees the cases of his department and no others (model §5)."""
    who = person()
    return who.department if who.role is Role.APPROVER else ""


def cursor_of(text: str) -> tuple[int, str] | None:
    """Read a cursor of ours; anything else is no cursor."""
    at, _dash, case = text.partition("-")
    return (int(at), case) if at.isascii() and at.isdigit() and len(at) < 16 and case else None  # noqa: PLR2004  # signs of a time in ms


def cursor(after: tuple[int, str]) -> str:
    """Write a cursor."""
    return f"{after[0]}-{after[1]}"


def build(args: Args) -> CasesPage:
    """Lay out the list."""
    hub = node()
    asked = asked_of(args)
    found, around = casebook.listing(hub, asked), desk(hub)
    return CasesPage(
        url_for("cases.index"),
        tuple(row(line, found, around) for line in found.lines),
        found.total,
        around.now,
        query=asked.text,
        facets=tuple(_facets(found, args, around)),
        pager=_pager(found, args),
        miscopied=found.miscopied,
        near=tuple(map(ties.near_link, found.near)),
        clear_url=url_for("cases.index") if any(args.get(name) for name in _FILTERS) else "",
    )


def row(line: CaseLine, found: Page, around: Desk) -> CaseRow:
    """One case of the list."""
    return CaseRow(
        speech.number(line.temporary_number),
        line.name,
        item_name(line, found),
        line.state,
        line.transport.value,
        line.received_at,
        url_for("cases.show", case=line.case),
        station=around.known.place(line.station) or _("不清楚"),
        due=line.due,
        days_left=days_left(line.due, around.today, around.calendar),
    )


def item_name(line: CaseLine, found: Page) -> str:
    """What an item is called; its code where the hub never published it."""
    item = found.items.get((line.item, line.item_version))
    return speech.item_name(item) if item else line.item or _("事项不清楚")


def _facets(found: Page, args: Args, around: Desk) -> Iterator[Facet]:
    states = [code for code in words.STATE if found.states.get(code)]
    yield Facet(
        _("办到哪里"),
        tuple(
            _option("state", code, _(words.STATE[code].word), found.states, args) for code in states
        ),
    )
    most = sorted(found.stations, key=lambda code: (-found.stations[code], code))[:_MOST_STATIONS]
    places = {args["station"]} if args.get("station") in found.stations else set()
    shown = [*most, *sorted(places - set(most))]
    yield Facet(
        _("在哪里收的"),
        tuple(
            _option("station", code, around.known.place(code) or _("不清楚"), found.stations, args)
            for code in shown
        ),
    )


def _option(name: str, code: str, label: str, counts: Mapping[str, int], args: Args) -> FacetOption:
    chosen = args.get(name, "") == code
    return FacetOption(
        label, counts[code], _address(args, {name: None if chosen else code}), selected=chosen
    )


def _address(args: Args, changed: Mapping[str, str | None], endpoint: str = "cases.index") -> str:
    """The same list with something changed; a changed filter begins at the first page."""
    kept: dict[str, str | None] = {name: args.get(name) or None for name in _FILTERS}
    address: Callable[..., str] = url_for
    return address(endpoint, **(kept | dict(changed)))


def _pager(found: Page, args: Args) -> Pager:
    return Pager(
        previous_url=_address(args, {}) if args.get("after") else "",
        next_url=_address(args, {"after": cursor(found.next)}) if found.next else "",
        csv_url=_address(args, {}, "cases.table") if found.total else "",
    )


CSV_HEADER: Final = (
    *("case", "temporary_number", "official_number", "item", "state", "flags", "station"),
    *("transport", "name", "received_at", "due"),
)


def csv_row(line: CaseLine) -> tuple[str, ...]:
    """One case as a row for a spreadsheet."""
    return (
        *(line.case, line.temporary_number, line.official_number, line.item, line.state),
        *(" ".join(line.flags), line.station, line.transport.value, line.name),
        *(local(line.received_at).isoformat(timespec="seconds"), line.due),
    )


def every(asked: Asked) -> Iterator[CaseLine]:
    """Every case that matches, page by page."""
    while True:
        found = casebook.listing(node(), asked)
        yield from found.lines
        if found.next is None:
            return
        asked = casebook.following(asked, found.next)
