"""上传情况: what lies only here, what the county has, what needs somebody; and trying now."""

from collections.abc import Iterator, Mapping
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from casework.catalogue import CatalogueItem
from casework.values import day_of
from node.casefile import CaseLine
from node.self_test import Check
from node.web import speech
from node.web.guard import needs, poll
from station.usecases import day_sheet, doctor, links, listing, standing, status
from station.usecases.status import Uploads
from station.web import frame
from station.web.context import node, services
from ui.i18n import gettext as _
from ui.pages import DaySheet, Hop, HopState, Link, Sending, UploadPage, UploadRow

blueprint = Blueprint("upload", __name__)

Items = Mapping[tuple[str, int], CatalogueItem]
_MOST_ROWS: Final = 50


@blueprint.get("/upload")
@needs("case.received")
def show() -> str:
    """How far everything has come."""
    return _page(())


@blueprint.get("/upload/live")
@poll
@needs("case.received")
def live() -> str:
    """The same, asked for by the open page itself while something is sent."""
    return _page(())


@blueprint.post("/upload/retry")
@needs("case.received")
def retry() -> Response:
    """Try now; the page shows how it goes."""
    services().background.wake()
    return redirect(url_for("upload.show"), 303)


@blueprint.post("/upload/check")
@needs("case.received")
def check() -> str:
    """Look at what breaks most often, the way to the county among it."""
    station = node()
    carrier = links.carrier(station)
    try:
        return _page(tuple(_hop(one) for one in doctor.examine(station, carrier)))
    finally:
        carrier.close()


@blueprint.get("/upload/chip")
@poll
@needs("case.received")
def chip() -> str:
    """The chip of the link alone, asked for by open pages."""
    return render_template("_link_chip.html", chip=frame.chip(standing.standing(node())))


def _page(hops: tuple[Hop, ...]) -> str:
    found = status.uploads(node())
    page = UploadPage(
        here_url=url_for("upload.show"),
        retry_url=url_for("upload.retry"),
        check_url=url_for("upload.check"),
        waiting=found.waiting.count,
        received_today=found.received.count,
        failed=found.refused.count,
        checking=found.checking.count,
        rows=tuple(_rows(found)),
        sending=_sending(found),
        stalled=found.stalled,
        retry_at=found.retry_at if found.stalled else None,
        last_receipt=found.last_receipt,
        last_contact=found.last_contact,
        hops=hops,
        live_url=url_for("upload.live"),
        photos=found.photos,
        photos_lost=found.lost,
        days_offline=_days_offline(found),
        export_url=url_for("stick.show", _anchor="save"),
        import_url=url_for("stick.show", _anchor="read"),
        day_sheet=_day_sheet(),
    )
    return render_template("upload.html", page=page)


def _day_sheet() -> DaySheet:
    """Receipts of today against what the county has."""
    station = node()
    taken, waiting = day_sheet.tally_of(station, day_of(station.clock.now_ms()))
    return DaySheet(taken, taken - waiting, waiting, url_for("day_sheet.show"))


def _sending(found: Uploads) -> Sending | None:
    """Which of how many; what a run has done shows in how few still wait."""
    if not services().background.busy or not found.waiting.count:
        return None
    return Sending(1, found.waiting.count, 0, 0)


def _days_offline(found: Uploads) -> int:
    """Days since a parent last answered; 0 while that was never expected."""
    if found.last_contact is None:
        return 0
    return (day_of(node().clock.now_ms()) - day_of(found.last_contact)).days


def _rows(found: Uploads) -> Iterator[UploadRow]:
    """What needs somebody first, then what waits, then what is safe; each case once."""
    blocks = (found.refused, found.waiting, found.checking, found.received)
    lines = {line.case: line for block in reversed(blocks) for line in block.rows}
    order = dict.fromkeys(line.case for block in blocks for line in block.rows)
    shown = [lines[case] for case in list(order)[:_MOST_ROWS]]
    station = node()
    with station.database.read() as tx:
        items = listing.items_of(tx, station, shown)
    for line in shown:
        yield _row(line, items, found.reasons.get(line.case, ""))


def _row(line: CaseLine, items: Items, cause: str) -> UploadRow:
    item = items.get((line.item, line.item_version))
    url = url_for("cases.show", case=line.case)
    return UploadRow(
        speech.number(line.temporary_number),
        line.name,
        speech.item_name(item) if item else line.item,
        line.transport.value,
        line.received_at,
        url,
        official_number=line.official_number,
        cause=_("县里没收下:%(reason)s", reason=cause) if cause else "",
        who_can_fix=_("您自己") if cause else "",
        action=Link(_("去看看"), url) if cause else None,
    )


def _hop(found: Check) -> Hop:
    return Hop(found.title, HopState.OK if found.ok else HopState.FAILED, found.words)
