"""The asking side of the exchange: what a station sends its parent, and what it takes back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from casework.places import PlaceKind
from crypto.certificate import DeviceCertificate
from node import (
    anti_entropy,
    asking,
    attachments,
    cases,
    custody,
    heads,
    incarnations,
    kinship,
    lacking,
    ledger,
    letters,
    outbox,
    returning,
    stubs,
    succession,
    trusting,
)
from node.asking import Carrier
from node.db import Database
from node.identity import Identity, Moment, learn, reload
from node.incarnations import Stop
from node.publication import take_published
from node.receiving import NoRules, Receiver
from node.rounds import Outgoing, Progress
from node.tables import identity as identity_table
from sync import exchange, receipt
from sync.adapters.sql import SqlLog, StoredChangeSet
from sync.adapters.tables import link
from sync.errors import OldCopy, RemoteSyncError
from sync.exchange import (
    Answer,
    Digest,
    FeedBundle,
    FeedPosition,
    LogHead,
    Request,
    Standing,
    Versions,
)
from sync.limits import DEFAULT

SOFTWARE = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """Asks one parent on behalf of one node.

    Attributes:
        parent: the certificate of the node that is asked.
        free: bytes of free space, told to the parent.
        most: bytes that a request should carry at most, whatever the link could.
        ask: about how many attachments it asks at most.
        skip: attachments that it does not ask about now.
        check: whether the county is asked to compare what is held here, where nothing is unsent.
    """

    database: Database
    me: Identity
    parent: DeviceCertificate
    at: Moment
    free: int = 0
    most: int = DEFAULT.bundle
    ask: int = DEFAULT.asks_per_message
    skip: frozenset[bytes] = frozenset()
    check: bool = False

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
            state = asking.row_of(tx, self.parent.station)
            unsent = self._unsent(tx, state)
            budget = min(state.budget, self.most)
            chosen = outbox.within(tx, unsent, budget)
            bundles = self._first(tx, state)
            owing = bool(bundles)
            if chosen:
                bundles.append(outbox.seal(tx, self.me, chosen))
            room = budget - sum(map(len, bundles))
            if self._asks_county and room > 0 and not owing:
                count = DEFAULT.bundles_per_message - len(bundles)
                bundles += custody.carried_bundles(tx, most=room, count=count)
            holds = self._held(tx, state) if not bundles else None
            post = self._post(tx)
            message = self._sign(
                tx, state, bundles, carrier=Carrier.LINE, holds=holds, letters=post
            )
            asked = self._asked(tx)
        sent = sum(s.last - s.first + 1 for s in chosen)
        more = owing or len(chosen) < len(unsent)
        return Outgoing(message, sent, more, compares=holds is not None, asked=asked)

    def request_for_file(self) -> bytes:
        """Sign a request without bundles, to travel beside them on a stick."""
        with self.database.write() as tx:
            ledger.seal(tx, self.me)
            state = asking.row_of(tx, self.parent.station)
            return self._sign(tx, state, [], carrier=Carrier.FILE)

    def _post(self, tx: sa.Connection) -> list[bytes]:
        """Our letter to the county through a township, or what we carry for our children."""
        if self._asks_county:
            return letters.carry(tx)
        urgent = attachments.waiting(tx) > 0
        if not letters.is_due(tx, self.me.county_code, now=self.at.now, urgent=urgent):
            return []
        county = replace(self, parent=self.me.hub)
        state = asking.row_of(tx, self.me.county_code)
        return [county._sign(tx, state, [], carrier=Carrier.LETTER)]  # noqa: SLF001  # our own

    def _first(self, tx: sa.Connection, state: sa.Row[Any]) -> list[bytes]:
        """What the county lost of its own goes before all else: numbers that it has given."""
        return returning.bundles(tx, self.me, state) if returning.owes(state) else []

    def _unsent(self, tx: sa.Connection, state: sa.Row[Any]) -> list[StoredChangeSet]:
        if returning.owes(state):
            return []
        return outbox.unsent(tx, self.me, asks_county=self._asks_county)

    def _asked(self, tx: sa.Connection) -> list[bytes]:
        return attachments.to_ask(tx, most=self.ask, skip=self.skip)

    def _to_ask(self, tx: sa.Connection) -> set[bytes]:
        return set(stubs.to_ask(tx, most=DEFAULT.asks_per_message))

    def _held(self, tx: sa.Connection, state: sa.Row[Any]) -> Digest | None:
        if not self.check or not self._asks_county:
            return None
        if stubs.ask_again(tx):  # what never came whole is asked for as often as is compared
            anti_entropy.postpone(tx, state.station, now=self.at.now)
            return None
        return anti_entropy.held(tx, self.me, state.position)

    def _sign(  # noqa: PLR0913  # what a request is made of
        self,
        tx: sa.Connection,
        state: sa.Row[Any],
        bundles: Sequence[bytes],
        *,
        carrier: Carrier,
        holds: Digest | None = None,
        letters: Sequence[bytes] = (),
    ) -> bytes:
        request = replace(self._message(tx, state, bundles), digest=holds, letters=letters)
        message = exchange.sign_request(request, self.me.signing)
        asking.note(tx, self.parent.station, message, carrier=carrier, now=self.at.now)
        return message

    def _message(self, tx: sa.Connection, state: sa.Row[Any], bundles: Sequence[bytes]) -> Request:
        last = SqlLog(tx).last_change_set(self.me.replica)
        return Request(
            number=state.number + 1,
            replica=self.me.replica,
            audience=self.parent.station,
            certificate=self.me.certificate,
            clock=self.at.now,
            free=self.free,
            queues=outbox.queues(tx, self.me),
            versions=Versions(SOFTWARE, cases.catalogue_version(tx), self.me.trust),
            receipted=SqlLog(tx).receipted(self.me.replica),
            head=LogHead(last.last, last.header_hash, last.last) if last else None,
            feed=FeedPosition(state.epoch, state.position) if state.epoch else None,
            last_answer=state.last_answer,
            bundles=bundles,
            ask=self._asked(tx),
            heads=heads.to_tell(tx, self.me, now=self.at.now),
            records=stubs.to_ask(tx, most=DEFAULT.asks_per_message),
        )

    def take(self, message: bytes, *, compared: bool = False) -> Progress:
        """Believe an answer to a request that is outstanding, and keep what it brings.

        Args:
            message: the answer.
            compared: whether the request asked to compare (`Outgoing.compares`).

        Raises:
            RemoteSyncError: it is no answer to one; nothing was changed.
            OldCopy: the county holds more of our log than we do; this node writes no more.
            NodeError: this node cannot store now.
        """
        speaker = kinship.speaking(self.me, self.parent, message)
        asker = replace(self, parent=speaker)
        return asker._take(message, self.parent, compared=compared)  # noqa: SLF001  # our own

    def _take(self, message: bytes, before: DeviceCertificate, *, compared: bool) -> Progress:
        with self.database.read() as tx:
            waiting = asking.waiting(tx, self.parent.station)
            answer = exchange.read_answer(message, key=self.parent.verify_key, outstanding=waiting)
            answer = asking.still_true(tx, self.parent.station, answer)
            self._check_feed(tx, answer)
            asked = self._to_ask(tx)
        self._watch_for_copies(answer)
        progress = Progress(more=answer.more, missing=answer.attachments)
        progress.complaints = [(c.code, c.reason) for c in answer.complaints]
        if self.parent != before:
            with self.database.write() as tx:
                kinship.keep(tx, self.me, before, message)
        me = self._take_trust(answer)
        self._take_feed(answer, progress, me)
        with self.database.write() as tx:
            self._take_receipts(tx, answer, progress)
            progress.more |= returning.advance(tx, me, self.parent.station, answer)
            attachments.note_state(tx, answer.attachments, asked=self._asks_county, now=self.at.now)
            progress.more |= lacking.take_wanted(tx, answer.wanted) > 0
            # What a township does not have, the county is still to be asked for.
            stubs.note_asked(tx, asked - (set() if self._asks_county else set(answer.left)))
            progress.more |= bool(self._to_ask(tx) - asked)
            if self._asks_county:
                letters.take(tx, answer.replies)
            self._close(tx, answer, message, compared=compared)
        if not self._asks_county:
            self._take_replies(answer, me, progress)
        elif any(complaint.code == "unauthorised" for complaint in answer.complaints):
            with self.database.write() as tx:
                written = succession.take_back_refused(tx, reload(tx, me), at=self.at)
            progress.more |= written > 0
        return progress

    def _take_replies(self, answer: Answer, me: Identity, progress: Progress) -> None:
        """Take what the county wrote back to our letters, as if it had answered itself."""
        for reply in answer.replies.values():
            with _passing_over(progress):
                found = replace(self, me=me, parent=me.hub).take(reply)
                progress.received += found.received
                progress.set_aside += found.set_aside

    def _check_feed(self, tx: sa.Connection, answer: Answer) -> None:
        """Look at the whole feed before anything of it is kept."""
        state = tx.execute(sa.select(link).where(link.c.station == self.parent.station)).one()
        known = state.position if state.epoch == answer.epoch else 0
        exchange.demand_unbroken(answer.feed, taken=known)

    def _watch_for_copies(self, answer: Answer) -> None:
        """Stop writing where the parent's head shows that this log exists twice.

        Raises:
            OldCopy: the county holds what we have not written.
        """
        with self.database.read() as tx:
            found = self._copy(tx, answer)
        if found is not None:
            with self.database.write() as tx:
                incarnations.stop(tx, found, now=self.at.now)
        if found is Stop.OLD_COPY:
            raise OldCopy

    def _copy(self, tx: sa.Connection, answer: Answer) -> Stop | None:
        if not self._asks_county:
            return None  # one false word of a township must not stop its villages
        if answer.standing is Standing.FORKED:
            return Stop.FORK
        if answer.head is None:
            return None
        seq, header_hash = answer.head
        if seq > ledger.own_head(tx, self.me):
            return Stop.OLD_COPY
        ours = SqlLog(tx).change_set_covering(self.me.replica, seq, seq)
        agrees = any((s.last, s.header_hash) == (seq, header_hash) for s in ours)
        return None if agrees else Stop.FORK

    def _take_trust(self, answer: Answer) -> Identity:
        """Take trust and catalogue first; says whom this node trusts from now on."""
        with self.database.write() as tx:
            trusting.take(tx, self.me, answer, county=self._asks_county)
            me = reload(tx, self.me)
            learn(tx, me.hub, me.county.hub)
            returning.turn_over(tx, me, self.parent.station, answer)
            if answer.catalogue is not None:
                take_published(tx, me, answer.catalogue, now=self.at.now)
        return me

    def _take_feed(self, answer: Answer, progress: Progress, me: Identity) -> None:
        receiver = Receiver(database=self.database, me=me, rules=NoRules(), now=self.at.now)
        for item in self._fresh(answer):
            taken = receiver.take(item.bundle, audience=self.me.place.code)
            progress.received += taken.operations
            progress.set_aside += [(c.code, c.reason) for c in taken.complaints]
            with self.database.write() as tx:
                tx.execute(
                    sa.update(link)
                    .where(link.c.station == self.parent.station)
                    .values(epoch=answer.epoch, position=item.end)
                )

    def _fresh(self, answer: Answer) -> list[FeedBundle]:
        """The feed beyond where we stand: a late answer may bring what another path has brought."""
        with self.database.read() as tx:
            where = link.c.station == self.parent.station
            position = tx.execute(sa.select(link.c.position).where(where)).scalar_one()
        return [item for item in answer.feed if item.end > position]

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
            custody.put_aside_refused(tx, answer.complaints, now=self.at.now)
            custody.move_back(tx, [c.bundle for c in answer.complaints], now=self.at.now)

    def _close(self, tx: sa.Connection, answer: Answer, message: bytes, *, compared: bool) -> None:
        carrier = asking.carrier_of(tx, answer.request)
        asking.answered(tx, answer.request)
        heard = self.at.now
        if carrier is not Carrier.LINE and answer.county_time is not None:
            heard = min(answer.county_time, heard)
        earlier = sa.func.coalesce(link.c.last_contact, 0)
        tx.execute(
            sa.update(link)
            .where(link.c.station == self.parent.station)
            .values(
                last_answer=exchange.digest(message),
                last_contact=sa.case((earlier > heard, earlier), else_=heard),
                failures=0,
                last_failure=None,
            )
        )
        if self._asks_county:
            anti_entropy.note(tx, self.parent.station, answer, compared=compared, now=self.at.now)
        if self._asks_county and answer.county_time is not None:
            self._move_anchor(tx, answer.county_time, exchange.digest(message), by=carrier)

    def _move_anchor(
        self, tx: sa.Connection, county_time: int, answer: bytes, *, by: Carrier | None
    ) -> None:
        """Only an answer of the county moves the anchor; one that was under way, only forward."""
        values: dict[str, object] = {}
        moved = sa.update(identity_table)
        if by is Carrier.LINE:  # how long a stick or a letter was under way, nobody knows
            values = {"clock_offset": self.at.now - county_time}
        else:
            moved = moved.where(sa.func.coalesce(identity_table.c.anchor_time, 0) <= county_time)
        tx.execute(
            moved.values(
                **values,
                anchor_answer=answer,
                anchor_time=county_time,
                anchor_running=self.at.running,
            )
        )


@contextmanager
def _passing_over(progress: Progress) -> Iterator[None]:
    try:
        yield
    except RemoteSyncError as error:
        progress.set_aside.append((error.code, error.detail))
