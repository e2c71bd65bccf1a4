"""The station master key: slots, subkeys, small secrets."""

import cbor2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto import keyring
from crypto.errors import Flaw, LimitExceeded, Malformed, Tampered, WrongSecret
from crypto.keyring import Cost, KeyFileSlot, Label, PassphraseSlot
from tests.unit.crypto.builders import entropy

MASTER = b"\x0c" * 32
KEY_FILE = b"\x0d" * 32
CHEAP = Cost(memory_kib=8_192, passes=1)


def passphrase_slot(typed="村里的密码", cost=CHEAP):
    return PassphraseSlot.wrap(MASTER, typed, entropy=entropy(), cost=cost)


def key_file_slot():
    return KeyFileSlot.wrap(MASTER, KEY_FILE, entropy=entropy())


def test_the_passphrase_opens_its_slot():
    assert passphrase_slot().unwrap("村里的密码") == MASTER


def test_the_default_cost_is_the_one_that_was_decided():
    slot = PassphraseSlot.wrap(MASTER, "x", entropy=entropy())
    assert slot.cost == Cost(memory_kib=65_536, passes=3, lanes=1)
    assert keyring.read_slot(slot.to_bytes()).unwrap("x") == MASTER


@pytest.mark.parametrize("wrong", ["", "村里的密", "村里的密码 "])
def test_another_passphrase_does_not(wrong):
    with pytest.raises(WrongSecret) as caught:
        passphrase_slot().unwrap(wrong)
    assert caught.value.slot == "passphrase"


def test_full_width_typing_is_the_same_passphrase():
    assert passphrase_slot("村 123").unwrap("村\u3000１２３") == MASTER


def test_the_key_file_opens_its_slot():
    assert key_file_slot().unwrap(KEY_FILE) == MASTER


@pytest.mark.parametrize("wrong", [b"", bytes(32), KEY_FILE[:-1]])
def test_another_key_file_does_not(wrong):
    with pytest.raises(WrongSecret) as caught:
        key_file_slot().unwrap(wrong)
    assert caught.value.slot == "key_file"


@pytest.mark.parametrize("slot", [passphrase_slot(), key_file_slot()])
def test_a_slot_survives_its_file(slot):
    assert keyring.read_slot(slot.to_bytes()) == slot


@pytest.mark.parametrize("slot", [passphrase_slot(), key_file_slot()])
def test_a_slot_does_not_show_the_master_key(slot):
    assert MASTER not in slot.to_bytes()
    assert repr(slot.wrapped) not in repr(slot)


def test_the_file_is_what_the_specification_tells():
    fields = cbor2.loads(passphrase_slot().to_bytes())
    assert sorted(fields) == [1, 2, 3, 4, 6, 7]
    assert (fields[1], fields[2], fields[4]) == (1, 1, [8_192, 1, 1])
    assert sorted(cbor2.loads(key_file_slot().to_bytes())) == [1, 2, 3, 6, 7]


def changed(slot, **changes):
    names = {"format": 1, "kind": 2, "salt": 3, "cost": 4, "nonce": 6, "wrapped": 7, "more": 8}
    fields = cbor2.loads(slot.to_bytes()) | {names[key]: value for key, value in changes.items()}
    return cbor2.dumps({key: value for key, value in fields.items() if value is not None})


@pytest.mark.parametrize(
    "change", [{"cost": [8_193, 1, 1]}, {"cost": [8_192, 2, 1]}, {"salt": bytes(16)}]
)
def test_a_slot_made_cheaper_does_not_open(change):
    slot = keyring.read_slot(changed(passphrase_slot(), **change))
    with pytest.raises(WrongSecret):
        slot.unwrap("村里的密码")


@pytest.mark.parametrize(
    ("cost", "what"),
    [
        ([262_145, 1, 1], "kdf_memory"),
        ([8_191, 1, 1], "kdf_memory"),
        ([2**62, 1, 1], "kdf_memory"),
        ([65_536, 11, 1], "kdf_passes"),
        ([65_536, 0, 1], "kdf_passes"),
        ([65_536, 3, 5], "kdf_lanes"),
        ([65_536, 3, -1], "kdf_lanes"),
    ],
)
def test_a_hostile_slot_cannot_ask_for_all_memory_or_none(cost, what):
    with pytest.raises(LimitExceeded) as caught:
        keyring.read_slot(changed(passphrase_slot(), cost=cost))
    assert caught.value.what == what


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": None},
        {"kind": 3},
        {"kind": 0},
        {"kind": 2},
        {"kind": "1"},
        {"salt": bytes(15)},
        {"salt": None},
        {"cost": [65_536, 3]},
        {"cost": [65_536, 3, True]},
        {"cost": 3},
        {"cost": None},
        {"nonce": bytes(11)},
        {"wrapped": bytes(47)},
        {"more": 1},
    ],
)
def test_another_slot_is_refused(change):
    with pytest.raises(Malformed):
        keyring.read_slot(changed(passphrase_slot(), **change))


def test_a_slot_of_more_than_its_limit_is_refused():
    with pytest.raises(LimitExceeded) as caught:
        keyring.read_slot(bytes(1025))
    assert caught.value.what == "slot"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_master_key_and_key_file_have_32_bytes(length):
    with pytest.raises(Malformed):
        PassphraseSlot.wrap(bytes(length), "x", entropy=entropy(), cost=CHEAP)
    with pytest.raises(Malformed):
        KeyFileSlot.wrap(bytes(length), KEY_FILE, entropy=entropy())
    with pytest.raises(Malformed):
        KeyFileSlot.wrap(MASTER, bytes(length), entropy=entropy())


def test_each_use_has_its_own_key():
    keys = {keyring.subkey(MASTER, label) for label in Label} | {MASTER}
    assert len(keys) == len(Label) + 1
    assert all(len(key) == 32 for key in keys)


def test_subkeys_never_change():
    # The database of every station in the field depends on these bytes.
    assert keyring.subkey(bytes(32), Label.DATABASE).hex() == (
        "11c439935b89d012e9ef31a2b895fe8db3b76ba4bf8f639d8dad22ef7c4f1f0d"
    )
    assert keyring.subkey(bytes(32), Label.IDENTITY).hex() == (
        "af0ff41afdb97f758b2a936084f09d285950f42e079192b04e80dae094896061"
    )


def seal_secret(secret=b"two seeds", purpose="identity"):
    return keyring.seal_secret(secret, KEY_FILE, purpose=purpose, entropy=entropy())


def test_a_secret_is_opened_for_its_purpose():
    assert keyring.open_secret(seal_secret(), KEY_FILE, purpose="identity") == b"two seeds"


@pytest.mark.parametrize(("key", "purpose"), [(MASTER, "identity"), (KEY_FILE, "other")])
def test_a_secret_is_not_opened_otherwise(key, purpose):
    with pytest.raises(Tampered) as caught:
        keyring.open_secret(seal_secret(), key, purpose=purpose)
    assert caught.value.what == "secret"


def test_the_secret_is_what_the_specification_tells():
    nonce, sealed = cbor2.loads(seal_secret())
    opened = ChaCha20Poly1305(KEY_FILE).decrypt(nonce, sealed, b"bangban secret 1 identity")
    assert opened == b"two seeds"


@pytest.mark.parametrize(
    "data", [b"", b"\x00", cbor2.dumps([b"", b""]), cbor2.dumps([bytes(12)]), cbor2.dumps({1: 2})]
)
def test_other_bytes_are_no_secret(data):
    with pytest.raises(Malformed):
        keyring.open_secret(data, KEY_FILE, purpose="identity")


def test_secrets_are_small():
    largest = seal_secret(bytes(65_536))
    assert keyring.open_secret(largest, KEY_FILE, purpose="identity") == bytes(65_536)
    with pytest.raises(LimitExceeded):
        seal_secret(bytes(65_537))
    with pytest.raises(LimitExceeded):
        keyring.open_secret(bytes(70_000), KEY_FILE, purpose="identity")


def test_a_key_of_another_length_is_refused():
    with pytest.raises(Malformed) as caught:
        keyring.seal_secret(b"", bytes(16), purpose="identity", entropy=entropy())
    assert caught.value.reason is Flaw.KEY_LENGTH
