"""What `backup create` and `backup verify` answer in both programs."""

from dataclasses import asdict

from node.backup import Made
from node.command import EXIT_DONE, Outcome
from node.restoring import Checked

_EXIT_BAD = 16


def made(found: Made) -> dict[str, object]:
    """Lay out a backup that was written."""
    return asdict(found)


def checked(found: Checked) -> Outcome:
    """Lay out what checking a backup found."""
    report = found.report
    document = {
        **asdict(found.made),
        "ok": report.ok,
        "operations": report.operations,
        "change_sets": report.change_sets,
        "first_bad": report.first_bad or None,
        "drift": [asdict(one) for one in report.drift],
    }
    return Outcome(document, EXIT_DONE if report.ok else _EXIT_BAD)
