"""The enrolment documents: what one side writes the other reads, and nothing else gets in."""

import pytest

from casework.places import PlaceKind
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey
from crypto.trust import DeviceKeys
from node import enrolment as e
from sync.errors import Malformed

KEYS = DeviceKeys(SigningKey(bytes(32)).verify_key, DecryptionKey(bytes(32)).encryption_key)
STATION = e.EnrolledAs("411526101901", PlaceKind.OUTLET, "双柳树邮政网点", "post")
DOCUMENTS = [
    (e.format_asking, e.parse_asking, e.Asking("BCDF-GHJK", bytes(32))),
    (
        e.format_offer,
        e.parse_offer,
        e.Offer(bytes(16), bytes(32), b"county", KEYS.verify_key, STATION),
    ),
    (e.format_revealing, e.parse_revealing, e.Revealing(bytes(16), bytes(32), bytes(8), KEYS)),
    (
        e.format_revealing,
        e.parse_revealing,
        e.Revealing(bytes(16), bytes(32), bytes(8), KEYS, tls_fingerprint="AB:CD"),
    ),
    (e.format_revealed, e.parse_revealed, e.Revealed(e.EnrolmentState.PENDING, "012345")),
    (e.format_decision, e.parse_decision, e.Decision(e.EnrolmentState.PENDING)),
    (
        e.format_decision,
        e.parse_decision,
        e.Decision(e.EnrolmentState.APPROVED, b"c", b"p", b"catalogue", trust=3, device=1),
    ),
]


@pytest.mark.parametrize(("write", "read", "value"), DOCUMENTS)
def test_what_is_written_is_read(write, read, value):
    assert read(write(value)) == value


@pytest.mark.parametrize(("write", "read", "value"), DOCUMENTS)
@pytest.mark.parametrize("junk", [None, [], 7, True, "zz", "AA", "abc", {}, "a" * 999, -1])
def test_junk_in_any_member_raises_only_malformed(write, read, value, junk):
    for name in write(value):
        try:
            read({**write(value), name: junk})
        except Malformed:
            continue


@pytest.mark.parametrize(("write", "read", "value"), DOCUMENTS)
def test_a_document_is_an_object(write, read, value):
    for other in (None, [], "text", 3):
        with pytest.raises(Malformed):
            read(other)


def test_members_of_a_later_version_are_passed_over():
    document = e.format_asking(e.Asking("BCDF-GHJK", bytes(32)))
    assert e.parse_asking({**document, "later": 1}).code == "BCDF-GHJK"


def test_an_approval_needs_a_certificate():
    with pytest.raises(Malformed, match="certificate"):
        e.parse_decision({"state": "approved"})


def test_sizes_are_exact():
    document = e.format_asking(e.Asking("BCDF-GHJK", bytes(31)))
    with pytest.raises(Malformed, match="commitment"):
        e.parse_asking(document)
