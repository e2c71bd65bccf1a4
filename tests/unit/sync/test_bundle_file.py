"""The file on a stick, frame by frame."""

import io
import tracemalloc

import pytest

from sync import bundle_file, codec
from sync.bundle_file import Chunk, Damage, Fault, Frame, Kind
from sync.errors import Malformed, NewerVersion
from sync.limits import DEFAULT

BODIES = ((Kind.COUNTY, b"county"), (Kind.REQUEST, b"r" * 300), (Kind.BUNDLE, b"b" * 70_000))


def written(frames=BODIES):
    file = io.BytesIO()
    bundle_file.begin(file)
    for kind, body in frames:
        bundle_file.write(file, kind, body)
    return file.getvalue()


def found(data, wanted=frozenset(Kind)):
    return list(bundle_file.frames(io.BytesIO(data), wanted))


def whole(data):
    return [tuple(one) for one in found(data) if isinstance(one, Frame)]


def damages(data):
    return [one.damage for one in found(data) if isinstance(one, Fault)]


def test_what_is_written_is_read():
    assert whole(written()) == list(BODIES)
    assert damages(written()) == []


def test_a_file_is_a_mark_a_version_and_a_sequence_of_canonical_items():
    data = written([(Kind.HEAD, b"x")])
    assert data[:16] == b"bangban-file\r\n\x1a\n"
    assert data[16] == 1
    mark, kind, _sum, body = codec.decode(data[17:], max_bytes=100)
    assert (mark.hex(), kind, body) == ("b0a7f11e", 9, b"x")


def test_kinds_that_are_not_wanted_are_stepped_over():
    assert [one.kind for one in found(written(), {Kind.BUNDLE})] == [Kind.BUNDLE]


def test_a_file_that_was_cut_gives_its_whole_frames_and_says_that_it_is_cut():
    data = written()
    assert whole(data[:-1]) == list(BODIES[:2])
    assert damages(data[:-1]) == [Damage.CUT]
    assert damages(data + bundle_file._BEGIN[:3]) == [Damage.CUT]


def test_a_byte_that_went_wrong_costs_its_own_frame_only():
    data = bytearray(written())
    data[data.index(b"rrr") + 5] ^= 1
    assert [kind for kind, _ in whole(bytes(data))] == [Kind.COUNTY, Kind.BUNDLE]
    assert damages(bytes(data)) == [Damage.DAMAGED]


def test_rubbish_between_frames_is_stepped_over():
    parts = [written(BODIES[:1]), b"\x00" * 70_000, written(BODIES[1:])]
    data = b"".join(parts)
    assert whole(data) == list(BODIES)
    assert damages(data) == [Damage.DAMAGED]


def test_a_length_that_was_damaged_does_not_swallow_what_follows():
    data = bytearray(written())
    at = data.index(b"rrr") - 3
    data[at : at + 3] = b"\x5a\xff\xff"
    assert [kind for kind, _ in whole(bytes(data))] == [Kind.COUNTY, Kind.BUNDLE]


def test_what_a_later_version_adds_is_stepped_over():
    later = codec.encode([bytes.fromhex("b0a7f11e"), 4711, bytes(8), b"news"])
    data = written(BODIES[:1]) + later + written(BODIES[1:])[17:]
    assert whole(data) == list(BODIES)
    assert damages(data) == [Damage.UNKNOWN]


def test_a_later_version_of_the_file_is_said_to_be_one():
    data = bytearray(written())
    data[16] = 2
    with pytest.raises(NewerVersion):
        found(bytes(data))


@pytest.mark.parametrize("data", [b"", b"bangban", b"PK\x03\x04" + bytes(30), b"x" * 40])
def test_another_file_is_refused(data):
    with pytest.raises(Malformed):
        found(data)


def test_a_body_over_its_limit_is_not_read():
    data = written([(Kind.HEAD, bytes(129)), *BODIES])
    assert damages(data) == [Damage.OVER_LIMIT]
    assert whole(data) == list(BODIES)
    beyond = written([(Kind.ANSWER, bytes(DEFAULT.message + 1)), BODIES[0]])
    assert whole(beyond) == [BODIES[0]]


def test_a_file_of_nothing_but_beginnings_ends_soon():
    data = written(BODIES[:1]) + bundle_file._BEGIN * 100_000
    assert damages(data)[-1] is Damage.TOO_MANY
    assert len(damages(data)) == 1001


def test_heads_must_be_in_their_shortest_form():
    long_kind = bytes.fromhex("8444b0a7f11e1801")
    assert whole(written(BODIES[:1]) + long_kind + b"\x48" + bytes(8) + b"\x41x") == [BODIES[0]]


def test_chunks():
    chunk = Chunk(bytes(32), 3, b"data")
    assert bundle_file.read_chunk(bundle_file.chunk_body(chunk)) == chunk
    for body in (
        b"",
        b"\x80",
        codec.encode([bytes(31), 3, b""]),
        codec.encode([bytes(32), -1, b""]),
    ):
        with pytest.raises(Malformed):
            bundle_file.read_chunk(body)


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        bundle_file.begin(file)
        for _ in range(120):
            bundle_file.write(file, Kind.CHUNK, bytes(256 << 10))
    tracemalloc.start()
    with path.open("rb") as file:
        count = sum(len(one.body) > 0 for one in bundle_file.frames(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (count, peak < 2 << 20) == (120, True)
    assert path.stat().st_size > 30 << 20
