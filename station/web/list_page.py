"""The list of cases with its filters (`cases.html`)."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from flask import url_for

from casework.values import day_of
from casework.workdays import Calendar
from node.casefile import CaseLine, Wanted
from node.web import looks, names, speech, ties
from node.web.case_view import days_left
from node.web.names import Names
from station.usecases import listing
from station.usecases.listing import Listing
from station.web.context import node
from ui import words
from ui.i18n import gettext as _
from ui.pages import CaseRow, CasesPage, Facet, FacetOption, Pager

_ROWS: Final = 50


def build(asked: Mapping[str, str]) -> CasesPage:
    """Lay out the list.

    Args:
        asked: `look`, `state`, `after` of the address; what cannot be meant is passed over.
    """
    text, state = looks.asked_text(asked), asked.get("state", "")
    station = node()
    wanted = Wanted(state=state, after=_cursor(asked.get("after", "")), limit=_ROWS)
    found = listing.listing(station, wanted, text=text)
    with station.database.read() as tx:
        calendar = station.limits(tx).calendar
        known = names.load(tx, station, station.identity_in(tx))
    now = station.clock.now_ms()
    return CasesPage(
        url_for("cases.index"),
        tuple(_row(line, found, Around(calendar, known, now)) for line in found.lines),
        _total(found, text, state),
        now,
        query=text,
        facets=() if text else (_states(found, state),),
        pager=_pager(found, state) if not text else Pager(),
        miscopied=found.miscopied,
        near=tuple(map(ties.near_link, found.near)),
        clear_url=url_for("cases.index") if text or state else "",
        pruned=found.pruned,
    )


def _total(found: Listing, text: str, state: str) -> int | None:
    """How many there are; where a search was cut off nobody counted."""
    if text:
        return None if found.more else len(found.lines)
    return found.states.get(state, 0) if state else sum(found.states.values())


class Around(NamedTuple):
    """What the rows of a list are read with."""

    calendar: Calendar
    known: Names
    now: int


def _row(line: CaseLine, found: Listing, around: Around) -> CaseRow:
    item = found.items.get((line.item, line.item_version))
    return CaseRow(
        speech.number(line.temporary_number),
        line.name,
        speech.item_name(item) if item else line.item,
        line.state,
        line.transport.value,
        line.received_at,
        url_for("cases.show", case=line.case),
        due=line.due,
        days_left=days_left(line.due, day_of(around.now), around.calendar),
        moved_to=around.known.place(line.station) if line.moved else "",
    )


def _states(found: Listing, chosen: str) -> Facet:
    there = [code for code in words.STATE if found.states.get(code)]
    return Facet(_("办到哪里"), tuple(_state(code, found, chosen) for code in there))


def _state(code: str, found: Listing, chosen: str) -> FacetOption:
    there = None if code == chosen else code
    return FacetOption(
        _(words.STATE[code].word),
        found.states[code],
        url_for("cases.index", state=there),
        selected=code == chosen,
    )


def _pager(found: Listing, state: str) -> Pager:
    if not found.more:
        return Pager()
    last = found.lines[-1]
    address: Callable[..., str] = url_for
    after = f"{last.received_at}-{last.case}"
    return Pager(next_url=address("cases.index", state=state or None, after=after))


def _cursor(text: str) -> tuple[int, str] | None:
    at, _dash, case = text.partition("-")
    return (int(at), case) if at.isascii() and at.isdigit() and case else None
