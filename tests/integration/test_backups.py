"""Backups by the real use cases: made while serving, proven, altered, and gone on from."""

import io
import tarfile
from contextlib import closing

import pytest
import sqlalchemy as sa

from casework.facts import Act
from hub.keys import open_hub
from hub.usecases import backups
from node import verifying
from node.clock import FixedClock
from node.config import DataDirectory
from node.errors import AlreadyInitialised, BackupUnreadable, DatabaseNotEmpty, KeyFileMissing
from sync.adapters.tables import change_set
from tests.integration import hub_county as tools
from tests.integration.hub_county import TOWNSHIP, VILLAGE, Hub, accepted, receive


def numbers(county, records):
    """The official numbers of some cases at the hub."""
    return {record: county.case(record).state.text("official_number") for record in records}


def received_on(county):
    """When the county received each change set, by header."""
    with county.node.database.read() as tx:
        c = change_set.c
        rows = tx.execute(sa.select(c.header_hash, c.received_at))
        return {row.header_hash: row.received_at for row in rows if row.received_at}


class Restoring:
    """A county that breaks down and is put back from a backup, into another directory."""

    def __init__(self, county, folder, url=None):
        self.county, self.folder, self.url = county, folder, url
        self.file = folder / "hub.backup"

    def back_up(self):
        """Make the backup."""
        return backups.create(self.county.node, self.file)

    def restore(self, name="hub-anew"):
        """Put the county back; an operator has laid the key file beside the new directory."""
        old, new = self.county.node.directory, DataDirectory(self.folder / name)
        if old.key_file.exists():
            new.key_file.write_bytes(old.key_file.read_bytes())
        clock = FixedClock(self.county.node.clock.now_ms() + 1000, 1)
        done = backups.restore(self.file, new, None, clock=clock, database_url=self.url)
        return Hub(open_hub(new, None, clock), {}), done


@pytest.fixture
def restoring(county, tmp_path):
    return Restoring(county, tmp_path)


def settle(county, *stations):
    """Exchange until everybody has everything."""
    for _ in range(3):
        for station in stations:
            station.sync(county)


def test_a_restored_county_gets_back_what_the_stations_hold(county, places, restoring):
    """Numbers, verdicts and days of receipt come back as they were; nothing is numbered twice."""
    village, town = places[VILLAGE], places[TOWNSHIP]
    early = receive(village)
    village.sync(county)
    restoring.back_up()
    late = [receive(village, id_no=f"41159919900615{n}") for n in ("0032", "0040", "0059")]
    village.write(late[0], accepted())
    village.sync(county)
    town.sync(county)
    receive(town, id_no="411599199006150067")
    town.sync(county)
    records = [early, *late]
    before, received = numbers(county, records), received_on(county)
    assert all(before.values())
    county.node.database.close()

    again, done = restoring.restore()
    with closing(again.node.database):
        assert done.replica != done.made.replica
        unsent = receive(village, id_no="411599199006150075")
        settle(again, village, town)
        assert numbers(again, records) == before
        fresh = numbers(again, [unsent])[unsent]
        assert fresh not in {"", *before.values()}
        kept = received_on(again)
        assert {h: kept[h] for h in received} == received
        assert verifying.verify(again.node).ok
        assert village.case(late[0]).state == again.case(late[0]).state


def test_the_next_number_of_that_day_does_not_collide(county, places, restoring):
    """A station that never comes back may hold a number that the restored county does not know."""
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    restoring.back_up()
    lost = receive(village, id_no="411599199006150032")
    village.sync(county)
    given = numbers(county, [lost])[lost]
    county.node.database.close()
    again, _ = restoring.restore()
    with closing(again.node.database):
        other = places[TOWNSHIP]
        fresh = receive(other, id_no="411599199006150040")
        other.sync(again)
        assert numbers(again, [fresh])[fresh] > given


def test_a_backup_is_read_as_a_restore_would_read_it(county, places, restoring):
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    made = restoring.back_up()
    clock, beside = county.node.clock, county.node.directory
    checked = backups.verify(restoring.file, None, beside=beside, clock=clock)
    assert checked.report.ok
    assert checked.made.replica == made.replica == county.node.identity().replica.hex()
    assert checked.report.operations > 0


def members(file):
    with tarfile.open(file) as archive:
        return [(entry, archive.extractfile(entry).read()) for entry in archive]


def rewritten(file, change):
    """Write a backup again with its members changed by somebody."""
    found = members(file)
    with tarfile.open(file, "w") as archive:
        for entry, content in found:
            for name, data in change(entry.name, content):
                new = tarfile.TarInfo(name)
                new.size = len(data)
                archive.addfile(new, io.BytesIO(data))


def flip(wanted):
    """Change one byte in the middle of a member."""

    def change(name, content):
        if name == wanted:
            half = len(content) // 2
            content = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
        return [(name, content)]

    return change


ATTACKS = {
    "the database altered": flip("database.db"),
    "the manifest altered": flip("manifest.cbor"),
    "no manifest": lambda name, content: [] if name == "manifest.cbor" else [(name, content)],
    "a photo added": lambda name, content: [
        (name, content),
        *([(f"blobs/aa/{'aa' * 32}.0", b"x")] if name == "keys.cbor" else []),
    ],
    "a path out of the directory": lambda name, content: [
        (name, content),
        *([("../out.txt", b"x")] if name == "keys.cbor" else []),
    ],
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_altered_backup_is_refused_and_makes_no_county(restoring, tmp_path, attack):
    restoring.back_up()
    rewritten(restoring.file, attack)
    with pytest.raises(BackupUnreadable):
        restoring.restore()
    assert not DataDirectory(tmp_path / "hub-anew").initialised
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize("left", [0.1, 0.6, 0.9])
def test_a_cut_backup_is_refused(restoring, left):
    restoring.back_up()
    content = restoring.file.read_bytes()
    restoring.file.write_bytes(content[: int(len(content) * left)])
    with pytest.raises(BackupUnreadable):
        restoring.restore()


def test_a_backup_without_its_key_file_says_what_is_missing(restoring, tmp_path):
    restoring.back_up()
    with pytest.raises(KeyFileMissing):
        backups.restore(
            restoring.file, DataDirectory(tmp_path / "bare"), None, clock=FixedClock(1, 1)
        )
    again, _ = restoring.restore("bare")  # nothing that was begun stands in the way
    again.node.database.close()


def test_a_county_is_never_written_over(county, restoring):
    restoring.back_up()
    with pytest.raises(AlreadyInitialised):
        backups.restore(restoring.file, county.node.directory, None, clock=FixedClock(1, 1))


def test_what_was_written_while_the_backup_was_made_is_not_open_in_it(county, places, restoring):
    """Everything in a backup is signed; what the county wrote later is in the next one."""
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    restoring.back_up()
    _, done = restoring.restore()
    assert done.work.rewritten == 0


def test_from_postgresql_and_back(tmp_path, postgres_url, postgres_cluster):
    """A backup of a PostgreSQL hub is a file; it is restored into a file or another PostgreSQL."""
    empty = postgres_cluster.create("restored_here")
    with tools.hub(tmp_path, database_url=postgres_url) as county:
        village = tools.enrol(county, tmp_path, TOWNSHIP)
        record = receive(village)
        village.sync(county)
        before = numbers(county, [record])
        restoring = Restoring(county, tmp_path, empty)
        restoring.back_up()
    again, _ = restoring.restore()
    with closing(again.node.database):
        assert again.node.database.engine.dialect.name == "postgresql"
        village.sync(again)
        more = receive(village, id_no="411599199006150032")
        village.sync(again)
        assert numbers(again, [record]) == before
        assert numbers(again, [more])[more]
        assert verifying.verify(again.node).ok
    restoring.url = None
    other, _ = restoring.restore("in-a-file")
    with closing(other.node.database):
        assert other.node.database.engine.dialect.name == "sqlite"
        village.sync(other)
        assert verifying.verify(other.node).ok
    village.database.close()
    postgres_cluster.drop("restored_here")


def test_verdicts_come_back_too(county, places, restoring):
    """What the county had refused stays refused, though the restored county never saw it."""
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    restoring.back_up()
    wrong = receive(village, id_no="411599199006150032")
    village.write(wrong, Act("case.decided", {"decided": {"at": tools.NOW, "outcome": "yes"}}))
    village.sync(county)
    refused = county.case(wrong).evidence.merged.refused
    assert refused
    county.node.database.close()
    again, _ = restoring.restore()
    with closing(again.node.database):
        for _ in range(2):
            village.sync(again)
        assert again.case(wrong).evidence.merged.refused == refused


@pytest.mark.postgres
def test_a_database_that_is_not_empty_is_told(county, postgres_url, tmp_path):
    """A restore that was cut after its rows went in, and another county's live database."""
    made = Restoring(county, tmp_path, postgres_url)
    made.back_up()
    again, _ = made.restore()
    again.node.database.close()
    with pytest.raises(DatabaseNotEmpty):
        made.restore("another")
    assert not DataDirectory(tmp_path / "another").initialised
