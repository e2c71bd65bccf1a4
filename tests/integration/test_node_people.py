"""Accounts, sign-in, lockout and sessions against a real database and a clock that is set."""

import threading

import pytest

from casework.places import Role
from node import people, rows, sessions, settings
from node.clock import FixedClock
from node.db import Database
from node.errors import (
    LastAdministrator,
    LoginTaken,
    NoAccountFor,
    NoSuchAccount,
    SignInRefused,
    TooManyTries,
    UnknownRole,
)
from node.people import NewAccount
from node.sessions import Activity, wait_ms

MINUTE = 60_000


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def database(tmp_path):
    opened = Database.sqlite(tmp_path / "bangban.db", bytes(32))
    with opened.write() as tx:
        rows.metadata.create_all(tx)
    yield opened
    opened.close()


@pytest.fixture
def helper(database, clock):
    return enter(database, clock, "wang", Role.HELPER)


def enter(database, clock, login, role):
    new = NewAccount(login, "王秀兰", role, "411526101201")
    with database.write() as tx:
        return people.add(tx, new, now=clock.now)


def sign_in(database, clock, login, password):
    return sessions.sign_in(database, login=login, password=password, now=clock.now)


def fail(database, clock, login="wang"):
    with pytest.raises(SignInRefused):
        sign_in(database, clock, login, "wrong")


def test_the_right_password_opens_a_session(database, clock, helper):
    opened = sign_in(database, clock, "  WANG ", helper.password)
    assert opened.account == helper.account
    assert sessions.who(database, opened.token, now=clock.now) == helper.account


def test_neither_password_nor_token_is_stored(database, clock, helper):
    opened = sign_in(database, clock, "wang", helper.password)
    with database.read() as tx:
        stored = repr(tx.exec_driver_sql("SELECT * FROM account").all())
        stored += repr(tx.exec_driver_sql("SELECT * FROM session").all())
    assert helper.password not in stored
    assert opened.token not in stored
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in stored


def test_every_sign_in_gives_a_new_token(database, clock, helper):
    tokens = {sign_in(database, clock, "wang", helper.password).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) == 43 for token in tokens)


def test_unknown_logins_and_accounts_that_are_off_are_refused_alike(database, clock, helper):
    fail(database, clock, "nobody")
    fail(database, clock, "wang")
    with database.write() as tx:
        people.disable(tx, "wang", now=clock.now)
    with pytest.raises(SignInRefused):
        sign_in(database, clock, "wang", helper.password)


def test_five_wrong_passwords_close_the_login_for_thirty_seconds(database, clock, helper):
    for _ in range(5):
        fail(database, clock)
    with pytest.raises(TooManyTries) as told:
        sign_in(database, clock, "wang", helper.password)
    assert told.value.seconds == 30
    clock.advance(29_999)
    with pytest.raises(TooManyTries):
        sign_in(database, clock, "wang", helper.password)
    clock.advance(1)
    assert sign_in(database, clock, "wang", helper.password)


def test_the_wait_doubles_up_to_an_hour():
    assert [wait_ms(n) // 1000 for n in (0, 4, 5, 6, 7, 11, 12, 13, 500)] == [
        0, 0, 30, 60, 120, 1920, 3600, 3600, 3600,
    ]  # fmt: skip


def test_a_sixth_failure_waits_twice_as_long(database, clock):
    for _ in range(5):
        fail(database, clock)
    clock.advance(30_000)
    fail(database, clock)
    with pytest.raises(TooManyTries) as told:
        sign_in(database, clock, "wang", "x")
    assert told.value.seconds == 60


def test_the_count_survives_a_restart(tmp_path, clock, database, helper):
    for _ in range(5):
        fail(database, clock)
    again = Database.sqlite(tmp_path / "bangban.db", bytes(32))
    with pytest.raises(TooManyTries):
        sign_in(again, clock, "wang", helper.password)
    again.close()


def test_a_clock_set_back_does_not_close_a_login_for_longer_than_its_wait(database, clock, helper):
    for _ in range(5):
        fail(database, clock)
    clock.now -= 86_400_000
    with pytest.raises(TooManyTries) as told:
        sign_in(database, clock, "wang", helper.password)
    assert told.value.seconds == 30


def test_success_and_other_logins_start_from_zero(database, clock, helper):
    for _ in range(4):
        fail(database, clock)
    assert sign_in(database, clock, "wang", helper.password)
    for _ in range(4):
        fail(database, clock)
    fail(database, clock, "li")
    assert sign_in(database, clock, "wang", helper.password)


def test_guessing_at_once_gains_nothing(database, clock, helper):
    """Eight guesses in flight and then the right password: it is not even looked at."""
    for _ in range(4):
        fail(database, clock)
    answers = []

    def guess(password):
        try:
            answers.append(sign_in(database, clock, "wang", password))
        except (SignInRefused, TooManyTries) as error:
            answers.append(error)

    threads = [threading.Thread(target=guess, args=(f"guess{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    guess(helper.password)
    assert sum(isinstance(answer, SignInRefused) for answer in answers) >= 1
    assert not any(isinstance(answer, sessions.SignedIn) for answer in answers)
    with database.read() as tx:
        assert tx.exec_driver_sql("SELECT failures FROM sign_in_failure").scalar() == 5


def test_a_session_ends_after_fifteen_idle_minutes(database, clock, helper):
    token = sign_in(database, clock, "wang", helper.password).token
    clock.advance(15 * MINUTE - 1)
    assert sessions.who(database, token, now=clock.now)
    clock.advance(15 * MINUTE - 1)
    assert sessions.who(database, token, now=clock.now)
    clock.advance(15 * MINUTE)
    assert sessions.who(database, token, now=clock.now) is None


def test_polling_does_not_prolong_a_session(database, clock, helper):
    token = sign_in(database, clock, "wang", helper.password).token
    for _ in range(14):
        clock.advance(MINUTE)
        assert sessions.who(database, token, now=clock.now, activity=Activity.POLL)
    clock.advance(MINUTE)
    assert sessions.who(database, token, now=clock.now, activity=Activity.POLL) is None


def test_a_session_ends_after_twelve_hours_in_any_case(database, clock, helper):
    token = sign_in(database, clock, "wang", helper.password).token
    for _ in range(71):
        clock.advance(10 * MINUTE)
        assert sessions.who(database, token, now=clock.now)
    clock.advance(10 * MINUTE)
    assert sessions.who(database, token, now=clock.now) is None


def test_times_come_from_the_settings(database, clock, helper):
    with database.write() as tx:
        settings.put(tx, "session.idle_minutes", 2, now=1)
    token = sign_in(database, clock, "wang", helper.password).token
    clock.advance(2 * MINUTE)
    assert sessions.who(database, token, now=clock.now) is None


def test_a_clock_set_back_ends_a_session(database, clock, helper):
    token = sign_in(database, clock, "wang", helper.password).token
    clock.now -= 60 * MINUTE
    assert sessions.who(database, token, now=clock.now) is None


def test_sign_out_ends_one_session_only(database, clock, helper):
    first = sign_in(database, clock, "wang", helper.password).token
    second = sign_in(database, clock, "wang", helper.password).token
    sessions.sign_out(database, first)
    sessions.sign_out(database, "unknown")
    assert sessions.who(database, first, now=clock.now) is None
    assert sessions.who(database, second, now=clock.now)


@pytest.mark.parametrize("act", ["disable", "set_password"])
def test_switching_off_and_new_passwords_end_every_session(database, clock, helper, act):
    token = sign_in(database, clock, "wang", helper.password).token
    with database.write() as tx:
        if act == "disable":
            people.disable(tx, "wang", now=clock.now)
        else:
            people.set_password(tx, "wang")
    assert sessions.who(database, token, now=clock.now) is None


def test_the_last_administrator_cannot_be_switched_off(database, clock):
    for login in ("first", "second"):
        enter(database, clock, login, Role.ADMINISTRATOR)
    with database.write() as tx:
        assert people.disable(tx, "first", now=clock.now).disabled
        assert people.disable(tx, "first", now=clock.now).disabled, "again is no harm"
        with pytest.raises(LastAdministrator):
            people.disable(tx, " SECOND", now=clock.now)
        assert not people.by_login(tx, "second").disabled


def test_a_new_password_replaces_the_old_one_and_its_waiting_time(database, clock, helper):
    for _ in range(5):
        fail(database, clock)
    with database.write() as tx:
        fresh = people.set_password(tx, "wang").password
    assert sign_in(database, clock, "wang", fresh)
    with pytest.raises(SignInRefused):
        sign_in(database, clock, "wang", helper.password)


def test_logins_are_unique_whatever_their_case(database, clock, helper):
    assert helper.account.login == "wang"
    with pytest.raises(LoginTaken):
        enter(database, clock, "Wang ", Role.CLERK)


@pytest.mark.parametrize("role", ["king", "system", ""])
def test_only_the_six_roles_may_be_given(database, clock, role):
    with pytest.raises(UnknownRole):
        enter(database, clock, "x", role)


def test_who_acts_where_nobody_is_named(database, clock):
    enter(database, clock, "admin", Role.ADMINISTRATOR)
    enter(database, clock, "he", Role.APPROVER)
    enter(database, clock, "she", Role.APPROVER)
    with database.write() as tx:
        assert people.default_account(tx, {Role.APPROVER}).login == "he"
        people.disable(tx, "he", now=clock.now)
        assert people.acting(tx, None, {"approver", "clerk"}).login == "she"
        assert people.acting(tx, "ADMIN", {"approver"}).login == "admin"
        with pytest.raises(NoAccountFor) as told:
            people.default_account(tx, {Role.CLERK, Role.TELLER})
        with pytest.raises(NoSuchAccount):
            people.acting(tx, "he", {"approver"})
        with pytest.raises(NoSuchAccount):
            people.acting(tx, "nobody", {"approver"})
    assert told.value.roles == ["clerk", "teller"]


def test_accounts_are_listed_in_the_order_of_their_making(database, clock):
    for login in ("z", "a", "m"):
        enter(database, clock, login, Role.CLERK)
    with database.read() as tx:
        assert [account.login for account in people.accounts(tx)] == ["z", "a", "m"]


def test_first_passwords_can_be_read_out():
    passwords = {people.new_password() for _ in range(100)}
    assert len(passwords) == 100
    for password in passwords:
        assert [len(group) for group in password.split("-")] == [4, 4, 4]
        assert not set(password) & set("aeioul01sz25b8AEIOU")
