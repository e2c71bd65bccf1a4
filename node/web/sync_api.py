"""The exchange over HTTP: one blueprint for hub and relaying township (exchange.md §1, §5).

Nothing here decides anything: bytes in, signed bytes out. What cannot be answered with a signed
message is `application/problem+json`, which changes nothing at the child.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import flask
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from werkzeug.exceptions import RequestEntityTooLarge

from node import attachments, carrying, ledger, partial
from node.errors import NotFound
from node.outbox import queues
from node.parent import Parent
from node.partial import Piece
from node.problems import Language, new_number, problem_json, problem_of, record
from node.receiving import Rules
from node.runtime import Node
from node.web import guard
from sync.errors import Malformed, NewerVersion, Unauthentic
from sync.limits import DEFAULT

CBOR: Final = "application/cbor"
PROBLEM: Final = "application/problem+json"
_HASH_DIGITS: Final = 64
_RANGE: Final = re.compile(r"bytes (\d{1,7})-(\d{1,7})/(\d{1,7})", re.ASCII)
OFFSET: Final = "Upload-Offset"
"""Header of an answer to a piece: how much of the chunk is here."""
_STATUS: Final[Mapping[type[Exception], int]] = {NewerVersion: 426, Unauthentic: 409}
"""Statuses that the protocol names otherwise than the pages do (exchange.md §5, §7)."""


@dataclass(frozen=True, slots=True)
class SyncDoor:
    """What a node offers to its children.

    Attributes:
        answer: a request's bytes → the signed answer.
        put_chunk: blob, number, bytes → False when nothing here names the blob.
        put_piece: a piece of a chunk → bytes of it that are here; None as above.
        get_chunk: blob, number → bytes, or None.
        ready: raises when this node cannot serve now.
        gauges: what is counted for supervision; never personal.
    """

    answer: Callable[[bytes], bytes]
    put_chunk: Callable[[bytes, int, bytes], bool]
    put_piece: Callable[[Piece], int | None]
    get_chunk: Callable[[bytes, int], bytes | None]
    ready: Callable[[], None]
    gauges: Callable[[], Mapping[str, float]]


def door_of(node: Node, rules: Callable[[], Rules]) -> SyncDoor:
    """The door of an unlocked node.

    Args:
        node: the parent.
        rules: what it does about what it takes in, made anew for each request.
    """

    def answer(message: bytes) -> bytes:
        now = node.clock.now_ms()
        me = node.identity()
        return Parent(database=node.database, me=me, rules=rules(), now=now).answer(message)

    def put_chunk(name: bytes, chunk: int, data: bytes) -> bool:
        carrying.demand_room(node, name)
        with node.database.write() as tx:
            return attachments.put_chunk(tx, node.directory.blobs, name, chunk, data)

    def put_piece(piece: Piece) -> int | None:
        carrying.demand_room(node, piece.name)
        return partial.put(node.database, node.directory.blobs, piece)

    def get_chunk(name: bytes, chunk: int) -> bytes | None:
        with node.database.read() as tx:
            return attachments.get_chunk(tx, node.directory.blobs, name, chunk)

    def ready() -> None:
        with node.database.read() as tx:
            tx.exec_driver_sql("SELECT 1")

    return SyncDoor(answer, put_chunk, put_piece, get_chunk, ready, lambda: gauges_of(node))


def gauges_of(node: Node) -> dict[str, float]:
    """Count what supervision asks about a node."""
    me = node.identity()
    with node.database.read() as tx:
        waiting = queues(tx, me)
        written = ledger.own_head(tx, me)
        lacking = attachments.lacking(tx) if me.is_county else waiting.attachments
    return {
        "operations_written": written,
        "operations_pending": waiting.pending,
        "attachments_pending": lacking,
        "quarantined": waiting.quarantined,
    }


def blueprint(door: Callable[[], SyncDoor], *, relays: bool) -> flask.Blueprint:
    """The endpoints of a node; they take no form token, because their messages are signed.

    Args:
        door: asked for each request, so that a node may be unlocked later; raises `Locked`.
        relays: whether children are served; without, only health and metrics are.
    """
    endpoints = flask.Blueprint("sync_api", __name__)
    endpoints.register_error_handler(Exception, _problem)
    _add_health(endpoints, door)
    if relays:
        _add_exchange(endpoints, door)
    return endpoints


def _add_exchange(endpoints: flask.Blueprint, door: Callable[[], SyncDoor]) -> None:
    @endpoints.post("/sync/v1/exchange")
    @guard.machine
    def exchange() -> flask.Response:
        return flask.Response(door().answer(_body(DEFAULT.message)), mimetype=CBOR)

    @endpoints.put("/sync/v1/attachments/<name>/<int:chunk>")
    @guard.machine
    def put_chunk(name: str, chunk: int) -> flask.Response:
        data = _body(DEFAULT.attachment_chunk)
        if "Content-Range" in flask.request.headers:
            return _put_piece(door(), _piece(_hash(name), chunk, data))
        if not door().put_chunk(_hash(name), chunk, data):
            raise NotFound("attachment", name)
        return flask.Response(status=204)

    @endpoints.get("/sync/v1/attachments/<name>/<int:chunk>")
    @guard.machine
    def get_chunk(name: str, chunk: int) -> flask.Response:
        data = door().get_chunk(_hash(name), chunk)
        if data is None:
            raise NotFound("attachment", name)
        return flask.Response(data, mimetype="application/octet-stream")


def _piece(name: bytes, chunk: int, data: bytes) -> Piece:
    """Read where a piece belongs: `Content-Range: bytes 0-32767/262144`.

    Raises:
        Malformed: it does not say so, or the body is of another length.
    """
    found = _RANGE.fullmatch(flask.request.headers["Content-Range"])
    if found is None:
        raise Malformed("content range")
    first, last, total = map(int, found.groups())
    if last + 1 - first != len(data) or total > DEFAULT.attachment_chunk:
        raise Malformed("content range")
    return Piece(name, chunk, first, total, data)


def _put_piece(door: SyncDoor, piece: Piece) -> flask.Response:
    there = door.put_piece(piece)
    if there is None:
        raise NotFound("attachment", piece.name.hex())
    answer = flask.Response(status=204 if there == piece.total else 202)
    answer.headers[OFFSET] = str(there)
    return answer


def _add_health(endpoints: flask.Blueprint, door: Callable[[], SyncDoor]) -> None:
    @endpoints.get("/healthz")
    @guard.machine
    @guard.while_locked
    def healthz() -> flask.Response:
        return flask.jsonify(ok=True)

    @endpoints.get("/readyz")
    @guard.machine
    @guard.while_locked
    def readyz() -> flask.Response:
        door().ready()
        return flask.jsonify(ready=True)

    @endpoints.get("/metrics")
    @guard.machine
    @guard.while_locked
    def metrics() -> flask.Response:
        return flask.Response(_exposition(door().gauges()), mimetype="text/plain")


def _body(most: int) -> bytes:
    """Read the body, never more than allowed."""
    flask.request.max_content_length = most
    if (flask.request.content_length or 0) > most:
        raise RequestEntityTooLarge
    return flask.request.get_data(cache=False)


def _hash(name: str) -> bytes:
    try:
        raw = bytes.fromhex(name) if len(name) == _HASH_DIGITS else b""
    except ValueError:
        raw = b""
    if not raw:
        raise NotFound("attachment", name[:_HASH_DIGITS])
    return raw


def _exposition(gauges: Mapping[str, float]) -> bytes:
    registry = CollectorRegistry()
    for name, value in gauges.items():
        Gauge(f"bangban_{name}", name.replace("_", " "), registry=registry).set(value)
    return generate_latest(registry)


def _problem(error: Exception) -> flask.Response:
    number = record(error)
    best = flask.request.accept_languages.best_match(["zh", "en"], "zh")
    problem = problem_of(error, Language(best or "zh"), number=number)
    document = problem_json(problem, trace=number or new_number())
    status = _STATUS.get(type(error), problem.type.http_status)
    answer = flask.jsonify({**document, "status": status})
    answer.status_code = status
    answer.mimetype = PROBLEM
    if problem.retry_after:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer
