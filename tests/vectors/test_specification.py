"""The specification tells what the code does: words, statuses, keys, types, dictionaries."""

import re
from hashlib import sha256

import pytest

from fixtures.vectorkit import talk
from node.problem_types import CLASSES, PROBLEMS
from node.web import sync_api
from sync import dictionary, exchange
from sync.errors import RemoteSyncError
from tests.docs.reading import DOCS, sources
from tests.vectors.written import VECTORS

SPEC = DOCS / "spec"
TYPE = re.compile(r'"(application/vnd\.bangban\.[a-z-]+\+(?:cbor|json))"')


def text(name):
    return (SPEC / name).read_text(encoding="utf-8")


def rows(table, width):
    """The rows of the tables in a text that have so many cells, without their heads."""
    found = (line.strip("| ").split(" | ") for line in table.splitlines() if line[:2] == "| ")
    return [row for row in found if len(row) == width]


CODES = {one.code: one for one in RemoteSyncError.__subclasses__()}


def test_every_word_is_told_with_what_becomes_of_it():
    listed = rows(text("errors.md").split("## 2.")[0], 3)
    told = {row[0].strip("`"): row[2] for row in listed if row[0].startswith("`")}
    assert set(told) == set(CODES)
    wrong = [
        code
        for code, one in CODES.items()
        if code != "not-outstanding" and not told[code].startswith(one.disposition.value)
    ]
    assert wrong == []


def test_every_status_of_a_refused_request_is_told():
    told = rows(text("errors.md").split("## 3.")[1], 3)
    names = {f"sync.{one.__name__}": one for one in CODES.values()}
    for status, slug, rest in (row for row in told if row[0].isdigit()):
        code = rest.split("`")[1] if "`" in rest else ""
        for name, one in names.items():
            if one.code == code:
                problem = PROBLEMS[CLASSES[name]]
                assert problem.slug == slug.strip("`")
                assert sync_api._STATUS.get(one, problem.http_status) == int(status)


@pytest.mark.parametrize(
    ("title", "table"), [("2. Request", talk.REQUEST), ("3. Answer", talk.ANSWER)]
)
def test_every_key_of_the_exchange_is_told(title, table):
    section = text("exchange.md").split(f"## {title}")[1].split("\n## ")[0]
    told = {int(row[0]): "optional" not in row[2] for row in rows(section, 3) if row[0].isdigit()}
    absent = {8, 19, 21} if title == "3. Answer" else set()  # told in words: only from the county …
    wanted = {key: required for key, (required, _) in table.items()}
    assert {key: one for key, one in told.items() if key not in absent} == {
        key: one for key, one in wanted.items() if key not in absent
    }


def test_every_content_type_is_told():
    code = "\n".join(sources("crypto", "sync", "node", "hub", "station"))
    told = "\n".join(text(path.name) for path in SPEC.glob("*.md"))
    types = set(TYPE.findall(code))
    assert len(types) > 8
    table = set(re.findall(r"`([a-z-]+)`", text("envelope.md").split("## 4.")[1].split("## 5.")[0]))
    assert [one for one in types if one not in told and _name(one) not in table] == []


def _name(content_type):
    return content_type.removeprefix("application/vnd.bangban.").split("+")[0]


def test_dictionaries_are_published():
    for number, data in dictionary.DICTIONARIES.items():
        assert (SPEC / f"dictionary-{number}.bin").read_bytes() == data
        assert sha256(data).hexdigest() in text("bundle.md")


def test_the_version_of_the_protocol_is_told():
    assert exchange.PROTOCOL == (1, 1)
    assert "This specification is version 1." in text("versioning.md")


def test_every_word_of_a_refusal_has_a_vector():
    made = {one.refuse for one in VECTORS} - {""}
    assert made == set(CODES) - {"gap"}  # nothing that is received lacks a gap: it waits
