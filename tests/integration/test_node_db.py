"""Real SQLCipher files: durable, encrypted, one writer, across threads and processes."""

import signal
import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa
import sqlite_utils

from node import rows, settings
from node.db import Database, driver
from node.driver_errors import BUSY_SECONDS
from node.errors import Busy, Damaged, DiskFailed, WrongKey

KEY = bytes(range(32))
CHILD = """
import pathlib, sys
from node.db import Database, driver
database = Database.sqlite(pathlib.Path(sys.argv[1]), bytes(range(32)))
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bangban.db"


@pytest.fixture
def database(path):
    opened = Database.sqlite(path, KEY)
    with opened.write() as tx:
        rows.metadata.create_all(tx)
    yield opened
    opened.close()


def child(path, code):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def keep(database, key, value):
    with database.write() as tx:
        settings.put(tx, key, value, now=1)


def kept(database, key):
    with database.read() as tx:
        return settings.get(tx, key)


def test_what_was_written_is_read(database):
    keep(database, "place", {"名": "幸福村"})
    keep(database, "place", {"名": "平安村"})
    assert kept(database, "place") == {"名": "平安村"}
    assert kept(database, "nothing") is None


def write_and_fail(database, write):
    with database.write() as tx:
        write(tx)
        raise ZeroDivisionError


def test_a_block_that_raises_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, lambda tx: settings.put(tx, "a", 1, now=1))
    assert kept(database, "a") is None
    keep(database, "a", 2)
    assert kept(database, "a") == 2


def test_reading_sees_one_snapshot(database):
    keep(database, "a", 1)
    with database.read() as tx:
        assert settings.get(tx, "a") == 1
        keep(database, "a", 2)
        assert settings.get(tx, "a") == 1
    assert kept(database, "a") == 2


def test_reading_cannot_write(database):
    with pytest.raises(DiskFailed), database.read() as tx:
        settings.put(tx, "a", 1, now=1)
    assert kept(database, "a") is None


def test_the_promised_settings_hold_on_every_connection(database):
    with database.write() as tx:
        assert {
            name: driver(tx).execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        } == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    with database.read() as tx:
        assert driver(tx).execute("PRAGMA query_only").fetchone()[0] == 1


def test_nothing_of_it_can_be_read_without_the_key(database, path):
    keep(database, "name", "MARKER-王芳")
    on_disk = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"MARKER" not in on_disk
    assert b"SQLite format" not in on_disk


@pytest.mark.usefixtures("database")
def test_the_file_is_private(path):
    assert path.stat().st_mode & 0o077 == 0


def test_a_wrong_key_is_named_and_prints_nothing(database, path, capfd):
    with pytest.raises(WrongKey):
        Database.sqlite(path, bytes(32))
    assert capfd.readouterr() == ("", "")
    assert kept(database, "a") is None


def test_a_key_of_another_size_is_refused(path):
    with pytest.raises(ValueError, match="32"):
        Database.sqlite(path, b"short")


def count_like(database, pattern):
    with database.read() as tx:
        return tx.execute(
            sa.text("SELECT count(*) FROM setting WHERE value LIKE :pattern"), {"pattern": pattern}
        ).scalar()


def test_a_changed_byte_is_found(path):
    database = Database.sqlite(path, KEY)
    with database.write() as tx:
        rows.metadata.create_all(tx)
        for number in range(200):
            settings.put(tx, f"k{number}", "x" * 500, now=1)
    database.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    database = Database.sqlite(path, KEY)
    with pytest.raises(Damaged):
        count_like(database, "%y%")
    database.close()


def test_threads_take_turns(database):
    keep(database, "n", 0)

    def count():
        for _ in range(25):
            with database.write() as tx:
                settings.put(tx, "n", settings.get(tx, "n") + 1, now=1)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(database, "n") == 200


def test_writing_inside_writing_is_a_mistake_not_a_wait(database):
    with database.write(), pytest.raises(RuntimeError), database.write():
        pass


def test_processes_take_turns(database, path):
    keep(database, "n", 0)
    code = """
from node import settings
for _ in range(100):
    with database.write() as tx:
        settings.put(tx, "n", settings.get(tx, "n") + 1, now=1)
"""
    children = [child(path, code) for _ in range(2)]
    for _ in range(100):
        with database.write() as tx:
            settings.put(tx, "n", settings.get(tx, "n") + 1, now=1)
    for process in children:
        process.communicate()
        assert process.returncode == 0
    assert kept(database, "n") == 300


HOLD = """
with database.write() as tx:
    driver(tx).execute("INSERT INTO setting VALUES ('half', '1', 1)")
    print("holding", flush=True)
    sys.stdin.read()
"""


def test_another_process_that_keeps_the_lock_makes_us_busy(database, path):
    process = child(path, HOLD)
    assert process.stdout.readline() == "holding\n"
    impatient = Database.sqlite(path, KEY, patience=0)
    with pytest.raises(Busy):
        keep(impatient, "a", 1)
    assert kept(impatient, "half") is None
    process.communicate("")
    keep(impatient, "a", 1)
    assert kept(database, "half") == 1
    impatient.close()


def test_kill_in_a_write_loses_that_write_only_and_frees_the_lock(database, path):
    process = child(path, HOLD)
    assert process.stdout.readline() == "holding\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    keep(database, "after", 1)
    assert (kept(database, "half"), kept(database, "after")) == (None, 1)


def test_what_was_confirmed_survives_kill_at_any_moment(path, database):
    """The child says each number only after its transaction; all that were said must be there."""
    code = """
from node import settings
number = 0
while True:
    number += 1
    with database.write() as tx:
        settings.put(tx, f"n{number}", number, now=1)
    print(number, flush=True)
"""
    for stop_after in (1, 7, 40):
        process = child(path, code)
        said = 0
        while said < stop_after:
            said = int(process.stdout.readline())
        process.kill()
        rest, _ = process.communicate()
        confirmed = max([said, *(int(line) for line in rest.splitlines() if line)])
        with database.read() as tx:
            assert all(settings.get(tx, f"n{n}") == n for n in range(1, confirmed + 1))
            assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_sqlite_utils_writes_inside_our_transaction(database):
    def insert(tx):
        sqlite_utils.Database(driver(tx))["hit"].insert({"words": "高 龄 津 贴"})

    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, insert)
    with database.write() as tx:
        tools = sqlite_utils.Database(driver(tx))
        assert tools.table_names().count("hit") == 0
        tools["hit"].insert({"words": "高 龄 津 贴"})
        tools["hit"].enable_fts(["words"], tokenize="unicode61")
    with database.read() as tx:
        tools = sqlite_utils.Database(driver(tx))
        found = next(iter(tools["hit"].search('"龄 津"', quote=False)))
        assert found["words"] == "高 龄 津 贴"


def test_run_answers_what_the_work_answers(database):
    def work(tx):
        settings.put(tx, "a", 5, now=1)
        return "done"

    assert database.run(work) == "done"
    assert kept(database, "a") == 5


def test_waiting_time_is_what_the_contract_says(database):
    assert BUSY_SECONDS == 10
    with database.write() as tx:
        assert driver(tx).execute("PRAGMA busy_timeout").fetchone()[0] == 10_000
