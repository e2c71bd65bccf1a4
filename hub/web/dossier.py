"""Everything that the page of a case shows at the county."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from casework.desk import ActContext
from casework.places import Role
from casework.values import Fields, read_list, read_text
from hub.usecases import devices, lost, unmasking
from hub.web import papers, photos
from hub.web.context import desk, node
from node import acting, casefile, photographs
from node.acting import newest
from node.casefile import CaseFile, Sight
from node.people import Account
from node.runtime import Node, here
from node.web import case_view, ties
from node.web.act_forms import Subject
from node.web.case_view import Around, Shown
from ui.i18n import gettext as _
from ui.pages import ActForm, CasePage, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A case opened for one person.

    Attributes:
        ctx: the situation of an act.
        seen: the newest operation shown.
        viewer: who looks.
    """

    shown: Shown
    subject: Subject
    ctx: ActContext
    seen: str
    viewer: Account


def open_case(hub: Node, reference: str, viewer: Account) -> Dossier:
    """Open a case with its personal values masked.

    Raises:
        CaseUnknown: there is no such case.
    """
    with hub.database.read() as tx:
        record = acting.find_case(tx, reference)
        file = casefile.show(tx, hub.identity_in(tx), record, sight=Sight.MASKED)
    return of_file(hub, file, viewer)


def of_file(hub: Node, file: CaseFile, viewer: Account) -> Dossier:
    """The same from a case that was laid out already, masked or not."""
    around = desk(hub)
    with hub.database.read() as tx:
        me, at = hub.identity_in(tx), hub.moment(tx)
        item = acting.item_of(tx, hub, file.record.state)
        ctx = acting.context(tx, hub, me, at, item=item, account=viewer)
        may_look = unmasking.may_look(viewer, item)
        found = photographs.listed(tx, file.record, before=lost.before(tx, hub)) if may_look else []
    shown = Shown(
        file=file,
        item=item,
        known=around.known,
        calendar=around.calendar,
        today=around.today,
        photos=photos.by_material(file.line.case, found, item),
        skews=skews(hub),
    )
    subject = Subject(case=shown.case, item=item, place=here(me), known=around.known)
    return Dossier(shown=shown, subject=subject, ctx=ctx, seen=newest(file.record), viewer=viewer)


def skews(hub: Node) -> dict[str, int]:
    """Replica → how far its clock was off when it was last heard."""
    return {
        device.replica: device.clock_offset_ms
        for device in devices.listed(hub)
        if device.clock_offset_ms is not None
    }


def page(opened: Dossier, forms: tuple[ActForm, ...], *, done_note: str = "") -> CasePage:
    """Lay out the page of a case."""
    case = opened.shown.file.line.case
    may_unmask = opened.viewer.role in unmasking.MAY_UNMASK
    around = Around(
        back_url=url_for("cases.index"),
        conflicts=tuple(_checks(opened)),
        related=(*_related(opened), *ties.links(node(), opened.shown.file.record)),
        unmask_url=url_for("cases.ask_purpose", case=case) if may_unmask else "",
        checking=False,
        documents=papers.links(case, opened.shown.case),
    )
    return case_view.build(opened.shown, forms, around, done_note=done_note)


def _checks(opened: Dossier) -> Iterator[Link]:
    for check, value in opened.shown.case.checks.items():
        mine = opened.viewer.role is Role.RECONCILER
        yield Link(_fields(value, opened), url_for("conflicts.show", check=check) if mine else "")


def _fields(check: Fields, opened: Dossier) -> str:
    named = filter(None, map(read_text, read_list(check.get("fields"))))
    return "、".join(case_view.field_label(name, opened.shown.item) for name in named)


def _related(opened: Dossier) -> Iterator[Link]:
    """The main case of a duplicate."""
    main = opened.shown.case.text("duplicate_of")
    if main:
        yield Link(_("已并到主件,看主件"), url_for("cases.show", case=main))
