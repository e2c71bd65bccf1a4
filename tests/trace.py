"""Prints which requirement row has which tests: `make trace`; fails while a core row has none.

It collects the tests and runs none of them: a row is proven when it has a test and `make test`
passes. `python -m tests.trace --write` puts the states into docs/requirements.csv.
"""

import io
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout

import pytest

from tests import requirements
from tests.requirements import LATER, OPEN, PROVEN, Requirement

Traced = Mapping[str, Sequence[str]]
Rows = Mapping[str, Requirement]
WRITE = "--write"


class Collector:
    """A pytest plugin that notes the marked tests."""

    def __init__(self):
        self.tests = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session):
        """Note every marked test under each of its rows, once for all its parameters."""
        for item in session.items:
            name = item.nodeid.partition("[")[0]
            for row in requirements.marks(item):
                if name not in self.tests[row]:
                    self.tests[row].append(name)


def report(rows: Rows, tests: Traced) -> str:
    """Return the table, and below it how many rows of each priority are proven."""
    lines = [line for row in rows.values() for line in _row_lines(row, tests.get(row.id, ()))]
    return "\n".join([*lines, "", *_totals(rows, tests)])


def _row_lines(row: Requirement, tests: Sequence[str]) -> list[str]:
    word = "test " if len(tests) == 1 else "tests"
    state = requirements.state_of(row, tests)
    head = f"{row.id:10} {row.priority:9} {state:7} {len(tests):3} {word}"
    return [f"{head}  {row.clause}: {row.rule_zh}", *(f"{'':12}{test}" for test in tests)]


def _totals(rows: Rows, tests: Traced) -> list[str]:
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows.values():
        states[row.priority][requirements.state_of(row, tests.get(row.id, ()))] += 1
    return [
        f"{priority}: {counted[PROVEN]} of {counted.total()} rows proven"
        + (f", {counted[LATER]} later" if counted[LATER] else "")
        for priority, counted in states.items()
    ]


def complaints(rows: Rows, tests: Traced) -> list[str]:
    """Return what `make trace` fails for: core rows without a test, and states that are not so.

    A row that is left for later says why in the file, and is no complaint.
    """
    found = []
    for row in rows.values():
        state = requirements.state_of(row, tests.get(row.id, ()))
        if row.priority == "core" and state == OPEN:
            found.append(f"{row.id}: a core row without a test: {row.rule_zh}")
        elif row.state != state:
            found.append(f"{row.id}: the file says {row.state or 'nothing'}, it is {state}")
    return found


def judge(rows: Rows, tests: Traced) -> int:
    """Print the table, and below it what is wrong; return the exit code."""
    sys.stdout.write(report(rows, tests) + "\n")
    wrong = complaints(rows, tests)
    sys.stdout.write("".join(f"{complaint}\n" for complaint in wrong))
    return 1 if wrong else 0


def main() -> int:
    """Collect, print, and return 1 while a core row has no test; pytest's code when it fails."""
    collector = Collector()
    said = io.StringIO()
    with redirect_stdout(said):
        code = pytest.main(["--collect-only", "-q", "-p", "no:randomly"], plugins=[collector])
    if code != pytest.ExitCode.OK:
        sys.stderr.write(said.getvalue())
        return int(code)
    rows = requirements.load()
    if WRITE in sys.argv[1:]:
        rows = requirements.stated(rows, collector.tests)
        requirements.write(rows)
    return judge(rows, collector.tests)


if __name__ == "__main__":
    sys.exit(main())
