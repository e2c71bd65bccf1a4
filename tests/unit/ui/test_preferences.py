"""Language, size and short cuts: one cookie, no script, nobody sent elsewhere."""

import pytest
from flask import Flask, redirect

import ui
from ui import preferences
from ui.i18n import Locale
from ui.pages import Frame
from ui.preferences import Keys, Preferences, Size


@pytest.fixture
def client():
    app = Flask("preferences")
    app.config.update(SECRET_KEY="test")
    ui.register(app, frame=lambda: Frame("幸福村", "潢川县", "/", 0))

    @app.post("/draft")
    def draft():
        wish = preferences.asked()
        return preferences.remember(redirect("/draft", 303), wish) if wish else ("kept", 200)

    @app.get("/")
    def home():
        mine = preferences.mine()
        return f"{mine.lang} {mine.size} {mine.keys}"

    return app.test_client()


def test_the_defaults():
    assert preferences.parse("") == Preferences(Locale.ZH, Size.NORMAL, Keys.ON)


@pytest.mark.parametrize("wish", ["lang=en", "size=big", "keys=off"])
def test_a_wish_is_kept_in_the_cookie(wish):
    wanted = Preferences().changed(wish)
    assert wanted != Preferences()
    assert preferences.parse(wanted.text) == wanted


@pytest.mark.parametrize("wish", ["", "lang=fr", "size", "size=big&lang=en&", "evil=<script>", "="])
def test_a_wish_nobody_understands_changes_nothing(wish):
    assert Preferences().changed(wish) == Preferences()


def test_a_switch_comes_back_to_the_same_page(client):
    answer = client.post("/preferences", data={"preference": "size=big", "next": "/cases?q=1"})
    assert (answer.status_code, answer.location) == (303, "/cases?q=1")
    assert client.get("/").text == "zh big on"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "\\/example.org",
        "javascript:alert(1)",
        "relative",
        "",
        "/\texample",
        "http:example.org",
        "//[bad",
    ],
)
def test_nobody_is_sent_elsewhere(client, address):
    answer = client.post("/preferences", data={"preference": "lang=en", "next": address})
    assert answer.location == "/"


def test_a_forms_own_switch_grants_the_wish_and_asks_nothing_else(client):
    answer = client.post("/draft", data={"preference": "lang=en", "applicant.name": "王芳"})
    assert answer.location == "/draft"
    assert client.get("/").text == "en normal on"
    assert client.post("/draft", data={}).text == "kept"


def test_the_cookie_is_out_of_scripts_reach(client):
    answer = client.post("/preferences", data={"preference": "lang=en", "next": "/"})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
