"""Vendored files are the published ones, byte for byte, and none lies there unlisted."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| (?P<file>[^|]+) \|.*\| (?P<sha256>[0-9a-f]{64}) \|$", re.MULTILINE)


def _listed(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    return [((ROOT / readme).parent / row["file"], row["sha256"]) for row in ROW.finditer(text)]


SERVED = _listed("ui/static/vendor/README.md")
TESTS_OWN = _listed("tests/browser/README.md")


@pytest.mark.parametrize(("file", "sha256"), SERVED + TESTS_OWN, ids=lambda value: Path(value).name)
def test_it_is_the_published_file(file, sha256):
    assert hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def test_every_served_file_is_listed():
    served = {path for path in (ROOT / "ui/static/vendor").iterdir() if path.name != "README.md"}
    assert served == {path for path, _ in SERVED}


def test_every_licence_lies_beside_its_file():
    assert {path.name.split(".")[0] for path, _ in SERVED if "LICENSE" in path.name} == {
        path.name.split(".")[0] for path, _ in SERVED
    }
