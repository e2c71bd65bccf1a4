"""A catalogue as the rows of a workbook, and back: pure, every slip named by sheet, row, head."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from casework.catalogue_columns import ITEM_CODE, ITEMS, REQUIRED, SHEETS, Column, Sheet
from casework.errors import FieldProblem
from casework.values import Fields, Value, read_list, read_map

Cell: TypeAlias = "str | int | float | bool | date | None"
Rows: TypeAlias = "Sequence[Sequence[Cell]]"
_YES, _NO = "是", "否"
_NOTHING: Final = (None, "")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with a row that somebody wrote.

    Attributes:
        sheet: name of the sheet; empty for a JSON file.
        row: row of the sheet as programs number them, from 1; of JSON the item, from 1; 0: the
            whole file.
        field: head of the column, or the path within the item.
        message_zh: plain Chinese; the second sentence says what to do next.
    """

    sheet: str
    row: int
    field: str
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read from a workbook.

    Attributes:
        document: the catalogue as JSON, not checked yet.
        problems: of cells and sheets.
        places: pointer of each object → sheet and row it came from.
    """

    document: dict[str, Value]
    problems: tuple[RowProblem, ...]
    places: Mapping[str, tuple[Sheet, int]]

    def located(self, problem: FieldProblem) -> RowProblem:
        """Say in which row of which sheet a problem of the document stands."""
        at = problem.pointer
        while at and at not in self.places:
            at = at.rpartition("/")[0]
        sheet, row = self.places.get(at, (ITEMS, 0))
        path = problem.pointer[len(at) + 1 :].replace("/", ".")
        head = next((c.zh for c in sheet.columns if path and c.path == path), path)
        where = sheet.name if at else ""
        return RowProblem(where, row, head, problem.message_zh, problem.message_en)


@dataclass(slots=True)
class _Reading:
    """The workbook on its way to JSON."""

    items: dict[str, dict[str, Value]] = field(default_factory=dict)
    pointers: dict[str, str] = field(default_factory=dict)
    inner: dict[str, list[Value]] = field(default_factory=dict)
    lists: dict[str, list[Value]] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    places: dict[str, tuple[Sheet, int]] = field(default_factory=dict)

    def refuse(self, sheet: Sheet, row: int, head: str, *, zh: str, en: str) -> None:
        self.problems.append(RowProblem(sheet.name, row, head, zh, en))


def read(book: Mapping[str, Rows]) -> Taken:
    """Make a catalogue of the rows of a workbook.

    Args:
        book: name of each sheet → its rows, the head first. Sheets and columns stand in any
            order; others than those of the template are refused, so that nothing typed is lost.
    """
    reading = _Reading()
    for sheet in SHEETS:
        if sheet.name in book:
            _read_sheet(reading, sheet, book[sheet.name])
        elif sheet.name in REQUIRED:
            zh = f"没有“{sheet.name}”这张表。用模板填。"
            reading.refuse(sheet, 0, "", zh=zh, en=f"The sheet {sheet.name} is missing.")
    document: dict[str, Value] = {"items": list(reading.items.values()), **reading.lists}
    return Taken(document, tuple(reading.problems), reading.places)


def _read_sheet(reading: _Reading, sheet: Sheet, rows: Rows) -> None:
    heads = [str(cell or "").strip() for cell in (rows[0] if rows else ())]
    known = {column.zh: column for column in sheet.columns}
    for head in heads:
        if head and head not in known:
            zh = f"不认识“{head}”这一列。照模板的表头写。"
            reading.refuse(sheet, 1, head, zh=zh, en=f"Unknown column {head}.")
    for at, cells in enumerate(rows[1:], start=2):
        if any(cell not in _NOTHING for cell in cells):
            found = dict(_fields(reading, sheet, at, zip(heads, cells, strict=False)))
            _put(reading, sheet, at, found)


def _fields(
    reading: _Reading, sheet: Sheet, at: int, cells: Iterator[tuple[str, Cell]]
) -> Iterator[tuple[str, Value]]:
    known = {column.zh: column for column in sheet.columns}
    for head, cell in cells:
        column = known.get(head)
        if column is None or cell in _NOTHING:
            continue
        try:
            yield column.path, _READ[column.kind](cell, column)
        except _WrongCellError as wrong:
            reading.refuse(sheet, at, head, zh=wrong.zh, en=wrong.en)


def _put(reading: _Reading, sheet: Sheet, at: int, fields: Mapping[str, Value]) -> None:
    found = _nested({path: value for path, value in fields.items() if path != ITEM_CODE.path})
    if sheet is ITEMS:
        code = str(fields.get("code", ""))
        pointer = f"/items/{len(reading.items)}"
        if code in reading.items:
            zh = f"事项编码“{code}”已经有一行了。改掉一个。"
            reading.refuse(sheet, at, ITEM_CODE.zh, zh=zh, en=f"{code} is repeated.")
            return
        reading.items[code], reading.pointers[code] = found, pointer
    elif sheet.under:
        code = str(fields.get(ITEM_CODE.path, ""))
        if code not in reading.items:
            zh = f"“事项”表里没有编码“{code}”。对一对。"
            reading.refuse(sheet, at, ITEM_CODE.zh, zh=zh, en=f"No item {code}.")
            return
        entries = reading.inner.setdefault(f"{reading.pointers[code]}/{sheet.under}", [])
        reading.items[code][sheet.under] = entries
        pointer = f"{reading.pointers[code]}/{sheet.under}/{len(entries)}"
        entries.append(found)
    else:
        several = reading.lists.setdefault(sheet.part, [])
        pointer = f"/{sheet.part}/{len(several)}"
        several.append(found)
    reading.places[pointer] = (sheet, at)


def _nested(fields: Fields) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for path, value in fields.items():
        outer, _, inner = path.partition(".")
        found[outer] = {**read_map(found.get(outer)), inner: value} if inner else value
    return found


class _WrongCellError(Exception):
    """A cell that says something else than its column asks for."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def _text(cell: Cell, column: Column) -> Value:
    if not isinstance(cell, str):
        zh = f"“{cell}”成了数字或日期，前面的0会丢。把这一格改成“文本”再填。"
        raise _WrongCellError(zh, f"{cell} is no text: format the cell as text and type it again.")
    text = cell.strip()
    if not column.words:
        return text
    found = [_coded(part, column) for part in _parts(text)]
    if len(found) > 1 and not column.several:
        raise _WrongCellError(f"“{text}”写了几个。只留一个。", f"{text}: only one, please.")
    return found if column.several else found[0]


def _coded(word: str, column: Column) -> str:
    codes = {zh: code for code, zh in column.words.items()}
    code = codes.get(word, word)
    if code not in column.words:
        zh = f"“{word}”不对。只能写：{'、'.join(column.words.values())}。"
        raise _WrongCellError(zh, f"{word}: one of {', '.join(column.words)}.")
    return code


def _parts(text: str) -> list[str]:
    for sign in ("、", "，", ",", ";", "；"):
        text = text.replace(sign, "\n")
    return [part.strip() for part in text.splitlines() if part.strip()] or [""]


def _whole(cell: Cell, _column: Column) -> Value:
    given = cell
    if isinstance(given, str) and given.strip().isascii() and given.strip().isdigit():
        given = int(given)
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise _WrongCellError(f"“{cell}”不是整数。写0、1、2这样的数。", f"{cell} is no number.")
    return given


def _truth(cell: Cell, _column: Column) -> Value:
    if isinstance(cell, bool):
        return cell
    if cell in {_YES, _NO}:
        return cell == _YES
    raise _WrongCellError(f"“{cell}”不对。只能写“是”或“否”。", f"{cell}: write 是 or 否.")


def _lines(cell: Cell, _column: Column) -> Value:
    if not isinstance(cell, str):
        return _text(cell, _column)
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _date(cell: Cell, _column: Column) -> Value:
    if isinstance(cell, date):
        return cell.isoformat()
    try:
        return date.fromisoformat(str(cell).strip()).isoformat()
    except ValueError:
        raise _WrongCellError(f"“{cell}”不是日期。写成 2026-12-31。", f"{cell}: no date.") from None


def _modes(cell: Cell, column: Column) -> Value:
    found: dict[str, Value] = {}
    for line in str(cell).splitlines():
        code, equals, word = (part.strip() for part in line.partition("="))
        if not equals:
            zh = f"“{line}”不对。写成 站点代码=帮办代办，一行一个。"
            raise _WrongCellError(zh, f"{line}: write CODE=mode.")
        found[code] = None if word == "不办" else _coded(word, column)
    return found


_READ: Final[Mapping[str, Callable[[Cell, Column], Value]]] = {
    "text": _text,
    "whole": _whole,
    "truth": _truth,
    "lines": _lines,
    "date": _date,
    "modes": _modes,
}


def write(document: Value) -> dict[str, list[list[Cell]]]:
    """Lay out a catalogue as the rows of a workbook; an empty one gives the bare template.

    Args:
        document: a catalogue as JSON, as `read` makes it.
    """
    root = read_map(document)
    book: dict[str, list[list[Cell]]] = {}
    for sheet in SHEETS:
        rows = _objects(root, sheet)
        book[sheet.name] = [[column.zh for column in sheet.columns], *map(_row(sheet), rows)]
    return book


def _objects(root: Fields, sheet: Sheet) -> list[Fields]:
    if not sheet.under:
        return [read_map(entry) for entry in read_list(root.get(sheet.part))]
    return [
        {**read_map(entry), ITEM_CODE.path: read_map(item).get("code")}
        for item in read_list(root.get("items"))
        for entry in read_list(read_map(item).get(sheet.under))
    ]


def _row(sheet: Sheet) -> Callable[[Fields], list[Cell]]:
    def row(found: Fields) -> list[Cell]:
        return [_cell(_inside(found, column.path), column) for column in sheet.columns]

    return row


def _inside(found: Fields, path: str) -> Value:
    outer, _, inner = path.partition(".")
    value = found.get(outer)
    return read_map(value).get(inner) if inner else value


def _cell(value: Value, column: Column) -> Cell:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, str):
        return column.words.get(value, value)
    if isinstance(value, Mapping):
        words = {str(code): column.words.get(str(mode), "不办") for code, mode in value.items()}
        return "\n".join(f"{code}={word}" for code, word in words.items())
    if isinstance(value, Sequence):
        parting = "、" if column.words else "\n"
        return parting.join(column.words.get(str(one), str(one)) for one in value)
    return value
