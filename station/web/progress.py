"""查进度: one box for a number or a person's number; what is asked stands in no address."""

from flask import Blueprint, render_template, request, url_for

from casework.catalogue import CatalogueItem
from casework.values import day_of
from node.web import case_view, speech
from node.web.guard import needs
from station.usecases import listing, people
from station.usecases.people import Progress
from station.web.context import node
from ui.pages import ProgressLine, ProgressPage

blueprint = Blueprint("progress", __name__)


@blueprint.route("/progress", methods=["GET", "POST"])
@needs("case.received")
def show() -> str:
    """How the cases of a person stand, or the one of a number."""
    station = node()
    asked = request.form.get("number", "")
    found = people.progress(station, asked) if asked.strip() else ()
    with station.database.read() as tx:
        items = listing.items_of(tx, station, [one.line for one in found])
        calendar = station.limits(tx).calendar
    now = station.clock.now_ms()

    def line(one: Progress) -> ProgressLine:
        item = items.get((one.line.item, one.line.item_version))
        left = case_view.days_left(one.line.due, day_of(now), calendar)
        return _line(one, item, left)

    page = ProgressPage(
        action=url_for("progress.show"),
        asked=bool(asked.strip()),
        lines=tuple(line(one) for one in found),
        at=now,
    )
    return render_template("progress.html", page=page)


def _line(one: Progress, item: CatalogueItem | None, left: int | None) -> ProgressLine:
    line = one.line
    materials = item.materials if item else ()
    return ProgressLine(
        number=speech.number(line.temporary_number),
        item=speech.item_name(item) if item else line.item,
        applicant=line.name,
        state=line.state,
        transport=line.transport.value,
        received_at=line.received_at,
        url=url_for("cases.show", case=line.case),
        official_number=line.official_number,
        due=line.due,
        days_left=left,
        missing=tuple(speech.material_name(m) for m in materials if m.no in one.missing),
        deadline=line.deadline,
    )
