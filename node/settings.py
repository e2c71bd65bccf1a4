"""Named values that a node keeps in its database: who it is, timers, counters of the past."""

from typing import Any

import sqlalchemy as sa

from node.db import upsert
from node.rows import SettingRow, table

_SETTING = table(SettingRow)


def get(tx: sa.Connection, key: str, default: Any = None) -> Any:  # noqa: ANN401  # any JSON value
    """The value under a name, or the default."""
    found = tx.execute(sa.select(_SETTING.c.value).where(_SETTING.c.key == key)).one_or_none()
    return default if found is None else found.value


def put(tx: sa.Connection, key: str, value: Any, *, now: int) -> None:  # noqa: ANN401  # any JSON
    """Keep a value under a name.

    Args:
        tx: a write transaction.
        key: the name.
        value: anything JSON can hold.
        now: milliseconds since the epoch.
    """
    upsert(tx, _SETTING, {"key": key, "value": value, "updated_at": now})
