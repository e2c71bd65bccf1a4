"""Filed again (model §2.2 #27): a new case with a new number, and the papers that are still here.

A refusal is no end for the citizen: what lacked is brought, what changed is stated, and what the
administration already has is not asked for twice (R-HC-23c).
"""

from collections.abc import Iterable
from typing import Final

from casework import bundles
from casework.bundles import Result
from casework.case import CaseState, State
from casework.catalogue import CatalogueItem
from casework.errors import FieldProblem
from casework.intake_reading import IntakeForm
from casework.values import read_int, read_text
from casework.wording import problem

_ENDED: Final = frozenset({State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED})
_GIVEN_BACK: Final = frozenset({State.WITHDRAWN})
"""Who withdraws takes his papers home (model §2.2 #24)."""
_PAPER: Final = frozenset({"original", "copy", "electronic"})


def may_refile(case: CaseState) -> bool:
    """Say whether a case may be filed again: it was refused, withdrawn or stopped.

    A case that was merged into another may not: that other one goes on.
    """
    if case.text("duplicate_of"):
        return False
    refused = "decided" in case.values and bundles.result_of(case) is Result.REFUSED
    return case.state in _ENDED or refused


def papers_here(case: CaseState) -> tuple[int, ...]:
    """Answer the numbers of the papers of a case that were in hand and not given back."""
    if case.state in _GIVEN_BACK:
        return ()
    lines = (case.map(name) for name in case.values if name.startswith("material."))
    here = (read_int(line.get("no")) for line in lines if _is_here(line.get("form")))
    return tuple(sorted(no for no in here if no is not None))


def reusable(case: CaseState, before: CatalogueItem | None, item: CatalogueItem) -> dict[int, int]:
    """Answer which papers of a case serve a new one.

    Args:
        case: that was refused.
        before: its item as it was shown then; None where it is not known.
        item: of the new case.

    Returns:
        Number in the new item → number in the case before; the same proof, or the same name.
    """
    old = {_name(m.proof, m.name): m.no for m in before.materials} if before else {}
    here = frozenset(papers_here(case))
    found = {m.no: old.get(_name(m.proof, m.name), 0) for m in item.materials}
    return {no: earlier for no, earlier in found.items() if earlier in here}


def check(form: IntakeForm, before: CaseState) -> Iterable[FieldProblem]:
    """Name why a case is not filed again from another one.

    Args:
        form: of the new case.
        before: the case that it names, as it stands here.
    """
    if not may_refile(before):
        yield problem("/refiled_from", "not_ended")
    known = before.text("id_no")
    if known and form.applicant.id_no and form.applicant.id_no != known:
        yield problem("/refiled_from", "other_person")


def check_paper(pointer: str, no: int, before: CaseState | None) -> FieldProblem | None:
    """Say why a paper of another case does not serve again; None: it does.

    Args:
        pointer: of the line that names it.
        no: number of the paper in that case.
        before: that case; None where it is not held here.
    """
    if before is not None and no in papers_here(before):
        return None
    return problem(f"{pointer}/reused_from", "not_here", no=no)


def _is_here(form: object) -> bool:
    return read_text(form) in _PAPER


def _name(proof: str, name: str) -> str:
    return proof or name.strip()
