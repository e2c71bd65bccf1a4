"""Opening a station: keys, database at this program's revision, search index in place."""

from node import keys, opening, quarantining, upgrading, verifying
from node.clock import Clock
from node.config import DataDirectory
from node.opening import OpenNode
from node.receiving import NoRules
from node.runtime import Node
from station import search
from station.rows import SCRIPTS
from station.usecases import search as searching


def open_station(directory: DataDirectory, passphrase: str | None, clock: Clock) -> Node:
    """Unlock a station and open its database, upgraded first if it is older.

    Args:
        directory: of an initialised station.
        passphrase: None: by the key file.
        clock: of this computer.

    Raises:
        NotInitialised, Locked, WrongKey, NewerDatabase, Busy: see `node.opening.open_node`.
    """
    return node_of(unlock(directory, passphrase), clock=clock)


def unlock(directory: DataDirectory, passphrase: str | None) -> OpenNode:
    """Unlock a station; an unattended one takes its key file, whatever passphrase is at hand.

    Raises:
        NotInitialised, Locked, WrongKey, NewerDatabase, Busy: see `node.opening.open_node`.
    """
    given = passphrase if keys.attended(directory) else None
    return opening.open_node(directory, given, SCRIPTS)


def node_of(opened: OpenNode, *, clock: Clock) -> Node:
    """The node that use cases are given, with its search index in place."""
    node = Node(opened.directory, opened.database, clock, opened.keys)
    with node.database.read() as tx:
        built = search.is_built(tx)
    if not built:
        with node.database.write() as tx:
            search.build(tx)
    upgrading.catch_up(node, lambda _before: _read_again(node))
    return node


def _read_again(node: Node) -> None:
    """Derive all cases anew, index them, and take what was put aside if it can be read now."""
    verifying.rebuild(node)
    searching.refresh(node)
    quarantining.retry(node, NoRules())
