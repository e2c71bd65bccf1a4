"""The gallery: every template of both apps with invented people, served for a browser.

The headers are those of the real apps, the strict content security policy first of all:
what it blocks here is blocked there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, abort, redirect, render_template
from flask_wtf import CSRFProtect
from werkzeug.serving import WSGIRequestHandler, make_server

import ui
from tests.browser import samples, samples_hub, samples_station

ROOT = Path(__file__).parents[2]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAPER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" '
    'fill="#e8e0cf"/><rect x="14" y="22" width="68" height="50" rx="5" fill="#fff"/>'
    '<path d="M22 36h34M22 46h46M22 56h28" stroke="#8a8372" stroke-width="4"/></svg>'
)
UNSIGNED = frozenset({"sign-in", "sign-in-wrong", "unlock"})
APPS = {
    "station": (samples_station.PAGES, samples.STATION_FRAME),
    "hub": (samples_hub.PAGES, samples.HUB_FRAME),
}


def create(name):
    """An app of the gallery: ``station`` or ``hub``."""
    pages, frame = APPS[name]
    app = Flask(f"gallery-{name}", template_folder=str(ROOT / name / "web/templates"))
    app.config.update(SECRET_KEY="gallery", WTF_CSRF_SSL_STRICT=False)
    app.static_folder = None
    CSRFProtect(app)
    now_shown = {"page": ""}
    ui.register(app, frame=lambda: _frame(frame, now_shown["page"]))

    @app.get("/page/<key>")
    def show(key):
        template, page = pages.get(key) or abort(404)
        now_shown["page"] = key
        return render_template(template, page=page)

    @app.get("/chip")
    def chip():
        return render_template("_link_chip.html", chip=samples.CHIP)

    @app.get("/paper.svg")
    def paper():
        return Response(PAPER, mimetype="image/svg+xml")

    @app.route("/post", methods=["GET", "POST"])
    def post():
        return redirect("/page/cases", 303)

    @app.after_request
    def guard(response):
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


def _frame(frame, key):
    return samples.LOCKED_FRAME if key in UNSIGNED else frame


class Silent(WSGIRequestHandler):
    """A handler that writes no line for each request."""

    def log_request(self, code="-", size="-"):
        """Write nothing."""


@contextmanager
def serving(name) -> Iterator[str]:
    """Serve an app of the gallery on a free port until the block ends; gives its address."""
    server = make_server("127.0.0.1", 0, create(name), threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
