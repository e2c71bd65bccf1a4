"""The small API for programs of the county: the lists of the pages, and two acts.

Signed in by the same session cookie as the pages (no tokens of another kind exist). What changes
something carries the form token of the session in `X-CSRFToken` and an `Idempotency-Key`; settling
a difference also carries `If-Match`. Personal values are masked as on the pages. The routes are
told by the table in `hub.web.openapi`.
"""

from collections.abc import Callable, Mapping
from typing import Final, cast

from flask import Blueprint, Response, jsonify, request, url_for
from flask_wtf.csrf import generate_csrf

from casework.errors import FieldProblem
from casework.places import Role
from hub.usecases import casebook, check_json, conflicts, once
from hub.usecases.conflicts import Conflict
from hub.usecases.projections import CheckState
from hub.usecases.reconcile import Answer
from hub.web import case_list, conflict_list, openapi, station_list
from hub.web.context import desk, node, person
from hub.web.frame import OFFICE
from node import acting, casefile, idempotency
from node.acting import Done
from node.case_json import file_document, line_document
from node.casefile import Sight
from node.errors import InvalidInput, PreconditionMissing
from node.idempotency import Claim
from node.web import context, csv_twin
from node.web.guard import for_roles, needs, public

blueprint = Blueprint("api", __name__, url_prefix=openapi.PREFIX)

_MOST: Final = 500
_FEW: Final = 50
Document = dict[str, object]


@blueprint.get("/openapi.json")
@public
def description() -> Response:
    """What this API offers."""
    return jsonify(openapi.document(context.site().cookie))


@blueprint.get("/session")
@for_roles(*OFFICE)
def session() -> Response:
    """Who is signed in, and the form token for what changes something."""
    account = person()
    return jsonify(login=account.login, role=account.role.value, csrf_token=generate_csrf())


# -- cases -------------------------------------------------------------------------------------


@blueprint.get("/cases")
@for_roles(*OFFICE)
def cases() -> Response:
    """Cases, the newest first."""
    found = casebook.listing(node(), case_list.asked_of(request.args, limit=_limit()))
    after = case_list.cursor(found.next) if found.next else None
    return _page([line_document(line) for line in found.lines], after, "api.cases")


@blueprint.get("/cases.csv")
@for_roles(*OFFICE)
def cases_table() -> Response:
    """The same as a table, all pages."""
    asked = case_list.asked_of(request.args, limit=casebook.MOST)
    rows = map(case_list.csv_row, case_list.every(asked))
    return csv_twin.answer("cases", case_list.CSV_HEADER, rows)


@blueprint.get("/cases/<case>")
@for_roles(*OFFICE)
def case(case: str) -> Response:
    """One case, masked, with its newest operation as ETag."""
    hub = node()
    with hub.database.read() as tx:
        record = acting.find_case(tx, case)
        found = casefile.show(tx, hub.identity_in(tx), record, sight=Sight.MASKED)
    return _tagged(jsonify(file_document(found)), acting.newest(found.record))


@blueprint.post("/cases/<case>/acts/<verb>")
@for_roles(Role.CLERK, Role.APPROVER, Role.RECONCILER)
def act(case: str, verb: str) -> Response:
    """Do one act."""
    fields = _object()
    answer = once.act(node(), _claim(), case, verb, fields=fields, account=person(), told=_done)
    return Response(answer.body, answer.status, mimetype="application/json")


def _done(done: Done) -> bytes:
    return jsonify(case=done.case, fact=done.fact, state=done.state, dot=done.dot).get_data()


# -- differences -------------------------------------------------------------------------------


@blueprint.get("/conflicts")
@needs("case.resolved")
def checks() -> Response:
    """Differences, the oldest first; `state=open` leaves out the settled ones."""
    only = request.args.get("state", "") == CheckState.OPEN.value
    found = conflicts.list_conflicts(node(), open_only=only)
    ids = [one.id for one in found]
    after = request.args.get("after", "")
    start = ids.index(after) + 1 if after in ids else 0
    shown = found[start : start + _limit()]
    more = shown[-1].id if start + len(shown) < len(found) else None
    return _page([_check_document(one) for one in shown], more, "api.checks")


@blueprint.get("/conflicts.csv")
@needs("case.resolved")
def checks_table() -> Response:
    """The same as a table; the values in question are left out."""
    rows = map(conflict_list.csv_row, conflict_list.every({"tab": request.args.get("state", "")}))
    return csv_twin.answer("conflicts", conflict_list.CSV_HEADER, rows)


@blueprint.get("/conflicts/<check>")
@needs("case.resolved")
def check(check: str) -> Response:
    """One difference; its version is the ETag to settle it with."""
    found = conflicts.show(node(), check)
    return _tagged(jsonify(_check_document(found)), found.version)


@blueprint.post("/conflicts/<check>/resolution")
@needs("case.resolved")
def resolution(check: str) -> Response:
    """Settle a difference that is still as it was seen."""
    if not request.if_match.as_set(include_weak=True):
        raise PreconditionMissing
    body = _object()
    answer = Answer(
        choose=cast("Mapping[str, str]", _part(body, "choose")),
        set_values=_part(body, "set"),
        reason=_text(body, "reason"),
        clause=_text(body, "clause"),
        seen=next(iter(request.if_match.as_set(include_weak=True))),
    )
    kept = once.resolve(
        node(),
        _claim(),
        check,
        answer,
        account=person(),
        told=lambda found: jsonify(_check_document(found)).get_data(),
    )
    return Response(kept.body, kept.status, mimetype="application/json")


def _check_document(one: Conflict) -> Document:
    """A difference as programs read it; values are masked."""
    return {
        **check_json.check_document(one),
        "reason": one.settled.reason if one.settled else None,
        "undo_until": one.settled.undo_until if one.settled else None,
    }


# -- stations ----------------------------------------------------------------------------------


@blueprint.get("/stations")
@for_roles(*OFFICE)
def stations() -> Response:
    """Stations and their devices, those in trouble first."""
    rows = station_list.rows(desk(node()), person())
    header = station_list.CSV_HEADER
    return jsonify(
        items=[dict(zip(header, station_list.csv_row(row), strict=True)) for row in rows],
        next=None,
    )


@blueprint.get("/stations.csv")
@for_roles(*OFFICE)
def stations_table() -> Response:
    """The same as a table."""
    rows = map(station_list.csv_row, station_list.rows(desk(node()), person()))
    return csv_twin.answer("stations", station_list.CSV_HEADER, rows)


# -- requests and answers ----------------------------------------------------------------------


def _limit() -> int:
    asked = request.args.get("limit", "")
    given = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else _FEW  # noqa: PLR2004  # digits
    return max(1, min(given, _MOST))


def _page(items: list[Document], after: str | None, endpoint: str) -> Response:
    """A page of a list; `next` is the cursor, the link says it again (RFC 8288)."""
    response = jsonify(items=items, next=after)
    if after:
        kept = {name: value for name, value in request.args.items() if name != "after"}
        address: Callable[..., str] = url_for
        response.headers["Link"] = f'<{address(endpoint, **kept, after=after)}>; rel="next"'
    return response


def _tagged(response: Response, version: str) -> Response:
    response.set_etag(version)
    return response


def _claim() -> Claim:
    key = request.headers.get("Idempotency-Key")
    route = f"{request.method} {request.path}"
    return idempotency.claim(person().id, key, route=route, body=request.get_data())


def _object() -> Document:
    body: object = request.get_json(force=True, silent=True) if request.get_data() else {}
    if not isinstance(body, dict):
        raise _wrong("", "要一个 JSON 对象。", "A JSON object is needed.")
    return body


def _part(body: Document, name: str) -> Mapping[str, object]:
    found = body.get(name, {})
    if not isinstance(found, dict):
        raise _wrong(f"/{name}", "要一个 JSON 对象。", "A JSON object is needed.")
    if name == "choose" and not all(isinstance(value, str) for value in found.values()):
        raise _wrong(f"/{name}", "每一项写 设备:序号。", "Each is REPLICA:SEQ.")
    return found


def _text(body: Document, name: str) -> str:
    found = body.get(name, "")
    if not isinstance(found, str):
        raise _wrong(f"/{name}", "要写文字。", "Text is needed.")
    return found


def _wrong(pointer: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput([FieldProblem(pointer, "type", zh, en)])
