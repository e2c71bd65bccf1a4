"""Answering a stick: trust and catalogue, then an answer to every request (bundle-file.md §5).

What does not fit one answer follows in further ones to the same request: each is signed by itself,
so that a child that has taken the first takes them too, and one that lost it still takes receipts
and the feed that goes on where it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from casework.places import PlaceKind, township_of
from crypto.certificate import DeviceCertificate
from node import attachments, feeding, ledger
from node.custody import receipts_for
from node.identity import Identity, authors
from node.parent import Parent
from node.receiving import Rules, Taken
from node.runtime import Node
from node.tables import published
from sync import bundle_file, exchange
from sync.adapters.sql import SqlLog
from sync.adapters.tables import author, child
from sync.bundle_file import Kind, Writing
from sync.exchange import Answer, FeedBundle
from sync.limits import DEFAULT

NO_REQUEST: Final = bytes(32)
"""What an answer answers that nobody asked for: a file made at the county for a station."""
_RECEIPTS: Final = 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was found in a file and believed.

    Attributes:
        message: as received.
        one: who asks.
        photos: attachments of which pieces came in the same file.
    """

    message: bytes
    one: DeviceCertificate
    photos: frozenset[bytes] = frozenset()


@dataclass(slots=True)
class Replied:
    """What a reply holds.

    Attributes:
        answers: requests answered.
        size: bytes of the file.
    """

    answers: int = 0
    size: int = 0
    _receipts: set[bytes] = field(default_factory=set)

    @property
    def receipts(self) -> int:
        """Change sets whose receipt is in it, in one answer or in several."""
        return len(self._receipts)

    def note(self, receipts: Sequence[bytes]) -> None:
        """Count receipts."""
        self._receipts.update(map(exchange.digest, receipts))


@dataclass(frozen=True, slots=True)
class Reply:
    """One file of answers being written.

    Attributes:
        taken: what became of bundles, by the replica that sealed them.
    """

    node: Node
    rules: Rules
    file: Writing
    taken: Mapping[bytes, Taken] = field(default_factory=dict)
    done: Replied = field(default_factory=Replied)

    def begin(self) -> None:
        """Write what proves itself to everybody: trust, and the newest catalogue."""
        self.done.size += bundle_file.begin(self.file)
        self._put(Kind.COUNTY, self.node.identity().county_message)
        newest = sa.select(published.c.message).order_by(published.c.version.desc()).limit(1)
        with self.node.database.read() as tx:
            message = tx.execute(newest).scalar()
        if message is not None:
            self._put(Kind.CATALOGUE, bytes(message))

    def answer(self, asked: Asked) -> None:
        """Answer one request, with everything that is owed to who asks.

        Raises:
            RemoteSyncError: it cannot be believed any more (revoked since).
        """
        me = self.node.identity()
        beside = self._beside(asked.one)
        now = self.node.clock.now_ms()
        parent = Parent(database=self.node.database, me=me, rules=self.rules, now=now)
        message = parent.answer(asked.message, beside=beside)
        me = self.node.identity()  # answering may have begun a new epoch
        self._put(Kind.ANSWER, message)
        self.done.answers += 1
        first = exchange.read_answer(message, key=me.signing.verify_key, outstanding=None)
        self.done.note(first.receipts)
        request = first.request
        self._states(me, request, asked.photos)
        self._receipts(me, request, [h for t in beside for h in t.change_sets])
        if first.more and first.feed:
            self._feed(me, asked.one, request, after=first.feed[-1].end)

    def unasked(self, one: DeviceCertificate, *, after: int, receipted: int) -> None:
        """Give a device what it is owed without having asked.

        Args:
            one: the device.
            after: the last item that it is known to have taken.
            receipted: up to where it is known to hold receipts of its own.
        """
        me = self.node.identity()
        with self.node.database.read() as tx:
            held = SqlLog(tx).change_sets_after(one.replica, receipted)
        found = [stored.receipt for stored in held if stored.receipt is not None]
        for some in _cut(found, _RECEIPTS):
            self._more(me, NO_REQUEST, receipts=some)
        self._feed(me, one, NO_REQUEST, after=after)

    def _beside(self, one: DeviceCertificate) -> list[Taken]:
        """What became of the bundles that are of interest to who asks."""
        with self.node.database.read() as tx:
            places = authors(tx)
        found = []
        for replica, taken in self.taken.items():
            place = places[replica].station if replica in places else ""
            if place == one.station or _carries(one, place):
                found.append(taken)
        return found

    def _states(self, me: Identity, request: bytes, photos: frozenset[bytes]) -> None:
        """Say which of the photos that came are whole: there may be more than were asked for."""
        for names in _cut(sorted(photos), DEFAULT.asks_per_message):
            with self.node.database.read() as tx:
                states = attachments.missing(tx, names)
            if states:
                self._more(me, request, attachments=states)

    def _receipts(self, me: Identity, request: bytes, headers: Sequence[bytes]) -> None:
        """What went beyond the receipts that one answer holds."""
        for names in _cut(headers[DEFAULT.receipts_per_answer :], _RECEIPTS):
            with self.node.database.read() as tx:
                found = receipts_for(tx, replica=b"", after=0, also=names)
            if found:
                self._more(me, request, receipts=found)

    def _feed(self, me: Identity, one: DeviceCertificate, request: bytes, *, after: int) -> None:
        for page in self._pages(me, one, after):
            self._more(me, request, feed=[page])

    def _pages(self, me: Identity, one: DeviceCertificate, after: int) -> Iterator[FeedBundle]:
        more = True
        while more:
            with self.node.database.write() as tx:
                ledger.seal(tx, me)
                page = feeding.page(tx, me, one, after=after)
            if page.bundle is None:
                return
            yield FeedBundle(page.start, page.end, page.bundle)
            after, more = page.end, page.more

    def _more(
        self,
        me: Identity,
        request: bytes,
        *,
        receipts: Sequence[bytes] = (),
        feed: Sequence[FeedBundle] = (),
        attachments: Mapping[bytes, Sequence[int]] | None = None,
    ) -> None:
        """Sign what follows a first answer."""
        answer = Answer(
            request=request,
            epoch=me.epoch,
            trust=me.trust,
            more=False,
            request_bytes=DEFAULT.message,
            receipts=receipts,
            feed=feed,
            attachments=attachments or {},
        )
        self._put(Kind.ANSWER, exchange.sign_answer(answer, me.signing))
        self.done.note(receipts)

    def _put(self, kind: Kind, body: bytes) -> None:
        self.done.size += bundle_file.write(self.file, kind, body)


def _cut(values: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _carries(one: DeviceCertificate, place: str) -> bool:
    above = one.station_kind == PlaceKind.TOWNSHIP
    return above and bool(place) and township_of(place) == one.station


def devices_of(tx: sa.Connection, station: str) -> list[sa.Row[tuple[bytes, bytes, int]]]:
    """The devices of a station that may still write: replica, certificate, taken."""
    a, c = author.c, child.c
    statement = (
        sa.select(a.replica, a.certificate, c.taken)
        .join_from(author, child, a.replica == c.replica)
        .where(a.station == station, a.revoked_after.is_(None))
        .order_by(a.replica)
    )
    return list(tx.execute(statement))
