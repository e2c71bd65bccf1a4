"""Which documents a case can be printed on now."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from flask import url_for

from casework.case import CaseState, Flag
from casework.documents import KINDS, OF_A_CASE, DocumentKind
from casework.places import Mode
from node import paperwork
from ui.filters import said
from ui.pages import PrintLink

_Test = Callable[[CaseState], bool]


def _has_agent(case: CaseState) -> bool:
    return bool(case.text("agent.name"))


def _wants_letter(case: CaseState) -> bool:
    if _has_agent(case):
        return case.values.get("agent.entrustment") is not True
    return case.text("mode") == Mode.PROXY


def _has_promise(case: CaseState) -> bool:
    return Flag.PROMISE in case.flags


def _was_helped(case: CaseState) -> bool:
    return _has_agent(case) or case.text("mode") == Mode.PROXY or case.text("pickup") == "visit"


_WHEN: Final[Mapping[DocumentKind, _Test]] = {
    DocumentKind.RECEIPT: lambda _case: True,
    DocumentKind.ONE_TIME_NOTICE: lambda case: bool(case.missing) and not case.map("commitment"),
    DocumentKind.ENTRUSTMENT: lambda case: _wants_letter(case) or _has_agent(case),
    DocumentKind.PROXY_SERVICE: _was_helped,
    DocumentKind.OFFLINE_SLIP: lambda _case: True,
}
"""When a document is offered that certifies nothing; for the others see `paperwork.has_ground`."""
_ORDER: Final = tuple(kind for kind in DocumentKind if kind in OF_A_CASE)
_TO_SIGN: Final[Mapping[DocumentKind, _Test]] = {
    DocumentKind.DEFICIENCY_PROMISE: lambda case: bool(case.map("commitment")),
    DocumentKind.INFORM_PROMISE: _has_promise,
    DocumentKind.ENTRUSTMENT: _wants_letter,
}


def links(case_id: str, case: CaseState) -> tuple[PrintLink, ...]:
    """Links to print them; the first is the receipt."""
    return tuple(
        PrintLink(
            said(KINDS[kind].title),
            url_for("papers.show", case=case_id, name=kind.value),
            copies=KINDS[kind].copies,
            main=kind is DocumentKind.RECEIPT,
        )
        for kind in _ORDER
        if _WHEN.get(kind, partial(paperwork.has_ground, kind))(case)
    )


def to_sign(case: CaseState) -> tuple[str, ...]:
    """Titles of those that somebody has yet to sign."""
    return tuple(said(KINDS[kind].title) for kind in _true(_TO_SIGN, case))


def _true(table: Mapping[DocumentKind, _Test], case: CaseState) -> Iterable[DocumentKind]:
    return (kind for kind, test in table.items() if test(case))
