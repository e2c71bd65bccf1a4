"""`hub catalogue …`: from a clerk's workbook to a signed version that another person approved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from casework import catalogue_sheet
from casework.catalogue import CatalogueItem
from casework.catalogue_sheet import RowProblem
from casework.errors import FieldProblem
from casework.places import Role
from casework.publishing import Changes
from hub.usecases import catalogue_drafts as drafts
from hub.usecases import catalogue_reading, catalogue_versions
from hub.usecases import catalogue_requests as asked
from hub.usecases.catalogue_drafts import Draft, DraftState, Made
from hub.usecases.catalogue_requests import NewRequest
from node import workbook
from node.command import EXIT_PARTLY, Call, Outcome
from node.commands.checks import item_document
from node.commands.opened import acting, opened
from node.errors import FileUnreadable, InvalidInput
from node.runtime import Node

_ADMINISTRATORS: Final = (Role.ADMINISTRATOR.value,)
Document = dict[str, object]


def list_catalogue(call: Call) -> Mapping[str, object]:
    """List the items of the newest catalogue, every version, and how far each has arrived."""
    with opened(call) as node:
        with node.database.read() as tx:
            catalogue = node.catalogue(tx)
        found, waiting = catalogue_versions.versions(node), drafts.waiting(node)
    return {
        "version": catalogue.version,
        "note": catalogue.note,
        "items": [item_document(item, _offered(item)) for item in catalogue.items.values()],
        "versions": [asdict(one) for one in found],
        "draft": _draft(waiting) if waiting else None,
    }


def _offered(item: CatalogueItem) -> Document:
    modes = {column: mode.value for column, mode in item.modes.items()}
    return {"modes": modes, "cancelled_on": _day(item)}


def _day(item: CatalogueItem) -> str | None:
    return item.cancelled_on.isoformat() if item.cancelled_on else None


def template(call: Call, *, file: str, filled: bool) -> Mapping[str, object]:
    """Write a workbook to fill in, empty or with what is published now."""
    document: Mapping[str, object] = {}
    if filled:
        with opened(call) as node, node.database.read() as tx:
            document = drafts.published_part(node, tx)
    sheets = catalogue_sheet.write(dict(document))  # type: ignore[arg-type]  # JSON as published
    data = workbook.write(sheets)
    try:
        Path(file).write_bytes(data)
    except OSError as error:
        raise FileUnreadable(file) from error
    return {"file": file, "sheets": {name: len(rows) - 1 for name, rows in sheets.items()}}


def import_file(call: Call, *, file: str, login: str | None) -> Outcome:
    """Make a draft of a filled-in workbook or JSON."""
    data = _read(file)
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        return _made(drafts.import_file(node, data, account=account))


def roll_back(call: Call, *, version: int, login: str | None) -> Outcome:
    """Make a draft of an old version."""
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        return _made(drafts.roll_back(node, version, account=account))


def _read(file: str) -> bytes:
    try:
        path = Path(file)
        if path.stat().st_size > workbook.MAX_BYTES:
            raise FileUnreadable(file)
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(file) from error


def _made(made: Made) -> Outcome:
    document: Document = {
        "draft": made.draft.id if made.draft else None,
        "version": made.base + 1 if made.draft else None,
        **_codes(made.changes),
        "errors": [_row(one) for one in made.given.problems],
        "warnings": [_row(one) for one in made.given.warnings],
    }
    if made.draft:
        return Outcome(document)
    lines = "\n".join(_line(one) for one in made.given.problems)
    return Outcome(document, EXIT_PARTLY, f"{lines}\n有不对的行，什么都没有改。改好再导入。")


def _codes(changes: Changes | None) -> Document:
    if changes is None:
        return {"added": [], "changed": [], "removed": []}
    return {
        "added": [item.code for item in changes.added],
        "changed": [item.code for item in changes.changed],
        "removed": [item.code for item in changes.removed],
    }


def _row(problem: RowProblem) -> Document:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "field": problem.field,
        "message": problem.message_zh,
        "message_en": problem.message_en,
    }


def _line(problem: RowProblem) -> str:
    where = f"{problem.sheet} 第{problem.row}行 {problem.field}".strip()
    return f"✕ {where}：{problem.message_zh}"


def diff(call: Call) -> Mapping[str, object]:
    """Hold the waiting draft against what is published."""
    with opened(call) as node:
        draft = _waiting(node)
        found = catalogue_versions.difference(node, draft)
        with node.database.read() as tx:
            against = drafts.against(tx, node, restores=draft.restores)
        given = catalogue_reading.check(draft.document, against)
        alone = asked.uncovered(node, found.changes.codes)
    return {
        **_draft(draft),
        **_codes(found.changes),
        "lists": list(found.changes.lists),
        "details": list(_details(found.changes)),
        "open_cases": {code: found.affected.get(code, 0) for code in sorted(found.changes.codes)},
        "errors": [_row(one) for one in given.problems],
        "warnings": [_row(one) for one in given.warnings],
        "without_request": list(alone),
    }


def _details(changes: Changes) -> Iterable[Document]:
    for one in changes.changed:
        yield {
            "item": one.code,
            "name": one.name,
            "more_papers": [material.name for material in one.change.more],
            "fewer_papers": [material.name for material in one.change.fewer],
            "days": [one.change.days_before, one.change.days_after],
            "fields": [asdict(change) for change in one.fields],
        }


def publish(call: Call, *, note: str | None, login: str | None) -> Mapping[str, object]:
    """Submit one's own draft, or approve somebody else's: then it is published."""
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        draft = _waiting(node)
        if draft.author == account.login and draft.state is not DraftState.SUBMITTED:
            done = drafts.submit(node, draft.id, note=note or "", account=account)
            call.message("已交审核。另一位管理员用 --as 做同一步，就公布。")
        else:
            done = drafts.approve(node, draft.id, account=account)
    return _draft(done)


def send_back(call: Call, *, reason: str, login: str | None) -> Mapping[str, object]:
    """Return the draft that waits for approval."""
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        return _draft(drafts.send_back(node, _waiting(node).id, reason=reason, account=account))


def _waiting(node: Node) -> Draft:
    """The draft that may be published.

    Raises:
        InvalidInput: there is none.
    """
    found = drafts.waiting(node)
    if found is None:
        zh = "没有草稿。先用 hub catalogue import 导入。"
        raise InvalidInput([FieldProblem("", "no_draft", zh, "There is no draft: import one.")])
    return found


def _draft(draft: Draft) -> Document:
    return {
        "draft": draft.id,
        "state": draft.state.value,
        "version": draft.version,
        "base": draft.base,
        "restores": draft.restores,
        "note": draft.note,
        "author": draft.author,
        "decided_by": draft.decided_by or None,
        "reason": draft.reason or None,
    }


def request(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    kind: str,
    items: Sequence[str],
    department: str,
    proposer: str,
    basis: str,
    law_date: str,
    told_on: str,
    login: str | None,
) -> Mapping[str, object]:
    """Note what a department asks for."""
    new = NewRequest(
        kind=kind,
        items=items,
        department=department,
        proposer=proposer,
        basis=basis,
        law_date=law_date,
        told_on=told_on,
    )
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        return _request(asked.note(node, new, account=account))


def requests(call: Call) -> Mapping[str, object]:
    """List what departments asked for, and what came late."""
    with opened(call) as node:
        return {"requests": [_request(one) for one in asked.listed(node)]}


def _request(one: asked.Request) -> Document:
    days = ("law_date", "told_on", "tell_by", "adjust_by", "adjusted_on")
    found = {**asdict(one), "items": list(one.items)}
    return found | {name: found[name] and found[name].isoformat() for name in days}
