"""The same two verbs on PostgreSQL, and what is different there."""

import threading
from contextlib import closing

import pytest
import sqlalchemy as sa

from casework.places import Role
from node import idempotency, people, rows, sessions, settings
from node.db import Database
from node.errors import (
    Busy,
    DatabaseUnreachable,
    Deadlock,
    IdempotencyKeyMissing,
    RequestDiffers,
    RequestInFlight,
    SignInRefused,
    TooManyTries,
)
from node.idempotency import KEPT_DAYS, Answer
from node.people import NewAccount

DAY = 86_400_000
NOW = 1_795_227_000_000


@pytest.fixture
def postgres(postgres_url):
    with closing(Database.url(postgres_url)) as opened:
        with opened.write() as tx:
            rows.metadata.create_all(tx)
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "postgresql":
        yield request.getfixturevalue("postgres")
        return
    with closing(Database.sqlite(tmp_path / "bangban.db", bytes(32))) as opened:
        with opened.write() as tx:
            rows.metadata.create_all(tx)
        yield opened


def keep(database, key, value):
    with database.write() as tx:
        settings.put(tx, key, value, now=1)


def kept(database, key):
    with database.read() as tx:
        return settings.get(tx, key)


def test_a_block_that_raises_leaves_nothing(database):
    def fail():
        with database.write() as tx:
            settings.put(tx, "a", 1, now=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    keep(database, "b", {"名": "值"})
    assert (kept(database, "a"), kept(database, "b")) == (None, {"名": "值"})


def test_reading_sees_one_snapshot(database):
    keep(database, "a", 1)
    with database.read() as tx:
        assert settings.get(tx, "a") == 1
        keep(database, "a", 2)
        assert settings.get(tx, "a") == 1


def test_reading_cannot_write(postgres):
    with pytest.raises(sa.exc.InternalError, match="read-only"), postgres.read() as tx:
        settings.put(tx, "a", 1, now=1)
    assert kept(postgres, "a") is None


def test_people_and_sessions_are_the_same_on_both(database):
    with database.write() as tx:
        helper = people.add(tx, NewAccount("wang", "王", Role.HELPER, "411526101201"), now=NOW)
    opened = sessions.sign_in(database, login="wang", password=helper.password, now=NOW)
    assert sessions.who(database, opened.token, now=NOW) == helper.account
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sessions.sign_in(database, login="wang", password="x", now=NOW)
    with pytest.raises(TooManyTries):
        sessions.sign_in(database, login="wang", password=helper.password, now=NOW)


def test_nobody_answers(postgres_url):
    elsewhere = sa.make_url(postgres_url).update_query_dict({"host": "/nowhere"})
    with pytest.raises(DatabaseUnreachable):
        Database.url(elsewhere.render_as_string(hide_password=False))


def test_another_kind_of_address_is_refused():
    with pytest.raises(ValueError, match="sqlite"):
        Database.url("sqlite:///x.db")


def impatiently(database, work):
    with database.write() as tx:
        tx.exec_driver_sql("SET LOCAL lock_timeout = '1ms'")
        work(tx)


def test_a_row_that_stays_locked_is_busy(postgres):
    keep(postgres, "a", 1)
    with postgres.write() as tx:
        settings.put(tx, "a", 2, now=1)
        with pytest.raises(Busy):
            impatiently(postgres, lambda other: settings.put(other, "a", 3, now=1))
    assert kept(postgres, "a") == 2


def test_a_deadlock_is_named_and_done_again(postgres):
    keep(postgres, "a", 0)
    keep(postgres, "b", 0)
    both_started = threading.Barrier(2)
    tries = {"ab": 0, "ba": 0}

    def add(order):
        def work(tx):
            tries[order] += 1
            tx.exec_driver_sql("SET LOCAL deadlock_timeout = '10ms'")
            for key in order:
                settings.put(tx, key, tries[order], now=1)
                if key == order[0] and max(tries.values()) == 1:
                    both_started.wait()

        postgres.run(work)

    threads = [threading.Thread(target=add, args=(order,)) for order in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Who gave way may have to give way once more on a busy machine.
    assert min(tries.values()) == 1
    assert max(tries.values()) > 1


def test_after_five_deadlocks_the_caller_is_told(database):
    tries = []

    def work(_tx):
        tries.append(1)
        raise Deadlock

    with pytest.raises(Deadlock):
        database.run(work)
    assert len(tries) == 5


# --- requests that come twice


def answer_once(database, request, *, now=NOW):
    """What an API view does: the effect and its answer in one transaction."""
    with database.write() as tx:
        given = idempotency.answered(tx, request)
        if given is not None:
            return given
        made = settings.get(tx, "made", 0) + 1
        settings.put(tx, "made", made, now=now)
        answer = Answer(201, b'{"made": %d}' % made, f"/things/{made}")
        idempotency.remember(tx, request, answer, now=now)
        return answer


def ask(key="k1", *, account=1, body=b"{}", route="POST /api/v1/things"):
    return idempotency.claim(account, key, route=route, body=body)


def test_the_same_request_has_one_effect_and_one_answer(database):
    first = answer_once(database, ask())
    assert answer_once(database, ask()) == first
    assert first == Answer(201, b'{"made": 1}', "/things/1")
    assert kept(database, "made") == 1


def test_other_keys_and_other_people_are_other_requests(database):
    answers = {answer_once(database, ask(key, account=who)) for key in "ab" for who in (1, 2)}
    assert len(answers) == 4


@pytest.mark.parametrize("change", [{"body": b"{1}"}, {"route": "POST /api/v1/others"}])
def test_the_key_belongs_to_one_body_and_address(database, change):
    answer_once(database, ask())
    with pytest.raises(RequestDiffers):
        answer_once(database, ask(**change))


def test_work_that_fails_leaves_the_key_free(database):
    def fail():
        with database.write() as tx:
            assert idempotency.answered(tx, ask()) is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert answer_once(database, ask()).status == 201


def test_a_request_in_work_is_not_done_twice(postgres):
    with postgres.write() as tx:
        assert idempotency.answered(tx, ask()) is None
        with pytest.raises(Busy):
            impatiently(postgres, lambda other: idempotency.answered(other, ask()))


def test_an_answer_that_was_never_given_is_still_in_work(database):
    with database.write() as tx:
        assert idempotency.answered(tx, ask()) is None
    with pytest.raises(RequestInFlight):
        answer_once(database, ask())


def test_answers_are_kept_for_180_days(database):
    first = answer_once(database, ask())
    answer_once(database, ask("other"), now=NOW + KEPT_DAYS * DAY)
    assert answer_once(database, ask()) == first
    answer_once(database, ask("third"), now=NOW + KEPT_DAYS * DAY + 1)
    assert answer_once(database, ask()) != first


@pytest.mark.parametrize("key", [None, "", "k" * 201])
def test_a_creating_request_needs_a_key(key):
    with pytest.raises(IdempotencyKeyMissing):
        ask(key)
