"""What the pages of both apps share: templates, styles, filters and the zh/en catalogues."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Flask, url_for

from ui import filters, forms, i18n, preferences, words
from ui.icons import icon
from ui.pages import Frame, Option

_STATIC = Path(__file__).with_name("static")


def _version(filename: str) -> str:
    return sha256((_STATIC / filename).read_bytes()).hexdigest()[:10]


def _asset(filename: str, known: dict[str, str]) -> str:
    """Address of a file of ours; it changes when the file does, so browsers may keep it."""
    if filename not in known:
        known[filename] = _version(filename)
    return url_for("ui.static", filename=filename, v=known[filename])


def register(app: Flask, *, frame: Callable[[], Frame]) -> None:
    """Give an app the shared templates, filters, words, languages and preferences.

    Args:
        app: Its own templates are found before ours; CSRF (``csrf_token``) is its own.
        frame: Says at each page what stands around it; called while a request is answered.
    """
    shared = Blueprint(
        "ui", __name__, static_folder="static", static_url_path="/ui", template_folder="templates"
    )
    app.register_blueprint(shared)
    app.register_blueprint(preferences.blueprint)
    app.before_request(preferences.begin)
    app.context_processor(lambda: {"frame": frame(), "preferences": preferences.mine()})
    _teach(app)


def _options(chosen: Iterable[str], table: str) -> list[Option]:
    return [Option(code, words.word(code, table)) for code in chosen]


def _teach(app: Flask) -> None:
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.trim_blocks = env.lstrip_blocks = True
    env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        i18n.gettext, i18n.ngettext, newstyle=True
    )
    env.filters.update(filters.FILTERS, word=words.word)
    known: dict[str, str] = {}
    env.globals.update(
        asset=lambda filename: _asset(filename, known),
        icon=icon,
        state_word=words.state_word,
        codes=words.codes,
        options=_options,
        field_id=forms.field_id,
        errors_at=forms.errors_at,
    )
