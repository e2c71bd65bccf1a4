"""Reading sticks: whatever proves itself is kept, in any order, any number of times (§5, §6).

The files are read several times over, a frame at a time: trust, requests and answers first, then
bundles, photos last, so that nothing in a file has to stand before something else.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from casework.places import township_of
from crypto import envelope, trust
from crypto.errors import CryptoError
from node import attachments, heads, letters
from node.identity import Identity, authors
from node.parent import Parent, is_child
from node.publication import take_published
from node.receiving import Receiver, Rules, Taken
from node.runtime import Node
from node.stick_answers import Answers, Brought
from node.stick_export import is_parent
from node.stick_reply import Asked, Reply
from node.tables import identity as identity_table
from sync import bundle_file, exchange
from sync.adapters.sql import SqlLog
from sync.adapters.tables import change_set
from sync.bundle_file import Damage, Fault, Kind, Reading
from sync.errors import (
    LimitExceeded,
    Malformed,
    NewerVersion,
    NotForUs,
    RemoteSyncError,
    Unauthorised,
    UnknownReplica,
)
from sync.exchange import digest
from sync.limits import DEFAULT

_MOST_REQUESTS: Final = 256
_REVOKED: Final = "revoked"


@dataclass(slots=True)
class _Source:
    """A file that is read."""

    file: Reading
    photos: set[bytes] = field(default_factory=set)
    faults: set[Fault] = field(default_factory=set)


_Step = Callable[[bytes, _Source], None]


@dataclass(slots=True)
class Import:
    """One run over some files.

    Attributes:
        node: this node, enrolled.
        rules: what it does about what arrives.
        done: what has come of it so far.
    """

    node: Node
    rules: Rules
    done: Brought = field(default_factory=Brought)
    _asked: dict[bytes, tuple[Asked, _Source]] = field(default_factory=dict)
    _taken: dict[bytes, Taken] = field(default_factory=dict)

    def read(self, files: Sequence[Reading]) -> Brought:
        """Take in everything that the files hold.

        Raises:
            OSError: a file cannot be read.
            OldCopy: the county holds more of our log than we do; this node writes no more.
            NodeError: this node cannot store now.
        """
        sources = [_Source(file) for file in files]
        readable = [source for source in sources if self._is_ours(source)]
        for kind, step in self._steps().items():
            for source in readable:
                self._each(source, kind, step)
        for source in readable:
            damages = [fault.damage for fault in source.faults]
            self.done.cut += damages.count(Damage.CUT)
            self.done.damaged += sum(d not in {Damage.CUT, Damage.UNKNOWN} for d in damages)
        return self.done

    def reply(self, reply: Reply) -> None:
        """Answer every request that was found; to be called once, after `read`."""
        reply.begin()
        for asked, source in self._asked.values():
            with self._refusing():
                reply.answer(Asked(asked.message, asked.one, frozenset(source.photos)))

    @property
    def taken(self) -> dict[bytes, Taken]:
        """What became of the bundles, by the replica that sealed them."""
        return self._taken

    def _steps(self) -> dict[Kind, _Step]:
        """What is done with each kind, in the order in which it must be done."""
        answers = Answers(self.node, self.done)
        return {
            Kind.CATALOGUE: self._catalogue,
            Kind.REQUEST: self._request,
            Kind.ANSWER: lambda body, _source: answers.take(body),
            Kind.RETURNED: self._returned,
            Kind.BUNDLE: self._bundle,
            Kind.HEAD: self._head,
            Kind.CHUNK: self._chunk,
        }

    def _each(self, source: _Source, kind: Kind, step: _Step) -> None:
        for found in bundle_file.frames(source.file, {kind}):
            if isinstance(found, Fault):
                source.faults.add(found)
                continue
            with self._refusing():
                step(found.body, source)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """One frame that does not hold never stops the rest."""
        try:
            yield
        except NotForUs:
            self.done.ignored += 1
        except RemoteSyncError as error:
            self.done.refused.append((error.code, error.detail))
        except CryptoError as error:
            self.done.refused.append((Malformed.code, str(error)))

    def _is_ours(self, source: _Source) -> bool:
        """Whether a file is of this county and can be read; its word on trust is taken first."""
        try:
            for found in bundle_file.frames(source.file, {Kind.COUNTY}):
                if isinstance(found, Fault):
                    source.faults.add(found)
                else:
                    self._county(found.body)
        except NewerVersion:
            self.done.newer += 1
        except (Malformed, CryptoError):
            self.done.foreign += 1
        else:
            return True
        return False

    def _county(self, body: bytes) -> None:
        me = self.node.identity()
        found = trust.read(body, me.county.root)
        if found.version > me.county.version and not me.is_county:
            with self.node.database.write() as tx:
                tx.execute(sa.update(identity_table).values(county_document=body))

    def _catalogue(self, body: bytes, _source: _Source) -> None:
        with self.node.database.write() as tx:
            me = self.node.identity_in(tx)
            take_published(tx, me, body, now=self.node.clock.now_ms())

    def _request(self, body: bytes, source: _Source) -> None:
        """Believe a request that is for us; it is answered after everything has been taken."""
        me = self.node.identity()
        if not is_parent(me):
            raise NotForUs
        if len(self._asked) >= _MOST_REQUESTS:
            raise LimitExceeded("requests")
        now = self.node.clock.now_ms()
        parent = Parent(database=self.node.database, me=me, rules=self.rules, now=now)
        try:
            _, one = parent.believe(body)
        except NotForUs:
            self._letter(me, body)
            raise
        except Unauthorised as error:
            if error.detail == _REVOKED:
                raise
            raise NotForUs(error.detail) from error
        self._asked[digest(body)] = (Asked(body, one), source)

    def _letter(self, me: Identity, body: bytes) -> None:
        """A child's request to the county: a township carries it there, as if it had been sent."""
        one = me.read_certificate(exchange.claimed_certificate(body))
        if me.is_county or not is_child(me, one):
            return
        with self.node.database.write() as tx:
            now = self.node.clock.now_ms()
            if not letters.reply_to(tx, one.replica, last_answer=None):  # it is given first
                letters.keep(tx, one, [body], county=me.county_code, now=now)

    def _returned(self, body: bytes, source: _Source) -> None:
        if not self.node.identity().is_county:
            raise NotForUs
        self._bundle(body, source)

    def _bundle(self, body: bytes, _source: _Source) -> None:
        me = self.node.identity()
        outer = envelope.outer(body, max_bytes=DEFAULT.bundle)
        if outer.audience != me.county_code or not self._serves(me, outer.sender):
            raise NotForUs(outer.audience)
        with self.node.database.read() as tx:
            newest = tx.execute(sa.select(sa.func.max(change_set.c.id))).scalar() or 0
        now = self.node.clock.now_ms()
        receiver = Receiver(database=self.node.database, me=me, rules=self.rules, now=now)
        taken = receiver.take(body, audience=me.county_code)
        self._note(outer.sender, taken, newest)

    def _serves(self, me: Identity, sender: bytes) -> bool:
        """Whether bundles of a replica are for us to take: the hub's all, a township's children."""
        if me.is_county:
            return True
        with self.node.database.read() as tx:
            place = authors(tx).get(sender)
        above = place is not None and township_of(place.station) == me.place.code
        return above and is_parent(me) and sender != me.replica

    def _note(self, sender: bytes, taken: Taken, newest: int) -> None:
        with self.node.database.read() as tx:
            stored = SqlLog(tx).change_sets_by_hash(taken.change_sets)
        fresh = sum(one.row > newest for one in stored)
        self.done.imported += fresh
        self.done.duplicate += len(stored) - fresh
        self.done.operations += taken.operations
        self.done.quarantined += len(taken.complaints)
        all_of_it = self._taken.setdefault(sender, Taken())
        all_of_it.operations += taken.operations
        all_of_it.change_sets += taken.change_sets
        all_of_it.complaints += taken.complaints

    def _head(self, body: bytes, _source: _Source) -> None:
        with self.node.database.write() as tx:
            me, now = self.node.identity_in(tx), self.node.clock.now_ms()
            if not is_parent(me):
                raise NotForUs
            try:
                heads.hear_one(tx, me, body, via=heads.Path.FILE, now=now)
            except UnknownReplica as error:
                raise NotForUs(error.detail) from error
        self.done.heads += 1

    def _chunk(self, body: bytes, source: _Source) -> None:
        chunk = bundle_file.read_chunk(body)
        with self.node.database.write() as tx:
            if not is_parent(self.node.identity_in(tx)):
                raise NotForUs
            blobs = self.node.directory.blobs
            named = attachments.put_chunk(tx, blobs, chunk.name, chunk.number, chunk.data)
        if not named:
            raise NotForUs
        source.photos.add(chunk.name)
        self.done.chunks += 1
