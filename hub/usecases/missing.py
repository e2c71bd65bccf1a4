"""What is known to exist and has not arrived: rules that need it wait, and then ask a person.

An operation names what it replaces. Where that is not here, its device's log has a gap or the
operation of another place has not come yet; what then looks like a difference may be none. A name
under which something else stands in the log is made up, and holds nothing up.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

import sqlalchemy as sa

from hub.usecases.sitting import Sitting
from node.cases import Case
from sync.adapters.tables import operation as operation_table
from sync.operation import Dot

PATIENCE: Final = 7 * 24 * 3600 * 1000
"""Milliseconds after which a person looks, whatever is missing."""


def fields_waiting(sitting: Sitting, case: Case) -> set[str]:
    """The fields of a case in which something is named that has not arrived yet.

    Args:
        sitting: the county's look at it.
        case: with every operation held.
    """
    named = _named(case, since=sitting.at.now - PATIENCE)
    if not named:
        return set()
    awaited = named.keys() - _elsewhere(sitting.tx, named)
    return {name for dot in awaited for name in named[dot]}


def _named(case: Case, *, since: int) -> dict[Dot, set[str]]:
    """What recent operations replace and is not held of this case: dot → fields."""
    held = case.evidence.merged.operations
    found: dict[Dot, set[str]] = defaultdict(set)
    for one in case.helds:
        if one.interval.upper is not None and one.interval.upper < since:
            continue
        for name, refs in one.entry.operation.replaces.items():
            for ref in refs:
                if ref.dot not in held:
                    found[ref.dot].add(name)
    return found


def _elsewhere(tx: sa.Connection, dots: Collection[Dot]) -> set[Dot]:
    """Those of some dots that are held, of whatever case."""
    o = operation_table.c
    found: set[Dot] = set()
    for replica, seqs in _by_replica(dots):
        where = (o.replica == replica, o.seq.in_(seqs))
        found |= {Dot(replica, seq) for seq in tx.scalars(sa.select(o.seq).where(*where))}
    return found


def _by_replica(dots: Iterable[Dot]) -> Iterable[tuple[bytes, list[int]]]:
    found: dict[bytes, list[int]] = defaultdict(list)
    for dot in dots:
        found[dot.replica].append(dot.seq)
    return found.items()
