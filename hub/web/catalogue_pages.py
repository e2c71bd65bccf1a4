"""What the catalogue's pages show: versions, a draft against what is published, arrival."""

from collections.abc import Iterator, Mapping
from typing import Final

from flask import url_for

from casework.catalogue_columns import SHEETS
from casework.catalogue_sheet import RowProblem as Problem
from casework.publishing import Change, FieldChange
from casework.spoken import Text
from hub.usecases import catalogue_drafts as drafts
from hub.usecases import catalogue_reading, catalogue_requests, catalogue_versions
from hub.usecases.catalogue_drafts import Draft, DraftState
from hub.usecases.catalogue_versions import Difference, Version
from hub.web.context import node
from node.people import Account
from ui import words
from ui.filters import said
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import (
    ArrivalPage,
    ArrivalRow,
    CatalogueDraftPage,
    CataloguePage,
    CatalogueRequestRow,
    CatalogueVersionRow,
    ChangeLine,
    FieldError,
    ItemDiff,
    ItemLine,
    Option,
    RowProblem,
)

_TITLES: Final = {
    column.path: Text(column.zh, column.en) for sheet in SHEETS for column in sheet.columns
} | {sheet.part: Text(sheet.name, sheet.en) for sheet in SHEETS}
_LISTS: Final = {"proofs": marked("证明清单"), "bundles": marked("一件事")}
_MOST_WARNINGS: Final = 40


def may_edit(viewer: Account) -> bool:
    """Whether this person writes and approves catalogues."""
    return viewer.role == "administrator"


def index(
    viewer: Account,
    *,
    refused: tuple[Problem, ...] = (),
    errors: tuple[FieldError, ...] = (),
    values: Mapping[str, str] | None = None,
    done_note: str = "",
) -> CataloguePage:
    """Lay out versions, the waiting draft and requests.

    Args:
        viewer: who looks.
        refused: rows of a file that was just given.
        errors: of the form that was just sent.
        values: what was typed in it.
        done_note: what was just done.
    """
    hub, edits = node(), may_edit(viewer)
    found, waiting = catalogue_versions.versions(hub), drafts.waiting(hub)
    return CataloguePage(
        tuple(_version(one, edits and one is not found[0]) for one in found),
        tuple(_request(one) for one in catalogue_requests.listed(hub)),
        hub.clock.now_ms(),
        template_url=url_for("catalogue.template", filled="1"),
        empty_template_url=url_for("catalogue.template"),
        import_url=url_for("catalogue.take") if edits else "",
        request_url=url_for("catalogue.note") if edits else "",
        draft_url=url_for("catalogue.draft") if waiting else "",
        draft_state=waiting.state.value if waiting else "",
        draft_by=waiting.author if waiting else "",
        kinds=tuple(
            Option(code, words.word(code, "catalogue_request")) for code in catalogue_requests.KINDS
        ),
        values=tuple((values or {}).items()),
        refused=tuple(map(problem, refused)),
        errors=errors,
        done_note=done_note,
    )


def _version(one: Version, may_restore: bool) -> CatalogueVersionRow:  # noqa: FBT001  # the page's own
    back = url_for("catalogue.roll_back", version=one.version)
    return CatalogueVersionRow(
        *(one.version, one.note, one.author, one.approver, one.at, one.items),
        *(one.have, one.stations, one.lost),
        url_for("catalogue.arrival", version=one.version),
        back if may_restore else "",
    )


def _request(one: catalogue_requests.Request) -> CatalogueRequestRow:
    return CatalogueRequestRow(
        *(one.kind, one.items, one.department, one.proposer, one.basis),
        *(one.law_date.isoformat(), one.told_on.isoformat(), one.adjust_by.isoformat()),
        adjusted_on=one.adjusted_on.isoformat() if one.adjusted_on else "",
        told_late=one.told_late,
        adjusted_late=one.adjusted_late,
    )


def problem(found: Problem) -> RowProblem:
    """One refused or doubtful row."""
    message = said(Text(found.message_zh, found.message_en))
    return RowProblem(found.sheet, found.row, found.field, message)


def draft(
    waiting: Draft,
    viewer: Account,
    *,
    errors: tuple[FieldError, ...] = (),
    typed: Mapping[str, str] | None = None,
    done_note: str = "",
) -> CatalogueDraftPage:
    """Lay out a draft against what is published.

    Args:
        waiting: the draft.
        viewer: who looks: its author submits, another administrator decides.
        errors: of the form that was just sent.
        typed: what was typed in it.
        done_note: what was just done.
    """
    hub, given = node(), typed or {}
    found = catalogue_versions.difference(hub, waiting)
    with hub.database.read() as tx:
        against = drafts.against(tx, hub, restores=waiting.restores)
    checked = catalogue_reading.check(waiting.document, against)
    own, submitted = waiting.author == viewer.login, waiting.state is DraftState.SUBMITTED
    edits = may_edit(viewer)
    return CatalogueDraftPage(
        waiting.state.value,
        waiting.author,
        waiting.made_at,
        waiting.base,
        url_for("catalogue.index"),
        added=tuple(_line(one.code, one.name, found) for one in found.changes.added),
        removed=tuple(_line(one.code, one.name, found) for one in found.changes.removed),
        changed=tuple(_diffs(found)),
        lists=tuple(_(_LISTS[name]) for name in found.changes.lists),
        problems=tuple(map(problem, checked.problems)),
        warnings=tuple(map(problem, checked.warnings[:_MOST_WARNINGS])),
        without_request=catalogue_requests.uncovered(hub, found.changes.codes),
        restores=waiting.restores,
        note=given.get("note", waiting.note),
        reason=given.get("reason", waiting.reason),
        submit_url=url_for("catalogue.submit") if edits and own and not submitted else "",
        approve_url=url_for("catalogue.approve") if edits and submitted and not own else "",
        return_url=url_for("catalogue.send_back") if edits and submitted else "",
        own=own,
        errors=errors,
        done_note=done_note,
    )


def _line(code: str, name: str, found: Difference) -> ItemLine:
    return ItemLine(code, name, found.affected.get(code, 0))


def _diffs(found: Difference) -> Iterator[ItemDiff]:
    for one in found.changes.changed:
        yield ItemDiff(
            one.code,
            one.name,
            tuple(_field(change) for change in one.fields),
            notes=tuple(_notes(one.change)),
            open_cases=found.affected.get(one.code, 0),
        )


def _field(change: FieldChange) -> ChangeLine:
    title = _TITLES.get(change.path, Text(change.path, change.path))
    return ChangeLine(said(title), change.before, change.after)


def _notes(change: Change) -> Iterator[str]:
    """What it means for cases that are open."""
    told = (
        (change.more, _("要的材料多了:在办的件按受理时的清单,不加要。")),
        (change.fewer, _("要的材料少了:在办的件也按新的。")),
        (change.shorter, _("承诺时间短了:在办的件也按新的。")),
        (change.longer, _("承诺时间长了:在办的件按凭证上写的。")),
        (change.legal, _("法定条件变了:在办的件要有人看。")),
        (change.cancelled, _("这一项要停办:到那天各站自动不收。")),
    )
    return (words_ for there, words_ in told if there)


def arrival(version: int) -> ArrivalPage:
    """Lay out how far a version has come."""
    hub = node()
    found = catalogue_versions.arrivals(hub)
    behind = [one for one in found if one.version is None or one.version < version]
    rows = (
        ArrivalRow(one.station, one.name, one.version, one.last_seen, one.state) for one in found
    )
    return ArrivalPage(
        version,
        len(found) - len(behind),
        sum(one.state in {"lost_3", "lost_30"} for one in behind),
        tuple(rows),
        hub.clock.now_ms(),
        url_for("catalogue.index"),
    )
