"""Taking answers from a stick: in full while they are waited for, else what proves itself (§6).

An answer may come late, twice, or to a request that another path has answered since. What the
county signed as received is received all the same; only the anchor and the last contact are moved
by nothing but an answer that is waited for.
"""

import shutil
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa

from crypto import envelope
from crypto import message as cose
from crypto.certificate import DeviceCertificate
from crypto.errors import CryptoError
from node import asking, attachments, custody, incarnations, kinship, ledger, letters
from node.child import Child
from node.identity import Identity
from node.incarnations import Stop
from node.receiving import NoRules, Receiver
from node.runtime import Node
from node.stick_export import parents_of
from sync import exchange, receipt
from sync.adapters.tables import change_set, link, outstanding
from sync.errors import OldCopy, RemoteSyncError
from sync.exchange import Answer, FeedBundle
from sync.limits import DEFAULT


@dataclass(slots=True, kw_only=True)
class Brought:
    """What came of reading some files.

    Attributes:
        imported: change sets that were new here; `duplicate`: those that were here before.
        operations: that were new here, of bundles and of feeds.
        quarantined: bundles that were put aside here, each with its reason.
        answers: that were waited for.
        receipts: change sets of which the county's receipt is new here.
        chunks: pieces of photos that were taken.
        heads: that were believed.
        ignored: frames that are meant for others.
        damaged: stretches of the files that gave nothing.
        cut: files whose end is missing.
        foreign: files of another county, or that are no such file.
        newer: files of a later version.
        refused: (code, detail) of frames that do not hold.
        complaints: (code, reason) of bundles of ours that a parent put aside.
    """

    imported: int = 0
    duplicate: int = 0
    operations: int = 0
    quarantined: int = 0
    answers: int = 0
    receipts: int = 0
    chunks: int = 0
    heads: int = 0
    ignored: int = 0
    damaged: int = 0
    cut: int = 0
    foreign: int = 0
    newer: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    complaints: list[tuple[str, str]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether everything in the files could be used."""
        wrong = self.quarantined + self.damaged + self.cut + self.foreign + self.newer
        return not (wrong or self.refused or self.complaints)


class _Signer(NamedTuple):
    """A parent as it was known, and by which certificate it speaks now."""

    known: DeviceCertificate | None
    speaking: DeviceCertificate | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers in some files, one after the other.

    Attributes:
        done: what has come of it so far.
        fresh: requests that were answered in this run; what follows an answer counts like it.
    """

    node: Node
    done: Brought
    fresh: set[bytes] = field(default_factory=set)

    def take(self, message: bytes) -> None:
        """Take one answer.

        Raises:
            RemoteSyncError: it is no answer of a parent of ours.
            OldCopy: the county holds more of our log than we do; this node writes no more.
            NodeError: this node cannot store now.
        """
        me = self.node.identity()
        known, parent = self._signer(me, message)
        if known is None or parent is None:
            self.done.ignored += 1
            return
        answer = exchange.read_answer(message, key=parent.verify_key, outstanding=None)
        before = self._unreceipted()
        if self._waits(parent, answer.request):
            self._in_full(me, known, message)
            self.fresh.add(answer.request)
        else:
            self._beside(me, parent, answer)
            self._for_children(me, parent, answer, message)
        self.done.receipts += max(before - self._unreceipted(), 0)

    def _signer(self, me: Identity, message: bytes) -> _Signer:
        """Which of our parents an answer claims to come from, and who speaks for it now."""
        kid = cose.read_kid(message, max_bytes=DEFAULT.message)
        for known in [] if me.is_county else parents_of(me):
            speaking = kinship.speaking(me, known, message)
            if speaking.verify_key.key_id == kid:
                return _Signer(known, speaking)
        return _Signer(None, None)

    def _waits(self, parent: DeviceCertificate, request: bytes) -> bool:
        o = outstanding.c
        where = (o.station == parent.station, o.digest == request)
        with self.node.database.read() as tx:
            return tx.execute(sa.select(o.number).where(*where)).first() is not None

    def _unreceipted(self) -> int:
        open_ones = sa.select(sa.func.count()).where(change_set.c.receipt.is_(None))
        with self.node.database.read() as tx:
            return int(tx.execute(open_ones.select_from(change_set)).scalar_one())

    def _in_full(self, me: Identity, parent: DeviceCertificate, message: bytes) -> None:
        with self.node.database.read() as tx:
            at = self.node.moment(tx)
        free = shutil.disk_usage(self.node.directory.path).free
        child = Child(database=self.node.database, me=me, parent=parent, at=at, free=free)
        progress = child.take(message)
        self.done.answers += 1
        self.done.operations += progress.received
        self.done.complaints += progress.complaints
        self.done.quarantined += len(progress.set_aside)

    def _beside(self, me: Identity, parent: DeviceCertificate, answer: Answer) -> None:
        """Take what needs no request: receipts, custody, the feed where it goes on."""
        for item in answer.feed:
            if not self._feed(parent, answer.epoch, item):
                break
        county = parent.station == me.county_code
        with self.node.database.write() as tx:
            for message in answer.receipts:
                self._receipt(tx, me, message)
            for message in answer.custody:
                self._note(tx, parent, message)
            custody.drop_delivered(tx)
            if answer.request in self.fresh:
                now = self.node.clock.now_ms()
                attachments.note_state(tx, answer.attachments, asked=county, now=now)
        self._watch_for_copies(me, answer)

    def _for_children(
        self, me: Identity, parent: DeviceCertificate, answer: Answer, message: bytes
    ) -> None:
        """Keep the county's answer to a request that we carried for a child."""
        whole = answer.county_time is not None  # what follows a first answer says no time
        if parent.station == me.county_code and whole and len(message) <= DEFAULT.bundle:
            with self.node.database.write() as tx:
                letters.take(tx, {answer.request: message})

    def _receipt(self, tx: sa.Connection, me: Identity, message: bytes) -> None:
        try:
            custody.take_receipt(tx, me, message)
        except RemoteSyncError as error:
            self.done.refused.append((error.code, error.detail))

    def _note(self, tx: sa.Connection, parent: DeviceCertificate, message: bytes) -> None:
        try:
            note = receipt.read_custody(message, key=parent.verify_key)
            custody.take_note(tx, message, note=note)
        except RemoteSyncError as error:
            self.done.refused.append((error.code, error.detail))

    def _watch_for_copies(self, me: Identity, answer: Answer) -> None:
        """A receipt for what we have never written shows that this database is an old copy."""
        with self.node.database.read() as tx:
            written = ledger.own_head(tx, me)
        if not any(self._beyond(me, message, written) for message in answer.receipts):
            return
        with self.node.database.write() as tx:
            incarnations.stop(tx, Stop.OLD_COPY, now=self.node.clock.now_ms())
        raise OldCopy

    def _beyond(self, me: Identity, message: bytes, written: int) -> bool:
        try:
            found = receipt.read_receipt(message, key=me.hub.verify_key)
        except RemoteSyncError:
            return False
        return found.replica == me.replica and found.up_to > written

    def _feed(self, parent: DeviceCertificate, epoch: bytes, item: FeedBundle) -> bool:
        """Take a page of the feed if it goes on where we stand; says whether the next may too."""
        me = self.node.identity()
        position = self._position(parent, epoch)
        if position is None or item.start > position + 1:
            return False
        if item.end <= position:
            return True
        if not _is_sealed_to(me, parent, item.bundle):
            return False  # of another device of this place, with a numbering of its own
        now = self.node.clock.now_ms()
        receiver = Receiver(database=self.node.database, me=me, rules=NoRules(), now=now)
        taken = receiver.take(item.bundle, audience=me.place.code)
        self.done.operations += taken.operations
        self.done.quarantined += len(taken.complaints)
        if taken.complaints:
            return False
        with self.node.database.write() as tx:
            asking.row_of(tx, parent.station)
            moved = sa.update(link).where(link.c.station == parent.station)
            tx.execute(moved.values(epoch=epoch, position=item.end))
        return True

    def _position(self, parent: DeviceCertificate, epoch: bytes) -> int | None:
        """Where we stand in a parent's numbering; None: it is another numbering."""
        t = link.c
        with self.node.database.read() as tx:
            wanted = sa.select(t.epoch, t.position).where(t.station == parent.station)
            row = tx.execute(wanted).first()
        if row is None or row.epoch is None:
            return 0
        return int(row.position) if row.epoch == epoch else None


def _is_sealed_to(me: Identity, parent: DeviceCertificate, bundle: bytes) -> bool:
    try:
        envelope.open_envelope(
            bundle,
            verify_key=parent.verify_key,
            decryption_keys=me.decryption,
            max_bytes=DEFAULT.bundle,
            max_part=DEFAULT.part_inflated,
        )
    except CryptoError:
        return False
    return True
