"""The answering side of the exchange: a hub, or a township for its villages (exchange.md)."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa

from casework.places import PlaceKind, township_of
from crypto.canonical import Value
from crypto.certificate import DeviceCertificate
from crypto.entropy import random_bytes
from crypto.errors import CryptoError
from node import (
    anti_entropy,
    attachments,
    custody,
    feeding,
    heads,
    incarnations,
    lacking,
    ledger,
    letters,
    policy,
    returning,
    settings,
    whole,
)
from node.db import Database
from node.identity import Identity, learn, reload
from node.policy import DAY_MS
from node.receiving import Receiver, Rules, Taken
from node.tables import identity as identity_table
from node.tables import published
from sync import codec, exchange
from sync.adapters.sql import SqlLog
from sync.adapters.tables import author, child
from sync.errors import NewerVersion, RemoteSyncError, Unauthorised, UnknownReplica
from sync.exchange import Answer, FeedBundle, Request, Standing
from sync.limits import DEFAULT

_RENEWED: Final = "epoch_renewed_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Answers the children of one node.

    Attributes:
        now: this node's time, milliseconds since the epoch.
    """

    database: Database
    me: Identity
    rules: Rules
    now: int

    def answer(self, message: bytes, *, beside: Sequence[Taken] = ()) -> bytes:
        """Answer one request: take what it brings, give what is owed.

        Args:
            message: the request's bytes.
            beside: what became of bundles that came beside it, on a stick.

        Returns:
            The signed answer.

        Raises:
            RemoteSyncError: the request itself cannot be believed; nothing was changed.
            NodeError: this node cannot store now.
        """
        incarnations.demand_running(self.me)  # two copies would number one feed in two ways
        request, one = self.believe(message)
        if self._has_lost_its_place(request):
            return self._in_a_new_epoch().answer(message, beside=beside)
        receiver = Receiver(database=self.database, me=self.me, rules=self.rules, now=self.now)
        taken = [*beside]
        taken += [receiver.take(b, audience=self.me.county_code) for b in request.bundles]
        replies: Mapping[bytes, bytes] = {}
        if self.me.is_county:
            replies = letters.within(self._replies(request))
        with self.database.write() as tx:
            answer = self._compose(tx, message, request, one, taken)
            if not self.me.is_county:
                replies = self._post(tx, request, one)
        signed = exchange.sign_answer(replace(answer, replies=replies), self.me.signing)
        if replies and not self.me.is_county:
            with self.database.write() as tx:
                letters.note_given(tx, one.replica, signed)
        return signed

    def _has_lost_its_place(self, request: Request) -> bool:
        """Whether a child has taken more of this epoch's feed than was ever numbered here.

        Then an old copy of this database was put in place: what is numbered next would never be
        taken, because the child believes that it has it. Once a day: a child may lie, and a new
        epoch lets all fetch anew.
        """
        if request.feed is None or request.feed.epoch != self.me.epoch:
            return False
        with self.database.read() as tx:
            numbered = sa.select(child.c.next).where(child.c.replica == request.replica)
            beyond = request.feed.position >= int(tx.execute(numbered).scalar_one())
            return beyond and self.now - settings.get(tx, _RENEWED, 0) >= DAY_MS

    def _in_a_new_epoch(self) -> "Parent":
        with self.database.write() as tx:
            settings.put(tx, _RENEWED, self.now, now=self.now)
            fresh = random_bytes(exchange.EPOCH_BYTES)
            tx.execute(sa.update(identity_table).values(epoch=fresh))
            return replace(self, me=reload(tx, self.me))

    def _replies(self, request: Request) -> Iterator[tuple[bytes, bytes]]:
        """Answer the letters that a township brings; one that does not hold has no reply."""
        for letter in request.letters:
            try:
                certificate = exchange.claimed_certificate(letter)
                key = self._child(certificate).verify_key
                read = exchange.read_request(letter, key=key, audience=self.me.place.code)
                if not read.letters:
                    yield exchange.digest(letter), self.answer(letter)
            except RemoteSyncError:
                continue

    def _post(
        self, tx: sa.Connection, request: Request, one: DeviceCertificate
    ) -> Mapping[bytes, bytes]:
        """Take a child's letter to the county, and give it the reply that waits here."""
        waiting = letters.reply_to(tx, one.replica, last_answer=request.last_answer)
        if not waiting:  # else the next letter would take the place of a reply not yet given
            with contextlib.suppress(RemoteSyncError):
                letters.keep(tx, one, request.letters, county=self.me.county_code, now=self.now)
        return waiting

    def believe(self, message: bytes) -> tuple[Request, DeviceCertificate]:
        """Believe a request, and know its device from now on.

        Raises:
            RemoteSyncError: it cannot be believed; nothing was changed.
        """
        certificate = exchange.claimed_certificate(message)
        one = self._child(certificate)
        request = exchange.read_request(message, key=one.verify_key, audience=self.me.place.code)
        self._check(request, one)
        self._admit(one, certificate)
        return request, one

    def _child(self, certificate: bytes) -> DeviceCertificate:
        try:
            one = self.me.read_certificate(certificate)
        except CryptoError as error:
            raise UnknownReplica(f"certificate: {error}") from error
        if not is_child(self.me, one):
            raise Unauthorised(one.station)
        return one

    def _admit(self, one: DeviceCertificate, certificate: bytes) -> None:
        """Know a device from now on; certificates are public, so its request was verified first."""
        with self.database.write() as tx:
            learn(tx, one, certificate)
            self._refuse_revoked(tx, one)
            feeding.adopt(tx, one)

    def _refuse_revoked(self, tx: sa.Connection, one: DeviceCertificate) -> None:
        revoked = sa.select(author.c.revoked_after).where(author.c.replica == one.replica)
        if tx.execute(revoked).scalar() is not None:
            raise Unauthorised("revoked")

    def _check(self, request: Request, one: DeviceCertificate) -> None:
        if request.replica != one.replica:
            raise Unauthorised("replica")
        if request.protocol[0] > exchange.PROTOCOL[1]:
            raise NewerVersion(str(request.protocol))

    def _compose(
        self,
        tx: sa.Connection,
        message: bytes,
        request: Request,
        one: DeviceCertificate,
        taken: Sequence[Taken],
    ) -> Answer:
        position = self._position(request)
        self._note_status(tx, request, position)  # the child's counter before our own (sync.md §4)
        left = whole.owe_asked(tx, one, request.records, after=position)
        repaired = anti_entropy.repair(tx, self.me, one, request)
        heads.hear(tx, self.me, request.heads, via=heads.Path.EXCHANGE, now=self.now)
        ledger.seal(tx, self.me)
        page = feeding.page(tx, self.me, one, after=position)
        sent = [h for t in taken for h in t.change_sets]
        stale = request.versions.trust < self.me.trust
        return Answer(
            request=exchange.digest(message),
            epoch=self.me.epoch,
            trust=self.me.trust,
            more=page.more,
            request_bytes=DEFAULT.message,
            head=self._head(tx, request.replica),
            receipts=custody.receipts_for(
                tx, replica=request.replica, after=request.receipted, also=sent
            ),
            feed=[FeedBundle(page.start, page.end, page.bundle)] if page.bundle else [],
            county_time=self.now if self.me.is_county else None,
            custody=self._custody(tx, request),
            attachments=attachments.missing(tx, request.ask),
            county_document=self.me.county_message if stale else None,
            catalogue=self._catalogue(tx, request),
            complaints=[c for t in taken for c in t.complaints][: DEFAULT.receipts_per_answer],
            certificates=self._parent_of(tx, one) if stale else [],
            county_heads=self._heads_of_new_epoch(tx, request, one),
            standing=_standing(tx, request.replica),
            protocol=min(request.protocol[1], exchange.PROTOCOL[1]),
            wanted=self._wanted(tx, one),
            repaired=repaired,
            left=left,
        )

    def _wanted(self, tx: sa.Connection, one: DeviceCertificate) -> list[bytes]:
        """What has waited too long at the county, or was found damaged, is asked for again."""
        if not self.me.is_county:
            return lacking.wanted_of(tx, one, before=None)
        days = policy.current(tx, self.me).photo_wait_days
        return lacking.wanted_of(tx, one, before=self.now - days * DAY_MS)

    def _heads_of_new_epoch(
        self, tx: sa.Connection, request: Request, one: DeviceCertificate
    ) -> list[tuple[bytes, int]]:
        """Tell a child that knows another epoch what is held here: it gives back the rest."""
        if request.feed is None or request.feed.epoch == self.me.epoch:
            return []
        return returning.heads_for(tx, self.me, one.station)

    def _position(self, request: Request) -> int:
        if request.feed is None or request.feed.epoch != self.me.epoch:
            return 0
        return request.feed.position

    def _note_status(self, tx: sa.Connection, request: Request, position: int) -> None:
        """Remember what the child says of itself; only a newer request moves it."""
        t = child.c
        tx.execute(
            sa.update(child)
            .where(t.replica == request.replica, t.last_request < request.number)
            .values(
                last_request=request.number,
                last_seen=self.now,
                taken=position,
                status=codec.encode(_status(request)),
            )
        )

    def _head(self, tx: sa.Connection, replica: bytes) -> tuple[int, bytes] | None:
        log = SqlLog(tx)
        up_to, _ = log.contiguous(replica)
        ending = log.change_set_covering(replica, up_to, up_to)
        return (up_to, ending[0].header_hash) if ending else None

    def _custody(self, tx: sa.Connection, request: Request) -> list[bytes]:
        if self.me.is_county:
            return []
        return custody.notes_for(
            tx, self.me, replica=request.replica, after=request.receipted, now=self.now
        )

    def _catalogue(self, tx: sa.Connection, request: Request) -> bytes | None:
        newest = sa.select(published).order_by(published.c.version.desc()).limit(1)
        row = tx.execute(newest).first()
        if row is None or row.version <= request.versions.catalogue:
            return None
        return bytes(row.message)

    def _parent_of(self, tx: sa.Connection, one: DeviceCertificate) -> list[bytes]:
        """The certificate of the child's township, once it is enrolled."""
        above = township_of(one.station)
        if above == one.station:
            return []
        if not self.me.is_county:
            return [self.me.certificate]
        rows = tx.execute(
            sa.select(author.c.certificate).where(
                author.c.station == above,
                author.c.kind == PlaceKind.TOWNSHIP.value,
                author.c.revoked_after.is_(None),
            )
        )
        found = [row.certificate for row in rows]
        return sorted(found, key=lambda c: self.me.read_certificate(c).version)[-1:]


def _standing(tx: sa.Connection, replica: bytes) -> Standing:
    frozen = sa.select(author.c.frozen_after).where(author.c.replica == replica)
    return Standing.ACTIVE if tx.execute(frozen).scalar() is None else Standing.FORKED


def is_child(me: Identity, one: DeviceCertificate) -> bool:
    """Say whether this node answers a station: the hub all, a township those within it."""
    if me.is_county:
        return one.station_kind != PlaceKind.COUNTY
    below = one.station_kind in {PlaceKind.VILLAGE, PlaceKind.OUTLET}
    return (
        me.place.kind is PlaceKind.TOWNSHIP and below and township_of(one.station) == me.place.code
    )


def _status(request: Request) -> Mapping[int, Value]:
    """What the fleet page shows of a child; nothing personal is in it."""
    seq, _, operations = request.head or (0, b"", 0)
    return {
        1: seq,
        2: operations,
        3: request.clock,
        4: request.free,
        5: list(request.queues),
        6: list(request.versions),
        7: request.receipted,
    }
