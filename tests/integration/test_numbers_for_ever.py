"""Both numbers of a case are found for ever: however typed, after a merge, after pruning."""

from datetime import date

import pytest

from casework import near_numbers
from casework.numbering import TemporaryNumber
from fixtures import builders
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, World
from hub.usecases import casebook
from hub.usecases.casebook import Asked
from node import acting, pruning
from node.casefile import Wanted
from node.errors import CasePruned
from station.usecases import intake, listing
from tests.integration.hub_county import NOW, OUTLET, VILLAGE, receive

NUMBER = TemporaryNumber(VILLAGE, 1, date(2026, 11, 21), 7)
OTHER_NUMBER = TemporaryNumber(OUTLET, 1, date(2026, 11, 21), 7)
DAY = 24 * 60 * 60 * 1000


def found(county, text):
    return [line.case for line in casebook.listing(county.node, Asked(text=text)).lines]


def test_both_numbers_are_found_at_the_county_in_any_spacing_even_of_a_merged_case(county, places):
    one = receive(places[VILLAGE], temporary_number=NUMBER.text)
    two = receive(places[OUTLET], temporary_number=OTHER_NUMBER.text, at=NOW + 1)
    for code in (VILLAGE, OUTLET):
        places[code].sync(county)
    assert county.case(two).state.text("duplicate_of") == county.case(one).id, "merged (C1)"
    for record in (one, two):
        case = county.case(record)
        official = case.state.text("official_number")
        temporary = TemporaryNumber.parse(case.state.text("temporary_number"))
        for typed in (
            *(temporary.printed, temporary.text.lower(), f" {' '.join(temporary.text)} "),
            *(official, f"{official[:6]} {official[6:].lower()}", official.replace("-", "")),
        ):
            assert case.id in found(county, typed), typed
            with county.node.database.read() as tx:
                assert acting.find_case(tx, typed) == record


def test_a_slip_in_a_number_is_told_with_what_it_may_have_been(county, places):
    record = receive(places[VILLAGE], temporary_number=NUMBER.text)
    places[VILLAGE].sync(county)
    slip = NUMBER.printed.replace("-007-", "-001-")
    page = casebook.listing(county.node, Asked(text=slip))
    assert (page.lines, page.miscopied, page.near) == ((), True, (NUMBER.text,))
    assert county.case(record).state.text("temporary_number") == NUMBER.text
    right = casebook.listing(county.node, Asked(text=NUMBER.printed))
    assert (right.miscopied, right.near) == (False, ())


@pytest.mark.parametrize("typed", ["", "王芳", "L411526", "411526DEMO-SB-01202611210001"])
def test_what_is_no_temporary_number_is_no_slip(typed):
    assert not near_numbers.is_miscopied(typed)
    assert near_numbers.candidates(typed) == ()


def test_every_single_slip_leads_back_to_the_number():
    text = NUMBER.text
    for at in range(1, len(text)):
        wrong = text[:at] + ("3" if text[at] != "3" else "4") + text[at + 1 :]
        if near_numbers.is_miscopied(wrong):
            assert text in near_numbers.candidates(wrong), wrong
    swapped = text[:14] + text[15] + text[14] + text[16:]
    assert text in near_numbers.candidates(swapped)


def test_the_numbers_of_a_pruned_case_are_still_known_at_the_station(tmp_path):
    world = World(tmp_path)
    world.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        furnish(world.add(code))
    village = world.stations[VILLAGE_A]
    document = builders.case_document(
        builders.person(builders.seeded(3)), builders.sample_item("DEMO-YB-03")
    )
    opened = intake.open_case(village.node, document, account=village.worker)
    world.settle()
    world.hub.act(opened.case, "note_external", {"system": "豫事办", "number": "YSB 77-1"})
    village.act(opened.case, "withdraw", {})
    world.settle()
    world.clock.advance(400 * DAY)
    world.settle()
    assert pruning.prune(village.node).cases == 1
    number = TemporaryNumber.parse(opened.temporary_number)
    for typed in (number.printed, number.text.lower(), "ysb771"):
        shown = listing.listing(village.node, Wanted(), text=typed)
        assert (shown.lines, shown.pruned) == ((), True), typed
        with village.node.database.read() as tx, pytest.raises(CasePruned):
            acting.find_case(tx, typed)
    world.close()
