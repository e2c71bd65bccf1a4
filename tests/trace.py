"""Prints which requirement row has which tests: `make trace`.

It collects the tests and runs none of them: a row with a test is traced, and proven only when
`make test` passes.
"""

import io
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout

import pytest

from tests import requirements
from tests.requirements import Requirement

Traced = Mapping[str, Sequence[str]]


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


def report(rows: Mapping[str, Requirement], tests: Traced) -> str:
    """Return the table, and below it how many rows of each priority have a test."""
    lines = [line for row in rows.values() for line in _row_lines(row, tests.get(row.id, ()))]
    return "\n".join([*lines, "", *_totals(rows.values(), tests)])


def _row_lines(row: Requirement, tests: Sequence[str]) -> list[str]:
    head = f"{row.id:10} {row.priority:9} {len(tests):3} {'test ' if len(tests) == 1 else 'tests'}"
    return [f"{head}  {row.clause}: {row.rule_zh}", *(f"{'':12}{test}" for test in tests)]


def _totals(rows, tests: Traced) -> list[str]:
    by_priority = defaultdict(list)
    for row in rows:
        by_priority[row.priority].append(bool(tests.get(row.id)))
    return [f"{key}: {sum(has)} of {len(has)} rows have a test" for key, has in by_priority.items()]


def main() -> int:
    """Collect, print, and return pytest's exit code."""
    collector = Collector()
    said = io.StringIO()
    with redirect_stdout(said):
        code = pytest.main(["--collect-only", "-q", "-p", "no:randomly"], plugins=[collector])
    if code == pytest.ExitCode.OK:
        sys.stdout.write(report(requirements.load(), collector.tests) + "\n")
    else:
        sys.stderr.write(said.getvalue())
    return code


if __name__ == "__main__":
    sys.exit(main())
