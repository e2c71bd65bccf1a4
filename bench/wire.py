"""What the exchange costs on the wire: nothing to do, one field, a hundred fields.

`python -m bench.wire`: `hub serve`, `station sync`, and a line in between that counts every byte
of every connection, HTTP included. Message bodies are what the command itself reports.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from bench.__main__ import documents, enrol
from bench.line import Line
from bench.measuring import run_measured
from bench.offline import account_of
from fixtures.demo.county import County, Desk
from node import acting
from node.clock import SystemClock
from node.config import DataDirectory
from node.runtime import Node
from station.transport import Parent
from station.transport.http import Address
from station.usecases import links
from station.usecases.intake import open_case
from station.usecases.opening import open_station

_CASES: Final = 100
_PROGRAM: Final = Path(sys.executable).parent / "station"
_HEADINGS: Final = ("body up", "body down", "wire up", "wire down", "requests", "connections")


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bangban-wire-") as name:
        county = County.at(Path(name))
        try:
            village = enrol(county)
            with Line(("127.0.0.1", county.hub.server.port)) as line:
                _measure(village, line)
        finally:
            county.stop()
    return 0


def _measure(village: Desk, line: Line) -> None:
    cases = _prepare(village, line)
    _sync(village)
    sys.stdout.write(f"{'':34}" + "".join(f"{h:>13}" for h in _HEADINGS) + "\n")
    _row("nothing to do", village, line)
    _row("one address (class 2), one case", village, line, _edits(cases[:1], _address))
    _row("one pickup (in clear), one case", village, line, _edits(cases[:1], _pickup))
    _row(f"{_CASES} phone numbers, {_CASES} cases", village, line, _edits(cases, _phone))
    _row("the county's answers to that", village, line)
    _row("one new case", village, line, lambda node: _open(node, _CASES + 1, after=_CASES))
    _row("nothing to do", village, line)


def _prepare(village: Desk, line: Line) -> list[str]:
    """Take cases in, and put the line between village and county."""
    with _opened(village) as node:
        with node.database.write() as tx:
            links.keep_address(tx, Parent.COUNTY, Address(line.url))
        return _open(node, _CASES)


@contextmanager
def _opened(village: Desk) -> Iterator[Node]:
    node = open_station(DataDirectory(village.data), None, SystemClock())
    with closing(node.database):
        yield node


def _open(node: Node, count: int, *, after: int = 0) -> list[str]:
    account = account_of(node)
    return [open_case(node, one, account=account).case for one in documents(count)[after:]]


def _edits(cases: list[str], field: Callable[[int], dict[str, str]]) -> Callable[[Node], object]:
    """Change one field in each of some cases."""

    def work(node: Node) -> None:
        account = account_of(node)
        for number, case in enumerate(cases):
            acting.act(node, case, "correct_contact", field(number), account)

    return work


def _address(number: int) -> dict[str, str]:
    return {"address": f"双柳树镇{number}组8号"}


def _pickup(_number: int) -> dict[str, str]:
    return {"pickup": "mail"}


def _phone(number: int) -> dict[str, str]:
    return {"phone": f"139{number:08d}"}


def _row(
    name: str, village: Desk, line: Line, work: Callable[[Node], object] | None = None
) -> None:
    if work is not None:
        with _opened(village) as node:
            work(node)
    before = (line.up, line.down, line.connections)
    told = _sync(village)
    up, down, connections = (
        now - then for now, then in zip((line.up, line.down, line.connections), before, strict=True)
    )
    bodies = (told["bytes_up"], told["bytes_down"])
    figures = (*bodies, up, down, told["requests"], connections)
    sys.stdout.write(f"{name:34}" + "".join(f"{figure:>13}" for figure in figures) + "\n")
    sys.stdout.flush()


def _sync(village: Desk) -> Mapping[str, Any]:
    done = run_measured([str(_PROGRAM), "--data", str(village.data), "sync", "--json"])
    document: Mapping[str, Any] = json.loads(done.output)
    return document


if __name__ == "__main__":
    sys.exit(main())
