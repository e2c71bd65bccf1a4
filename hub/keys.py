"""The secrets of a county, and opening its hub."""

from typing import Final

from crypto.signing import SigningKey
from hub.rows import SCRIPTS
from node import opening
from node.clock import Clock
from node.config import DataDirectory
from node.keys import NodeKeys
from node.runtime import Node

ROOT: Final = "county root"
ISSUER: Final = "county issuer"
GROUPING: Final = "grouping"
"""Names of the sealed secrets: seeds of the county's two keys, and the key of keyed hashes."""


def open_hub(directory: DataDirectory, passphrase: str | None, clock: Clock) -> Node:
    """Unlock a hub and open its database, upgraded first if it is older than this program.

    Args:
        directory: of an initialised hub.
        passphrase: None: by the key file.
        clock: of this computer.

    Raises:
        NotInitialised: no hub lives here.
        Locked: only a passphrase opens it.
        WrongKey: the passphrase or key does not open it.
        DatabaseUnreachable: its PostgreSQL does not answer.
    """
    opened = opening.open_node(directory, passphrase, SCRIPTS)
    return Node(directory, opened.database, clock, opened.keys)


def issuer(keys: NodeKeys) -> SigningKey:
    """The key that signs device certificates."""
    return SigningKey(keys.secret(ISSUER))
