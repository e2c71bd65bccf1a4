"""A forgotten password: a new one, on a slip; the open sessions end."""

import json
import stat

import pytest

from hub.cli import PROGRAM
from node import people, sessions
from node.command import run
from node.errors import SignInRefused
from node.people import NewAccount
from tests.integration.hub_county import NOW


@pytest.fixture
def hub(world, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "county" / "hub"))

    def command(*words):
        code = run(PROGRAM, [*words, "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out), told.err

    return command


def test_a_forgotten_password_is_replaced_on_a_slip(hub, county, tmp_path):
    database = county.node.database
    with database.write() as tx:
        new = NewAccount("li", "李<敏>", "clerk", "411526000000")
        old = people.add(tx, new, now=NOW).password
    token = sessions.sign_in(database, login="li", password=old, now=NOW).token
    slip = tmp_path / "slip.html"

    code, done, _ = hub("user", "reset-password", "LI", "--slip", str(slip))

    assert (code, done["user"]) == (0, "li")
    assert sessions.who(database, token, now=NOW) is None
    with pytest.raises(SignInRefused):
        sessions.sign_in(database, login="li", password=old, now=NOW)
    assert sessions.sign_in(database, login="li", password=done["password"], now=NOW)
    page = slip.read_text(encoding="utf-8")
    assert done["password"] in page
    assert "李&lt;敏&gt;" in page
    assert stat.S_IMODE(slip.stat().st_mode) == 0o600


def test_a_slip_is_never_written_over_another_file(hub, county, tmp_path):
    slip = tmp_path / "there.html"
    slip.write_text("mine")
    code, told, _ = hub("user", "reset-password", "approver", "--slip", str(slip))
    assert code == 1
    assert "error" in told
    assert slip.read_text() == "mine"


def test_nobody_of_that_name(hub):
    assert hub("user", "reset-password", "nobody")[0] == 1
