"""Change set: a signed run of one replica's operations (docs/spec/change-set.md §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

from crypto import envelope
from crypto import message as cose
from crypto.canonical import Value
from crypto.errors import CryptoError
from crypto.signing import SigningKey, VerifyKey
from sync import codec, merkle
from sync.errors import LimitExceeded, Malformed, Unauthentic
from sync.limits import DEFAULT, Limits
from sync.operation import REPLICA_BYTES, Operation

CONTENT_TYPE: Final = "application/vnd.bangban.change-set+cbor"
_HASH = merkle.HASH_BYTES


class Anchor(NamedTuple):
    """The last answer of the county that the author held: its hash and its time (ms)."""

    answer: bytes
    county_time: int


class Basis(NamedTuple):
    """Versions of what the author worked under."""

    catalogue: int
    authorisations: int
    policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the author's device signs."""

    replica: bytes
    first: int
    last: int
    prev: bytes | None
    root: bytes
    anchor: Anchor | None
    basis: Basis

    @property
    def size(self) -> int:
        """How many operations it covers."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class SignedHeader:
    """A header with the bytes that carry its signature, kept for ever."""

    header: Header
    message: bytes
    hash: bytes


def seal(
    operations: Sequence[Operation],
    *,
    prev: bytes | None,
    anchor: Anchor | None,
    basis: Basis,
    key: SigningKey,
) -> SignedHeader:
    """Close a run of consecutive operations under one signature.

    Args:
        operations: at least one, of one replica, without gaps, within the limit.
        prev: hash of the header before, None for the first.
        anchor: as it was when the first of them was written.
        basis: likewise.
        key: the device's signing key.
    """
    first, last = operations[0].dot, operations[-1].dot
    header = Header(
        replica=first.replica,
        first=first.seq,
        last=last.seq,
        prev=prev,
        root=merkle.root([o.hash for o in operations]),
        anchor=anchor,
        basis=basis,
    )
    payload = _payload(header)
    message = envelope.sign(payload, key=key, content_type=CONTENT_TYPE)
    return SignedHeader(header, message, sha256(payload).digest())


def _payload(header: Header) -> bytes:
    return codec.encode(
        codec.dense(
            {
                1: header.replica,
                2: header.first,
                3: header.last,
                4: header.prev,
                5: header.root,
                6: list(header.anchor) if header.anchor else None,
                7: list(header.basis),
            }
        )
    )


def read(message: bytes, *, key: VerifyKey, limits: Limits = DEFAULT) -> SignedHeader:
    """Verify and parse a signed header.

    Raises:
        Unauthentic: the signature does not hold under `key`.
        Malformed: it is not a header.
        LimitExceeded: it covers too many operations.

    Does not check the chain (`prev`), nor that `key` belongs to the replica it names.
    """
    try:
        signed = envelope.verify(
            message, key=key, content_type=CONTENT_TYPE, max_bytes=limits.operation_body
        )
    except CryptoError as error:
        raise codec.fault_of(error, Unauthentic(f"change set header: {error}")) from error
    return _checked(signed.payload, message, limits)


def parse(message: bytes, *, limits: Limits = DEFAULT) -> SignedHeader:
    """Parse a header without its key: for one that this node verified before it stored it.

    Raises:
        Malformed: it is not a header.
    """
    try:
        payload = cose.read(message, max_bytes=limits.operation_body).payload
    except CryptoError as error:
        raise codec.fault_of(error, Malformed(f"change set header: {error}")) from error
    return _checked(payload, message, limits)


def signer_of(message: bytes, *, limits: Limits = DEFAULT) -> bytes:
    """Read which key a header claims to be signed with; proves nothing.

    Raises:
        Malformed: it is not a signed message.
    """
    try:
        return cose.read_kid(message, max_bytes=limits.operation_body)
    except CryptoError as error:
        raise codec.fault_of(error, Malformed(f"change set header: {error}")) from error


def _checked(payload: bytes, message: bytes, limits: Limits) -> SignedHeader:
    header = _header(codec.decode_map(payload, max_bytes=limits.operation_body))
    if not 1 <= header.first <= header.last or (header.first == 1) != (header.prev is None):
        raise Malformed("range of a change set")
    if header.size > limits.operations_per_change_set:
        raise LimitExceeded("operations in a change set")
    if header.last > limits.last_seq:
        raise LimitExceeded("seq")
    return SignedHeader(header, message, sha256(payload).digest())


def _header(m: codec.Message) -> Header:
    return Header(
        replica=codec.bstr(m, 1, REPLICA_BYTES),
        first=codec.uint(m, 2),
        last=codec.uint(m, 3),
        prev=codec.optional_bstr(m, 4, _HASH),
        root=codec.bstr(m, 5, _HASH),
        anchor=_anchor(codec.optional_list(m, 6, most=2)),
        basis=_basis(codec.as_list(m.get(7))),
    )


def _anchor(parts: list[Value]) -> Anchor | None:
    if not parts:
        return None
    if len(parts) != len(Anchor._fields):
        raise Malformed("anchor")
    return Anchor(codec.as_bytes(parts[0], _HASH), codec.as_instant(parts[1]))


def _basis(parts: list[Value]) -> Basis:
    if len(parts) != len(Basis._fields):
        raise Malformed("basis")
    return Basis(*(codec.as_uint(part) for part in parts))
