"""Workbooks (.xlsx) as people fill them in: read without trust, written as plain text.

A cell that begins with `=` is text here, never a formula: nothing that somebody sends is computed,
and what is written by `write` is not computed by the program that opens it.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias, cast

from casework.errors import FieldProblem
from node.errors import InvalidInput

Cell: TypeAlias = "str | int | float | bool | date | None"
Rows: TypeAlias = "tuple[tuple[Cell, ...], ...]"

MAX_BYTES: Final = 8 << 20
_MAX_UNPACKED: Final = 64 << 20
_MAX_ROWS: Final = 20_000
_MAX_COLUMNS: Final = 100
_WIDTHS: Final = (10, 40)
_TEXT: Final = "@"
"""Number format of a cell that stays what was typed: no lost zeros, no dates made of numbers."""


def read(data: bytes) -> Mapping[str, Rows]:
    """Read a workbook.

    Args:
        data: the file.

    Returns:
        Name of each sheet → its rows from the first; rows and cells at the end that are empty are
        left out. A cell typed as a number stays a number, a date is a date.

    Raises:
        InvalidInput: it is no workbook, or larger than any that people fill in.
    """
    _demand_small(data)
    from openpyxl import load_workbook  # noqa: PLC0415  # slow to load; few commands need it

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        return {sheet.title: _rows(sheet) for sheet in book.worksheets}
    except InvalidInput:
        raise
    except Exception as error:  # openpyxl lets through whatever its parsers raise
        raise _unreadable() from error


def write(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Write a workbook; the first row of each sheet is its head and stays in sight.

    Args:
        sheets: name → rows.
    """
    from openpyxl import Workbook  # noqa: PLC0415  # see `read`

    book: Any = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        _measure(sheet, rows)
        _fill(sheet, rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: Any, rows: Sequence[Sequence[Cell]]) -> None:  # noqa: ANN401  # openpyxl's own type
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  # see `read`
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415  # see `read`

    def model(*, bold: bool) -> Any:  # noqa: ANN401  # see above
        cell: Any = WriteOnlyCell(sheet)
        cell.number_format, cell.font = _TEXT, Font(bold=bold)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell

    styles = {True: model(bold=True), False: model(bold=False)}

    def styled(value: Cell, at: int) -> Any:  # noqa: ANN401  # see above
        cell: Any = WriteOnlyCell(sheet, cast("str", value))  # dates as well
        if isinstance(value, str):
            cell.data_type = "s"  # also where it begins with `=`
            cell._style = styles[at == 0]._style  # noqa: SLF001  # setting it by parts takes 0.2 ms a cell
        return cell

    for at, row in enumerate(rows):
        sheet.append([styled(value, at) for value in row])


def _measure(sheet: Any, rows: Sequence[Sequence[Cell]]) -> None:  # noqa: ANN401  # see `_fill`
    """Make columns wide enough, and cells below the last row text for what will be typed."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  # see `read`

    least, most = _WIDTHS
    for column, head in enumerate(rows[0] if rows else (), start=1):
        texts = (str(row[column - 1] or "") for row in rows if column <= len(row))
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = min(most, max(least, 2 * max(map(len, texts)) + 2))
        dimension.number_format = _TEXT if head else "General"


def _demand_small(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable() from error
    if len(data) > MAX_BYTES or unpacked > _MAX_UNPACKED:
        raise _too_large()


def _rows(sheet: Any) -> Rows:  # noqa: ANN401  # see `_fill`
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    rows = sheet.iter_rows(max_row=_MAX_ROWS + 1, max_col=_MAX_COLUMNS, values_only=True)
    found = [_trimmed(tuple(_plain(value) for value in row)) for row in rows]
    while found and not found[-1]:
        found.pop()
    if len(found) > _MAX_ROWS:
        raise _too_large()
    return tuple(found)


def _trimmed(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    last = max((at for at, cell in enumerate(row) if cell not in {None, ""}), default=-1)
    return row[: last + 1]


def _plain(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, (str, bool, int, float, date)):
        return value
    return str(value)


def _unreadable() -> InvalidInput:
    zh = "这个文件不是能读的表格（.xlsx）。用模板另存一份再来。"
    return InvalidInput([FieldProblem("", "workbook", zh, "This is no readable .xlsx workbook.")])


def _too_large() -> InvalidInput:
    zh = "表格太大，读不了。分成几份再导入。"
    return InvalidInput([FieldProblem("", "workbook", zh, "The workbook is too large. Split it.")])
