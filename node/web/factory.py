"""Making the Flask app that both programs build on.

Order of a request: id and log → host → locked? → form token → signed in? → view → headers.
"""

from contextlib import ExitStack

from flask import Blueprint, Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from typing_extensions import override

import ui
from crypto.entropy import random_bytes
from node import logs
from node.errors import Locked, NotSignedIn
from node.web import context, errors, guard, headers, looks, sign_in
from node.web.context import Site
from node.web.door import Door
from ui import i18n, preferences
from ui.i18n import Locale

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_MAX_FORM_BYTES = 1024 * 1024
_MAX_FORM_PARTS = 2_000
_csrf = CSRFProtect()


class _FormCookie(SecureCookieSessionInterface):
    """The small signed cookie of the form token; it holds nothing else.

    Signed with a secret of the node, so that a page that was open over a restart still counts;
    with one of this process while the node is locked.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._adopted = False

    @override
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if not self._adopted and self._door.is_open:
            app.secret_key = self._door.node.keys.web_secret
            self._adopted = True
        return super().get_signing_serializer(app)

    @override
    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def make_app(import_name: str, site: Site) -> Flask:
    """A Flask app with sign-in, form tokens, headers, errors and the shared templates.

    Every view asks for a signed-in person unless `node.web.guard` marks it otherwise.

    Args:
        import_name: the app's package, where its own templates lie.
        site: what the shared pages need to know of it.
    """
    app = Flask(import_name, template_folder="web/templates", static_folder=None)
    app.config.from_mapping(_config(site))
    app.session_interface = _FormCookie(site.door)
    context.install(app, site)
    app.before_request(_begin)
    ui.register(app, frame=site.frame)
    app.register_blueprint(Blueprint("node", __name__, template_folder="templates"))
    app.register_blueprint(sign_in.blueprint)
    app.register_blueprint(looks.blueprint)
    _csrf.init_app(app)
    app.before_request(_speak)
    app.before_request(_check)
    app.after_request(_end)
    app.after_request(headers.harden)
    app.teardown_request(_leave)
    app.register_error_handler(Exception, errors.tell)
    return app


def _config(site: Site) -> dict[str, object]:
    return {
        "SECRET_KEY": random_bytes(32),
        "MAX_CONTENT_LENGTH": site.max_body_bytes,
        "MAX_FORM_MEMORY_SIZE": _MAX_FORM_BYTES,
        "MAX_FORM_PARTS": _MAX_FORM_PARTS,
        "TRUSTED_HOSTS": [*_LOOPBACK, *site.hosts],
        "SESSION_COOKIE_NAME": f"{site.cookie}_form",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
    }


def _begin() -> None:
    g.trace = random_bytes(8).hex()
    g.scope = ExitStack()
    g.scope.enter_context(logs.request(g.trace))


def _speak() -> None:
    """`?lang=en` in an address speaks English from here on, as the switch of the page does."""
    wanted = request.args.get("lang", "")
    if wanted in set(Locale):
        g.wished = f"lang={wanted}"
        g.preferences = preferences.mine().changed(g.wished)
        i18n.use(Locale(wanted))


def _check() -> None:
    """Locked, form token, signed in: in this order, so that a stranger learns the least."""
    endpoint, view = request.endpoint, context.view()
    if endpoint is None:
        return
    if not context.site().door.is_open and not guard.answers_while_locked(endpoint, view):
        raise Locked
    _allow_files(view)
    if not getattr(view, "machine", False):
        _csrf.protect()
    if not guard.is_public(endpoint, view) and context.visitor() is None:
        raise NotSignedIn


def _allow_files(view: object) -> None:
    """The form token is read from the body: who may send a large one is asked before."""
    most = getattr(view, "most_bytes", 0)
    if most and context.site().door.is_open and context.visitor() is not None:
        request.max_content_length = most


def _end(response: Response) -> Response:
    wished = g.get("wished")
    if wished:
        preferences.remember(response, wished)
    if not guard.is_file(request.endpoint or ""):
        logs.logger().info(
            "http.answered",
            method=request.method,
            route=str(request.url_rule),
            status=response.status_code,
        )
    return response


def _leave(_error: BaseException | None) -> None:
    scope = g.pop("scope", None)
    if scope is not None:
        scope.close()
