"""Values of classes 2 and 3: committed in the operation, disclosed beside it (spec §3)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from crypto.canonical import Value
from sync import codec
from sync.errors import Malformed, Unauthentic

SALT_BYTES = 16
SEED_BYTES = 32
COMMITTED_CLASSES = (2, 3)


def salt_of(seed: bytes, seq: int) -> bytes:
    """Derive the salt of one operation from the seed of its (change set, class)."""
    return hmac.digest(seed, seq.to_bytes(8, "big"), "sha256")[:SALT_BYTES]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The salt and the canonical bytes of one class's values of one operation."""

    salt: bytes
    values: bytes

    @property
    def commitment(self) -> bytes:
        """What the author's operation commits to."""
        return sha256(self.salt + self.values).digest()

    def read(self, names: tuple[str, ...], *, max_bytes: int) -> Mapping[str, Value]:
        """Decode the values.

        Args:
            names: exactly the fields that the operation says are sealed in this class.
            max_bytes: limit before parsing.

        Raises:
            Malformed: not a canonical map of exactly these names.
            LimitExceeded: too long.
        """
        values = codec.decode_map(self.values, max_bytes=max_bytes)
        if tuple(values) != names:
            raise Malformed("disclosed names differ from sealed names")
        return {codec.as_text(name): value for name, value in values.items()}


def disclose(values: Mapping[str, Value], *, seed: bytes, seq: int) -> Disclosure:
    """Make the disclosure of `values` for the operation `seq`."""
    return Disclosure(salt_of(seed, seq), codec.encode(dict(values)))


def check(disclosure: Disclosure, commitment: bytes) -> None:
    """Compare a disclosure with the author's commitment.

    Raises:
        Unauthentic: they differ.
    """
    if not hmac.compare_digest(disclosure.commitment, commitment):
        raise Unauthentic("disclosure does not match its commitment")


def canonical_order(names: Mapping[str, Value]) -> tuple[str, ...]:
    """Sort field names as deterministic CBOR sorts map keys: shorter first, then bytewise."""
    return tuple(sorted(names, key=lambda name: (len(name.encode()), name.encode())))
