"""The locked door of an attended node."""

import pytest

from node.web.door import Door
from tests.integration.node_web.site import build, open_at, post, token_in


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
