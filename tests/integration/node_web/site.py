"""A small site on the shared pages, and how a browser uses it."""

import re
from http.cookies import SimpleCookie

from casework.errors import FieldProblem
from casework.places import Role
from crypto.keyring import Cost
from node import keys as node_keys
from node.db import Database
from node.errors import InvalidInput, TooManyTries
from node.opening import OpenNode
from node.web import context
from node.web.context import Site
from node.web.factory import make_app
from node.web.guard import for_roles, machine, needs, poll, public, while_locked
from ui.pages import Frame

CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)
MINUTE = 60_000


def open_at(directory, passphrase):
    keys = node_keys.unlock(directory, passphrase)
    return OpenNode(directory, keys, Database.sqlite(directory.database, keys.database_key))


def frame():
    return Frame(place="幸福村便民服务站", county="潢川县", home_url="/", now=1_795_227_000_000)


def build(door, clock, **changes):
    site = Site(
        name="t1",
        door=door,
        clock=clock,
        place_kind=lambda: "village",
        frame=frame,
        home="home",
        **changes,
    )
    app = make_app("node.web", site)
    for rule, view, methods in VIEWS:
        app.add_url_rule(rule, view.__name__, view, methods=methods)
    return app


def home():
    return f"home of {context.person().name}"


def write():
    return "written"


def break_down():
    raise ZeroDivisionError("411599199001011234")


def refuse():
    raise InvalidInput(
        [FieldProblem("/applicant/id_no", "too_short", "身份证号少1位。", "One digit is missing.")]
    )


def wait():
    raise TooManyTries(60)


@needs("case.received")
def receive():
    return "may receive"


@needs("case.decided")
def decide():
    return "may decide"


@for_roles(Role.ADMINISTRATOR)
def administer():
    return "may administer"


@poll
def chip():
    return "chip"


@public
def notice():
    return "for everybody"


@machine
def exchange():
    return "bytes"


@while_locked
def healthz():
    return "ok"


VIEWS = [
    ("/", home, ["GET"]),
    ("/write", write, ["POST"]),
    ("/break", break_down, ["GET", "POST"]),
    ("/api/v1/break", break_down, ["GET"]),
    ("/refuse", refuse, ["POST"]),
    ("/api/v1/refuse", refuse, ["GET"]),
    ("/api/v1/wait", wait, ["GET"]),
    ("/api/v1/home", home, ["GET"]),
    ("/receive", receive, ["GET"]),
    ("/decide", decide, ["GET"]),
    ("/administer", administer, ["GET"]),
    ("/chip", chip, ["GET"]),
    ("/notice", notice, ["GET"]),
    ("/sync/v1/exchange", exchange, ["POST"]),
    ("/healthz", healthz, ["GET"]),
]


def token_in(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)


def post(client, address, fields, *, source="/sign-in", **options):
    token = token_in(client.get(source, base_url=options.get("base_url")))
    return client.post(address, data={"csrf_token": token, **fields}, **options)


def sign_in(client, helper, **options):
    fields = {"login": "wang", "password": helper.password, **options.pop("more", {})}
    return post(client, "/sign-in", fields, **options)


def cookie(answer, name="bangban_t1"):
    for header in answer.headers.getlist("Set-Cookie"):
        found = SimpleCookie(header).get(name)
        if found is not None:
            return found
    return None


def csrf_of(client):
    """The form token of a signed-in page: the language switch of every page has one."""
    return token_in(client.get("/nowhere"))
