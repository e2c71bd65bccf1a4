"""What changed in an item is told to each helper once; what is stopped is not taken in."""

import copy

import pytest

from casework import facts
from casework.errors import IntakeRefused
from fixtures.builders import read_shipped
from node import people, publication
from node.people import NewAccount
from station.usecases import guides, intake, search

ELDER, OTHER = "DEMO-YL-01", "DEMO-YL-02"


@pytest.fixture
def second(village):
    with village.node.database.write() as tx:
        new = NewAccount(login="li", name="李四", role="helper", station=village.me.place.code)
        return people.add(tx, new, now=1).account


def publish(world, village, code=ELDER, change_note="", **more):
    """The county publishes the shipped catalogue with one item changed; the village hears."""
    with village.node.database.write() as tx:
        before = village.node.published(tx)
        catalogue = copy.deepcopy(dict(read_shipped("sample_catalogue.json")))
        item = next(item for item in catalogue["items"] if item["code"] == code)
        item.update(more)
        item["guide"]["change_note"] = change_note
        document = {**before.document, "catalogue": catalogue}
        message = publication.publish(before.version + 1, document, world.hub.me.signing)
        publication.take_published(tx, village.me, message, now=world.clock.now)


def test_news_of_an_item_is_told_until_this_helper_has_read_it(world, village, second):
    helper, node = village.worker, village.node
    assert guides.news(node, ELDER, account=helper) is None
    publish(world, village, promised_days=9, change_note="改成9天了")
    told = guides.news(node, ELDER, account=helper)
    assert (told.version, told.note, told.change.shorter) == (2, "改成9天了", True)
    assert guides.news(node, OTHER, account=helper) is None

    guides.mark_read(node, ELDER, told.version, account=helper)
    assert guides.news(node, ELDER, account=helper) is None
    assert guides.news(node, ELDER, account=second) is not None

    publish(world, village, promised_days=9, change_note="改成9天了")  # nothing of this item
    assert guides.news(node, ELDER, account=helper) is None
    publish(world, village, promised_days=8)
    assert guides.news(node, ELDER, account=helper).version == 4


@pytest.mark.req("R-HC-17b")
def test_a_stopped_item_is_refused_at_the_counter_with_what_takes_its_place(
    world, village, document
):
    publish(world, village, cancelled_on="2026-11-21", successor=OTHER)
    with pytest.raises(IntakeRefused) as refused:
        intake.open_case(village.node, document, account=village.worker)
    told = refused.value.errors[0]
    assert (told.pointer, told.code) == ("/item", "not_in_force")
    assert OTHER in told.message_zh


@pytest.mark.req("R-GX-05")
def test_nothing_outside_the_list_can_be_asked_for(village, document):
    document["materials"].append({"no": 99, "form": "original", "copies": 1})
    with pytest.raises(IntakeRefused) as refused:
        intake.open_case(village.node, document, account=village.worker)
    assert refused.value.errors[0].code == "material"
    document["materials"].pop()
    document["item"] = "MADE-UP-1"
    with pytest.raises(IntakeRefused) as refused:
        intake.open_case(village.node, document, account=village.worker)
    assert refused.value.errors[0].code == "item"


def test_everyday_words_find_an_item_and_so_do_those_of_a_new_version(world, village):
    found = search.find(village.node, "老人补贴")
    assert found[0].item.code == ELDER
    publish(world, village, words=["长寿补助"])
    assert search.find(village.node, "老人补贴") == []
    assert search.find(village.node, "长寿补助")[0].item.code == ELDER


@pytest.mark.req("R-HC-32a")
def test_a_station_cannot_ask_for_a_fee(village, document):
    document["fee"] = 10
    with pytest.raises(IntakeRefused) as refused:
        intake.open_case(village.node, document, account=village.worker)
    assert {(e.pointer, e.code) for e in refused.value.errors} == {("/fee", "unknown")}
    assert not [field for fact in facts.FACTS.values() for field in fact.sets if "fee" in field]
