"""Language, letter size and short cuts: kept in one cookie, changed without script.

A page that holds a half-filled form lets its own form carry the switch (``preference=size=big``):
the
view keeps the draft and answers with ``remember``. Every other page posts to ``/preferences``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from ui import i18n
from ui.i18n import Locale

COOKIE = "bangban_view"
FORM_FIELD = "preference"
# Browsers drop tabs and read \ as /: either would turn a path into another host.
_LOCAL = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f]*")
_YEAR_SECONDS = 365 * 24 * 3600


class Size(StrEnum):
    """How large the letters are; ``BIG`` is 大字."""

    NORMAL = "normal"
    BIG = "big"


class Keys(StrEnum):
    """Whether the short cuts answer."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Preferences:
    """How one person wants the pages."""

    lang: Locale = Locale.ZH
    size: Size = Size.NORMAL
    keys: Keys = Keys.ON

    def changed(self, wish: str) -> "Preferences":
        """With a wish such as ``size=big`` granted; a wish nobody understands changes nothing."""
        grant = _WISHES.get(wish)
        return grant(self) if grant else self

    @property
    def text(self) -> str:
        """As the cookie keeps it."""
        return f"lang={self.lang}&size={self.size}&keys={self.keys}"


_WISHES: Mapping[str, Callable[[Preferences], Preferences]] = {
    "lang=zh": lambda old: replace(old, lang=Locale.ZH),
    "lang=en": lambda old: replace(old, lang=Locale.EN),
    "size=normal": lambda old: replace(old, size=Size.NORMAL),
    "size=big": lambda old: replace(old, size=Size.BIG),
    "keys=on": lambda old: replace(old, keys=Keys.ON),
    "keys=off": lambda old: replace(old, keys=Keys.OFF),
}
blueprint = Blueprint("preferences", __name__)


def parse(cookie: str) -> Preferences:
    """Read the cookie; whatever it cannot mean is left at its default."""
    found = Preferences()
    for wish in cookie.split("&"):
        found = found.changed(wish)
    return found


def begin() -> None:
    """Before each request: read the cookie and speak its language."""
    g.preferences = parse(request.cookies.get(COOKIE, ""))
    i18n.use(g.preferences.lang)


def mine() -> Preferences:
    """The preferences of the person who is being answered; the defaults where nothing was read."""
    found: Preferences = g.get("preferences", Preferences())
    return found


def asked() -> str | None:
    """The switch that was pressed inside a page's own form, or ``None``."""
    return request.form.get(FORM_FIELD)


def remember(response: BaseResponse, wish: str) -> BaseResponse:
    """Grant a wish in the cookie of this answer."""
    wanted = mine().changed(wish)
    response.set_cookie(
        COOKIE,
        wanted.text,
        max_age=_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def here(address: str) -> str:
    """The address when it lies in this app, else the home page: no one is sent elsewhere."""
    return address if _LOCAL.fullmatch(address) else "/"


@blueprint.post("/preferences")
def change() -> BaseResponse:
    """Grant a wish and go back to the page it was made on."""
    back = redirect(here(request.form.get("next", "/")), 303)
    return remember(back, request.form.get(FORM_FIELD, ""))
