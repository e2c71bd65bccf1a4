"""The credit list: who may not use an inform-and-promise until the credit is repaired (R-HC-29e).

Stations hold keyed hashes, never numbers. A list that is too old says nothing either way: the case
is taken, and the county looks again when it arrives (T16).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.timers import is_current
from casework.values import Value, read_date, read_list, read_map, read_text

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "dishonest": ("失信", "bad credit record"),
    "false_promise": ("虚假承诺", "earlier false promise"),
}
"""What a record can be: code → Chinese, English."""
_HASH_BYTES: Final = 16
_COLUMNS: Final = 4

Hash = Callable[[bytes, str], bytes]
"""Key and number → keyed hash; given by who may use `crypto`."""


class Standing(StrEnum):
    """What the list says of a person on a day."""

    CLEAR = "clear"
    LISTED = "listed"
    STALE = "stale"
    """The list is older than its lease and names nobody of that number: 联网后核查."""
    NO_LIST = "no_list"
    """The county publishes none."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of somebody; he is named by the hash alone."""

    kind: str
    since: date
    repaired_at: date | None

    def holds(self, day: date) -> bool:
        """Say whether it counts on a day: from its first day until it is repaired."""
        return self.since <= day and (self.repaired_at is None or day < self.repaired_at)


@dataclass(frozen=True, slots=True)
class CreditList:
    """The published list.

    Attributes:
        key: of the hashes; another one with every list, so that two lists cannot be laid beside
            each other.
        as_of: day of the list.
    """

    key: bytes
    as_of: date
    records: Mapping[bytes, tuple[Record, ...]]

    def of(self, number: str, digest: Hash) -> tuple[Record, ...]:
        """Answer the records of a number, in whatever case it was typed."""
        return self.records.get(digest(self.key, normal(number)), ())


def normal(number: str) -> str:
    """Bring a number into the form in which it is hashed."""
    return number.strip().upper()


def parse(document: object) -> CreditList | None:
    """Read the published part `credit`; None where there is none that can be read."""
    root = read_map(document)
    key, as_of = _bytes(root.get("key")), read_date(root.get("as_of"))
    if not key or as_of is None:
        return None
    found: dict[bytes, list[Record]] = {}
    for row in map(read_list, read_list(root.get("records"))):
        mark = _bytes(row[0]) if len(row) == _COLUMNS else b""
        since = read_date(row[2]) if mark else None
        if len(mark) == _HASH_BYTES and since is not None:
            record = Record(read_text(row[1]) or "", since, read_date(row[3]))
            found.setdefault(mark, []).append(record)
    return CreditList(key, as_of, {mark: tuple(records) for mark, records in found.items()})


def _bytes(value: Value) -> bytes:
    try:
        return bytes.fromhex(read_text(value) or "")
    except ValueError:
        return b""


def publish(
    rows: Iterable[tuple[str, Record]], *, key: bytes, as_of: date, digest: Hash
) -> dict[str, Value]:
    """Lay a list out for publication; the numbers themselves are not in it.

    Args:
        rows: number and record, in any order.
        key: of the hashes.
        as_of: day of the list.
        digest: the keyed hash.
    """
    written = sorted(
        [
            digest(key, normal(number)).hex(),
            record.kind,
            record.since.isoformat(),
            record.repaired_at.isoformat() if record.repaired_at else "",
        ]
        for number, record in rows
    )
    rows_out: list[Value] = [list(row) for row in written]
    return {"key": key.hex(), "as_of": as_of.isoformat(), "records": rows_out}


def standing(
    found: CreditList | None, number: str, day: date, *, lease_days: int, digest: Hash
) -> Standing:
    """Say what the list says of a person.

    Args:
        found: the list held here.
        number: of the person or organisation.
        day: on which the promise would be made.
        lease_days: calendar days for which a list counts.
        digest: the keyed hash.
    """
    if found is None:
        return Standing.NO_LIST
    if any(record.holds(day) for record in found.of(number, digest)):
        return Standing.LISTED  # an old list that names him still does
    current = is_current(found.as_of, day, lease_days)
    return Standing.CLEAR if current else Standing.STALE


def barred_since(found: CreditList | None, number: str, day: date, *, digest: Hash) -> date | None:
    """Answer since when a person may not use an inform-and-promise (C33); None: he may."""
    records = found.of(number, digest) if found else ()
    return min((record.since for record in records if record.holds(day)), default=None)
