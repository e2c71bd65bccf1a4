"""Reading the documents and the sources that they speak of."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = "本页由程序生成，不要手改 (generated: `.venv/bin/python -m tests.docs`)。"

_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")


def documents(*folders):
    """Every Markdown file of these folders below `docs/`, or of all and the README."""
    if folders:
        return sorted(path for name in folders for path in (DOCS / name).rglob("*.md"))
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def text_of(path):
    """The text of a document."""
    return path.read_text(encoding="utf-8")


def name_of(path):
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


def code_in(text):
    """Every piece of code: spans, and the lines of fenced blocks without their prompt."""
    for block in _FENCE.findall(text):
        yield from (line.strip() for line in block.splitlines()[1:-1])
    yield from _SPAN.findall(_FENCE.sub("", text))


def prose_of(text):
    """The text without code, tables' rules and links' addresses."""
    plain = _SPAN.sub("", _FENCE.sub("", text))
    return re.sub(r"\]\([^)]*\)", "]", plain)


def sources(*packages):
    """The text of every Python file of these packages."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.read_text(encoding="utf-8")
