"""What somebody gives as a catalogue, a workbook or JSON, read and checked row by row."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from casework import catalogue_reading, catalogue_sheet, publication_rules
from casework.catalogue import Catalogue
from casework.catalogue_sheet import RowProblem
from casework.errors import CatalogueRefused, FieldProblem
from casework.values import Value
from casework.workdays import Calendar
from node import workbook
from node.errors import InvalidInput

_ZIP: Final = b"PK\x03\x04"
_KEPT: Final = ("items", "proofs", "bundles")
"""Parts of a catalogue that are taken over; version and note are given when it is published."""


@dataclass(frozen=True, slots=True)
class Given:
    """A catalogue as it was given.

    Attributes:
        document: as JSON, ready to be kept.
        catalogue: None while something is wrong.
        problems: for each of these nothing is kept.
        warnings: what a person should look at before he approves.
    """

    document: dict[str, Value]
    catalogue: Catalogue | None
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """What a catalogue is checked against: versions that were published, working days, the day."""

    known: Sequence[Catalogue]
    calendar: Calendar
    today: date


def read(data: bytes, against: Against) -> Given:
    """Read a file.

    Args:
        data: a workbook as of the template, or JSON as it is published.
        against: what stands.

    Raises:
        InvalidInput: it is neither.
    """
    if data.startswith(_ZIP):
        taken = catalogue_sheet.read(workbook.read(data))
        return _checked(taken.document, taken.problems, against, located=taken.located)
    return _checked(_json(data), (), against, located=located)


def check(document: Mapping[str, Value], against: Against) -> Given:
    """Check a catalogue that was kept before, for example an old version."""
    return _checked(dict(document), (), against, located=located)


def _checked(
    document: dict[str, Value],
    before: Sequence[RowProblem],
    against: Against,
    *,
    located: Callable[[FieldProblem], RowProblem],
) -> Given:
    kept = {name: document[name] for name in _KEPT if document.get(name)}
    try:
        catalogue = catalogue_reading.parse(cast("Value", kept))
    except CatalogueRefused as refused:
        return Given(kept, None, (*before, *map(located, refused.errors)))
    verdict = publication_rules.check(
        catalogue, known=against.known, calendar=against.calendar, today=against.today
    )
    problems = (*before, *map(located, verdict.errors))
    warnings = tuple(map(located, verdict.warnings))
    return Given(kept, None if problems else catalogue, problems, warnings)


def located(problem: FieldProblem) -> RowProblem:
    """Say which item of a JSON file a problem is about; items are counted from 1."""
    part, _, rest = problem.pointer.removeprefix("/").partition("/")
    number, _, path = rest.partition("/")
    row = int(number) + 1 if number.isdigit() else 0
    sheet = part if part != "items" and row else ""
    name = path.replace("/", ".") if row else part
    return RowProblem(sheet, row, name, problem.message_zh, problem.message_en)


def _json(data: bytes) -> dict[str, Value]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _neither() from error
    if not isinstance(document, dict):
        raise _neither()
    return document


def _neither() -> InvalidInput:
    zh = "这个文件不是目录：要模板做的表格（.xlsx），或者 JSON。"
    return InvalidInput([FieldProblem("", "catalogue", zh, "Neither a workbook nor JSON.")])
