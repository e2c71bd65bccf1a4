"""The county's registry of devices: certificates, who is above whom, and the end of a device."""

from typing import Final

import sqlalchemy as sa

from casework.places import PlaceKind, Role, township_of
from crypto import certificate
from crypto.certificate import DeviceCertificate
from crypto.recipient import EncryptionKey
from crypto.signing import VerifyKey
from hub.keys import issuer
from hub.rows import enrolment
from hub.usecases.stations import Station
from node import feeding, identity
from node.enrolment import EnrolmentState
from node.errors import RefusedByCounty
from node.runtime import Node
from node.tables import identity as identity_table
from sync.adapters.tables import author

_ROLES: Final = {
    PlaceKind.VILLAGE: (Role.HELPER,),
    PlaceKind.TOWNSHIP: (Role.CLERK, Role.HELPER, Role.APPROVER),
    PlaceKind.OUTLET: (Role.TELLER,),
}
_SCOPE_DIGITS: Final = {PlaceKind.TOWNSHIP: 9}
_MOST_DEVICES: Final = 99


def admit(tx: sa.Connection, node: Node, place: Station, asked: sa.RowMapping) -> tuple[bytes, int]:
    """Issue a device's certificate, begin to feed it, and let its place's children know.

    Args:
        tx: a write transaction.
        node: the hub.
        place: the registered place.
        asked: the row of its enrolment, keys revealed.

    Returns:
        The certificate and the number of the device at its place.

    Raises:
        RefusedByCounty: the place has had 99, all that temporary numbers can tell apart.
    """
    number = _next_device(tx, place.code)
    found = DeviceCertificate(
        station=place.code,
        station_kind=place.kind.value,
        station_name=place.name,
        replica=asked["replica"],
        verify_key=VerifyKey(asked["verify_key"]),
        encryption_key=EncryptionKey(asked["encryption_key"]),
        roles=tuple(role.value for role in _ROLES[place.kind]),
        scope=place.code[: _SCOPE_DIGITS.get(place.kind, 12)],
        version=number,
        valid_from_seq=1,
    )
    message = certificate.issue(found, issuer(node.keys))
    identity.learn(tx, found, message)
    feeding.adopt(tx, found)
    raise_trust(tx)
    return message, number


def _next_device(tx: sa.Connection, code: str) -> int:
    e = enrolment.c
    highest = sa.select(sa.func.max(e.device)).where(e.station == code)
    number = int(tx.execute(highest).scalar() or 0) + 1
    if number > _MOST_DEVICES:
        raise RefusedByCounty(f"{code}: {_MOST_DEVICES}")
    return number


def raise_trust(tx: sa.Connection) -> None:
    """Let every station ask for the county's word on keys again with its next exchange."""
    tx.execute(sa.update(identity_table).values(trust=identity_table.c.trust + 1))


def township_certificate(tx: sa.Connection, code: str) -> bytes:
    """The certificate of a place's township, once it is enrolled; else empty."""
    above = township_of(code)
    a = author.c
    e = enrolment.c
    newest = (
        sa.select(a.certificate)
        .join_from(author, enrolment, e.replica == a.replica)
        .where(
            a.station == above,
            a.station != code,
            a.revoked_after.is_(None),
            e.state == EnrolmentState.APPROVED.value,
        )
        .order_by(e.decided_at.desc(), a.replica)
        .limit(1)
    )
    return bytes(tx.execute(newest).scalar() or b"")
