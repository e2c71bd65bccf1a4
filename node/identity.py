"""Who this node is, whom it trusts, and when it last heard from the county."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import sqlalchemy as sa

from casework.places import PlaceKind, county_of
from crypto import certificate as certificates
from crypto import trust
from crypto.certificate import DeviceCertificate
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey, VerifyKey
from crypto.trust import CountyDocument
from node.clock import Clock
from node.errors import NotInitialised
from node.tables import identity as table
from sync.adapters.tables import author
from sync.changeset import Anchor
from sync.feed import Place
from sync.record import Author


class Moment(NamedTuple):
    """When an act happens, as this node can say it.

    Attributes:
        now: this computer's clock, milliseconds since the epoch.
        since: running time since the anchor, milliseconds; a lower bound after a restart.
        anchor: the last answer of the county; None before the first contact.
        running: this computer's running time, milliseconds.
    """

    now: int
    since: int
    anchor: Anchor | None
    running: int = 0


@dataclass(frozen=True, kw_only=True)
class Identity:
    """This node.

    Attributes:
        partner: of an outlet: bank, post, shop, market or telecom; else empty.
        certificate: as issued by the county.
        county: the verified county document.
        parent: certificate of the township above, where there is one and it is known.
        trust: version of the registry that this node knows.
        epoch: of the feed it gives to its children.
        stopped: why it must not write (`node.incarnations.Stop`); empty: it may.
    """

    place: Place
    name: str
    partner: str
    replica: bytes
    signing: SigningKey
    decryption: Mapping[bytes, DecryptionKey]
    certificate: bytes
    county: CountyDocument
    county_message: bytes
    parent: DeviceCertificate | None
    trust: int
    epoch: bytes
    stopped: str = ""

    @cached_property
    def hub(self) -> DeviceCertificate:
        """The county hub's own device certificate."""
        return _device(self.county.hub, self.county.issuer)

    @property
    def is_county(self) -> bool:
        """Say whether this node is the hub."""
        return self.place.kind is PlaceKind.COUNTY

    @property
    def county_code(self) -> str:
        """The 12-digit code of the county."""
        return county_of(self.place.code)

    def read_certificate(self, message: bytes) -> DeviceCertificate:
        """Verify a device certificate of this county.

        Raises:
            CryptoError: it is not one.
        """
        return certificates.read(message, self.county.issuer)


@lru_cache(maxsize=16)
def _county(message: bytes, root: bytes) -> CountyDocument:
    """Verify a county document; the same bytes under the same key once."""
    return trust.read(message, VerifyKey(root))


@lru_cache(maxsize=64)
def _device(message: bytes, issuer: VerifyKey) -> DeviceCertificate:
    """Verify a certificate; the same bytes under the same key once."""
    return certificates.read(message, issuer)


DeviceKeys = Callable[[bytes | None], tuple[SigningKey, DecryptionKey]]
"""Opens a device's keys, sealed in the database or (None) in the key file."""


def reload(tx: sa.Connection, me: Identity) -> Identity:
    """Read anew whom a node trusts, after something of it has changed."""
    (decryption,) = me.decryption.values()
    return load(tx, lambda _sealed: (me.signing, decryption))


def load(tx: sa.Connection, keys: DeviceKeys) -> Identity:
    """Read who this node is.

    Args:
        tx: any transaction.
        keys: of the unlocked node.

    Raises:
        NotInitialised: the database holds no identity yet.
    """
    row = tx.execute(sa.select(table)).first()
    if row is None:
        raise NotInitialised
    document = _county(row.county_document, row.root_key)
    above = row.parent_certificate
    signing, decryption = keys(row.device_keys)
    return Identity(
        place=Place(row.station, PlaceKind(row.kind)),
        name=row.name,
        partner=row.partner,
        replica=row.replica,
        signing=signing,
        decryption={decryption.encryption_key.key_id: decryption},
        certificate=row.certificate,
        county=document,
        county_message=row.county_document,
        parent=_device(above, document.issuer) if above else None,
        trust=row.trust,
        epoch=row.epoch,
        stopped=row.stopped,
    )


def moment(tx: sa.Connection, clock: Clock) -> Moment:
    """Say when it is, by this clock and by the anchor.

    Running time restarts with the computer; what has run since then is still a lower bound of the
    time since the anchor.
    """
    row = tx.execute(
        sa.select(table.c.anchor_answer, table.c.anchor_time, table.c.anchor_running)
    ).first()
    now, running = clock.now_ms(), clock.monotonic_ms()
    if row is None or row.anchor_answer is None:
        return Moment(now, 0, None, running)
    since = running - row.anchor_running if running >= row.anchor_running else running
    return Moment(now, since, Anchor(row.anchor_answer, row.anchor_time), running)


def authors(tx: sa.Connection) -> dict[bytes, Author]:
    """Read the place of every replica whose certificate is known."""
    rows = tx.execute(sa.select(author.c.replica, author.c.station, author.c.kind))
    return {row.replica: Author(row.station, row.kind) for row in rows}


def county_replicas(known: Mapping[bytes, Author]) -> frozenset[bytes]:
    """Name the replicas whose verdicts count."""
    return frozenset(r for r, a in known.items() if a.kind == PlaceKind.COUNTY)


def learn(tx: sa.Connection, found: DeviceCertificate, message: bytes) -> None:
    """Remember a verified certificate."""
    held = tx.execute(sa.select(author.c.replica).where(author.c.replica == found.replica)).first()
    if held is None:
        tx.execute(
            sa.insert(author).values(
                replica=found.replica,
                station=found.station,
                kind=found.station_kind,
                certificate=message,
            )
        )
