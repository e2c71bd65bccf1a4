"""The description of the API (OpenAPI 3.1), written from one table of routes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PREFIX: Final = "/api/v1"
_CSV, _JSON, _PROBLEM = "text/csv", "application/json", "application/problem+json"
Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation.

    Attributes:
        name: of the operation.
        query: parameters of the address.
        headers: that must be sent.
        body: schema of what is sent.
        answer: schema of what is answered; None: a table.
        refusals: problem statuses beside 401 and 403.
    """

    path: str
    name: str
    says: str
    method: str = "get"
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    body: Schema | None = None
    answer: Schema | None = None
    refusals: tuple[int, ...] = ()


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> Schema:
    return {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": _ref(name)},
            "next": {"type": ["string", "null"]},
        },
    }


_ANY: Final[Schema] = {"type": "object"}
_CASES: Final = ("q", "state", "station", "checking", "after", "limit")
_ONCE: Final = ("X-CSRFToken", "Idempotency-Key")
_ACTED: Final = (400, 404, 409, 422)

ROUTES: Final = (
    Route(path="/openapi.json", name="description", says="This description", answer=_ANY),
    Route(path="/session", name="session", says="Who is signed in; form token", answer=_ANY),
    Route(
        path="/cases", name="cases", says="Cases, newest first", query=_CASES, answer=_list("Case")
    ),
    Route(path="/cases.csv", name="cases_table", says="The same as a table", query=_CASES[:4]),
    Route(path="/cases/{case}", name="case", says="One case, masked", answer=_ANY, refusals=(404,)),
    Route(
        path="/cases/{case}/acts/{verb}",
        name="act",
        says="Do one act on a case; the fields are those of FIELDS.json",
        method="post",
        headers=_ONCE,
        body=_ANY,
        answer=_ref("Done"),
        refusals=_ACTED,
    ),
    Route(
        path="/conflicts",
        name="checks",
        says="Differences, oldest first, values masked",
        query=("state", "after", "limit"),
        answer=_list("Conflict"),
    ),
    Route(path="/conflicts.csv", name="checks_table", says="The same as a table", query=("state",)),
    Route(
        path="/conflicts/{check}",
        name="check",
        says="One difference; ETag is its version",
        answer=_ref("Conflict"),
        refusals=(404,),
    ),
    Route(
        path="/conflicts/{check}/resolution",
        name="resolution",
        says="Settle a difference that is still as it was seen",
        method="post",
        headers=(*_ONCE, "If-Match"),
        body=_ref("Resolution"),
        answer=_ref("Conflict"),
        refusals=(*_ACTED, 412, 428),
    ),
    Route(path="/stations", name="stations", says="Stations and devices", answer=_list("Station")),
    Route(path="/stations.csv", name="stations_table", says="The same as a table"),
)
"""Every route of the API; a test compares it with what the app serves."""


def _fields(**types: str) -> Schema:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in types.items()}}


_SCHEMAS: Final[Mapping[str, Schema]] = {
    "Case": _fields(
        case="string",
        temporary_number="string",
        official_number="string",
        item="string",
        state="string",
        station="string",
        transport="string",
    ),
    "Done": _fields(case="string", fact="string", state="string", dot="string"),
    "Conflict": _fields(
        id="string",
        rule="string",
        kind="string",
        case="string",
        cases="array",
        fields="object",
        state="string",
        opened_at="integer",
        version="string",
    ),
    "Resolution": {
        "type": "object",
        "required": ["reason"],
        "properties": {
            "choose": {"type": "object", "additionalProperties": {"type": "string"}},
            "set": {"type": "object"},
            "reason": {"type": "string"},
            "clause": {"type": "string"},
        },
    },
    "Station": _fields(station="string", name="string", kind="string", state="string"),
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "retryable", "who_can_fix", "trace"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "detail": {"type": "string"},
            "status": {"type": "integer"},
            "retryable": {"type": "boolean"},
            "who_can_fix": {"type": "string"},
            "trace": {"type": "string"},
            "errors": {
                "type": "array",
                "items": _fields(pointer="string", code="string", message="string"),
            },
        },
    },
}


def document(cookie: str) -> Schema:
    """The description as a document.

    Args:
        cookie: name of the session cookie.
    """
    paths: dict[str, dict[str, Schema]] = {}
    for route in ROUTES:
        paths.setdefault(f"{PREFIX}{route.path}", {})[route.method] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bangban county hub", "version": "1"},
        "security": [{"session": []}],
        "paths": paths,
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": cookie,
                    "description": "The session cookie of the pages (POST /sign-in).",
                }
            },
        },
    }


def _operation(route: Route) -> Schema:
    kind, schema = (_JSON, route.answer) if route.answer else (_CSV, {"type": "string"})
    told: dict[str, object] = {
        "operationId": route.name,
        "summary": route.says,
        "parameters": list(_parameters(route)),
        "responses": {
            "200": {"description": "OK", "content": {kind: {"schema": schema}}},
            **{str(status): _refusal() for status in (401, 403, *route.refusals)},
        },
    }
    if route.body is not None:
        told["requestBody"] = {"content": {_JSON: {"schema": route.body}}}
    return told


def _refusal() -> Schema:
    return {"description": "Refused", "content": {_PROBLEM: {"schema": _ref("Problem")}}}


def _parameters(route: Route) -> list[Schema]:
    named = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    places = (("path", named), ("query", route.query), ("header", route.headers))
    return [
        {"name": name, "in": place, "required": place != "query", "schema": {"type": "string"}}
        for place, names in places
        for name in names
    ]
