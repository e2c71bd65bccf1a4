"""Which cases have something in common: a person, a likeness, an online application, a bundle.

Keys are keyed hashes that only this county can compute; the table is a projection of the cases.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from casework.conflict_rules.persons import plain_name
from casework.conflict_rules.table import Group
from hub.rows import grouping
from hub.usecases.sitting import Sitting
from node.cases import Case

_BATCH: Final = 400
_NO_DOCUMENT: Final = "none"
MOST: Final = 64
"""Cases of one group that are compared; more than that are no person's."""


def keys_of(sitting: Sitting, case: Case) -> dict[str, bytes]:
    """The groups that a case belongs to: kind → key."""
    state = case.state
    number, kind = state.text("id_no"), state.text("id_type")
    name, address = plain_name(state.text("name")), "".join(state.text("address").split())
    parts: dict[Group, tuple[str, ...]] = {
        Group.PERSON: (kind, number) if number and kind != _NO_DOCUMENT else (),
        Group.LIKENESS: (name, address) if name and address and number else (),
        Group.ONLINE: tuple(filter(None, (state.text("online_ref"),))),
        Group.BUNDLE: tuple(filter(None, (state.text("bundle"),))),
    }
    return {
        group.value: sitting.key(f"group {group.value}", *texts)
        for group, texts in parts.items()
        if texts
    }


def write_keys(sitting: Sitting, touched: Sequence[Case]) -> dict[bytes, dict[str, bytes]]:
    """Write the groups of some cases over what was there; record → kind → key."""
    found = {case.record: keys_of(sitting, case) for case in touched}
    records = sorted(found)
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        sitting.tx.execute(sa.delete(grouping).where(grouping.c.record.in_(batch)))
    rows = [
        {"record": record, "kind": kind, "key": key}
        for record in records
        for kind, key in found[record].items()
    ]
    if rows:
        sitting.tx.execute(sa.insert(grouping), rows)
    return found


def crowds(tx: sa.Connection, keys: Collection[bytes]) -> Mapping[tuple[str, bytes], list[bytes]]:
    """The groups of more than one case: kind and key → records, in the order of their ids."""
    g = grouping.c
    found: dict[tuple[str, bytes], list[bytes]] = defaultdict(list)
    listed = sorted(keys)
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        several = (
            sa.select(g.key).where(g.key.in_(batch)).group_by(g.key).having(sa.func.count() > 1)
        )
        rows = tx.execute(
            sa.select(g.kind, g.key, g.record).where(g.key.in_(several)).order_by(g.record)
        )
        for row in rows:
            found[row.kind, bytes(row.key)].append(bytes(row.record))
    return found
