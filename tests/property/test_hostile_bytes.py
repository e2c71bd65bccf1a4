"""Any bytes at all: refused in our words, or put aside, and nothing else changes."""

from contextlib import contextmanager
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fixtures.world import COUNTY, TOWNSHIP, VILLAGE_A
from sync import assembly, bundle, codec, exchange
from sync.dictionary import CURRENT
from sync.errors import RemoteSyncError
from tests.integration import crooked
from tests.integration.crooked import county, extracts, take_in
from tests.unit.sync.builders import VILLAGE, device
from tests.unit.sync.test_bundle import ALONE, packed

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
SLOW = settings(QUICK, max_examples=40)
KEY = device(VILLAGE).verify_key
MUTATION = st.tuples(
    st.sampled_from(("flip", "cut", "insert", "repeat")),
    st.integers(0, 1 << 16),
    st.binary(max_size=9),
)


def mutated(data, how):
    """Change real bytes a little."""
    kind, where, more = how
    at = where % (len(data) or 1)
    match kind:
        case "flip":
            return data[:at] + bytes([data[at] ^ (1 + where % 255)]) + data[at + 1 :]
        case "cut":
            return data[:at]
        case "insert":
            return data[:at] + more + data[at:]
        case _:
            return data[:at] + data[at // 2 : at] + data[at:]


def believed(call):
    """Call; only our own refusal may come out."""
    try:
        call()
    except RemoteSyncError:
        return
    return


@cache
def _plain():
    [part] = packed(where=ALONE)
    return codec.inflate(part.plaintext, dictionary=CURRENT, most=99_999)


def _read(plain):
    part = codec.deflate(plain, dictionary=CURRENT)
    contents = bundle.unpack([part], dictionary=CURRENT)
    for raw in contents.extracts:
        assembly.assemble(raw, contents, key=KEY)


@QUICK
@given(st.binary(max_size=200))
def test_any_bytes_into_the_readers_of_messages(data):
    believed(lambda: exchange.read_request(data, key=KEY, audience=COUNTY))
    believed(lambda: exchange.read_answer(data, key=KEY, outstanding={bytes(32)}))
    believed(lambda: exchange.claimed_certificate(data))
    believed(lambda: bundle.unpack([data], dictionary=1))
    believed(lambda: _read(data))


@QUICK
@given(MUTATION)
def test_a_parcel_changed_a_little_is_read_as_it_was_or_refused(how):
    believed(lambda: _read(mutated(_plain(), how)))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(0, 600)
    | st.binary(max_size=40)
    | st.text("ab界\0", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.integers(0, 12), inner, max_size=4)
    ),
    max_leaves=8,
)


@QUICK
@given(st.dictionaries(st.integers(1, 4), VALUES), st.integers(1, 7), VALUES)
def test_any_values_in_a_parcel_are_refused_or_read(parcel, key, value):
    believed(lambda: _read(codec.encode(parcel)))
    real = dict(codec.decode_map(_plain(), max_bytes=99_999))
    for place in (1, 2):
        items = [dict(m) for m in real[place]]
        items[0][key] = value
        changed = {**real, place: items}
        believed(lambda changed=changed: _read(codec.encode(changed)))


@QUICK
@given(VALUES, st.integers(1, 16))
def test_any_values_in_signed_messages_are_refused_or_read(value, key):
    """Signed by a device that the county has certified: it may be broken, or bad."""
    for content_type, read in (
        (exchange.REQUEST_TYPE, lambda m: exchange.read_request(m, key=KEY, audience=COUNTY)),
        (exchange.ANSWER_TYPE, lambda m: exchange.read_answer(m, key=KEY, outstanding={bytes(32)})),
    ):
        real = dict.fromkeys(range(1, 17), 1) | {1: bytes(32), 7: True} | {key: value}
        signed = crooked.cose.sign(
            codec.encode(real), key=device(VILLAGE), content_type=content_type
        )
        believed(lambda read=read, signed=signed: read(signed))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with county(tmp_path_factory.mktemp("hostile"), TOWNSHIP, VILLAGE_A) as made:
        take_in(made.stations[VILLAGE_A], made)
        yield made


@pytest.fixture(scope="module")
def answer(world):
    """An answer to the request that the village waits with."""
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    return world.answer(town, world.request(village, town).message)


@contextmanager
def unchanged(one):
    """Nothing but quarantine may change."""
    before = crooked.dump(one, leave_out=("quarantine",))
    yield
    assert crooked.dump(one, leave_out=("quarantine",)) == before


@SLOW
@given(st.one_of(st.binary(max_size=99), MUTATION))
def test_a_hub_takes_nothing_that_was_changed_on_the_way(world, how):
    village, hub = world.stations[VILLAGE_A], world.hub
    sealed = crooked.bundle(village, extracts(village), to=[hub])
    message = how if isinstance(how, bytes) else mutated(sealed, how)
    if message == sealed:
        return
    with unchanged(hub):
        assert crooked.give(hub, message, now=1).complaints != []


@SLOW
@given(st.one_of(st.binary(max_size=99), MUTATION))
def test_a_parent_answers_no_request_that_was_changed_on_the_way(world, how):
    village, hub = world.stations[VILLAGE_A], world.hub
    request = crooked.without_bundles(village, hub)
    message = how if isinstance(how, bytes) else mutated(request, how)
    if message == request:
        return
    with unchanged(hub), pytest.raises(RemoteSyncError):
        crooked.answer(hub, message)


@SLOW
@given(st.one_of(st.binary(max_size=99), MUTATION))
def test_a_child_takes_no_answer_that_was_changed_on_the_way(world, answer, how):
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    message = how if isinstance(how, bytes) else mutated(answer, how)
    if message == answer:
        return
    with unchanged(village), pytest.raises(RemoteSyncError):
        world.take(village, town, message)


NAMES = (
    *("station", "handling", "received", "accepted", "item", "name", "due", "material.1"),
    *("verdict.7171717171717171:1", "checking.x", "attachment.1", "promise.1", "id_no"),
)
FIELDS = st.dictionaries(
    st.sampled_from(NAMES),
    VALUES | st.integers(-(2**63), 2**63 - 1) | st.just("\0") | st.just("x" * 3000),
    min_size=1,
    max_size=6,
)


@SLOW
@given(FIELDS)
@example({"received": {"at": 2**63 - 1, "kind": "accepted"}, "due": "9999-99-99"})
def test_any_values_of_a_certified_device_leave_the_county_working(world, fields):
    village, hub = world.stations[VILLAGE_A], world.hub
    piece = crooked.chained(village, fields)
    taken = crooked.give(hub, crooked.bundle(village, [piece], to=[hub]), now=1)
    assert taken.complaints == []
