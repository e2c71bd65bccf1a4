"""Who may see what (domain model §5), as far as these pages exist: row by row."""

import io
from contextlib import closing

import pytest
import sqlalchemy as sa
from PIL import Image

from fixtures import builders, counters
from fixtures.world import BANK, TOWNSHIP, VILLAGE_A, VILLAGE_B, World
from hub.app import create_app
from hub.usecases import authorisations
from node import people as accounts
from node import photographs
from node.casefile import Wanted
from node.errors import NotAllowed, NotFound
from node.people import NewAccount
from node.tables import attachment
from station.usecases import intake, listing, people, photos, search, seeing
from tests.integration import hub_county as tools

ITEM = builders.sample_item("DEMO-SB-01")
PLACES = (TOWNSHIP, VILLAGE_A, VILLAGE_B, BANK)
PASSWORD = "cdfg-hjkm-npqr"


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.begin()
    for code in PLACES:
        more = {"partner": "bank"} if code == BANK else {}
        counters.furnish(made.add(code, **more))
    with closing(made):
        yield made


def take(world, code, seed=5):
    """A case of an invented person at a place, sent to everybody whom it concerns."""
    one, who = world.stations[code], builders.person(builders.seeded(seed))
    document = builders.case_document(who, ITEM)
    opened = intake.open_case(one.node, document, account=one.worker)
    return opened, who


def send(world):
    for _ in range(2):
        for code in PLACES:
            world.exchange(world.stations[code], world.hub)


# --- scope: own cases, the township its villages', nobody another station's


SCOPE = [
    (VILLAGE_A, {VILLAGE_A, TOWNSHIP}),
    (VILLAGE_B, {VILLAGE_B, TOWNSHIP}),
    (BANK, {BANK, TOWNSHIP}),
    (TOWNSHIP, {TOWNSHIP}),
]


@pytest.mark.req("R-HC-07")
@pytest.mark.parametrize(("at", "seen_by"), SCOPE)
def test_a_case_is_seen_where_it_was_taken_and_above(world, at, seen_by):
    take(world, at)
    send(world)
    found = {code for code in PLACES if listing.listing(world.stations[code].node, Wanted()).lines}
    assert found == seen_by


# --- a partner's outlet


@pytest.mark.req("R-HC-30d")
@pytest.mark.parametrize(("at", "by_name"), [(BANK, 0), (VILLAGE_A, 1)])
def test_an_outlet_finds_people_by_whole_numbers_only(world, at, by_name):
    opened, who = take(world, at)
    node = world.stations[at].node
    village = at == VILLAGE_A
    for text, whole in (
        (who.name, False),
        (who.name[:1], False),
        (who.id_no[:-1], False),
        (opened.temporary_number, True),
        (who.id_no, True),
    ):
        hits = [hit for hit in search.find(node, text) if isinstance(hit, search.CaseHit)]
        lines = listing.listing(node, Wanted(), text=text).lines
        assert len(hits) == len(lines)
        assert village or (text, len(hits)) == (text, int(whole))
    assert len(search.find(node, who.name)) == by_name
    offered = people.known(node, who.id_no)
    assert (offered is not None) is bool(by_name)


def photo_of(world, code, case):
    written = io.BytesIO()
    Image.effect_noise((64, 48), 50).save(written, "JPEG")
    one = world.stations[code]
    return photos.attach(one.node, case, 1, written.getvalue(), one.worker)


@pytest.mark.req("R-HC-30d")
@pytest.mark.parametrize(("at", "open_after"), [(BANK, False), (VILLAGE_A, True)])
def test_an_outlet_sees_its_photos_until_the_county_has_them(world, at, open_after):
    opened, _ = take(world, at)
    photo_of(world, at, opened.case)
    node = world.stations[at].node
    (before,) = photographs.list_photos(node, opened.case)
    assert before.here
    assert photographs.read(node, opened.case, before.attachment).image

    with node.database.write() as tx:
        tx.execute(sa.update(attachment).values(county=True))
    (after,) = photographs.list_photos(node, opened.case)
    assert after.here is open_after
    if open_after:
        assert photographs.read(node, opened.case, after.attachment).image
    else:
        with pytest.raises(NotFound):
            photographs.read(node, opened.case, after.attachment)


@pytest.mark.req("R-HC-30d")
@pytest.mark.parametrize(("at", "open_after"), [(BANK, False), (VILLAGE_A, True)])
def test_whole_numbers_at_an_outlet_end_with_the_countys_receipt(world, at, open_after):
    opened, who = take(world, at)
    one = world.stations[at]

    def unmasked():
        return seeing.unmasked(one.node, opened.case, purpose="核对", account=one.worker)

    assert unmasked().fields["id_no"].value == who.id_no
    send(world)
    if open_after:
        assert unmasked().fields["id_no"].value == who.id_no
    else:
        with pytest.raises(NotAllowed):
            unmasked()


# --- the county: who may open which page

MATRIX = [
    ("/cases", {"admin", "reconciler", "approver", "weather", "clerk"}),
    ("/conflicts", {"reconciler"}),
    ("/authorisations", {"admin", "reconciler", "approver", "weather", "clerk"}),
    ("POST /authorisations", {"admin"}),
    ("/cases/CASE", {"admin", "reconciler", "approver", "weather", "clerk"}),
    ("POST /cases/CASE/unmask", {"reconciler", "approver"}),
]


@pytest.fixture
def county(tmp_path_factory, tmp_path):
    with tools.copy(tmp_path_factory, tmp_path) as (county, places):
        with county.node.database.write() as tx:
            for login in ("admin", "reconciler", "approver"):
                accounts.set_password(tx, login, password=PASSWORD)
            for login, role, department in (
                ("weather", "approver", "气象局"),
                ("clerk", "clerk", ""),
            ):
                new = NewAccount(login, "李", role, "411526000000", department)
                accounts.add(tx, new, now=tools.NOW, password=PASSWORD)
        village = places[tools.VILLAGE]
        record = tools.receive(village)
        village.sync(county)
        yield county, county.case(record).id


def entered(county, login):
    client = create_app(county.node).test_client()
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"login": login, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=form).status_code == 303
    return client


@pytest.mark.enable_socket
@pytest.mark.parametrize("login", ["admin", "reconciler", "approver", "weather", "clerk"])
def test_each_role_opens_its_pages_at_the_county(county, login):
    hub, case = county
    client = entered(hub, login)
    for page, may in MATRIX:
        verb, _, path = page.rpartition(" ")
        address = path.replace("CASE", case)
        page_of = client.get("/cases").text
        token = page_of.split('name="csrf_token" value="')[1].split('"')[0]
        answer = (
            client.post(address, data={"csrf_token": token, "purpose": "核对电话"})
            if verb
            else client.get(address)
        )
        opened = answer.status_code in {200, 303, 422}
        assert (page, login, opened) == (page, login, login in may)


@pytest.mark.enable_socket
@pytest.mark.parametrize(("login", "whole"), [("admin", False), ("weather", False)])
def test_nobody_sees_whole_numbers_on_the_page_of_a_case(county, login, whole):
    hub, case = county
    page = entered(hub, login).get(f"/cases/{case}").text
    assert ("411599199006150024" in page) is whole
    assert ("13800000001" in page) is whole


@pytest.mark.enable_socket
@pytest.mark.req("R-NX-34")
def test_an_administrator_writes_a_letter_and_takes_it_back_on_the_page(county):
    hub, _ = county
    client = entered(hub, "admin")
    token = client.get("/authorisations").text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {
        "csrf_token": token,
        "to": "weather",
        "document_no": "气授〔2026〕1号",
        "powers": ["decide", "issue"],
        "last": "2027-06-30",
    }
    wrong = client.post("/authorisations", data=form | {"last": "soon"})
    assert wrong.status_code == 422
    assert "日期写成" in wrong.text
    assert client.post("/authorisations", data=form).status_code == 303
    (letter,) = authorisations.listed(hub.node, "weather")
    assert (letter.powers, letter.scope.last.isoformat()) == ({"decide", "issue"}, "2027-06-30")
    assert "气授〔2026〕1号" in client.get("/authorisations").text

    address = f"/authorisations/{letter.id}/revoke"
    assert client.post(address, data={"csrf_token": token}).status_code == 422
    assert client.post(address, data={"csrf_token": token, "reason": "调离"}).status_code == 303
    (letter,) = authorisations.listed(hub.node, "weather")
    assert letter.reason == "调离"
