"""All chance of a run comes from its seed, that of keys and ids included."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crypto import entropy


@dataclass
class _Seeded:
    """Stands where the operating system's chance is drawn."""

    chance: random.Random

    def token_bytes(self, count: int) -> bytes:
        """Draw bytes that repeat with the seed."""
        return self.chance.randbytes(count)


@contextmanager
def seeded(seed: int | str) -> Iterator[None]:
    """Let keys, ids and salts repeat with a seed; the ephemeral keys of HPKE still differ."""
    before = entropy.secrets
    entropy.secrets = _Seeded(random.Random(seed))
    try:
        yield
    finally:
        entropy.secrets = before
