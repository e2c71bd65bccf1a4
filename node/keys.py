"""A node's master key, the slots that open it, and what is derived from or sealed under it.

`keys.cbor` in the data directory holds slots and sealed secrets; alone it opens nothing.
*Attended*: a passphrase opens a slot. *Unattended*: the 32 bytes of a key file do, which lies
beside the data directory, never in it. The file is replaced whole or not at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from crypto import canonical
from crypto.entropy import random_bytes
from crypto.errors import CryptoError, Flaw, Malformed, WrongSecret
from crypto.keyring import (
    DEFAULT_COST,
    MASTER_BYTES,
    Cost,
    KeyFileSlot,
    Label,
    PassphraseSlot,
    Slot,
    open_secret,
    read_slot,
    seal_secret,
    subkey,
)
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey
from node.config import DataDirectory
from node.errors import AlreadyInitialised, KeyFileDamaged, KeyFileMissing, Locked, WrongKey
from node.files import write_private
from node.problems import Language

_FORMAT: Final = 1
_MAX_BYTES: Final = 1_000_000
_FORMAT_KEY, _SLOTS, _SECRETS = 1, 2, 3
SEED_BYTES: Final = 32
_DEVICE: Final = "device"
_FIRST_SECRETS: Final = ("signing", "decryption", "web")

Entropy = Callable[[int], bytes]


class OpenedBy(StrEnum):
    """Which kind of slot opened the node."""

    PASSPHRASE = "passphrase"  # noqa: S105  # a word, not a secret
    KEY_FILE = "key_file"


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """An unlocked node's keys; nothing of it shows in `repr`.

    Attributes:
        opened_by: the slot that was used; unattended nodes warn at every start.
    """

    opened_by: OpenedBy
    _master: bytes = field(repr=False)
    _secrets: Mapping[str, bytes] = field(repr=False)

    @property
    def database_key(self) -> bytes:
        """The raw key of the database, 32 bytes."""
        return subkey(self._master, Label.DATABASE)

    @property
    def signing(self) -> SigningKey:
        """This device's signing key."""
        return SigningKey(self.secret("signing"))

    @property
    def decryption(self) -> DecryptionKey:
        """This device's decryption key."""
        return DecryptionKey(self.secret("decryption"))

    @property
    def web_secret(self) -> bytes:
        """What the pages' form tokens are signed with; stands over restarts."""
        return self.secret("web")

    def secret(self, name: str) -> bytes:
        """A secret kept under a name.

        Raises:
            KeyError: there is none.
            KeyFileDamaged: it was altered.
        """
        return self.opened(self._secrets[name], name)

    def has_secret(self, name: str) -> bool:
        """Whether a secret is kept under this name."""
        return name in self._secrets

    def seal(self, content: bytes, purpose: str, *, entropy: Entropy) -> bytes:
        """Seal something so that only this node's keys open it."""
        return seal_secret(content, self._sealing_key(), purpose=purpose, entropy=entropy)

    def opened(self, sealed: bytes, purpose: str) -> bytes:
        """Open what `seal` sealed for a purpose.

        Raises:
            KeyFileDamaged: it was altered, or is of another node or purpose.
        """
        try:
            return open_secret(sealed, self._sealing_key(), purpose=purpose)
        except CryptoError as error:
            raise KeyFileDamaged(purpose) from error

    def seal_device(self, signing: bytes, decryption: bytes, *, entropy: Entropy) -> bytes:
        """Seal the two seeds of a device that enrols anew, to be kept in the database."""
        return self.seal(signing + decryption, _DEVICE, entropy=entropy)

    def device(self, sealed: bytes | None) -> tuple[SigningKey, DecryptionKey]:
        """This device's keys: those sealed in the database, or else those of the key file.

        Raises:
            KeyFileDamaged: they were altered.
        """
        if not sealed:
            return self.signing, self.decryption
        seeds = self.opened(sealed, _DEVICE)
        return SigningKey(seeds[:SEED_BYTES]), DecryptionKey(seeds[SEED_BYTES:])

    def with_secret(self, name: str, secret: bytes, *, entropy: Entropy) -> "NodeKeys":
        """These keys and one more secret (or a new one of the same name); nothing is written."""
        sealed = seal_secret(secret, self._sealing_key(), purpose=name, entropy=entropy)
        return replace(self, _secrets={**self._secrets, name: sealed})

    def _sealing_key(self) -> bytes:
        return subkey(self._master, Label.IDENTITY)


def create(
    directory: DataDirectory,
    passphrase: str | None,
    *,
    entropy: Entropy = random_bytes,
    cost: Cost = DEFAULT_COST,
) -> NodeKeys:
    """Make a node's keys and write them.

    Args:
        directory: made if it is not there.
        passphrase: attended; None: unattended, with a key file beside the directory.
        entropy: draws everything.
        cost: of opening by passphrase.

    Raises:
        AlreadyInitialised: keys are there; they are never written over.
        OSError: the place cannot be written.
    """
    if directory.initialised:
        raise AlreadyInitialised(str(directory.path))
    directory.create()
    master = entropy(MASTER_BYTES)
    slot = _new_slot(directory, master, passphrase, entropy, cost)
    keys = NodeKeys(_opened_by(passphrase), master, {})
    for name in _FIRST_SECRETS:
        keys = keys.with_secret(name, entropy(SEED_BYTES), entropy=entropy)
    _write(directory, [slot], keys)
    return keys


def unlock(directory: DataDirectory, passphrase: str | None) -> NodeKeys:
    """Open a node's keys; by passphrase this takes a tenth of a second and 64 MiB on purpose.

    Args:
        directory: of an initialised node.
        passphrase: None: by the key file.

    Raises:
        NotInitialised: no keys are here.
        Locked: only a passphrase opens it and none was given.
        WrongKey: the passphrase or key file does not open it.
        KeyFileMissing: the node is unattended and its key file is gone.
        KeyFileDamaged: `keys.cbor` cannot be read.
    """
    slots, secrets = _read(directory)
    if passphrase is None:
        master = _open_by_file(directory, slots)
    else:
        master = _open_by_passphrase(slots, passphrase)
    return NodeKeys(_opened_by(passphrase), master, secrets)


def attended(directory: DataDirectory) -> bool:
    """Whether only a passphrase opens this node.

    Raises:
        NotInitialised: no keys are here.
    """
    slots, _ = _read(directory)
    return not any(isinstance(slot, KeyFileSlot) for slot in slots)


def keep_secret(
    directory: DataDirectory,
    keys: NodeKeys,
    name: str,
    *,
    secret: bytes,
    entropy: Entropy = random_bytes,
) -> NodeKeys:
    """Seal a secret into `keys.cbor`: hub root and issuer seeds, a database address.

    Does not check that no other process writes one at the same time; `init` and enrolment do.

    Raises:
        OSError: nothing was changed.
    """
    slots, secrets = _read(directory)
    grown = replace(keys, _secrets=secrets).with_secret(name, secret, entropy=entropy)
    _write(directory, slots, grown)
    return grown


def drop_secret(directory: DataDirectory, keys: NodeKeys, name: str) -> None:
    """Take a secret out of `keys.cbor`; nothing happens where there is none.

    Raises:
        OSError: nothing was changed.
    """
    slots, secrets = _read(directory)
    secrets.pop(name, None)
    _write(directory, slots, replace(keys, _secrets=secrets))


_WARNINGS = {
    Language.ZH: (
        "这台电脑开机不要口令，钥匙在 {path}。它只防单独拷走数据目录；"
        "谁拿到整台电脑，或者数据目录加这个文件，就能看到全部资料。"
        "电脑要锁好，备份时不要带上这个文件。"
    ),
    Language.EN: (
        "This computer opens without a passphrase; the key lies in {path}. That protects only "
        "against a copy of the data directory alone: who has the computer, or the directory and "
        "this file, reads everything. Lock the computer away; leave this file out of backups."
    ),
}


def warning(keys: NodeKeys, directory: DataDirectory, language: Language) -> str:
    """What to print at every start about an unattended node; empty for an attended one."""
    if keys.opened_by is OpenedBy.PASSPHRASE:
        return ""
    return _WARNINGS[language].format(path=directory.key_file)


def _opened_by(passphrase: str | None) -> OpenedBy:
    return OpenedBy.KEY_FILE if passphrase is None else OpenedBy.PASSPHRASE


def _new_slot(
    directory: DataDirectory, master: bytes, passphrase: str | None, entropy: Entropy, cost: Cost
) -> Slot:
    if passphrase is not None:
        return PassphraseSlot.wrap(master, passphrase, entropy=entropy, cost=cost)
    return KeyFileSlot.wrap(master, _make_key_file(directory, entropy), entropy=entropy)


def _make_key_file(directory: DataDirectory, entropy: Entropy) -> bytes:
    """Use the file that is there already: an old backup may still need it."""
    path = directory.key_file
    if not path.exists():
        write_private(path, entropy(MASTER_BYTES))
    return path.read_bytes()


def _open_by_passphrase(slots: list[Slot], passphrase: str) -> bytes:
    for slot in slots:
        if isinstance(slot, PassphraseSlot):
            try:
                return slot.unwrap(passphrase)
            except WrongSecret:
                continue
    raise WrongKey


def _open_by_file(directory: DataDirectory, slots: list[Slot]) -> bytes:
    by_file = [slot for slot in slots if isinstance(slot, KeyFileSlot)]
    if not by_file:
        raise Locked
    try:
        return by_file[0].unwrap(directory.key_file.read_bytes())
    except FileNotFoundError as error:
        raise KeyFileMissing(str(directory.key_file)) from error
    except WrongSecret as error:
        raise WrongKey from error


def _read(directory: DataDirectory) -> tuple[list[Slot], dict[str, bytes]]:
    path = directory.require().slots
    try:
        document = canonical.decode(path.read_bytes(), max_bytes=_MAX_BYTES)
        return _parse(document)
    except CryptoError as error:
        raise KeyFileDamaged(str(path)) from error


def _parse(document: canonical.Value) -> tuple[list[Slot], dict[str, bytes]]:
    match document:
        case {1: 1, 2: [*slots], 3: dict() as secrets}:
            named = {str(name): _bytes(sealed) for name, sealed in secrets.items()}
            return [read_slot(_bytes(slot)) for slot in slots], named
        case _:
            raise Malformed(Flaw.SLOT)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _write(directory: DataDirectory, slots: list[Slot], keys: NodeKeys) -> None:
    document: dict[int, canonical.Value] = {
        _FORMAT_KEY: _FORMAT,
        _SLOTS: [slot.to_bytes() for slot in slots],
        _SECRETS: dict(keys._secrets),  # noqa: SLF001  # the file of this class
    }
    write_private(directory.slots, canonical.encode(document))
