"""Exchanging with the parents until nothing is left to send or to fetch, or the time is up.

Every step is durable on both sides before the next: power may go at any byte. Facts go first, then
what is missing of attachments; a signed answer, never a status, says that anything has arrived.
"""

import shutil
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from crypto.certificate import DeviceCertificate
from node import anti_entropy, custody, ledger
from node.child import Child
from node.errors import LinkFailed, RefusedByCounty
from node.identity import Identity
from node.partial import Piece
from node.quarantining import retry
from node.receiving import NoRules
from node.rounds import Outgoing, Progress
from node.runtime import Node
from station import turns
from station.transport import WORDS, Cause, Parent, Transport, failed
from station.usecases import links, search
from station.usecases.lane import Lane, Line
from station.usecases.tallies import Tally, tally
from sync.errors import NewerVersion, RemoteSyncError
from sync.limits import DEFAULT

FIRST_PATIENCE: Final = 10.0
"""Seconds after which a first attempt counts as unanswered (interface.md §1)."""
PATIENCE: Final = 30.0
_FIRST_BYTES: Final = 256 << 10
"""A first request is small, so that even a slow parent answers it within its patience."""


class Effort(Enum):
    """Whether the waiting time after failures counts."""

    BY_HAND = "by_hand"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What one run of the exchange came to (`station sync`).

    Attributes:
        sent: own operations that an answer has acknowledged in this run.
        received: operations of others that were new here.
        pending: own operations that neither the county nor a township has.
        receipts_up_to: last seq up to which the county's receipts are held without a gap.
        attachments_pending: photos here that the county is not known to hold.
        stalled_reason: in plain words; None when nothing stalls.
        complete: whether the county has everything and owes nothing.
    """

    sent: int
    received: int
    pending: int
    receipts_up_to: int
    quarantined: int
    requests: int
    bytes_up: int
    bytes_down: int
    attachments_pending: int
    stalled_reason: str | None
    complete: bool


@dataclass(slots=True)
class _Counting:
    """A transport that counts what goes over it."""

    inner: Transport
    requests: int = 0
    up: int = 0
    down: int = 0

    def exchange(self, parent: Parent, message: bytes, *, patience: float) -> bytes:
        self._note(message)
        answer = self.inner.exchange(parent, message, patience=patience)
        self.down += len(answer)
        return answer

    def put_chunk(self, parent: Parent, name: bytes, chunk: int, data: bytes) -> bool:
        self._note(data)
        return self.inner.put_chunk(parent, name, chunk, data)

    def put_piece(self, parent: Parent, piece: Piece) -> int | None:
        self._note(piece.data)
        return self.inner.put_piece(parent, piece)

    def get_chunk(self, parent: Parent, name: bytes, chunk: int) -> bytes | None:
        return self.inner.get_chunk(parent, name, chunk)

    def reaches(self, parent: Parent) -> bool:
        return self.inner.reaches(parent)

    def _note(self, data: bytes) -> None:
        self.requests += 1
        self.up += len(data)


@dataclass(slots=True)
class _Run:
    """One run under way."""

    node: Node
    send: _Counting
    until: int
    jitter: float
    written: tuple[int, int] = (0, 0)
    sent: int = 0
    received: int = 0
    complaints: list[str] = field(default_factory=list)
    drained: Parent | None = None
    answered: bool = False
    failures: list[LinkFailed | RefusedByCounty] = field(default_factory=list)
    check: bool = False


def run(  # noqa: PLR0913  # what a run may be told
    node: Node,
    *,
    max_seconds: float,
    send: Transport,
    effort: Effort = Effort.BY_HAND,
    jitter: float = 0.5,
    check: bool = False,
) -> SyncReport:
    """Exchange with the county, or where it is not reached with the township, until drained.

    Args:
        node: this station.
        max_seconds: after which nothing new is begun.
        send: reaches the parents.
        effort: by hand, or in the background with waiting times after failures.
        jitter: 0 to 1; spreads the next try of many stations.
        check: have the county compare what is held here now, not once a day only.

    Raises:
        LinkFailed: no parent answered at all.
        RefusedByCounty: the county says that it does not serve this device.
        Busy: another process exchanges on this directory.
    """
    under_way = _Run(node, _Counting(send), _deadline(node, max_seconds), jitter, check=check)
    for parent in Parent:
        if send.reaches(parent) and links.is_due(node, parent, by_hand=effort is Effort.BY_HAND):
            _try(under_way, parent)
        if under_way.drained:
            break
    search.refresh(node)
    if under_way.received:
        retry(node, NoRules())
    if not under_way.answered and under_way.failures:
        raise under_way.failures[0]
    return _report(under_way)


def seal(node: Node) -> int:
    """Sign what is not signed yet; says how many operations were."""
    with node.database.write() as tx:
        return ledger.seal(tx, node.identity_in(tx))


def _deadline(node: Node, max_seconds: float) -> int:
    return node.clock.monotonic_ms() + round(max_seconds * 1000)


def _time_left(run: _Run) -> bool:
    return run.node.clock.monotonic_ms() < run.until


def _try(run: _Run, parent: Parent) -> None:
    """Exchange with one parent; a failure is noted durably, whoever is tried next."""
    known = certificate_of(run.node.identity(), parent)
    if known is None:
        return
    try:
        _drain(run, parent)
    except (LinkFailed, RefusedByCounty) as error:
        run.failures.append(error)
        links.note_failure(run.node, parent, known.station, error, jitter=run.jitter)


def certificate_of(me: Identity, parent: Parent) -> DeviceCertificate | None:
    """The certificate by which a parent's answers are believed; None where it is not known."""
    if parent is Parent.COUNTY:
        return me.hub
    above = me.parent
    return None if above is None or above.station == me.place.code else above


def _drain(run: _Run, parent: Parent) -> None:
    line = Line.of(run.node, parent)
    lane = Lane(
        run.node,
        run.send,
        line,
        disturbed=lambda: _written(run.node) != run.written,
        has_time=lambda: _time_left(run),
    )
    try:
        _take_turns(run, lane)
    except LinkFailed:
        line.failed()
        raise
    finally:
        line.keep(run.node)


def _take_turns(run: _Run, lane: Lane) -> None:
    """Facts while there are any, both ways; then a turn of attachments; then look again."""
    before: Tally | None = None
    again, first = True, True
    to_check = run.check and lane.line.parent is Parent.COUNTY
    while again and (first or _time_left(run)):
        outgoing, progress = _round(run, lane, first=first)
        facts, known = outgoing.more or progress.more, len(lane.passed_over)
        uploaded = 0 if facts else lane.upload(outgoing.asked, progress.missing)
        after = tally(run.node)
        new = lane.disturbed() or bool(uploaded)
        moved = after != before or progress.received or len(lane.passed_over) > known
        again = new or bool(moved and (facts or _is_unasked(lane, after)))
        if not again and to_check:  # what was on its way has come: now it can be compared, once
            again, to_check = not outgoing.compares, False
        before, first = after, False
    if not again:
        run.drained = lane.line.parent


def _is_unasked(lane: Lane, found: Tally) -> bool:
    """Whether photos wait about which this run has not heard the county's word."""
    return lane.line.parent is Parent.COUNTY and found.attachments > len(lane.passed_over)


def _written(node: Node) -> tuple[int, int]:
    """What there is to send: the end of our own log, and what is carried for others."""
    me = node.identity()
    with node.database.read() as tx:
        return ledger.own_head(tx, me), custody.newest_carried(tx)


def _round(run: _Run, lane: Lane, *, first: bool) -> tuple[Outgoing, Progress]:
    """One request and its answer, alone on this data directory."""
    parent, line = lane.line.parent, lane.line
    most = line.request(_FIRST_BYTES if first else DEFAULT.bundle, first=first)
    with turns.taken(run.node.directory.spool / "exchange.lock"):
        run.written = _written(run.node)
        asking = replace(
            child_of(run.node, parent, most=most),
            ask=line.asked,
            skip=frozenset(lane.passed_over),
            check=run.check or (first and _is_check_due(run.node)),
        )
        outgoing = asking.request()
        patience = FIRST_PATIENCE if first else PATIENCE
        began = run.node.clock.monotonic_ms()
        answer = run.send.exchange(parent, outgoing.message, patience=patience)
        took = run.node.clock.monotonic_ms() - began
        try:
            progress = asking.take(answer, compared=outgoing.compares)
        except NewerVersion as error:
            raise failed(Cause.PROGRAM_OLD) from error
        except RemoteSyncError as error:
            raise failed(Cause.NOT_COUNTY) from error
    line.carried(len(outgoing.message) + len(answer), took, whole=True)
    run.answered = True
    run.sent += outgoing.operations
    run.received += progress.received
    run.complaints += [code for code, _ in progress.complaints]
    links.note_success(run.node, asking.parent.station, carried=len(outgoing.message))
    return outgoing, progress


def _is_check_due(node: Node) -> bool:
    with node.database.read() as tx:
        hub = node.identity_in(tx).hub
        return anti_entropy.is_due(tx, hub.station, now=node.clock.now_ms())


def child_of(node: Node, parent: Parent, *, most: int = DEFAULT.bundle) -> Child:
    """The asking side towards a parent, as of now.

    Args:
        node: this station.
        parent: who is asked.
        most: bytes that a request should carry at most.

    Raises:
        LinkFailed: this station does not know such a parent.
    """
    me = node.identity()
    known = certificate_of(me, parent)
    if known is None:
        raise failed(Cause.NO_ADDRESS)
    with node.database.read() as tx:
        at = node.moment(tx)
    free = shutil.disk_usage(node.directory.path).free
    return Child(database=node.database, me=me, parent=known, at=at, free=free, most=most)


def _report(run: _Run) -> SyncReport:
    found = tally(run.node)
    has_all = not (found.pending or found.in_custody or found.attachments)
    return SyncReport(
        sent=run.sent,
        received=run.received,
        pending=found.pending,
        receipts_up_to=found.receipts_up_to,
        quarantined=found.quarantined,
        requests=run.send.requests,
        bytes_up=run.send.up,
        bytes_down=run.send.down,
        attachments_pending=found.attachments,
        stalled_reason=_reason(run, found) if run.drained is None or not has_all else None,
        complete=run.drained is not None and has_all,
    )


def _reason(run: _Run, found: Tally) -> str:
    """Why not everything is at the county, in plain words."""
    if run.complaints:
        codes = "、".join(dict.fromkeys(run.complaints))
        return f"县里有 {len(run.complaints)} 包没收下（{codes}），已存着，请打电话给县里。"
    if run.drained is Parent.TOWNSHIP and (found.in_custody or found.attachments):
        return "乡镇已经接到，等乡镇连上县里。"
    if run.failures:
        return str(getattr(run.failures[0], "reason", "")) or WORDS[Cause.NO_ANSWER]
    if run.drained and not (found.pending or found.in_custody):
        return f"办件县里都收到了。还有 {found.attachments} 张照片现在没收下，过一会儿自动再传。"
    return "时间到了，还没传完，下次接着传。"
