"""The small API: lists by cursor, two acts done once, problems told to programs."""

import re

import pytest

from casework.facts import Act
from hub.app import create_app
from hub.web import openapi
from node import people
from node.people import NewAccount
from tests.integration import hub_county as tools
from tests.integration.hub_county import TOWNSHIP, VILLAGE, new_record, received

pytestmark = pytest.mark.enable_socket  # the app asks for its own host names
PASSWORD = "cdfg-hjkm-npqr"
PHONES = {VILLAGE: "13900000001", TOWNSHIP: "13900000002"}


@pytest.fixture
def county(world):
    county, _places = world
    with county.node.database.write() as tx:
        for login in ("reconciler", "approver"):
            people.set_password(tx, login, password=PASSWORD)
        stray = NewAccount("stray", "王代办", "helper", "411526000000")
        people.add(tx, stray, now=tools.NOW, password=PASSWORD)
    return county


@pytest.fixture
def record(county, world):
    _, places = world
    record = new_record()
    places[VILLAGE].write(record, Act("case.received", received(VILLAGE)))
    everybody(county, places)
    for code, phone in PHONES.items():
        places[code].write(record, Act("case.contact_corrected", {"phone": phone}))
    everybody(county, places)
    return record


def everybody(county, places):
    for _ in range(2):
        for place in places.values():
            place.sync(county)


@pytest.fixture
def app(county):
    return create_app(county.node)


class Program:
    """A program that has signed in and sends what the API asks for."""

    def __init__(self, app, login):
        self.client = app.test_client()
        page = self.client.get("/sign-in").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        form = {"login": login, "password": PASSWORD, "csrf_token": token}
        assert self.client.post("/sign-in", data=form).status_code == 303
        said = self.client.get("/api/v1/session")
        self.token = said.json["csrf_token"] if said.status_code == 200 else ""

    def get(self, path):
        return self.client.get(f"/api/v1{path}")

    def post(self, path, body, *, key="key-1", **headers):
        given = {"X-CSRFToken": self.token, "Idempotency-Key": key, **headers}
        sent = {name: value for name, value in given.items() if value}
        return self.client.post(f"/api/v1{path}", json=body, headers=sent)


@pytest.fixture
def reconciler(app, record):
    return Program(app, "reconciler")


@pytest.fixture
def check(reconciler):
    (one,) = reconciler.get("/conflicts?state=open").json["items"]
    return one


def answer(check, code=TOWNSHIP):
    side = next(side for side in check["fields"]["phone"] if side["station"] == code)
    return {"choose": {"phone": side["dot"]}, "reason": "问过本人"}


def settle(program, check, **options):
    options.setdefault("If-Match", f'"{check["version"]}"')
    body = options.pop("body", answer(check))
    return program.post(f"/conflicts/{check['id']}/resolution", body, **options)


def test_the_description_names_exactly_what_is_served(app):
    served = {
        (re.sub(r"<(\w+)>", r"{\1}", str(rule)), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if str(rule).startswith(openapi.PREFIX)
    }
    told = app.test_client().get("/api/v1/openapi.json").json
    described = {(path, method) for path, methods in told["paths"].items() for method in methods}

    assert told["openapi"] == "3.1.0"
    assert described == served


def test_a_difference_is_settled_once_however_often_it_is_sent(reconciler, check, county, record):
    first = settle(reconciler, check)
    again = settle(reconciler, check)

    assert (first.status_code, first.json["state"]) == (200, "resolved")
    assert again.data == first.data
    assert county.case(record).state.text("phone") == PHONES[TOWNSHIP]
    resolved = [h for h in county.case(record).helds if h.entry.operation.fact == "case.resolved"]
    assert len(resolved) == 1


def test_values_are_masked_for_programs_too(reconciler, check):
    assert {side["value"] for side in check["fields"]["phone"]} == {"139****0001", "139****0002"}
    case = reconciler.get(f"/cases/{check['case']}")
    assert not set(PHONES.values()) & set(re.findall(r"\d{11}", case.text))
    assert case.headers["ETag"]


def test_a_difference_is_settled_only_as_it_was_seen(reconciler, check, county, record):
    body = answer(check)
    statuses = {
        "no If-Match": settle(reconciler, check, **{"If-Match": ""}).status_code,
        "old": settle(reconciler, check, key="key-2", **{"If-Match": '"older"'}).status_code,
        "no key": settle(reconciler, check, key="").status_code,
        "no token": settle(reconciler, check, **{"X-CSRFToken": ""}).status_code,
        "no reason": settle(reconciler, check, key="key-3", body=body | {"reason": ""}).status_code,
        "no object": settle(reconciler, check, key="key-4", body=[1]).status_code,
    }

    assert statuses == {
        "no If-Match": 428,
        "old": 412,
        "no key": 400,
        "no token": 400,
        "no reason": 422,
        "no object": 422,
    }
    assert county.case(record).state.conflicts == ("phone",)


def test_a_key_is_not_used_for_two_bodies(reconciler, check):
    settle(reconciler, check)
    other = settle(reconciler, check, body=answer(check, VILLAGE))

    assert (other.status_code, other.json["type"]) == (422, "/problems/request_differs")


def test_an_act_is_done_once_and_a_refusal_keeps_no_key(app, county, record):
    approver = Program(app, "approver")
    case = county.case(record).id
    wrong = approver.post(f"/cases/{case}/acts/correct_contact", {"phone": "139"})
    fields = {"phone": "13900000005"}
    done = approver.post(f"/cases/{case}/acts/correct_contact", fields)
    again = approver.post(f"/cases/{case}/acts/correct_contact", fields)

    assert (wrong.status_code, wrong.mimetype) == (422, "application/problem+json")
    assert wrong.json["errors"][0]["pointer"] == "/phone"
    assert {"title", "detail", "status", "retryable", "who_can_fix", "trace"} <= set(wrong.json)
    assert (done.status_code, done.json["fact"]) == (200, "case.contact_corrected")
    assert again.data == done.data


def test_only_the_countys_people_are_served(app, county, record):
    stray, approver = Program(app, "stray"), Program(app, "approver")
    case = county.case(record).id

    assert stray.get("/cases").status_code == 403
    assert stray.post(f"/cases/{case}/acts/withdraw", {}).status_code in {400, 403}
    assert approver.get("/conflicts").status_code == 403
    assert approver.get("/cases/nothing").status_code == 404
    assert app.test_client().get("/api/v1/cases").status_code == 401


@pytest.mark.parametrize("path", ["/cases", "/conflicts", "/stations"])
def test_every_list_has_its_table(reconciler, path):
    document, table = reconciler.get(path), reconciler.get(f"{path}.csv")

    assert table.mimetype == "text/csv"
    rows = table.text.strip().splitlines()
    assert len(rows) == 1 + len(document.json["items"]) > 1


def test_lists_go_on_where_the_last_page_ended(reconciler, county, world):
    _, places = world
    for number in range(3):
        fields = received(VILLAGE, id_no=f"4115991990061500{number}X")
        places[VILLAGE].write(new_record(), Act("case.received", fields))
    places[VILLAGE].sync(county)
    seen, path = [], "/cases?limit=3"
    while path:
        answer = reconciler.get(path)
        seen += [one["case"] for one in answer.json["items"]]
        after = answer.json["next"]
        path = f"/cases?limit=3&after={after}" if after else ""

    assert len(seen) == len(set(seen)) == 4
    assert seen == sorted(seen, reverse=True)


def test_health_and_metrics_need_nobody_and_name_nobody(app, record):
    client = app.test_client()
    told = client.get("/metrics").text

    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    assert "bangban_operations_pending" in told
    assert not re.search(r"1[0-9]{10}|王|411599", told)
