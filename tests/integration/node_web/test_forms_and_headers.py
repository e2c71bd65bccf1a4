"""Form tokens, host names, sizes, security headers."""

import re

import pytest

from node.web.door import Door
from tests.integration.node_web.site import build, csrf_of, sign_in, token_in


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
