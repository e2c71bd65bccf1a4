"""Filed again: a new intake from a case that was refused, with what is known and still here."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from casework import refiling
from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.values import read_int, read_text
from node import acting
from node.errors import NotFound
from node.web.guard import needs
from station.usecases import drafts
from station.web.context import node, person
from station.web.desk import open_item
from station.web.filled import Filled, Step
from station.web.steps import page_url
from ui.i18n import gettext as _
from ui.pages import ActForm

blueprint = Blueprint("again", __name__)

_ALIKE = ("name", "id_type", "id_no", "phone", "division", "address")
_OF_FIRM = {"name": "organisation", "id_no": "uscc"}
_STANDS = {"representative.name": "stands_name", "representative.id_no": "stands_id_no"}


def offer(case: str, state: CaseState) -> tuple[ActForm, ...]:
    """The act of filing a case again, where that is the way on."""
    if not refiling.may_refile(state):
        return ()
    action = url_for("again.begin", case=case)
    hint = _("填过的和还在的材料都带过来,缺的补上就行。会有新的号。")
    return (ActForm("again", _("重新申请"), action, _("重新填一份"), hint=hint),)


@blueprint.post("/cases/<case>/again")
@needs("case.received")
def begin(case: str) -> Response:
    """Begin a new intake from an old case; nothing is written but a draft."""
    station = node()
    with station.database.read() as tx:
        record = acting.load(tx, acting.find_case(tx, case))
        before = acting.item_of(tx, station, record.state)
    if not refiling.may_refile(record.state):
        raise NotFound("act", "again")
    desk = open_item(record.state.text("item"))
    typed = _typed(record.id, record.state, before, desk.item)
    filled = Filled(desk.item, typed, desk.channel)
    draft = drafts.save(
        station,
        draft=None,
        item=desk.item.code,
        step=Step.PERSON,
        document=filled.kept,
        account=person(),
    )
    return redirect(page_url(Step.PERSON, draft), 303)


def _typed(
    case: str, state: CaseState, before: CatalogueItem | None, item: CatalogueItem
) -> dict[str, str]:
    """What the pages would have been filled with."""
    kind = state.text("applicant_kind") or "natural"
    typed = {"applicant.kind": kind, "pickup": state.text("pickup"), "refiled_from": case}
    firm = kind == "legal"
    for name in _ALIKE:
        field = _OF_FIRM.get(name, name) if firm else name
        typed[f"applicant.{field}"] = state.text(name)
    typed |= {f"applicant.{ours}": state.text(name) for name, ours in _STANDS.items()}
    for question in item.form:
        typed[f"form.{question.name}"] = _answer(state, question.name)
    for no, earlier in refiling.reusable(state, before, item).items():
        typed |= _paper(no, case, earlier, state)
    return {name: text for name, text in typed.items() if text}


def _answer(state: CaseState, name: str) -> str:
    value = state.values.get(f"form.{name}")
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value) if isinstance(value, str | int) else ""


def _paper(no: int, case: str, earlier: int, state: CaseState) -> dict[str, str]:
    line, at = state.map(f"material.{earlier}"), f"materials.{no}"
    return {
        f"{at}.form": read_text(line.get("form")) or "",
        f"{at}.copies": str(read_int(line.get("copies")) or 1),
        f"{at}.original_seen": "yes" if line.get("original_seen") is True else "",
        f"{at}.reused_from": f"{case}:{earlier}",
    }
