"""The asking side of the exchange: what a station sends its parent, and what it takes back."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

from casework.places import PlaceKind, township_of
from crypto import envelope, trust
from crypto.certificate import DeviceCertificate
from crypto.entropy import random_bytes
from crypto.errors import CryptoError
from node import attachments, cases, custody, feeding, ledger
from node.db import Database
from node.identity import Identity, Moment, learn
from node.publication import take_published
from node.receiving import NoRules, Receiver
from node.tables import identity as identity_table
from sync import exchange, receipt
from sync.adapters.sql import Held, SqlLog, StoredChangeSet, stored_header
from sync.adapters.tables import link, quarantine
from sync.bundle import Compartment, Extract, pack
from sync.dictionary import CURRENT
from sync.errors import Malformed, NotOutstanding, OldCopy, RemoteSyncError, Unauthentic
from sync.exchange import Answer, FeedPosition, LogHead, Queues, Request, Versions
from sync.feed import Place, Scope, visible
from sync.limits import DEFAULT
from sync.operation import Operation

SOFTWARE = "1"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request that is ready to go.

    Attributes:
        message: signed bytes.
        operations: how many of our own it carries.
        more: whether unsent operations remain behind it.
    """

    message: bytes
    operations: int
    more: bool


@dataclass(slots=True)
class Progress:
    """What an answer brought.

    Attributes:
        received: operations of others that were new here.
        more: whether the parent owes us more.
        missing: attachment → chunks that the parent lacks.
        complaints: (code, reason) of bundles that the parent put aside.
        set_aside: (code, reason) of feed bundles that we put aside.
    """

    received: int = 0
    more: bool = False
    missing: Mapping[bytes, Sequence[int]] = field(default_factory=dict)
    complaints: list[tuple[str, str]] = field(default_factory=list)
    set_aside: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """Asks one parent on behalf of one node.

    Attributes:
        parent: the certificate of the node that is asked.
        free: bytes of free space, told to the parent.
        most: bytes that a request should carry at most, whatever the link could.
    """

    database: Database
    me: Identity
    parent: DeviceCertificate
    at: Moment
    free: int = 0
    most: int = DEFAULT.bundle

    @property
    def _asks_county(self) -> bool:
        return self.parent.station_kind == PlaceKind.COUNTY

    def request(self) -> Outgoing:
        """Sign what is open, choose what goes, and note the request as outstanding.

        The transaction has ended when this returns: the request may be lost, repeated or answered
        twice without harm.
        """
        with self.database.write() as tx:
            ledger.seal(tx, self.me)
            state = _link(tx, self.parent.station)
            unsent = self._unsent(tx)
            budget = min(state.budget, self.most)
            chosen = _within(tx, unsent, budget)
            bundles = [self._bundle(tx, chosen)] if chosen else []
            room = budget - sum(map(len, bundles))
            if self._asks_county and room > 0:
                count = DEFAULT.bundles_per_message - len(bundles)
                bundles += custody.carried_bundles(tx, most=room, count=count)
            message = exchange.sign_request(self._message(tx, state, bundles), self.me.signing)
            self._note_outstanding(tx, message)
        sent = sum(s.last - s.first + 1 for s in chosen)
        return Outgoing(message, sent, more=len(chosen) < len(unsent))

    def _unsent(self, tx: sa.Connection) -> list[StoredChangeSet]:
        waiting = SqlLog(tx).unreceipted(self.me.replica)
        if self._asks_county:
            return waiting
        return [s for s in waiting if s.custody is None]

    def _bundle(self, tx: sa.Connection, chosen: Sequence[StoredChangeSet]) -> bytes:
        log = SqlLog(tx)
        extracts = [_extract(s, log.run(s.replica, s.first, s.last)) for s in chosen]
        records = {e.operation.record for x in extracts for e in x.entries}
        parts = pack(extracts, plan=self._plan(feeding.scopes_of(tx, records)))
        return envelope.seal(
            parts,
            key=self.me.signing,
            sender=self.me.replica,
            audience=self.me.county_code,
            dictionary=CURRENT,
            entropy=random_bytes,
        )

    def _plan(self, scopes: Mapping[bytes, Scope]) -> list[Compartment]:
        """Three parts where a township stands between, one where none does (bundle.md)."""
        county = self.me.county.encryption_keys[0]
        above = self.me.parent
        if above is None or above.station == self.me.place.code:
            return [Compartment(recipients=(county,), holds_operations=True, shows=_everything)]
        township = Place(above.station, PlaceKind(above.station_kind))

        def shows(operation: Operation, class_: int) -> bool:
            return visible(class_, township, scopes.get(operation.record, Scope("", "")))

        both = (county, above.encryption_key)
        return [
            Compartment(recipients=both, holds_operations=True, shows=_nothing),
            Compartment(recipients=both, holds_operations=False, shows=shows),
            Compartment(recipients=(county,), holds_operations=False, shows=_everything),
        ]

    def _message(
        self, tx: sa.Connection, state: sa.Row[tuple[object, ...]], bundles: Sequence[bytes]
    ) -> Request:
        m = state._mapping  # noqa: SLF001  # SQLAlchemy's documented name
        last = SqlLog(tx).last_change_set(self.me.replica)
        return Request(
            number=m["number"] + 1,
            replica=self.me.replica,
            audience=self.parent.station,
            certificate=self.me.certificate,
            clock=self.at.now,
            free=self.free,
            queues=queues(tx, self.me),
            versions=Versions(SOFTWARE, cases.catalogue_version(tx), self.me.trust),
            receipted=receipted_up_to(tx, self.me.replica),
            head=LogHead(last.last, last.header_hash, last.last) if last else None,
            feed=FeedPosition(m["epoch"], m["position"]) if m["epoch"] else None,
            last_answer=m["last_answer"],
            bundles=bundles,
            ask=attachments.to_ask(tx, most=DEFAULT.asks_per_message),
        )

    def _note_outstanding(self, tx: sa.Connection, message: bytes) -> None:
        tx.execute(
            sa.update(link)
            .where(link.c.station == self.parent.station)
            .values(number=link.c.number + 1, outstanding=exchange.digest(message))
        )

    def take(self, message: bytes) -> Progress:
        """Believe an answer to the request that is outstanding, and keep what it brings.

        Raises:
            RemoteSyncError: it is no answer to it; nothing was changed.
            OldCopy: the county holds more of our log than we do; nothing was changed.
            NodeError: this node cannot store now.
        """
        with self.database.read() as tx:
            outstanding = _outstanding(tx, self.parent.station)
            answer = exchange.read_answer(
                message, key=self.parent.verify_key, outstanding=outstanding
            )
            self._check(tx, answer)
        progress = Progress(more=answer.more, missing=answer.attachments)
        progress.complaints = [(c.code, c.reason) for c in answer.complaints]
        self._take_trust(answer)
        self._take_feed(answer, progress)
        with self.database.write() as tx:
            self._take_receipts(tx, answer, progress)
            progress.more |= self._send_again(tx, answer)
            attachments.note_state(tx, answer.attachments, asked=self._asks_county)
            self._close(tx, answer, message)
        return progress

    def _check(self, tx: sa.Connection, answer: Answer) -> None:
        """Look at the whole answer before anything of it is kept."""
        written = ledger.own_head(tx, self.me)
        if self._asks_county and answer.head is not None and answer.head[0] > written:
            raise OldCopy
        state = tx.execute(sa.select(link).where(link.c.station == self.parent.station)).one()
        known = state.position if state.epoch == answer.epoch else 0
        for item in answer.feed:
            if not item.start <= known + 1 <= item.end + 1:
                raise Malformed("the feed leaves something out")
            known = item.end

    def _take_trust(self, answer: Answer) -> None:
        with self.database.write() as tx:
            if answer.county_document is not None:
                self._take_document(tx, answer)
            if answer.catalogue is not None:
                take_published(tx, self.me, answer.catalogue, now=self.at.now)

    def _take_document(self, tx: sa.Connection, answer: Answer) -> None:
        try:
            found = trust.read(answer.county_document or b"", self.me.county.root)
        except CryptoError as error:
            raise Unauthentic(f"county document: {error}") from error
        if found.version < self.me.county.version:
            return
        values: dict[str, object] = {"county_document": answer.county_document}
        if self._asks_county:  # what a township says of the registry may be old, or a lie
            values |= {"trust": answer.trust, **self._above(tx, answer.certificates)}
        tx.execute(sa.update(identity_table).values(values))

    def _above(self, tx: sa.Connection, certificates: Sequence[bytes]) -> Mapping[str, object]:
        """Learn the device of our township, to which we seal what it may see."""
        values: dict[str, object] = {}
        for message in certificates:
            try:
                above = self.me.read_certificate(message)
            except CryptoError as error:
                raise Unauthentic(f"certificate: {error}") from error
            if above.station == township_of(self.me.place.code):
                learn(tx, above, message)
                values["parent_certificate"] = message
        return values

    def _take_feed(self, answer: Answer, progress: Progress) -> None:
        receiver = Receiver(database=self.database, me=self.me, rules=NoRules(), now=self.at.now)
        for item in answer.feed:
            taken = receiver.take(item.bundle, audience=self.me.place.code)
            progress.received += taken.operations
            progress.set_aside += [(c.code, c.reason) for c in taken.complaints]
            with self.database.write() as tx:
                tx.execute(
                    sa.update(link)
                    .where(link.c.station == self.parent.station)
                    .values(epoch=answer.epoch, position=item.end)
                )

    def _send_again(self, tx: sa.Connection, answer: Answer) -> bool:
        """A county whose log ends below its own receipts was put back from an old copy."""
        held = answer.head[0] if answer.head else 0
        if not self._asks_county or held >= receipted_up_to(tx, self.me.replica):
            return False
        SqlLog(tx).forget_receipts(self.me.replica, held)
        return True

    def _take_receipts(self, tx: sa.Connection, answer: Answer, progress: Progress) -> None:
        """Keep receipts and notes; one that does not hold is passed over, and the rest goes on."""
        for message in answer.receipts:
            with _passing_over(progress):
                custody.take_receipt(tx, self.me, message)
        for message in answer.custody:
            with _passing_over(progress):
                note = receipt.read_custody(message, key=self.parent.verify_key)
                custody.take_note(tx, message, note=note)
        custody.drop_delivered(tx)
        if self._asks_county:
            custody.move_back(tx, [c.bundle for c in answer.complaints], now=self.at.now)

    def _close(self, tx: sa.Connection, answer: Answer, message: bytes) -> None:
        tx.execute(
            sa.update(link)
            .where(link.c.station == self.parent.station)
            .values(
                outstanding=None,
                last_answer=exchange.digest(message),
                last_contact=self.at.now,
                failures=0,
                last_failure=None,
            )
        )
        if self._asks_county and answer.county_time is not None:
            self._move_anchor(tx, answer.county_time, exchange.digest(message))

    def _move_anchor(self, tx: sa.Connection, county_time: int, answer: bytes) -> None:
        """Only an answer of the county moves the anchor; running time is counted from now."""
        tx.execute(
            sa.update(identity_table).values(
                anchor_answer=answer,
                anchor_time=county_time,
                anchor_running=self.at.running,
                clock_offset=self.at.now - county_time,
            )
        )


@contextmanager
def _passing_over(progress: Progress) -> Iterator[None]:
    try:
        yield
    except RemoteSyncError as error:
        progress.set_aside.append((error.code, error.detail))


def _everything(_operation: Operation, _class: int) -> bool:
    return True


def _nothing(_operation: Operation, _class: int) -> bool:
    return False


def _extract(stored: StoredChangeSet, helds: Sequence[Held]) -> Extract:
    return Extract(
        signed=stored_header(stored),
        entries=[held.entry for held in helds],
        seeds=stored.seeds,
    )


_BYTES_AN_OPERATION = 200
"""What an operation costs on the wire, roughly; only for filling the budget."""


def _within(
    tx: sa.Connection, waiting: Sequence[StoredChangeSet], budget: int
) -> list[StoredChangeSet]:
    """Take the oldest change sets that fit the budget and one bundle, at least one."""
    operations = max(budget // _BYTES_AN_OPERATION, 1)
    room = DEFAULT.bundle_contents
    oldest = waiting[: DEFAULT.change_sets_per_bundle]
    sizes = SqlLog(tx).contents([stored.row for stored in oldest])
    chosen: list[StoredChangeSet] = []
    for stored in oldest:
        operations -= stored.last - stored.first + 1
        room -= sizes.get(stored.row, 0)
        if chosen and min(operations, room) < 0:
            break
        chosen.append(stored)
    return chosen


def _link(tx: sa.Connection, station: str) -> sa.Row[tuple[object, ...]]:
    statement = sa.select(link).where(link.c.station == station)
    row = tx.execute(statement).first()
    if row is None:
        tx.execute(sa.insert(link).values(station=station))
        row = tx.execute(statement).one()
    return row


def _outstanding(tx: sa.Connection, station: str) -> bytes:
    found = tx.execute(sa.select(link.c.outstanding).where(link.c.station == station)).scalar()
    if found is None:
        raise NotOutstanding("none")
    return bytes(found)


def note_failure(database: Database, station: str, reason: str) -> None:
    """Remember why an exchange failed, in a word; the request stays outstanding."""
    with database.write() as tx:
        _link(tx, station)
        tx.execute(
            sa.update(link)
            .where(link.c.station == station)
            .values(failures=link.c.failures + 1, last_failure=reason)
        )


def receipted_up_to(tx: sa.Connection, replica: bytes) -> int:
    """Say up to which seq the county's receipts are held without a gap."""
    sets = SqlLog(tx).change_sets_after(replica, 0)
    up_to = 0
    for stored in sets:
        if stored.receipt is None:
            break
        up_to = stored.last
    return up_to


def queues(tx: sa.Connection, me: Identity) -> Queues:
    """Count what waits here."""
    written = ledger.own_head(tx, me)
    aside = sa.select(sa.func.count()).select_from(quarantine).where(quarantine.c.state == "held")
    held = tx.execute(aside).scalar()
    waiting = attachments.waiting(tx)
    return Queues(written - receipted_up_to(tx, me.replica), waiting, int(held or 0))
