"""Stations: the fleet, devices that ask to join, the end of a device, and packets put aside."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.places import Role
from hub.usecases import devices
from hub.usecases.devices import Device
from hub.web import station_list
from hub.web.context import desk, node, person
from hub.web.frame import OFFICE
from node import quarantining
from node.errors import NotFound
from node.web import csv_twin
from node.web.guard import for_roles
from ui.i18n import gettext as _
from ui.pages import FieldError, QuarantinePage, QuarantineRow, RevokePage

blueprint = Blueprint("stations", __name__)

Answer = Response | str | tuple[str, int]
_TO_MEND: Final = 422
_ACTIVE: Final = "active"


@blueprint.get("/stations")
@for_roles(*OFFICE)
def index() -> Answer:
    """The fleet, and for an administrator the devices that ask to join."""
    page = station_list.build(request.args, person(), done_note=_done())
    return render_template("stations.html", page=page)


@blueprint.get("/stations.csv")
@for_roles(*OFFICE)
def table() -> Response:
    """The same list for a spreadsheet."""
    state = request.args.get("state", "")
    rows = station_list.rows(desk(node()), person())
    wanted = (station_list.csv_row(row) for row in rows if state in {"", row.state})
    return csv_twin.answer("stations", station_list.CSV_HEADER, wanted)


@blueprint.post("/stations/requests/<request_id>")
@for_roles(Role.ADMINISTRATOR)
def decide(request_id: str) -> Answer:
    """Let a device in whose match code was compared, or turn it away with a reason."""
    if request.form.get("decision") == "approve":
        devices.approve(node(), _whole(request_id), account=person())
        return redirect(url_for("stations.index", done="approved"), 303)
    reason = request.form.get("reason", "").strip()
    if not reason:
        missing = FieldError("/reason", _("理由"), _("不同意要写理由。站里会看到。"))
        page = station_list.build(request.args, person(), refused={request_id: (missing,)})
        return render_template("stations.html", page=page), _TO_MEND
    devices.refuse(node(), _whole(request_id), account=person(), reason=reason)
    return redirect(url_for("stations.index", done="refused"), 303)


def _whole(request_id: str) -> str:
    """A page names a request in full; a beginning is only for the command line.

    Raises:
        NotFound: no such request waits.
    """
    if request_id not in {one.request for one in devices.asking(node())}:
        raise NotFound("enrolment", request_id)
    return request_id


@blueprint.get("/stations/devices/<replica>/revoke")
@for_roles(Role.ADMINISTRATOR)
def ask_revoke(replica: str) -> Answer:
    """Say what the end of a device means before it happens."""
    return _revoke_page(replica, ())


@blueprint.post("/stations/devices/<replica>/revoke")
@for_roles(Role.ADMINISTRATOR)
def revoke(replica: str) -> Answer:
    """End a device: what the county has of it stays, nothing later counts."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        missing = FieldError("/reason", _("理由"), _("停用要写理由。"))
        return _revoke_page(replica, (missing,)), _TO_MEND
    devices.revoke(node(), _device(replica).replica, reason=reason)
    return redirect(url_for("stations.index", done="revoked"), 303)


@blueprint.get("/quarantine")
@for_roles(*OFFICE)
def quarantine() -> Answer:
    """Packets that could not be read or trusted, the oldest first."""
    around = desk(node())
    places = {device.replica: device.station for device in devices.listed(node())}
    rows = tuple(
        QuarantineRow(
            str(item.id),
            item.at,
            around.known.place(places.get(item.replica, "")) or _("不清楚是哪里来的"),
            item.reason,
            item.detail,
            item.bytes,
        )
        for item in quarantining.list_items(node())
    )
    return render_template("quarantine.html", page=QuarantinePage(rows, around.now))


def _device(replica: str) -> Device:
    """An active device.

    Raises:
        NotFound: there is none of this id.
    """
    for device in devices.listed(node()):
        if device.replica == replica and device.state == _ACTIVE:
            return device
    raise NotFound("device", replica)


def _revoke_page(replica: str, errors: tuple[FieldError, ...]) -> str:
    device = _device(replica)
    known = device.last_seen is not None
    page = RevokePage(
        device.name or device.station,
        device.replica,
        url_for("stations.revoke", replica=device.replica),
        url_for("stations.index"),
        device.unsent if known else None,
        device.last_seen,
        node().clock.now_ms(),
        reason=request.form.get("reason", ""),
        errors=errors,
    )
    return render_template("devices/revoke.html", page=page)


def _done() -> str:
    words = {
        "approved": _("已经批准。站里还等着就会接着开通;已经停下的,请站里再打一遍 station init。"),
        "refused": _("没有同意。理由会显示在站里的电脑上。"),
        "revoked": _("已经停用。它以后传来的都不算数,以前的都留着。"),
    }
    return words.get(request.args.get("done", ""), "")
