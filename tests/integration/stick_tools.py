"""Sticks between the stations of a small world: files are bytes, nothing else connects them."""

import io

from crypto import blob
from crypto.entropy import random_bytes
from fixtures import builders
from fixtures.world import sample
from node import attachments, stick_export
from node.receiving import NoRules
from node.stick_export import Room
from node.stick_import import Import
from node.stick_reply import Reply
from sync import bundle_file
from sync.adapters.sql import SqlLog
from sync.bundle_file import Frame, Kind

PICTURE = random_bytes(300_000)


def take_in(world, one):
    return one.take_in(builders.case_document(builders.person(world.chance), sample("DEMO-YL-01")))


def attach(one, case, picture=PICTURE):
    """Add a photo as the station's use case does, without shrinking anything."""
    key = random_bytes(blob.KEY_BYTES)
    sealed = blob.seal_blob(picture, key)
    name = blob.content_hash(sealed)
    attachments.write_whole(one.node.directory.blobs, name, sealed)
    fields = {
        "material": 1,
        "hash": name.hex(),
        "size": len(sealed),
        "chunks": [chunk.hex() for chunk in blob.chunk_hashes(sealed)],
        "mime": "image/jpeg",
        "captured_at": one.node.clock.now_ms(),
        "key": key,
    }
    one.act(case, "attach", fields)
    with one.node.database.write() as tx:
        attachments.note_whole(tx, name)
    return name


def export(one, room=Room()):  # noqa: B008  # a frozen value
    file = io.BytesIO()
    done = stick_export.export(one.node, file, stick_export.parents_of(one.me), room)
    return file.getvalue(), done


def read(one, *files):
    """Read files; answers what was brought and the reply."""
    run = Import(one.node, one.rules or NoRules())
    brought = run.read([io.BytesIO(file) for file in files])
    answers = io.BytesIO()
    run.reply(Reply(one.node, one.rules, answers, run.taken))
    return brought, answers.getvalue()


def receipted(one):
    with one.node.database.read() as tx:
        return SqlLog(tx).receipted(one.me.replica)


def frames(file, *kinds):
    found = bundle_file.frames(io.BytesIO(file), kinds or frozenset(Kind))
    return [one for one in found if isinstance(one, Frame)]


def rewritten(found):
    file = io.BytesIO()
    bundle_file.begin(file)
    for one in found:
        bundle_file.write(file, one.kind, one.body)
    return file.getvalue()
