"""How a device does, as far as the county knows."""

import pytest

from casework.places import PlaceKind
from hub.usecases.devices import Device, _gaps
from hub.usecases.fleet import Alert, FleetState, alerts_of, state_of
from node.policy import DAY_MS, DEFAULT, MIB

NOW, HOUR = 1_795_227_000_000, 3_600_000


def device(*, state="active", last_seen=None, **more):
    return Device(
        replica="00" * 8,
        station="411526101201",
        kind=PlaceKind.VILLAGE,
        name="甲村",
        state=state,
        last_seen=last_seen,
        last_seq=0,
        known_seq=0,
        version="",
        catalogue_version=None,
        quarantined=None,
        **{"missing": (), "clock_offset_ms": None} | more,
    )


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, FleetState.NORMAL),
        (24, FleetState.NORMAL),
        (25, FleetState.QUIET),
        (73, FleetState.LOST_3),
        (30 * 24 + 1, FleetState.LOST_30),
    ],
)
def test_a_device_is_told_by_when_it_was_seen(hours, state):
    assert state_of(device(last_seen=NOW - hours * HOUR), now=NOW) is state


def test_what_was_never_seen_is_unknown_and_never_well():
    assert state_of(device(), now=NOW) is FleetState.UNKNOWN


def test_a_revoked_device_is_revoked_whenever_it_was_seen():
    assert state_of(device(state="revoked", last_seen=NOW), now=NOW) is FleetState.REVOKED


@pytest.mark.parametrize(
    ("up_to", "beyond", "known", "gaps"),
    [
        (0, [], 0, ()),
        (4, [], 4, ()),
        (4, [], 9, ((5, 9),)),
        (4, [(7, 9)], 9, ((5, 6),)),
        (4, [(7, 9)], 12, ((5, 6), (10, 12))),
        (0, [(2, 2), (4, 4)], 5, ((1, 1), (3, 3), (5, 5))),
    ],
)
def test_what_exists_and_is_not_here_is_named(up_to, beyond, known, gaps):
    assert _gaps(up_to, beyond, known) == gaps


def test_the_county_tells_which_station_only_receives_and_why():
    """Derived from its last request and from heads; what was never heard of presses nowhere."""

    def of(**more):
        return alerts_of(device(**more), DEFAULT, now=NOW)

    assert of() == ()
    assert of(last_seen=NOW) == ()
    assert of(last_seen=NOW - (DEFAULT.lease_days + 1) * DAY_MS) == (Alert.LEASE,)
    assert of(last_seen=NOW, clock_offset_ms=-25 * HOUR) == (Alert.CLOCK_OFF,)
    assert of(last_seen=NOW, clock_offset_ms=6 * 60_000) == (Alert.CLOCK,)
    assert of(missing=((1, DEFAULT.warn_unsent_operations + 1),)) == (Alert.UNSENT,)
    assert of(missing=((1, DEFAULT.freeze_unsent_operations + 1),)) == (Alert.UNSENT_FROZEN,)
    assert of(free=0) == (Alert.NO_INTAKE,)
    assert of(free=(DEFAULT.photo_free_mib - 1) * MIB) == (Alert.NO_PHOTOS,)
    assert of(free=(DEFAULT.warn_free_mib - 1) * MIB) == (Alert.SPACE,)
    assert of(state="revoked", free=0) == ()
    assert alerts_of(device(), DEFAULT, now=NOW, missing=2) == (Alert.PHOTOS_MISSING,)
