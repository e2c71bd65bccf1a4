"""Taking in a roster: one case a row, every refusal with its row and what to do.

Good rows are taken in together, in one transaction: a power cut leaves all of them or none. Rows
that are wrong are left out and told; the same file, put right, is brought again, and only what is
new in it is taken in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import sqlalchemy as sa

from casework import roster
from casework.case import ENDED
from casework.catalogue import CatalogueItem
from casework.errors import FieldProblem, IntakeRefused
from casework.intake import IntakeOutcome
from casework.roster import Cell, Places
from casework.values import Value, read_list, read_map, read_text
from casework.wording import problem
from node import room, workbook
from node.errors import InvalidInput, NotFound
from node.people import Account
from node.rows import table
from node.runtime import Node
from node.tables import case as case_table
from station import search
from station.rows import ImportedRow, PersonRow
from station.usecases import intake, people
from station.usecases.intake import Desk, Opened

_DONE: Final = table(ImportedRow)
_PERSON: Final = table(PersonRow)
_ENDED: Final = tuple(state.value for state in ENDED)
_MOST_ROWS: Final = 2000
_BATCH: Final = 200
_HEAD_ROWS: Final = 1


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was left out.

    Attributes:
        row: as the spreadsheet numbers it, the head being 1.
    """

    row: int
    name: str
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that became a case, now or when the file was brought before."""

    row: int
    case: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a roster came to.

    Attributes:
        taken: cases of this time; while only checked, with empty ids.
        before: rows that were cases already.
        kinds: received, accepted or accepted_deficient → how many of this time.
    """

    taken: tuple[Taken, ...]
    before: tuple[Taken, ...]
    refused: tuple[Refused, ...]
    kinds: Mapping[str, int]


@dataclass(slots=True)
class _Sorted:
    """Rows on their way."""

    good: list[tuple[int, str, IntakeOutcome]] = field(default_factory=list)
    before: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def template(node: Node, code: str) -> bytes:
    """Make the workbook in which a roster of an item is filled in.

    Raises:
        NotFound: the catalogue has no such item.
        NoCatalogue: none has reached this computer.
    """
    with node.database.read() as tx:
        item = node.catalogue(tx).item(code)
        villages = [name for _, name in _villages(tx, node)]
    if item is None:
        raise NotFound("item", code)
    found = roster.columns(item)
    told = [(c.head, "要填" if c.required else "可以不填", c.hint) for c in found]
    return workbook.write(
        {
            "名单": [[c.head for c in found]],
            "怎么填": [("列", "要不要填", "说明"), *told],
            "村名": [("村（社区）",), *[(name,) for name in villages]],
        }
    )


def take_in(
    node: Node, code: str, data: bytes, *, account: Account, check_only: bool = False
) -> Report:
    """Take in a roster.

    Args:
        node: this station.
        code: of the item.
        data: the workbook; its first sheet counts.
        account: who takes it in.
        check_only: say what it would come to, and write nothing.

    Raises:
        NotFound: the catalogue has no such item.
        InvalidInput: it is no workbook, or its head does not fit the item; nothing was written.
        LowSpace, Busy, DiskFull: nothing was written.
    """
    rows = _rows(data)
    people.refresh(node)

    def work(tx: sa.Connection) -> Report:
        desk = intake.desk_of(tx, node, account)
        item = desk.catalogue.item(code)
        if item is None:
            raise NotFound("item", code)
        if not check_only:
            room.demand(desk.pressing.room, "intake", desk.pressing.free)
        found = _sort(tx, desk, item, _named(rows, item))
        return _report(found, () if check_only else _write(tx, desk, found))

    if check_only:
        with node.database.read() as tx:
            return work(tx)
    report = node.database.run(work)
    with node.database.write() as tx:
        while search.catch_up(tx):
            pass
    return report


def _rows(data: bytes) -> Sequence[Sequence[Cell]]:
    sheets = workbook.read(data)
    rows = next(iter(sheets.values()), ())
    if len(rows) <= _HEAD_ROWS:
        raise InvalidInput([FieldProblem("", "empty", "名单是空的。填好再导入。", "No rows.")])
    if len(rows) > _MOST_ROWS + _HEAD_ROWS:
        zh = f"一次最多{_MOST_ROWS}行。分成几份再导入。"
        raise InvalidInput([FieldProblem("", "rows", zh, f"At most {_MOST_ROWS} rows at once.")])
    return rows


def _named(
    rows: Sequence[Sequence[Cell]], item: CatalogueItem
) -> list[tuple[int, dict[str, Cell]]]:
    """Rows by their heads; empty ones are left out."""
    problems = roster.heads(rows[0], item)
    if problems:
        raise InvalidInput(problems)
    names = [str(cell or "").strip() for cell in rows[0]]
    named = (
        (at, {name: cell for name, cell in zip(names, row, strict=False) if name})
        for at, row in enumerate(rows[_HEAD_ROWS:], start=_HEAD_ROWS + 1)
    )
    return [(at, row) for at, row in named if any(cell not in {None, ""} for cell in row.values())]


def _sort(
    tx: sa.Connection, desk: Desk, item: CatalogueItem, rows: Sequence[tuple[int, dict[str, Cell]]]
) -> _Sorted:
    """Judge every row; what all rows need is asked once."""
    places = _places(tx, desk)
    done = _done(tx, [roster.digest(row, item) for _, row in rows])
    read = [(at, row, *roster.document(row, item, places)) for at, row in rows]
    same = _open_cases(tx, item, [_number(document) for _, _, document, _ in read])
    found, seen = _Sorted(), dict[str, int]()
    for at, row, document, unread in read:
        name, number = _text(document, "name"), _number(document)
        known = done.get(roster.digest(row, item))
        if known is not None:
            found.before.append(Taken(at, *known))
            seen.setdefault(number, at)
            continue
        wrong = [*unread, *_twice(number, seen, same)]
        seen.setdefault(number, at)
        try:
            outcome = intake.judge(tx, desk, document, ahead=len(found.good))
        except IntakeRefused as refused:
            found.refused.append(Refused(at, name, (*wrong, *_fresh(refused.errors, unread))))
            continue
        if wrong:
            found.refused.append(Refused(at, name, tuple(wrong)))
        else:
            found.good.append((at, roster.digest(row, item), outcome))
    return found


def _fresh(errors: Sequence[FieldProblem], unread: Sequence[FieldProblem]) -> list[FieldProblem]:
    """What the rules say besides: an unreadable cell is not also told as missing."""
    return [e for e in errors if not (unread and e.code == "missing")]


def _twice(number: str, seen: Mapping[str, int], same: Mapping[str, str]) -> Iterator[FieldProblem]:
    if number and number in seen:
        yield problem("", "row_twice", row=seen[number])
    elif number in same:
        yield problem("", "row_same", number=same[number])


def _write(tx: sa.Connection, desk: Desk, found: _Sorted) -> Sequence[Opened]:
    opened: list[Opened] = []
    for start in range(0, len(found.good), _BATCH):
        batch = found.good[start : start + _BATCH]
        opened += intake.write(tx, desk, [(desk.node.new_id(), one) for _, _, one in batch])
    kept = [
        {"digest": digest, "case": case.case, "imported_at": desk.at.now}
        for (_, digest, _), case in zip(found.good, opened, strict=True)
    ]
    if kept:
        tx.execute(sa.insert(_DONE), kept)
    return opened


def _report(found: _Sorted, opened: Sequence[Opened]) -> Report:
    ids = [one.case for one in opened] or [""] * len(found.good)
    kinds: dict[str, int] = {}
    for _, _, outcome in found.good:
        kinds[outcome.kind.value] = kinds.get(outcome.kind.value, 0) + 1
    return Report(
        taken=tuple(
            Taken(at, case, outcome.temporary_number if opened else "")
            for (at, _, outcome), case in zip(found.good, ids, strict=True)
        ),
        before=tuple(found.before),
        refused=tuple(found.refused),
        kinds=kinds,
    )


def _done(tx: sa.Connection, digests: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Rows that became cases before: digest → id and number."""
    found: dict[str, tuple[str, str]] = {}
    c = case_table.c
    for start in range(0, len(digests), _BATCH):
        batch = digests[start : start + _BATCH]
        told = sa.select(_DONE.c.digest, _DONE.c.case, c.temporary_number).outerjoin(
            case_table, c.id == _DONE.c.case
        )
        for row in tx.execute(told.where(_DONE.c.digest.in_(batch))):
            found[row.digest] = (row.case, row.temporary_number or "")
    return found


def _open_cases(tx: sa.Connection, item: CatalogueItem, typed: Sequence[str]) -> dict[str, str]:
    """Open cases here of the item, by the number of the person: number → that of the case."""
    found: dict[str, str] = {}
    c = case_table.c
    numbers = sorted(set(filter(None, typed)))
    for start in range(0, len(numbers), _BATCH):
        told = (
            sa.select(_PERSON.c.id_no, c.temporary_number)
            .join(case_table, c.record == _PERSON.c.record)
            .where(_PERSON.c.id_no.in_(numbers[start : start + _BATCH]))
            .where(c.item == item.code, c.state.not_in(_ENDED))
        )
        found |= {row.id_no: row.temporary_number for row in tx.execute(told)}
    return found


def _places(tx: sa.Connection, desk: Desk) -> Places:
    codes: dict[str, str] = {}
    for code, name in _villages(tx, desk.node):
        codes[code] = code
        codes.setdefault(name, code)
    own = desk.me.place.code
    return Places(codes, own if own in codes else next(iter(codes.values()), own))


def _villages(tx: sa.Connection, node: Node) -> list[tuple[str, str]]:
    """Code and name of every village that the county has published, this township's first."""
    own = node.identity_in(tx).place.code
    found = [
        _village(entry)
        for township in map(read_map, cast("Sequence[Value]", node.regions(tx)))
        for entry in read_list(township.get("villages"))
    ]
    return sorted(found, key=lambda one: (one[0] != own, one[0][:9] != own[:9], one[0]))


def _village(entry: Value) -> tuple[str, str]:
    if isinstance(entry, list | tuple):
        return str(entry[0]), str(entry[1])
    village = read_map(entry)
    return read_text(village.get("code")) or "", read_text(village.get("name")) or ""


def _text(document: Mapping[str, Value], name: str) -> str:
    return read_text(read_map(document.get("applicant")).get(name)) or ""


def _number(document: Mapping[str, Value]) -> str:
    return people.tidy(_text(document, "id_no"))
