"""The stations of the county: those in trouble first; what is not known is never green."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from flask import url_for

from hub.usecases import devices, fleet, stations
from hub.usecases.fleet import FleetState, Watched
from hub.usecases.stations import Station
from hub.web.context import Desk, desk, node
from node import quarantining
from node.people import Account
from ui import words
from ui.filters import local
from ui.i18n import gettext as _
from ui.pages import (
    Facet,
    FacetOption,
    FieldError,
    Pager,
    PendingDevice,
    StationRow,
    StationsPage,
)

_ORDER: Final = (
    FleetState.LOST_30,
    FleetState.LOST_3,
    FleetState.UNKNOWN,
    FleetState.QUIET,
    FleetState.NORMAL,
    FleetState.REVOKED,
)
"""Those in trouble first."""
Args = Mapping[str, str]


def build(
    args: Args,
    viewer: Account,
    *,
    done_note: str = "",
    refused: Mapping[str, tuple[FieldError, ...]] | None = None,
) -> StationsPage:
    """Lay out the fleet.

    Args:
        args: `state`, `station` of the address.
        viewer: who looks; only an administrator is shown the devices that ask to join.
        done_note: what was just done.
        refused: request → what was wrong with the decision on it.
    """
    hub, around = node(), desk(node())
    every = rows(around, viewer)
    shown = [row for row in every if args.get("state", "") in {"", row.state}]
    wrong = refused or {}
    pending = _pending(around, wrong) if may_admit(viewer) else ()
    return StationsPage(
        tuple(shown),
        around.now,
        pending=tuple(pending),
        facets=(_facet(every, args),) if every else (),
        pager=Pager(csv_url=url_for("stations.table", state=args.get("state") or None)),
        done_note=done_note,
        quarantine_url=url_for("stations.quarantine"),
        quarantined=len(quarantining.list_items(hub)),
        sticks_url=url_for("sticks.show"),
    )


def may_admit(viewer: Account) -> bool:
    """Whether this person decides on devices."""
    return viewer.role == "administrator"


def rows(around: Desk, viewer: Account) -> list[StationRow]:
    """Every device, and every registered place that has none yet; those in trouble first."""
    watched = fleet.fleet(node())
    places = {place.code: place for place in stations.listed(node())}
    have = {one.device.station for one in watched}
    found = [_device(one, places, around, viewer) for one in watched]
    found += [_empty(place, around) for place in places.values() if place.code not in have]
    order = {state.value: at for at, state in enumerate(_ORDER)}
    return sorted(found, key=lambda row: (order[row.state], row.code))


def _device(
    one: Watched, places: Mapping[str, Station], around: Desk, viewer: Account
) -> StationRow:
    device = one.device
    place = places.get(device.station)
    active = one.state is not FleetState.REVOKED
    known = device.last_seen is not None or device.known_seq > 0
    ends = active and may_admit(viewer)
    address: Callable[..., str] = url_for
    return StationRow(
        device.station,
        device.name or around.known.place(device.station),
        device.kind.value,
        one.state.value,
        device.last_seen,
        device.unsent if known else None,
        None,
        device.clock_offset_ms,
        device.version,
        catalogue_version=device.catalogue_version,
        conflicts=one.conflicts,
        quarantined=one.quarantined,
        note=_("设备 %(replica)s", replica=device.replica[:8]),
        parent=around.known.place(place.parent) if place and place.parent else "",
        revoke_url=address("stations.ask_revoke", replica=device.replica) if ends else "",
        alerts=tuple(alert.value for alert in one.alerts),
    )


def _empty(place: Station, around: Desk) -> StationRow:
    """A place that was registered and of which no device has joined."""
    unknown = FleetState.UNKNOWN.value
    parent = around.known.place(place.parent)
    note = _("还没有开通")
    return StationRow(
        *(place.code, place.name, place.kind.value, unknown, None, None, None, None, ""),
        note=note,
        parent=parent,
    )


def _pending(
    around: Desk, refused: Mapping[str, tuple[FieldError, ...]]
) -> Iterator[PendingDevice]:
    for one in devices.asking(node()):
        yield PendingDevice(
            one.request,
            one.name,
            one.station,
            "",
            "",
            one.asked_at or around.now,
            spaced(one.match_code),
            url_for("stations.decide", request_id=one.request),
            errors=refused.get(one.request, ()),
        )


def spaced(code: str) -> str:
    """A match code as it is read out: 482 915."""
    return f"{code[:3]} {code[3:]}" if len(code) == 6 else code  # noqa: PLR2004  # digits of a match code


def _facet(every: Sequence[StationRow], args: Args) -> Facet:
    counts = Counter(row.state for row in every)
    chosen = args.get("state", "")
    there = [state.value for state in _ORDER if counts[state.value]]
    return Facet(
        _("情况"),
        tuple(
            FacetOption(
                _(words.FLEET[state].word),
                counts[state],
                url_for("stations.index", state=None if state == chosen else state),
                selected=state == chosen,
            )
            for state in there
        ),
    )


CSV_HEADER: Final = (
    *("station", "name", "kind", "state", "last_seen", "unsent", "clock_offset_ms", "version"),
    *("catalogue_version", "conflicts", "quarantined"),
)


def csv_row(row: StationRow) -> tuple[object, ...]:
    """One device as a row for a spreadsheet; what is not known stays empty."""
    seen = local(row.last_seen).isoformat(timespec="seconds") if row.last_seen else ""
    return (
        *(row.code, row.name, row.kind, row.state, seen, row.unsent, row.clock_offset_ms),
        *(row.version, row.catalogue_version, row.conflicts, row.quarantined),
    )
