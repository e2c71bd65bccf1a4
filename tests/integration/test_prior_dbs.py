"""Databases of every format that reached main open with today's programs, and go on."""

from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from casework import authorisations
from casework.case import State
from casework.ids import Ulid
from fixtures.prior_dbs import FORMATS, restore
from hub.rows import SCRIPTS as HUB_SCRIPTS
from hub.usecases import authorisation_records, publishing
from hub.usecases.rereading import open_hub
from hub.usecases.rules import HubRules
from node import acting, casefile, migrate, powers, verifying
from node.casefile import Sight, Transport, Wanted
from node.child import Child
from node.clock import FixedClock
from node.parent import Parent
from node.receiving import NoRules
from node.runtime import Node
from station.rows import SCRIPTS as STATION_SCRIPTS
from station.usecases.opening import open_station
from sync.adapters.tables import carried, change_set
from tests.integration import hub_county

NOW = 1_795_300_000_000


@dataclass
class Place:
    """One of the county's nodes."""

    node: Node
    rules: object

    @property
    def certificate(self):
        me = self.node.identity()
        return me.read_certificate(me.certificate)

    def lines(self):
        """Every case here: state and how far it is."""
        with self.node.database.read() as tx:
            found = casefile.list_cases(tx, self.node.identity_in(tx), Wanted())
        return {line.case: (line.state, line.transport) for line in found}

    def operations(self, case):
        with self.node.database.read() as tx:
            return len(acting.load(tx, Ulid.parse(case).raw).helds)

    def exchange(self, parent):
        """Exchange until nothing is left both ways."""
        while True:
            self.node.clock.advance(1000)
            with self.node.database.read() as tx:
                at = self.node.moment(tx)
            me = self.node.identity()
            child = Child(database=self.node.database, me=me, parent=parent.certificate, at=at)
            sent = child.request()
            progress = child.take(parent.answer(sent.message))
            if not progress.more and not sent.more:
                return progress

    def answer(self, message):
        now, me = self.node.clock.now_ms(), self.node.identity()
        return Parent(database=self.node.database, me=me, rules=self.rules, now=now).answer(message)


@pytest.fixture(params=FORMATS)
def places(request, tmp_path):
    """Hub, township and village of a format, opened by today's programs."""
    hub, township, village = restore(request.param, tmp_path / "county")
    clock = FixedClock(NOW, 1000)
    with ExitStack() as stack:
        opened = [open_hub(hub, None, clock)]
        opened += [open_station(one, None, clock) for one in (township, village)]
        for node in opened:
            stack.enter_context(closing(node.database))
        yield [
            Place(node, HubRules(node) if n == 0 else NoRules()) for n, node in enumerate(opened)
        ]


def test_each_is_brought_to_the_revision_of_today_and_holds(places):
    for place, scripts in zip(places, (HUB_SCRIPTS, STATION_SCRIPTS, STATION_SCRIPTS), strict=True):
        migrate.check(place.node.database, scripts)
        with place.node.database.read() as tx:  # the search index is no table of the revisions
            different = map(repr, migrate.differences(tx, scripts))
            assert [one for one in different if "search_" not in one] == []
        found = verifying.verify(place.node)
        assert (found.ok, found.first_bad, list(found.drift)) == (True, "", [])
        assert found.operations > 0


def test_the_cases_are_as_they_were(places):
    hub, township, village = places
    here = village.lines()
    assert sorted(state for state, _ in here.values()) == [
        State.ACCEPTED,
        State.ACCEPTED,
        State.ACCEPTED,
        State.WITHDRAWN,
    ]
    assert sorted(transport for _, transport in here.values()) == [
        Transport.COUNTY_CHECKING,
        Transport.IN_CUSTODY,
        Transport.LOCAL,
        Transport.RECEIVED,
    ]
    assert set(hub.lines()) < set(township.lines()) < set(here)
    [checked] = [case for case, (_, how) in here.items() if how is Transport.COUNTY_CHECKING]
    with hub.node.database.read() as tx:
        me = hub.node.identity_in(tx)
        shown = casefile.show(tx, me, Ulid.parse(checked).raw, sight=Sight.MASKED)
    assert shown.conflicts == ("phone",)
    assert len(shown.timeline) >= 4


def test_what_was_on_its_way_arrives_and_everybody_agrees(places):
    hub, township, village = places
    with township.node.database.read() as tx:
        assert tx.execute(sa.select(carried.c.id)).first() is not None
    township.exchange(hub)
    assert len(hub.lines()) == 3
    village.exchange(hub)
    township.exchange(hub)
    village.exchange(township)

    for place in places:
        assert set(place.lines()) == set(village.lines())
        assert verifying.verify(place.node).ok
    for case in village.lines():
        assert len({place.operations(case) for place in places}) == 1
    assert Transport.LOCAL not in {how for _, how in village.lines().values()}
    with village.node.database.read() as tx:
        mine = change_set.c.replica == village.node.identity_in(tx).replica
        unreceipted = sa.select(change_set.c.id).where(mine, change_set.c.receipt.is_(None))
        assert tx.execute(unreceipted).first() is None


def test_a_new_station_enrols_at_an_old_county_and_exchanges(places, tmp_path):
    hub, *_ = places
    county = hub_county.Hub(hub.node, {})
    fresh = hub_county.enrol(county, tmp_path, hub_county.OTHER)
    with closing(fresh.database):
        record = hub_county.receive(fresh)
        fresh.sync(county)
        assert county.case(record).state.state is State.RECEIVED


def test_opening_again_changes_nothing(places):
    for place, again in zip(places, (open_hub, open_station, open_station), strict=True):
        before = place.lines()
        place.node.database.close()
        node = again(place.node.directory, None, place.node.clock)
        with closing(node.database):
            assert Place(node, place.rules).lines() == before


@pytest.mark.parametrize("name", FORMATS[:1])
def test_the_file_before_an_upgrade_is_kept(name, tmp_path):
    for directory in restore(name, tmp_path / "county"):
        opens = open_hub if directory.path.name == "hub" else open_station
        opens(directory, None, FixedClock(NOW, 1000)).database.close()
        assert len(list(directory.path.glob("bangban-*.old"))) == 1


@pytest.mark.parametrize("places", ["issue-2", "issue-3"], indirect=True)
def test_who_was_in_before_letters_were_kept_has_them(places):
    """Nothing that ran stops with the upgrade: every place and every approver goes on."""
    hub, township, village = (place.node for place in places)
    with hub.database.read() as tx:
        assert powers.PART not in hub.published(tx).document
        book = authorisation_records.book(tx)
    for node, power in ((township, "decide"), (village, "accept")):
        code = node.identity().place.code
        assert authorisations.covers(book, code, power, item=None, at=NOW)
    approver = authorisations.person("approver")
    assert authorisations.covers(book, approver, "decide", item=None, at=NOW)

    with hub.database.write() as tx:
        found = publishing.republish(tx, hub, {})
    published = powers.book_of(found)
    assert authorisations.covers(published, approver, "decide", item=None, at=NOW)
