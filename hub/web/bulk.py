"""Answering many soft checks at once: what it would do, then the doing, with one undo."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.conflict_rules.answers import answer
from casework.errors import FieldProblem, ProblemsError
from casework.spoken import Text
from hub.usecases import bulk
from hub.usecases.bulk import Plan
from hub.web import checks, conflict_list
from hub.web.context import desk, node, person
from node.errors import Changed, InvalidInput
from node.web import speech
from node.web.guard import needs
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import BulkPage, FieldError

blueprint = Blueprint("bulk", __name__)
View = Response | str | tuple[str, int]


@blueprint.get("/conflicts/bulk")
@needs("case.resolved")
def preview() -> View:
    """What an answer to the ticked ones would do; nothing is written."""
    try:
        plan = bulk.preview(node(), request.args.getlist("check"), request.args.get("answer", ""))
    except (InvalidInput, Changed) as error:
        return _queue_again(error)
    return render_template("bulk.html", page=_page(plan))


@blueprint.post("/conflicts/bulk")
@needs("case.resolved")
def settle() -> View:
    """Answer them; what has changed since the preview refuses the whole."""
    seen = dict(_seen())
    key, reason = request.form.get("answer", ""), request.form.get("reason", "")
    try:
        done = bulk.settle(node(), seen, key, reason=reason, account=person())
    except Changed:
        return _queue_again(Changed()), 412
    except (InvalidInput, ProblemsError) as error:
        plan = bulk.preview(node(), list(seen), key)
        return render_template("bulk.html", page=_page(plan, reason, error.errors)), 422
    return redirect(url_for("conflicts.index", tab="soft", batch=done), 303)


@blueprint.post("/conflicts/bulk/<batch>/undo")
@needs("case.resolved")
def undo(batch: str) -> View:
    """Take them all back."""
    try:
        bulk.undo(node(), batch, account=person())
    except (Changed, InvalidInput) as error:
        return _queue_again(error), 412
    return redirect(url_for("conflicts.index", tab="soft", undone=batch), 303)


def _seen() -> Iterator[tuple[str, str]]:
    for text in request.form.getlist("check"):
        check, sign, version = text.rpartition(" ")
        if sign:
            yield check, version


def _queue_again(error: InvalidInput | Changed) -> str:
    told = _("有的已经有人处理过了,重新选一次。")
    if isinstance(error, InvalidInput):
        told = " ".join(speech.message(problem) for problem in error.errors)
    args: Mapping[str, str] = {**request.args.to_dict(), "tab": "soft"}
    return render_template("conflicts.html", page=conflict_list.build(args, done_note=told))


def _page(plan: Plan, reason: str = "", problems: Sequence[FieldProblem] = ()) -> BulkPage:
    around, found = desk(node()), answer(plan.rule, plan.answer)
    return BulkPage(
        checks.rule_words(plan.rule),
        said(Text(found.zh, found.en)) if found else plan.answer,
        plan.answer,
        tuple(conflict_list.row(m, around) for m in checks.matters(node(), plan.checks)),
        plan.cases,
        plan.told,
        url_for("bulk.settle"),
        url_for("conflicts.index", tab="soft"),
        reason=reason,
        errors=tuple(FieldError(p.pointer, _("理由"), speech.message(p)) for p in problems),
    )
