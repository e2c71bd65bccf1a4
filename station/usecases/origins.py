"""What an intake names outside itself: the case before, papers of it, and who handles it."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from casework import refiling
from casework.case import CaseState
from casework.errors import FieldProblem
from casework.ids import Ulid, UlidMalformed
from casework.intake_reading import read
from casework.places import PlaceKind, is_station_code, kind_of_code
from casework.reading import Reader
from casework.values import Fields, Value, read_list, read_map, read_text
from casework.wording import problem
from node import cases
from node.identity import Identity
from node.runtime import Node


def problems(
    tx: sa.Connection, node: Node, me: Identity, document: Mapping[str, Value]
) -> list[FieldProblem]:
    """Name what of it cannot be: a case that goes on, a paper that is not here, no such township.

    Args:
        tx: any transaction.
        node: this station.
        me: who it is.
        document: CASE.json, perhaps half filled.

    A case that is not held here was another station's: the county compares then, and its papers
    are not here.
    """
    return [
        *_before(tx, document),
        *_papers(tx, document),
        *_handling(tx, node, me, read_text(document.get("handling")) or ""),
    ]


def _before(tx: sa.Connection, document: Fields) -> Iterable[FieldProblem]:
    named = read_text(document.get("refiled_from")) or ""
    before = _case(tx, named)
    if before is not None:
        form = read(Reader(document), now=None)
        yield from refiling.check(form, before)


def _papers(tx: sa.Connection, document: Fields) -> Iterable[FieldProblem]:
    known: dict[str, CaseState | None] = {}
    for n, row in enumerate(map(read_map, read_list(document.get("materials")))):
        case, _, number = (read_text(row.get("reused_from")) or "").partition(":")
        if not case:
            continue
        if case not in known:
            known[case] = _case(tx, case)
        no = int(number) if number.isascii() and number.isdigit() else 0
        refused = refiling.check_paper(f"/materials/{n}", no, known[case])
        if refused is not None:
            yield refused


def _handling(tx: sa.Connection, node: Node, me: Identity, handling: str) -> Iterable[FieldProblem]:
    if not is_station_code(handling) or kind_of_code(handling) is not PlaceKind.TOWNSHIP:
        return  # said elsewhere, or of another county, whose townships nobody knows here
    townships = {read_text(one.get("code")) for one in node.regions(tx)}
    own = handling[:6] == me.county_code[:6]
    if own and townships and handling not in townships:
        yield problem("/handling", "no_place", en=handling)


def _case(tx: sa.Connection, named: str) -> CaseState | None:
    try:
        record = Ulid.parse(named).raw
    except UlidMalformed:
        return None
    found = cases.derive(tx, [record])
    return found[0].state if found else None
