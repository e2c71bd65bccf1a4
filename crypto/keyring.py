"""The station master key: slots that open it, subkeys made from it, small secrets at rest.

A slot's header is bound to the wrapped key, so a slot whose cost was lowered does not open. What
a slot costs to open is bounded on reading: a hostile slot file cannot ask for all memory.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias
from unicodedata import normalize

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import canonical
from crypto.canonical import Value
from crypto.claims import Claims, parse
from crypto.errors import Flaw, LimitExceeded, Malformed, Tampered, Thing, WrongSecret

MASTER_BYTES: Final = 32
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
MAX_SLOT_BYTES: Final = 1024
MAX_SECRET_BYTES: Final = 65_536
_FORMAT: Final = 1

_FORMAT_KEY, _KIND, _SALT, _COST, _NONCE, _WRAPPED = 1, 2, 3, 4, 6, 7


class Label(StrEnum):
    """What a subkey of the master key is for; no two uses share a key."""

    DATABASE = "database"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Cost:
    """What Argon2id costs (RFC 9106).

    Attributes:
        memory_kib: memory in KiB.
        passes: passes over it.
        lanes: parallel lanes.

    Raises:
        LimitExceeded: outside the bounds in which a slot is read.
    """

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 1

    def __post_init__(self) -> None:
        for thing, value, least, most in (
            (Thing.KDF_MEMORY, self.memory_kib, 8_192, 262_144),
            (Thing.KDF_PASSES, self.passes, 1, 10),
            (Thing.KDF_LANES, self.lanes, 1, 4),
        ):
            if not least <= value <= most:
                raise LimitExceeded(thing, limit=least if value < least else most, actual=value)


DEFAULT_COST: Final = Cost()


@dataclass(frozen=True, slots=True)
class PassphraseSlot:
    """A master key that a passphrase opens; holds nothing secret by itself."""

    salt: bytes
    cost: Cost
    nonce: bytes
    wrapped: bytes = field(repr=False)

    @classmethod
    def wrap(
        cls,
        master: bytes,
        passphrase: str,
        *,
        entropy: Callable[[int], bytes],
        cost: Cost = DEFAULT_COST,
    ) -> "PassphraseSlot":
        """Return a slot that opens `master` with `passphrase`.

        Args:
            master: 32 bytes.
            passphrase: any text; full-width and plain characters are the same.
            entropy: draws salt and nonce.
            cost: of every attempt to open it.

        Raises:
            Malformed: the master key has not 32 bytes.
        """
        blank = cls(entropy(SALT_BYTES), cost, entropy(NONCE_BYTES), b"")
        wrapped = _wrap(master, _passphrase_key(passphrase, blank), blank)
        return cls(blank.salt, cost, blank.nonce, wrapped)

    def unwrap(self, passphrase: str) -> bytes:
        """Return the master key; takes as long as `cost` says.

        Raises:
            WrongSecret: another passphrase, or the slot was altered.
        """
        return _unwrap(self, _passphrase_key(passphrase, self), "passphrase")

    def header(self) -> dict[int, Value]:
        """Return what is bound to the wrapped key."""
        cost = (self.cost.memory_kib, self.cost.passes, self.cost.lanes)
        return {_FORMAT_KEY: _FORMAT, _KIND: 1, _SALT: self.salt, _COST: cost, _NONCE: self.nonce}

    def to_bytes(self) -> bytes:
        """Return the slot as it is kept in a file."""
        return canonical.encode(self.header() | {_WRAPPED: self.wrapped})


@dataclass(frozen=True, slots=True)
class KeyFileSlot:
    """A master key that the 32 bytes of a key file open."""

    salt: bytes
    nonce: bytes
    wrapped: bytes = field(repr=False)

    @classmethod
    def wrap(
        cls, master: bytes, key_file: bytes, *, entropy: Callable[[int], bytes]
    ) -> "KeyFileSlot":
        """Return a slot that opens `master` with the contents of a key file.

        Args:
            master: 32 bytes.
            key_file: 32 random bytes.
            entropy: draws salt and nonce.

        Raises:
            Malformed: the master key or the key file has not 32 bytes.
        """
        if len(key_file) != MASTER_BYTES:
            raise Malformed(Flaw.KEY_LENGTH)
        blank = cls(entropy(SALT_BYTES), entropy(NONCE_BYTES), b"")
        return cls(blank.salt, blank.nonce, _wrap(master, _file_key(key_file, blank), blank))

    def unwrap(self, key_file: bytes) -> bytes:
        """Return the master key.

        Raises:
            WrongSecret: another key file, or the slot was altered.
        """
        return _unwrap(self, _file_key(key_file, self), "key_file")

    def header(self) -> dict[int, Value]:
        """Return what is bound to the wrapped key."""
        return {_FORMAT_KEY: _FORMAT, _KIND: 2, _SALT: self.salt, _NONCE: self.nonce}

    def to_bytes(self) -> bytes:
        """Return the slot as it is kept in a file."""
        return canonical.encode(self.header() | {_WRAPPED: self.wrapped})


Slot: TypeAlias = PassphraseSlot | KeyFileSlot


def read_slot(data: bytes) -> Slot:
    """Return the slot of a file.

    Raises:
        LimitExceeded: longer than 1,024 bytes, or its cost is out of bounds.
        Malformed: not a slot.
    """
    if len(data) > MAX_SLOT_BYTES:
        raise LimitExceeded(Thing.SLOT, limit=MAX_SLOT_BYTES, actual=len(data))
    fields = parse(data, Flaw.SLOT)
    kind = fields.number(_KIND, least=1)
    slot = _READERS.get(kind, _refuse_kind)(fields)
    if slot.to_bytes() != data:  # no other format, no field more
        raise Malformed(Flaw.SLOT)
    return slot


def subkey(master: bytes, label: Label) -> bytes:
    """Return the 32-byte key for one use of the master key (HKDF-SHA256, RFC 5869)."""
    return _hkdf(master, salt=None, info=f"bangban subkey 1 {label.value}")


def seal_secret(
    secret: bytes, key: bytes, *, purpose: str, entropy: Callable[[int], bytes]
) -> bytes:
    """Return a small secret, such as the two seeds of a device, as it is kept on disk.

    Args:
        secret: at most 65,536 bytes.
        key: a subkey, 32 bytes.
        purpose: bound to it; the same word opens it.
        entropy: draws the nonce.

    Raises:
        LimitExceeded: the secret is longer.
    """
    if len(secret) > MAX_SECRET_BYTES:
        raise LimitExceeded(Thing.SECRET, limit=MAX_SECRET_BYTES, actual=len(secret))
    nonce = entropy(NONCE_BYTES)
    return canonical.encode([nonce, _cipher(key).encrypt(nonce, secret, _purpose(purpose))])


def open_secret(data: bytes, key: bytes, *, purpose: str) -> bytes:
    """Return the secret that was sealed under `key` for `purpose`.

    Raises:
        LimitExceeded: longer than a sealed secret can be.
        Malformed: not a sealed secret.
        Tampered: another key or purpose, or altered.
    """
    most = MAX_SECRET_BYTES + 64  # nonce, tag and heads
    frame = canonical.decode(data, max_bytes=most, max_depth=1)
    match frame:
        case [bytes() as nonce, bytes() as sealed] if len(nonce) == NONCE_BYTES:
            pass
        case _:
            raise Malformed(Flaw.SECRET)
    try:
        return _cipher(key).decrypt(nonce, sealed, _purpose(purpose))
    except InvalidTag:
        raise Tampered(Thing.SECRET) from None


def _read_passphrase_slot(fields: Claims) -> Slot:
    cost = fields.numbers(_COST, size=3)
    salt, nonce = fields.data(_SALT, size=SALT_BYTES), fields.data(_NONCE, size=NONCE_BYTES)
    return PassphraseSlot(salt, Cost(*cost), nonce, _wrapped(fields))


def _read_key_file_slot(fields: Claims) -> Slot:
    salt, nonce = fields.data(_SALT, size=SALT_BYTES), fields.data(_NONCE, size=NONCE_BYTES)
    return KeyFileSlot(salt, nonce, _wrapped(fields))


def _refuse_kind(_fields: Claims) -> Slot:
    raise Malformed(Flaw.SLOT)


_READERS: Final[dict[int, Callable[[Claims], Slot]]] = {
    1: _read_passphrase_slot,
    2: _read_key_file_slot,
}


def _wrapped(fields: Claims) -> bytes:
    return fields.data(_WRAPPED, size=MASTER_BYTES + TAG_BYTES)


def _wrap(master: bytes, key: bytes, slot: Slot) -> bytes:
    if len(master) != MASTER_BYTES:
        raise Malformed(Flaw.KEY_LENGTH)
    return _cipher(key).encrypt(slot.nonce, master, canonical.encode(slot.header()))


def _unwrap(slot: Slot, key: bytes, kind: str) -> bytes:
    try:
        return _cipher(key).decrypt(slot.nonce, slot.wrapped, canonical.encode(slot.header()))
    except InvalidTag:
        raise WrongSecret(kind) from None


def _passphrase_key(passphrase: str, slot: PassphraseSlot) -> bytes:
    """Form KC: a Chinese input method may write the same password in full-width characters."""
    return hash_secret_raw(
        normalize("NFKC", passphrase).encode(),
        slot.salt,
        time_cost=slot.cost.passes,
        memory_cost=slot.cost.memory_kib,
        parallelism=slot.cost.lanes,
        hash_len=MASTER_BYTES,
        type=Type.ID,
        version=ARGON2_VERSION,
    )


def _file_key(key_file: bytes, slot: KeyFileSlot) -> bytes:
    return _hkdf(key_file, salt=slot.salt, info="bangban key file slot 1")


def _hkdf(secret: bytes, *, salt: bytes | None, info: str) -> bytes:
    return HKDF(SHA256(), MASTER_BYTES, salt, info.encode()).derive(secret)


def _purpose(purpose: str) -> bytes:
    return f"bangban secret 1 {purpose}".encode()


def _cipher(key: bytes) -> ChaCha20Poly1305:
    if len(key) != MASTER_BYTES:
        raise Malformed(Flaw.KEY_LENGTH)
    return ChaCha20Poly1305(key)
