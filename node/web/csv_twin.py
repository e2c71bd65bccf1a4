"""The CSV twin of a list: the same rows for a spreadsheet, which must not run what was typed."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a file that spreadsheets open in the right characters.

    Args:
        name: of the file, ASCII, without ending.
        header: titles of the columns.
        rows: values, masked already.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    response = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _harmless(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RUNS) else text
