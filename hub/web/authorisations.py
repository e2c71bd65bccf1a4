"""授权: letters of authorisation and agreements, given and taken back by an administrator."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.authorisations import Power
from casework.places import Role
from casework.values import day_of, read_date
from hub.usecases import authorisations, stations
from hub.usecases.authorisation_records import AGREEMENT, LETTER, Record
from hub.usecases.authorisations import NewLetter
from hub.web.context import desk, node, person
from hub.web.frame import OFFICE
from node import people
from node.errors import InvalidInput
from node.web.guard import for_roles
from node.web.speech import message
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import AuthorisationsPage, FieldError, LetterRow, Option

blueprint = Blueprint("authorisations", __name__)

Answer = Response | str | tuple[str, int]
_TO_MEND: Final = 422
POWERS: Final[Mapping[str, str]] = {
    Power.RECEIVE: marked("收件"),
    Power.ACCEPT: marked("受理"),
    Power.PRECHECK: marked("审查"),
    Power.DECIDE: marked("作决定"),
    Power.ISSUE: marked("出结果"),
    Power.DELIVER: marked("送达"),
    Power.SEAL: marked("用章"),
}
_LABELS: Final[Mapping[str, str]] = {
    "/to": marked("给谁"),
    "/document_no": marked("编号"),
    "/grantor": marked("哪个部门给的"),
    "/powers": marked("权限"),
    "/items": marked("只管这些事项"),
    "/areas": marked("只管这些领域"),
    "/first": marked("从哪天"),
    "/last": marked("到哪天"),
    "/reason": marked("为什么收回"),
}


@blueprint.get("/authorisations")
@for_roles(*OFFICE)
def index() -> Answer:
    """Every letter and agreement, the newest first."""
    return _page()


@blueprint.post("/authorisations")
@for_roles(Role.ADMINISTRATOR)
def add() -> Answer:
    """Write one down and publish it."""
    days = {name: _day(name) for name in ("first", "last")}
    wrong = [
        name for name, day in days.items() if day is None and request.form.get(name, "").strip()
    ]
    if wrong:
        say = _("日期写成 2026-11-21 这样。")
        return _page(errors=tuple(_error(f"/{name}", say) for name in wrong)), _TO_MEND
    try:
        authorisations.add(node(), _letter(days), account=person())
    except InvalidInput as error:
        return _page(errors=tuple(_error(p.pointer, message(p)) for p in error.errors)), _TO_MEND
    return redirect(url_for("authorisations.index", done="added"), 303)


@blueprint.post("/authorisations/<letter>/revoke")
@for_roles(Role.ADMINISTRATOR)
def revoke(letter: str) -> Answer:
    """Take one back from now on."""
    try:
        reason = request.form.get("reason", "")
        authorisations.revoke(node(), letter, reason=reason, account=person())
    except InvalidInput as error:
        wrong = tuple(_error(p.pointer, message(p)) for p in error.errors)
        return _page(refused={letter: wrong}), _TO_MEND
    return redirect(url_for("authorisations.index", done="revoked"), 303)


def _letter(days: Mapping[str, date | None]) -> NewLetter:
    form = request.form
    items = form.get("items", "").replace("、", " ").replace(",", " ").replace("，", " ")
    return NewLetter(
        to=form.get("to", ""),
        document_no=form.get("document_no", ""),
        kind=AGREEMENT if form.get("agreement") else LETTER,
        grantor=form.get("grantor", ""),
        powers=frozenset(Power(one) for one in form.getlist("powers") if one in set(Power)),
        items=frozenset(items.split()),
        areas=frozenset(form.getlist("areas")),
        first=days["first"],
        last=days["last"],
    )


def _day(name: str) -> date | None:
    return read_date(request.form.get(name, "").strip())


def _error(pointer: str, say: str) -> FieldError:
    return FieldError(pointer, _(_LABELS.get(pointer, "")) if pointer in _LABELS else "", say)


def _page(
    *,
    errors: tuple[FieldError, ...] = (),
    refused: Mapping[str, tuple[FieldError, ...]] | None = None,
) -> str:
    hub, around = node(), desk(node())
    may = person().role is Role.ADMINISTRATOR
    with hub.database.read() as tx:
        items = hub.catalogue(tx).items.values()
        approvers = [one for one in people.accounts(tx) if one.role is Role.APPROVER]
    places = stations.listed(hub)
    names = {one.code: one.name for one in places} | {f"@{a.login}": a.name for a in approvers}
    departments = sorted({one for item in items for one in item.department.split("/")})
    open_to = [Option(one.code, one.name) for one in places]
    open_to += [Option(a.login, a.name) for a in approvers if not a.disabled]
    page = AuthorisationsPage(
        rows=tuple(
            _rows(authorisations.listed(hub), names, around.now, may=may, wrong=refused or {})
        ),
        action=url_for("authorisations.add") if may else "",
        departments=(Option("", _("县里,管所有部门")), *(Option(one, one) for one in departments)),
        grantees=tuple(open_to),
        powers=tuple(Option(code, _(word)) for code, word in POWERS.items()),
        areas=tuple(Option(one, one) for one in sorted({item.area for item in items})),
        typed=tuple((name, request.form[name]) for name in request.form if errors),
        ticked_powers=tuple(request.form.getlist("powers")) if errors else (),
        ticked_areas=tuple(request.form.getlist("areas")) if errors else (),
        done_note=_done(),
        errors=errors,
    )
    return render_template("authorisations.html", page=page)


def _rows(
    found: list[Record],
    names: Mapping[str, str],
    now: int,
    *,
    may: bool,
    wrong: Mapping[str, tuple[FieldError, ...]],
) -> Iterator[LetterRow]:
    address: Callable[..., str] = url_for
    for one in found:
        state = _state(one, now)
        ends = may and state in {"in_force", "later"}
        yield LetterRow(
            id=one.id,
            number=one.document_no,
            grantor=one.grantor or _("县里"),
            to=names.get(one.grantee, one.grantee.removeprefix("@")),
            agreement=one.kind == AGREEMENT,
            powers=tuple(_(POWERS[power]) for power in POWERS if power in one.powers),
            covers="、".join(sorted(one.scope.items | one.scope.areas)) or _("全部事项"),
            first=one.scope.first.isoformat(),
            last=one.scope.last.isoformat(),
            state=state,
            reason=one.reason,
            revoke_url=address("authorisations.revoke", letter=one.id) if ends else "",
            errors=wrong.get(one.id, ()),
        )


def _state(one: Record, now: int) -> str:
    if one.scope.ended_at is not None:
        return "revoked"
    today = day_of(now)
    if one.scope.last < today:
        return "ended"
    return "later" if one.scope.first > today else "in_force"


def _done() -> str:
    words = {
        "added": _("记下了,已经公布。站里下次联上就知道。"),
        "revoked": _("收回了,已经公布。站里下次联上就只收件。"),
    }
    return words.get(request.args.get("done", ""), "")
