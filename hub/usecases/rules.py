"""The county's own rules, run in the transaction that stored what arrived (`node.receiving`).

In this order: verdicts, because what is refused counts for nothing after; then official numbers,
checks and duplicates of what stands. Everything is read and written in bulk.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import sqlalchemy as sa

from casework.facts import Act
from casework.values import Value
from hub.usecases import checking, duplicates, projections, registering, ruling
from hub.usecases.judging import Judge
from hub.usecases.matters import Almanac
from hub.usecases.sitting import Sitting
from hub.usecases.verifying_acceptance import Verifier
from node import feeding
from node.cases import Case
from node.identity import Identity
from node.ledger import CaseAct
from node.runtime import Node
from sync.adapters.sql import SqlLog
from sync.operation import Dot
from sync.record import Entry
from sync.verdict import PREFIX, Verdict

JUDGED: Final = "case.judged"
_REACHED: Final = "case.notified"
_PROJECTED: Final = frozenset({checking.OPENED, "case.citizen_told"})
_MOST: Final = 50
"""Verdicts in one operation: whoever forges a thousand must not make ours too large to be read."""


@dataclass(frozen=True, slots=True)
class HubRules:
    """What the hub does about what it has just taken in."""

    node: Node

    def after(
        self, tx: sa.Connection, me: Identity, added: Sequence[Entry], touched: Sequence[Case]
    ) -> None:
        """Judge, number, check and merge, in the transaction that stored the operations."""
        if not added:
            return
        sitting = Sitting(tx=tx, node=self.node, me=me, at=self.node.moment(tx))
        fresh = {entry.operation.dot for entry in added}
        standing, judged = _judged(sitting, touched, fresh)
        noted = look_at(sitting, standing) | {
            entry.operation.record for entry in added if entry.operation.fact == _REACHED
        }
        projections.project(tx, sitting.derive(judged | noted))


def look_at(sitting: Sitting, standing: Sequence[Case], *, sweep: bool = False) -> set[bytes]:
    """Number, check and merge cases as they stand; answers those whose projections have changed.

    Args:
        sitting: the county's look at them.
        standing: the cases, each once.
        sweep: also look for what only the passing of days brings about.
    """
    almanac = Almanac(sitting=sitting, sweep=sweep)
    ruled = ruling.findings(almanac, standing)
    verifier = Verifier(almanac=almanac)
    verifier.look(standing)
    acts = [
        *registering.register(sitting, standing, failing=verifier.failing),
        *verifier.acts,
        *ruled,
        *checking.checks(almanac, standing),
        *duplicates.find(almanac, standing),
    ]
    sitting.write(acts)
    return {act.record for act in acts if act.act.fact in _PROJECTED}


def _judged(
    sitting: Sitting, touched: Sequence[Case], fresh: Collection[Dot]
) -> tuple[list[Case], set[bytes]]:
    """Write the verdicts; answer the cases as they then stand, and which ones were judged."""
    judge = Judge(sitting)
    found = {case.record: said for case in touched if (said := judge.judge(case, fresh))}
    if not found:
        return list(touched), set()
    write_verdicts(sitting, found)
    judged = {case.record: case for case in sitting.derive(set(found))}
    return [judged.get(case.record, case) for case in touched], set(found)


def write_verdicts(sitting: Sitting, found: Mapping[bytes, Sequence[Verdict]]) -> None:
    """Write verdicts, in bulk a case, and owe each to the place whose word it is about."""
    entries = sitting.write(
        [
            CaseAct(record, Act(JUDGED, verdict_fields(said[at : at + _MOST])))
            for record, said in found.items()
            for at in range(0, len(said), _MOST)
        ]
    )
    seqs = [entry.operation.dot.seq for entry in entries]
    rows = SqlLog(sitting.tx).rows_of(sitting.me.replica, min(seqs), max(seqs))
    for entry in entries:
        operation = entry.operation
        for replica in sorted({Dot.parse(_target(name)).replica for name in operation.fields}):
            feeding.tell(sitting.tx, replica, operation.record, rows[operation.dot.seq])


def _target(name: str) -> str:
    return name.removeprefix(PREFIX)


def verdict_fields(said: Sequence[Verdict]) -> dict[str, Value]:
    """The fields of the operation that states some verdicts."""
    return {one.field: cast("Value", one.value()) for one in said}
