"""Reading FIELDS.json of an act against its specification in the table of facts."""

from collections.abc import Callable, Mapping
from typing import Final

from casework.fact_shapes import FactSpec, FieldSpec
from casework.reading import LONG, Reader
from casework.values import Value


def read(spec: FactSpec, reader: Reader) -> dict[str, Value]:
    """Read the fields of an act; every problem is noted in the reader.

    Returns:
        The fields given, texts trimmed and in NFC; those left out are not in it.
    """
    reader.only({field.name for field in spec.fields})
    found = {}
    for field in spec.fields:
        if reader.has(field.name):
            found[field.name] = _READERS[field.kind](reader, field)
        elif field.required == "yes":
            reader.refuse(field.name, "missing", zh=field.title_zh, en=field.title_en)
    some = [field.name for field in spec.fields if field.required == "some"]
    if some and not any(name in found for name in some):
        reader.refuse("", "some", allowed="、".join(some))
    return found


def _text(reader: Reader, field: FieldSpec) -> Value:
    if field.choices:
        return reader.choice(field.name, field.choices)
    if field.name == "phone":
        return reader.phone("phone")
    return reader.option(field.name, most=LONG)


def _any(reader: Reader, field: FieldSpec) -> Value:
    return reader.plain(field.name)


def _map(reader: Reader, field: FieldSpec) -> Value:
    reader.sub(field.name)
    return reader.plain(field.name)


def _lines(reader: Reader, field: FieldSpec) -> Value:
    rows = reader.rows(field.name)
    if not rows and isinstance(reader.value[field.name], list):
        reader.refuse(field.name, "missing", zh=field.title_zh, en=field.title_en)
    return [_line(row) for row in rows]


def _line(row: Reader) -> dict[str, Value]:
    known: dict[str, Callable[[], Value]] = {
        "no": lambda: row.integer("no"),
        "originals": lambda: row.count("originals"),
        "copies": lambda: row.count("copies"),
        "defect": lambda: row.text("defect", most=LONG),
        "cure": lambda: row.text("cure", most=LONG),
        "name": lambda: row.text("name"),
        "serial": lambda: row.text("serial"),
    }
    row.only(known)
    return {name: known[name]() for name in row.value if name in known}


_READERS: Final[Mapping[str, Callable[[Reader, FieldSpec], Value]]] = {
    "text": _text,
    "integer": lambda reader, field: reader.integer(field.name),
    "truth": lambda reader, field: reader.truth(field.name),
    "day": lambda reader, field: reader.option(field.name),
    "code": lambda reader, field: reader.code(field.name),
    "lines": _lines,
    "map": _map,
    "any": _any,
}
