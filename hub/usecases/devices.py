"""Devices of the county: who asks to join, who is in, and the end of a device."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from casework.errors import FieldProblem
from casework.places import PlaceKind
from hub.rows import enrolment
from hub.usecases import enrolments, registry
from hub.usecases.stations import Station, registered
from node import heads
from node.enrolment import EnrolmentState
from node.errors import InvalidInput, NotFound
from node.people import Account
from node.runtime import Node
from sync import codec
from sync.adapters.sql import SqlLog, runs
from sync.adapters.tables import author, change_set, child
from sync.errors import RemoteSyncError

_STATUS_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device that was admitted, as far as the county knows it.

    Attributes:
        state: active or revoked.
        last_seen: county time of its last request; None before the first.
        last_seq: how much of its log the county holds without a gap.
        known_seq: how much exists, by the highest head the county has heard of on any path.
        missing: ranges of seq that exist and are not here.
        clock_offset_ms: device minus county at the last request.
        repaired: cases that a comparison found to differ there, and that were owed again.
        photos: that it held at its last request and the county was not known to.
        free: bytes on its disk at its last request.
        receipted: up to where it said it holds receipts of its own log.
    """

    replica: str
    station: str
    kind: PlaceKind
    name: str
    state: str
    last_seen: int | None
    last_seq: int
    known_seq: int
    missing: tuple[tuple[int, int], ...]
    clock_offset_ms: int | None
    version: str
    catalogue_version: int | None
    quarantined: int | None
    repaired: int = 0
    photos: int | None = None
    free: int | None = None
    receipted: int = 0

    @property
    def unsent(self) -> int:
        """How many operations exist and are not here."""
        return sum(last - first + 1 for first, last in self.missing)


@dataclass(frozen=True, slots=True)
class Asking:
    """A device that asks to join.

    Attributes:
        request: names it, hexadecimal.
        match_code: six digits, to compare with the device's screen.
        asked_at: when it revealed its keys.
    """

    request: str
    station: str
    name: str
    state: str
    match_code: str
    tls_fingerprint: str
    asked_at: int


@dataclass(frozen=True, slots=True)
class Approved:
    """A device that was let in."""

    request: str
    station: str
    replica: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """A device that was shut out; `revoked_after` is the last operation that counts."""

    replica: str
    station: str
    revoked_after: int
    unsent: int


def listed(node: Node) -> list[Device]:
    """Every device that was ever admitted, by station."""
    with node.database.read() as tx:
        names = registered(tx)
        ranges, heard = _ranges(tx), heads.known(tx)
        a, c = author.c, child.c
        rows = tx.execute(
            sa.select(
                *(a.replica, a.station, a.kind, a.revoked_after, c.last_seen, c.status, c.repaired)
            )
            .select_from(author.outerjoin(child, a.replica == c.replica))
            .where(a.kind != PlaceKind.COUNTY.value)
            .order_by(a.station, a.replica)
        )
        return [_device(row._mapping, names, ranges, heard) for row in rows]  # noqa: SLF001  # SQLAlchemy's documented name


def _ranges(tx: sa.Connection) -> Mapping[bytes, list[tuple[int, int]]]:
    c = change_set.c
    found: dict[bytes, list[tuple[int, int]]] = {}
    rows = tx.execute(sa.select(c.replica, c.first, c.last).order_by(c.replica, c.first))
    for row in rows:
        found.setdefault(row.replica, []).append((row.first, row.last))
    return found


def _device(
    m: sa.RowMapping,
    names: Mapping[str, Station],
    ranges: Mapping[bytes, list[tuple[int, int]]],
    heard: Mapping[bytes, heads.Known],
) -> Device:
    said = _Said.of(m["status"])
    up_to, beyond = runs(ranges.get(m["replica"], []))
    told = heard[m["replica"]].seq if m["replica"] in heard else 0
    known = max(said.head, told, up_to, *(last for _, last in beyond))
    seen, place = m["last_seen"], names.get(m["station"])
    return Device(
        replica=m["replica"].hex(),
        station=m["station"],
        kind=PlaceKind(m["kind"]),
        name=place.name if place else "",
        state="active" if m["revoked_after"] is None else "revoked",
        last_seen=seen,
        last_seq=up_to,
        known_seq=known,
        missing=_gaps(up_to, beyond, known),
        clock_offset_ms=said.clock - seen if said.clock is not None and seen else None,
        version=said.version,
        catalogue_version=said.catalogue,
        quarantined=said.quarantined,
        repaired=m["repaired"] or 0,
        receipted=said.receipted,
        photos=said.photos,
        free=said.free,
    )


def _gaps(up_to: int, beyond: list[tuple[int, int]], known: int) -> tuple[tuple[int, int], ...]:
    """What exists up to `known` and is not here.

    >>> _gaps(4, [(7, 9)], 12)
    ((5, 6), (10, 12))
    """
    gaps = []
    for first, last in [*beyond, (known + 1, known)]:
        if first > up_to + 1:
            gaps.append((up_to + 1, first - 1))
        up_to = max(up_to, last)
    return tuple(gaps)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a device last said of itself (`node.parent`)."""

    head: int = 0
    clock: int | None = None
    version: str = ""
    catalogue: int | None = None
    quarantined: int | None = None
    photos: int | None = None
    free: int | None = None
    receipted: int = 0

    @classmethod
    def of(cls, status: bytes | None) -> "_Said":
        """Read it; what cannot be read is not known."""
        if status is None:
            return cls()
        try:
            m = codec.decode_map(status, max_bytes=_STATUS_BYTES)
            software, catalogue, *_ = codec.as_list(m.get(6))
            queues = codec.as_list(m.get(5))
            return cls(
                head=codec.as_uint(m.get(1)),
                clock=codec.as_uint(m.get(3)),
                version=codec.as_text(software),
                catalogue=codec.as_uint(catalogue),
                quarantined=codec.as_uint(queues[-1]) if queues else None,
                photos=codec.as_uint(queues[1]) if len(queues) > 1 else None,
                free=codec.as_uint(m.get(4)),
                receipted=codec.as_uint(m.get(7)),
            )
        except (RemoteSyncError, ValueError):
            return cls()


def asking(node: Node) -> list[Asking]:
    """Devices that wait for somebody to compare the match code, the oldest first."""
    e = enrolment.c
    waiting = sa.select(enrolment).where(e.state == EnrolmentState.PENDING.value)
    with node.database.read() as tx:
        names = registered(tx)
        return [
            Asking(
                row.id.hex(),
                row.station,
                names[row.station].name,
                row.state,
                row.match_code,
                row.tls_fingerprint,
                row.revealed_at,
            )
            for row in tx.execute(waiting.order_by(e.revealed_at))
        ]


def approve(node: Node, request: str, *, account: Account) -> Approved:
    """Admit a device; whoever calls this has compared the match code.

    Args:
        node: the hub.
        request: id of the enrolment or its beginning, or the code of its station.
        account: who compared.

    Raises:
        NotFound: no such enrolment waits.
        InvalidInput: several do.
    """

    def work(tx: sa.Connection) -> Approved:
        found = _find(tx, request)
        enrolments.approve_in(tx, node, found["id"], by=account.login)
        return Approved(found["id"].hex(), found["station"], found["replica"].hex())

    return node.database.run(work)


def refuse(node: Node, request: str, *, account: Account, reason: str) -> None:
    """Turn a device away, for example because the match codes differ (see `approve`)."""

    def work(tx: sa.Connection) -> None:
        found = _find(tx, request)
        enrolments.refuse_in(tx, node, found["id"], by=account.login, reason=reason)

    node.database.run(work)


def _find(tx: sa.Connection, request: str) -> sa.RowMapping:
    e = enrolment.c
    waiting = sa.select(e.id, e.station, e.replica).where(e.state == EnrolmentState.PENDING.value)
    rows = tx.execute(waiting).mappings().all()
    typed = request.strip().lower()
    found = [
        r for r in rows if typed and (r["id"].hex().startswith(typed) or r["station"] == typed)
    ]
    if len(found) > 1:
        zh = "有几台设备都在等。写全它的编号。"
        raise InvalidInput([FieldProblem("/request", "several", zh, "Several wait; name one.")])
    if not found:
        raise NotFound("enrolment", request)
    return found[0]


def revoke(node: Node, replica: str, *, reason: str) -> Revoked:
    """Shut a device out: what the county holds of it stays, nothing later counts (C15).

    Args:
        node: the hub.
        replica: its id.
        reason: kept in the log of the registry.

    Raises:
        NotFound: there is no such device, or it was shut out before.
    """

    def work(tx: sa.Connection) -> Revoked:
        a = author.c
        raw = _replica(replica)
        wanted = sa.select(a.station).where(
            a.replica == raw, a.revoked_after.is_(None), a.kind != PlaceKind.COUNTY.value
        )
        row = tx.execute(wanted).first()
        if row is None:
            raise NotFound("device", replica)
        up_to, _ = SqlLog(tx).contiguous(raw)
        tx.execute(sa.update(author).where(a.replica == raw).values(revoked_after=up_to))
        tx.execute(
            sa.update(enrolment).where(enrolment.c.replica == raw).values(reason=reason.strip())
        )
        registry.raise_trust(tx)
        return Revoked(raw.hex(), row.station, up_to, 0)

    unsent = {device.replica: device.unsent for device in listed(node)}
    done = node.database.run(work)
    return Revoked(done.replica, done.station, done.revoked_after, unsent.get(done.replica, 0))


def _replica(text: str) -> bytes:
    try:
        return bytes.fromhex(text.strip())
    except ValueError:
        raise NotFound("device", text) from None
