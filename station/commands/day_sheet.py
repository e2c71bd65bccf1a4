"""`station print day-sheet`: a day's receipts against the county's, and the signed head."""

from datetime import date
from typing import Final

import click

from casework import authority
from casework.documents import Document
from node.commands.opened import acting
from node.runtime import Node
from station.usecases import day_sheet

NAME: Final = "day-sheet"


def build(node: Node, day: str | None, login: str | None) -> tuple[Document, dict[str, object]]:
    """Make the sheet of a day, and its figures for programs."""
    account = acting(node, login, authority.roles_of("case.received")) if login else None
    sheet = day_sheet.day_sheet(node, _day(day))
    figures: dict[str, object] = {
        "document": NAME,
        "date": sheet.day.isoformat(),
        "taken": sheet.taken,
        "printed": sheet.printed,
        "received": sheet.received,
        "waiting": sheet.waiting,
        "seq": sheet.head.seq if sheet.head else 0,
        "head": list(sheet.head.lines) if sheet.head else [],
        "qr": sheet.head.code if sheet.head else "",
    }
    return day_sheet.as_document(node, sheet, account), figures


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise click.UsageError("--date 要像 2026-11-21。") from error
