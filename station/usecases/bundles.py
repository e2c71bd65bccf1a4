"""一件事 at the counter: one intake, several cases, one transaction (R-HC-24)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from casework import bundle_intake, bundle_papers
from casework.bundle_intake import Matter
from casework.bundles import Reference
from casework.catalogue import Catalogue, CatalogueItem
from casework.desk import IntakeContext
from casework.intake import IntakeOutcome
from casework.places import Mode
from casework.values import Value
from node.powers import Powers
from station.usecases.photos import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What an intake comes to: of one case, or of every part of a matter.

    Attributes:
        whole: as it is told on the pages.
        parts: ULID of each case that is written, and what it comes to.
        papers: number of a paper as filled in → ULID of the case and its number there; empty for
            a single case, whose papers keep their numbers.
        bundle: `CODE:ULID`; empty for a single case.
    """

    whole: IntakeOutcome
    parts: tuple[tuple[str, IntakeOutcome], ...]
    papers: Mapping[int, tuple[str, int]]
    bundle: str = ""

    def photos_of(self, case: str, sealed: Sequence[Sealed]) -> list[Sealed]:
        """The photos that lie in the folder of one part, under the numbers they have there."""
        if not self.papers:
            return list(sealed)
        found = []
        for one in sealed:
            folder, no = self.papers.get(int(str(one.fields["material"])), ("", 0))
            if folder == case:
                found.append(replace(one, fields={**one.fields, "material": no}))
        return found


def matter_of(catalogue: Catalogue, code: str, ids: Callable[[], str]) -> Matter | None:
    """Prepare the intake of a matter; None where the code is no matter of the catalogue.

    Args:
        catalogue: as published.
        code: of an item or a matter.
        ids: draws the ULIDs of the cases, in order, then that of the matter.
    """
    whole = bundle_papers.as_item(catalogue, code) if catalogue.item(code) is None else None
    if whole is None:
        return None
    items = bundle_papers.parts_of(catalogue.bundles[code], catalogue)
    named = {item.code: ids() for item in items}
    return Matter(reference=Reference(code, ids()), whole=whole, items=items, cases=named)


def mode_of(catalogue: Catalogue, powers: Powers, item: CatalogueItem) -> Mode | None:
    """In which mode this place offers an item, or a matter: that in the weakest of its parts."""
    bundle = catalogue.bundles.get(item.code) if catalogue.item(item.code) is None else None
    if bundle is None:
        return powers.mode(item)
    parts = bundle_papers.parts_of(bundle, catalogue)
    return bundle_papers.weakest(powers.mode(part) for part in parts)


def judge(
    matter: Matter,
    document: Mapping[str, Value],
    context_of: Callable[[CatalogueItem, int], IntakeContext],
    *,
    now: int,
) -> Judged:
    """Say what the intake of a matter comes to.

    Raises:
        IntakeRefused: with every problem; none of its parts may be written.
    """
    found = bundle_intake.take_in(matter, document, context_of, now=now)
    first = {
        paper.material.no: (matter.cases[paper.places[0][0]], paper.places[0][1])
        for paper in bundle_papers.common_papers(matter.items)
    }
    ids = (matter.cases[item.code] for item in matter.items)
    return Judged(
        whole=found.whole,
        parts=tuple(zip(ids, found.parts, strict=True)),
        papers=first,
        bundle=matter.reference.text,
    )
