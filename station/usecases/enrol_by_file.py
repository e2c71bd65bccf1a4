"""Joining a county without a network: a request on a stick there, an approval back (enrolment.md).

Nothing of an approval is used before somebody has compared the fingerprint of the county's root.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from casework.places import PlaceKind
from crypto import trust
from crypto.entropy import random_bytes
from node import enrolment, enrolment_file
from node.db import upsert
from node.enrolment import Decision, EnrolledAs, EnrolmentState, Offer
from node.enrolment_file import FileRequest, Vouched
from node.errors import EnrolmentRefused, ForeignFile, NotInitialised
from node.files import writing
from node.runtime import Node
from node.stick_files import named
from station.transport import Parent
from station.transport.http import Address
from station.usecases import enrol, links
from station.usecases.enrol import ROW, Enrolling
from sync import bundle_file
from sync.bundle_file import Frame, Kind
from sync.errors import Malformed

_REPLICA_BYTES = 8
_NO_ADDRESS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWish:
    """What `station init --request-file` is told.

    Attributes:
        code: the one-time code, as typed.
        county, township: addresses, for when there is a network one day.
        fingerprint: of the pages' certificate of this station.
    """

    code: str
    county: Address | None = None
    township: Address | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Requested:
    """A request that was written; `fingerprint` is to be read out to the county."""

    replica: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that was read and not believed yet.

    Attributes:
        fingerprint: of the root that it names, to be compared with the county's.
    """

    vouched: Vouched
    published: bytes

    @property
    def fingerprint(self) -> str:
        """Sixteen letters."""
        return trust.fingerprint(self.vouched.approval.root)


def request(node: Node, wish: FileWish, path: Path) -> Requested:
    """Write a request for the county; asked again with the same code, it is the same request.

    Args:
        node: as `enrol.prepare` made it.
        wish: what was told.
        path: of the file.

    Raises:
        FileUnreadable, FileFull: it cannot be written.
    """
    row = enrol.row_of(node)
    code = trust.tidy_code(wish.code)
    if row is None or row.state != EnrolmentState.BEGUN or _code_of(row) != code:
        _begin(node, wish, code)
        row = enrol.row_of(node)
    message = _message(node, row)
    with named(path), writing(path) as file:
        bundle_file.begin(file)
        bundle_file.write(file, Kind.ENROLMENT, message)
    return Requested(row.replica.hex(), trust.request_fingerprint(message))


def _code_of(row: Any) -> str:  # noqa: ANN401  # a row
    return str(row.offer.get("file_code", ""))


def _begin(node: Node, wish: FileWish, code: str) -> None:
    sealed = enrol.new_keys(node) if enrol.is_enrolled(node) else b""
    values = {
        "id": 1,
        "hub": wish.county.url if wish.county else _NO_ADDRESS,
        "parent_url": wish.township.url if wish.township else _NO_ADDRESS,
        "request": random_bytes(trust.NONCE_BYTES),
        "offer": {"file_code": code, "tls": wish.fingerprint},
        "replica": random_bytes(_REPLICA_BYTES),
        "device_keys": sealed,
        "match_code": "",
        "state": EnrolmentState.BEGUN.value,
    }
    with node.database.write() as tx:
        upsert(tx, ROW, values)
        for parent, address in ((Parent.COUNTY, wish.county), (Parent.TOWNSHIP, wish.township)):
            if address is not None:
                links.keep_address(tx, parent, address)


def _message(node: Node, row: Any) -> bytes:  # noqa: ANN401  # a row
    """The request of a row; signatures are the same every time, so the bytes are too."""
    signing, _ = node.keys.device(row.device_keys)
    asked = FileRequest(
        code=_code_of(row),
        nonce=row.request,
        replica=row.replica,
        keys=enrol.device_keys(node, row.device_keys),
        tls_fingerprint=str(row.offer.get("tls", "")),
    )
    return enrolment_file.write_request(asked, signing)


def read_approval(path: Path) -> Approval:
    """Read an approval from a file; nothing of it may be used before its root was compared.

    Raises:
        FileUnreadable: the file cannot be opened.
        ForeignFile: there is no approval in it.
        RemoteSyncError: the approval does not agree with itself.
    """
    found: dict[Kind, bytes] = {}
    try:
        with named(path), path.open("rb") as file:
            for frame in bundle_file.frames(file, {Kind.APPROVAL, Kind.CATALOGUE}):
                if isinstance(frame, Frame):
                    found[frame.kind] = frame.body
    except Malformed as error:
        raise ForeignFile from error
    if Kind.APPROVAL not in found:
        raise ForeignFile
    vouched = enrolment_file.read_approval(found[Kind.APPROVAL])
    return Approval(vouched, found.get(Kind.CATALOGUE, b""))


def accept(node: Node, approval: Approval, typed: str) -> Enrolling:
    """Become a station of the county whose fingerprint somebody has typed.

    Args:
        node: the one that wrote the request.
        approval: as read.
        typed: the fingerprint that the county reads out.

    Raises:
        NotInitialised: no request was written here.
        EnrolmentRefused: the fingerprint is another, or this answers another request.
        Unauthentic: a part of it is not the county's.
    """
    row = enrol.row_of(node)
    if row is None or not _code_of(row):
        raise NotInitialised(str(node.directory.path))
    if trust.tidy_code(typed) != approval.fingerprint:
        raise EnrolmentRefused(f"指纹对不上：文件里是 {approval.fingerprint}")
    given = approval.vouched.approval
    if given.request != enrolment_file.digest(_message(node, row)):
        raise EnrolmentRefused("这个文件是给另一次申请的")
    offer = _offer(approval.vouched)
    with node.database.write() as tx:
        kept = {**enrolment.format_offer(offer), "file_code": _code_of(row)}
        tx.execute(sa.update(ROW).values(offer={**row.offer, **kept}))
    decision = Decision(
        state=EnrolmentState.APPROVED,
        certificate=given.certificate,
        parent_certificate=given.parent_certificate,
        published=approval.published,
        trust=given.trust,
        device=given.device,
    )
    return enrol.finish(node, enrol.row_of(node), offer, decision)


def _offer(vouched: Vouched) -> Offer:
    """An approval in the words of an enrolment over a line; nobody has drawn a nonce."""
    given, own = vouched.approval, vouched.own
    place = EnrolledAs(own.station, PlaceKind(own.station_kind), own.station_name, given.partner)
    return Offer(
        id=given.request[: enrolment.REQUEST_BYTES],
        hub_nonce=bytes(trust.NONCE_BYTES),
        county_document=given.county_document,
        root_key=given.root,
        station=place,
    )
