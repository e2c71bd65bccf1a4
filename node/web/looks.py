"""What somebody looks for: kept here, so that no name and no ID number stands in an address.

The search form posts the words; the page that answers has only an opaque key in its address. The
words live in this process's memory, for the person who typed them, and go with it.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from crypto.entropy import random_bytes
from node.web import context
from ui.preferences import here

blueprint = Blueprint("looks", __name__)
FIELD: Final = "look"
_KEPT: Final = 500
_MOST_SIGNS: Final = 200
_kept: "OrderedDict[str, tuple[str, str]]" = OrderedDict()
_turn: Final = Lock()


@blueprint.post("/look")
def look() -> Response:
    """Keep the words and lead to the page that answers."""
    text = request.form.get("q", "").strip()[:_MOST_SIGNS]
    target = here(request.form.get("to", "/"))
    return redirect(f"{target}?{FIELD}={_keep(text)}" if text else target, 303)


def asked_text(args: Mapping[str, str]) -> str:
    """The words behind the key in an address; empty when they are gone or somebody else's."""
    with _turn:
        who, text = _kept.get(args.get(FIELD, ""), ("", ""))
    return text if who == context.person().login else args.get("q", "").strip()


def _keep(text: str) -> str:
    key = random_bytes(9).hex()
    with _turn:
        _kept[key] = (context.person().login, text)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return key
