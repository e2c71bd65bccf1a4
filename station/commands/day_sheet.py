"""`station print day-sheet`: a day's receipts against the county's, and the signed head."""

import html
from collections.abc import Iterator
from datetime import date

import click
import segno

from node.command import Call, Outcome
from node.commands.opened import opened
from station.usecases import day_sheet
from station.usecases.day_sheet import DaySheet

NAME = "day-sheet"


def print_sheet(call: Call, day: str | None) -> Outcome:
    """Lay the sheet of a day out as a plain page."""
    with opened(call) as node:
        sheet = day_sheet.day_sheet(node, _day(day))
    text = _html(sheet)
    document = {
        "document": NAME,
        "date": sheet.day.isoformat(),
        "taken": sheet.taken,
        "printed": sheet.printed,
        "received": sheet.received,
        "waiting": sheet.waiting,
        "seq": sheet.head.seq if sheet.head else 0,
        "head": list(sheet.head.lines) if sheet.head else [],
        "qr": sheet.head.code if sheet.head else "",
        "html": text,
    }
    return Outcome(document, text=text)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise click.UsageError("--date 要像 2026-11-21。") from error


def _html(sheet: DaySheet) -> str:
    body = "\n".join(_body(sheet))
    head = '<meta charset="utf-8"><title>对账单</title>'
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head>{head}</head>\n<body>\n{body}\n</body></html>'
    )


def _body(sheet: DaySheet) -> Iterator[str]:
    yield f"<h1>对账单 {sheet.day.isoformat()}</h1>"
    yield f"<p>{html.escape(sheet.county)} {html.escape(sheet.name)} {sheet.station}</p>"
    yield (
        f"<p>收件 {sheet.taken} 件，打印回执 {sheet.printed} 张；县里已收到 {sheet.received} 件，"
        f"等待上传 {sheet.waiting} 件（连同以前的共 {sheet.waiting_ever} 件）。</p>"
    )
    rows = (
        f"<li>{html.escape(r.temporary_number)} {html.escape(r.official_number)} {r.transport}</li>"
        for r in sheet.rows
    )
    yield f"<ul>{''.join(rows)}</ul>"
    if sheet.head is not None:
        yield f"<p>给县里的对账码：一共记了 {sheet.head.seq} 条。</p>"
        yield str(segno.make(sheet.head.code, micro=False).svg_inline(scale=3))
        yield f"<pre>{chr(10).join(sheet.head.lines)}</pre>"
