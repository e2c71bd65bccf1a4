"""What runs out and what waits, with the timer that says so (`alerts.html`)."""

from collections.abc import Callable, Mapping

from flask import Blueprint, render_template, request, url_for

from casework.spoken import Text
from casework.timers import TIMERS
from hub.usecases import alerts
from hub.usecases.alerts import Alert, Asked, Board
from hub.web.context import Desk, desk, node
from hub.web.frame import OFFICE
from node.web import speech
from node.web.case_view import days_left
from node.web.guard import for_roles
from ui import words
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import AlertRow, AlertsPage, Facet, FacetOption

blueprint = Blueprint("alerts", __name__)

Args = Mapping[str, str]


@blueprint.get("/alerts")
@for_roles(*OFFICE)
def index() -> str:
    """The list."""
    return render_template("alerts.html", page=build(request.args))


def build(args: Args) -> AlertsPage:
    """Lay out the list; what cannot be meant of an address is passed over."""
    hub = node()
    level = args.get("level", "") if args.get("level", "") in words.ALERT else ""
    timer = args.get("timer", "") if args.get("timer", "") in TIMERS else ""
    found, around = alerts.board(hub, Asked(level=level, timer=timer)), desk(hub)
    return AlertsPage(
        rows=tuple(_row(one, found, around) for one in found.alerts),
        total=_total(found, level, timer),
        as_of=around.now,
        facets=tuple(_facets(found, level, timer)),
    )


def _total(found: Board, level: str, timer: str) -> int:
    if level and timer:
        return len(found.alerts)
    return found.levels.get(level, 0) if level else found.timers.get(timer, found.total)


def _row(one: Alert, found: Board, around: Desk) -> AlertRow:
    item = found.items.get((one.line.item, one.line.item_version))
    address: Callable[..., str] = url_for
    return AlertRow(
        number=speech.number(one.line.temporary_number),
        applicant=one.line.name,
        item=speech.item_name(item) if item else one.line.item or _("事项不清楚"),
        station=around.known.place(one.line.station) or _("不清楚"),
        timer=said(Text(one.name, one.name_en)),
        level=one.level,
        due=one.due,
        days_left=days_left(one.due, around.today, around.calendar),
        raised_at=one.raised_at,
        data_age=one.data_age,
        url=address("cases.show", case=one.line.case),
    )


def _facets(found: Board, level: str, timer: str) -> list[Facet]:
    if not found.total:
        return []
    levels = [code for code in words.ALERT if found.levels.get(code)]
    timers = [code for code in TIMERS if found.timers.get(code)]
    return [
        Facet(
            _("多急"),
            tuple(
                FacetOption(
                    _(words.ALERT[code].word),
                    found.levels[code],
                    _address(level=code if code != level else "", timer=timer),
                    selected=code == level,
                )
                for code in levels
            ),
        ),
        Facet(
            _("哪个时限"),
            tuple(
                FacetOption(
                    said(Text(TIMERS[code].name, TIMERS[code].name_en)),
                    found.timers[code],
                    _address(level=level, timer=code if code != timer else ""),
                    selected=code == timer,
                )
                for code in timers
            ),
        ),
    ]


def _address(*, level: str, timer: str) -> str:
    return url_for("alerts.index", level=level or None, timer=timer or None)
