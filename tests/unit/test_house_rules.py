"""What the linters cannot check, over every file that is committed."""

import ast
import re
import shutil
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES_AT_MOST = 400
MEDIAN_FUNCTION_AT_MOST = 10
WRITTEN_BY_HAND = {".py", ".html", ".css", ".js", ".toml", ".sh", ""}
VENDORED = ("ui/static/vendor/", "tests/browser/axe.")
GENERATED = "/migrations/versions/"
"""Revisions are written by a tool and never edited once released: their length is not ours."""

# Written with brackets, so that this file does not break its own rules.
ELSEWHERE = re.compile(
    r"https?://[\w.-]*(py[p]i|pythonhoste[d]|npmj[s]|debia[n])\.[a-z]+"
    r"|/wor[k]/|/tm[p]/|[.]librar[y]/",
)
SKIPS = re.compile(r"pytest\.(mark\.)?(ski[p]|xfai[l]|importorski[p])|unittest\.ski[p]")
PATCHES = re.compile(r"moc[k]\.patch|from unittest\.moc[k] import [^\n]*patch|mocke[r]\.")


def _tracked():
    git = shutil.which("git")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def _name(path):
    return path.relative_to(ROOT).as_posix()


def _text(path):
    """Return the file's text; a picture or a font has none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


FILES = [path for path in _tracked() if not _name(path).startswith(VENDORED)]
CODE = [path for path in FILES if path.suffix == ".py"]
TESTS = [path for path in CODE if _name(path).startswith("tests/")]
PACKAGES = sorted({_name(path).split("/")[0] for path in CODE})


def _hits(paths, pattern):
    return [
        f"{_name(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def _function_lines(source):
    """Yield how many lines each function has, its docstring not counted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
            docstring = told.end_lineno - told.lineno + 1 if told else 0
            yield node.end_lineno - node.lineno + 1 - docstring


def test_files_are_short():
    written = [
        path
        for path in FILES
        if path.suffix in WRITTEN_BY_HAND
        and path.name != "LICENSE"
        and GENERATED not in _name(path)
    ]
    long = {_name(path): len(_text(path).splitlines()) for path in written}
    assert {name: lines for name, lines in long.items() if lines >= LINES_AT_MOST} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_are_short(package):
    mine = [path for path in CODE if _name(path).startswith(f"{package}/")]
    lengths = [length for path in mine for length in _function_lines(_text(path))]
    assert statistics.median(lengths or [0]) <= MEDIAN_FUNCTION_AT_MOST


def test_nothing_names_a_registry_or_a_path_of_one_machine():
    assert _hits(FILES, ELSEWHERE) == []


def test_no_test_is_left_out():
    assert _hits(TESTS, SKIPS) == []


def test_no_test_patches_our_own_code():
    assert _hits(TESTS, PATCHES) == []


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (ELSEWHERE, "see https://pypi" + ".org/simple"),
        (ELSEWHERE, "cd /work" + "/main"),
        (SKIPS, "@pytest.mark." + "skip"),
        (SKIPS, "pytest." + "xfail()"),
        (PATCHES, "with mock" + ".patch('hub'):"),
        (PATCHES, "from unittest.mock" + " import Mock, patch"),
    ],
)
def test_each_pattern_finds_what_it_is_for(pattern, bad):
    assert pattern.search(bad)


def test_functions_are_measured_without_their_docstring():
    source = 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    assert list(_function_lines(source)) == [2]
