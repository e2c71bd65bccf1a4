"""From what a bundle claims to what is proven (docs/spec/bundle.md, last paragraph)."""

from collections.abc import Mapping, Sequence

from crypto.signing import VerifyKey
from sync import changeset, codec, disclosure, merkle, operation
from sync.bundle import Contents, Extract, Origin, RawDisclosures, RawExtract
from sync.disclosure import SALT_BYTES, Disclosure
from sync.errors import LimitExceeded, Malformed, Unauthentic
from sync.limits import DEFAULT, Limits
from sync.operation import Dot, Unbound
from sync.record import Entry


def assemble(
    raw: RawExtract, contents: Contents, *, key: VerifyKey, limits: Limits = DEFAULT
) -> Extract:
    """Prove one extract.

    In this order: (1) the header's signature, (2) the shape of the extract, (3) disclosures find
    their operations, (4) commitments given or recomputed and never contradicting, (5) dots, (6) the
    root.

    Args:
        raw: from `bundle.unpack`.
        contents: the bundle, for its disclosures.
        key: the device key that the county's certificate names for the replica in the header.
        limits: sizes.

    Raises:
        Unauthentic: signature, commitment or root does not hold.
        Malformed: shape.
        LimitExceeded: sizes.

    Does not check the chain, authority, or that the key belongs to the replica.
    """
    signed = changeset.read(raw.header, key=key, limits=limits)
    positions = _positions(raw, signed.header.size)
    bodies = [operation.parse(body, limits=limits) for body in raw.bodies]
    origin = Origin(signed.header.replica, signed.header.first)
    blocks = contents.disclosures.get(origin, ())
    found = _assign(blocks, positions, bodies, limits=limits)
    entries = []
    for place, (position, unbound) in enumerate(zip(positions, bodies, strict=True)):
        disclosures = found.get(position, {})
        given = raw.commitments.get(place, {})
        bound = operation.bind(unbound, _commitments(given, disclosures), limits=limits)
        if bound.dot != Dot(origin.replica, origin.first + position):
            raise Malformed("operation in another's place")
        entries.append(Entry(bound, disclosures))
    extract = Extract(signed=signed, entries=entries, proof=raw.proof, receipt=raw.receipt)
    prove(extract)
    return extract


def prove(extract: Extract) -> merkle.Known:
    """Check the operations of an extract against the root that the author signed.

    Returns:
        The subtree hashes learnt on the way.

    Raises:
        Unauthentic: the root differs.
    """
    header = extract.signed.header
    shown = dict(zip(extract.positions(), (e.operation.hash for e in extract.entries), strict=True))
    computed, known = merkle.check(header.size, shown, extract.proof)
    if computed != header.root:
        raise Unauthentic("root")
    return known


def demand_readable(entry: Entry, *, limits: Limits = DEFAULT) -> None:
    """Demand that an operation about to be written will be read by others.

    Raises:
        LimitExceeded: it is too long, or sets too many fields.
    """
    body = entry.operation.body
    if len(body) > limits.operation_body:
        raise LimitExceeded("operation")
    if len(entry.operation.field_names()) > limits.fields_per_operation:
        raise LimitExceeded("fields")
    if len(body) > limits.text:
        codec.demand_short_texts(dict(entry.operation.fields), most=limits.text)
    for opened in entry.disclosures.values():
        _check_length(opened, limits)


def _positions(raw: RawExtract, size: int) -> Sequence[int]:
    positions = list(range(size)) if raw.indices is None else list(raw.indices)
    if len(positions) != len(raw.bodies) or positions[-1] >= size:
        raise Malformed("indices and bodies")
    if any(place >= len(positions) for place in raw.commitments):
        raise Malformed("commitments without operations")
    return positions


def _commitments(
    given: Mapping[int, bytes], disclosures: Mapping[int, Disclosure]
) -> Mapping[int, bytes]:
    computed = {class_: d.commitment for class_, d in disclosures.items()}
    if any(computed[c] != given[c] for c in computed.keys() & given.keys()):
        raise Unauthentic("disclosure does not match its commitment")
    return dict(sorted({**given, **computed}.items()))


def _assign(
    blocks: Sequence[RawDisclosures],
    positions: Sequence[int],
    bodies: Sequence[Unbound],
    *,
    limits: Limits,
) -> dict[int, dict[int, Disclosure]]:
    """Give every disclosure of the blocks to its operation."""
    found: dict[int, dict[int, Disclosure]] = {}
    body_at = dict(zip(positions, bodies, strict=True))
    for block in blocks:
        having = [p for p, b in body_at.items() if block.class_ in b.sealed]
        targets = having if block.indices is None else block.indices
        if len(targets) != len(block.values) or not set(targets) <= set(having):
            raise Malformed("disclosures without operations")
        for place, position in enumerate(targets):
            opened = _disclosure(block, place, position)
            names = body_at[position].sealed[block.class_]
            _check(opened, names, limits)
            if found.setdefault(position, {}).setdefault(block.class_, opened) != opened:
                raise Unauthentic("two disclosures of one class")
    return found


def _disclosure(block: RawDisclosures, place: int, position: int) -> Disclosure:
    if block.seed is not None:
        salt = disclosure.salt_of(block.seed, block.origin.first + position)
    else:
        salt = block.salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
    return Disclosure(salt, block.values[place])


def _check(opened: Disclosure, names: tuple[str, ...], limits: Limits) -> None:
    _check_length(opened, limits)
    opened.read(names, max_bytes=limits.disclosure)


def _check_length(opened: Disclosure, limits: Limits) -> None:
    if len(opened.values) > limits.disclosure:
        raise LimitExceeded("disclosure")
    if len(opened.values) > limits.text:
        values = codec.decode(opened.values, max_bytes=limits.disclosure)
        codec.demand_short_texts(values, most=limits.text)
