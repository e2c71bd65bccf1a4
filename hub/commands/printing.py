"""`hub print`: a document of a case; `hub station edit`: what stands on the papers of a place."""

import click

from casework.documents import DocumentKind
from casework.places import Role
from hub.usecases import documents, station_cards
from hub.usecases.station_cards import Card
from node.command import Call, Outcome
from node.commands.opened import acting, opened
from node.printing import fonts, giving
from node.printing.giving import Wish
from node.printing.voice import Voice

_PRINTERS = (Role.CLERK.value, Role.APPROVER.value, Role.RECONCILER.value)


def print_document(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    document: str,
    case: str,
    form: str,
    out: str | None,
    large: bool,
    lang: str,
    font: str | None,
    login: str | None,
) -> Outcome:
    """Lay a document of a case out and count it as printed."""
    if form == "pdf" and not out:
        raise click.UsageError("--format pdf 要写 --out FILE。")
    wish = Wish(form=form, out=out or "", large=large, voice=Voice(lang))
    with opened(call) as node:
        account = acting(node, login, _PRINTERS)
        made = documents.document(node, case, DocumentKind(document), account)
        heading = node.identity().name
        answer: dict[str, object] = {"document": document, "number": made.number}
        if form == "html" and not out:
            text = giving.html(made, heading, wish)
            return Outcome(answer | {"html": text}, text=text)
        if form == "html":
            data = giving.html(made, heading, wish).encode()
        else:
            found = fonts.find(font, call.env, variable=call.program.variable("FONT"))
            data = giving.pdf(made, heading, wish, font=found, at=node.clock.now_ms())
    giving.write(wish.out, data)
    return Outcome(answer | {"file": wish.out, "bytes": len(data)})


def edit_station(
    call: Call, *, code: str, hotline: str | None, complaints: str | None, hours: str | None
) -> dict[str, object]:
    """Publish hotline, complaint line and hours of a place; they come with the next exchange."""
    if hotline is None and complaints is None and hours is None:
        raise click.UsageError("至少写一样：--hotline、--complaints、--hours。")
    with opened(call) as node:
        card = Card(hotline=hotline, complaints=complaints, hours=hours)
        return {"station": code, **station_cards.publish(node, code.strip(), card)}
