"""A private PostgreSQL cluster for tests: a temporary directory, a Unix socket, no TCP.

Two clusters never meet, because each has a socket directory of its own; so the port is always
the usual one.
`fsync` is off: these tests kill the hub, never the database server.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
USER = "bangban"


class PostgresMissingError(Exception):
    """No PostgreSQL server binaries on this machine."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster, reached by the socket in `socket_dir`."""

    socket_dir: Path
    binaries: Path

    def url(self, database: str) -> str:
        """SQLAlchemy's address of `database`."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.socket_dir}&port={PORT}"

    def create(self, database: str) -> str:
        """Make an empty database and return its address."""
        self._run("createdb", database)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove `database`, whoever is still connected."""
        self._run("dropdb", "--force", database)

    def _run(self, program: str, *args: str) -> None:
        at = ("-h", str(self.socket_dir), "-p", str(PORT), "-U", USER)
        subprocess.run([str(self.binaries / program), *at, *args], check=True)


def find_binaries() -> Path:
    """Return the newest installed server's binaries.

    Raises:
        PostgresMissingError: there is none below /usr/lib/postgresql.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major_version)
    if not found:
        message = "no /usr/lib/postgresql/*/bin/initdb: run `make test`, which installs PostgreSQL"
        raise PostgresMissingError(message)
    return found[-1].parent


def _major_version(initdb: Path) -> int:
    return int(initdb.parts[-3])


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a cluster of our own until the block ends.

    Raises:
        PostgresMissingError: there are no server binaries.
    """
    binaries = find_binaries()
    home = Path(tempfile.mkdtemp(prefix="bangban-pg-"))
    data = home / "data"
    server = _Server(binaries, as_user=_unprivileged(home))
    try:
        server.run("initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync", *_ENCODING)
        options = f"-k {home} -p {PORT} -c listen_addresses='' -c fsync=off"
        server.run("pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start")
        try:
            yield Cluster(socket_dir=home, binaries=binaries)
        finally:
            server.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


# C.UTF-8 is in every Debian; under plain C, pg_trgm sees no letter in a Chinese word.
_ENCODING = ("--encoding=UTF8", "--locale=C.UTF-8")


def _unprivileged(home: Path) -> tuple[str, ...]:
    """PostgreSQL refuses to run as root, so there it gets Debian's own user and owns its home."""
    if os.geteuid() != 0:
        return ()
    shutil.chown(home, user="postgres")
    return ("/usr/sbin/runuser", "-u", "postgres", "--")


@dataclass(frozen=True, slots=True)
class _Server:
    binaries: Path
    as_user: tuple[str, ...]

    def run(self, program: str, *args: str | Path) -> None:
        command = [*self.as_user, str(self.binaries / program), *map(str, args)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
