"""Differences: the queue, the comparison, the decision with its reason, and taking it back."""

from collections.abc import Iterator, Sequence
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import masking
from casework.errors import FieldProblem, ProblemsError
from hub.usecases import conflicts, queue, reconcile
from hub.usecases.conflicts import Conflict, Kind
from hub.usecases.reconcile import Answer
from hub.web import checks, compare, conflict_list, settled
from hub.web.compare import Bench, Given
from hub.web.context import node, person
from node.errors import Changed, InvalidInput, NotFound, OwnProposal
from node.web import csv_twin, speech
from node.web.guard import needs
from ui.i18n import gettext as _
from ui.pages import FieldError, Stale

blueprint = Blueprint("conflicts", __name__)

View = Response | str | tuple[str, int]
_TO_MEND: Final = 422
_STALE: Final = 412
_MINUTE_MS: Final = 60_000
_QUESTIONS: Final = ("main", "answer")
_NOTHING: Final = "null"
"""How a field that holds no text is cleared (JSON)."""


@blueprint.get("/conflicts")
@needs("case.resolved")
def index() -> View:
    """What waits for a person, the oldest first; or what was settled."""
    note, undo_url = _just_done(request.args.get("done", ""))
    if batch := request.args.get("batch", ""):
        note = _("选的都已经保存,各站会收到。可以一次全部撤销。")
        undo_url = url_for("bulk.undo", batch=batch)
    if request.args.get("undone"):
        note = _("已经撤销,这一条要重新核对。")
    page = conflict_list.build(request.args, done_note=note, undo_url=undo_url)
    return render_template("conflicts.html", page=page)


@blueprint.get("/conflicts.csv")
@needs("case.resolved")
def table() -> Response:
    """The same list for a spreadsheet; the values in question are left out."""
    rows = map(conflict_list.csv_row, conflict_list.every(request.args))
    return csv_twin.answer("conflicts", conflict_list.CSV_HEADER, rows)


@blueprint.get("/conflicts/<check>")
@needs("case.resolved")
def show(check: str) -> View:
    """One difference side by side, or how it was settled; opening changes nothing."""
    bench = compare.open_bench(node(), check, person())
    if not compare.is_open(bench):
        return render_template("settled.html", page=settled.build(bench))
    note, undo_url = _just_done(request.args.get("done", ""))
    return _compare(bench, Given(done_note=note, undo_url=undo_url))


@blueprint.post("/conflicts/<check>")
@needs("case.resolved")
def resolve(check: str) -> View:
    """Settle a difference, or say what is missing with everything chosen still there."""
    found = conflicts.show(node(), check)
    missing = tuple(_missing(found))
    if missing:
        return _again(check, missing)
    try:
        reconcile.resolve(node(), check, _answer(), account=person())
    except Changed:
        return _overtaken(check)
    except (InvalidInput, ProblemsError) as error:
        return _again(check, tuple(_told(found, error.errors)))
    return _onward(check)


@blueprint.post("/conflicts/<check>/confirm")
@needs("case.resolved")
def confirm(check: str) -> View:
    """The second person's word on what another one has proposed."""
    seen = request.form.get("version", "") or None
    try:
        reconcile.confirm(node(), check, account=person(), seen=seen)
    except Changed:
        return _overtaken(check)
    except OwnProposal:
        problem = _("这一条是您自己先定的,要另一个人来确认。")
        return _again(check, (FieldError("", "", problem),))
    except (InvalidInput, ProblemsError) as error:
        found = conflicts.show(node(), check)
        return _again(check, tuple(_told(found, error.errors)))
    return _onward(check)


@blueprint.post("/conflicts/<check>/undo")
@needs("case.resolved")
def undo(check: str) -> View:
    """Take a settlement back; the difference is open again."""
    try:
        reconcile.undo(node(), check, account=person())
    except Changed:
        problem = _("后来又有人改过,不能撤销。要改就在办件里重新更正。")
        return _not_undone(check, (FieldError("", "", problem),)), _STALE
    except InvalidInput as error:
        problems = tuple(FieldError("", "", speech.message(p)) for p in error.errors)
        return _not_undone(check, problems), _TO_MEND
    return redirect(url_for("conflicts.index", undone=check), 303)


def _not_undone(check: str, errors: tuple[FieldError, ...]) -> str:
    bench = compare.open_bench(node(), check, person())
    if compare.is_open(bench):
        return _compare(bench, Given(errors=errors))
    return render_template("settled.html", page=settled.build(bench, errors))


def _compare(bench: Bench, given: Given) -> str:
    return render_template("compare.html", page=compare.build(bench, given))


def _chosen() -> dict[str, str]:
    return {
        name.removeprefix("choose."): value
        for name, value in request.form.items()
        if name.startswith("choose.") and value
    }


def _typed() -> dict[str, str]:
    return {
        name.removeprefix("set."): value.strip()
        for name, value in request.form.items()
        if name.startswith("set.") and name.removeprefix("set.") not in _QUESTIONS
    }


def _answer() -> Answer:
    chosen, typed = _chosen(), _typed()
    named = {name: request.form.get(f"set.{name}", "") for name in _QUESTIONS}
    values: dict[str, object] = {name: value for name, value in named.items() if value}
    for name, value in chosen.items():
        if value == compare.TYPED:
            values[name] = typed.get(name, "")
        elif value == compare.CLEARED:
            values[name] = _NOTHING
    other = {compare.TYPED, compare.CLEARED, compare.KEPT}
    return Answer(
        choose={name: dot for name, dot in chosen.items() if dot not in other},
        set_values=values,
        reason=request.form.get("reason", ""),
        seen=request.form.get("version", ""),
    )


def _missing(found: Conflict) -> Iterator[FieldError]:
    """What has not been answered at all, told at once; the use case checks it all again."""
    chosen = _chosen()
    if found.kind not in {Kind.DUPLICATE, Kind.RULE}:
        for name in found.fields:
            if name not in chosen:
                label = checks.field_label(name, None)
                yield FieldError(f"/choose/{name}", label, _("还没有定用哪一个。"))
    if found.kind is Kind.DUPLICATE and not request.form.get("set.main"):
        yield FieldError("/set/main", _("留哪一件当主件?"), _("还没有选。"))
    if found.kind is Kind.RULE and not request.form.get("set.answer"):
        yield FieldError("/set/answer", _("怎么答?"), _("还没有选。"))
    if not request.form.get("reason", "").strip():
        yield FieldError("/reason", _("理由"), _("还没有写。各站都会看到。"))


def _told(found: Conflict, problems: Sequence[FieldProblem]) -> Iterator[FieldError]:
    for problem in problems:
        family, _slash, name = problem.pointer.strip("/").partition("/")
        unanswered = family == "set" and problem.code == "missing" and name in found.fields
        pointer = f"/choose/{name}" if unanswered else problem.pointer
        label = checks.field_label(name, None) if name in found.fields else ""
        yield FieldError(pointer, label, speech.message(problem))


def _again(check: str, errors: tuple[FieldError, ...]) -> View:
    return _compare(compare.open_bench(node(), check, person()), _given(errors)), _TO_MEND


def _given(errors: tuple[FieldError, ...] = (), stale: Stale | None = None) -> Given:
    return Given(
        chosen=_chosen(),
        typed=_typed(),
        main=request.form.get("set.main", ""),
        answer=request.form.get("set.answer", ""),
        reason=request.form.get("reason", ""),
        errors=errors,
        stale=stale,
    )


def _overtaken(check: str) -> View:
    """Somebody was faster, or a place has written something new meanwhile."""
    bench = compare.open_bench(node(), check, person())
    if bench.check.settled is None or compare.is_open(bench):
        new = _("您看的时候又来了新的内容。看一下,再定一次。")
        return _compare(bench, _given((FieldError("", "", new),))), _STALE
    return _compare(bench, _given(stale=_stale(bench))), _STALE


def _stale(bench: Bench) -> Stale:
    settlement = bench.check.settled
    by, at = (settlement.by, settlement.at) if settlement else ("", bench.around.now)
    known = bench.around.known
    result = url_for("conflicts.show", check=bench.check.id)
    return Stale(
        masking.name(known.actor(by, known.own)),
        max(0, bench.around.now - at) // _MINUTE_MS,
        result,
        f"{result}#undo",
    )


def _onward(check: str) -> Response:
    """To the next difference, or back to the queue when it was the last."""
    coming = queue.first_open(node())
    if request.form.get("go") == "next" and coming and coming != check:
        return redirect(url_for("conflicts.show", check=coming, done=check), 303)
    return redirect(url_for("conflicts.index", done=check), 303)


def _just_done(check: str) -> tuple[str, str]:
    """What is said after a settlement, and where it is taken back."""
    try:
        done = conflicts.show(node(), check) if check else None
    except NotFound:
        done = None
    if done is not None and done.proposed is not None:
        return _("已经记下,等另一位对账员确认。确认以前什么也不改。"), ""
    if done is None or done.settled is None:
        return "", ""
    note = _("上一条已经保存,各站会收到。%(n)s天内可以撤销。", n=compare.UNDO_DAYS)
    return note, url_for("conflicts.undo", check=check)
