"""The shared pages against a real encrypted node: door, sign-in, form tokens, headers, errors."""

import re
from http.cookies import SimpleCookie

import pytest

from casework.errors import FieldProblem
from casework.places import Role
from crypto.keyring import Cost
from node import keys as node_keys
from node import people, rows
from node.clock import FixedClock
from node.config import DataDirectory
from node.db import Database
from node.errors import InvalidInput, TooManyTries
from node.opening import OpenNode
from node.people import NewAccount
from node.web import context
from node.web.context import SignInBy, Site
from node.web.door import Door
from node.web.factory import make_app
from node.web.guard import for_roles, machine, needs, poll, public, while_locked
from ui.pages import Frame

CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)
MINUTE = 60_000


def open_at(directory, passphrase):
    keys = node_keys.unlock(directory, passphrase)
    return OpenNode(directory, keys, Database.sqlite(directory.database, keys.database_key))


@pytest.fixture
def directory(tmp_path):
    found = DataDirectory(tmp_path / "village")
    keys = node_keys.create(found, "口令", cost=CHEAP)
    database = Database.sqlite(found.database, keys.database_key)
    with database.write() as tx:
        rows.metadata.create_all(tx)
    database.close()
    return found


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def node(directory):
    opened = open_at(directory, "口令")
    yield opened
    opened.close()


@pytest.fixture
def helper(node, clock):
    with node.database.write() as tx:
        new = NewAccount("wang", "王秀兰", Role.HELPER, "411526101201")
        return people.add(tx, new, now=clock.now)


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


@pytest.fixture
def app(node, clock):
    return build(Door.opened(node, clock), clock)


@pytest.fixture
def client(app):
    return app.test_client()


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


# --- signing in


def test_nobody_sees_a_page_without_signing_in(client):
    answer = client.get("/?a=1")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/?a%3D1")


def test_the_right_password_leads_where_the_person_wanted(client, helper):
    answer = sign_in(client, helper, more={"next": "/receive"})
    assert (answer.status_code, answer.location) == (303, "/receive")
    assert client.get("/").text == "home of 王秀兰"


@pytest.mark.parametrize("foreign", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(client, helper, foreign):
    assert sign_in(client, helper, more={"next": foreign}).location == "/"


def test_a_wrong_password_is_told_beside_the_field_and_the_login_is_kept(client, helper):
    answer = sign_in(client, helper, more={"password": "wrong"})
    assert answer.status_code == 401
    assert "用户名或口令不对" in answer.text
    assert 'value="wang"' in answer.text
    assert "wrong" not in re.sub(r'class="[^"]*"', "", answer.text)
    assert cookie(answer) is None


def test_too_many_wrong_passwords_say_how_long_to_wait(client, helper):
    for _ in range(5):
        sign_in(client, helper, more={"password": "wrong"})
    answer = sign_in(client, helper)
    assert answer.status_code == 429
    assert "30" in answer.text


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(client, app, helper):
    plain = cookie(sign_in(client, helper))
    assert plain["httponly"]
    assert plain["samesite"] == "Lax"
    assert not plain["secure"]
    assert not plain["max-age"]
    headers = {"Referer": "https://localhost/sign-in"}
    over_tls = sign_in(app.test_client(), helper, base_url="https://localhost", headers=headers)
    assert cookie(over_tls)["secure"]


def test_two_nodes_on_one_host_do_not_share_a_cookie(client, helper):
    names = [
        header.partition("=")[0] for header in sign_in(client, helper).headers.getlist("Set-Cookie")
    ]
    assert "bangban_t1" in names


def test_session_fixation_gains_nothing(client, app, helper):
    """A token that was in the browser before is not the one after, and is ended."""
    sign_in(client, helper)
    planted = client.get_cookie("bangban_t1").value
    victim = app.test_client()
    victim.set_cookie("bangban_t1", planted)
    token = token_in(app.test_client().get("/sign-in"))
    assert token
    answer = victim.get("/sign-in")
    assert answer.status_code == 303
    other = app.test_client()
    page = other.get("/sign-in")
    other.set_cookie("bangban_t1", planted)
    fields = {"csrf_token": token_in(page), "login": "wang", "password": helper.password}
    given = cookie(other.post("/sign-in", data=fields))
    assert given.value != planted
    assert victim.get("/").status_code == 303


def test_the_form_token_changes_at_sign_in(client, helper):
    before = token_in(client.get("/sign-in"))
    sign_in(client, helper)
    assert client.post("/write", data={"csrf_token": before}).status_code == 400


def test_signing_out_ends_the_session_on_the_server(client, app, helper):
    sign_in(client, helper)
    stolen = client.get_cookie("bangban_t1").value
    page = client.get("/break")
    answer = client.post("/sign-out", data={"csrf_token": csrf_of(client)})
    assert page.status_code == 500
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    thief = app.test_client()
    thief.set_cookie("bangban_t1", stolen)
    assert thief.get("/").status_code == 303


def csrf_of(client):
    """The form token of a signed-in page: the language switch of every page has one."""
    return token_in(client.get("/nowhere"))


def test_an_idle_session_ends_and_the_page_says_so(client, clock, helper):
    sign_in(client, helper)
    clock.advance(15 * MINUTE)
    assert client.get("/").status_code == 303
    assert "已经自动退出" in client.get("/sign-in").text


def test_polling_does_not_keep_a_session_alive(client, clock, helper):
    sign_in(client, helper)
    for _ in range(14):
        clock.advance(MINUTE)
        assert client.get("/chip").text == "chip"
    clock.advance(MINUTE)
    assert client.get("/chip").status_code == 303


def test_a_station_lets_people_choose_their_name(node, clock, helper):
    app = build(Door.opened(node, clock), clock, sign_in_by=SignInBy.CHOICE)
    page = app.test_client().get("/sign-in").text
    assert helper.account.name in page
    assert 'value="wang"' in page


# --- who may see what


@pytest.mark.parametrize(
    ("address", "status"),
    [("/receive", 200), ("/decide", 403), ("/administer", 403), ("/", 200), ("/nowhere", 404)],
)
def test_the_table_of_authority_decides(client, helper, address, status):
    sign_in(client, helper)
    assert client.get(address).status_code == status


def test_views_that_say_so_answer_everybody(client):
    assert client.get("/notice").text == "for everybody"
    assert client.get("/healthz").text == "ok"
    assert client.post("/sync/v1/exchange", data=b"\x80").text == "bytes"


# --- form tokens, hosts, headers


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_form_without_its_token_is_refused(client, helper, token):
    sign_in(client, helper)
    fields = {"name": "王<芳>"} | ({} if token is None else {"csrf_token": token})
    answer = client.post("/write", data=fields)
    assert answer.status_code == 400
    assert "written" not in answer.text


def test_a_form_with_its_token_is_taken(client, helper):
    sign_in(client, helper)
    answer = client.post("/write", data={"csrf_token": csrf_of(client)})
    assert answer.text == "written"


def test_an_expired_form_keeps_what_was_typed_and_can_be_sent_again(client, helper):
    sign_in(client, helper)
    fields = {"csrf_token": "old", "applicant.name": "王<芳>", "password": "geheim"}
    answer = client.post("/write", data=fields, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert "王&lt;芳&gt;" in answer.text
    assert "王<芳>" not in answer.text
    assert "geheim" not in answer.text
    assert 'action="/write"' in answer.text
    again = client.post("/write", data={"csrf_token": token_in(answer), "applicant.name": "王<芳>"})
    assert again.text == "written"


@pytest.mark.parametrize("origin", ["http://evil.example", ""])
def test_a_form_from_another_site_cannot_be_sent_again(client, helper, origin):
    sign_in(client, helper)
    answer = client.post("/write", data={"name": "x"}, headers={"Origin": origin})
    assert answer.status_code == 400
    assert 'action="/write"' not in answer.text


@pytest.mark.parametrize(
    "address", ["/sign-in", "/nowhere", "/healthz", "/api/v1/home", "/ui/bangban.css"]
)
def test_every_answer_carries_the_security_headers(client, address):
    with client.get(address) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_and_versioned_files_are(client):
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
    with client.get("/ui/bangban.css?v=1") as file:
        assert "immutable" in file.headers["Cache-Control"]
    with client.get("/ui/bangban.css") as file:
        assert file.headers["Cache-Control"] == "no-cache"


def test_a_page_names_no_other_origin(client):
    page = client.get("/sign-in").text
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_another_host_name_is_refused(client, node, clock):
    assert client.get("/sign-in", base_url="http://evil.example").status_code == 400
    assert client.get("/sign-in", base_url="http://127.0.0.1:8500").status_code == 200
    own = build(Door.opened(node, clock), clock, hosts=("192.168.1.7",)).test_client()
    assert own.get("/sign-in", base_url="https://192.168.1.7:8500").status_code == 200


def test_a_body_that_is_too_large_is_refused(node, clock):
    client = build(Door.opened(node, clock), clock, max_body_bytes=1000).test_client()
    answer = client.post("/sign-in", data={"login": "x" * 2000})
    assert answer.status_code == 413


# --- errors


def test_a_page_that_breaks_tells_a_number_and_no_secret(client, helper):
    sign_in(client, helper)
    answer = client.get("/break")
    assert answer.status_code == 500
    assert "这一步出了毛病" in answer.text
    assert re.search(r"错误编号 [2-9A-Z]{5}", answer.text)
    assert "411599" not in answer.text
    assert "Traceback" not in answer.text


def test_a_form_that_breaks_gives_back_what_was_typed(client, helper):
    sign_in(client, helper)
    answer = client.post("/break", data={"csrf_token": csrf_of(client), "phone": "13800001234"})
    assert answer.status_code == 500
    assert "13800001234" in answer.text


def test_field_problems_are_listed(client, helper):
    sign_in(client, helper)
    answer = client.post("/refuse", data={"csrf_token": csrf_of(client)})
    assert answer.status_code == 422
    assert "身份证号少1位。" in answer.text


def test_programs_get_problem_json(client, helper):
    sign_in(client, helper)
    answer = client.get("/api/v1/refuse?lang=en")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body["type"] == "/problems/invalid"
    assert body["errors"] == [
        {"pointer": "/applicant/id_no", "code": "too_short", "message": "One digit is missing."}
    ]
    assert {"title", "detail", "status", "who_can_fix", "retryable", "trace"} <= set(body)


def test_programs_are_not_led_to_a_sign_in_page(client):
    answer = client.get("/api/v1/home")
    assert (answer.status_code, answer.json["type"]) == (401, "/problems/not_signed_in")
    assert client.get("/api/v1/nowhere").json["type"] == "/problems/not_found"


def test_a_wait_is_told_in_the_header(client, helper):
    sign_in(client, helper)
    answer = client.get("/api/v1/wait")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_every_request_has_an_id_of_its_own(client):
    traces = {client.get("/api/v1/home").json["trace"] for _ in range(3)}
    assert len(traces) == 3


def test_a_page_that_tells_errors_never_fails_itself(node, clock):
    def broken():
        raise KeyError("frame")

    site = Site(
        name="t1", door=Door.opened(node, clock), clock=clock, place_kind=lambda: "village",
        frame=broken, home="home",
    )  # fmt: skip
    app = make_app("node.web", site)
    app.add_url_rule("/", "home", home)
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


# --- language


def test_chinese_is_spoken_unless_english_is_asked_for(client):
    assert '<html lang="zh-CN"' in client.get("/sign-in").text
    assert '<html lang="en"' in client.get("/sign-in?lang=en").text
    assert '<html lang="en"' in client.get("/sign-in").text
    assert client.get("/api/v1/home").json["title"] == "Sign in first."
    client.get("/sign-in?lang=zh")
    assert '<html lang="zh-CN"' in client.get("/sign-in?lang=xx").text
    assert client.get("/api/v1/home").json["title"] == "要先登录。"


# --- the locked door


@pytest.fixture
def locked(directory, clock):
    opened = []

    def open_with(passphrase):
        opened.append(open_at(directory, passphrase))
        return opened[-1]

    yield build(Door(open_with, clock), clock, spooled=lambda: 3).test_client()
    for node in opened:
        node.close()


def test_a_locked_node_shows_the_unlock_page_only(locked):
    assert locked.get("/").location == "/unlock"
    assert locked.get("/sign-in").location == "/unlock"
    assert locked.get("/notice").location == "/unlock"
    assert locked.get("/healthz").text == "ok"
    with locked.get("/ui/bangban.css") as file:
        assert file.status_code == 200
    assert locked.get("/api/v1/home").json["type"] == "/problems/locked"
    page = locked.get("/unlock")
    assert page.status_code == 200
    assert "3" in page.text


def test_the_passphrase_opens_the_door_for_everybody(locked):
    answer = post(locked, "/unlock", {"passphrase": "口令"}, source="/unlock")
    assert (answer.status_code, answer.location) == (303, "/")
    assert locked.get("/").location.startswith("/sign-in")
    assert locked.get("/unlock").location == "/"


def test_a_wrong_passphrase_is_told_and_soon_not_even_tried(locked, clock):
    for _ in range(5):
        answer = post(locked, "/unlock", {"passphrase": "x"}, source="/unlock")
        assert answer.status_code == 401
        assert "口令不对" in answer.text
    assert post(locked, "/unlock", {"passphrase": "口令"}, source="/unlock").status_code == 429
    clock.advance(30_000)
    assert post(locked, "/unlock", {"passphrase": "口令"}, source="/unlock").status_code == 303


def test_unlocking_needs_a_form_token_too(locked):
    assert locked.post("/unlock", data={"passphrase": "口令"}).status_code == 400
    assert locked.get("/").location == "/unlock"


def test_a_page_that_was_open_over_a_restart_still_counts(directory, clock):
    """The form token is signed with a secret of the node, not of the process."""
    first = open_at(directory, "口令")
    client = build(Door.opened(first, clock), clock).test_client()
    token = token_in(client.get("/sign-in"))
    kept = client.get_cookie("bangban_t1_form").value
    first.close()
    second = open_at(directory, "口令")
    after = build(Door.opened(second, clock), clock).test_client()
    after.set_cookie("bangban_t1_form", kept)
    fields = {"csrf_token": token, "login": "x", "password": "y"}
    assert after.post("/sign-in", data=fields).status_code == 401
    second.close()
