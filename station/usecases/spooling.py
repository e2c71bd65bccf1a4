"""Delivering while locked: a signed request lies ready beside the database and needs no secret.

After a power cut an attended station waits for its passphrase, perhaps for days. What was sealed
before is posted all the same; the parent's answer is kept as received until somebody unlocks.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto import canonical
from crypto.errors import CryptoError
from crypto.signing import VerifyKey
from node import asking, keys, ledger
from node.config import DataDirectory
from node.errors import Busy, LinkFailed
from node.files import write_private
from node.runtime import Node
from station import turns
from station.transport import Parent
from station.transport.http import Address, HttpTransport
from station.usecases import exchange, links
from station.usecases.tallies import tally
from sync import exchange as wire
from sync.errors import RemoteSyncError

_PATIENCE: Final = 30.0
_MOST_BYTES: Final = 20 << 20
_URL, _FINGERPRINT, _KEY, _REQUEST, _HEAD = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class _Ready:
    """A request that lies ready, and how its answer is told from a stranger's.

    Attributes:
        head: how many operations this replica had written when it was signed.
    """

    parent: Parent
    address: Address
    key: VerifyKey
    request: bytes
    head: int


def spool(node: Node) -> int:
    """Lay requests ready for every parent; says how many hold something unsent.

    Only for a station that locks itself; while another exchange is under way nothing is done.
    """
    if not keys.attended(node.directory):
        return 0
    try:
        with turns.taken(node.directory.spool / "exchange.lock", patience=0):
            return sum(
                _lay_ready(node, parent, address)
                for parent, address in links.addresses(node).items()
            )
    except Busy:
        return 0


def _lay_ready(node: Node, parent: Parent, address: Address) -> bool:
    known = exchange.certificate_of(node.identity(), parent)
    if known is None:
        return False
    if not tally(node).pending:
        _outbox(node.directory, parent).unlink(missing_ok=True)
        return False
    if _is_current(node, parent, known.station):
        return True
    head = _written(node)
    outgoing = exchange.child_of(node, parent).request()
    content: dict[int, canonical.Value] = {
        _URL: address.url,
        _FINGERPRINT: address.fingerprint,
        _KEY: known.verify_key.raw,
        _REQUEST: outgoing.message,
        _HEAD: head,
    }
    _answer(node.directory, parent).unlink(missing_ok=True)
    write_private(_outbox(node.directory, parent), canonical.encode(content))
    return True


def _written(node: Node) -> int:
    me = node.identity()
    with node.database.read() as tx:
        return ledger.own_head(tx, me)


def _is_current(node: Node, parent: Parent, station: str) -> bool:
    """Whether what lies ready is the newest request and holds all that was written."""
    ready = _read(parent, _outbox(node.directory, parent))
    with node.database.read() as tx:
        waiting = asking.on_the_line(tx, station)
    if waiting is None or ready is None or ready.head != _written(node):
        return False
    return waiting == wire.digest(ready.request)


def count(directory: DataDirectory) -> int:
    """Say how many requests lie ready and unanswered."""
    return sum(1 for _ in _ready(directory))


def deliver(directory: DataDirectory) -> None:
    """Post what lies ready, to the county and else to the township; needs no secret.

    Raises:
        LinkFailed: nobody took it.
    """
    failure: LinkFailed | None = None
    for ready in _ready(directory):
        try:
            _post(directory, ready)
        except LinkFailed as error:
            failure = failure or error
        else:
            return
    if failure is not None:
        raise failure


def _post(directory: DataDirectory, ready: _Ready) -> None:
    with (
        turns.taken(directory.spool / "exchange.lock"),
        closing(HttpTransport({ready.parent: ready.address})) as carrier,
    ):
        answer = carrier.exchange(ready.parent, ready.request, patience=_PATIENCE)
    try:
        wire.read_answer(answer, key=ready.key, outstanding={wire.digest(ready.request)})
    except RemoteSyncError as error:
        raise LinkFailed(ready.address.url, "not_county") from error
    write_private(_answer(directory, ready.parent), answer)


def take_back(node: Node) -> int:
    """Take the answers that came while the station was locked; says how many counted.

    An answer to a request that was replaced since is dropped: it is given again when asked.
    """
    taken = 0
    for parent in Parent:
        kept = _answer(node.directory, parent)
        if kept.exists():
            taken += _take(node, parent, kept.read_bytes())
            _outbox(node.directory, parent).unlink(missing_ok=True)
            kept.unlink()
    return taken


def _take(node: Node, parent: Parent, message: bytes) -> bool:
    try:
        exchange.child_of(node, parent).take(message)
    except (RemoteSyncError, LinkFailed):
        return False
    return True


def _ready(directory: DataDirectory) -> Iterator[_Ready]:
    for parent in Parent:
        path = _outbox(directory, parent)
        if path.exists() and not _answer(directory, parent).exists():
            found = _read(parent, path)
            if found is not None:
                yield found


def _read(parent: Parent, path: Path) -> _Ready | None:
    try:
        content = canonical.decode(path.read_bytes(), max_bytes=_MOST_BYTES)
    except (CryptoError, OSError):
        return None
    match content:
        case {1: str(url), 2: str(pin), 3: bytes(key), 4: bytes(request), 5: int(head)}:
            return _Ready(parent, Address(url, pin), VerifyKey(key), request, head)
        case _:
            return None


def _outbox(directory: DataDirectory, parent: Parent) -> Path:
    return directory.spool / f"request-{parent.value}.cbor"


def _answer(directory: DataDirectory, parent: Parent) -> Path:
    return directory.spool / f"answer-{parent.value}.cbor"
