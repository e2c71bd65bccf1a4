"""What travels in which part of a bundle, and what a reader believes of it."""

from dataclasses import replace

import pytest

from crypto.canonical import encode
from sync import assembly, bundle, codec, merkle
from sync.bundle import Compartment, Extract
from sync.dictionary import CURRENT
from sync.disclosure import Disclosure
from sync.errors import LimitExceeded, Malformed, Unauthentic
from sync.limits import DEFAULT
from sync.record import Entry
from tests.unit.sync.builders import OTHER, SEEDS, VILLAGE, device, entry, reader, sealed

COUNTY, TOWNSHIP = reader("county").encryption_key, reader("township").encryption_key
BOTH = (COUNTY, TOWNSHIP)
NAMES, NUMBERS = {"name": "王秀兰"}, {"id_no": "411599194001010011"}
ENTRIES = [
    entry(VILLAGE, 1, {"item": "A"}, personal=NAMES, sensitive=NUMBERS),
    entry(VILLAGE, 2, {"item": "B"}, personal=NAMES),
    entry(VILLAGE, 3, {"item": "C"}),
]
WHOLE = Extract(signed=sealed(ENTRIES), entries=ENTRIES, seeds=SEEDS)


def plan(township_sees=(2,)):
    return [
        Compartment(recipients=BOTH, holds_operations=True, shows=lambda _o, _c: False),
        Compartment(
            recipients=BOTH, holds_operations=False, shows=lambda _o, c: c in township_sees
        ),
        Compartment(recipients=(COUNTY,), holds_operations=False, shows=lambda _o, _c: True),
    ]


ALONE = [Compartment(recipients=(COUNTY,), holds_operations=True, shows=lambda _o, _c: True)]


def parcels(parts):
    return [
        codec.decode_map(codec.inflate(p.plaintext, dictionary=CURRENT, most=9999), max_bytes=9999)
        for p in parts
    ]


def opened(parts, key):
    """What the owner of a key reads."""
    mine = [p.plaintext if key in p.recipients else None for p in parts]
    return bundle.unpack(mine, dictionary=CURRENT)


def assembled(parts, key=COUNTY, author=VILLAGE):
    contents = opened(parts, key)
    return [
        assembly.assemble(raw, contents, key=device(author).verify_key) for raw in contents.extracts
    ]


def packed(extract=WHOLE, where=None, **more):
    return bundle.pack([extract], plan=where or plan(), **more)


# --- which part


def test_three_parts_where_a_township_stands_between():
    parts = packed()
    assert [p.recipients for p in parts] == [BOTH, BOTH, (COUNTY,)]
    operations, shared, rest = parcels(parts)
    assert operations.keys() == {1}
    assert [block[3] for block in shared[2]] == [2]
    assert [block[3] for block in rest[2]] == [3]


def test_one_part_where_none_does():
    [parcel] = parcels(packed(where=ALONE))
    assert parcel.keys() == {1, 2}


def test_parts_without_content_are_left_out():
    plain = [entry(OTHER, 1, {"item": "A"})]
    parts = packed(Extract(signed=sealed(plain), entries=plain))
    assert [p.recipients for p in parts] == [BOTH]


def test_commitments_are_left_out_exactly_when_every_reader_can_recompute():
    [operations, *_] = parcels(packed())
    assert {p: set(c) for p, c in operations[1][0][4].items()} == {0: {3}}
    [operations, *_] = parcels(packed(where=plan(township_sees=(2, 3))))
    assert 4 not in operations[1][0]
    [operations, *_] = parcels(packed(where=plan(township_sees=())))
    assert {p: set(c) for p, c in operations[1][0][4].items()} == {0: {2, 3}, 1: {2}}


def test_each_reads_what_it_may_see():
    [county], [township] = assembled(packed()), assembled(packed(), TOWNSHIP)
    assert [set(e.disclosures) for e in county.entries] == [{2, 3}, {2}, set()]
    assert [set(e.disclosures) for e in township.entries] == [{2}, {2}, set()]
    assert county.entries == ENTRIES
    assert [e.operation for e in township.entries] == [e.operation for e in ENTRIES]


# --- seeds


def block_of(parts, class_):
    return next(b for m in parcels(parts) for b in m.get(2, []) if b[3] == class_)


def test_a_seed_stands_for_salts_where_the_whole_class_of_the_whole_change_set_is_shown():
    for class_ in (2, 3):
        block = block_of(packed(), class_)
        assert (block.get(4), 6 in block, 5 in block) == (SEEDS[class_], False, False)


def part_of(places):
    leaves = merkle.known_leaves([e.operation.hash for e in ENTRIES])
    proof = merkle.prove(leaves, len(ENTRIES), places)
    return replace(WHOLE, entries=[ENTRIES[p] for p in places], proof=proof)


def test_no_seed_with_a_part_of_a_change_set():
    block = block_of(packed(part_of([0, 1])), 2)
    assert 4 not in block
    assert block[6] == b"".join(ENTRIES[p].disclosures[2].salt for p in (0, 1))


def test_no_seed_where_one_disclosure_is_not_shown():
    only_first = [
        replace(ALONE[0], shows=lambda o, _c: o.dot.seq == 1),
    ]
    block = block_of(packed(where=only_first), 2)
    assert (4 in block, block[5]) == (False, [0])


def test_no_seed_where_one_disclosure_is_not_held():
    lost = replace(WHOLE, entries=[ENTRIES[0], Entry(ENTRIES[1].operation), ENTRIES[2]])
    assert 4 not in block_of(packed(lost), 2)


def test_a_part_is_proven_and_read():
    [extract] = assembled(packed(part_of([0, 2])))
    assert extract.entries == [ENTRIES[0], ENTRIES[2]]
    assert not extract.whole


def test_certificates_and_receipts_travel_along():
    parts = packed(replace(WHOLE, receipt=b"receipt"), certificates=[b"certificate"])
    contents = opened(parts, COUNTY)
    assert (contents.certificates, contents.extracts[0].receipt) == ([b"certificate"], b"receipt")


# --- what a reader refuses


def forged(where=ALONE, **changes):
    """Repack a parcel with keys of its first extract (e…) or first block (b…) changed."""
    [parcel] = parcels(packed(where=where, extract=changes.pop("extract", WHOLE)))
    extract, blocks = dict(parcel[1][0]), [dict(b) for b in parcel[2]]
    for name, value in changes.items():
        target = extract if name[0] == "e" else blocks[0]
        target.pop(int(name[1:]), None)
        if value is not None:
            target[int(name[1:])] = value
    again = encode(codec.dense({1: [extract], 2: blocks}))
    return [bundle.Part(codec.deflate(again, dictionary=CURRENT), (COUNTY,))]


BODIES = [e.operation.body for e in ENTRIES]
PROOF = bytes(32)


REFUSED = {
    "a body short": ({"e3": BODIES[:2]}, Malformed),
    "no bodies": ({"e3": None}, Malformed),
    "bodies in another order": ({"e3": [BODIES[0], BODIES[2], BODIES[1]]}, Malformed),
    "an index beyond the end": ({"e2": [0, 1, 3]}, Malformed),
    "indices that fall": ({"e2": [0, 2, 1]}, Malformed),
    "an index twice": ({"e2": [0, 0, 1]}, Malformed),
    "commitments of no operation": ({"e4": {7: {2: bytes(32)}}}, Malformed),
    "a short commitment": ({"e4": {0: {2: bytes(31)}}}, Malformed),
    "a commitment that is not sealed": ({"e4": {2: {2: bytes(32)}}}, Malformed),
    "a commitment that contradicts": ({"e4": {0: {2: bytes(32)}}}, Unauthentic),
    "a proof of nothing missing": ({"e5": PROOF}, Unauthentic),
    "no header": ({"e1": b"no header"}, Malformed),
    "a short replica": ({"b1": bytes(7)}, Malformed),
    "another replica": ({"b1": bytes(8)}, Malformed),
    "another change set": ({"b2": 9}, Malformed),
    "an unknown class": ({"b3": 4}, Malformed),
    "another class": ({"b3": 3}, Malformed),
    "another seed": ({"b4": bytes(32)}, Unauthentic),
    "neither seed nor salts": ({"b4": None}, Malformed),
    "an operation without the class": ({"b5": [0, 2]}, Malformed),
    "seed and salts": ({"b6": bytes(32)}, Malformed),
    "a value short": ({"b7": [encode(NAMES)]}, Malformed),
    "another value": ({"b7": [encode(NAMES), encode({"name": "别人"})]}, Unauthentic),
    "another name": ({"b7": [encode(NAMES), encode({"other": "x"})]}, Malformed),
    "no CBOR": ({"b7": [encode(NAMES), b"\xff"]}, Malformed),
    "a long text": (
        {"b7": [encode(NAMES), encode({"name": "x" * (DEFAULT.text + 1)})]},
        LimitExceeded,
    ),
    "a long disclosure": ({"b7": [encode(NAMES), bytes(DEFAULT.disclosure + 1)]}, LimitExceeded),
}


@pytest.mark.parametrize(("changes", "error"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused(changes, error):
    with pytest.raises(error):
        assembled(forged(**changes))


def test_an_operation_that_is_changed_breaks_the_root():
    twin = entry(VILLAGE, 2, {"item": "b"}, personal=NAMES)
    with pytest.raises(Unauthentic):
        assembled(packed(replace(WHOLE, entries=[ENTRIES[0], twin, ENTRIES[2]]), ALONE))


def test_a_header_of_another_device_is_refused():
    stolen = replace(WHOLE, signed=sealed(ENTRIES, key=device(OTHER)))
    with pytest.raises(Unauthentic):
        assembled(packed(stolen, ALONE))


def test_two_disclosures_of_one_class_are_refused():
    [parcel] = parcels(packed(where=ALONE))
    liar = Disclosure(bytes(16), encode({"name": "别人"}))
    block = {1: VILLAGE, 2: 1, 3: 2, 5: [0], 6: liar.salt, 7: [liar.values]}
    again = encode({1: parcel[1], 2: [*parcel[2], block]})
    with pytest.raises(Unauthentic):
        assembled([bundle.Part(codec.deflate(again, dictionary=CURRENT), (COUNTY,))])


@pytest.mark.parametrize(
    "limits",
    [
        {"part_inflated": 100},
        {"change_sets_per_bundle": 0},
        {"certificates_per_parcel": 1},
        {"operations_per_change_set": 2},
    ],
    ids=str,
)
def test_every_limit_of_a_bundle_is_enforced(limits):
    parts = packed(where=ALONE, certificates=[b"1", b"2"])
    small = replace(DEFAULT, **limits)
    with pytest.raises(LimitExceeded):
        bundle.unpack([p.plaintext for p in parts], dictionary=CURRENT, limits=small)
