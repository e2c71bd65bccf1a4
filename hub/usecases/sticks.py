"""Sticks at the county: files taken in and answered, and files made for a station."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.usecases import devices, stations
from hub.usecases.rules import HubRules
from node.errors import NotFound
from node.files import writing
from node.runtime import Node
from node.stick_answers import Brought
from node.stick_files import demand_apart, demand_one_of_ours, named, opened_for_reading
from node.stick_import import Import
from node.stick_reply import Replied, Reply, devices_of
from sync.bundle_file import Reading, Writing


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading files, and what the reply holds."""

    brought: Brought
    replied: Replied


@dataclass(frozen=True, slots=True)
class Made:
    """A file made for a station: how many of its devices find something in it."""

    station: str
    devices: int
    replied: Replied


def read_from(node: Node, paths: Sequence[Path], reply: Path) -> Read:
    """Take in files of sticks, and write the answers.

    Args:
        node: the hub.
        paths: of the files, in any order.
        reply: of the file of answers; one of that name is replaced.

    Raises:
        FileUnreadable, FileFull: a file cannot be read or written.
        ForeignFile, NewerVersion: none of the files is one that we can read.
        InvalidInput: the reply would take the place of one of them.
    """
    demand_apart(paths, reply)
    with opened_for_reading(paths) as files, named(reply), writing(reply) as answers:
        return read(node, files, answers)


def read(node: Node, files: Sequence[Reading], answers: Writing) -> Read:
    """Take in open files (see `read_from`)."""
    rules = HubRules(node)
    run = Import(node, rules)
    brought = run.read(files)
    demand_one_of_ours(brought, len(files))
    reply = Reply(node, rules, answers, run.taken)
    run.reply(reply)
    return Read(brought, reply.done)


def export_to(node: Node, station: str, path: Path) -> Made:
    """Write what a station is owed into a file: trust, catalogue, receipts, the feed.

    Args:
        node: the hub.
        station: its code.
        path: of the file; one of that name is replaced.

    Raises:
        NotFound: no such place is registered.
        FileUnreadable, FileFull: the file cannot be written.
    """
    with named(path), writing(path) as file:
        return export(node, station, file)


def export(node: Node, station: str, file: Writing) -> Made:
    """Write it into an open file (see `export_to`)."""
    with node.database.read() as tx:
        if station not in stations.registered(tx):
            raise NotFound("station", station)
        me, joined = node.identity_in(tx), devices_of(tx, station)
    told = {device.replica: device.receipted for device in devices.listed(node)}
    reply = Reply(node, HubRules(node), file)
    reply.begin()
    for row in joined:
        one = me.read_certificate(row.certificate)
        reply.unasked(one, after=row.taken, receipted=told.get(one.replica.hex(), 0))
    return Made(station, len(joined), reply.done)
