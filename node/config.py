"""Where a node keeps its things.

One data directory a node. The unattended key file lies beside it, never in it, so that a copy of
the directory alone (a backup, a sync folder) opens nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from node.errors import NoDataDirectory, NotInitialised
from node.files import make_private_directory


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """The paths of one node.

    Attributes:
        path: the directory itself.
    """

    path: Path

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.path / "bangban.db"

    @property
    def slots(self) -> Path:
        """The key slots that open the master key, and the sealed secrets."""
        return self.path / "keys.cbor"

    @property
    def key_file(self) -> Path:
        """The unattended key: outside the directory, beside it."""
        absolute = self.path.absolute()
        return absolute.with_name(f"{absolute.name}.key")

    @property
    def blobs(self) -> Path:
        """Attachments, ciphertext."""
        return self.path / "blobs"

    @property
    def spool(self) -> Path:
        """Sealed bundles and pre-signed requests: they need no secret to be delivered."""
        return self.path / "spool"

    @property
    def logs(self) -> Path:
        """Technical logs, without personal data."""
        return self.path / "logs"

    @property
    def tls_certificate(self) -> Path:
        """The page server's certificate, PEM."""
        return self.path / "tls-certificate.pem"

    @property
    def tls_key(self) -> Path:
        """The page server's key, PEM, owner only: a locked node must serve its unlock page."""
        return self.path / "tls-key.pem"

    @property
    def initialised(self) -> bool:
        """Whether `init` has made keys here."""
        return self.slots.exists()

    def create(self) -> None:
        """Make the directory and its folders, readable by the owner only.

        Raises:
            OSError: the place cannot be written.
        """
        make_private_directory(self.path)
        for folder in (self.blobs, self.spool, self.logs):
            make_private_directory(folder)

    def require(self) -> "DataDirectory":
        """This directory, if a node lives here.

        Raises:
            NotInitialised: none does.
        """
        if not self.initialised:
            raise NotInitialised(str(self.path))
        return self


def find(option: str | None, env: Mapping[str, str], *, variable: str) -> DataDirectory:
    """The data directory by `--data`, else by the environment.

    Args:
        option: what `--data` said, if anything.
        env: the process environment.
        variable: `STATION_DATA` or `HUB_DATA`.

    Raises:
        NoDataDirectory: neither says where.
    """
    chosen = option or env.get(variable)
    if not chosen:
        raise NoDataDirectory
    return DataDirectory(Path(chosen).expanduser())
