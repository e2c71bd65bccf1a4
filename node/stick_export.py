"""Writing a stick's file: everything that goes up, facts first and photos last (bundle-file.md §4).

Each bundle is sealed in a transaction of its own and written at once, so that memory stays flat
however much waits. Nothing is noted as sent: a stick may be lost, and the next one holds it again.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.places import PlaceKind
from crypto.certificate import DeviceCertificate
from node import asking, attachments, heads, ledger, letters, outbox, returning
from node.child import Child
from node.identity import Identity
from node.runtime import Node
from node.tables import attachment
from sync import bundle_file
from sync.adapters.sql import SqlLog, StoredChangeSet
from sync.adapters.tables import carried, carried_header, known_head
from sync.bundle_file import Chunk, Kind, Writing
from sync.limits import DEFAULT

_BUNDLE_BYTES: Final = 512 << 10
"""What one bundle on a stick holds at most, roughly: a cut costs no more than that."""


@dataclass(slots=True, kw_only=True)
class Exported:
    """What a file holds.

    Attributes:
        change_sets: our own, and those of others that are carried.
        operations: in them.
        photos: whole or in part.
        photos_left: that did not go, for want of room or because nobody wanted them.
        bytes: of the file.
    """

    change_sets: int = 0
    operations: int = 0
    bundles: int = 0
    photos: int = 0
    photos_left: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """What a file may hold of photos.

    Attributes:
        most: bytes of the whole file, after which no photo is begun; None: no limit.
        photos: whether photos go at all.
    """

    most: int | None = None
    photos: bool = True


def export(node: Node, file: Writing, parents: Sequence[DeviceCertificate], room: Room) -> Exported:
    """Write everything that the county is not known to hold.

    Args:
        node: a station; it must be enrolled.
        file: open for writing.
        parents: whom the stick may meet: the county, and the township where there is one.
        room: for photos.

    Raises:
        OSError: the file cannot be written.
        NodeError: this node cannot be read now.
    """
    return _Export(node, file, Exported()).run(parents, room)


@dataclass(frozen=True, slots=True)
class _Export:
    """One file being written."""

    node: Node
    file: Writing
    done: Exported

    def run(self, parents: Sequence[DeviceCertificate], room: Room) -> Exported:
        self.done.bytes += bundle_file.begin(self.file)
        me = self.node.identity()
        self._put(Kind.COUNTY, me.county_message)
        with self.node.database.write() as tx:
            ledger.seal(tx, me)
        for parent in parents:
            self._put(Kind.REQUEST, self._child(me, parent).request_for_file())
        self._letters()
        self._heads(me)
        self._returned(me)
        self._own(me)
        self._carried()
        self._photos(room)
        return self.done

    def _put(self, kind: Kind, body: bytes) -> None:
        self.done.bytes += bundle_file.write(self.file, kind, body)

    def _child(self, me: Identity, parent: DeviceCertificate) -> Child:
        with self.node.database.read() as tx:
            at = self.node.moment(tx)
        free = shutil.disk_usage(self.node.directory.path).free
        return Child(database=self.node.database, me=me, parent=parent, at=at, free=free)

    def _letters(self) -> None:
        """A township's children have written to the county: their requests go with ours."""
        with self.node.database.read() as tx:
            waiting = letters.to_carry(tx)
        for message in waiting:
            self._put(Kind.REQUEST, message)

    def _heads(self, me: Identity) -> None:
        with self.node.database.read() as tx:
            mine = heads.own(tx, me, now=self.node.clock.now_ms())
            heard = [bytes(m) for m in tx.scalars(sa.select(known_head.c.message))]
        for message in [mine, *heard][: DEFAULT.heads_per_request]:
            if message is not None:
                self._put(Kind.HEAD, message)

    def _returned(self, me: Identity) -> None:
        """What the county lost of its own when it was put back from an old copy."""
        with self.node.database.write() as tx:
            state = asking.row_of(tx, me.county_code)
        if returning.owes(state):
            with self.node.database.read() as tx:
                for bundle in returning.all_bundles(tx, me, state):
                    self._put(Kind.RETURNED, bundle)

    def _own(self, me: Identity) -> None:
        with self.node.database.read() as tx:
            waiting = outbox.unsent(tx, me, asks_county=True)
        while waiting:
            with self.node.database.read() as tx:
                chosen = outbox.within(tx, waiting, _BUNDLE_BYTES)
                bundle = outbox.seal(tx, me, chosen)
            self._put(Kind.BUNDLE, bundle)
            self._count(chosen)
            waiting = waiting[len(chosen) :]

    def _count(self, chosen: Sequence[StoredChangeSet]) -> None:
        self.done.bundles += 1
        self.done.change_sets += len(chosen)
        self.done.operations += sum(s.last - s.first + 1 for s in chosen)

    def _carried(self) -> None:
        """Sealed bundles of a township's children, one at a time."""
        for row in self._rows(sa.select(carried.c.id).order_by(carried.c.taken_at, carried.c.id)):
            with self.node.database.read() as tx:
                where = carried.c.id == row
                bundle = tx.execute(sa.select(carried.c.bundle).where(where)).scalar()
                held = _held_in(tx, row)
            if bundle is not None:  # the county may have confirmed it a moment ago
                self._put(Kind.BUNDLE, bundle)
                self._count(held)

    def _photos(self, room: Room) -> None:
        a = attachment.c
        waiting = sa.select(a.id).where(a.county.is_(False), a.held != 0).order_by(a.id)
        for row in self._rows(waiting):
            full = room.most is not None and self.done.bytes >= room.most
            if full or not room.photos:
                self.done.photos_left += 1
            else:
                self._photo(row)

    def _rows(self, statement: sa.Select[tuple[int]]) -> list[int]:
        with self.node.database.read() as tx:
            return list(tx.scalars(statement))

    def _photo(self, row: int) -> None:
        for chunk in self._chunks(row):
            self._put(Kind.CHUNK, bundle_file.chunk_body(chunk))
        self.done.photos += 1

    def _chunks(self, row: int) -> Iterator[Chunk]:
        with self.node.database.read() as tx:
            found = tx.execute(sa.select(attachment).where(attachment.c.id == row)).one()
            for number in range(found.whole.bit_length()):
                data = _chunk(tx, self.node, found.hash, number)
                if data is not None:
                    yield Chunk(found.hash, number, data)


def _chunk(tx: sa.Connection, node: Node, name: bytes, number: int) -> bytes | None:
    try:
        return attachments.get_chunk(tx, node.directory.blobs, name, number)
    except FileNotFoundError:
        return None


def _held_in(tx: sa.Connection, bundle: int) -> list[StoredChangeSet]:
    """The change sets that a carried bundle was read to hold."""
    names = sa.select(carried_header.c.header_hash).where(carried_header.c.bundle == bundle)
    return SqlLog(tx).change_sets_by_hash(list(tx.scalars(names)))


def parents_of(me: Identity) -> list[DeviceCertificate]:
    """Whom a node asks: the county, and its township where there is one and it is known."""
    above = me.parent
    if above is None or above.station == me.place.code:
        return [me.hub]
    return [me.hub, above]


def is_parent(me: Identity) -> bool:
    """Whether this node answers others."""
    return me.place.kind in {PlaceKind.COUNTY, PlaceKind.TOWNSHIP}
