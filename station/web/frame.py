"""What stands around every page of the station; it must answer while locked and signed out."""

from collections.abc import Callable
from typing import Final

from flask import g, request, url_for

from node.errors import NodeError
from node.incarnations import Stop
from node.pressure import Why
from node.room import Room
from node.web import context
from station.usecases import standing
from station.usecases.standing import Standing
from station.web.context import services
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import Alarm, Frame, LinkChip, LinkState, NavLink, Person

_MENU: Final = (
    ("home.show", marked("首页"), ""),
    ("cases.index", marked("办件"), ""),
    ("progress.show", marked("查进度"), ""),
    ("asking.show", marked("首问登记"), ""),
    ("upload.show", marked("上传情况"), "F8"),
)
_TOWNSHIP: Final = (*_MENU, ("township.show", marked("各站情况"), ""))


_OF_A_COPY: Final = frozenset({Stop.OLD_COPY.value, Stop.RESTORED.value})
_SHORT: Final = frozenset({Room.NO_PHOTOS, Room.NO_INTAKE})
_LOOKING_AROUND: Final = frozenset({"home.show", "upload.show", "upload.check"})


def frame() -> Frame:
    """The frame of the page that is being answered."""
    now = context.now()
    if not context.site().door.is_open:
        return Frame(_("便民服务站"), "", "/", now, receipts_known=False)
    try:
        stand = now_standing()
    except NodeError:  # the page that tells the error needs a frame all the same
        return Frame(_("便民服务站"), "", "/", now, receipts_known=False)
    visitor = context.visitor()
    if visitor is None:
        return Frame(stand.name, stand.county, "/", now, last_receipt=stand.last_receipt)
    return Frame(
        stand.name,
        stand.county,
        url_for("home.show"),
        now,
        person=Person(visitor.name, visitor.role, url_for("auth.sign_out")),
        nav=tuple(_entry(*row, stand) for row in (_TOWNSHIP if stand.township else _MENU)),
        link=chip(stand),
        last_receipt=stand.last_receipt,
        receipts_known=stand.stopped not in _OF_A_COPY,
        alarms=alarms(stand),
    )


def alarms(stand: Standing) -> tuple[Alarm, ...]:
    """What stops work here, on every page; what will, on the pages that one looks around on."""
    found, room = stand.pressure, stand.pressure.room
    grave = [f"stopped_{stand.stopped}"] if stand.stopped else []
    grave += [f"frozen_{why.value}" for why in found.frozen]
    grave += [f"room_{room.value}"] if room in _SHORT else []
    if request.endpoint not in _LOOKING_AROUND:
        return tuple(Alarm(code, grave=True) for code in grave)
    mild = [f"warned_{why.value}" for why in found.warned if why is not Why.SPACE]
    mild += [f"room_{room.value}"] if room is Room.LOW else []
    return (*(Alarm(code, grave=True) for code in grave), *(Alarm(code) for code in mild))


def now_standing() -> Standing:
    """How the station stands; counted once for each page."""
    if "standing" not in g:
        g.standing = standing.standing(services().node)
    found: Standing = g.standing
    return found


def chip(stand: Standing) -> LinkChip:
    """The state of the link as a chip."""
    return LinkChip(
        _state(stand),
        url_for("upload.show"),
        total=stand.waiting,
        waiting=stand.waiting,
        poll_url=url_for("upload.chip"),
    )


def _state(stand: Standing) -> LinkState:
    if services().background.busy and stand.waiting:
        return LinkState.SENDING
    if stand.last_contact is None and not stand.failing:
        return LinkState.UNKNOWN
    return LinkState.OFFLINE if stand.failing else LinkState.ONLINE


def _entry(endpoint: str, label: str, key: str, stand: Standing) -> NavLink:
    address: Callable[..., str] = url_for
    count = stand.waiting if endpoint == "upload.show" else 0
    current = (request.endpoint or "").split(".")[0] == endpoint.split(".", maxsplit=1)[0]
    return NavLink(_(label), address(endpoint), current, count, "" if key == "F8" else key)
