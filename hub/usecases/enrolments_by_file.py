"""Admitting a device that has no network: its request on a stick, the approval written beside it.

The same steps as over a line, one after the other: code, commitment, keys, a person's yes. What the
person compares is the fingerprint of the request, which the station's screen shows.
"""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from crypto import trust
from crypto.signing import VerifyKey
from hub.rows import enrolment
from hub.usecases import devices, enrolments, stations
from node import enrolment_file
from node.enrolment import Asking, Decision, EnrolmentState, Revealing
from node.enrolment_file import FileApproval, FileRequest
from node.errors import EnrolmentRefused, ForeignFile, NotFound
from node.files import writing
from node.people import Account
from node.runtime import Node
from node.stick_files import named
from node.tables import identity as identity_table
from sync import bundle_file
from sync.bundle_file import Frame, Kind
from sync.errors import Malformed

_SOURCE = "file"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was read; `fingerprint` is what the station's screen must show."""

    message: bytes
    asked: FileRequest

    @property
    def fingerprint(self) -> str:
        """Sixteen letters."""
        return trust.request_fingerprint(self.message)


@dataclass(frozen=True, slots=True)
class Approved:
    """A device that was let in, and the fingerprint that its person must be told."""

    request: str
    station: str
    replica: str
    request_fingerprint: str
    root_fingerprint: str


def read_request(path: Path) -> Request:
    """Read a request from a file.

    Raises:
        FileUnreadable: the file cannot be opened.
        ForeignFile: there is no request in it.
        RemoteSyncError: the request does not hold.
    """
    message = None
    try:
        with named(path), path.open("rb") as file:
            for frame in bundle_file.frames(file, {Kind.ENROLMENT}):
                if isinstance(frame, Frame):
                    message = frame.body
    except Malformed as error:
        raise ForeignFile from error
    if message is None:
        raise ForeignFile
    return Request(message, enrolment_file.read_request(message))


def approve(node: Node, request: Request, path: Path, *, typed: str, account: Account) -> Approved:
    """Admit a device whose fingerprint somebody has typed, and write its approval.

    Called again for the same request, it writes the same approval again.

    Args:
        node: the hub.
        request: as read.
        path: of the file of approval.
        typed: what the station's screen shows.
        account: who compared.

    Raises:
        EnrolmentRefused: the fingerprint is another, or the device was turned away before.
        RefusedByCounty, TooManyTries: see `enrolments.begin`.
        FileUnreadable, FileFull: the approval cannot be written; the device is admitted.
    """
    if trust.tidy_code(typed) != request.fingerprint:
        raise EnrolmentRefused(f"指纹对不上：文件里是 {request.fingerprint}")
    found = _known(node, request.asked) or _begin(node, request.asked)
    if enrolments.state(node, found).state is EnrolmentState.PENDING:
        devices.approve(node, found.hex(), account=account)
    decision = enrolments.state(node, found)
    if decision.state is not EnrolmentState.APPROVED:
        raise EnrolmentRefused(decision.reason or decision.state.value)
    return _write(node, request, decision, found, path)


def _known(node: Node, asked: FileRequest) -> bytes | None:
    """The enrolment of a request that was read before."""
    e = enrolment.c
    wanted = sa.select(e.id).where(e.replica == asked.replica, e.nonce == asked.nonce)
    with node.database.read() as tx:
        found = tx.execute(wanted).scalar()
    return None if found is None else bytes(found)


def _begin(node: Node, asked: FileRequest) -> bytes:
    commitment = trust.commitment(asked.nonce, asked.keys)
    offer = enrolments.begin(node, Asking(asked.code, commitment), source=_SOURCE)
    enrolments.reveal(
        node,
        Revealing(offer.id, asked.nonce, asked.replica, asked.keys, asked.tls_fingerprint),
    )
    return offer.id


def _write(node: Node, request: Request, decision: Decision, found: bytes, path: Path) -> Approved:
    with node.database.read() as tx:
        me = node.identity_in(tx)
        root = VerifyKey(tx.execute(sa.select(identity_table.c.root_key)).scalar_one())
        code = tx.execute(sa.select(enrolment.c.station).where(enrolment.c.id == found)).scalar()
        place = stations.registered(tx).get(str(code))
    if place is None:
        raise NotFound("station", str(code))
    approval = FileApproval(
        request=enrolment_file.digest(request.message),
        root=root,
        county_document=me.county_message,
        certificate=decision.certificate,
        parent_certificate=decision.parent_certificate,
        trust=decision.trust,
        device=decision.device,
        partner=place.partner,
    )
    with named(path), writing(path) as file:
        bundle_file.begin(file)
        bundle_file.write(file, Kind.COUNTY, me.county_message)
        if decision.published:
            bundle_file.write(file, Kind.CATALOGUE, decision.published)
        bundle_file.write(file, Kind.APPROVAL, enrolment_file.write_approval(approval, me.signing))
    return Approved(
        found.hex(),
        place.code,
        request.asked.replica.hex(),
        request.fingerprint,
        trust.fingerprint(root),
    )
