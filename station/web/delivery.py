"""待送达: results that wait for their owners, who must be told, and why some must wait."""

from collections.abc import Iterator

from flask import Blueprint, render_template, url_for

from casework import delivery_acts
from node.web import speech
from node.web.guard import needs
from station.usecases import delivery
from station.usecases.delivery import Waiting
from station.web.context import node
from ui import pages as p
from ui.i18n import gettext as _

blueprint = Blueprint("delivery", __name__)


@blueprint.get("/results")
@needs("case.delivered")
def index() -> str:
    """The results that lie here or come here, those that must wait first."""
    page = p.ResultsPage(
        rows=tuple(map(_row, delivery.waiting(node()))),
        as_of=node().clock.now_ms(),
        most_visits=delivery_acts.MOST_VISITS,
    )
    return render_template("movement/results.html", page=page)


def _row(one: Waiting) -> p.ResultRow:
    line = one.line
    return p.ResultRow(
        number=line.official_number or speech.number(line.temporary_number),
        applicant=line.name,
        item=speech.item_name(one.item) if one.item else line.item,
        results=tuple(f"{name} {serial}".strip() for name, serial in one.results),
        url=url_for("cases.show", case=line.case),
        phone=one.phone,
        pickup=one.pickup,
        since=one.since,
        arrived=one.arrived,
        told_at=one.told,
        tell_by=one.tell_by.isoformat(),
        days_left=one.days_left,
        visits=one.visits,
        acts=tuple(_acts(one)),
        stopped=one.stopped,
        agent=one.agent,
        granted=one.granted,
    )


def _acts(one: Waiting) -> Iterator[p.Link]:
    """What is to be done next; of a result that must wait, nothing."""
    if one.stopped:
        return
    if not one.arrived:
        yield _act(one, "receive_result", _("签收"))
        return
    if one.visits >= delivery_acts.MOST_VISITS:
        yield _act(one, "pass_on_result", _("退回乡镇"))
    elif not one.told:
        yield _act(one, "notify", _("告诉本人"))
    yield _act(one, "deliver", _("送达"))


def _act(one: Waiting, verb: str, label: str) -> p.Link:
    address = url_for("cases.show", case=one.line.case, act=verb, _anchor=f"act-{verb}")
    return p.Link(label, address)
