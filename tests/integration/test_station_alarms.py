"""What stops work at a station stands above its pages, with what to do."""

import pytest

from fixtures.world import VILLAGE_A
from node import incarnations, publication
from node.incarnations import Stop
from station.usecases import drafts
from tests.integration.test_stick_pages import counter, take_in
from tests.integration.test_stick_pages import world as world  # noqa: PLC0414  # its fixture

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def village(world):
    return world.stations[VILLAGE_A]


def publish(world, village, **settings):
    with village.node.database.write() as tx:
        before = village.node.published(tx)
        document = {**before.document, "settings": settings}
        message = publication.publish(before.version + 1, document, world.hub.me.signing)
        publication.take_published(tx, village.me, message, now=world.clock.now)


def pages(village):
    """The first page, 上传情况, and the first page of an intake."""
    draft = drafts.save(
        village.node,
        draft=None,
        item="DEMO-YL-01",
        step="person",
        document={},
        account=village.worker,
    )
    helper = counter(village)
    return [helper.get(path).text for path in ("/", "/upload", f"/drafts/{draft}/person")]


def test_a_copy_that_must_not_write_says_so_on_every_page(village):
    with village.node.database.write() as tx:
        incarnations.stop(tx, Stop.RESTORED, now=1)
    for page in pages(village):
        assert "资料是从备份恢复的,先不能办新的。打电话给县里,重新开通。" in page
        assert "最后一次县里收到:不清楚" in page
    assert "不清楚。资料是恢复的,或者是旧的拷贝。" in pages(village)[0]


def test_what_only_receives_says_why_on_every_page_and_what_warns_where_one_looks_around(
    world, village
):
    take_in(world, village)
    publish(world, village, warn_unsent_operations=0)
    home, upload, intake = pages(village)
    warning = "没传上去的越来越多。快连上网;再多就只能收件。"
    assert [warning in page for page in (home, upload, intake)] == [True, True, False]
    publish(world, village, freeze_unsent_operations=0)
    for page in pages(village):
        assert "没传上去的太多了。现在只收件,不受理。连上网,或者用U盘送。" in page


def test_a_disk_that_fills_up_is_told_step_by_step(world, village):
    huge = 1 << 40
    for settings, words in (
        ({"warn_free_mib": huge}, "磁盘快满了。腾出地方;再少就不收照片了。"),
        ({"photo_free_mib": huge}, "磁盘快满了,现在不收照片。办件还能收。马上腾出地方。"),
        ({"intake_free_mib": huge}, "磁盘满了,现在不能收新的。写过的都在。马上腾出地方。"),
    ):
        publish(world, village, **settings)
        assert words in pages(village)[0]


def test_a_station_where_all_is_well_says_nothing(village):
    for page in pages(village):
        assert "note-red" not in page
        assert "现在只收件" not in page
