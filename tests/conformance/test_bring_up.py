"""A new child is owed what is in its scope, numbered without gaps, on both databases."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.places import PlaceKind
from crypto.entropy import random_bytes
from node import anti_entropy, feeding
from node.db import Database
from node.tables import case as case_table
from sync.adapters.tables import METADATA, child, feed_item
from sync.adapters.tables import operation as operation_table
from sync.feed import Place, Scope, in_scope

PLACES = (
    Place("411526000000", PlaceKind.COUNTY),
    Place("411526101000", PlaceKind.TOWNSHIP),
    Place("411526102000", PlaceKind.TOWNSHIP),
    Place("411526101201", PlaceKind.VILLAGE),
    Place("411526101901", PlaceKind.OUTLET),
)
CODES = st.sampled_from(
    [
        *("", "411526101", "41152610", "411526000000", "411526101000", "411526102000"),
        *("411526101201", "411526101202", "411526102201", "411526101901", "不是代码"),
    ]
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, memory_path):
    if request.param == "sqlite":
        made = Database.sqlite(memory_path / "node.db", random_bytes(32))
    else:
        made = Database.url(request.getfixturevalue("postgres_url"))
    with made.write() as tx:
        METADATA.create_all(tx)
    yield made
    made.close()


def _operation(replica, seq, record):
    blank = {"hash": b"", "body": b"", "commitments": b""}
    return {"replica": replica, "seq": seq, "record": record, **blank}


def _fill(tx, scopes):
    """Two operations of each record: by the new child itself, and by somebody else."""
    for table in (feed_item, child, operation_table, case_table):
        tx.execute(sa.delete(table))
    for number, scope in enumerate(scopes):
        record = bytes([number]) * 16
        tx.execute(
            sa.insert(case_table).values(
                record=record,
                id=str(number),
                state="RECEIVED",
                station=scope.station,
                handling=scope.handling,
            )
        )
        for replica in (b"newcomer", b"somebody"):
            tx.execute(sa.insert(operation_table), [_operation(replica, number + 1, record)])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    scopes=st.lists(st.builds(Scope, CODES, CODES), max_size=12),
    place=st.sampled_from(PLACES),
)
def test_a_newcomer_is_owed_exactly_what_is_in_its_scope(database, scopes, place):
    with database.write() as tx:
        _fill(tx, scopes)
        tx.execute(
            sa.insert(child).values(replica=b"newcomer", station=place.code, kind=place.kind.value)
        )
        feeding._owe_scope(tx, place, b"newcomer")
        o, f = operation_table.c, feed_item.c
        owed = tx.execute(
            sa.select(f.number, o.replica, o.record)
            .join(operation_table, f.operation == o.id)
            .order_by(f.number)
        ).all()
        following = tx.scalar(sa.select(child.c.next))
    wanted = [bytes([n]) * 16 for n, scope in enumerate(scopes) if in_scope(place, scope)]
    assert [(row.number, row.replica, row.record) for row in owed] == [
        (number, b"somebody", record) for number, record in enumerate(wanted, start=1)
    ]
    assert following == len(wanted) + 1
    with database.read() as tx:
        compared = sorted(bytes(row.record) for row in anti_entropy._rows(tx, place))
    assert compared == sorted(wanted * 2)
