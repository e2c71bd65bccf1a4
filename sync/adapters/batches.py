"""How many values go into one statement."""

from collections.abc import Collection, Iterable
from typing import Final

_BATCH: Final = 500
"""Values in one IN list: SQLite's and PostgreSQL's limits lie far above."""


def batches(values: Collection[object]) -> Iterable[list[object]]:
    """Cut values into lists that fit one IN list."""
    listed = list(values)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]
