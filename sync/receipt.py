"""Receipts of the county and custody notes of a township (docs/spec/change-set.md §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from crypto import envelope
from crypto.canonical import Value
from crypto.errors import CryptoError
from crypto.signing import SigningKey, VerifyKey
from sync import codec
from sync.errors import Malformed, Unauthentic
from sync.limits import DEFAULT, Limits
from sync.merkle import HASH_BYTES
from sync.operation import REPLICA_BYTES

RECEIPT_TYPE: Final = "application/vnd.bangban.receipt+cbor"
CUSTODY_TYPE: Final = "application/vnd.bangban.custody+cbor"


class Remark(StrEnum):
    """Why an operation in a receipted change set is not simply applied."""

    HELD = "held"
    REFUSED = "refused"


class Exception_(NamedTuple):  # noqa: N801  # the specification's word; `Exception` is taken
    """One operation that is stored but held or refused."""

    seq: int
    remark: Remark
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The county's word that it stores a change set."""

    replica: bytes
    header_hash: bytes
    up_to: int
    received_at: int
    also: Sequence[tuple[int, int]] = ()
    exceptions: Sequence[Exception_] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyNote:
    """A township's word that it carries a change set; never a receipt."""

    replica: bytes
    header_hash: bytes
    up_to: int
    taken_at: int


def sign_receipt(receipt: Receipt, key: SigningKey) -> bytes:
    """Sign as the county."""
    payload = codec.dense(
        {
            1: receipt.replica,
            2: receipt.header_hash,
            3: receipt.up_to,
            4: [list(pair) for pair in receipt.also],
            5: receipt.received_at,
            6: [[e.seq, e.remark.value, e.reason] for e in receipt.exceptions],
        }
    )
    return envelope.sign(codec.encode(payload), key=key, content_type=RECEIPT_TYPE)


def sign_custody(note: CustodyNote, key: SigningKey) -> bytes:
    """Sign as the township that carries."""
    payload: dict[int | str, Value] = {
        1: note.replica,
        2: note.header_hash,
        3: note.up_to,
        5: note.taken_at,
    }
    return envelope.sign(codec.encode(payload), key=key, content_type=CUSTODY_TYPE)


def read_receipt(message: bytes, *, key: VerifyKey, limits: Limits = DEFAULT) -> Receipt:
    """Verify and parse a receipt; `key` must be the county's hub key, known beforehand.

    Raises:
        Unauthentic: not signed as a receipt by `key`.
        Malformed: not a receipt.
    """
    m = _open(message, key, RECEIPT_TYPE, limits)
    also = [_range(pair) for pair in codec.optional_list(m, 4, most=limits.message)]
    _demand_apart(codec.uint(m, 3), also)
    return Receipt(
        replica=codec.bstr(m, 1, REPLICA_BYTES),
        header_hash=codec.bstr(m, 2, HASH_BYTES),
        up_to=codec.uint(m, 3),
        received_at=codec.instant(m, 5),
        also=also,
        exceptions=[_exception(e) for e in codec.optional_list(m, 6, most=limits.message)],
    )


def read_custody(message: bytes, *, key: VerifyKey, limits: Limits = DEFAULT) -> CustodyNote:
    """Verify and parse a custody note of the parent whose device key is `key`.

    Raises:
        Unauthentic: not signed as a custody note by `key`.
        Malformed: not a custody note.
    """
    m = _open(message, key, CUSTODY_TYPE, limits)
    return CustodyNote(
        replica=codec.bstr(m, 1, REPLICA_BYTES),
        header_hash=codec.bstr(m, 2, HASH_BYTES),
        up_to=codec.uint(m, 3),
        taken_at=codec.instant(m, 5),
    )


def _open(message: bytes, key: VerifyKey, content_type: str, limits: Limits) -> codec.Message:
    try:
        signed = envelope.verify(
            message, key=key, content_type=content_type, max_bytes=limits.bundle
        )
    except CryptoError as error:
        raise codec.fault_of(error, Unauthentic(f"{content_type}: {error}")) from error
    return codec.decode_map(signed.payload, max_bytes=limits.bundle)


def _range(pair: Value) -> tuple[int, int]:
    low, high = _parts(pair, 2)
    return codec.as_uint(low), codec.as_uint(high)


def _demand_apart(up_to: int, also: Sequence[tuple[int, int]]) -> None:
    """Demand that what is held beyond a gap lies there, in order."""
    for low, high in also:
        if not up_to < low <= high:
            raise Malformed("ranges")
        up_to = high


def _exception(value: Value) -> Exception_:
    seq, remark, reason = _parts(value, 3)
    if remark not in {r.value for r in Remark} or not codec.as_uint(seq):
        raise Malformed("remark")
    return Exception_(codec.as_uint(seq), Remark(str(remark)), codec.as_text(reason))


def _parts(value: Value, count: int) -> list[Value]:
    parts = codec.as_list(value)
    if len(parts) != count:
        raise Malformed("array length")
    return parts
