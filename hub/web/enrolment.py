"""Enrolment over HTTP: JSON in, JSON out, no session; nothing of it proves anything by itself.

The documents are those of `node.enrolment`; wrong codes are counted by the address they come from.
"""

from collections.abc import Callable

import flask

from hub.usecases import enrolments
from node.enrolment import (
    MAX_BODY,
    PATH,
    REQUEST_BYTES,
    format_decision,
    format_offer,
    format_revealed,
    parse_asking,
    parse_revealing,
)
from node.errors import NotFound
from node.runtime import Node
from node.web.guard import machine
from sync.errors import LimitExceeded, Malformed


def blueprint(node: Callable[[], Node]) -> flask.Blueprint:
    """The endpoints of enrolment.

    Args:
        node: asked for each request, so that a hub may be unlocked later; raises `Locked`.
    """
    pages = flask.Blueprint("enrolment", __name__)

    @pages.post(PATH)
    @machine
    def ask() -> tuple[flask.Response, int]:
        document = _document()
        if isinstance(document, dict) and "code" in document:
            source = flask.request.remote_addr or ""
            offer = enrolments.begin(node(), parse_asking(document), source=source)
            return flask.jsonify(format_offer(offer)), 201
        revealed = enrolments.reveal(node(), parse_revealing(document))
        return flask.jsonify(format_revealed(revealed)), 200

    @pages.get(f"{PATH}/<request_id>")
    @machine
    def look(request_id: str) -> flask.Response:
        decision = enrolments.state(node(), _id(request_id))
        return flask.jsonify(format_decision(decision))

    return pages


def _document() -> object:
    if (flask.request.content_length or 0) > MAX_BODY:
        raise LimitExceeded("enrolment")
    found: object = flask.request.get_json(force=True, silent=True)
    if found is None:
        raise Malformed("document")
    return found


def _id(text: str) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raise NotFound("enrolment", text) from None
    if len(raw) != REQUEST_BYTES:
        raise NotFound("enrolment", text)
    return raw
