"""Asking the rules about a half-filled intake, and telling each page what is its to tell."""

from casework.intake import IntakeKind, IntakeOutcome
from station.usecases import intake
from station.usecases.intake import Checked
from station.web import labels
from station.web.check_page import Judged
from station.web.context import node, person
from station.web.filled import Filled, Step, on_page
from ui.pages import FieldError

_WANTS_PROMISE = "deficiency_possible"


def check(filled: Filled) -> Checked:
    """What the rules say of what was typed."""
    return intake.check(node(), filled.document, account=person())


def errors(filled: Filled, step: Step) -> tuple[FieldError, ...]:
    """What a page must tell before it lets go on."""
    problems = on_page(check(filled).problems, step)
    return labels.errors(problems, filled.document, filled.item)


def judge(filled: Filled) -> Judged:
    """What would be recorded; where papers may follow on a promise, as if it had been given.

    Where it can be recorded in no other way, `correction` is what a notice of all that lacks or is
    not in form comes to.
    """
    plain = filled.having(commitment__correction="", commitment__doubt="")
    checked = check(plain)
    if checked.outcome is None and any(p.code == _WANTS_PROMISE for p in checked.problems):
        checked = check(plain.having(commitment__deficiency="yes"))
    wanting = checked.outcome is None or wants_promise(checked.outcome)
    told = check(plain.having(commitment__correction="yes")).outcome if wanting else None
    return Judged(outcome=checked.outcome, problems=checked.problems, correction=told)


def wants_promise(outcome: IntakeOutcome) -> bool:
    """Whether the applicant has to promise papers."""
    return outcome.kind is IntakeKind.ACCEPTED_DEFICIENT
