"""One signed message each way: request and answer (docs/spec/exchange.md §1–§4)."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Final

from crypto import envelope
from crypto import message as cose
from crypto.canonical import Value
from crypto.errors import CryptoError
from crypto.signing import SigningKey, VerifyKey
from sync import codec
from sync.errors import Malformed, NewerVersion, NotForUs, NotOutstanding, Unauthentic
from sync.limits import DEFAULT, Limits
from sync.merkle import HASH_BYTES
from sync.operation import RECORD_BYTES, REPLICA_BYTES
from sync.talk import (
    PROTOCOL,
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
    demand_unbroken,
)

__all__ = [
    "PROTOCOL",
    "Answer",
    "Bucket",
    "Complaint",
    "Digest",
    "FeedBundle",
    "FeedPosition",
    "LogHead",
    "Queues",
    "Request",
    "Standing",
    "Versions",
    "demand_unbroken",
]
"""What is said, so that callers find it beside the verbs; and this module's own functions."""

REQUEST_TYPE: Final = "application/vnd.bangban.request+cbor"
ANSWER_TYPE: Final = "application/vnd.bangban.answer+cbor"
EPOCH_BYTES: Final = 8
DIGEST_BUCKETS: Final = 16
DIGEST_SUM_BYTES: Final = 8


def digest(message: bytes) -> bytes:
    """Name a message by its hash."""
    return sha256(message).digest()


def sign_request(request: Request, key: SigningKey) -> bytes:
    """Encode and sign a request with the child's device key."""
    payload: dict[int | str, Value] = {
        1: request.number,
        2: request.last_answer,
        3: list(request.protocol),
        4: request.replica,
        5: list(request.head) if request.head else None,
        6: list(request.feed) if request.feed else None,
        7: request.clock,
        8: request.free,
        9: list(request.queues),
        10: list(request.versions),
        11: list(request.bundles),
        12: request.certificate,
        13: list(request.ask),
        14: request.audience,
        15: request.receipted,
        16: list(request.heads),
        17: _digest_value(request.digest),
        18: list(request.records),
        19: list(request.letters),
    }
    return envelope.sign(codec.encode(codec.dense(payload)), key=key, content_type=REQUEST_TYPE)


def claimed_certificate(message: bytes, *, limits: Limits = DEFAULT) -> bytes:
    """Read the certificate in a request before its signature can be checked.

    Raises:
        Malformed: not a request.
        LimitExceeded: too large.

    Does not check anything else: verify the certificate, then call `read_request` with its key.
    """
    payload = _unverified(message, limits)
    return codec.bstr(codec.decode_map(payload, max_bytes=limits.message), 12)


def _unverified(message: bytes, limits: Limits) -> bytes:
    try:
        return cose.read(message, max_bytes=limits.message).payload
    except CryptoError as error:
        raise codec.fault_of(error, Malformed(f"request: {error}")) from error


def read_request(
    message: bytes, *, key: VerifyKey, audience: str, limits: Limits = DEFAULT
) -> Request:
    """Verify and parse a request.

    Args:
        message: as received.
        key: the device key that the county certified for the child.
        audience: station code of this node.
        limits: sizes.

    Raises:
        Unauthentic: the signature does not hold.
        NotForUs: meant for another parent.
        Malformed: not a request.
        LimitExceeded: too large.

    Does not check that the number rises.
    """
    m = _verified(message, key, REQUEST_TYPE, limits)
    low, high = _uints(m.get(3), 2)
    if low > high:
        raise Malformed("protocol")
    request = Request(
        number=codec.uint(m, 1),
        last_answer=codec.optional_bstr(m, 2, HASH_BYTES),
        protocol=(low, high),
        replica=codec.bstr(m, 4, REPLICA_BYTES),
        head=_head(m),
        feed=_feed_position(m),
        clock=codec.instant(m, 7),
        free=codec.uint(m, 8),
        queues=Queues(*_uints(m.get(9), 3)),
        versions=_versions(m),
        bundles=_bstrs(m, 11, limits.bundles_per_message),
        certificate=codec.bstr(m, 12),
        ask=_bstrs(m, 13, limits.asks_per_message, HASH_BYTES),
        audience=codec.text(m, 14),
        receipted=codec.uint(m, 15),
        heads=_bstrs(m, 16, limits.heads_per_request),
        digest=_digest(m),
        records=_bstrs(m, 18, limits.asks_per_message, RECORD_BYTES),
        letters=_bstrs(m, 19, limits.letters_per_message),
    )
    if request.audience != audience:
        raise NotForUs(request.audience)
    return request


def claimed_certificates(message: bytes, *, limits: Limits = DEFAULT) -> list[bytes]:
    """Read the certificates in an answer before its signature can be checked.

    Raises:
        Malformed: not an answer.
        LimitExceeded: too large.

    Does not check anything else: believe one only by what the county's signature on it says.
    """
    m = codec.decode_map(_unverified(message, limits), max_bytes=limits.message)
    return _bstrs(m, 16, limits.certificates_per_parcel)


def sign_answer(answer: Answer, key: SigningKey) -> bytes:
    """Encode and sign an answer with the parent's device key."""
    payload: dict[int | str, Value] = {
        1: answer.request,
        2: answer.epoch,
        3: answer.trust,
        4: list(answer.head) if answer.head else None,
        5: list(answer.receipts),
        6: [list(bundle) for bundle in answer.feed],
        7: answer.more,
        8: answer.county_time,
        9: [answer.request_bytes],
        10: list(answer.notices),
        11: list(answer.custody),
        12: [[h, list(missing)] for h, missing in answer.attachments.items()],
        13: answer.county_document,
        14: answer.catalogue,
        15: [list(complaint) for complaint in answer.complaints],
        16: list(answer.certificates),
        17: list(answer.wanted),
        18: [list(head) for head in answer.county_heads],
        19: None if answer.standing is Standing.ACTIVE else answer.standing.value,
        20: list(answer.repaired),
        21: answer.protocol,
        22: list(answer.left),
        23: [[name, reply] for name, reply in answer.replies.items()],
    }
    return envelope.sign(codec.encode(codec.dense(payload)), key=key, content_type=ANSWER_TYPE)


def read_answer(
    message: bytes,
    *,
    key: VerifyKey,
    outstanding: Collection[bytes] | None,
    limits: Limits = DEFAULT,
) -> Answer:
    """Verify and parse the answer to a request that still waits.

    Args:
        message: as received.
        key: device key of the parent that was asked.
        outstanding: digests of the requests to this parent that wait; None: the caller takes
            nothing of it but what proves itself, such as receipts.
        limits: sizes.

    Raises:
        Unauthentic: not signed by the parent.
        NotOutstanding: it answers another request (a replay).
        NewerVersion: in a version of the protocol that we do not speak.
        Malformed: not an answer.
        LimitExceeded: too large.
    """
    m = _verified(message, key, ANSWER_TYPE, limits)
    answered = codec.bstr(m, 1, HASH_BYTES)
    if outstanding is not None and answered not in outstanding:
        raise NotOutstanding(answered.hex())
    more = m.get(7)
    if not isinstance(more, bool):
        raise Malformed("more")
    most = limits.receipts_per_answer
    return Answer(
        request=answered,
        epoch=codec.bstr(m, 2, EPOCH_BYTES),
        trust=codec.uint(m, 3),
        more=more,
        request_bytes=_uints(m.get(9), 1)[0],
        head=_held(m),
        receipts=_bstrs(m, 5, most),
        feed=[_feed_bundle(f) for f in codec.optional_list(m, 6, most=limits.bundles_per_message)],
        county_time=codec.as_instant(m[8]) if 8 in m else None,  # noqa: PLR2004  # the key
        notices=[codec.as_text(n) for n in codec.optional_list(m, 10, most=most)],
        custody=_bstrs(m, 11, most),
        attachments=_missing(m, limits),
        county_document=codec.optional_bstr(m, 13),
        catalogue=codec.optional_bstr(m, 14),
        complaints=[_complaint(c) for c in codec.optional_list(m, 15, most=most)],
        certificates=_bstrs(m, 16, limits.certificates_per_parcel),
        wanted=_bstrs(m, 17, limits.asks_per_message, HASH_BYTES),
        county_heads=[_replica_head(h) for h in codec.optional_list(m, 18, most=most)],
        standing=Standing(codec.optional_text(m, 19) or Standing.ACTIVE),
        repaired=[codec.as_uint(b) for b in codec.optional_list(m, 20, most=DIGEST_BUCKETS)],
        protocol=_chosen(m),
        left=_bstrs(m, 22, limits.feed_page_operations, RECORD_BYTES),
        replies=dict(
            _reply(r) for r in codec.optional_list(m, 23, most=limits.letters_per_message)
        ),
    )


def _reply(value: Value) -> tuple[bytes, bytes]:
    parts = codec.as_list(value)
    if len(parts) != 2:  # noqa: PLR2004  # digest of the letter and the answer
        raise Malformed("reply")
    return codec.as_bytes(parts[0], HASH_BYTES), codec.as_bytes(parts[1])


def _chosen(m: codec.Message) -> int:
    found = codec.as_uint(m[21]) if 21 in m else PROTOCOL[0]  # noqa: PLR2004  # the key
    if not PROTOCOL[0] <= found <= PROTOCOL[1]:
        raise NewerVersion(f"protocol {found}")
    return found


def _replica_head(value: Value) -> tuple[bytes, int]:
    parts = codec.as_list(value)
    if len(parts) != 2:  # noqa: PLR2004  # replica and seq
        raise Malformed("county head")
    return codec.as_bytes(parts[0], REPLICA_BYTES), codec.as_uint(parts[1])


def _digest_value(found: Digest | None) -> Value:
    return [found.position, [list(bucket) for bucket in found.buckets]] if found else None


def _digest(m: codec.Message) -> Digest | None:
    parts = codec.optional_list(m, 17, most=2)
    if not parts:
        return None
    if len(parts) != len(Digest._fields):
        raise Malformed("digest")
    buckets = [_bucket(b) for b in codec.as_list(parts[1])]
    if len(buckets) != DIGEST_BUCKETS:
        raise Malformed("buckets")
    return Digest(codec.as_uint(parts[0]), buckets)


def _bucket(value: Value) -> Bucket:
    parts = codec.as_list(value)
    if len(parts) != len(Bucket._fields):
        raise Malformed("bucket")
    return Bucket(codec.as_uint(parts[0]), codec.as_bytes(parts[1], DIGEST_SUM_BYTES))


def _verified(message: bytes, key: VerifyKey, content_type: str, limits: Limits) -> codec.Message:
    try:
        signed = envelope.verify(
            message, key=key, content_type=content_type, max_bytes=limits.message
        )
    except CryptoError as error:
        raise codec.fault_of(error, Unauthentic(f"{content_type}: {error}")) from error
    return codec.decode_map(signed.payload, max_bytes=limits.message)


def _head(m: codec.Message) -> LogHead | None:
    parts = codec.optional_list(m, 5, most=3)
    if not parts:
        return None
    if len(parts) != len(LogHead._fields):
        raise Malformed("head")
    return LogHead(
        codec.as_uint(parts[0]), codec.as_bytes(parts[1], HASH_BYTES), codec.as_uint(parts[2])
    )


def _held(m: codec.Message) -> tuple[int, bytes] | None:
    if 4 not in m:  # noqa: PLR2004  # the key
        return None
    parts = codec.as_list(m[4])
    if len(parts) != 2:  # noqa: PLR2004  # seq and hash
        raise Malformed("head")
    return codec.as_uint(parts[0]), codec.as_bytes(parts[1], HASH_BYTES)


def _feed_position(m: codec.Message) -> FeedPosition | None:
    parts = codec.optional_list(m, 6, most=2)
    if not parts:
        return None
    if len(parts) != len(FeedPosition._fields):
        raise Malformed("feed position")
    return FeedPosition(codec.as_bytes(parts[0], EPOCH_BYTES), codec.as_uint(parts[1]))


def _versions(m: codec.Message) -> Versions:
    parts = codec.as_list(m.get(10))
    if len(parts) != len(Versions._fields):
        raise Malformed("versions")
    software, catalogue, trust = parts
    return Versions(codec.as_text(software), codec.as_uint(catalogue), codec.as_uint(trust))


def _feed_bundle(value: Value) -> FeedBundle:
    parts = codec.as_list(value)
    if len(parts) != len(FeedBundle._fields):
        raise Malformed("feed bundle")
    start, end = codec.as_uint(parts[0]), codec.as_uint(parts[1])
    if start > end:
        raise Malformed("feed bundle")
    return FeedBundle(start, end, codec.as_bytes(parts[2]))


def _complaint(value: Value) -> Complaint:
    parts = codec.as_list(value)
    if len(parts) != len(Complaint._fields):
        raise Malformed("complaint")
    return Complaint(
        codec.as_bytes(parts[0], HASH_BYTES), codec.as_text(parts[1]), codec.as_text(parts[2])
    )


def _missing(m: codec.Message, limits: Limits) -> Mapping[bytes, Sequence[int]]:
    found: dict[bytes, Sequence[int]] = {}
    for item in codec.optional_list(m, 12, most=limits.asks_per_message):
        parts = codec.as_list(item)
        if len(parts) != 2:  # noqa: PLR2004  # hash and chunks
            raise Malformed("attachment")
        chunks = [codec.as_uint(chunk) for chunk in codec.as_list(parts[1])]
        found[codec.as_bytes(parts[0], HASH_BYTES)] = chunks
    return found


def _uints(value: Value, count: int) -> list[int]:
    parts = codec.as_list(value)
    if len(parts) != count:
        raise Malformed("array length")
    return [codec.as_uint(part) for part in parts]


def _bstrs(m: codec.Message, key: int, most: int, size: int | None = None) -> list[bytes]:
    return [codec.as_bytes(b, size) for b in codec.optional_list(m, key, most=most)]
