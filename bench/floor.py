"""The floor: the same bytes moved by hand, without merge, authority, projections or pages.

Read, encode, compress, sign, seal for two, one HTTP POST, open, verify, decode, insert in bulk:
what no design could do without. Ratios to it hold across machines.
"""

import json
import tempfile
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final

import requests
import sqlalchemy as sa
from typing_extensions import override

from bench.measuring import timed
from crypto import canonical, envelope
from crypto.canonical import Value
from crypto.entropy import random_bytes
from crypto.envelope import Part
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey
from node.db import Database
from sync import codec
from sync.dictionary import CURRENT

_CHUNK: Final = 250
_MOST: Final = 64 << 20
_TABLE: Final = sa.Table(
    "floor",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("body", sa.LargeBinary),
)


class _Sink(HTTPServer):
    """Opens, verifies, decodes and inserts what is posted."""

    def __init__(self, database: Database, signer: SigningKey, opener: DecryptionKey) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.database = database
        self.signer = signer
        self.opener = opener

    def take(self, message: bytes) -> None:
        """Store one envelope."""
        key = self.opener
        opened = envelope.open_envelope(
            message,
            verify_key=self.signer.verify_key,
            decryption_keys={key.encryption_key.key_id: key},
            max_bytes=_MOST,
            max_part=_MOST,
        )
        for part in opened.parts:
            plain = codec.inflate(part or b"", dictionary=CURRENT, most=_MOST)
            bodies = codec.as_list(canonical.decode(plain, max_bytes=_MOST))
            with self.database.write() as tx:
                tx.execute(sa.insert(_TABLE), [{"body": body} for body in bodies])


class _Handler(BaseHTTPRequestHandler):
    server: _Sink  # type: ignore[mutable-override]  # it is only ever made by _Sink

    def do_POST(self) -> None:
        """Take one POST."""
        self.server.take(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def measure(documents: Sequence[Mapping[str, Value]]) -> tuple[float, int]:
    """Move documents once.

    Returns:
        Seconds of wall time, and bytes posted.
    """
    signer, opener, other = SigningKey(random_bytes(32)), *_two_keys()
    with tempfile.TemporaryDirectory() as name:
        source, target = (Database.sqlite(Path(name) / n, random_bytes(32)) for n in ("a", "b"))
        for database in (source, target):
            with database.write() as tx:
                _TABLE.create(tx)
        with source.write() as tx:
            texts = [{"body": json.dumps(d).encode()} for d in documents]  # a yardstick
            tx.execute(sa.insert(_TABLE), texts)
        sink = _Sink(target, signer, opener)
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        sent: list[int] = []
        seconds = timed(lambda: sent.append(_send(source, sink, signer, (opener, other))))
        sink.shutdown()
        sink.server_close()
        source.close()
        target.close()
    return seconds, sent[0]


def _two_keys() -> tuple[DecryptionKey, DecryptionKey]:
    return DecryptionKey(random_bytes(32)), DecryptionKey(random_bytes(32))


def _send(
    source: Database, sink: _Sink, signer: SigningKey, keys: tuple[DecryptionKey, DecryptionKey]
) -> int:
    with source.read() as tx:
        rows = [json.loads(body) for body in tx.scalars(sa.select(_TABLE.c.body))]
    parts = []
    for start in range(0, len(rows), _CHUNK):
        bodies: list[Value] = [canonical.encode(row) for row in rows[start : start + _CHUNK]]
        packed = codec.deflate(canonical.encode(bodies), dictionary=CURRENT)
        parts.append(Part(packed, tuple(key.encryption_key for key in keys)))
    total = 0
    for start in range(0, len(parts), envelope.MAX_PARTS):
        message = envelope.seal(
            parts[start : start + envelope.MAX_PARTS],
            key=signer,
            sender=random_bytes(8),
            audience="411526000000",
            dictionary=CURRENT,
            entropy=random_bytes,
        )
        total += len(message)
        requests.post(f"http://127.0.0.1:{sink.server_port}/", data=message, timeout=60)
    return total
