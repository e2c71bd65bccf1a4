"""Who is to be called: citizens who take no short message, and what they are to be told."""

from collections.abc import Iterator

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from casework import masking
from casework.ids import Ulid
from hub.usecases import notifications
from hub.usecases.notifications import Notice, Way
from hub.web import checks
from hub.web.context import Desk, desk, node
from node import casefile
from node.casefile import CaseLine
from node.web import csv_twin
from node.web.guard import needs
from ui.filters import local
from ui.pages import CallRow, CallsPage

blueprint = Blueprint("calls", __name__)
_HEADER = ("told_at", "station", "name", "number", "text", "rule", "case")


@blueprint.get("/calls")
@needs("case.notified")
def index() -> str:
    """Who waits for a call, the oldest first; whoever was reached is noted on the case."""
    rows = tuple(_rows())
    waiting = len(notifications.listed(node(), way=Way.SMS))
    csv_url = url_for("calls.table") if rows else ""
    page = CallsPage(rows, waiting, url_for("conflicts.index"), csv_url=csv_url)
    return render_template("calls.html", page=page)


@blueprint.get("/calls.csv")
@needs("case.notified")
def table() -> Response:
    """The same list for a spreadsheet, to be given to who calls."""
    written = [
        (
            local(row.told_at).isoformat(timespec="seconds"),
            *(row.station, row.person, row.number, row.text, row.rule, row.url.rpartition("/")[2]),
        )
        for row in _rows()
    ]
    return csv_twin.answer("calls", _HEADER, written)


def _rows() -> Iterator[CallRow]:
    found, around = notifications.to_call(node()), desk(node())
    records = {Ulid.parse(one.case).raw for one in found}
    with node().database.read() as tx:
        lines = casefile.lines_of(tx, node().identity_in(tx), records)
    known = {line.case: line for line in lines}
    for one in found:
        yield _row(one, known.get(one.case), around)


def _row(one: Notice, line: CaseLine | None, around: Desk) -> CallRow:
    return CallRow(
        line.name if line else "",
        masking.phone(one.number) if one.number else "",
        around.known.place(one.station),
        one.text,
        checks.rule_words(one.rule),
        one.told_at,
        url_for("cases.show", case=one.case),
    )
