"""`hub station …`, `hub device …`, `hub fleet`."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from casework.places import Role
from hub.usecases import devices, enrolments_by_file, stations
from hub.usecases import fleet as fleets
from hub.usecases.devices import Asking, Device
from hub.usecases.fleet import Watched
from hub.usecases.stations import NewStation
from node.command import Call
from node.commands.opened import acting, opened, typed_fingerprint

_ADMINISTRATORS: Final = (Role.ADMINISTRATOR.value,)


def add_station(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    code: str,
    kind: str,
    name: str,
    partner: str | None,
    parent: str | None,
    pre_approve: bool,
) -> Mapping[str, object]:
    """Register a place; its one-time code is shown this once."""
    new = NewStation(
        code=code.strip(),
        kind=kind,
        name=name,
        partner=partner or "",
        parent=parent or "",
        pre_approve=pre_approve,
    )
    with opened(call) as node:
        added = stations.add(node, new)
    return {
        "station": added.station,
        "enrolment_code": added.enrolment_code,
        "expires_at": added.expires_at,
    }


def list_stations(call: Call) -> Mapping[str, object]:
    """List the registered places."""
    with opened(call) as node:
        found = stations.listed(node)
    return {
        "stations": [
            {
                "station": one.code,
                "kind": one.kind.value,
                "name": one.name,
                "partner": one.partner or None,
                "parent": one.parent,
                "authorised_until": one.authorised_until,
            }
            for one in found
        ]
    }


def list_devices(call: Call) -> Mapping[str, object]:
    """List devices, and who waits to join."""
    with opened(call) as node:
        listed, waiting = devices.listed(node), devices.asking(node)
    return {
        "devices": [_device(one) for one in listed],
        "requests": [_asking(one) for one in waiting],
    }


def _device(one: Device) -> dict[str, object]:
    return {
        "replica": one.replica,
        "station": one.station,
        "state": one.state,
        "last_seen": one.last_seen,
        "last_seq": one.last_seq,
        "known_seq": one.known_seq,
        "unsent": one.unsent,
        "clock_offset_ms": one.clock_offset_ms,
        "version": one.version,
    }


def _asking(one: Asking) -> dict[str, object]:
    return {
        "request": one.request,
        "station": one.station,
        "name": one.name,
        "state": one.state,
        "match_code": one.match_code,
        "asked_at": one.asked_at,
    }


def approve(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    request: str | None,
    request_file: str | None,
    approval_file: str | None,
    fingerprint: str | None,
    login: str | None,
) -> Mapping[str, object]:
    """Admit a device whose match code was compared, or the fingerprint of its request file."""
    if request_file and approval_file and not request:
        return _approve_file(call, request_file, approval_file, fingerprint, login=login)
    if not request or request_file or approval_file:
        raise click.UsageError("写 REQUEST，或者 --request-file 和 --approval-file 两个都写。")
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        done = devices.approve(node, request, account=account)
    return {"request": done.request, "station": done.station, "replica": done.replica}


def _approve_file(
    call: Call, asked: str, approval: str, fingerprint: str | None, *, login: str | None
) -> Mapping[str, object]:
    request = enrolments_by_file.read_request(Path(asked))
    typed = typed_fingerprint(
        call, fingerprint, "站点念的指纹（16个字母） The request's fingerprint"
    )
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        done = enrolments_by_file.approve(
            node, request, Path(approval), typed=typed, account=account
        )
    call.message(f"县里的指纹 {done.root_fingerprint}  打电话念给站里，站里要输入。")
    return asdict(done)


def refuse(call: Call, *, request: str, reason: str, login: str | None) -> Mapping[str, object]:
    """Turn a device away."""
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        devices.refuse(node, request, account=account, reason=reason)
    return {"request": request, "state": "refused"}


def revoke(call: Call, *, replica: str, reason: str) -> Mapping[str, object]:
    """Shut a device out."""
    with opened(call) as node:
        done = devices.revoke(node, replica, reason=reason)
    return {
        "replica": done.replica,
        "station": done.station,
        "state": "revoked",
        "revoked_after": done.revoked_after,
        "unsent": done.unsent,
    }


def fleet(call: Call) -> Mapping[str, object]:
    """Say what each device is known to hold and to lack."""
    with opened(call) as node:
        return {"devices": [_watched(one) for one in fleets.fleet(node)]}


def _watched(one: Watched) -> dict[str, object]:
    return {
        **_device(one.device),
        "state": one.state.value,
        "missing": [list(gap) for gap in one.device.missing],
        "quarantined": one.quarantined,
        "repaired": one.device.repaired,
        "conflicts": one.conflicts,
        "catalogue_version": one.device.catalogue_version,
        "only_receives": bool(fleets.ONLY_RECEIVES & set(one.alerts)),
        "alerts": [alert.value for alert in one.alerts],
        "attachments_pending": one.device.photos,
        "attachments_missing": one.missing,
        "free_bytes": one.device.free,
    }
