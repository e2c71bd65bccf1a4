"""Joining a county: ask with a one-time code, show the match code, take what the county approved.

Nothing is trusted before somebody at the county has compared the match code. Every step is on the
disk before the next, so that `init` may be broken off and called again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import sqlalchemy as sa

from casework.places import PlaceKind, Role
from crypto import certificate as certificates
from crypto import trust
from crypto.certificate import DeviceCertificate
from crypto.entropy import random_bytes
from crypto.errors import CryptoError
from crypto.trust import CountyDocument, DeviceKeys
from node import enrolment, identity, keys, people, settings, succession
from node.clock import Clock
from node.config import DataDirectory
from node.db import upsert
from node.enrolment import Asking, Decision, EnrolmentState, Offer, Revealing
from node.errors import AlreadyInitialised, ClockSkew, EnrolmentRefused, NotInitialised
from node.incarnations import Stop, stop
from node.people import NewAccount
from node.publication import take_published
from node.rows import table
from node.runtime import Node
from node.tables import identity as identity_table
from station.rows import EnrolmentRow
from station.transport import Parent
from station.transport.http import Address
from station.usecases import links, numbers, opening, search
from sync.errors import Unauthentic

ROW: Final = table(EnrolmentRow)
_REPLICA_BYTES: Final = 8
_EPOCH_BYTES: Final = 8
_MOST_SKEW_MS: Final = 10 * 60_000
_FIRST: Final = {
    PlaceKind.VILLAGE: ("helper", "代办员", Role.HELPER),
    PlaceKind.TOWNSHIP: ("clerk", "窗口人员", Role.CLERK),
    PlaceKind.OUTLET: ("teller", "柜员", Role.TELLER),
}


class Desk(Protocol):
    """The hub's enrolment desk, over any carrier."""

    clock_ms: int | None

    def post(self, path: str, document: object) -> object:
        """Send a document and read the answer."""

    def get(self, path: str) -> object:
        """Read a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What `station init` is told.

    Attributes:
        hub: address of the county's hub.
        code: the one-time code, as typed.
        township: address of the township on the local network, if there is one.
        fingerprint: of the pages' certificate of this station.
    """

    hub: Address
    code: str
    township: Address | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolling:
    """How far this station is.

    Attributes:
        state: begun, pending, approved, refused or expired.
        match_code: six digits, to be compared with the county's screen.
        user: login of the first account, once approved; `password` is shown this once.
    """

    station: str
    name: str
    replica: str
    state: EnrolmentState
    match_code: str
    reason: str = ""
    user: str = ""
    password: str = ""


def prepare(directory: DataDirectory, passphrase: str | None, *, clock: Clock) -> Node:
    """Make keys and database of a new station, or take up one that is not enrolled yet.

    Args:
        directory: where it shall live.
        passphrase: None: unattended, with a key file beside the directory.
        clock: of this computer.

    Raises:
        AlreadyInitialised: an enrolled station lives there, and it may go on as it is.
        WrongKey, Locked: it was begun with another passphrase.
        OSError: the place cannot be written.
    """
    if not directory.initialised:
        keys.create(directory, passphrase)
    node = opening.open_station(directory, passphrase, clock)
    if is_enrolled(node) and not node.identity().stopped:
        node.database.close()
        raise AlreadyInitialised(str(directory.path))
    return node


def give_up(node: Node) -> None:
    """Let an enrolled station write no more until it has enrolled anew: the county shut it out."""
    with node.database.write() as tx:
        stop(tx, Stop.RENEWED, now=node.clock.now_ms())


def is_enrolled(node: Node) -> bool:
    """Whether the county has taken this station in."""
    with node.database.read() as tx:
        return tx.execute(sa.select(identity_table.c.station)).first() is not None


def begin(node: Node, desk: Desk, wish: Wish) -> Enrolling:
    """Ask the county with a code and reveal the keys; asked again, it goes on where it was.

    Raises:
        LinkFailed: no hub answers.
        EnrolmentRefused: the code is wrong, used or too old.
        ClockSkew: this computer's clock is more than ten minutes off.
        Unauthentic: what answers is no hub that agrees with itself.
    """
    row = row_of(node)
    if row is None or row.state != EnrolmentState.PENDING or row.hub != wish.hub.url:
        _ask(node, desk, wish)
        row = row_of(node)
    return told(row)


def _ask(node: Node, desk: Desk, wish: Wish) -> None:
    nonce, replica = random_bytes(trust.NONCE_BYTES), random_bytes(_REPLICA_BYTES)
    sealed = new_keys(node) if is_enrolled(node) else b""
    own = device_keys(node, sealed)
    asking = Asking(trust.tidy_code(wish.code), trust.commitment(nonce, own))
    offered = desk.post(enrolment.PATH, enrolment.format_asking(asking))
    _check_clock(node, desk)
    offer = enrolment.parse_offer(offered)
    document = _document_of(offer)
    code = trust.match_code(
        nonce,
        offer.hub_nonce,
        keys=own,
        root=offer.root_key,
        county=document.encryption_keys[0],
    )
    if is_enrolled(node) and offer.station.code != node.identity().place.code:
        raise EnrolmentRefused("code of another station")
    _keep(node, wish, offer, nonce=nonce, replica=replica, code=code, sealed=sealed)
    revealing = Revealing(offer.id, nonce, replica, own, wish.fingerprint)
    desk.post(enrolment.PATH, enrolment.format_revealing(revealing))
    _set_state(node, EnrolmentState.PENDING)


def new_keys(node: Node) -> bytes:
    """Keys of a new incarnation, sealed; those before stay in the key file."""
    signing, decryption = random_bytes(keys.SEED_BYTES), random_bytes(keys.SEED_BYTES)
    return node.keys.seal_device(signing, decryption, entropy=random_bytes)


def device_keys(node: Node, sealed: bytes) -> DeviceKeys:
    """The public keys that a device asks to have certified."""
    signing, decryption = node.keys.device(sealed)
    return DeviceKeys(signing.verify_key, decryption.encryption_key)


def _check_clock(node: Node, desk: Desk) -> None:
    if desk.clock_ms is None:
        return
    off = abs(node.clock.now_ms() - desk.clock_ms)
    if off > _MOST_SKEW_MS:
        raise ClockSkew(off // 60_000)


def _document_of(offer: Offer) -> CountyDocument:
    """The county document as the offer itself vouches for it; the match code vouches for that."""
    try:
        document = trust.read(offer.county_document, offer.root_key)
        certificates.read(document.hub, document.issuer)
    except CryptoError as error:
        raise Unauthentic(f"offer: {error}") from error
    return document


def _keep(  # noqa: PLR0913  # the row of an enrolment has these parts
    node: Node,
    wish: Wish,
    offer: Offer,
    *,
    nonce: bytes,
    replica: bytes,
    code: str,
    sealed: bytes,
) -> None:
    values = {
        "id": 1,
        "hub": wish.hub.url,
        "parent_url": wish.township.url if wish.township else "",
        "request": nonce,
        "offer": enrolment.format_offer(offer),
        "replica": replica,
        "device_keys": sealed,
        "match_code": code,
        "state": EnrolmentState.BEGUN.value,
    }
    with node.database.write() as tx:
        upsert(tx, ROW, values)
        links.keep_address(tx, Parent.COUNTY, wish.hub)
        if wish.township is not None:
            links.keep_address(tx, Parent.TOWNSHIP, wish.township)


def _set_state(node: Node, state: EnrolmentState) -> None:
    with node.database.write() as tx:
        tx.execute(sa.update(ROW).values(state=state.value))


def poll(node: Node, desk: Desk) -> Enrolling:
    """Ask whether the county has decided, and take what it gives.

    Raises:
        NotInitialised: no enrolment was begun here.
        LinkFailed: no hub answers.
        EnrolmentRefused: the county said no.
        Unauthentic: what came is not signed by the county of the match code.
    """
    row = row_of(node)
    if row is None:
        raise NotInitialised(str(node.directory.path))
    offer = enrolment.parse_offer(row.offer)
    decision = enrolment.parse_decision(desk.get(f"{enrolment.PATH}/{offer.id.hex()}"))
    if decision.state in {EnrolmentState.REFUSED, EnrolmentState.EXPIRED}:
        _set_state(node, decision.state)
        raise EnrolmentRefused(decision.reason or decision.state.value)
    if decision.state is not EnrolmentState.APPROVED:
        return told(row)
    return finish(node, row, offer, decision)


def finish(node: Node, row: Any, offer: Offer, decision: Decision) -> Enrolling:  # noqa: ANN401  # a row
    """Become a station: one transaction, after which everything works without a link."""
    document = _document_of(offer)
    own = _own_certificate(node, row, document, decision)
    if is_enrolled(node):
        return _take_over(node, row, offer, decision)
    kind = PlaceKind(own.station_kind)
    login, name, role = _FIRST[kind]
    with node.database.write() as tx:
        _write_identity(tx, offer, document, decision, own)
        me = node.identity_in(tx)
        identity.learn(tx, own, decision.certificate)
        identity.learn(tx, me.hub, document.hub)
        if me.parent is not None:
            identity.learn(tx, me.parent, decision.parent_certificate)
        now = node.clock.now_ms()
        if decision.published:
            take_published(tx, me, decision.published, now=now)
        settings.put(tx, numbers.DEVICE, decision.device or 1, now=now)
        first = NewAccount(login, name, role, own.station, first=True)
        issued = people.add(tx, first, now=now)
        tx.execute(sa.update(ROW).values(state=EnrolmentState.APPROVED.value))
    search.refresh(node)
    return told(row_of(node), user=issued.account.login, password=issued.password)


def _take_over(node: Node, row: Any, offer: Offer, decision: Decision) -> Enrolling:  # noqa: ANN401  # a row
    """Go on with the same database as a new replica: one transaction."""
    values = {
        "replica": row.replica,
        "device_keys": row.device_keys,
        "certificate": decision.certificate,
        "county_document": offer.county_document,
        "parent_certificate": decision.parent_certificate or None,
        "trust": decision.trust,
        "epoch": random_bytes(_EPOCH_BYTES),
    }
    with node.database.write() as tx:
        before, at = node.identity_in(tx), node.moment(tx)
        if offer.root_key.raw != before.county.root.raw:
            raise Unauthentic("another county")
        identity.learn(tx, before.read_certificate(decision.certificate), decision.certificate)
        why = Stop(before.stopped) if before.stopped else Stop.RENEWED
        succession.succeed(tx, before, values, why=why, keys=node.keys.device, at=at)
        me = node.identity_in(tx)
        identity.learn(tx, me.hub, me.county.hub)
        if decision.published:
            take_published(tx, me, decision.published, now=at.now)
        settings.put(tx, numbers.DEVICE, decision.device or 1, now=at.now)
        tx.execute(sa.update(ROW).values(state=EnrolmentState.APPROVED.value))
    search.refresh(node)
    return told(row_of(node))


def _own_certificate(
    node: Node,
    row: Any,  # noqa: ANN401  # a row
    document: CountyDocument,
    decision: Decision,
) -> DeviceCertificate:
    """The certificate, if it is ours in every part."""
    try:
        own = certificates.read(decision.certificate, document.issuer)
    except CryptoError as error:
        raise Unauthentic(f"certificate: {error}") from error
    asked = device_keys(node, row.device_keys)
    ours = (row.replica, asked.verify_key, asked.encryption_key)
    if (own.replica, own.verify_key, own.encryption_key) != ours:
        raise Unauthentic("certificate of another device")
    if own.station != enrolment.parse_offer(row.offer).station.code:
        raise Unauthentic("certificate of another station")
    return own


def _write_identity(
    tx: sa.Connection,
    offer: Offer,
    document: CountyDocument,
    decision: Decision,
    own: DeviceCertificate,
) -> None:
    if decision.parent_certificate:
        try:
            certificates.read(decision.parent_certificate, document.issuer)
        except CryptoError as error:
            raise Unauthentic(f"parent: {error}") from error
    tx.execute(
        sa.insert(identity_table).values(
            station=own.station,
            kind=own.station_kind,
            name=own.station_name,
            partner=offer.station.partner,
            replica=own.replica,
            certificate=decision.certificate,
            county_document=offer.county_document,
            root_key=offer.root_key.raw,
            parent_certificate=decision.parent_certificate or None,
            trust=decision.trust,
            epoch=random_bytes(_EPOCH_BYTES),
        )
    )


def wait(node: Node, desk: Desk, *, seconds: float, pause: Callable[[float], None]) -> Enrolling:
    """Poll until the county has decided or the time is up.

    Args:
        node: the station to be.
        desk: the hub's.
        seconds: to wait; 0 asks once.
        pause: waits a number of seconds.

    Raises:
        EnrolmentRefused, LinkFailed, Unauthentic: see `poll`.
    """
    until = node.clock.monotonic_ms() + round(seconds * 1000)
    while True:
        found = poll(node, desk)
        left = (until - node.clock.monotonic_ms()) / 1000
        if found.state is EnrolmentState.APPROVED or left <= 0:
            return found
        pause(min(1.0, left))


def row_of(node: Node) -> Any:  # noqa: ANN401  # a row, or None
    """The enrolment under way, as it is kept."""
    with node.database.read() as tx:
        return tx.execute(sa.select(ROW)).first()


def told(row: Any, *, user: str = "", password: str = "") -> Enrolling:  # noqa: ANN401  # a row
    """How far an enrolment is."""
    offered = enrolment.parse_offer(row.offer)
    return Enrolling(
        station=offered.station.code,
        name=offered.station.name,
        replica=row.replica.hex(),
        state=EnrolmentState(row.state),
        match_code=row.match_code,
        user=user,
        password=password,
    )
