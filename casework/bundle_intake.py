"""Taking in a matter of several items: every part judged by itself, nothing written unless all may.

The matter is read once as a whole, so that what is wrong is named where it was typed; then each
part is taken in like any case, with its own promise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from casework import bundle_papers, intake
from casework.bundles import Reference
from casework.catalogue import CatalogueItem
from casework.desk import IntakeContext
from casework.errors import FieldProblem, IntakeRefused
from casework.intake import DocumentNeed, IntakeKind, IntakeOutcome
from casework.values import Value

_WEAKEST: Final = (
    *(IntakeKind.CORRECTION, IntakeKind.RECEIVED),
    *(IntakeKind.ACCEPTED_DEFICIENT, IntakeKind.ACCEPTED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter as it is filled in.

    Attributes:
        whole: laid out as one item (`bundle_papers.as_item`).
        items: its parts, in order.
        cases: item → ULID that its case will have.
    """

    reference: Reference
    whole: CatalogueItem
    items: tuple[CatalogueItem, ...]
    cases: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a matter: of all of it, and of each part in the order of its items."""

    whole: IntakeOutcome
    parts: tuple[IntakeOutcome, ...]


def take_in(
    matter: Matter,
    document: Mapping[str, Value],
    context_of: Callable[[CatalogueItem, int], IntakeContext],
    *,
    now: int,
) -> Judged:
    """Read a matter and take in each part.

    Args:
        matter: what it is.
        document: CASE.json whose `item` is the code of the matter.
        context_of: item, and how many cases were numbered before it → its situation.
        now: milliseconds.

    Raises:
        IntakeRefused: with every problem of the whole, or else of the parts; none is taken in.
    """
    whole = matter.whole
    intake.take_in(document, lambda _code: (whole, context_of(whole, 0)), now=now)
    parts: list[IntakeOutcome] = []
    problems: list[FieldProblem] = []
    split = bundle_papers.split(
        matter.reference, matter.items, document, lambda code: matter.cases[code]
    )
    for n, (item, part) in enumerate(zip(matter.items, split, strict=True)):
        desk = (item, context_of(item, n))
        try:
            parts.append(intake.take_in(part, _always(desk), now=now))
        except IntakeRefused as refused:
            problems += refused.errors
    if problems:
        raise IntakeRefused(tuple(dict.fromkeys(problems)))
    return Judged(_whole(matter.items, parts), tuple(parts))


_Found = tuple[CatalogueItem, IntakeContext]


def _always(desk: _Found) -> Callable[[str], _Found]:
    return lambda _code: desk


def _whole(items: Sequence[CatalogueItem], parts: Sequence[IntakeOutcome]) -> IntakeOutcome:
    """Tell the parts as one: the weakest outcome, and the latest day when each has one."""
    days = [part.due for part in parts]
    missing = {
        bundle_papers.common_number(items, item.code, no)
        for item, part in zip(items, parts, strict=True)
        for no in part.missing
    }
    last = [part.deficiency_deadline for part in parts if part.deficiency_deadline]
    return IntakeOutcome(
        kind=min((part.kind for part in parts), key=_WEAKEST.index),
        acts=(),
        due=max((day for day in days if day), default=None) if all(days) else None,
        estimated=any(part.estimated for part in parts),
        missing=tuple(sorted(missing)),
        deficiency_deadline=min(last, default=None),
        documents=_documents(parts),
        temporary_number=parts[0].temporary_number,
        warnings=tuple(dict.fromkeys(one for part in parts for one in part.warnings)),
    )


def _documents(parts: Sequence[IntakeOutcome]) -> tuple[DocumentNeed, ...]:
    """Every document once; signed where any part demands it."""
    wanted: dict[str, DocumentNeed] = {}
    for need in (need for part in parts for need in part.documents):
        if need.kind not in wanted or need.to_sign:
            wanted[need.kind] = need
    return tuple(wanted.values())
