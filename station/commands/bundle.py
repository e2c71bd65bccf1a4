"""`station bundle export`, `station bundle import`: the stick."""

from pathlib import Path

from node.command import EXIT_DONE, EXIT_PARTLY, Call, Outcome
from node.commands.opened import opened
from node.commands.sticks import exit_code, told
from node.stick_export import Room
from station.usecases import sticks


def export_file(call: Call, *, file: str, no_photos: bool, max_mb: int | None) -> Outcome:
    """Write everything that the county is not known to hold."""
    most = None if max_mb is None else max_mb << 20
    with opened(call) as node:
        made = sticks.export_to(node, Path(file), Room(most, photos=not no_photos))
    document = {
        "change_sets": made.change_sets,
        "operations": made.operations,
        "bytes": made.bytes,
        "bundles": made.bundles,
        "photos": made.photos,
        "photos_left": made.photos_left,
    }
    left = made.photos_left and not no_photos
    return Outcome(document, EXIT_PARTLY if left else EXIT_DONE)


def import_files(call: Call, *, files: tuple[str, ...], reply: str | None) -> Outcome:
    """Take in what files of sticks hold, and answer the requests in them."""
    paths = [Path(name) for name in files]
    with opened(call) as node:
        found = sticks.read_from(node, paths, Path(reply) if reply else None)
    brought = found.brought
    document = {
        "change_sets": brought.imported,
        "operations": brought.operations,
        "bytes": found.bytes,
        **told(brought),
        "receipts": brought.receipts,
        "replied": found.replied.answers if found.replied else 0,
    }
    return Outcome(document, exit_code(brought))
