"""Whose answers a child believes: its parent's device, and the one that took its place.

A township that enrolled anew signs with new keys. Its villages may not meet the county for weeks:
they take the county-issued certificate that a newer answer carries, where it is of the same place
and of a higher version: the version of a place's certificates rises with each device, so that one
that was stolen and replaced cannot come back.
"""

import sqlalchemy as sa

from crypto.certificate import DeviceCertificate
from crypto.errors import CryptoError
from node.identity import Identity, learn
from node.tables import identity as identity_table
from sync import exchange
from sync.errors import RemoteSyncError


def speaking(me: Identity, parent: DeviceCertificate, message: bytes) -> DeviceCertificate:
    """Say by which certificate an answer should be checked.

    Args:
        me: this node.
        parent: as known so far.
        message: the answer as received; nothing of it is believed yet.

    Returns:
        The newest certificate of the parent's place that the answer carries, or `parent`.
    """
    found = [parent, *(one for _, one in _newer(me, parent, message))]
    return max(found, key=lambda one: one.version)


def keep(tx: sa.Connection, me: Identity, parent: DeviceCertificate, message: bytes) -> None:
    """Remember the device that took the parent's place, once an answer of it was believed.

    Args:
        tx: a write transaction.
        me: this node.
        parent: as known before.
        message: the answer.
    """
    if parent.station == me.county_code:
        return
    for certificate, found in sorted(_newer(me, parent, message), key=lambda one: one[1].version):
        learn(tx, found, certificate)
        tx.execute(sa.update(identity_table).values(parent_certificate=certificate))


def _newer(
    me: Identity, parent: DeviceCertificate, message: bytes
) -> list[tuple[bytes, DeviceCertificate]]:
    found = []
    for certificate in _claimed(message):
        try:
            one = me.read_certificate(certificate)
        except CryptoError:
            continue
        same_place = (one.station, one.station_kind) == (parent.station, parent.station_kind)
        if same_place and one.version > parent.version:
            found.append((certificate, one))
    return found


def _claimed(message: bytes) -> list[bytes]:
    try:
        return exchange.claimed_certificates(message)
    except RemoteSyncError:
        return []  # reading it properly says what is wrong
