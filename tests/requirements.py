"""The 140 requirement rows of docs/requirements.csv, and which tests prove them."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import pytest

CSV = Path(__file__).parent.parent / "docs" / "requirements.csv"
PROVEN, OPEN, LATER, OUT = "proven", "open", "later", "out"
_MARK = re.compile(r"mark\.req\(([^)]*)\)")
_ROW = re.compile(r'"(R-[A-Za-z0-9-]+)"')


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row: a rule that a regulation's clause makes.

    Attributes:
        state: what `state_of` derives; kept in the file for readers.
        later: why the row is left to a later issue; empty where it is not.
    """

    id: str
    clause: str
    priority: str
    state: str
    later: str
    rule_zh: str
    rule_en: str
    who: str
    where: str


def load() -> dict[str, Requirement]:
    """All rows by id, in the order of the file."""
    with CSV.open(encoding="utf-8", newline="") as file:
        return {row["id"]: Requirement(**row) for row in csv.DictReader(file)}


def state_of(row: Requirement, tests: Iterable[str]) -> str:
    """Derive the state of a row: a row left for later is not proven by a test of one half of it."""
    if row.later:
        return LATER
    if any(True for _ in tests):
        return PROVEN
    return OUT if row.priority == OUT else OPEN


def stated(
    rows: Mapping[str, Requirement], tests: Mapping[str, Iterable[str]]
) -> dict[str, Requirement]:
    """The same rows with the state that their tests give them."""
    return {key: replace(row, state=state_of(row, tests.get(key, ()))) for key, row in rows.items()}


def write(rows: Mapping[str, Requirement]) -> None:
    """Write the file anew."""
    with CSV.open("w", encoding="utf-8", newline="") as file:
        names = [field.name for field in fields(Requirement)]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows.values())


def marks(item: pytest.Item) -> list[str]:
    """Return the row ids that `item` is marked with."""
    return [row for mark in item.iter_markers("req") for row in mark.args]


def marked_in(sources: Iterable[str]) -> set[str]:
    """Return the row ids that some source texts mark: quicker than collecting the tests."""
    found = (mark for text in sources for mark in _MARK.findall(text))
    return {row for mark in found for row in _ROW.findall(mark)}


def unknown(items: Iterable[pytest.Item], known: Mapping[str, Requirement]) -> list[str]:
    """Return a complaint for each mark that names no row."""
    return [
        f"{item.nodeid}: docs/requirements.csv has no row {row}"
        for item in items
        for row in marks(item)
        if row not in known
    ]
