"""What a PDF and a roll cost: `python -m bench.printing`. The first PDF loads and cuts the font."""

import resource
import sys
import time
from collections.abc import Callable
from typing import Final

from casework.documents import Document, DocumentKind
from fixtures import printed
from node.printing import escpos, fonts, paged, papers
from node.printing.escpos import Machine, Profile
from node.printing.look import Look
from node.printing.roll import Layout

_WARM: Final = 10


def main() -> None:
    """Measure and print, seconds of processor time."""
    document = printed.every()[DocumentKind.RECEIPT]
    before = _peak()
    first, size = _timed(lambda: _pdf(document))
    warm = min(_timed(lambda: _pdf(document))[0] for _ in range(_WARM))
    _say(f"PDF of a receipt, two copies: {size} B, first {first:.2f} s, then {warm:.2f} s")
    _say(f"memory: {before} MB before, {_peak()} MB after")
    roll, length = _timed(lambda: _roll(document))
    _say(f"roll of the same: {length} B, {roll * 1000:.1f} ms")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _pdf(document: Document) -> bytes:
    kept, paper = papers.keepers(document.kind), papers.paper_of(document.kind, paged=True)
    look = Look(font=fonts.known(), heading=printed.HEADING, paper=paper, keepers=kept)
    return paged.render(document, look)


def _roll(document: Document) -> bytes:
    look = Layout(heading=printed.HEADING, keepers=papers.keepers(document.kind))
    return escpos.render(document, look, Machine(Profile()))


def _timed(work: Callable[[], bytes]) -> tuple[float, int]:
    start = time.process_time()
    size = len(work())
    return time.process_time() - start, size


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
