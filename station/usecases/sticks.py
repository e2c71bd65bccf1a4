"""Carrying by hand: this station's file for a stick, and files of sticks taken in (bundle-file.md).

A village writes a file and reads the reply; a township also reads its villages' files and answers
them. No step needs a network, and each may be done any number of times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from node import stick_export
from node.files import writing
from node.quarantining import retry
from node.receiving import NoRules
from node.runtime import Node
from node.stick_answers import Brought
from node.stick_export import Exported, Room
from node.stick_files import demand_apart, demand_one_of_ours, named, opened_for_reading
from node.stick_import import Import
from node.stick_reply import Replied, Reply
from station import turns
from station.usecases import search
from sync.bundle_file import Reading, Writing


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading files, and what the reply holds; None where none was wanted."""

    brought: Brought
    replied: Replied | None
    bytes: int


ALL = Room()


def export_to(node: Node, path: Path, room: Room = ALL) -> Exported:
    """Write everything that the county is not known to hold into a file, whole or not at all.

    Args:
        node: this station.
        path: of the file; one of that name is replaced.
        room: for photos, which come last.

    Raises:
        FileUnreadable, FileFull: the file cannot be written.
    """
    with named(path), writing(path) as file:
        return export(node, file, room)


def export(node: Node, file: Writing, room: Room = ALL) -> Exported:
    """Write it into an open file (see `export_to`)."""
    parents = stick_export.parents_of(node.identity())
    return stick_export.export(node, file, parents, room)


def read_from(node: Node, paths: Sequence[Path], reply: Path | None) -> Read:
    """Take in files of sticks, and write the answers to the requests that are in them.

    Args:
        node: this station.
        paths: of the files, in any order.
        reply: of the file of answers; None: none is written.

    Raises:
        FileUnreadable, FileFull: a file cannot be read or written.
        ForeignFile, NewerVersion: none of the files is one that we can read.
        InvalidInput: the reply would take the place of one of them.
        OldCopy: the county holds more of our log than we do; this node writes no more.
    """
    if reply is not None:
        demand_apart(paths, reply)
    with opened_for_reading(paths) as files:
        if reply is None:
            return read(node, files, None)
        with named(reply), writing(reply) as answers:
            return read(node, files, answers)


def read(node: Node, files: Sequence[Reading], answers: Writing | None) -> Read:
    """Take in open files (see `read_from`), alone on this data directory.

    Raises:
        Busy: an exchange is under way and does not end.
    """
    rules = NoRules()
    run = Import(node, rules)
    with turns.taken(node.directory.spool / "exchange.lock"):
        brought = run.read(files)
    demand_one_of_ours(brought, len(files))
    replied = None
    if answers is not None:
        reply = Reply(node, rules, answers, run.taken)
        run.reply(reply)
        replied = reply.done
    search.refresh(node)
    if brought.operations:
        retry(node, rules)
    return Read(brought, replied, sum(file.seek(0, 2) for file in files))
