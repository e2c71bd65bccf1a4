"""The credit list of the county: read from a file, published as keyed hashes (R-HC-29e).

The file is the whole list; it replaces the one before. Nothing of it is kept here but the hashes,
no number of anybody is written down, and what is wrong with a line is said by its number.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Final

import sqlalchemy as sa

from casework import credit as rules
from casework.credit import KINDS, Record
from casework.errors import CaseworkError, FieldProblem
from casework.ids import IdNumber
from casework.places import Role
from casework.values import day_of, read_date
from crypto.keyed import keyed_hash
from hub.keys import GROUPING
from hub.usecases.publishing import republish
from node import credit, reckoning, workbook
from node.errors import InvalidInput
from node.people import Account
from node.runtime import Node
from node.workbook import Cell

_PART: Final = "credit"
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "id_no": ("证件号码", "id_no"),
    "kind": ("类型", "kind"),
    "from": ("起始日期", "from"),
    "repaired_at": ("修复日期", "repaired_at"),
}
_FIRM_LENGTH: Final = 18
_MOST_LINES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What is in force, without anybody's number.

    Attributes:
        as_of: day of the list; empty: none is published.
        age: days since then.
        holding: records that count today, by kind.
        repaired: records that were repaired.
    """

    version: int
    as_of: str
    age: int
    holding: Mapping[str, int]
    repaired: int


def shown(node: Node) -> Shown:
    """Count what is published."""
    today = day_of(node.clock.now_ms())
    with node.database.read() as tx:
        found = reckoning.held(tx)
    listed = credit.list_of(found) if found else None
    if found is None or listed is None:
        return Shown(found.version if found else 0, "", 0, {}, 0)
    records = [record for many in listed.records.values() for record in many]
    counts = {kind: sum(r.kind == kind and r.holds(today) for r in records) for kind in KINDS}
    return Shown(
        version=found.version,
        as_of=listed.as_of.isoformat(),
        age=(today - listed.as_of).days,
        holding=counts,
        repaired=sum(not r.holds(today) and r.since <= today for r in records),
    )


def take(node: Node, name: str, data: bytes, *, account: Account) -> Shown:
    """Publish a list.

    Args:
        node: the hub.
        name: of the file; its ending says how it is read (.csv, .xlsx).
        data: the file.
        account: an administrator.

    Raises:
        InvalidInput: with every line that is wrong; nothing was published.
    """
    if account.role is not Role.ADMINISTRATOR:
        zh = "信用名单由管理员导入。请管理员来办。"
        raise InvalidInput([FieldProblem("", "role", zh, "An administrator imports it.")])
    rows = list(read(name, data))
    as_of = day_of(node.clock.now_ms())
    key = keyed_hash(node.keys.secret(GROUPING), "credit list", as_of.isoformat(), node.new_id())
    part = rules.publish(rows, key=key, as_of=as_of, digest=credit.digest)

    def work(tx: sa.Connection) -> None:
        republish(tx, node, {_PART: part})

    node.database.run(work)
    return shown(node)


def read(name: str, data: bytes) -> Iterator[tuple[str, Record]]:
    """Read a list.

    Raises:
        InvalidInput: with every line that is wrong, by its number.
    """
    rows = _sheet(data) if PurePath(name).suffix.lower() == ".xlsx" else _text(data)
    head, *lines = rows or [()]
    at = _columns(head)
    found, wrong = [], []
    for number, line in enumerate(lines[:_MOST_LINES], 2):
        cells = {what: _cell(line, column) for what, column in at.items()}
        if any(cells.values()):
            record, problems = _record(cells, number)
            found += [record] if record else []
            wrong += problems
    if len(lines) > _MOST_LINES:
        wrong.append(_wrong("/", f"最多{_MOST_LINES}行。分开导入。", "Too many lines."))
    if wrong:
        raise InvalidInput(wrong)
    yield from found


def _sheet(data: bytes) -> Sequence[Sequence[Cell]]:
    sheets = workbook.read(data)
    return next(iter(sheets.values()), ())


def _text(data: bytes) -> Sequence[Sequence[Cell]]:
    """Read CSV as spreadsheets write it in China: UTF-8 with or without mark, or GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding))))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise InvalidInput([_wrong("/", "读不懂这个文件。另存成CSV再导入。", "Neither text nor CSV.")])


def _columns(head: Sequence[Cell]) -> dict[str, int]:
    names = [str(cell or "").strip() for cell in head]
    at = {what: names.index(n) for what, known in _HEADS.items() for n in known if n in names}
    lacking = [known[0] for what, known in _HEADS.items() if what not in at]
    if lacking:
        zh = f"第1行缺这几栏：{'、'.join(lacking)}。"
        raise InvalidInput([_wrong("/1", zh, "Columns are missing in line 1.")])
    return at


def _cell(line: Sequence[Cell], column: int) -> Cell:
    return line[column] if column < len(line) else None


def _record(
    cells: Mapping[str, Cell], number: int
) -> tuple[tuple[str, Record] | None, list[FieldProblem]]:
    id_no = str(cells["id_no"] or "").strip().upper()
    kind = _kind(str(cells["kind"] or "").strip())
    since, repaired = _day(cells["from"]), _day(cells["repaired_at"])
    tests = (
        (_is_number(id_no), "证件号码不对", "the number is wrong"),
        (kind, "类型只能写失信或虚假承诺", "the kind is unknown"),
        (since is not None, "起始日期写成 2026-01-31 这样", "the first day is no date"),
        (
            not cells["repaired_at"] or repaired is not None,
            "修复日期写成 2026-01-31 这样",
            "the day of repair is no date",
        ),
    )
    wrong = [
        _wrong(f"/{number}", f"第{number}行：{zh}。", f"Line {number}: {en}.")
        for holds, zh, en in tests
        if not holds
    ]
    if wrong or since is None:
        return None, wrong
    return (id_no, Record(kind, since, repaired)), []


def _is_number(text: str) -> bool:
    """Whether it is an ID number whose sum fits, or the 18 signs of a credit code."""
    try:
        IdNumber.parse(text)
    except CaseworkError:
        firm = len(text) == _FIRM_LENGTH and text.isascii() and text.isalnum()
        return firm and not text[:17].isdigit()
    return True


def _kind(text: str) -> str:
    return next((code for code, names in KINDS.items() if text in {code, names[0]}), "")


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else read_date(str(cell or "").strip())


def _wrong(pointer: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer, "line", zh, en)
