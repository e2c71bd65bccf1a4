"""`case list`, and who may do an act."""

from collections.abc import Mapping
from typing import Final

from casework import authority
from casework.facts import VERBS
from node import casefile
from node.case_json import line_document
from node.casefile import Wanted
from node.command import Call
from node.commands.opened import opened

_ALL: Final = 1_000_000_000


def list_cases(
    call: Call, *, code: str | None, state: str | None, limit: int | None
) -> Mapping[str, object]:
    """List cases, complete unless limited."""
    wanted = Wanted(station=code or "", state=state or "", limit=limit or _ALL)
    with opened(call) as node, node.database.read() as tx:
        lines = casefile.list_cases(tx, node.identity_in(tx), wanted)
    return {"cases": [line_document(line) for line in lines]}


def roles_for(verb: str, *, otherwise: str) -> tuple[str, ...]:
    """Who may do an act; where the verb is unknown or nobody's, who may do another fact."""
    spec = VERBS.get(verb)
    roles = authority.roles_of(spec.name) if spec else ()
    return tuple(roles or authority.roles_of(otherwise))
