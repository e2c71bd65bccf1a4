"""The working-day calendar of the county: published data, taken from the yearly notice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import sqlalchemy as sa

from casework import workdays
from casework.errors import CatalogueRefused, FieldProblem
from casework.places import Role
from casework.values import Value, read_date, read_list, read_map, read_text
from hub.usecases.publishing import republish
from node.errors import InvalidInput
from node.people import Account
from node.runtime import Node

_PART = "holidays"


@dataclass(frozen=True, slots=True)
class Known:
    """What is published of the calendar.

    Attributes:
        until: last published day; later ones are estimates.
        rows: (first day, last day, name) of every run of days off, the earliest first.
        working: weekends that are worked.
    """

    version: int
    source: str
    until: date
    rows: tuple[tuple[str, str, str], ...]
    working: tuple[str, ...]


def known(node: Node) -> Known:
    """Read what is in force."""
    with node.database.read() as tx:
        found = node.published(tx)
    part = read_map(found.document.get(_PART))
    rows = (read_map(one) for one in read_list(part.get("off")))
    return Known(
        version=found.version,
        source=read_text(part.get("source")) or "",
        until=read_date(part.get("published_until")) or date.min,
        rows=tuple(
            sorted(
                (str(r.get("from", "")), str(r.get("to", "")), str(r.get("name", ""))) for r in rows
            )
        ),
        working=tuple(sorted(map(str, read_list(part.get("working"))))),
    )


def read(data: bytes) -> dict[str, object]:
    """Read a file that holds the calendar of a notice.

    Raises:
        InvalidInput: it is no JSON object.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        zh = "文件里要是一个 JSON 对象。照样例改。"
        raise InvalidInput([FieldProblem("", "json", zh, "A JSON object is needed.")])
    return document


def take(node: Node, document: Mapping[str, object], *, account: Account) -> Known:
    """Publish the calendar of a notice beside what is known of other years.

    Promised days that were estimates are counted again, here at once and at every station when
    the document arrives; a printed day is kept where it is earlier.

    Raises:
        InvalidInput: it is no calendar, reaches less far than the one in force, or the account
            is no administrator's.
    """
    if account.role is not Role.ADMINISTRATOR:
        zh = "节假日由管理员公布。请管理员来办。"
        raise InvalidInput([FieldProblem("", "role", zh, "An administrator publishes it.")])
    fresh = cast("Value", dict(document))
    _demand_calendar(fresh)

    def work(tx: sa.Connection) -> None:
        before = cast("Value", node.published(tx).document.get(_PART))
        merged = workdays.merged(before, fresh)
        _demand_calendar(merged)
        republish(tx, node, {_PART: merged})

    node.database.run(work)
    return known(node)


def _demand_calendar(document: Value) -> None:
    root = read_map(document)
    first, last = (read_date(root.get(n)) for n in ("published_from", "published_until"))
    problems = []
    if first is None or last is None or last < first:
        zh = "写明从哪天到哪天：published_from 和 published_until。"
        en = "State published_from and published_until."
        problems.append(FieldProblem("/published_until", "date", zh, en))
    try:
        workdays.parse(document)
    except CatalogueRefused as error:
        problems += error.errors
    if problems:
        raise InvalidInput(problems)
