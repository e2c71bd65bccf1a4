"""The 140 requirement rows of docs/requirements.csv, and which tests prove them."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

CSV = Path(__file__).parent.parent / "docs" / "requirements.csv"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row: a rule that a regulation's clause makes."""

    id: str
    clause: str
    priority: str
    rule_zh: str
    rule_en: str
    who: str
    where: str


def load() -> dict[str, Requirement]:
    """All rows by id, in the order of the file."""
    with CSV.open(encoding="utf-8", newline="") as file:
        return {row["id"]: Requirement(**row) for row in csv.DictReader(file)}


def marks(item: pytest.Item) -> list[str]:
    """Return the row ids that `item` is marked with."""
    return [row for mark in item.iter_markers("req") for row in mark.args]


def unknown(items: Iterable[pytest.Item], known: Mapping[str, Requirement]) -> list[str]:
    """Return a complaint for each mark that names no row."""
    return [
        f"{item.nodeid}: docs/requirements.csv has no row {row}"
        for item in items
        for row in marks(item)
        if row not in known
    ]
