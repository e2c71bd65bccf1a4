"""`station print`: a document as a page, PDF or bytes for a roll; `station printer`."""

from dataclasses import asdict
from typing import Final

import click

from casework import authority
from casework.documents import OF_A_CASE, OF_AN_ITEM, Document, DocumentKind
from node.command import Call, Outcome
from node.commands.opened import acting, opened
from node.printing import fonts, giving
from node.printing.escpos import TRIALS
from node.printing.giving import Wish
from node.printing.voice import Voice
from node.runtime import Node
from station.commands import day_sheet
from station.usecases import documents, printer
from station.usecases.printer import Printer

_FOR_A_PRINTER: Final = frozenset({"pdf", "escpos"})


def print_document(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    document: str,
    case: str | None,
    form: str,
    date: str | None,
    login: str | None,
    item: str | None,
    out: str | None,
    paper: str | None,
    large: bool,
    lang: str,
    send: bool,
    font: str | None,
) -> Outcome:
    """Lay a document out and count it as printed; day sheet, guide and form are of no case."""
    known = [*sorted(OF_A_CASE | OF_AN_ITEM), day_sheet.NAME]
    if document not in known:
        raise click.UsageError(f"没有 {document} 这种文书。有:{'、'.join(known)}")
    if form in _FOR_A_PRINTER and not (out or send):
        raise click.UsageError(f"--format {form} 要写 --out FILE，或者加 --send 直接打印。")
    wish = Wish(form=form, out=out or "", paper=paper or "", large=large, voice=Voice(lang))
    with opened(call) as node:
        if document == day_sheet.NAME:
            made, told = day_sheet.build(node, date, login)
        else:
            made, told = _of(call, node, document, (case, item, login)), {}
        return _give(call, node, made, wish, told | {"send": send, "font": font})


def _of(
    call: Call, node: Node, document: str, named: tuple[str | None, str | None, str | None]
) -> Document:
    del call
    case, item, login = named
    kind = DocumentKind(document)
    account = acting(node, login, authority.roles_of("case.received"))
    if item and kind in OF_AN_ITEM:
        return documents.of_item(node, item, kind, account)
    if case is None or kind not in OF_A_CASE:
        raise click.UsageError("缺少 CASE：哪一件；办事指南和申请表写 --item。")
    return documents.document(node, case, kind, account)


def _give(call: Call, node: Node, made: Document, wish: Wish, told: dict[str, object]) -> Outcome:
    send, named = told.pop("send"), told.pop("font")
    me = node.identity()
    heading = f"{me.county.name} {me.name}"
    answer: dict[str, object] = {"document": made.kind.value, "number": made.number, **told}
    if wish.form == "html":
        text = giving.html(made, heading, wish)
        if wish.out:
            giving.write(wish.out, text.encode())
            return Outcome(answer | {"file": wish.out})
        return Outcome(answer | {"html": text}, text=text)
    font = str(named) if named else None
    variable = call.program.variable("FONT")
    if wish.form == "pdf":
        found = fonts.find(font, call.env, variable=variable)
        data = giving.pdf(made, heading, wish, font=found, at=node.clock.now_ms())
    else:
        chosen = fonts.find(font, call.env, variable=variable) if font else None
        data = printer.render(node, made, font=chosen, large=wish.large, voice=wish.voice)
    if wish.out:
        giving.write(wish.out, data)
    if send:
        printer.pass_on(node, data)
    return Outcome(answer | {"file": wish.out, "bytes": len(data), "sent": bool(send)})


def show_printer(call: Call) -> dict[str, object]:
    """Say which printer is set and what it needs."""
    with opened(call) as node:
        return _told(printer.current(node))


def set_printer(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    target: str | None,
    mode: str | None,
    line: str | None,
    start: str | None,
    width: int | None,
    qr: str | None,
    cut: bool | None,
) -> dict[str, object]:
    """Set the printer, as the self-test sheet showed."""
    told: dict[str, object] = {
        "target": target,
        "picture": None if mode is None else mode == "picture",
        "start": start if start is not None else TRIALS.get(line or ""),
        "width": width,
        "qr_picture": None if qr is None else qr == "picture",
        "cut": cut,
    }
    with opened(call) as node:
        printer.keep(node, printer.changed(printer.current(node), told))
        return _told(printer.current(node))


def test_printer(call: Call, *, out: str | None) -> dict[str, object]:
    """Print the self-test sheet, or write it to a file."""
    with opened(call) as node:
        data = printer.test_sheet(node)
        if out:
            giving.write(out, data)
        else:
            printer.pass_on(node, data)
    call.message(
        "看 A 到 D 哪一行中文对，用 station printer set --line 告诉它；都不对用 --mode picture。"
    )
    return {"bytes": len(data), "file": out or ""}


def _told(found: Printer) -> dict[str, object]:
    profile = asdict(found.profile)
    picture = profile.pop("picture")
    return {"target": found.target, "mode": "picture" if picture else "text", **profile}
