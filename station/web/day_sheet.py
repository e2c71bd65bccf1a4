"""对账单: the sheet of a day, to be printed by the browser."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.errors import FieldProblem
from node.errors import InvalidInput
from node.printing import plain
from node.web import prints, speech
from node.web.guard import needs
from station.usecases import day_sheet, listing
from station.usecases.day_sheet import DaySheet
from station.web.context import node, person
from ui import words
from ui.i18n import gettext as _
from ui.pages import DaySheetPage, SheetRow

blueprint = Blueprint("day_sheet", __name__)


@blueprint.get("/day-sheet")
@needs("case.received")
def show() -> Response | str:
    """The sheet of today, or of the day in the address; `?as=pdf` gives its PDF."""
    sheet = day_sheet.day_sheet(node(), _day())
    if request.args.get("as") == "pdf":
        return prints.as_pdf(day_sheet.as_document(node(), sheet, person()))
    return render_template("documents/day_sheet.html", page=_page(sheet))


def _day() -> date | None:
    text = request.args.get("date", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        zh, en = "日期要像 2026-11-21。", "A date looks like 2026-11-21."
        raise InvalidInput([FieldProblem("/date", "value", zh, en)]) from error


def _page(sheet: DaySheet) -> DaySheetPage:
    return DaySheetPage(
        f"{sheet.county} {sheet.name}",
        sheet.day.isoformat(),
        sheet.made_at,
        sheet.taken,
        sheet.printed,
        sheet.received,
        sheet.waiting,
        sheet.waiting_ever,
        rows=tuple(_rows(sheet)),
        seq=sheet.head.seq if sheet.head else 0,
        lines=sheet.head.lines if sheet.head else (),
        qr_svg=plain.svg(sheet.head.code) if sheet.head else "",
        back_url=url_for("upload.show"),
        pdf_url=f"{url_for('day_sheet.show', date=sheet.day.isoformat())}&as=pdf",
    )


def _rows(sheet: DaySheet) -> list[SheetRow]:
    station = node()
    with station.database.read() as tx:
        items = listing.items_of(tx, station, list(sheet.rows))
    found = []
    for row in sheet.rows:
        item = items.get((row.item, row.item_version))
        name = speech.item_name(item) if item else row.item
        number = speech.number(row.temporary_number)
        word = _(words.TRANSPORT[row.transport.value].word)
        found.append(SheetRow(number, row.official_number, name, word, row.received_at))
    return found
