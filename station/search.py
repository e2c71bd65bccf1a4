"""The search index of a station: cases by name, first letters and numbers; items by their words.

FTS5 over text cut into single characters, asked as a phrase, so that one, two or any number of
characters are found wherever they stand. A trigger on the cases notes which ones have changed, by
whatever way; `catch_up` brings their entries up to date in the transaction of the caller. The
index can be thrown away: `build` makes it anew.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from casework import bundle_papers
from casework.catalogue import Catalogue, CatalogueItem
from node.db import driver
from station import initials

CASE, ITEM = "case", "item"
_COLUMNS: Final = ("words", "initials", "numbers")
_PARTING: Final = " \ue000 "  # a sign of nobody's: no phrase reaches over it
_FIRST_ASTRAL: Final = 0x10000
_PARTS: Final = (
    ("table", "search_entry"),
    ("table", "search_entry_fts"),
    ("table", "search_changed"),
    ("trigger", "search_case_written"),
    ("trigger", "search_case_gone"),
)
_TRIGGERS: Final = (
    """CREATE TRIGGER IF NOT EXISTS search_case_written AFTER INSERT ON case_file
       BEGIN INSERT OR IGNORE INTO search_changed (record) VALUES (new.record); END""",
    """CREATE TRIGGER IF NOT EXISTS search_case_gone AFTER DELETE ON case_file
       BEGIN INSERT OR IGNORE INTO search_changed (record) VALUES (old.record); END""",
)
_PUT: Final = """INSERT INTO search_entry (kind, ref, record, words, initials, numbers)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, ref) DO UPDATE SET
    words = excluded.words, initials = excluded.initials, numbers = excluded.numbers
    WHERE (words, initials, numbers) IS NOT (excluded.words, excluded.initials, excluded.numbers)"""
_CASES: Final = """SELECT record, id, name, temporary_number, official_number,
    (SELECT group_concat(ref, ' ') FROM case_link l
     WHERE l.record = c.record AND l.kind = 'external') FROM case_file c
    WHERE record IN ({marks})"""
_CHANGED: Final = "SELECT record FROM search_changed ORDER BY rowid DESC LIMIT 500"
_FIND: Final = """SELECT e.ref FROM search_entry_fts f JOIN search_entry e ON e.id = f.rowid
    WHERE search_entry_fts MATCH ? AND e.kind = ? ORDER BY f.rowid DESC LIMIT ?"""


class _Entry(NamedTuple):
    kind: str
    ref: str
    record: bytes | None
    words: str
    initials: str
    numbers: str


def is_built(tx: sa.Connection) -> bool:
    """Whether the whole index is there; a migration that remakes the cases takes it away."""
    rows = driver(tx).execute("SELECT type, name FROM sqlite_master").fetchall()
    return {tuple(row) for row in rows}.issuperset(_PARTS)


def build(tx: sa.Connection) -> None:
    """Make the index anew, over every case that is here.

    Args:
        tx: a write transaction.
    """
    # Slow to load; a built index never needs it.
    import sqlite_utils  # noqa: PLC0415

    database = sqlite_utils.Database(driver(tx))
    for name in ("search_entry_fts", "search_entry", "search_changed"):
        if database.table(name).exists():
            database.table(name).drop()
    database.table("search_changed").create({"record": bytes}, pk="record")
    entries = database.table("search_entry")
    columns = {"id": int, "kind": str, "ref": str, "record": bytes, **dict.fromkeys(_COLUMNS, str)}
    entries.create(columns, pk="id", not_null=("kind", "ref"))
    entries.create_index(["kind", "ref"], unique=True)
    entries.create_index(["record"])
    entries.enable_fts(_COLUMNS, create_triggers=True, tokenize="unicode61 remove_diacritics 2")
    raw = driver(tx)
    raw.execute("INSERT INTO search_entry_fts (search_entry_fts, rank) VALUES ('secure-delete', 1)")
    for trigger in _TRIGGERS:
        raw.execute(trigger)
    raw.execute("INSERT INTO search_changed (record) SELECT record FROM case_file")
    while catch_up(tx):
        pass


def catch_up(tx: sa.Connection) -> int:
    """Bring the entries of changed cases up to date, the last changed first.

    Args:
        tx: a write transaction.

    Returns:
        How many cases were looked at: at most 500, so that nobody else waits long.
    """
    raw = driver(tx)
    changed = [row[0] for row in raw.execute(_CHANGED).fetchall()]
    if changed:
        _refresh(raw, changed)
        raw.executemany("DELETE FROM search_changed WHERE record = ?", [(r,) for r in changed])
    return len(changed)


def is_behind(tx: sa.Connection) -> bool:
    """Whether a case has changed since the index was brought up to date."""
    return bool(driver(tx).execute("SELECT 1 FROM search_changed LIMIT 1").fetchall())


def put_items(tx: sa.Connection, catalogue: Catalogue) -> None:
    """Replace the entries of all items and matters by those of a catalogue.

    Args:
        tx: a write transaction.
        catalogue: as published.
    """
    raw = driver(tx)
    raw.execute("DELETE FROM search_entry WHERE kind = ?", (ITEM,))
    matters = (bundle_papers.as_item(catalogue, code) for code in catalogue.bundles)
    items = [*catalogue.items.values(), *filter(None, matters)]
    raw.executemany(_PUT, [_item_entry(item) for item in items])


def find(tx: sa.Connection, text: str, *, kind: str, limit: int) -> list[str]:
    """Find entries that hold every word of a text, the newest first.

    Args:
        tx: any transaction.
        text: as typed; blanks part words, dashes inside a number do not matter.
        kind: CASE or ITEM.
        limit: most entries.

    Returns:
        ULIDs of cases, or codes of items.
    """
    question = phrase(text)
    if not question:
        return []
    return [row[0] for row in driver(tx).execute(_FIND, (question, kind, limit)).fetchall()]


def phrase(text: str) -> str:
    """Write what was typed as a question for FTS5: one phrase a word; empty asks for nothing.

    >>> phrase("王芳 L4-1")
    '"王 芳" AND "l 4 1"'
    """
    words = (_cut(word) for word in unicodedata.normalize("NFKC", text).split())
    return " AND ".join(f'"{word}"' for word in words if word)


def _cut(text: str) -> str:
    """Cut a text into single characters; what is no letter or digit falls away.

    Characters beyond the basic plane are written as numbers: tokenizers of SQLite know but some.
    """
    tidy = unicodedata.normalize("NFKC", text).lower()
    return " ".join(
        character if ord(character) < _FIRST_ASTRAL else f"x{ord(character):x}"
        for character in tidy
        if character.isalnum() or ord(character) >= _FIRST_ASTRAL
    )


def _join(texts: Iterable[str]) -> str:
    return _PARTING.join(filter(None, map(_cut, texts)))


def _refresh(raw: Any, records: Sequence[bytes]) -> None:  # noqa: ANN401  # the driver has no types
    marks = ", ".join("?" * len(records))
    rows = raw.execute(_CASES.format(marks=marks), records).fetchall()
    raw.executemany(_PUT, [_case_entry(row) for row in rows])
    gone = set(records) - {row[0] for row in rows}
    raw.executemany("DELETE FROM search_entry WHERE record = ?", [(record,) for record in gone])


def _case_entry(row: tuple[bytes, str, str, str, str, str | None]) -> _Entry:
    record, ref, name, *numbers, elsewhere = row
    numbers += (elsewhere or "").split()
    return _Entry(CASE, ref, record, _cut(name), _join(initials.of_name(name)), _join(numbers))


def _item_entry(item: CatalogueItem) -> _Entry:
    told = (item.name, *item.words, item.name_en)
    letters = [way for text in (item.name, *item.words) for way in initials.readings(text)]
    return _Entry(ITEM, item.code, None, _join(told), _join(letters), _join((item.code,)))
