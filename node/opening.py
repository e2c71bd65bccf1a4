"""Opening a node: its keys, its database, brought up to date where this program is newer."""

from contextlib import closing
from dataclasses import dataclass

from node import keys as node_keys
from node import migrate
from node.config import DataDirectory
from node.db import Database
from node.errors import NeedsUpgrade
from node.keys import NodeKeys
from node.migrate import Scripts

DATABASE_URL = "database_url"
"""Name of the secret that holds the address of a hub's PostgreSQL."""


@dataclass(frozen=True, slots=True)
class OpenNode:
    """An unlocked node.

    Attributes:
        directory: where it lives.
        keys: what its passphrase or key file opened.
        database: open, and at the revision of this program.
    """

    directory: DataDirectory
    keys: NodeKeys
    database: Database

    def close(self) -> None:
        """Give the database back."""
        self.database.close()


def open_node(directory: DataDirectory, passphrase: str | None, scripts: Scripts) -> OpenNode:
    """Unlock a node and open its database, upgraded first if it is older than this program.

    Args:
        directory: of an initialised node.
        passphrase: None: by the key file.
        scripts: the revisions of the program.

    Raises:
        NotInitialised: no node lives here.
        Locked: only a passphrase opens it.
        WrongKey: the passphrase or key does not open it.
        NewerDatabase: a later program wrote it.
        Busy: it must be upgraded and another process has it open.
    """
    keys = node_keys.unlock(directory, passphrase)
    return OpenNode(directory, keys, open_database(directory, keys, scripts))


def open_database(directory: DataDirectory, keys: NodeKeys, scripts: Scripts) -> Database:
    """Open the database of an unlocked node, or make it where there is none yet.

    Raises:
        NewerDatabase: a later program wrote it.
        Busy: it must be upgraded and another process has it open.
    """
    database = _database(directory, keys)
    try:
        migrate.check(database, scripts)
    except NeedsUpgrade:
        database.close()
        _upgrade(directory, keys, scripts)
        return _database(directory, keys)
    except BaseException:
        database.close()
        raise
    return database


def open_file(directory: DataDirectory, keys: NodeKeys, scripts: Scripts) -> Database:
    """Open the file in a directory, upgraded first, whatever database the node lives in.

    Raises:
        NewerDatabase: a later program wrote it.
    """
    migrate.upgrade_file(directory.database, keys.database_key, scripts)
    return Database.sqlite(directory.database, keys.database_key)


def _database(directory: DataDirectory, keys: NodeKeys) -> Database:
    if keys.has_secret(DATABASE_URL):
        return Database.url(keys.secret(DATABASE_URL).decode())
    return Database.sqlite(directory.database, keys.database_key)


def _upgrade(directory: DataDirectory, keys: NodeKeys, scripts: Scripts) -> None:
    if not keys.has_secret(DATABASE_URL):
        migrate.upgrade_file(directory.database, keys.database_key, scripts)
        return
    with closing(_database(directory, keys)) as database:
        migrate.upgrade(database, scripts)
