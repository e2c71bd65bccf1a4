"""Letters of authorisation and agreements at a real hub, and what stations make of them."""

import json

import pytest

from casework import acts
from casework.authorisations import Power, person
from casework.errors import ActRefused
from casework.facts import Act
from casework.places import Mode
from hub.cli import PROGRAM
from hub.usecases import authorisations, stations, supervising
from hub.usecases.authorisation_records import AGREEMENT
from hub.usecases.authorisations import NewLetter
from node import acting, people, powers, publication, reckoning
from node.command import run
from node.errors import InvalidInput, NotFound
from node.people import NewAccount
from tests.integration import hub_county as tools
from tests.integration.hub_county import OTHER, OUTLET, TOWNSHIP, VILLAGE, new_record, receive

PAPERS = {
    f"material.{no}": {"no": no, "form": "original", "copies": 1, "original_seen": True}
    for no in range(1, 6)
}
YL, SB = "DEMO-YL-01", "DEMO-SB-01"
DAY = 86_400_000


def admin(county):
    return county.account("administrator")


def letters(county, to):
    return authorisations.listed(county.node, to)


def mode(station, code):
    """In which mode a station offers an item, by what has reached it."""
    with station.database.read() as tx:
        me = station.me
        found = publication.current(tx, me)
        item = next(i for i in _items(found) if i.code == code)
        return powers.powers(tx, me, station.clock.now_ms()).mode(item)


def _items(found):
    return reckoning.catalogue(found).items.values()


def version(county):
    with county.node.database.read() as tx:
        return county.node.published(tx).version


@pytest.mark.req("R-HC-30a", "R-ZH-21a")
def test_a_registered_place_has_its_kinds_powers_for_a_year_and_no_new_version(county, places):
    assert version(county) == 1
    (village,), (township,) = letters(county, VILLAGE), letters(county, TOWNSHIP)
    assert Power.DECIDE not in village.powers
    assert township.powers == frozenset(Power)
    assert (village.scope.last - village.scope.first).days == 365
    assert {one.kind for one in letters(county, OUTLET)} == {"letter", "agreement"}
    assert mode(places[VILLAGE], YL) is Mode.ENTRUSTED
    assert mode(places[TOWNSHIP], SB) is Mode.AUTHORISED


def test_a_second_computer_prolongs_what_was_given_by_default_and_nothing_else(county):
    county.node.clock.advance(40 * 86_400_000)
    new = stations.NewStation(code=VILLAGE, kind="village", name="甲村")
    stations.add(county.node, new)
    newest, first = letters(county, VILLAGE)
    assert newest.scope.last > first.scope.last

    authorisations.revoke(county.node, newest.id, reason="撤站", account=admin(county))
    stations.add(county.node, new)
    assert len(letters(county, VILLAGE)) == 2


@pytest.mark.req("R-ZH-21a", "R-HC-30a")
def test_a_letter_that_is_taken_back_leaves_only_receiving(county, places):
    (letter,) = letters(county, VILLAGE)
    taken = authorisations.revoke(county.node, letter.id, reason="换人", account=admin(county))
    assert (taken.ended_by, taken.reason) == ("admin", "换人")
    assert version(county) == 2

    village = places[VILLAGE]
    village.clock.advance(60_000)
    assert mode(village, YL) is Mode.ENTRUSTED  # it cannot know yet
    receive(village)
    village.sync(county)
    assert mode(village, YL) is Mode.PROXY
    with village.database.read() as tx:
        held = powers.powers(tx, village.me, village.clock.now_ms())
    assert not held.may_accept_at_all()
    with places[OTHER].database.read() as tx:
        assert powers.powers(tx, places[OTHER].me, tools.NOW).may_accept_at_all()


@pytest.mark.req("R-ZH-21a")
def test_a_letter_for_some_items_only(county, places):
    (default,) = letters(county, VILLAGE)
    new = NewLetter(
        to=VILLAGE, document_no="民授〔2026〕3号", grantor="民政局", items=frozenset({YL})
    )
    authorisations.add(county.node, new, account=admin(county))
    authorisations.revoke(county.node, default.id, reason="换正式的", account=admin(county))
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    village.clock.advance(60_000)

    assert mode(village, YL) is Mode.ENTRUSTED
    assert mode(village, SB) is Mode.PROXY


@pytest.mark.req("R-HC-30d")
def test_an_outlet_whose_agreement_ends_offers_nothing(county, places):
    outlet = places[OUTLET]
    assert mode(outlet, SB) is Mode.PROXY
    agreement = next(one for one in letters(county, OUTLET) if one.kind == AGREEMENT)
    authorisations.revoke(county.node, agreement.id, reason="到期不续", account=admin(county))
    outlet.sync(county)
    outlet.clock.advance(60_000)
    assert mode(outlet, SB) is None
    with outlet.database.read() as tx:
        held = powers.powers(tx, outlet.me, outlet.clock.now_ms())
    assert not held.may_serve_at_all()

    new = NewLetter(to=OUTLET, document_no="合2号", kind=AGREEMENT, items=frozenset({SB}))
    authorisations.add(county.node, new, account=admin(county))
    outlet.sync(county)
    outlet.clock.advance(60_000)
    assert mode(outlet, SB) is Mode.PROXY
    assert mode(outlet, "DEMO-SB-03") is None


WRONG = [
    ({"to": "411526101299"}, "/to"),
    ({"to": "reconciler"}, "/to"),
    ({"document_no": " "}, "/document_no"),
    ({"grantor": "不存在的局"}, "/grantor"),
    ({"items": frozenset({"NO-1"})}, "/items"),
    ({"areas": frozenset({"不存在"})}, "/areas"),
    ({"powers": frozenset({Power.DECIDE})}, "/powers"),
    ({"kind": AGREEMENT}, "/to"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG)
def test_what_cannot_be_meant_is_not_written_down(county, wrong, pointer):
    new = NewLetter(**{"to": VILLAGE, "document_no": "授1号"} | wrong)
    with pytest.raises(InvalidInput) as refused:
        authorisations.add(county.node, new, account=admin(county))
    assert [p.pointer for p in refused.value.errors] == [pointer]
    assert version(county) == 1


def test_a_letter_is_taken_back_once_with_a_reason(county):
    (letter,) = letters(county, VILLAGE)
    with pytest.raises(InvalidInput):
        authorisations.revoke(county.node, letter.id, reason=" ", account=admin(county))
    with pytest.raises(NotFound):
        authorisations.revoke(county.node, "nothing", reason="x", account=admin(county))
    authorisations.revoke(county.node, letter.id, reason="x", account=admin(county))
    with pytest.raises(InvalidInput):
        authorisations.revoke(county.node, letter.id, reason="x", account=admin(county))


def test_what_was_prolonged_is_published_by_the_round_before_it_runs_out(county, places):
    village = places[VILLAGE]
    add = NewLetter(to=OTHER, document_no="授1号")
    authorisations.add(county.node, add, account=admin(county))  # all defaults go out with it
    assert version(county) == 2
    supervising.go_round(county.node)
    assert version(county) == 2

    county.node.clock.advance(300 * DAY)
    stations.add(county.node, stations.NewStation(code=VILLAGE, kind="village", name="甲村"))
    assert version(county) == 2
    supervising.go_round(county.node)
    assert version(county) == 3
    village.clock.advance(300 * DAY)
    village.sync(county)
    village.clock.advance(100 * DAY)
    assert mode(village, YL) is Mode.ENTRUSTED
    assert mode(places[OTHER], YL) is Mode.ENTRUSTED  # has heard of no letters at all yet


# --- chief representatives


def approver(county, login, department=""):
    place = county.node.identity().place.code
    new = NewAccount(login, "赵敏", "approver", place, department)
    with county.node.database.write() as tx:
        return people.add(tx, new, now=tools.NOW).account


def accepted(county, places):
    record = new_record()
    village = places[VILLAGE]
    more = {
        f"material.{n}": {"no": n, "form": "original", "copies": 1, "original_seen": True}
        for n in (1, 2, 3, 4, 5)
    }
    village.write(record, Act("case.received", tools.received(VILLAGE, item=YL, **more)))
    village.write(record, tools.accepted())
    village.sync(county)
    return county.case(record).id


def decide(county, case, account):
    return acting.act(
        county.node, case, "decide", {"outcome": "no", "reasons": ["年龄不够"]}, account
    )


@pytest.mark.req("R-HC-08a", "R-NX-34")
def test_a_chief_representative_decides_on_a_letter_of_the_department(county, places):
    zhao, case = approver(county, "zhao", "民政局"), accepted(county, places)
    with pytest.raises(ActRefused) as refused:
        decide(county, case, zhao)
    assert "授权书" in refused.value.errors[0].message_zh

    new = NewLetter(to="zhao", document_no="民授〔2026〕9号", grantor="民政局")
    letter = authorisations.add(county.node, new, account=admin(county))
    assert letter.grantee == person("zhao")
    with county.node.database.read() as tx:
        me, at = county.node.identity_in(tx), county.node.moment(tx)
        state = acting.load(tx, acting.find_case(tx, case)).state
        item = acting.item_of(tx, county.node, state)
        desk = acting.context(tx, county.node, me, at, item=item, account=zhao)
    assert "decide" in acts.possible(state, desk)


@pytest.mark.req("R-NX-34")
def test_the_letter_of_another_department_or_one_taken_back_is_none(county, places):
    zhao, case = approver(county, "zhao"), accepted(county, places)
    other = NewLetter(to="zhao", document_no="公授1号", grantor="公安局")
    authorisations.add(county.node, other, account=admin(county))
    with pytest.raises(ActRefused):
        decide(county, case, zhao)
    new = NewLetter(to="zhao", document_no="民授9号", grantor="民政局")
    letter = authorisations.add(county.node, new, account=admin(county))
    authorisations.revoke(county.node, letter.id, reason="调离", account=admin(county))
    with pytest.raises(ActRefused) as refused:
        decide(county, case, zhao)
    assert "授权书" in refused.value.errors[0].message_zh


def test_the_first_approver_has_a_letter_from_the_beginning(county):
    (letter,) = letters(county, "approver")
    assert (letter.grantor, letter.powers) == ("", frozenset(Power))


# --- commands


def test_the_commands(world, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "county" / "hub"))

    def command(*words):
        code = run(PROGRAM, ["authorisation", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, made = command(
        *("add", "--to", VILLAGE, "--document-no", "民授7号", "--department", "民政局"),
        *("--power", "accept", "--item", YL, "--from", "2026-11-01", "--until", "2027-06-30"),
    )
    assert code == 0
    assert (made["powers"], made["items"], made["until"]) == (["accept"], [YL], "2027-06-30")
    code, done = command("revoke", made["id"], "--reason", "写错了")
    assert (code, done["in_force"], done["reason"]) == (0, False, "写错了")
    code, found = command("list", "--to", VILLAGE)
    assert [one["document_no"] for one in found["authorisations"]] == ["民授7号", "登记时默认"]
    assert command("add", "--to", VILLAGE, "--document-no", "x", "--until", "soon")[0] == 2


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Where the county's commands find their data, and a place for files."""
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "county" / "hub"))
    return tmp_path


@pytest.mark.req("R-NX-34", "R-HC-30a")
@pytest.mark.parametrize("kept", [False, True])
def test_an_approver_added_by_command_decides_at_once_for_his_department(
    county, places, home, capsys, kept
):
    if kept:  # the county has published letters, so that whoever has none may do nothing
        new = NewLetter(to=OTHER, document_no="1")
        authorisations.add(county.node, new, account=admin(county))
        places[VILLAGE].sync(county)
    record = receive(places[VILLAGE], item=YL, **PAPERS)
    places[VILLAGE].write(record, tools.accepted(due="2026-12-04"))
    places[VILLAGE].sync(county)
    outcome = home / "yes.json"
    outcome.write_text(json.dumps({"outcome": "yes"}), encoding="utf-8")
    for login, department, code in (("zhao", "公安局", 1), ("qian", "民政局", 0)):
        words = ["user", "add", "--login", login, "--name", "赵", "--role", "approver"]
        assert run(PROGRAM, [*words, "--department", department, "--json"]) == 0
        (letter,) = letters(county, login)
        assert (letter.document_no, letter.grantor) == ("登记时默认", department)
        assert (letter.scope.last - letter.scope.first).days == 365
        capsys.readouterr()
        words = ["case", "act", county.case(record).id, "decide", "--file", str(outcome)]
        assert run(PROGRAM, [*words, "--as", login, "--json"]) == code, capsys.readouterr().out
    assert county.case(record).state.map("decided").get("outcome") == "yes"
