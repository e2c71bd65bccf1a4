"""How errors are told to people and to programs, and in which language."""

import re

from node.web.context import Site
from node.web.door import Door
from node.web.factory import make_app
from tests.integration.node_web.site import csrf_of, home, sign_in


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


def test_chinese_is_spoken_unless_english_is_asked_for(client):
    assert '<html lang="zh-CN"' in client.get("/sign-in").text
    assert '<html lang="en"' in client.get("/sign-in?lang=en").text
    assert '<html lang="en"' in client.get("/sign-in").text
    assert client.get("/api/v1/home").json["title"] == "Sign in first."
    client.get("/sign-in?lang=zh")
    assert '<html lang="zh-CN"' in client.get("/sign-in?lang=xx").text
    assert client.get("/api/v1/home").json["title"] == "要先登录。"
