"""`station print`: a document of a case as a page, for a printer or a file."""

import html
from collections.abc import Iterator

import click

from casework import authority
from casework.documents import Document, DocumentKind, Line
from node.command import Call, Outcome
from node.commands.opened import acting, opened
from station.commands import day_sheet
from station.usecases import documents


def print_document(  # noqa: PLR0913  # the options of the command
    call: Call, *, document: str, case: str | None, form: str, date: str | None, login: str | None
) -> Outcome:
    """Lay a document out and count it as printed; the day sheet is of no case."""
    if document not in {*DocumentKind, day_sheet.NAME}:
        known = "、".join([*DocumentKind, day_sheet.NAME])
        raise click.UsageError(f"没有 {document} 这种文书。有:{known}")
    if form != "html":
        raise click.UsageError(f"--format {form} 还没有做,先用 html。")
    if document == day_sheet.NAME:
        return day_sheet.print_sheet(call, date)
    if case is None:
        raise click.UsageError("缺少 CASE：哪一件。")
    with opened(call) as node:
        account = acting(node, login, authority.roles_of("case.received"))
        made = documents.document(node, case, DocumentKind(document), account)
    text = page(made)
    return Outcome({"document": document, "number": made.number, "html": text}, text=text)


def page(document: Document) -> str:
    """A plain page: black on white, no script, nothing from elsewhere."""
    title = html.escape(document.title.zh)
    body = "\n".join(_body(document))
    head = f'<meta charset="utf-8"><title>{title}</title>'
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head>{head}</head>\n<body>\n{body}\n</body></html>'
    )


def _body(document: Document) -> Iterator[str]:
    yield f"<h1>{html.escape(document.title.zh)}</h1>"
    yield f"<p>{html.escape(document.number)} {html.escape(document.case_number)}</p>"
    yield _lines(document.head)
    for section in document.sections:
        yield f"<h2>{html.escape(section.title.zh)}</h2>"
        yield _lines(section.lines)
        yield from (f"<p>{html.escape(text.zh)}</p>" for text in section.paragraphs)
    yield _lines(document.foot)
    yield from (f"<p>{html.escape(signer.zh)}:____________</p>" for signer in document.signers)


def _lines(lines: tuple[Line, ...]) -> str:
    rows = (
        f"<dt>{html.escape(line.label.zh)}</dt><dd>{html.escape(line.value.zh) or '________'}</dd>"
        for line in lines
    )
    return f"<dl>{''.join(rows)}</dl>"
