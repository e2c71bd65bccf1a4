"""Export files as bytes: JSON Lines for programs, CSV for spreadsheets; and reading rows back."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Final

from casework import exchange_files
from casework.errors import FieldProblem
from casework.values import Value, read_int, read_list, read_map, read_text
from hub.usecases.exporting import Export
from node.errors import InvalidInput
from node.output import as_json

FORMATS: Final = ("jsonl", "csv")
MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 16 << 20
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
_BOM: Final = "\ufeff"


def write(made: Export, form: str) -> bytes:
    """Write a file.

    Args:
        made: what goes in.
        form: one of `FORMATS`.
    """
    text = _csv(made) if form == "csv" else _lines(made)
    return text.encode("utf-8")


def _lines(made: Export) -> str:
    rows = ({"type": exchange_files.CASE, **row} for row in made.rows)
    return "".join(f"{as_json(document)}\n" for document in (made.head(), *rows))


def _csv(made: Export) -> str:
    columns = exchange_files.CLEAR + (exchange_files.PERSONAL if made.personal else ())
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    for row in made.rows:
        writer.writerow([_harmless(_cell(row.get(name))) for name in columns])
    return _BOM + written.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, list | tuple):
        return ";".join(_piece(one) for one in value)
    return "" if value is None else str(value)


def _piece(value: Value) -> str:
    line = read_map(value)
    if not line:
        return read_text(value) or ""
    copies = read_int(line.get("copies")) or 0
    return f"{line.get('no')} {line.get('name')} {line.get('form')} {copies}"


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_RUNS) else text


def read(data: bytes, *, is_csv: bool) -> list[tuple[int, Mapping[str, Value] | None]]:
    """Read a file inward: number of each line, and its row; None for a line that is no row.

    Args:
        data: of the file; UTF-8, of a spreadsheet GB18030 as well.
        is_csv: whether it is a table; else JSON Lines.

    Raises:
        InvalidInput: the file is too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise _refused(
            "size", f"文件超过{MOST_BYTES >> 20}MB。分成几份。", "The file is too large."
        )
    text = _text(data, spare="gb18030" if is_csv else "")
    found = list(_table(text) if is_csv else _json_lines(text))
    if len(found) > MOST_ROWS:
        raise _refused("rows", f"超过{MOST_ROWS}行。分成几份。", "The file has too many rows.")
    return found


def _text(data: bytes, *, spare: str) -> str:
    for encoding in filter(None, ("utf-8-sig", spare)):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("encoding", "文件不是 UTF-8 编码。另存为 UTF-8 再导入。", "Save it as UTF-8.")


def _json_lines(text: str) -> Iterator[tuple[int, Mapping[str, Value] | None]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            row = _json(line)
            if row is None or row.get("type") != exchange_files.HEAD:
                yield number, row


def _json(line: str) -> Mapping[str, Value] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _table(text: str) -> Iterator[tuple[int, Mapping[str, Value] | None]]:
    reader = csv.reader(io.StringIO(text))
    columns = [name.strip() for name in next(reader, [])]
    if not set(columns) & set(exchange_files.PROGRESS_FIELDS):
        zh = f"第一行要写列名：{'、'.join(exchange_files.PROGRESS_FIELDS)}。"
        raise _refused("columns", zh, "The first line names the columns.")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            whole = len(cells) <= len(columns)
            named = zip(columns, (cell.strip().removeprefix("'") for cell in cells), strict=False)
            yield reader.line_num, dict(named) if whole else None


def _refused(code: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput([FieldProblem("/file", code, zh, en)])


def texts(row: Mapping[str, Value]) -> tuple[str, ...]:
    """Answer the texts of a row, for showing it beside a refusal."""
    return tuple(filter(None, (read_text(one) for one in read_list(list(row.values())))))
