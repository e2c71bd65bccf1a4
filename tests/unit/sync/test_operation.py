"""Operations as bytes, and what no bytes may be."""

from hashlib import sha256

import pytest

from sync import codec, operation
from sync.errors import LimitExceeded, Malformed
from sync.limits import DEFAULT
from sync.operation import Dot
from tests.unit.sync.builders import COUNTY, VILLAGE, entry, op

WHOLE = entry(
    VILLAGE,
    7,
    {"item": "DEMO-YL-01"},
    personal={"name": "王秀兰", "phone": "139"},
    sensitive={"id_no": "411599194001010011"},
    replaces={"item": [op(COUNTY, 1, {"item": "x"})]},
).operation


def changed(**keys):
    """The body of an operation with some keys of the map set, or left out (None)."""
    m = dict(codec.decode_map(WHOLE.body, max_bytes=9999))
    m |= {int(k[1:]): v for k, v in keys.items()}
    return codec.encode({k: v for k, v in m.items() if v is not None})


def read(body, commitments=WHOLE.commitments):
    return operation.read(body, commitments)


def test_what_was_written_is_read_again():
    found = read(WHOLE.body)
    assert found == WHOLE
    assert (found.sealed, found.replaces, found.fields) == (
        WHOLE.sealed,
        WHOLE.replaces,
        WHOLE.fields,
    )
    assert found.field_names() == ("item", "name", "phone", "id_no")


def test_the_hash_covers_body_and_commitments_in_ascending_order():
    tail = WHOLE.commitments[2] + WHOLE.commitments[3]
    assert WHOLE.hash == sha256(b"\x00" + WHOLE.body + tail).digest()
    assert WHOLE.ref == (VILLAGE, 7, WHOLE.hash[:8])


def test_unknown_keys_are_kept_with_the_bytes_and_ignored():
    assert read(changed(k99="later")).fields == WHOLE.fields


@pytest.mark.parametrize(
    "keys",
    [
        {"k1": bytes(7)},
        {"k1": None},
        {"k2": 0},
        {"k2": -1},
        {"k2": True},
        {"k3": "now"},
        {"k6": b"case"},
        {"k7": bytes(15)},
        {"k10": {}},
        {"k10": {1: "x"}},
        {"k10": {"item": "x", "name": "y"}},
        {"k11": {}},
        {"k11": {2: [], 3: ["id_no"]}},
        {"k11": {4: ["name"], 3: ["id_no"]}},
        {"k11": {2: ["name", "name"], 3: ["id_no"]}},
        {"k12": {"item": []}},
        {"k12": {"item": [[VILLAGE, 1]]}},
        {"k12": {"item": [[VILLAGE, 1, bytes(7)]]}},
        {"k12": {"another": [[VILLAGE, 1, bytes(8)]]}},
    ],
    ids=str,
)
def test_what_does_not_follow_the_table_is_malformed(keys):
    with pytest.raises(Malformed):
        read(changed(**keys))


@pytest.mark.parametrize(
    "keys",
    [
        {"k3": DEFAULT.instant + 1},
        {"k4": DEFAULT.instant + 1},
        {"k10": {f"f{n}": 1 for n in range(DEFAULT.fields_per_operation + 1)}},
        {"k10": {f"f{n}": 1 for n in range(DEFAULT.fields_per_operation)}},
        {"k10": {"item": "x" * (DEFAULT.text + 1)}},
        {"k10": {"item": [["x" * (DEFAULT.text + 1)]]}},
        {"k10": {"item": ["x" * DEFAULT.text] * 4}},
        {"k12": {"item": [[VILLAGE, n, bytes(8)] for n in range(DEFAULT.replaces_per_field + 1)]}},
    ],
    ids=["clock", "since", "fields", "fields with sealed ones", "text", "deep", "body", "replaces"],
)
def test_every_limit_of_an_operation_is_enforced(keys):
    with pytest.raises(LimitExceeded):
        read(changed(**({"k12": None} | keys)))


def test_nesting_has_an_end():
    deep = b"\x81" * DEFAULT.depth + b"\x01"
    with pytest.raises(Malformed):
        operation.parse(b"\xa1\x0a\xa1\x61a" + deep)


@pytest.mark.parametrize("commitments", [{}, {2: bytes(32)}, {2: bytes(32), 3: bytes(32), 4: b""}])
def test_commitments_fit_the_sealed_classes(commitments):
    with pytest.raises(Malformed):
        read(WHOLE.body, commitments)


def test_a_body_that_was_checked_before_reloads_to_the_same():
    assert operation.bind(operation.reload(WHOLE.body), WHOLE.commitments) == WHOLE


def test_a_dot_as_text_has_one_spelling():
    assert Dot.parse(WHOLE.dot.text) == WHOLE.dot


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7171717171717171",
        "7171717171717171:",
        "7171717171717171:0",
        "7171717171717171:07",
        "7171717171717171:-1",
        "71717171717171:7",
        "71 71 71 71 71 71 71 71:7",
        "ABABABABABABABAB:7",
        "7171717171717171:７",
        "7171717171717171:7\n",
        "7171717171717171:" + "9" * 17,
    ],
)
def test_no_other_text_is_a_dot(text):
    with pytest.raises(Malformed):
        Dot.parse(text)
