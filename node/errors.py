"""What can go wrong in the shell that both programs share.

One class for each decision a caller can take; fields instead of sentences. The words a person
reads, the exit code and the HTTP status stand in one table, `node.problems`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.errors import FieldProblem as FieldProblem  # noqa: PLC0414  # one shape


class NodeError(Exception):
    """Base of every error of this package and of both apps' use cases."""


# --- the data directory and its keys


class NoDataDirectory(NodeError):
    """Neither `--data` nor the environment says where the data lies."""


@dataclass(eq=False)
class NotInitialised(NodeError):
    """The data directory holds no node yet."""

    directory: str = ""


@dataclass(eq=False)
class AlreadyInitialised(NodeError):
    """The data directory holds a node already; `init` never writes over one."""

    directory: str = ""


class WrongKey(NodeError):
    """The passphrase or key does not open this node."""


class Locked(NodeError):
    """A passphrase is needed and none was given."""


@dataclass(eq=False)
class KeyFileMissing(NodeError):
    """An unattended node cannot find its key file."""

    path: str = ""


@dataclass(eq=False)
class KeyFileDamaged(NodeError):
    """The key slots cannot be read."""

    path: str = ""


# --- the database


@dataclass(eq=False)
class Busy(NodeError):
    """Another process or thread kept the write lock for the whole waiting time."""

    seconds: int = 10


class Deadlock(NodeError):
    """PostgreSQL gave up this transaction for another; doing it again is right."""


class DiskFull(NodeError):
    """No space is left on the disk."""


@dataclass(eq=False)
class LowSpace(NodeError):
    """There is too little room left to begin this; nothing of it was written.

    Attributes:
        what: photos or intake.
        free: MiB that are left.
    """

    what: str = ""
    free: int = 0


@dataclass(eq=False)
class DiskFailed(NodeError):
    """The disk could not be read or written."""

    code: str = ""


@dataclass(eq=False)
class Damaged(NodeError):
    """The database file is damaged or was changed from outside."""

    code: str = ""


class DatabaseUnreachable(NodeError):
    """The database server does not answer."""


class DatabaseNotEmpty(NodeError):
    """A restore needs a database of its own, and another node's rows are there."""


@dataclass(eq=False)
class NeedsUpgrade(NodeError):
    """The database is older than this program."""

    found: str = ""


@dataclass(eq=False)
class NewerDatabase(NodeError):
    """The database was written by a later version of this program."""

    found: str = ""


# --- the county and the link


@dataclass(eq=False)
class NoLink(NodeError):
    """Nobody, or not the county, answers at the other end."""

    host: str = ""


@dataclass(eq=False)
class ClockSkew(NodeError):
    """This computer's clock is too far from the county's."""

    minutes: int = 0


@dataclass(eq=False)
class RefusedByCounty(NodeError):
    """The county does not take this device's work (revoked, not enrolled)."""

    reason: str = ""


@dataclass(eq=False)
class Stopped(NodeError):
    """This node must not write: its log exists twice, or it was put back from a backup."""

    reason: str = ""


@dataclass(eq=False)
class IntegrityFailed(NodeError):
    """A check of the whole log against signatures, chains or tables failed."""

    first_bad: str = ""


# --- requests


@dataclass(eq=False)
class InvalidInput(NodeError):
    """Some fields cannot be taken as they are."""

    errors: Sequence[FieldProblem] = ()


@dataclass(eq=False)
class NotFound(NodeError):
    """There is no such thing here, or not for this person."""

    kind: str = ""
    id: str = ""


@dataclass(eq=False)
class NotAllowed(NodeError):
    """This role may not do this here."""

    act: str = ""
    role: str = ""


@dataclass(eq=False)
class Changed(NodeError):
    """Somebody else changed it first (HTTP 412)."""

    by: str = ""


@dataclass(eq=False)
class OwnProposal(NodeError):
    """Who proposed a settlement may not confirm it: another person must."""

    login: str = ""


class PreconditionMissing(NodeError):
    """`If-Match` is needed for this change."""


class IdempotencyKeyMissing(NodeError):
    """A creating request came without an `Idempotency-Key`."""


class RequestInFlight(NodeError):
    """The same request is being worked on."""


class RequestDiffers(NodeError):
    """The `Idempotency-Key` was used before for another body."""


class FormExpired(NodeError):
    """The page's hidden form token is missing, old or another person's."""


# --- people


class NotSignedIn(NodeError):
    """Nobody is signed in, or the session has ended."""


class SignInRefused(NodeError):
    """Login and password do not match, or the account is off."""


@dataclass(eq=False)
class TooManyTries(NodeError):
    """Too many wrong passwords; nothing is checked until the time is over."""

    seconds: int = 30


@dataclass(eq=False)
class LoginTaken(NodeError):
    """An account of this name exists."""

    login: str = ""


@dataclass(eq=False)
class LastAdministrator(NodeError):
    """Nobody could administer this node any more."""

    login: str = ""


@dataclass(eq=False)
class NoSuchAccount(NodeError):
    """No account of this login here."""

    login: str = ""


@dataclass(eq=False)
class NoAccountFor(NodeError):
    """No account on this node has a role that may do this."""

    roles: Sequence[str] = ()


@dataclass(eq=False)
class UnknownRole(NodeError):
    """The role is none of the six."""

    role: str = ""


# --- serving


@dataclass(eq=False)
class TlsNeeded(NodeError):
    """Beyond this computer pages are served over TLS only, and there is no certificate yet."""

    host: str = ""


@dataclass(eq=False)
class AddressTaken(NodeError):
    """The port is in use, or the address is not this computer's."""

    host: str = ""
    port: int = 0


@dataclass(eq=False)
class FileUnreadable(NodeError):
    """A file that was named cannot be read or written."""

    path: str = ""


@dataclass(eq=False)
class BackupUnreadable(NodeError):
    """A file is no backup, or it was cut or altered."""

    name: str = ""


@dataclass(eq=False)
class FileFull(NodeError):
    """No room is left where a file was to be written."""

    path: str = ""


class ForeignFile(NodeError):
    """What was brought on a stick is no file of this county."""


@dataclass(eq=False)
class NoCatalogue(NodeError):
    """The county's catalogue (or this version of it) has not arrived here yet."""

    version: int = 0


@dataclass(eq=False)
class CaseUnknown(NodeError):
    """No case here has this number."""

    reference: str = ""


class CasePruned(CaseUnknown):
    """The case is closed and no longer kept here; the county keeps it."""


class StaleView(NodeError):
    """What the person saw has changed since; they must look again before deciding."""


@dataclass(eq=False)
class NotAnImage(NodeError):
    """What was given as a photo is none that we can read."""

    reason: str = ""


@dataclass(eq=False)
class TooManyPhotos(NodeError):
    """The case has as many photos as a case may have."""

    most: int = 0


@dataclass(eq=False)
class LinkFailed(NoLink):
    """An exchange came to nothing.

    Attributes:
        cause: a stable word, see `station.transport`.
        reason: the same in plain Chinese.
    """

    cause: str = ""
    reason: str = ""


@dataclass(eq=False)
class EnrolmentRefused(RefusedByCounty):
    """The county does not take this device, or its code."""


# --- printing


@dataclass(eq=False)
class FontMissing(NodeError):
    """No Chinese font is installed, or the file named is none; nothing was made.

    Attributes:
        path: the file named, where one was.
    """

    path: str = ""


@dataclass(eq=False)
class PrinterFailed(NodeError):
    """The printer does not take what was sent; the document stands and can be printed again.

    Attributes:
        printer: as set.
    """

    printer: str = ""
