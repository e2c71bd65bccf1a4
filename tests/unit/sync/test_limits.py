"""The table of limits in the specification is the one that the code has."""

import re
from dataclasses import fields
from pathlib import Path

from sync.limits import DEFAULT

SPECIFICATION = Path(__file__).parents[3] / "docs" / "spec" / "limits.md"
ROW = re.compile(r"^\| `(\w+)` \| ([\d,]+) \|", re.MULTILINE)


def test_the_specification_tells_every_limit():
    told = {
        name: int(number.replace(",", ""))
        for name, number in ROW.findall(SPECIFICATION.read_text("utf-8"))
    }
    assert told == {field.name: getattr(DEFAULT, field.name) for field in fields(DEFAULT)}
