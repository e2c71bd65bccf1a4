"""各站情况: what a township asks of its centre and its villages, four questions on one page."""

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, render_template, request, url_for

from casework.places import Role
from casework.values import day_of
from node.casefile import CaseLine
from node.web import case_view, speech
from node.web.guard import for_roles
from station.usecases import listing, township
from station.usecases.township import Below, Overview, Question
from station.web.context import node
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import BelowRow, CaseRow, QuestionTile, TownshipPage

blueprint = Blueprint("township", __name__)

QUESTIONS: Final[Mapping[Question, str]] = {
    Question.SILENT: marked("今天谁没开机"),
    Question.DUE: marked("哪些快到期"),
    Question.PAPERS: marked("哪些纸没到"),
    Question.LACKING: marked("哪些缺材料"),
}


@blueprint.get("/township")
@for_roles(Role.CLERK, Role.APPROVER, Role.HELPER)
def show() -> str:
    """The stations of this township, those in trouble first."""
    asked = request.args.get("look", "")
    question = Question(asked) if asked in set(Question) else None
    found = township.overview(node(), question)
    silent = question is Question.SILENT
    page = TownshipPage(
        at=found.at,
        tiles=tuple(_tile(one, found, question) for one in Question),
        stations=tuple(_below(one) for one in found.stations if not (silent and one.today)),
        lagging=found.lagging,
        title=_(QUESTIONS[question]) if question and not silent else "",
        rows=_rows(found.lines),
        more=question is not None and not silent and found.totals[question] > len(found.lines),
    )
    return render_template("township.html", page=page)


def _tile(one: Question, found: Overview, chosen: Question | None) -> QuestionTile:
    address: Callable[..., str] = url_for
    stations = one is Question.SILENT
    return QuestionTile(
        _(QUESTIONS[one]),
        found.totals[one],
        _("个站") if stations else _("件"),
        address("township.show", look=None if one is chosen else one.value),
        selected=one is chosen,
        alarming=found.totals[one] > 0,
    )


def _below(one: Below) -> BelowRow:
    state = "today" if one.today else "unknown" if one.heard_at is None else "silent"
    return BelowRow(
        one.name,
        one.kind.value,
        state,
        one.heard_at,
        one.unsent,
        one.counts[Question.DUE],
        one.counts[Question.PAPERS],
        one.counts[Question.LACKING],
    )


def _rows(lines: tuple[CaseLine, ...]) -> tuple[CaseRow, ...]:
    station = node()
    with station.database.read() as tx:
        items = listing.items_of(tx, station, list(lines))
        calendar = station.limits(tx).calendar
    today = day_of(station.clock.now_ms())

    def row(line: CaseLine) -> CaseRow:
        item = items.get((line.item, line.item_version))
        last = line.deadline or line.due
        return CaseRow(
            speech.number(line.temporary_number),
            line.name,
            speech.item_name(item) if item else line.item,
            line.state,
            line.transport.value,
            line.received_at,
            url_for("cases.show", case=line.case),
            due=last,
            days_left=case_view.days_left(last, today, calendar),
        )

    return tuple(map(row, lines))
