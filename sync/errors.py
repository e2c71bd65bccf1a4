"""What can go wrong with other people's bytes and with our own log.

One class for each decision a caller can take; fields instead of sentences. The words that a
person reads are chosen at the edge, from the class and the fields.
"""

from enum import Enum
from typing import ClassVar

from typing_extensions import override


class Disposition(Enum):
    """What the receiver does with the thing that failed."""

    RETRY = "retry"
    HOLD = "hold"
    QUARANTINE = "quarantine"


class SyncError(Exception):
    """Base of every error of this package."""


class LocalSyncError(SyncError):
    """The fault is on this node."""


class RemoteSyncError(SyncError):
    """The fault is in what came from elsewhere.

    Attributes:
        code: stable word for tables, logs and metrics; never a sentence.
        detail: technical remark without personal data.
    """

    code: ClassVar[str] = "remote"
    disposition: ClassVar[Disposition] = Disposition.QUARANTINE

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    @override
    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


class Malformed(RemoteSyncError):
    """The bytes do not follow the specification."""

    code = "malformed"


class LimitExceeded(RemoteSyncError):
    """A size or count is over its limit (`sync.limits`)."""

    code = "over-limit"


class Unauthentic(RemoteSyncError):
    """A signature, commitment, root or proof does not hold."""

    code = "unauthentic"


class UnknownReplica(RemoteSyncError):
    """No certificate of the county names this replica or key."""

    code = "unknown-replica"


class NotForUs(RemoteSyncError):
    """Sealed to others, or addressed to another audience."""

    code = "not-for-us"


class Fork(RemoteSyncError):
    """One replica signed two headers that disagree."""

    code = "fork"


class Unauthorised(RemoteSyncError):
    """The sender may not do this."""

    code = "unauthorised"


class NewerVersion(RemoteSyncError):
    """Made by a later version; kept until this node is upgraded."""

    code = "newer-version"
    disposition = Disposition.HOLD


class NotOutstanding(RemoteSyncError):
    """An answer that belongs to no request of ours that still waits."""

    code = "not-outstanding"


class Gap(RemoteSyncError):
    """Something that this needs has not arrived yet."""

    code = "gap"
    disposition = Disposition.RETRY


class OldCopy(LocalSyncError):
    """The county holds more of our own log than we do: this database is an old copy."""


class UnknownField(LocalSyncError):
    """A field without class and policy was about to be written.

    Attributes:
        field: its name.
    """

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
