"""Photos of papers: sealed beside the database, named and unlocked by operations of the case."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from casework.values import read_map
from crypto import blob
from crypto.entropy import random_bytes
from node import acting, attachments, cases, room
from node.errors import LinkFailed, NotFound, TooManyPhotos
from node.people import Account
from node.runtime import Node
from station import pictures
from station.transport import Parent, Transport
from station.usecases import drafts
from sync.errors import RemoteSyncError
from sync.limits import DEFAULT


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo that is part of a case, on the disk.

    Attributes:
        attachment: its id within the case.
        bytes: of the sealed blob.
        sha256: hexadecimal; names the blob everywhere.
    """

    attachment: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A photo whose ciphertext lies on the disk and that no operation names yet."""

    staged: str
    fields: dict[str, object]


def attach(node: Node, reference: str, material: int, image: bytes, account: Account) -> Attached:
    """Add a photo to a case.

    Args:
        node: this station.
        reference: ULID, temporary or official number of the case.
        material: its number in the item.
        image: any common picture format.
        account: who took it.

    Raises:
        NotAnImage: the bytes are no picture that we know.
        CaseUnknown: there is no such case here.
        ActRefused: it may not be added now; nothing was written.
        LowSpace: there is too little room for photos.
        TooManyPhotos: the case has as many as it may have.
        Busy, DiskFull: nothing was written.
    """
    with node.database.read() as tx:
        room.demand_for_photos(tx, node.identity_in(tx), node.directory)
        _demand_few(tx, acting.find_case(tx, reference))
    small = pictures.shrink(image)
    sealed = _seal(node, "", material, small, node.clock.now_ms())

    def work(tx: sa.Connection) -> str:
        return _name(tx, node, acting.find_case(tx, reference), sealed, account=account)

    attachment = node.database.run(work)
    return Attached(attachment, int(str(sealed.fields["size"])), str(sealed.fields["hash"]))


def _demand_few(tx: sa.Connection, record: bytes) -> None:
    """Return if a case may have another photo: one above the limit would be stored nowhere."""
    if len(cases.blobs_of(acting.load(tx, record))) >= DEFAULT.attachments_per_case:
        raise TooManyPhotos(DEFAULT.attachments_per_case)


def fetch(node: Node, reference: str, attachment: str, send: Transport) -> bool:
    """Bring a photo of a case here that another place took; only when somebody wants to see it.

    What was fetched before a link broke stays; called again, it goes on with what lacks.

    Args:
        node: this station.
        reference: of the case.
        attachment: id of the photo.
        send: reaches the parents; the county is asked first.

    Returns:
        Whether it is here now.

    Raises:
        CaseUnknown, NotFound: there is no such case or photo here.
        LinkFailed: nobody answers.
    """
    with node.database.read() as tx:
        case = acting.load(tx, acting.find_case(tx, reference))
        field = case.state.values.get(attachments.FIELD + attachment)
        named = attachments.read_blob(read_map(field))
        if named is None:
            raise NotFound("photo", attachment)
        gaps = attachments.missing(tx, [named.hash]).get(named.hash, [])
    return all(_fetch_chunk(node, named.hash, chunk, send) for chunk in gaps)


def _fetch_chunk(node: Node, name: bytes, chunk: int, send: Transport) -> bool:
    failure: LinkFailed | None = None
    for parent in filter(send.reaches, Parent):
        try:
            data = send.get_chunk(parent, name, chunk)
        except LinkFailed as error:
            failure = failure or error
            continue
        if data is not None and _keep_chunk(node, name, chunk, data):
            return True
    if failure is not None:
        raise failure
    return False


def _keep_chunk(node: Node, name: bytes, chunk: int, data: bytes) -> bool:
    """Store what came, if it is what the operation names."""
    try:
        with node.database.write() as tx:
            return attachments.put_chunk(tx, node.directory.blobs, name, chunk, data)
    except RemoteSyncError:
        return False


def seal_staged(node: Node, draft: str) -> tuple[Sealed, ...]:
    """Seal the photos of a draft and put them on the disk, before the case is written.

    What no case comes to name is of no harm: nobody has its key.
    """
    with node.database.read() as tx:
        staged = drafts.images(tx, draft)
    return tuple(_seal(node, p.id, p.material, p.image, p.taken_at) for p in staged)


def complete(
    tx: sa.Connection, node: Node, draft: str, sealed: Sequence[Sealed]
) -> tuple[Sealed, ...]:
    """Seal what was staged since `seal_staged`, and leave out what was taken away since."""
    known = {one.staged: one for one in sealed}
    staged = drafts.images(tx, draft)
    return tuple(
        known.get(p.id) or _seal(node, p.id, p.material, p.image, p.taken_at) for p in staged
    )


def attach_staged(
    tx: sa.Connection, node: Node, record: bytes, sealed: Sequence[Sealed], *, account: Account
) -> None:
    """Name sealed photos in a case, in the transaction that makes it."""
    for one in sealed:
        _name(tx, node, record, one, account=account)


def _seal(node: Node, staged: str, material: int, image: bytes, taken_at: int) -> Sealed:
    key = random_bytes(blob.KEY_BYTES)
    ciphertext = blob.seal_blob(image, key)
    name = blob.content_hash(ciphertext)
    attachments.write_whole(node.directory.blobs, name, ciphertext)
    fields: dict[str, object] = {
        "material": material,
        "hash": name.hex(),
        "size": len(ciphertext),
        "chunks": [chunk.hex() for chunk in blob.chunk_hashes(ciphertext)],
        "mime": pictures.MIME,
        "captured_at": taken_at,
        "key": key,
    }
    return Sealed(staged, fields)


def _name(tx: sa.Connection, node: Node, record: bytes, sealed: Sealed, *, account: Account) -> str:
    before = _names(tx, record)
    acting.act_in(tx, node, record, "attach", fields=sealed.fields, account=account)
    attachments.note_whole(tx, bytes.fromhex(str(sealed.fields["hash"])))
    (added,) = _names(tx, record) - before
    return added


def _names(tx: sa.Connection, record: bytes) -> set[str]:
    values = acting.load(tx, record).state.values
    return {n.removeprefix(attachments.FIELD) for n in values if n.startswith(attachments.FIELD)}
