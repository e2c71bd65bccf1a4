"""The tables of checks and verdicts: projections of what the county wrote about its cases."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from casework.conflict_rules.table import RULES
from casework.values import Fields, read_list, read_map, read_text
from hub.rows import conflict, conflict_case, conflict_facet, grouping, verdict
from hub.usecases import notifications
from node.cases import Case
from node.db import upsert
from sync.operation import Operation
from sync.verdict import PREFIX, verdicts_of

CHECKING: Final = "checking."


class CheckState(StrEnum):
    """Whether a check still waits for a person."""

    OPEN = "open"
    RESOLVED = "resolved"


def project(tx: sa.Connection, found: Iterable[Case]) -> None:
    """Write the rows of every check and verdict on some cases, over what was there."""
    listed = list(found)
    notifications.project(tx, listed)
    for case in listed:
        for check, value in checks_of(case):
            _project_check(tx, case, check, value)
        for operation in _judging(case):
            _project_verdicts(tx, case, operation)


def checks_of(case: Case) -> Iterator[tuple[str, Fields]]:
    """Every check of a case, open and closed: id → rule, fields, open."""
    for name, value in case.state.values.items():
        if name.startswith(CHECKING):
            yield name.removeprefix(CHECKING), read_map(value)


def _project_check(tx: sa.Connection, case: Case, check: str, value: Fields) -> None:
    state = CheckState.RESOLVED if value.get("open") is False else CheckState.OPEN
    opened = sa.select(conflict.c.opened_at).where(conflict.c.id == check)
    at = tx.execute(opened).scalar()
    heads = case.evidence.heads[f"{CHECKING}{check}"]
    row: dict[str, Any] = {
        "id": check,
        "rule": read_text(value.get("rule")) or "",
        "state": state.value,
        "fields": [name for name in map(read_text, read_list(value.get("fields"))) if name],
        "opened_at": at if at is not None else heads[0].claimed_at,
    }
    row["soft"] = _is_soft(row["rule"])
    upsert(tx, conflict, row)
    _project_facets(tx, case, row)
    link = (conflict_case.c.conflict == check, conflict_case.c.record == case.record)
    if tx.execute(sa.select(conflict_case.c.record).where(*link)).first() is None:
        tx.execute(sa.insert(conflict_case).values(conflict=check, record=case.record))


def _is_soft(rule: str) -> bool:
    """Whether many checks of a rule may be answered at once."""
    known = RULES.get(rule)
    return known is not None and known.soft


def _project_facets(tx: sa.Connection, case: Case, row: Mapping[str, Any]) -> None:
    """By what the queue is filtered; the sides that wrote are stations of the check."""
    heads = [h for name in row["fields"] for h in case.evidence.heads.get(name, ())]
    stations = {head.station for head in heads} or {case.state.text("station")}
    found = {("rule", row["rule"]), ("item", case.state.text("item"))}
    found |= {("field", name) for name in row["fields"]}
    found |= {("station", code) for code in stations}
    facet = conflict_facet.c
    known = sa.select(facet.name, facet.value).where(facet.conflict == row["id"])
    new = found - {(one.name, one.value) for one in tx.execute(known)}
    if new:
        rows = [{"conflict": row["id"], "name": n, "value": v} for n, v in sorted(new)]
        tx.execute(sa.insert(conflict_facet), rows)


def _judging(case: Case) -> Iterator[Operation]:
    """The operations whose verdicts stand."""
    for name, operations in case.evidence.merged.heads.items():
        if name.startswith(PREFIX):
            yield from operations


def _project_verdicts(tx: sa.Connection, case: Case, operation: Operation) -> None:
    for said in verdicts_of(operation):
        upsert(
            tx,
            verdict,
            {
                "replica": said.dot.replica,
                "seq": said.dot.seq,
                "record": case.record,
                "refused": said.refused,
                "code": said.code,
                "reason": said.reason,
                "said_at": operation.claimed_at,
            },
        )


def clear(tx: sa.Connection) -> None:
    """Empty the tables, to fill them again from the log."""
    for table in (conflict, conflict_case, conflict_facet, grouping, verdict):
        tx.execute(sa.delete(table))
    notifications.clear(tx)
