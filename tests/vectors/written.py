"""Vectors as they lie in `fixtures/vectors/`: the files only, nothing of the kit."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "fixtures" / "vectors"
_RUN = re.compile(r"\(([0-9a-f]{2})\*(\d+)\)")


def _file(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def octets(text):
    """Read bytes as they are spelled; (xx*n) is one byte n times."""
    return bytes.fromhex(_RUN.sub(lambda run: run[1] * int(run[2]), text))


def unplain(value):
    """Undo h'…'."""
    if isinstance(value, str) and value.startswith("h'"):
        return bytes.fromhex(value[2:-1])
    if isinstance(value, dict):
        return {key: unplain(one) for key, one in value.items()}
    return [unplain(one) for one in value] if isinstance(value, list) else value


def plain(value):
    """Write a value as the files do."""
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    if isinstance(value, dict):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True)
class Written:
    """One vector."""

    reader: str
    name: str
    data: bytes
    given: dict
    accept: object
    refuse: str

    @property
    def id(self):
        return f"{self.reader}/{self.name}"


INDEX = _file("index.json")
PEOPLE = {name: unplain(one) for name, one in _file("people.json").items()}
FUNCTIONS = unplain(_file("functions.json"))
VECTORS = [
    Written(
        reader,
        one["name"],
        octets(one["bytes"]),
        one.get("given", {}),
        one.get("accept"),
        one.get("refuse", ""),
    )
    for reader in INDEX["vectors"]
    for one in _file(f"{reader}.json")
]
