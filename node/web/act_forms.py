"""The acts that a case page offers: what each asks, and what was answered.

One row a verb; the rules decide which of them are offered (`casework.acts.possible`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from casework.errors import ActRefused
from node.web import counter_forms, delivery_forms, office_forms
from node.web.counter_forms import read_lines
from node.web.form_parts import Kind, Posted, Subject, number
from ui.i18n import gettext as _
from ui.pages import ActForm, FieldError, FieldKind, FormField

__all__ = ["FORMLESS", "KINDS", "Posted", "Subject", "form", "number", "offered", "read"]
__all__ += ["read_lines"]

KINDS: Final[Mapping[str, Kind]] = {
    **delivery_forms.KINDS,
    **office_forms.KINDS,
    **counter_forms.KINDS,
}
"""Verb → form, the likeliest first."""

FORMLESS: Final[Mapping[str, str]] = {
    "receive": "an intake has pages of its own",
    "attach": "a photo comes with its paper (add_material) or with the proof of a delivery",
    "verify": "the county does it by rule when an acceptance arrives",
    "number": "the county does it by rule",
    "merge_duplicate": "done where duplicates are compared",
    "open_checking": "opened by rule",
    "resolve": "done where differences are compared",
    "deem": "done by the daily look at the limits",
    "state_due": "written by rule",
    "tell": "written by rule",
    "note_fault": "written by rule",
    "link": "done where differences are compared",
    "waive_material": "written by rule",
    "note_progress": "read from files of other systems",
}
"""Verb → why no case page has a form for it."""

_UNSAID: Final = frozenset({"csrf_token", "fact", "seen", "preference", "next", "photo"})


def offered(verbs: Sequence[str], subject: Subject) -> tuple[str, ...]:
    """Those of the possible acts that have a form here and something to act on."""
    return tuple(verb for verb, kind in KINDS.items() if verb in verbs and kind.when(subject))


def form(  # noqa: PLR0913  # what was posted, and what was wrong with it
    verb: str,
    subject: Subject,
    *,
    action: str,
    seen: str,
    posted: Posted | None = None,
    errors: tuple[FieldError, ...] = (),
    opened: bool = False,
) -> ActForm:
    """One act as a form.

    Args:
        verb: a key of `KINDS`.
        subject: the case.
        action: where it posts to.
        seen: what the page had seen of the case, against a stale tab and a double click.
        posted: what was typed, when it is shown again.
        errors: what was wrong with it.
        opened: unfolded, because it is what the page is for.
    """
    kind = KINDS[verb]
    fields = tuple(_again(field, posted) for field in kind.ask(subject))
    return ActForm(
        verb,
        _(kind.title),
        action,
        _(kind.button),
        hint=_(kind.hint) if kind.hint else "",
        fields=fields,
        errors=errors,
        opened=opened or posted is not None,
        hidden={"seen": seen},
        uploads=kind.uploads,
    )


def _again(field: FormField, posted: Posted | None) -> FormField:
    if posted is None or field.kind is FieldKind.FILE:
        return field
    return replace(field, value=posted.get(field.name, ""))


def read(verb: str, posted: Posted) -> dict[str, Any]:
    """The fields of an act as the rules read them.

    Raises:
        ActRefused: of what the page asks for, something lacks.
    """
    said = {n: text for n, text in posted.items() if n not in _UNSAID}
    lacking = KINDS[verb].demand(said)
    if lacking:
        raise ActRefused(lacking)
    return KINDS[verb].read(said)
