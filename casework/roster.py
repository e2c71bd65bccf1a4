"""A roster: one case a row, for seasons in which a whole village files the same item.

The columns follow the item as published; nothing else can be asked for. What a row says becomes the
same case document (CASE.json) that the pages make.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final, TypeAlias

from casework.catalogue import CatalogueItem
from casework.errors import FieldProblem
from casework.intake_reading import FIRM
from casework.values import Value
from casework.wording import problem

Cell: TypeAlias = "str | int | float | bool | date | None"

_LONGEST_EXACT: Final = 15
"""Digits that a spreadsheet keeps of a number; the rest it makes zeros."""


class Kind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    NUMBER = "number"
    """Digits that must have been typed as text: an ID card has more than a number holds."""
    COUNT = "count"
    TRUTH = "truth"
    PLACE = "place"
    PAPER = "paper"
    PICKUP = "pickup"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, what it fills, how it is read, and what is told of it."""

    head: str
    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    hint: str = ""


PAPERS: Final[Mapping[str, Mapping[str, Value]]] = {
    "原件": {"form": "original", "original_seen": True},
    "复印件，看过原件": {"form": "copy", "original_seen": True},
    "复印件": {"form": "copy"},
    "电子件": {"form": "electronic"},
    "部门共享": {"form": "shared"},
}
"""What may be written of a paper, and what it means; an empty cell: not handed in."""
PICKUPS: Final = {
    "到站里来拿": "station",
    "送到家": "visit",
    "邮寄": "mail",
    "发电子件": "electronic",
}
_TRUTHS: Final = {"是": True, "有": True, "√": True, "否": False, "没有": False, "": False}
_PERSON: Final = (
    Column("姓名", "name", required=True, hint="证件上怎么写就怎么写。"),
    Column("身份证号", "id_no", Kind.NUMBER, required=True, hint="18位，这一列要是文本格式。"),
    Column("电话", "phone", Kind.COUNT),
    Column("村（社区）", "division", Kind.PLACE, hint="不写就是本站所在的村；写村名或12位代码。"),
    Column("门牌或组", "address", required=True),
    Column("结果怎么拿", "pickup", Kind.PICKUP, hint="不写就是“到站里来拿”。"),
)
_FIRM: Final = (
    Column("单位名称", "name", required=True),
    Column("统一社会信用代码", "id_no", Kind.NUMBER, required=True, hint="执照上的18位。"),
    *_PERSON[2:],
)
_KINDS: Final = {"truth": Kind.TRUTH, "integer": Kind.COUNT, "digits": Kind.NUMBER}
_FORM, _PAPER = "form.", "paper."


@dataclass(frozen=True, slots=True)
class Places:
    """Where people live: name and code → code; `own`: of this station."""

    codes: Mapping[str, str]
    own: str


def columns(item: CatalogueItem) -> tuple[Column, ...]:
    """Answer the columns of an item's roster."""
    asked = [
        Column(q.title, f"{_FORM}{q.name}", _KINDS.get(q.kind, Kind.TEXT), q.required)
        for q in item.form
    ]
    papers = [
        Column(f"材料{m.no} {m.name}", f"{_PAPER}{m.no}", Kind.PAPER, hint="、".join(PAPERS))
        for m in item.materials
        if not m.when
    ]
    return (*(_FIRM if item.subjects == (FIRM,) else _PERSON), *asked, *papers)


def heads(found: Sequence[Cell], item: CatalogueItem) -> list[FieldProblem]:
    """Name what is wrong with the head of a roster: columns that lack, repeat, or mean nothing."""
    wanted = {column.head for column in columns(item)}
    given = [str(cell).strip() for cell in found if cell not in {None, ""}]
    needed = {column.head for column in columns(item) if column.required}
    problems = [problem("", "column_missing", zh=head) for head in sorted(needed - set(given))]
    problems += [problem("", "column_unknown", zh=head) for head in given if head not in wanted]
    twice = sorted({head for head in given if given.count(head) > 1})
    return problems + [problem("", "column_twice", zh=head) for head in twice]


def document(
    row: Mapping[str, Cell], item: CatalogueItem, places: Places
) -> tuple[dict[str, Value], list[FieldProblem]]:
    """Read one row as a case document.

    Args:
        row: head of the column → cell.
        item: as published.
        places: where people live.

    Returns:
        CASE.json, and what in the row cannot be read. Does not check the case: `casework.intake`.
    """
    problems: list[FieldProblem] = []
    cells: dict[str, Value] = {}
    for column in columns(item):
        value, wrong = _read(row.get(column.head), column, places)
        problems += [wrong] if wrong else []
        if value is not None:
            cells[column.name] = value
    return _document(cells, item, places), problems


def digest(row: Mapping[str, Cell], item: CatalogueItem) -> str:
    """Answer what names a row by its content, so that a roster read twice is one roster."""
    told = [item.code, *(f"{c.head}={_tidy(row.get(c.head))}" for c in columns(item))]
    return sha256("\n".join(told).encode()).hexdigest()


def _document(cells: Mapping[str, Value], item: CatalogueItem, places: Places) -> dict[str, Value]:
    firm = item.subjects == (FIRM,)
    person: dict[str, Value] = {
        "kind": FIRM if firm else "natural",
        "id_type": "uscc" if firm else "resident_id",
        "division": places.own,
    }
    plain = ("name", "id_no", "phone", "address", "division")
    person |= {name: cells[name] for name in plain if name in cells}
    papers: list[Value] = [
        {"no": m.no, "copies": 1, **PAPERS[str(cells[f"{_PAPER}{m.no}"])]}
        for m in item.materials
        if f"{_PAPER}{m.no}" in cells
    ]
    return {
        "item": item.code,
        "channel": "window",
        "applicant": person,
        "form": {n.removeprefix(_FORM): v for n, v in cells.items() if n.startswith(_FORM)},
        "pickup": cells.get("pickup", "station"),
        "materials": papers,
    }


def _read(cell: Cell, column: Column, places: Places) -> tuple[Value, FieldProblem | None]:
    text = _tidy(cell)
    if not text:
        return None, None
    if column.kind is Kind.NUMBER and _is_number(cell):
        return None, problem("", "number_cell", zh=column.head)
    tables: Mapping[Kind, Mapping[str, Value]] = {
        Kind.TRUTH: _TRUTHS,
        Kind.PICKUP: PICKUPS,
        Kind.PLACE: places.codes,
        Kind.PAPER: {word: word for word in PAPERS},
    }
    table = tables.get(column.kind)
    if table is not None:
        return _word(text, column, table)
    whole = column.kind is Kind.COUNT and column.name.startswith(_FORM) and text.isdecimal()
    return (int(text) if whole and len(text) <= _LONGEST_EXACT else text), None


def _word(
    text: str, column: Column, table: Mapping[str, Value]
) -> tuple[Value, FieldProblem | None]:
    if text in table:
        return table[text], None
    shown = [word for word in table if word and not word.isdecimal()][:12]
    return None, problem("", "cell_word", zh=column.head, typed=text, allowed="、".join(shown))


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _tidy(cell: Cell) -> str:
    """A cell as text: a whole number without its point, everything trimmed."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return "" if cell is None else str(cell).strip()
