"""Small invented logs: replicas, keys, operations and change sets without any node."""

from functools import cache

from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey
from sync import changeset, disclosure, operation
from sync.changeset import Basis
from sync.operation import Dot, Draft
from sync.record import Entry

COUNTY, TOWNSHIP, VILLAGE, OTHER = (bytes([n]) * 8 for n in (0xC0, 0x70, 0x71, 0x72))
RECORD = b"record-of-16-byt"
SEEDS = {2: b"2" * 32, 3: b"3" * 32}
BASIS = Basis(1, 0, 0)


@cache
def device(replica):
    """The signing key of a replica."""
    return SigningKey(replica * 4)


@cache
def reader(name):
    """A key that something can be sealed to."""
    return DecryptionKey(name.encode().ljust(32, b"."))


def entry(replica, seq, fields=None, *, personal=None, sensitive=None, replaces=None, **more):
    """Write one operation with what it discloses.

    `replaces` names per field the operations, or bare references, that it answers.
    """
    values = {c: v for c, v in ((2, personal), (3, sensitive)) if v}
    opened = {
        c: disclosure.disclose(v, seed=more.get("seeds", SEEDS)[c], seq=seq)
        for c, v in values.items()
    }
    draft = Draft(
        claimed_at=more.get("claimed_at", 1_790_000_000_000),
        since=more.get("since", 0),
        actor="first",
        kind="case",
        record=more.get("record", RECORD),
        fact=more.get("fact", "case.received"),
        fields=fields or {},
        sealed={c: disclosure.canonical_order(v) for c, v in values.items()},
        replaces={n: tuple(getattr(o, "ref", o) for o in os) for n, os in (replaces or {}).items()},
    )
    commitments = {c: d.commitment for c, d in opened.items()}
    return Entry(operation.write(draft, Dot(replica, seq), commitments), opened)


def op(replica, seq, fields=None, **more):
    """Write one operation."""
    return entry(replica, seq, fields, **more).operation


def sealed(entries, *, prev=None, anchor=None, key=None):
    """Sign entries as one change set."""
    operations = [e.operation for e in entries]
    signer = key or device(operations[0].dot.replica)
    return changeset.seal(operations, prev=prev, anchor=anchor, basis=BASIS, key=signer)
