"""Pains 9, 10 and 12 to 14: what is large, many at once, bad, or two at a time."""

import contextlib
import random
import threading

from hub.usecases import fleet, verdicts
from node import publication
from node.errors import LinkFailed
from station.transport import Parent
from station.usecases import exchange
from tests.pains.small import Place

_KIB = 1 << 10


def test_pain_09_the_first_sync_is_huge_and_times_out(hub, village):
    """Nothing larger than 20 KiB passes: it goes in pieces by itself; the county sees how far."""
    village.lines.down, village.lines.narrow = {Parent.TOWNSHIP}, 20 * _KIB
    cases = []
    for who in range(60):
        cases.append(village.take_in(who, address=_long(who)))
        if who % 10 == 0:
            exchange.seal(village.node)  # as it is done every minute
    for _ in range(8):
        with contextlib.suppress(LinkFailed):
            village.sync()
    assert village.sync().complete
    assert len(village.lines.sizes) > 2
    assert max(up for up, _ in village.lines.sizes) <= 20 * _KIB
    assert {*hub.cases()} == {*cases}
    (seen,) = [one.device for one in fleet.fleet(hub.node) if one.device.last_seen]
    assert (seen.last_seq, seen.known_seq, seen.unsent) == (120, 120, 0)


def _long(who):
    """Words that do not become smaller by packing."""
    chance = random.Random(who)
    return "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(150))


def test_pain_10_an_admin_bulk_move_floods_every_device(county, hub, village, neighbour, town):
    """Twenty cases are given to another village: the others hear twenty words, not twenty cases."""
    cases = [village.take_in(who) for who in range(20)]
    county.settle()
    for case in cases:
        hub.write(case, "case.resolved", {"station": neighbour.code, "handling": neighbour.code})
    told = {place.code: place.sync() for place in (village, neighbour, town)}
    assert told[village.code].received == told[town.code].received == 20
    assert told[neighbour.code].received > 20  # whole cases
    assert {*neighbour.cases()} == {*cases}
    assert max(one.bytes_down for one in told.values()) < 64 * _KIB

    _publish_again(hub)
    for place in (village, neighbour, town):
        report = place.sync()
        assert (report.received, report.requests) == (0, 1)
        assert place.status.catalogue_version == 2


def _publish_again(hub):
    """The county publishes its catalogue a second time, one word changed."""
    with hub.node.database.write() as tx:
        me = hub.node.identity_in(tx)
        document = {**hub.node.published(tx).document, "note": "第二版"}
        message = publication.publish(2, document, me.signing)
        publication.take_published(tx, me, message, now=hub.clock.now_ms())


def test_pain_12_one_big_attachment_blocks_everything_behind_it(hub, village):
    """Not one chunk of the photo gets through: every fact does, before it and after it."""
    village.lines.down, village.lines.jammed = {Parent.TOWNSHIP}, True
    first = village.take_in(1)
    village.attach(first, edge=1200)
    report = village.sync()
    assert (report.pending, report.attachments_pending, report.complete) == (0, 1, False)
    second = village.take_in(2)
    assert village.sync().pending == 0
    assert {*hub.cases()} == {first, second}
    assert village.cases()[second] == "received"
    assert village.uploads.photos == 1

    village.lines.jammed = False
    assert village.sync().complete
    assert village.status.attachments_pending == 0


def test_pain_13_one_bad_record_bricks_the_whole_queue(hub, village):
    """The county refuses one act in the middle: the rest is in, and both sides know why."""
    before, middle = village.take_in(1), village.take_in(2)
    village.write(middle, "case.verified", {"official_number": "411526FORGED"})
    after = village.take_in(3)
    assert village.sync().complete
    assert village.sync().complete
    assert {*hub.cases()} == {before, middle, after}
    (refused,) = [one for one in verdicts.listed(hub.node) if one.refused]
    assert refused.case == middle
    assert village.uploads.refused.count == 1
    assert village.uploads.reasons[middle]
    assert [village.cases()[c] for c in (before, after)] == ["received", "received"]
    assert village.values(middle)["received"] == hub.values(middle)["received"]  # the filing date


def test_pain_14_the_database_is_locked_when_sync_and_pages_run_together(hub, village):
    """A second program on the same data uploads all the while; nobody at the counter waits long."""
    uploader = Place(village.code, village.folder, village.clock, lines=village.lines).open()
    done, troubles = threading.Event(), []

    def upload():
        while not done.is_set():
            try:
                uploader.sync()
            except Exception as error:  # noqa: BLE001  # whatever it is, it is told below
                troubles.append(error)

    thread = threading.Thread(target=upload)
    thread.start()
    cases = []
    for who in range(15):
        cases.append(village.take_in(who))
        assert village.status.operations == 2 * len(cases)
        assert cases[-1] in village.cases()
    done.set()
    thread.join()
    uploader.close()
    assert troubles == []
    assert village.sync().complete
    assert {*hub.cases()} == {*cases}
