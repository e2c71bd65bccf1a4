"""What both programs say of files that were read."""

from typing import Any

from node.command import EXIT_DONE, EXIT_PARTLY
from node.stick_answers import Brought


def told(brought: Brought) -> dict[str, Any]:
    """Lay out what came of reading files."""
    return {
        "imported": brought.imported,
        "duplicate": brought.duplicate,
        "quarantined": brought.quarantined,
        "answers": brought.answers,
        "chunks": brought.chunks,
        "heads": brought.heads,
        "ignored": brought.ignored,
        "damaged": brought.damaged,
        "cut": brought.cut,
        "foreign": brought.foreign,
        "newer": brought.newer,
        "refused": [list(one) for one in brought.refused],
        "complaints": [list(one) for one in brought.complaints],
    }


def exit_code(brought: Brought) -> int:
    """3 where something in the files could not be used."""
    return EXIT_DONE if brought.complete else EXIT_PARTLY
