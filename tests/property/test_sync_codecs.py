"""What is written is read again, whatever it says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sync import changeset, exchange, merkle, operation, receipt
from sync.changeset import Anchor
from sync.exchange import (
    Answer,
    Bucket,
    Complaint,
    Digest,
    FeedBundle,
    FeedPosition,
    LogHead,
    Queues,
    Request,
    Standing,
    Versions,
)
from sync.receipt import CustodyNote, Exception_, Receipt, Remark
from tests.unit.sync.builders import COUNTY, VILLAGE, device, entry, sealed

QUICK = settings(max_examples=60, deadline=None)
WORDS = st.text("ab界 ", max_size=12)
UINT = st.integers(0, 2**53 - 1)
TIME = st.integers(0, 253_402_300_799_999)
HASH = st.binary(min_size=32, max_size=32)
REPLICA = st.binary(min_size=8, max_size=8)
BYTES = st.binary(min_size=1, max_size=40)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | WORDS | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
VALUES = st.dictionaries(st.sampled_from("abcdef"), PLAIN, max_size=4)
PERSONAL = st.dictionaries(st.sampled_from("ghijkl"), PLAIN, max_size=4)
SENSITIVE = st.dictionaries(st.sampled_from(("m", "nn", "ooo" * 9)), PLAIN, max_size=3)


@QUICK
@given(VALUES, PERSONAL, SENSITIVE, TIME)
def test_operations(fields, personal, sensitive, now):
    made = entry(VILLAGE, 3, fields, personal=personal, sensitive=sensitive, claimed_at=now)
    found = operation.read(made.operation.body, made.operation.commitments)
    assert found == made.operation
    assert (found.fields, found.sealed) == (made.operation.fields, made.operation.sealed)
    for class_, values in ((2, personal), (3, sensitive)):
        if values:
            opened = made.disclosures[class_]
            assert opened.read(found.sealed[class_], max_bytes=9999) == values


@QUICK
@given(st.integers(1, 40), st.data())
def test_subset_proofs(size, data):
    leaves = [bytes([n]) * 32 for n in range(size)]
    shown = data.draw(st.sets(st.integers(0, size - 1), min_size=1))
    proof = merkle.prove(merkle.known_leaves(leaves), size, shown)
    assert merkle.check(size, {n: leaves[n] for n in shown}, proof)[0] == merkle.root(leaves)


@QUICK
@given(st.integers(1, 9), st.none() | st.builds(Anchor, HASH, TIME), HASH)
def test_headers(first, anchor, prev):
    operations = [entry(VILLAGE, first + n) for n in range(3)]
    signed = sealed(operations, prev=prev if first > 1 else None, anchor=anchor)
    assert changeset.read(signed.message, key=device(VILLAGE).verify_key) == signed


def _pairs(numbers):
    """Make ranges that lie apart, in order."""
    ordered = sorted(numbers)
    return list(zip(ordered[::2], ordered[1::2], strict=False))


@QUICK
@given(
    st.builds(
        Receipt,
        replica=REPLICA,
        header_hash=HASH,
        up_to=st.integers(0, 9),
        received_at=TIME,
        also=st.lists(st.integers(10, 99), max_size=4, unique=True).map(_pairs),
        exceptions=st.lists(
            st.builds(Exception_, st.integers(1, 9), st.sampled_from(Remark), WORDS), max_size=2
        ),
    ),
    st.builds(CustodyNote, replica=REPLICA, header_hash=HASH, up_to=UINT, taken_at=TIME),
)
def test_receipts_and_notes(said, note):
    key = device(COUNTY)
    assert receipt.read_receipt(receipt.sign_receipt(said, key), key=key.verify_key) == said
    assert receipt.read_custody(receipt.sign_custody(note, key), key=key.verify_key) == note


BUCKET = st.builds(Bucket, UINT, REPLICA)
REQUESTS = st.builds(
    Request,
    number=UINT,
    replica=REPLICA,
    audience=st.just("411526000000"),
    certificate=BYTES,
    clock=TIME,
    free=UINT,
    queues=st.builds(Queues, UINT, UINT, UINT),
    versions=st.builds(Versions, WORDS, UINT, UINT),
    receipted=UINT,
    head=st.none() | st.builds(LogHead, UINT, HASH, UINT),
    feed=st.none() | st.builds(FeedPosition, REPLICA, UINT),
    last_answer=st.none() | HASH,
    bundles=st.lists(BYTES, max_size=3),
    ask=st.lists(HASH, max_size=3),
    protocol=st.just((1, 1)) | st.just((2, 7)),
    heads=st.lists(BYTES, max_size=2),
    digest=st.none() | st.builds(Digest, UINT, st.lists(BUCKET, min_size=16, max_size=16)),
    records=st.lists(st.binary(min_size=16, max_size=16), max_size=2),
    letters=st.lists(BYTES, max_size=2),
)
ANSWERS = st.builds(
    Answer,
    request=HASH,
    epoch=REPLICA,
    trust=UINT,
    more=st.booleans(),
    request_bytes=UINT,
    head=st.none() | st.tuples(UINT, HASH),
    receipts=st.lists(BYTES, max_size=3),
    feed=st.lists(st.builds(FeedBundle, st.just(1), st.integers(1, 9), BYTES), max_size=2),
    county_time=st.none() | TIME,
    notices=st.lists(WORDS, max_size=2),
    custody=st.lists(BYTES, max_size=2),
    attachments=st.dictionaries(HASH, st.lists(UINT, max_size=3), max_size=2),
    county_document=st.none() | BYTES,
    catalogue=st.none() | BYTES,
    complaints=st.lists(st.builds(Complaint, HASH, WORDS, WORDS), max_size=2),
    certificates=st.lists(BYTES, max_size=2),
    wanted=st.lists(HASH, max_size=2),
    county_heads=st.lists(st.tuples(REPLICA, UINT), max_size=2),
    standing=st.sampled_from(Standing),
    repaired=st.lists(st.integers(0, 15), max_size=2),
    protocol=st.just(1),
    left=st.lists(st.binary(min_size=16, max_size=16), max_size=2),
)


@QUICK
@given(REQUESTS)
def test_requests(request):
    key = device(VILLAGE)
    message = exchange.sign_request(request, key)
    found = exchange.read_request(message, key=key.verify_key, audience=request.audience)
    assert found == request
    assert exchange.claimed_certificate(message) == request.certificate


@QUICK
@given(ANSWERS)
def test_answers(answer):
    key = device(COUNTY)
    message = exchange.sign_answer(answer, key)
    found = exchange.read_answer(message, key=key.verify_key, outstanding={answer.request})
    assert found == answer
