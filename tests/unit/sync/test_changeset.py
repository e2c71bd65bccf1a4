"""Headers, receipts, custody notes and verdicts."""

from dataclasses import replace

import pytest

from crypto import message as cose
from sync import changeset, codec, receipt, verdict
from sync.changeset import Anchor
from sync.errors import LimitExceeded, Malformed, Unauthentic
from sync.limits import DEFAULT
from sync.operation import Dot
from sync.receipt import CustodyNote, Exception_, Receipt, Remark
from tests.unit.sync.builders import BASIS, COUNTY, OTHER, VILLAGE, device, entry, sealed

HASH = bytes(32)
KEY = device(VILLAGE).verify_key
SIGNED = sealed(
    [entry(VILLAGE, n) for n in (4, 5, 6)], prev=HASH, anchor=Anchor(b"a" * 32, 1_790_000_000_000)
)


def header(**keys):
    """A header with some keys changed, signed by its device."""
    payload = cose.read(SIGNED.message, max_bytes=9999).payload
    m = dict(codec.decode_map(payload, max_bytes=9999)) | {int(k[1:]): v for k, v in keys.items()}
    body = codec.encode({k: v for k, v in m.items() if v is not None})
    return cose.sign(body, key=device(VILLAGE), content_type=changeset.CONTENT_TYPE)


def test_what_was_sealed_is_read_again():
    found = changeset.read(SIGNED.message, key=KEY)
    assert found == SIGNED == changeset.parse(SIGNED.message)
    assert (found.header.size, found.header.basis) == (3, BASIS)
    assert changeset.signer_of(SIGNED.message) == KEY.key_id


@pytest.mark.parametrize(
    "keys",
    [
        {"k1": bytes(7)},
        {"k2": 0},
        {"k2": 7},
        {"k2": 1},
        {"k4": None},
        {"k4": bytes(31)},
        {"k5": None},
        {"k6": [bytes(32)]},
        {"k6": []},
        {"k7": None},
        {"k7": [1, 2]},
        {"k7": [1, 2, -3]},
    ],
    ids=str,
)
def test_what_does_not_follow_the_table_is_malformed(keys):
    with pytest.raises(Malformed):
        changeset.read(header(**keys), key=KEY)


@pytest.mark.parametrize(
    "keys",
    [
        {"k2": 1, "k4": None, "k3": DEFAULT.operations_per_change_set + 1},
        {"k2": DEFAULT.last_seq + 1, "k3": DEFAULT.last_seq + 1},
        {"k6": [bytes(32), DEFAULT.instant + 1]},
    ],
    ids=["operations", "seq", "time"],
)
def test_limits_of_a_header(keys):
    with pytest.raises(LimitExceeded):
        changeset.read(header(**keys), key=KEY)


def test_a_header_of_another_key_or_type_is_no_header():
    with pytest.raises(Unauthentic):
        changeset.read(SIGNED.message, key=device(OTHER).verify_key)
    payload = cose.read(SIGNED.message, max_bytes=9999).payload
    other = cose.sign(payload, key=device(VILLAGE), content_type=receipt.RECEIPT_TYPE)
    with pytest.raises(Malformed):
        changeset.read(other, key=KEY)
    for reading in (changeset.parse, changeset.signer_of):
        with pytest.raises(Malformed):
            reading(b"junk")


# --- receipts and notes

COUNTY_KEY = device(COUNTY).verify_key
RECEIPT = Receipt(
    replica=VILLAGE,
    header_hash=HASH,
    up_to=3,
    received_at=5,
    also=[(5, 7)],
    exceptions=[Exception_(2, Remark.HELD, "gap")],
)
NOTE = CustodyNote(replica=VILLAGE, header_hash=HASH, up_to=3, taken_at=5)


def test_receipts_and_notes_come_back_as_they_were():
    message = receipt.sign_receipt(RECEIPT, device(COUNTY))
    assert receipt.read_receipt(message, key=COUNTY_KEY) == RECEIPT
    assert receipt.sign_receipt(RECEIPT, device(COUNTY)) == message
    note = receipt.sign_custody(NOTE, device(OTHER))
    assert receipt.read_custody(note, key=device(OTHER).verify_key) == NOTE


def test_a_note_is_no_receipt_even_from_the_county():
    note = receipt.sign_custody(NOTE, device(COUNTY))
    with pytest.raises(Malformed):
        receipt.read_receipt(note, key=COUNTY_KEY)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {1: VILLAGE, 2: HASH, 3: 1},
        {1: VILLAGE, 2: HASH, 3: 1, 5: 1, 4: [[1]]},
        {1: VILLAGE, 2: HASH, 3: 1, 5: 1, 6: [[1, "lost", ""]]},
        {1: VILLAGE, 2: HASH, 3: 1, 5: 1, 6: []},
    ],
    ids=str,
)
def test_what_is_no_receipt_is_malformed(payload):
    message = cose.sign(
        codec.encode(payload), key=device(COUNTY), content_type=receipt.RECEIPT_TYPE
    )
    with pytest.raises(Malformed):
        receipt.read_receipt(message, key=COUNTY_KEY)


# --- verdicts

VERDICT = verdict.Verdict(dot=Dot(VILLAGE, 7), hash=HASH, refused=True, code="scope", reason="不算")


def test_a_verdict_is_read_from_its_field():
    assert verdict.read(VERDICT.field, VERDICT.value()) == VERDICT
    assert VERDICT.field == "verdict.7171717171717171:7"


@pytest.mark.parametrize(
    "change",
    [{"hash": bytes(31)}, {"refused": 1}, {"code": None}, {"reason": b""}],
    ids=str,
)
def test_what_is_no_verdict_states_nothing(change):
    operation = entry(COUNTY, 1, {VERDICT.field: {**VERDICT.value(), **change}}).operation
    assert list(verdict.verdicts_of(operation)) == []
    with pytest.raises(Malformed):
        verdict.read(VERDICT.field, {**VERDICT.value(), **change})


def test_a_verdict_names_its_operation_in_one_way_only():
    with pytest.raises(Malformed):
        verdict.read("verdict.7171717171717171:07", VERDICT.value())
    assert replace(VERDICT, refused=False).field == VERDICT.field
