"""Publishing the next version of the county's document, whichever part of it changes."""

import pytest

from hub.usecases import publishing
from node import publication
from node.errors import InvalidInput
from tests.integration import hub_county
from tests.integration.hub_county import VILLAGE, receive


def republish(county, changes):
    with county.node.database.write() as tx:
        return publishing.republish(tx, county.node, changes)


def test_one_part_changes_and_the_others_are_carried_over(county):
    with county.node.database.read() as tx:
        before = county.node.published(tx)

    after = republish(county, {"settings": {"lease_days": 9}, "of_a_later_program": {"kept": [1]}})
    last = republish(county, {"note": "第三次", "of_a_later_program": None})

    assert (after.version, last.version) == (before.version + 1, before.version + 2)
    for part in ("catalogue", "holidays", "regions"):
        assert last.document[part] == before.document[part]
    assert after.document["of_a_later_program"] == {"kept": [1]}
    assert last.document["settings"] == {"lease_days": 9}
    assert "of_a_later_program" not in last.document


def test_a_station_takes_the_new_version_at_its_next_contact(county, places):
    village = places[VILLAGE]
    made = republish(county, {"settings": {"warn_unsent_days": 5}})
    receive(village)
    village.sync(county)

    with village.database.read() as tx:
        found = publication.current(tx, village.me)
    assert (found.version, found.document["settings"]) == (made.version, {"warn_unsent_days": 5})


def test_what_stations_could_not_take_is_not_published(county):
    with pytest.raises(InvalidInput):
        republish(county, {"note": "长" * (publication.MAX_BYTES // 3 + 1)})
    with county.node.database.read() as tx:
        assert county.node.published(tx).version == 1


@pytest.mark.postgres
def test_versions_rise_on_postgresql_too(tmp_path, postgres_url):
    with hub_county.hub(tmp_path, database_url=postgres_url) as county:
        first = republish(county, {"settings": {"lease_days": 9}})
        second = republish(county, {})
    assert (first.version, second.version) == (2, 3)
    assert second.document["settings"] == {"lease_days": 9}
