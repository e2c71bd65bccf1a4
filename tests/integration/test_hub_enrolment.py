"""Enrolment against a real hub database: the way in, and every way that must not lead in."""

import pytest

from crypto import trust
from crypto.entropy import random_bytes
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey
from crypto.trust import DeviceKeys
from hub.usecases import devices, enrolments, stations
from hub.usecases.stations import NewStation
from node.enrolment import Asking, EnrolmentState, Revealing
from node.errors import InvalidInput, NotFound, RefusedByCounty, TooManyTries
from sync.adapters.tables import child
from tests.integration import hub_county as county_tools

TOWNSHIP, VILLAGE = county_tools.TOWNSHIP, county_tools.VILLAGE


@pytest.fixture
def county(tmp_path):
    with county_tools.hub(tmp_path) as opened:
        yield opened


class Device:
    """The station's half."""

    def __init__(self):
        signing = SigningKey(random_bytes(32)).verify_key
        self.keys = DeviceKeys(signing, DecryptionKey(random_bytes(32)).encryption_key)
        self.nonce, self.replica = random_bytes(32), random_bytes(8)

    @property
    def commitment(self):
        """Its word on nonce and keys."""
        return trust.commitment(self.nonce, self.keys)

    def asking(self, code):
        """Step 1."""
        return Asking(code, self.commitment)

    def revealing(self, request):
        """Step 2."""
        return Revealing(request, self.nonce, self.replica, self.keys, "AB:CD")


def added(county, code=TOWNSHIP, kind="township", **more):
    return stations.add(county.node, NewStation(code=code, kind=kind, name="站", **more))


def pending(county, device, **more):
    place = added(county, **more)
    offer = enrolments.begin(county.node, device.asking(place.enrolment_code), source="a")
    return offer, enrolments.reveal(county.node, device.revealing(offer.id))


def test_a_device_waits_until_somebody_has_compared_the_match_code(county):
    device = Device()
    offer, revealed = pending(county, device)

    document = trust.read(offer.county_document, offer.root_key)
    shown = trust.match_code(
        device.nonce,
        offer.hub_nonce,
        keys=device.keys,
        root=document.root,
        county=document.encryption_keys[0],
    )
    (waiting,) = devices.asking(county.node)
    assert revealed == (type(revealed))(EnrolmentState.PENDING, shown)
    assert (waiting.match_code, waiting.request) == (shown, offer.id.hex())
    assert enrolments.state(county.node, offer.id).state is EnrolmentState.PENDING
    assert enrolments.state(county.node, offer.id).certificate == b""


def test_an_approved_device_gets_its_certificate_and_is_fed(county):
    device = Device()
    offer, _ = pending(county, device)
    before = county.node.identity().trust

    devices.approve(county.node, offer.id.hex()[:8], account=county.account("administrator"))

    decision = enrolments.state(county.node, offer.id)
    found = county.node.identity().read_certificate(decision.certificate)
    assert (found.station, found.replica) == (TOWNSHIP, device.replica)
    assert found.verify_key == device.keys.verify_key
    assert (decision.device, decision.trust) == (1, before + 1)
    assert decision.published
    with county.node.database.read() as tx:
        assert [row.replica for row in tx.execute(child.select())] == [device.replica]


def test_a_village_learns_its_townships_certificate(county):
    town, village = Device(), Device()
    offer, _ = pending(county, town, pre_approve=True)
    certificate = enrolments.state(county.node, offer.id).certificate

    below, _ = pending(county, village, code=VILLAGE, kind="village", pre_approve=True)

    assert enrolments.state(county.node, below.id).parent_certificate == certificate


def test_lost_answers_are_given_again(county):
    device, place = Device(), added(county)
    asking = device.asking(place.enrolment_code)
    first = enrolments.begin(county.node, asking, source="a")
    assert enrolments.begin(county.node, asking, source="a") == first

    revealing = device.revealing(first.id)
    once = enrolments.reveal(county.node, revealing)
    assert enrolments.reveal(county.node, revealing) == once


def test_other_keys_than_those_committed_to_spoil_the_code(county):
    device, other, place = Device(), Device(), added(county)
    offer = enrolments.begin(county.node, device.asking(place.enrolment_code), source="a")
    forged = Revealing(offer.id, device.nonce, device.replica, other.keys)

    with pytest.raises(RefusedByCounty):
        enrolments.reveal(county.node, forged)

    assert enrolments.state(county.node, offer.id).state is EnrolmentState.EXPIRED
    with pytest.raises(NotFound):
        enrolments.reveal(county.node, device.revealing(offer.id))
    with pytest.raises(NotFound):
        devices.approve(county.node, offer.id.hex(), account=county.account("administrator"))


def test_a_code_is_used_once(county):
    device, thief, place = Device(), Device(), added(county)
    enrolments.begin(county.node, device.asking(place.enrolment_code), source="a")

    with pytest.raises(RefusedByCounty):
        enrolments.begin(county.node, thief.asking(place.enrolment_code), source="b")


def test_a_new_code_makes_the_old_one_void(county):
    old = added(county)
    new = added(county)

    with pytest.raises(RefusedByCounty):
        enrolments.begin(county.node, Device().asking(old.enrolment_code), source="a")
    enrolments.begin(county.node, Device().asking(new.enrolment_code), source="a")


def test_a_code_expires(county):
    place = added(county)
    county.node.clock.advance(stations.CODE_LIFE_MS)

    with pytest.raises(RefusedByCounty):
        enrolments.begin(county.node, Device().asking(place.enrolment_code), source="a")


def test_a_code_may_be_typed_carelessly(county):
    place = added(county)
    typed = f" {place.enrolment_code.lower().replace('-', ' ')} "

    assert (
        enrolments.begin(county.node, Device().asking(typed), source="a").station.code == TOWNSHIP
    )


def test_guessing_is_slowed_down_by_address_and_does_not_hinder_others(county):
    place, device = added(county), Device()
    for _ in range(5):
        with pytest.raises(RefusedByCounty):
            enrolments.begin(county.node, device.asking("BBBB-BBBB"), source="guesser")

    with pytest.raises(TooManyTries) as waiting:
        enrolments.begin(county.node, device.asking(place.enrolment_code), source="guesser")

    assert waiting.value.seconds == 30
    assert enrolments.begin(county.node, device.asking(place.enrolment_code), source="other")
    county.node.clock.advance(30_000)
    with pytest.raises(RefusedByCounty):
        enrolments.begin(county.node, device.asking("CCCC-CCCC"), source="guesser")
    with pytest.raises(TooManyTries) as longer:
        enrolments.begin(county.node, device.asking("CCCC-CCCC"), source="guesser")
    assert longer.value.seconds == 60


def test_a_replica_that_is_known_is_not_admitted_again(county):
    device = Device()
    pending(county, device, pre_approve=True)
    copy = Device()
    copy.replica = device.replica

    with pytest.raises(RefusedByCounty):
        pending(county, copy)


def test_a_refused_device_is_told_why(county):
    offer, _ = pending(county, Device())

    account = county.account("administrator")
    devices.refuse(county.node, offer.id.hex(), account=account, reason="不是我们的电脑")

    decision = enrolments.state(county.node, offer.id)
    assert (decision.state, decision.reason) == (EnrolmentState.REFUSED, "不是我们的电脑")


def test_an_unused_code_is_no_enrolment_yet(county):
    with pytest.raises(NotFound):
        enrolments.state(county.node, bytes(16))


WRONG = [
    ({"code": "411526999000", "kind": "township"}, "/code"),
    ({"code": "411525101000", "kind": "township"}, "/code"),
    ({"code": "41152610", "kind": "township"}, "/code"),
    ({"code": "411526101000", "kind": "village"}, "/code"),
    ({"code": "411526101201", "kind": "outlet"}, "/code"),
    ({"code": "411526101899", "kind": "outlet"}, "/code"),
    ({"code": "411526101000", "kind": "county"}, "/kind"),
    ({"code": "411526101000", "kind": "township", "name": " "}, "/name"),
    ({"code": "411526101000", "kind": "township", "partner": "bank"}, "/partner"),
    ({"code": "411526101901", "kind": "outlet", "partner": "casino"}, "/partner"),
    ({"code": "411526101201", "kind": "village"}, "/parent"),
    ({"code": "411526101201", "kind": "village", "parent": "411526102000"}, "/parent"),
]


@pytest.mark.parametrize(("given", "pointer"), WRONG)
def test_a_station_that_cannot_be_is_refused(county, given, pointer):
    with pytest.raises(InvalidInput) as refused:
        stations.add(county.node, NewStation(**{"name": "站", **given}))
    assert [problem.pointer for problem in refused.value.errors] == [pointer]


@pytest.mark.parametrize("suffix", ["900", "999"])
def test_an_outlet_is_named_by_its_township_and_900_to_999(county, suffix):
    place = added(county, code=f"411526101{suffix}", kind="outlet")

    (found,) = stations.listed(county.node)
    assert (found.code, found.partner, found.parent) == (place.station, "bank", "411526000000")


def test_a_revoked_device_is_cut_at_what_the_county_holds(county):
    device = Device()
    pending(county, device, pre_approve=True)

    done = devices.revoke(county.node, device.replica.hex(), reason="丢了")

    assert (done.revoked_after, done.unsent) == (0, 0)
    assert [d.state for d in devices.listed(county.node)] == ["revoked"]
    with pytest.raises(NotFound):
        devices.revoke(county.node, device.replica.hex(), reason="丢了")
