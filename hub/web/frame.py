"""What stands around every page of the hub; it must answer while locked and signed out."""

from collections.abc import Callable, Iterator
from typing import Final

from flask import request, url_for

from casework.places import Role
from hub.usecases.waiting import Waiting, waiting
from hub.web.context import node
from node.errors import NodeError
from node.people import Account
from node.web import context
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import Frame, NavLink, Person

OFFICE: Final = (Role.CLERK, Role.APPROVER, Role.RECONCILER, Role.ADMINISTRATOR)
"""Who works at the county; nobody else sees anything here."""
_Counter = Callable[[Waiting], int]
_MENU: Final[tuple[tuple[str, str, frozenset[Role], _Counter], ...]] = (
    ("desk.index", marked("部门办件"), frozenset({Role.APPROVER}), lambda _waiting: 0),
    ("cases.index", marked("办件"), frozenset(OFFICE), lambda _waiting: 0),
    ("conflicts.index", marked("核对"), frozenset({Role.RECONCILER}), lambda w: w.checks),
    ("exchange.show", marked("导出导入"), frozenset({Role.CLERK, Role.APPROVER}), lambda _w: 0),
    ("alerts.index", marked("时限预警"), frozenset(OFFICE), lambda w: w.alerts),
    ("stations.index", marked("站点"), frozenset(OFFICE), lambda w: w.devices),
    ("authorisations.index", marked("授权"), frozenset({Role.ADMINISTRATOR}), lambda _waiting: 0),
    ("settings.show", marked("时限和名单"), frozenset(OFFICE), lambda _waiting: 0),
    ("catalogue.index", marked("目录"), frozenset(OFFICE), lambda _waiting: 0),
)


def frame() -> Frame:
    """The frame of the page that is being answered."""
    now = context.now()
    bare = Frame(_("县级政务服务中心"), "", "/", now, at_station=False)
    if not context.site().door.is_open:
        return bare
    try:
        stand, visitor = waiting(node()), context.visitor()
    except NodeError:  # the page that tells the error needs a frame all the same
        return bare
    if visitor is None:
        return Frame(_place(stand), "", "/", now, at_station=False)
    return Frame(
        _place(stand),
        "",
        url_for("start.show"),
        now,
        person=Person(visitor.name, visitor.role, url_for("auth.sign_out")),
        nav=tuple(_entries(visitor, stand)),
        at_station=False,
    )


def _place(stand: Waiting) -> str:
    return _("%(county)s政务服务中心", county=stand.county)


def _entries(visitor: Account, stand: Waiting) -> Iterator[NavLink]:
    here = (request.endpoint or "").partition(".")[0]
    address: Callable[..., str] = url_for
    for endpoint, label, roles, count in _MENU:
        if visitor.role in roles:
            current = here == endpoint.partition(".")[0]
            waits = count(stand) if endpoint != "stations.index" or _admits(visitor) else 0
            yield NavLink(_(label), address(endpoint), current, waits)


def _admits(visitor: Account) -> bool:
    return visitor.role is Role.ADMINISTRATOR
