"""Signing in and out, sessions, and who may see which page."""

import re

import pytest

from node.web.context import SignInBy
from node.web.door import Door
from tests.integration.node_web.site import (
    MINUTE,
    build,
    cookie,
    csrf_of,
    sign_in,
    token_in,
)


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
    assert "用户名或密码不对" in answer.text
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
