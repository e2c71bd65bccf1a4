"""Operation: one lawful act on one record, as its author signed it (docs/spec/change-set.md §2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

from crypto import canonical
from crypto.canonical import Value
from crypto.errors import CryptoError
from sync import codec
from sync.codec import Message
from sync.errors import LimitExceeded, Malformed
from sync.limits import DEFAULT, Limits

REPLICA_BYTES: Final = 8
RECORD_BYTES: Final = 16
TAG_BYTES: Final = 8
_DOT: Final = re.compile(r"([0-9a-f]{16}):([1-9][0-9]{0,15})", re.ASCII)


class Dot(NamedTuple):
    """Who wrote it and as which one."""

    replica: bytes
    seq: int

    @property
    def text(self) -> str:
        """Write as `REPLICA:SEQ`.

        >>> Dot(bytes(8), 7).text
        '0000000000000000:7'
        """
        return f"{self.replica.hex()}:{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "Dot":
        """Read `REPLICA:SEQ`.

        Raises:
            Malformed: it is not of this form.
        """
        found = _DOT.fullmatch(text)
        if found is None:
            raise Malformed("dot")
        return cls(bytes.fromhex(found[1]), int(found[2]))


class Ref(NamedTuple):
    """A dot together with the beginning of the hash of what the author saw there."""

    replica: bytes
    seq: int
    tag: bytes

    @property
    def dot(self) -> Dot:
        """The place it points at."""
        return Dot(self.replica, self.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An act before it has a place in a log.

    Attributes:
        claimed_at: the author's clock, milliseconds.
        since: running time since the anchor of the change set, milliseconds.
        fields: values of class 1.
        sealed: class → sorted names of the fields whose values are only committed.
        replaces: per field, what the author's node knew and nothing known replaced.
    """

    claimed_at: int
    since: int
    actor: str
    kind: str
    record: bytes
    fact: str
    fields: Mapping[str, Value]
    sealed: Mapping[int, tuple[str, ...]]
    replaces: Mapping[str, tuple[Ref, ...]]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Operation:
    """A parsed operation and the exact bytes it was parsed from.

    Equality and hashing go by dot and hash, which identify an operation.
    """

    dot: Dot
    hash: bytes
    body: bytes = field(repr=False, compare=False)
    commitments: Mapping[int, bytes] = field(repr=False, compare=False)
    claimed_at: int = field(compare=False)
    since: int = field(compare=False)
    actor: str = field(compare=False)
    kind: str = field(compare=False)
    record: bytes = field(compare=False)
    fact: str = field(compare=False)
    version: int = field(compare=False)
    fields: Mapping[str, Value] = field(repr=False, compare=False)
    sealed: Mapping[int, tuple[str, ...]] = field(repr=False, compare=False)
    replaces: Mapping[str, tuple[Ref, ...]] = field(repr=False, compare=False)

    @property
    def ref(self) -> Ref:
        """How a later operation names this one."""
        return Ref(self.dot.replica, self.dot.seq, self.hash[:TAG_BYTES])

    def sets(self, name: str) -> bool:
        """Say whether this operation sets the field `name`."""
        return name in self.fields or any(name in names for names in self.sealed.values())

    def field_names(self) -> tuple[str, ...]:
        """All fields set, of every class."""
        sealed = [name for names in self.sealed.values() for name in names]
        return (*self.fields, *sealed)


def hash_of(body: bytes, commitments: Mapping[int, bytes]) -> bytes:
    """Compute the leaf hash (spec §4)."""
    tail = b"".join(commitments[c] for c in sorted(commitments))
    return sha256(b"\x00" + body + tail).digest()


def write(draft: Draft, dot: Dot, commitments: Mapping[int, bytes]) -> Operation:
    """Give `draft` its place in the log; `commitments` has one entry for each class sealed."""
    body = codec.encode(
        codec.dense(
            {
                1: dot.replica,
                2: dot.seq,
                3: draft.claimed_at,
                4: draft.since,
                5: draft.actor,
                6: draft.kind,
                7: draft.record,
                8: draft.fact,
                9: draft.version,
                10: dict(draft.fields),
                11: {c: list(names) for c, names in draft.sealed.items()},
                12: {n: [list(ref) for ref in refs] for n, refs in draft.replaces.items()},
            }
        )
    )
    return Operation(
        dot,
        hash_of(body, commitments),
        body,
        commitments,
        draft.claimed_at,
        draft.since,
        draft.actor,
        draft.kind,
        draft.record,
        draft.fact,
        draft.version,
        draft.fields,
        draft.sealed,
        draft.replaces,
    )


class Unbound(NamedTuple):
    """A decoded body that still waits for its commitments."""

    body: bytes
    message: Message
    sealed: Mapping[int, tuple[str, ...]]


def parse(body: bytes, *, limits: Limits = DEFAULT) -> Unbound:
    """Decode the bytes of an operation as far as is possible without its commitments.

    Raises:
        Malformed: not strict CBOR, or the sealed classes are not well formed.
        LimitExceeded: too long.
    """
    message = codec.decode_map(body, max_bytes=limits.operation_body)
    if len(body) > limits.text:  # else no text in it can be too long
        codec.demand_short_texts(dict(message), most=limits.text)
    sealed = _sealed(message)
    if any(list(names) != sorted(names, key=_map_order) for names in sealed.values()):
        raise Malformed("order of sealed names")
    return Unbound(body, message, sealed)


def reload(body: bytes) -> Unbound:
    """Decode a body that `parse` has accepted before; does not check its form again.

    Raises:
        Malformed: somebody has edited it until it is none.
    """
    try:
        message = codec.as_map(canonical.decode_own(body))
    except CryptoError as error:
        raise Malformed(str(error)) from error
    return Unbound(body, message, _sealed(message))


def bind(
    unbound: Unbound, commitments: Mapping[int, bytes], *, limits: Limits = DEFAULT
) -> Operation:
    """Join a decoded body and its commitments.

    Args:
        unbound: from `parse`.
        commitments: one for each class that the body seals, given or recomputed.
        limits: sizes.

    Raises:
        Malformed: not an operation, or commitments and sealed classes differ.
        LimitExceeded: too many fields.

    Does not check signatures, authority, or whether the fields are known.
    """
    body, m, sealed = unbound
    if commitments.keys() != sealed.keys():
        raise Malformed("commitments do not fit the sealed classes")
    operation = Operation(
        Dot(codec.bstr(m, 1, REPLICA_BYTES), codec.uint(m, 2)),
        hash_of(body, commitments),
        body,
        commitments,
        codec.instant(m, 3),
        codec.instant(m, 4),
        codec.text(m, 5),
        codec.text(m, 6),
        codec.bstr(m, 7, RECORD_BYTES),
        codec.text(m, 8),
        codec.uint(m, 9),
        _names(codec.optional_map(m, 10, most=limits.fields_per_operation)),
        sealed,
        _replaces(m, limits),
    )
    _check_names(operation, limits)
    return operation


def read(body: bytes, commitments: Mapping[int, bytes], *, limits: Limits = DEFAULT) -> Operation:
    """Parse the bytes of an operation whose commitments are all known (see `parse` and `bind`)."""
    return bind(parse(body, limits=limits), commitments, limits=limits)


def _names(values: Message) -> Mapping[str, Value]:
    for name in values:
        codec.as_text(name)
    return values  # type: ignore[return-value]  # every key was just shown to be text


def _sealed(m: Message) -> Mapping[int, tuple[str, ...]]:
    sealed: dict[int, tuple[str, ...]] = {}
    for key, names in codec.optional_map(m, 11, most=2).items():
        found = tuple(codec.as_text(name) for name in codec.as_list(names))
        if key not in (2, 3) or not found:
            raise Malformed("sealed classes")
        sealed[int(key)] = found
    return sealed


def _map_order(name: str) -> tuple[int, bytes]:
    """Where a name stands among the keys of a canonical map: shorter ones first."""
    encoded = name.encode()
    return len(encoded), encoded


def _replaces(m: Message, limits: Limits) -> Mapping[str, tuple[Ref, ...]]:
    found = codec.optional_map(m, 12, most=limits.fields_per_operation)
    return {
        codec.as_text(name): tuple(_ref(ref) for ref in _refs(refs, limits))
        for name, refs in found.items()
    }


def _refs(refs: Value, limits: Limits) -> list[Value]:
    listed = codec.as_list(refs)
    if not listed:
        raise Malformed("empty replaces")
    if len(listed) > limits.replaces_per_field:
        raise LimitExceeded("replaces")
    return listed


def _ref(value: Value) -> Ref:
    parts = codec.as_list(value)
    if len(parts) != len(Ref._fields):
        raise Malformed("reference")
    return Ref(
        codec.as_bytes(parts[0], REPLICA_BYTES),
        codec.as_uint(parts[1]),
        codec.as_bytes(parts[2], TAG_BYTES),
    )


def _check_names(operation: Operation, limits: Limits) -> None:
    names = operation.field_names()
    if len(names) > limits.fields_per_operation:
        raise LimitExceeded("fields")
    if len(set(names)) != len(names):
        raise Malformed("field set twice")
    if operation.dot.seq < 1 or not operation.replaces.keys() <= set(names):
        raise Malformed("seq, or replaces of a field not set")
    if operation.dot.seq > limits.last_seq:
        raise LimitExceeded("seq")
