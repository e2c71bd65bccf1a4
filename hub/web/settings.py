"""Settings in layers, working days and credit list (`settings.html`)."""

from collections.abc import Callable, Iterator, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.credit import KINDS
from casework.errors import FieldProblem
from casework.places import Role, is_station_code
from casework.policy_layers import COUNTY, PROVINCE, SPECS, Layer
from casework.spoken import Text
from casework.values import read_date
from hub.usecases import calendar, credit, settings, stations
from hub.usecases.settings import Draft, Shown
from hub.web.context import node, person
from hub.web.frame import OFFICE
from node.errors import InvalidInput, NotFound
from node.web import speech
from node.web.guard import for_roles, takes_files
from ui.filters import day as spoken_day
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import DayOff, DraftRow, FieldError, Option, SettingRow, SettingsPage

blueprint = Blueprint("settings", __name__)

_TO_MEND = 422
_MOST_BYTES = 8 << 20
_MOST_JSON = 1 << 20
_FIELDS = ("name", "value", "scope", "source", "first")
Answer = Response | str | tuple[str, int]


@blueprint.get("/settings")
@for_roles(*OFFICE)
def show() -> str:
    """What is in force."""
    notes = {
        "approved": _("已公布。站点下次联上就按新的算。"),
        "proposed": _("提好了,等第二个管理员批。"),
        "withdrawn": _("不要了。"),
        "calendar": _("节假日已公布。估算过的日子重新算了。"),
        "credit": _("名单已公布。"),
    }
    return _page(done_note=notes.get(request.args.get("done", ""), ""))


@blueprint.post("/settings")
@for_roles(Role.ADMINISTRATOR)
def propose() -> Answer:
    """Propose a value."""
    given = {name: request.form.get(name, "").strip() for name in _FIELDS}
    day, value = read_date(given["first"]), given["value"]
    wrong = []
    if not (value.isascii() and value.isdigit() and len(value) < 7):  # noqa: PLR2004  # more is a slip
        wrong.append(FieldError("/value", _("改成"), _("写一个整数。")))
    if day is None:
        wrong.append(FieldError("/first", _("从哪天起"), _("写成 2027-01-01 这样。")))
    if wrong or day is None:
        return _page(errors=tuple(wrong), values=given), _TO_MEND
    wanted = Layer(
        name=given["name"],
        scope=given["scope"],
        value=int(value),
        source=given["source"],
        effective_from=day,
    )
    try:
        settings.propose(node(), wanted, account=person())
    except InvalidInput as error:
        return _page(errors=_errors(error, "/first"), values=given), _TO_MEND
    return _done("proposed")


@blueprint.post("/settings/<draft>/approve")
@for_roles(Role.ADMINISTRATOR)
def approve(draft: str) -> Answer:
    """Approve somebody else's proposal."""
    try:
        settings.approve(node(), draft, account=person())
    except InvalidInput as error:
        return _page(errors=_errors(error, "")), _TO_MEND
    except NotFound:
        return _page(errors=(_gone(),)), _TO_MEND
    return _done("approved")


@blueprint.post("/settings/<draft>/withdraw")
@for_roles(Role.ADMINISTRATOR)
def withdraw(draft: str) -> Answer:
    """Take a proposal back."""
    try:
        settings.withdraw(node(), draft, account=person())
    except NotFound:
        return _page(errors=(_gone(),)), _TO_MEND
    return _done("withdrawn")


@blueprint.post("/settings/calendar")
@takes_files(_MOST_BYTES)
@for_roles(Role.ADMINISTRATOR)
def take_calendar() -> Answer:
    """Publish the calendar of a notice."""
    given = request.files.get("calendar")
    if given is None or not given.filename:
        return _page(errors=(_no_file("/calendar"),)), _TO_MEND
    try:
        document = calendar.read(given.read(_MOST_JSON))
        calendar.take(node(), document, account=person())
    except InvalidInput as error:
        return _page(errors=_errors(error, "/calendar")), _TO_MEND
    return _done("calendar")


@blueprint.post("/settings/credit")
@takes_files(_MOST_BYTES)
@for_roles(Role.ADMINISTRATOR)
def take_credit() -> Answer:
    """Publish a credit list."""
    given = request.files.get("credit")
    if given is None or not given.filename:
        return _page(errors=(_no_file("/credit"),)), _TO_MEND
    try:
        credit.take(node(), given.filename, given.read(_MOST_BYTES), account=person())
    except InvalidInput as error:
        return _page(errors=_errors(error, "/credit")), _TO_MEND
    return _done("credit")


def _done(what: str) -> Response:
    return redirect(url_for("settings.show", done=what), 303)


def _gone() -> FieldError:
    return FieldError("", "", _("这一条已经批过,或者不要了。"))


def _no_file(pointer: str) -> FieldError:
    return FieldError(pointer, _("文件"), _("先选一个文件。"))


def _errors(error: InvalidInput, at: str) -> tuple[FieldError, ...]:
    """At the field that it is about; of a file, at the file."""
    return tuple(FieldError(_place_of(one, at), "", speech.message(one)) for one in error.errors)


def _place_of(one: FieldProblem, at: str) -> str:
    known = one.pointer.removeprefix("/").replace("effective_from", "first")
    return f"/{known}" if known in _FIELDS else at


def _page(
    *,
    done_note: str = "",
    errors: tuple[FieldError, ...] = (),
    values: Mapping[str, str] | None = None,
) -> str:
    hub, may = node(), person().role is Role.ADMINISTRATOR
    asked = request.args.get("place", "")
    place = asked if is_station_code(asked) else hub.identity().place.code
    found, drafts = settings.shown(hub, place)
    known, listed = calendar.known(hub), credit.shown(hub)
    address: Callable[..., str] = url_for
    page = SettingsPage(
        look_url=address("settings.show"),
        place=place,
        places=tuple(_places()),
        rows=tuple(_row(one) for one in found if one.name in SPECS),
        calendar_source=known.source,
        calendar_until=known.until.isoformat(),
        days_off=tuple(DayOff(*run) for run in known.rows),
        working=known.working,
        credit_as_of=listed.as_of,
        credit_age=listed.age if listed.as_of else None,
        credit_old=bool(listed.as_of) and listed.age > _value(found, "credit_lease_days"),
        credit=tuple(_counted(listed)),
        drafts=tuple(_draft(one, may=may) for one in drafts),
        names=tuple(Option(name, said(Text(spec.zh, spec.en))) for name, spec in SPECS.items()),
        scopes=tuple(_scopes()),
        values=dict(values) if values else None,
        propose_url=address("settings.propose") if may else "",
        calendar_url=address("settings.take_calendar") if may else "",
        credit_url=address("settings.take_credit") if may else "",
        errors=errors,
        done_note=done_note,
    )
    return render_template("settings.html", page=page)


def _value(found: list[Shown], name: str) -> int:
    return next(one.value for one in found if one.name == name)


def _places() -> Iterator[Option]:
    hub = node()
    me = hub.identity()
    yield Option(me.place.code, me.name)
    for one in stations.listed(hub):
        yield Option(one.code, one.name)


def _scopes() -> Iterator[Option]:
    yield Option(PROVINCE, _("全省"))
    yield Option(COUNTY, _("全县"))
    yield from list(_places())[1:]


def _scope(scope: str) -> str:
    return next((str(one.label) for one in _scopes() if one.value == scope), scope)


def _row(one: Shown) -> SettingRow:
    held = one.layer
    coming = (
        _(
            "%(day)s起改成%(value)s",
            day=spoken_day(layer.effective_from.isoformat()),
            value=_said(one, layer.value),
        )
        for layer in one.coming
    )
    begun = held is not None and held.effective_from.year > 1
    return SettingRow(
        name=one.name,
        title=said(Text(one.zh, one.en)),
        value=_said(one, one.value),
        scope=_scope(held.scope) if held else "",
        source=held.source if held else "",
        since=held.effective_from.isoformat() if held and begun else "",
        coming=tuple(coming),
    )


def _said(one: Shown, value: int) -> str:
    if one.unit == "wd":
        return _("%(n)s个工作日", n=value)
    if one.unit == "days":
        return _("%(n)s天", n=value)
    if one.unit == "percent":
        return f"{value}%"
    return _("是") if value else _("否")


def _draft(one: Draft, *, may: bool) -> DraftRow:
    layer, address = one.layer, _address()
    spec = SPECS.get(layer.name)
    own = layer.set_by == person().login
    return DraftRow(
        sentence=_(
            "%(scope)s从%(day)s起,%(name)s改成%(value)s。",
            scope=_scope(layer.scope),
            day=spoken_day(layer.effective_from.isoformat()),
            name=said(Text(spec.zh, spec.en)) if spec else layer.name,
            value=layer.value,
        ),
        source=layer.source,
        by=layer.set_by,
        withdraw_url=address("settings.withdraw", draft=one.id) if may else "",
        approve_url=address("settings.approve", draft=one.id) if may and not own else "",
    )


def _address() -> Callable[..., str]:
    return url_for


def _counted(listed: credit.Shown) -> Iterator[str]:
    for kind, count in listed.holding.items():
        yield _("%(kind)s%(n)s条。", kind=said(Text(*KINDS[kind])), n=count)
    if listed.repaired:
        yield _("已修复%(n)s条。", n=listed.repaired)
