"""Parcels: what the parts of a bundle carry (docs/spec/bundle.md).

`pack` decides which part each disclosure travels in and leaves out every commitment that all
readers can recompute; `unpack` and `assemble` undo it and believe nothing that is not proven.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from crypto.canonical import Value
from crypto.envelope import Part
from crypto.recipient import EncryptionKey
from sync import codec
from sync.changeset import SignedHeader
from sync.dictionary import CURRENT
from sync.disclosure import SALT_BYTES, SEED_BYTES
from sync.errors import Malformed
from sync.limits import DEFAULT, Limits
from sync.merkle import HASH_BYTES
from sync.operation import REPLICA_BYTES, Operation
from sync.record import Entry


class Origin(NamedTuple):
    """Names a change set inside a bundle."""

    replica: bytes
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Some or all operations of one change set, proven by its header.

    Attributes:
        seeds: class → seed, where the sender still holds it and the extract is whole.
        receipt: the county's receipt for the change set, where held.
    """

    signed: SignedHeader
    entries: Sequence[Entry]
    proof: bytes = b""
    receipt: bytes | None = None
    seeds: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def origin(self) -> Origin:
        """How a bundle names the change set."""
        return Origin(self.signed.header.replica, self.signed.header.first)

    @property
    def whole(self) -> bool:
        """Say whether every operation of the change set is here."""
        return len(self.entries) == self.signed.header.size

    def positions(self) -> list[int]:
        """Offsets of the entries from the first operation of the change set."""
        first = self.signed.header.first
        return [entry.operation.dot.seq - first for entry in self.entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compartment:
    """One part of a bundle: who opens it and what it holds.

    Attributes:
        shows: says of (operation, class) whether its disclosure goes here; asked in the order of
            the compartments, the first that says yes takes it.
    """

    recipients: tuple[EncryptionKey, ...]
    holds_operations: bool
    shows: Callable[[Operation, int], bool]


def pack(
    extracts: Sequence[Extract],
    *,
    plan: Sequence[Compartment],
    certificates: Sequence[bytes] = (),
) -> list[Part]:
    """Lay extracts out in the parts of a bundle.

    Args:
        extracts: what to send.
        plan: one to three compartments; exactly one holds the operations.
        certificates: of the authors, for readers that do not know them.

    Returns:
        Compressed parts, empty ones left out.
    """
    readers = next(frozenset(c.recipients) for c in plan if c.holds_operations)
    parts = []
    for place, compartment in enumerate(plan):
        parcel = codec.dense(
            {
                1: [_extract(e, plan, readers) for e in extracts]
                if compartment.holds_operations
                else None,
                2: [block for e in extracts for block in _blocks(e, plan, place)],
                3: list(certificates) if compartment.holds_operations else None,
            }
        )
        if parcel:
            packed = codec.deflate(codec.encode(parcel), dictionary=CURRENT)
            parts.append(Part(packed, compartment.recipients))
    return parts


def _place(plan: Sequence[Compartment], entry: Entry, class_: int) -> int | None:
    """Which compartment takes this disclosure; None when it is not sent at all."""
    if class_ not in entry.disclosures:
        return None
    operation = entry.operation
    return next((i for i, c in enumerate(plan) if c.shows(operation, class_)), None)


def _extract(
    extract: Extract, plan: Sequence[Compartment], readers: frozenset[EncryptionKey]
) -> Value:
    def everyone_recomputes(entry: Entry, class_: int) -> bool:
        place = _place(plan, entry, class_)
        return place is not None and readers <= frozenset(plan[place].recipients)

    given: dict[int | str, Value] = {}
    for position, entry in enumerate(extract.entries):
        kept = {
            c: commitment
            for c, commitment in entry.operation.commitments.items()
            if not everyone_recomputes(entry, c)
        }
        if kept:
            given[position] = dict(kept)
    return codec.dense(
        {
            1: extract.signed.message,
            2: None if extract.whole else list(extract.positions()),
            3: [entry.operation.body for entry in extract.entries],
            4: given,
            5: extract.proof,
            6: extract.receipt,
        }
    )


def _blocks(extract: Extract, plan: Sequence[Compartment], place: int) -> Iterable[Value]:
    """Make the disclosure blocks, one a class, of one extract for one compartment."""
    for class_ in (2, 3):
        having = [e for e in extract.entries if class_ in e.operation.sealed]
        shown = [e for e in having if _place(plan, e, class_) == place]
        if not shown:
            continue
        disclosures = [e.disclosures[class_] for e in shown]
        complete = len(shown) == len(having)
        seed = extract.seeds.get(class_) if complete and extract.whole else None
        salts = b"".join(d.salt for d in disclosures)
        first = extract.signed.header.first
        positions = [e.operation.dot.seq - first for e in shown]
        yield codec.dense(
            {
                1: extract.signed.header.replica,
                2: first,
                3: class_,
                4: seed,
                5: None if complete else positions,
                6: None if seed else salts,
                7: [d.values for d in disclosures],
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RawExtract:
    """An extract as read, nothing believed yet."""

    header: bytes
    indices: Sequence[int] | None
    bodies: Sequence[bytes]
    commitments: Mapping[int, Mapping[int, bytes]]
    proof: bytes
    receipt: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDisclosures:
    """A block of disclosures as read."""

    origin: Origin
    class_: int
    seed: bytes | None
    indices: Sequence[int] | None
    salts: bytes
    values: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a reader could open of one bundle."""

    extracts: Sequence[RawExtract]
    disclosures: Mapping[Origin, Sequence[RawDisclosures]]
    certificates: Sequence[bytes]


def unpack(parts: Sequence[bytes | None], *, dictionary: int, limits: Limits = DEFAULT) -> Contents:
    """Read the parts that could be opened (None: sealed to others).

    Raises:
        Malformed: not parcels.
        LimitExceeded: too large.
    """
    extracts: list[RawExtract] = []
    certificates: list[bytes] = []
    disclosures: dict[Origin, list[RawDisclosures]] = {}
    for part in parts:
        if part is None:
            continue
        plain = codec.inflate(part, dictionary=dictionary, most=limits.part_inflated)
        parcel = codec.decode_map(plain, max_bytes=limits.part_inflated)
        most = limits.change_sets_per_bundle
        extracts += [_raw_extract(e, limits) for e in codec.optional_list(parcel, 1, most=most)]
        for item in codec.optional_list(parcel, 2, most=2 * most):
            block = _raw_disclosures(item, limits)
            disclosures.setdefault(block.origin, []).append(block)
        listed = codec.optional_list(parcel, 3, most=limits.certificates_per_parcel)
        certificates += [codec.as_bytes(c) for c in listed]
    return Contents(extracts, disclosures, certificates)


def _raw_extract(value: Value, limits: Limits) -> RawExtract:
    m = codec.as_map(value)
    most = limits.operations_per_change_set
    bodies = [codec.as_bytes(b) for b in codec.optional_list(m, 3, most=most)]
    if not bodies:
        raise Malformed("extract without operations")
    return RawExtract(
        header=codec.bstr(m, 1),
        indices=_indices(m, 2, limits),
        bodies=bodies,
        commitments=_commitments(codec.optional_map(m, 4, most=most)),
        proof=codec.optional_bstr(m, 5) or b"",
        receipt=codec.optional_bstr(m, 6),
    )


def _commitments(given: codec.Message) -> Mapping[int, Mapping[int, bytes]]:
    return {
        codec.as_uint(position): {
            codec.as_uint(c): codec.as_bytes(value, HASH_BYTES)
            for c, value in codec.as_map(values).items()
        }
        for position, values in given.items()
    }


def _indices(m: codec.Message, key: int, limits: Limits) -> list[int] | None:
    if key not in m:
        return None
    listed = codec.optional_list(m, key, most=limits.operations_per_change_set)
    indices = [codec.as_uint(i) for i in listed]
    if any(a >= b for a, b in pairwise(indices)):
        raise Malformed("indices must rise")
    return indices


def _raw_disclosures(value: Value, limits: Limits) -> RawDisclosures:
    m = codec.as_map(value)
    seed = codec.optional_bstr(m, 4, SEED_BYTES)
    salts = codec.optional_bstr(m, 6) or b""
    listed = codec.optional_list(m, 7, most=limits.operations_per_change_set)
    values = [codec.as_bytes(v) for v in listed]
    expected = 0 if seed else SALT_BYTES * len(values)
    if len(salts) != expected or codec.uint(m, 3) not in (2, 3):
        raise Malformed("disclosure block")
    return RawDisclosures(
        origin=Origin(codec.bstr(m, 1, REPLICA_BYTES), codec.uint(m, 2)),
        class_=codec.uint(m, 3),
        seed=seed,
        indices=_indices(m, 5, limits),
        salts=salts,
        values=values,
    )
