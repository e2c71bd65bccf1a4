"""How a command's document is written: one JSON document, or lines for a person."""

import json
from collections.abc import Iterable, Mapping

Document = Mapping[str, object]


def as_json(document: object) -> str:
    """One JSON document on one line; this is never what gets signed."""
    return json.dumps(document, ensure_ascii=False, default=_plain)  # noqa: TID251  # see above


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (set, frozenset, Iterable)) and not isinstance(value, Mapping):
        return list(value)
    return str(value)


def human(document: Document) -> str:
    """A document as lines for a person: `key: value`, lists as tables."""
    return "\n".join(_human_lines(document))


def _human_lines(document: Document) -> Iterable[str]:
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield f"{key}:"
            yield from (f"  {line}" for line in _human_lines(value))
        elif isinstance(value, (list, tuple)):
            yield f"{key}: {len(value)}"
            yield from (f"  {_human_row(row)}" for row in value)
        else:
            yield f"{key}: {_human_value(value)}"


def _human_row(row: object) -> str:
    if isinstance(row, Mapping):
        return "  ".join(_human_value(value) for value in row.values())
    return _human_value(row)


def _human_value(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list, tuple)):
        return as_json(value)
    return "-" if value is None else str(value)
