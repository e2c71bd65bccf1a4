"""Key slots on a real disk: attended, unattended, and everything that does not open."""

import pytest

from crypto.keyring import Cost
from node import files, keys
from node.config import DataDirectory
from node.errors import (
    AlreadyInitialised,
    KeyFileDamaged,
    KeyFileMissing,
    Locked,
    NotInitialised,
    WrongKey,
)
from node.keys import OpenedBy
from node.problems import Language

CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)


@pytest.fixture
def directory(tmp_path):
    return DataDirectory(tmp_path / "village")


def test_a_passphrase_opens_what_it_closed(directory):
    made = keys.create(directory, "口令 一二三", cost=CHEAP)
    opened = keys.unlock(directory, "口令 一二三")
    assert opened.database_key == made.database_key
    assert opened.signing.verify_key == made.signing.verify_key
    assert opened.decryption.encryption_key == made.decryption.encryption_key
    assert opened.web_secret == made.web_secret
    assert opened.opened_by is OpenedBy.PASSPHRASE
    assert keys.attended(directory)
    assert not directory.key_file.exists()


def test_by_default_a_passphrase_costs_what_the_design_says(directory):
    keys.create(directory, "p")
    (slot,), _ = keys._read(directory)
    assert (slot.cost.memory_kib, slot.cost.passes, slot.cost.lanes) == (65_536, 3, 1)


@pytest.mark.parametrize("passphrase", ["", "口令 一二", "P"])
def test_another_passphrase_does_not(directory, passphrase):
    keys.create(directory, "p", cost=CHEAP)
    with pytest.raises(WrongKey):
        keys.unlock(directory, passphrase)


def test_an_attended_node_without_a_passphrase_stays_locked(directory):
    keys.create(directory, "p", cost=CHEAP)
    with pytest.raises(Locked):
        keys.unlock(directory, None)


def test_an_unattended_node_opens_by_the_file_beside_its_directory(directory):
    made = keys.create(directory, None)
    assert directory.key_file == directory.path.with_name("village.key")
    assert keys.unlock(directory, None).database_key == made.database_key
    assert not keys.attended(directory)
    with pytest.raises(WrongKey):
        keys.unlock(directory, "a passphrase it never had")


def test_the_copy_of_an_unattended_directory_alone_opens_nothing(directory):
    keys.create(directory, None)
    directory.key_file.unlink()
    with pytest.raises(KeyFileMissing):
        keys.unlock(directory, None)
    files.write_private(directory.key_file, bytes(32))
    with pytest.raises(WrongKey):
        keys.unlock(directory, None)


def test_unattended_says_what_it_does_not_protect_and_attended_says_nothing(directory, tmp_path):
    unattended = keys.create(directory, None)
    assert str(directory.key_file) in keys.warning(unattended, directory, Language.ZH)
    assert "reads everything" in keys.warning(unattended, directory, Language.EN)
    other = DataDirectory(tmp_path / "other")
    assert keys.warning(keys.create(other, "p", cost=CHEAP), other, Language.ZH) == ""


def test_files_are_private(directory):
    keys.create(directory, None)
    for path in (directory.slots, directory.key_file):
        assert path.stat().st_mode & 0o777 == 0o600
    assert directory.path.stat().st_mode & 0o777 == 0o700


def test_keys_are_never_written_over(directory):
    keys.create(directory, "p", cost=CHEAP)
    before = directory.slots.read_bytes()
    with pytest.raises(AlreadyInitialised):
        keys.create(directory, "p", cost=CHEAP)
    assert directory.slots.read_bytes() == before


def test_a_key_file_that_an_older_copy_may_need_is_kept(directory):
    files.write_private(directory.key_file, b"k" * 32)
    made = keys.create(directory, None)
    assert directory.key_file.read_bytes() == b"k" * 32
    assert keys.unlock(directory, None).database_key == made.database_key


def test_without_keys_there_is_no_node(directory):
    for ask in (lambda: keys.unlock(directory, None), lambda: keys.attended(directory)):
        with pytest.raises(NotInitialised):
            ask()


@pytest.mark.parametrize(
    "content", [b"", b"\xa0", b"not cbor", b"\xa3\x01\x01\x02\x81\x40\x03\xa0"]
)
def test_a_damaged_slot_file_is_named(directory, content):
    keys.create(directory, "p", cost=CHEAP)
    directory.slots.write_bytes(content)
    with pytest.raises(KeyFileDamaged):
        keys.unlock(directory, "p")


def test_no_two_keys_are_the_same(directory, tmp_path):
    one = keys.create(directory, None)
    two = keys.create(DataDirectory(tmp_path / "two"), None)
    drawn = [
        secret
        for opened in (one, two)
        for secret in (
            opened.database_key, opened.web_secret, opened.secret("signing"),
            opened.secret("decryption"),
        )
    ]  # fmt: skip
    assert len(set(drawn)) == 8


def test_secrets_are_kept_sealed(directory):
    made = keys.create(directory, None)
    grown = keys.keep_secret(directory, made, "root", secret=b"ROOT-SEED-" * 3)
    assert grown.secret("root") == b"ROOT-SEED-" * 3
    assert keys.unlock(directory, None).secret("root") == b"ROOT-SEED-" * 3
    assert b"ROOT-SEED" not in directory.slots.read_bytes()
    assert not made.has_secret("root")
    with pytest.raises(KeyError):
        made.secret("root")


def test_a_sealed_secret_cannot_be_moved_to_another_name(directory):
    made = keys.create(directory, None)
    swapped = keys.NodeKeys(
        made.opened_by, made._master, {**made._secrets, "signing": made._secrets["web"]}
    )
    with pytest.raises(KeyFileDamaged):
        _ = swapped.signing


def test_keys_do_not_show(directory):
    made = keys.create(directory, None)
    shown = repr(made) + str(made)
    assert made.database_key.hex() not in shown
    assert repr(made._master) not in shown


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    target = tmp_path / "file"
    files.write_private(target, b"old")
    with pytest.raises(TypeError):
        files.write_private(target, "not bytes")
    assert target.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
