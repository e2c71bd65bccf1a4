"""Any bytes as a file on a stick: whole frames count, nothing else does, and only we complain."""

import io
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.signing import SigningKey
from fixtures import builders
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, World, sample
from node import enrolment_file, stick_export
from node.stick_export import Room
from node.stick_import import Import
from sync import bundle_file, head
from sync.bundle_file import Damage, Fault, Frame, Kind
from sync.errors import RemoteSyncError
from tests.property.test_hostile_bytes import MUTATION, mutated

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
SLOW = settings(QUICK, max_examples=25)
FRAMES = st.lists(
    st.tuples(st.sampled_from((Kind.BUNDLE, Kind.ANSWER, Kind.REQUEST)), st.binary(max_size=300)),
    max_size=6,
)


def written(frames):
    file = io.BytesIO()
    bundle_file.begin(file)
    for kind, body in frames:
        bundle_file.write(file, kind, body)
    return file.getvalue()


def found(data):
    return list(bundle_file.frames(io.BytesIO(data)))


@QUICK
@given(FRAMES, st.integers(0, 1 << 16))
def test_of_a_file_cut_anywhere_the_whole_frames_count_and_nothing_else(frames, where):
    data = written(frames)
    cut = data[: where % (len(data) + 1)]
    if len(cut) < len(written([])):
        with pytest.raises(RemoteSyncError):
            found(cut)
        return
    whole = [f for f in found(cut) if isinstance(f, Frame)]
    assert whole == [Frame(*f) for f in frames[: len(whole)]]
    told = [f.damage for f in found(cut) if isinstance(f, Fault)]
    ends = {len(written(frames[:count])) for count in range(len(frames) + 1)}
    assert told == ([] if len(cut) in ends else [Damage.CUT])


@QUICK
@given(FRAMES, MUTATION)
def test_whatever_happens_to_a_file_reading_ends_and_makes_nothing_up(frames, how):
    data = mutated(written(frames), how)
    with suppress(RemoteSyncError):
        for one in found(data):
            if isinstance(one, Frame):
                assert len(one.body) <= len(data)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_behind_the_beginning(data):
    found(written([]) + data)
    found(written([]) + bundle_file._BEGIN + data)


@QUICK
@given(st.binary(max_size=200))
def test_any_bytes_as_a_head_an_enrolment_or_a_chunk(data):
    for read in (
        head.parse,
        enrolment_file.read_request,
        enrolment_file.read_approval,
        bundle_file.read_chunk,
    ):
        with pytest.raises(RemoteSyncError):
            read(data)


@QUICK
@given(st.text(max_size=300))
def test_any_text_as_the_letters_of_a_head(text):
    with suppress(RemoteSyncError):
        head.parse(head.from_text(text))


@QUICK
@given(st.integers(1, 1 << 52), st.binary(min_size=16, max_size=16), st.integers(0, 1 << 32))
def test_a_head_survives_being_written_and_typed(seq, mark, seconds):
    key = SigningKey(b"\x05" * 32)
    signed = head.sign(head.Head(b"replica!", seq, mark, seconds * 1000), key)
    for text in ("\n".join(head.to_lines(signed)), head.to_code(signed).lower()):
        assert head.from_text(text) == signed
    assert head.read(signed, key=key.verify_key).seq == seq


@QUICK
@given(st.integers(0, 6), st.integers(0, 25), st.sampled_from(head.ALPHABET))
def test_any_single_slip_in_typing_is_found(line, place, letter):
    key = SigningKey(b"\x05" * 32)
    signed = head.sign(head.Head(b"replica!", 77, b"m" * 16, 0), key)
    lines = [one.replace(" ", "") for one in head.to_lines(signed)]
    at = place % len(lines[line])
    if lines[line][at] == letter:
        return
    lines[line] = lines[line][:at] + letter + lines[line][at + 1 :]
    with pytest.raises(RemoteSyncError):  # by the check letters, or else by the signature
        head.read(head.from_text("\n".join(lines)), key=key.verify_key)


@cache
def real(memory):
    """A county, and a real file of a village with a case."""
    world = World(memory)
    world.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        furnish(world.add(code))
    village = world.stations[VILLAGE_A]
    who = builders.person(world.chance)
    village.take_in(builders.case_document(who, sample("DEMO-YL-01")))
    file = io.BytesIO()
    stick_export.export(village.node, file, stick_export.parents_of(village.me), Room())
    return world, file.getvalue()


@SLOW
@given(st.lists(MUTATION, min_size=1, max_size=3))
def test_a_hostile_file_never_stops_an_import_nor_brings_what_was_not_signed(memory, hows):
    world, data = real(memory)
    for how in hows:
        data = mutated(data, how)
    for node in (world.hub, world.stations[TOWNSHIP], world.stations[VILLAGE_A]):
        brought = Import(node.node, node.rules).read([io.BytesIO(data)])
        assert brought.imported <= 1
    assert len(world.hub.cases()) <= 1


@pytest.fixture(scope="module")
def memory(tmp_path_factory):
    return tmp_path_factory.mktemp("county")
