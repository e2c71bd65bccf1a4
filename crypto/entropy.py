"""The only place where chance is drawn; everything else takes what it needs as an argument."""

import secrets


def random_bytes(count: int) -> bytes:
    """Return `count` bytes that nobody can predict, from the operating system."""
    return secrets.token_bytes(count)
