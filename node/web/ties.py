"""What ties a case to other cases: its matter, the case before, and the page of a matter."""

from collections.abc import Callable, Iterator

import sqlalchemy as sa
from flask import url_for

from casework.bundles import read_reference
from casework.case import CaseState
from casework.ids import Ulid
from casework.spoken import Text
from casework.workdays import Calendar
from node import case_links, casefile, matter
from node.case_links import Kind
from node.casefile import CaseLine
from node.cases import Case
from node.identity import Identity
from node.matter import Overview
from node.runtime import Node
from node.web import speech
from node.web.case_view import days_left
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import (
    Link,
    MatterPage,
    MatterPart,
)


def links(node: Node, case: Case) -> tuple[Link, ...]:
    """Links to the matter of a case, the case of which it is filed again, and those after it."""
    with node.database.read() as tx:
        return tuple(_links(tx, node.identity_in(tx), case.record, case.state))


def _links(tx: sa.Connection, me: Identity, record: bytes, case: CaseState) -> Iterator[Link]:
    if reference := read_reference(case.text("bundle")):
        yield Link(_("同一件事的全部办件"), url_for("matters.show", matter=reference.text))
    before = case.text("refiled_from")
    if before and (found := case_links.record(tx, before)):
        yield _to_case(tx, me, found, lambda number: _("上一次申请:%(number)s", number=number))
    for later in case_links.held(tx, Kind.REFILED_FROM, Ulid(record).text):
        yield _to_case(tx, me, later, lambda number: _("后来又申请:%(number)s", number=number))


def _to_case(tx: sa.Connection, me: Identity, record: bytes, label: Callable[[str], str]) -> Link:
    (line,) = casefile.lines_of(tx, me, [record])
    return Link(label(speech.number(line.temporary_number)), url_for("cases.show", case=line.case))


def near_link(number: str) -> Link:
    """A link to the case of a number that somebody may have meant."""
    return Link(speech.number(number), url_for("cases.show", case=number))


def matter_page(node: Node, text: str, calendar: Calendar, *, prints: str = "") -> MatterPage:
    """Lay out a matter.

    Args:
        node: this node.
        text: `CODE:ULID`.
        calendar: of working days.
        prints: endpoint at which the papers of a case are printed; empty: nowhere.

    Raises:
        NotFound: nothing of it is held here.
    """
    found = matter.overview(node, text)
    due = found.standing.due.isoformat() if found.standing.due else ""
    return MatterPage(
        name=_matter_name(found),
        number=found.reference.text,
        applicant=found.lines[0].name,
        whole=found.standing.whole.value,
        lead=found.bundle.lead if found.bundle else "",
        parts=tuple(_part(line, found, calendar, prints) for line in found.lines),
        back_url=url_for("cases.index"),
        due=due,
        days_left=days_left(due, found.today, calendar),
        unpromised=len(found.standing.unpromised),
        mixed=found.standing.is_mixed,
    )


def _matter_name(found: Overview) -> str:
    if found.bundle is None:
        return found.reference.code
    return said(Text(found.bundle.name, found.bundle.name_en or found.bundle.name))


def _part(line: CaseLine, found: Overview, calendar: Calendar, prints: str) -> MatterPart:
    address: Callable[..., str] = url_for
    item = found.items.get((line.item, line.item_version))
    return MatterPart(
        number=speech.number(line.temporary_number),
        item=speech.item_name(item) if item else line.item,
        department=item.department if item else "",
        state=line.state,
        url=url_for("cases.show", case=line.case),
        due=line.due,
        days_left=days_left(line.due, found.today, calendar),
        waits=line.case in found.standing.waits,
        print_url=address(prints, case=line.case) if prints else "",
    )
