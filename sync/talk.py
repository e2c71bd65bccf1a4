"""What is said in the exchange: requests, answers, their parts (docs/spec/exchange.md §2, §3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from typing_extensions import override

from sync.errors import Malformed

PROTOCOL: Final = (1, 1)
"""Lowest and highest version of the protocol that this program speaks."""


class Standing(StrEnum):
    """What a parent makes of the replica that asks; a word that is not known here is `active`."""

    ACTIVE = "active"
    FORKED = "forked"

    @classmethod
    @override
    def _missing_(cls, value: object) -> "Standing":
        return cls.ACTIVE


class LogHead(NamedTuple):
    """The end of a replica's log: last sealed seq, its header hash, how many operations."""

    seq: int
    header_hash: bytes
    operations: int


class FeedPosition(NamedTuple):
    """How far a child has taken its parent's feed."""

    epoch: bytes
    position: int


class Queues(NamedTuple):
    """Counts of what waits at the child."""

    pending: int
    attachments: int
    quarantined: int


class Versions(NamedTuple):
    """What the child runs and works under: catalogue version, and what it knows of the trust."""

    software: str
    catalogue: int
    trust: int


class Bucket(NamedTuple):
    """One of the buckets of a digest: how many operations, and the sum of their names."""

    operations: int
    total: bytes


class Digest(NamedTuple):
    """What a child holds of its scope, up to a position of its feed (anti-entropy)."""

    position: int
    buckets: Sequence[Bucket]


class FeedBundle(NamedTuple):
    """Feed items `start`…`end`, sealed to the child."""

    start: int
    end: int
    bundle: bytes


class Complaint(NamedTuple):
    """A bundle of this request that was put aside, and why."""

    bundle: bytes
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a child tells and sends its parent."""

    number: int
    replica: bytes
    audience: str
    certificate: bytes
    clock: int
    free: int
    queues: Queues
    versions: Versions
    receipted: int
    head: LogHead | None = None
    feed: FeedPosition | None = None
    last_answer: bytes | None = None
    bundles: Sequence[bytes] = ()
    ask: Sequence[bytes] = ()
    protocol: tuple[int, int] = PROTOCOL
    heads: Sequence[bytes] = ()
    digest: Digest | None = None
    records: Sequence[bytes] = ()
    letters: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a parent answers."""

    request: bytes
    epoch: bytes
    trust: int
    more: bool
    request_bytes: int
    head: tuple[int, bytes] | None = None
    receipts: Sequence[bytes] = ()
    feed: Sequence[FeedBundle] = ()
    county_time: int | None = None
    notices: Sequence[str] = ()
    custody: Sequence[bytes] = ()
    attachments: Mapping[bytes, Sequence[int]] = field(default_factory=dict)
    county_document: bytes | None = None
    catalogue: bytes | None = None
    complaints: Sequence[Complaint] = ()
    certificates: Sequence[bytes] = ()
    wanted: Sequence[bytes] = ()
    county_heads: Sequence[tuple[bytes, int]] = ()
    standing: Standing = Standing.ACTIVE
    repaired: Sequence[int] = ()
    protocol: int = PROTOCOL[1]
    left: Sequence[bytes] = ()
    replies: Mapping[bytes, bytes] = field(default_factory=dict)


def demand_unbroken(feed: Sequence[FeedBundle], *, taken: int) -> None:
    """Demand that the feed of an answer goes on where the child stands, and leaves nothing out.

    Args:
        feed: of the answer.
        taken: the last item number that the child has taken in this epoch.

    Raises:
        Malformed: a number is left out.
    """
    known = taken
    for item in feed:
        if item.start > known + 1 or item.end < item.start:
            raise Malformed("the feed leaves something out")
        known = max(known, item.end)
