"""Stations are upgraded one by one: what a newer one writes is kept, passed on, and read later."""

from dataclasses import replace

import pytest

from casework import authority, facts, merging
from casework.case import State
from casework.facts import FACTS
from casework.ids import Ulid
from casework.merging import Policy, Rule
from fixtures.world import BANK, COUNTY, TOWNSHIP, VILLAGE_A
from hub.usecases import rereading, verdicts
from node import casefile, quarantining, upgrading, verifying
from node.casefile import Sight
from node.receiving import NoRules
from sync import codec, dictionary, exchange
from sync.adapters.sql import SqlLog
from sync.errors import NewerVersion
from tests.integration import crooked, hub_county, newer
from tests.integration.crooked import county, take_in
from tests.integration.newer import CLEAR, PERSONAL, SENSITIVE, SUNG, held, sing_at

NOT_KNOWN = "这台电脑的程序还不认识这一步"


@pytest.fixture
def world(memory_path):
    with county(memory_path) as made:
        yield made


@pytest.fixture
def places(tmp_path_factory, tmp_path):
    with hub_county.copy(tmp_path_factory, tmp_path) as (hub, places):
        yield hub, places


def timeline(one, case):
    with one.node.database.read() as tx:
        me = one.node.identity_in(tx)
        return casefile.show(tx, me, Ulid.parse(case).raw, sight=Sight.MASKED).timeline


# -- kept and passed on ------------------------------------------------------------------------


def test_an_older_township_relays_what_it_does_not_know_and_the_county_has_it_whole(world):
    village, town, hub = (world.stations[c] for c in (VILLAGE_A, TOWNSHIP, COUNTY))
    case, _ = take_in(village, world)
    sung = sing_at(village, case)
    world.exchange(village, town)
    world.exchange(town, hub)

    assert held(hub, case) == held(village, case)
    [(body, name, disclosures)] = held(town, case)
    assert (body, name) == (sung.operation.body, sung.operation.hash)
    assert set(disclosures) == {2}  # class 3 is not the township's to see, known or not


def test_what_the_county_writes_goes_down_to_older_stations(world):
    village, town, hub = (world.stations[c] for c in (VILLAGE_A, TOWNSHIP, COUNTY))
    case, _ = take_in(village, world)
    world.settle()
    sing_at(hub, case)
    world.settle()

    assert held(village, case) == held(hub, case)
    assert [one[:2] for one in held(town, case)] == [one[:2] for one in held(hub, case)]
    assert world.stations[BANK].cases() == []


@pytest.mark.parametrize("code", [VILLAGE_A, TOWNSHIP, COUNTY])
def test_it_is_shown_honestly_and_moves_nothing(world, code):
    village, one = world.stations[VILLAGE_A], world.stations[code]
    case, _ = take_in(village, world)
    before = village.state(case).state
    sing_at(village, case)
    world.settle()

    assert one.state(case).state is before
    [event] = [each for each in timeline(one, case) if each.fact == SUNG]
    assert (event.title_zh, event.refused) == (NOT_KNOWN, None)
    assert set(event.changes) == {CLEAR, PERSONAL, SENSITIVE}
    assert event.changes[PERSONAL] != "小芳"  # nobody said that it may be shown
    assert event.receipted


@pytest.mark.parametrize("code", [VILLAGE_A, TOWNSHIP, COUNTY])
def test_verify_and_rebuild_take_it_as_it_is(world, code):
    one = world.stations[code]
    case, _ = take_in(world.stations[VILLAGE_A], world)
    sing_at(world.stations[VILLAGE_A], case)
    world.settle()

    before = crooked.dump(one)
    assert verifying.verify(one.node).ok
    assert verifying.rebuild(one.node) == 1
    assert crooked.dump(one) == before
    assert verifying.verify(one.node).ok


def test_an_act_of_an_older_program_stands_beside_it(world):
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    case, _ = take_in(village, world)
    sing_at(village, case)
    world.settle()
    town.act(case, "correct_contact", {"phone": "13900000002"})
    world.settle()

    assert village.state(case).values["phone"] == "13900000002"
    assert len(held(village, case)) == 1


def test_a_new_replica_writes_it_again_as_it_was(world):
    village, hub = world.stations[VILLAGE_A], world.hub
    case, _ = take_in(village, world)
    original = sing_at(village, case).operation
    assert world.enrol_anew(village).rewritten == 3
    world.exchange(village, hub)

    [again] = operations(hub, case)
    assert (again.fact, again.version) == (SUNG, original.version)
    assert (again.fields, again.sealed) == (original.fields, original.sealed)
    assert original.ref in again.replaces[PERSONAL]
    assert {class_ for _, _, shown in held(hub, case) for class_ in shown} == {2, 3}


def operations(one, case):
    with one.node.database.read() as tx:
        [found] = SqlLog(tx).of_records({Ulid.parse(case).raw}).values()
    return [each.entry.operation for each in found if each.entry.operation.fact == SUNG]


def test_a_record_of_an_unknown_kind_is_stored_receipted_and_nobodys_case(world):
    village, town, hub = (world.stations[c] for c in (VILLAGE_A, TOWNSHIP, COUNTY))
    case, _ = take_in(village, world)
    record = Ulid.parse(village.node.new_id())
    launched = newer.sail(village, record.raw)
    world.exchange(village, town)
    world.exchange(town, hub)
    world.settle()

    for one in (village, hub):
        with one.node.database.read() as tx:
            me = one.node.identity_in(tx)
            listed = casefile.list_cases(tx, me, casefile.Wanted())
            [kept] = SqlLog(tx).of_records({record.raw})[record.raw]
        assert [line.case for line in listed] == [case]
        assert kept.entry.operation == launched
        assert verifying.verify(one.node).ok
        verifying.rebuild(one.node)
        assert verifying.verify(one.node).ok
    assert exchange_is_done(village)


def exchange_is_done(one):
    """Whether everything that a place wrote is receipted."""
    with one.node.database.read() as tx:
        return SqlLog(tx).unreceipted(one.me.replica) == []


# -- read after an upgrade ---------------------------------------------------------------------


def learn_field(monkeypatch, name, rule):
    """Let this program know a field from now on, as a newer one does."""
    monkeypatch.setitem(merging.FIELDS, name, rule)
    monkeypatch.setitem(merging._EXACT, name, rule)


def learn_fact(monkeypatch, like, sets):
    """Let this program know the fact, allowed to those who may do another one."""
    spec = replace(FACTS[like], name=SUNG, verb="sing", title_zh="唱歌", sets=sets)
    monkeypatch.setitem(facts.FACTS, SUNG, spec)
    monkeypatch.setitem(authority.TABLE, SUNG, authority.TABLE[like])


def test_two_places_that_differ_about_an_unknown_field_wait_for_a_person_or_an_upgrade(
    world, monkeypatch
):
    village, town, hub = (world.stations[c] for c in (VILLAGE_A, TOWNSHIP, COUNTY))
    case, _ = take_in(village, world)
    world.settle()
    sing_at(village, case, {1: {CLEAR: "C"}})
    sing_at(town, case, {1: {CLEAR: "D"}})
    world.settle()
    assert hub.state(case).conflicts == (CLEAR,)
    assert upgrading.catch_up(hub.node, lambda _before: verifying.rebuild(hub.node))
    assert not upgrading.catch_up(hub.node, lambda _before: verifying.rebuild(hub.node))

    learn_field(monkeypatch, CLEAR, Rule(Policy.AUTHORITY, 1))
    assert upgrading.catch_up(hub.node, lambda _before: verifying.rebuild(hub.node))
    assert hub.state(case).conflicts == ()
    assert hub.state(case).values[CLEAR] == "D"  # the township's rank
    assert verifying.verify(hub.node).ok


def test_a_later_county_reads_the_fact_that_the_older_township_relayed(world, monkeypatch):
    village, town, hub = (world.stations[c] for c in (VILLAGE_A, TOWNSHIP, COUNTY))
    case, _ = take_in(village, world)
    sing_at(village, case)
    world.exchange(village, town)
    assert {each.title_zh for each in timeline(town, case) if each.fact == SUNG} == {NOT_KNOWN}
    world.exchange(town, hub)

    learn_fact(monkeypatch, "case.contact_corrected", (CLEAR, PERSONAL, SENSITIVE))
    for one in (hub, town):
        [event] = [each for each in timeline(one, case) if each.fact == SUNG]
        assert event.title_zh == "唱歌"


# -- judged by a county that is behind ---------------------------------------------------------


def refused(hub, record):
    return {said.code for said in hub.case(record).evidence.merged.refused.values()}


def test_a_citizen_keeps_the_filing_date_when_the_form_has_a_new_field(places):
    hub, stations = places
    village, record = stations[hub_county.VILLAGE], hub_county.new_record()
    fields = hub_county.received(hub_county.VILLAGE)
    personal = {name: fields.pop(name) for name in ("name", "phone", "address")}
    sensitive = {name: fields.pop(name) for name in ("id_no", "form.bank_account")}
    values = {1: {**fields, CLEAR: "C"}, 2: {**personal, PERSONAL: "小芳"}, 3: sensitive}
    newer.sing_in_county(village, record, values, fact="case.received")
    village.sync(hub)

    assert refused(hub, record) == set()
    assert hub.case(record).state.state is State.RECEIVED
    assert hub.case(record).state.values["phone"] == "13800000001"


def test_an_unknown_fact_with_fields_of_its_own_is_not_refused(places):
    hub, stations = places
    village = stations[hub_county.VILLAGE]
    record = hub_county.receive(village)
    newer.sing_in_county(village, record)
    village.sync(hub)
    assert refused(hub, record) == set()


def test_an_unknown_fact_that_would_move_the_case_waits_for_the_upgrade_and_then_counts(
    places, monkeypatch
):
    hub, stations = places
    village = stations[hub_county.VILLAGE]
    record = hub_county.receive(village)
    newer.sing_in_county(village, record, {2: {"phone": "13900000009"}})
    village.sync(hub)
    assert refused(hub, record) == {"unknown_fact"}
    assert hub.case(record).state.values["phone"] == "13800000001"
    rereading.catch_up(hub.node)
    assert refused(hub, record) == {"unknown_fact"}

    learn_fact(monkeypatch, "case.contact_corrected", ("phone",))
    assert rereading.catch_up(hub.node)
    village.sync(hub)
    assert refused(hub, record) == set()
    assert hub.case(record).state.values["phone"] == "13900000009"
    assert village.case(record).state.values["phone"] == "13900000009"
    assert {one.reason for one in verdicts.listed(hub.node)} == {"ratified"}
    assert not rereading.catch_up(hub.node)


def test_an_upgrade_does_not_ratify_what_the_newer_program_refuses_too(places, monkeypatch):
    hub, stations = places
    village = stations[hub_county.VILLAGE]
    record = hub_county.receive(village)
    newer.sing_in_county(village, record, {1: {"decided": {"outcome": "yes"}}})
    village.sync(hub)
    rereading.catch_up(hub.node)

    learn_fact(monkeypatch, "case.decided", ("decided",))
    rereading.catch_up(hub.node)
    assert refused(hub, record) == {"unknown_fact"}


# -- other layouts -----------------------------------------------------------------------------


def test_a_bundle_of_a_later_layout_is_held_and_taken_after_the_upgrade(world, monkeypatch):
    village, hub = world.stations[VILLAGE_A], world.hub
    case, _ = take_in(village, world)
    monkeypatch.setitem(dictionary.DICTIONARIES, 2, b"case.sung melody singer")
    pieces = crooked.extracts(village)
    plan = [
        crooked.Compartment(
            recipients=(hub.certificate.encryption_key,),
            holds_operations=True,
            shows=crooked.everything,
        )
    ]
    [part] = crooked.pack(pieces, plan=plan)
    plain = codec.inflate(part.plaintext, dictionary=1, most=1 << 24)
    again = replace(part, plaintext=codec.deflate(plain, dictionary=2))
    message = crooked.envelope.seal(
        [again],
        key=village.me.signing,
        sender=village.me.replica,
        audience=COUNTY,
        dictionary=2,
        entropy=crooked.random_bytes,
    )
    with monkeypatch.context() as older:
        older.delitem(dictionary.DICTIONARIES, 2)
        taken = crooked.give(hub, message, now=1)
        assert crooked.codes(taken) == ["newer-version"]
        assert quarantining.retry(hub.node, NoRules()).released == 0

    assert quarantining.retry(hub.node, NoRules()).released == 1
    assert hub.cases() == [case]


def test_a_content_type_of_a_later_version_is_held_as_received(world):
    village, hub = world.stations[VILLAGE_A], world.hub
    message = crooked.envelope.sign(
        b"whatever it will be",
        key=village.me.signing,
        content_type="application/vnd.bangban.bundle.v2+cbor",
    )
    taken = crooked.give(hub, message, now=1)
    assert crooked.codes(taken) == ["newer-version"]
    assert [item.reason for item in quarantining.list_items(hub.node)] == ["newer-version"]


# -- the protocol ------------------------------------------------------------------------------


def test_a_parent_answers_in_the_highest_version_that_both_speak(world):
    village, hub = world.stations[VILLAGE_A], world.hub
    sent = world.request(village, hub)
    asked = exchange.read_request(sent.message, key=village.me.signing.verify_key, audience=COUNTY)
    assert asked.protocol == (1, 1)
    later = exchange.sign_request(replace(asked, protocol=(1, 9)), village.me.signing)
    answered = exchange.read_answer(
        world.answer(hub, later),
        key=hub.me.signing.verify_key,
        outstanding={exchange.digest(later)},
    )
    assert answered.protocol == 1


def test_a_parent_that_is_too_old_says_so_and_changes_nothing(world):
    village, hub = world.stations[VILLAGE_A], world.hub
    take_in(village, world)
    sent = world.request(village, hub)
    asked = exchange.read_request(sent.message, key=village.me.signing.verify_key, audience=COUNTY)
    later = exchange.sign_request(replace(asked, protocol=(2, 9)), village.me.signing)
    with pytest.raises(NewerVersion):
        world.answer(hub, later)
    assert hub.cases() == []


def test_a_child_takes_no_answer_in_a_version_that_it_does_not_speak(world):
    village, hub = world.stations[VILLAGE_A], world.hub
    take_in(village, world)
    sent = world.request(village, hub)
    answered = exchange.read_answer(
        world.answer(hub, sent.message),
        key=hub.me.signing.verify_key,
        outstanding={exchange.digest(sent.message)},
    )
    later = exchange.sign_answer(replace(answered, protocol=2), hub.me.signing)
    before = crooked.dump(village)
    with pytest.raises(NewerVersion):
        world.take(village, hub, later)
    assert crooked.dump(village) == before
