"""What people have said about a check: the places' notes, and the first of two persons' word."""

from collections.abc import Iterator, Mapping
from typing import Final

from flask import url_for

from casework.conflict_rules.answers import answer
from casework.spoken import Text
from casework.values import read_int, read_map, read_text
from hub.usecases.conflicts import Conflict, Side
from hub.web import checks
from hub.web.checks import Matter
from hub.web.context import Desk
from node.casefile import CaseFile
from node.people import Account
from ui.filters import said
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import NoteRow, ProposalView

STANCES: Final[Mapping[str, str]] = {
    "mine": marked("我写的对"),
    "theirs": marked("另一份对"),
    "neither": marked("两份都不对"),
}


def notes(check: str, files: Mapping[str, CaseFile], around: Desk) -> Iterator[NoteRow]:
    """What the places have noted about a check, the oldest first: evidence, and no vote."""
    found = []
    for file in files.values():
        state = file.record.state
        for name in state.values:
            said_there = state.map(name) if name.startswith("note.") else {}
            if said_there and read_text(said_there.get("about")) == check:
                found.append(said_there)
    for one in sorted(found, key=lambda note: read_int(note.get("at")) or 0):
        place = read_text(one.get("place")) or ""
        stance = STANCES.get(read_text(one.get("stance")) or "", "")
        yield NoteRow(
            around.known.actor(read_text(one.get("by")) or "", place),
            around.known.place(place),
            read_int(one.get("at")) or 0,
            _(stance) if stance else "",
            read_text(one.get("text")) or "",
        )


def proposal(check: Conflict, matter: Matter, around: Desk, viewer: Account) -> ProposalView | None:
    """What a first person has proposed; who proposed it may not confirm it."""
    first = check.proposed
    if first is None or first.version != check.version:
        return None
    mine = first.by == viewer.login
    return ProposalView(
        around.known.actor(first.by, around.known.own),
        first.at,
        tuple(_lines(check, matter, around)),
        str(first.answer.get("reason", "")),
        "" if mine else url_for("conflicts.confirm", check=check.id),
    )


def _lines(check: Conflict, matter: Matter, around: Desk) -> Iterator[tuple[str, str]]:
    given = check.proposed.answer if check.proposed else {}
    for name, dot in read_map(given.get("choose")).items():
        side = _side(check, name, read_text(dot) or "")
        chosen = checks.text(name, side.value, around) if side else read_text(dot) or ""
        yield checks.field_label(name, matter.item), chosen
    for name, value in read_map(given.get("set_values")).items():
        typed = read_text(value) or ""
        yield checks.field_label(name, matter.item), _value(check, matter, name, typed)


def _value(check: Conflict, matter: Matter, name: str, value: str) -> str:
    if name == "answer":
        found = answer(check.rule, value)
        return said(Text(found.zh, found.en)) if found else value
    if name != "main":
        return value
    lines = {line.case: line for line in matter.lines}
    return lines[value].temporary_number if value in lines else _("各办各的")


def _side(check: Conflict, name: str, dot: str) -> Side | None:
    return next((one for one in check.fields.get(name, ()) if one.dot == dot), None)


def copied(matter: Matter, files: Mapping[str, CaseFile]) -> Iterator[str]:
    """The papers that only some of the cases have: they go over to the main one."""
    held = {line.case: files[line.case].record.state.in_hand for line in matter.lines}
    everywhere = frozenset.intersection(*held.values()) if held else frozenset()
    anywhere = frozenset[int]().union(*held.values())
    for no in sorted(anywhere - everywhere):
        yield checks.paper(matter.item, str(no))
