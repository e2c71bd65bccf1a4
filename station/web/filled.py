"""A half-filled intake: what was typed on its pages, and the case document that it comes to.

A draft keeps both: the document for whoever reads drafts, and under `typed` every field as it was
typed, so that a page shown again is the page that was left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from casework.catalogue import CatalogueItem, Material
from casework.errors import FieldProblem
from casework.values import Value, read_map
from ui import forms

TYPED = "typed"


class Step(StrEnum):
    """The pages of an intake that a draft can stand on."""

    PERSON = "person"
    MATERIALS = "materials"
    CHECK = "check"


_ASKED: Mapping[Step, tuple[str, ...]] = {
    Step.PERSON: ("applicant", "agent", "form", "pickup", "handling", "duplicate"),
    Step.MATERIALS: ("materials",),
    Step.CHECK: ("commitment",),
}
_OF_STEP: Mapping[str, Step] = {
    family: step for step, families in _ASKED.items() for family in families
}
_TOLD_LAST = frozenset(
    {
        *("main_missing", "material_missing", "promise_possible", "entrustment"),
        *("defective_main", "defective"),
    }
)
_LINKS = ("bundle", "online_ref", "refiled_from")
"""What ties the case to others; no page asks for it."""
_PASSING = frozenset({"reuse", "rare"})
"""Last parts of names that ask for something once and are not kept."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed so far for one item.

    Attributes:
        typed: field name as the page has it → text.
        channel: how it came in.
    """

    item: CatalogueItem
    typed: Mapping[str, str]
    channel: str = "window"

    def posted(self, step: Step, fields: Iterable[tuple[str, str]]) -> "Filled":
        """With one page filled in anew; a box no longer ticked is no longer there."""
        others = {name: text for name, text in self.typed.items() if _step(name) is not step}
        mine = {n: text for n, text in fields if _step(n) is step and not _is_passing(n)}
        return Filled(self.item, others | mine, self.channel)

    def having(self, **typed: str) -> "Filled":
        """With some fields filled in otherwise; `__` stands for the dot of a name."""
        more = {name.replace("__", "."): text for name, text in typed.items()}
        return Filled(self.item, {**self.typed, **more}, self.channel)

    def text(self, name: str) -> str:
        """What was typed into a field."""
        return self.typed.get(name, "")

    @property
    def document(self) -> dict[str, Any]:
        """The case document (CASE.json) that it says."""
        said = forms.case_document(self.typed.items())
        said.setdefault("materials", [])
        said |= {"item": self.item.code, "channel": self.channel}
        said |= {name: self.text(name) for name in _LINKS if self.text(name)}
        applicant = said.setdefault("applicant", {})
        if applicant.get("kind") != "legal":
            applicant.setdefault("id_type", "resident_id")
        answers = read_map(said.get("form"))
        said["form"] = {name: self._answer(name, given) for name, given in answers.items()}
        return said

    @property
    def kept(self) -> dict[str, Any]:
        """What the draft keeps."""
        return {**self.document, TYPED: dict(self.typed)}

    @property
    def needed(self) -> tuple[Material, ...]:
        """Papers that this case needs, as far as it is filled in."""
        document = self.document
        values = {f"form.{name}": given for name, given in document["form"].items()}
        agent = read_map(document.get("agent"))
        values |= {f"agent.{name}": given for name, given in agent.items()}
        return self.item.needed(values)

    def _answer(self, name: str, given: Value) -> Value:
        kind = next((field.kind for field in self.item.form if field.name == name), "text")
        if kind == "truth":
            return given == "yes"
        if kind == "integer" and isinstance(given, str) and given.isascii() and given.isdigit():
            return int(given)
        return given


def restored(item: CatalogueItem, document: Mapping[str, Any]) -> Filled:
    """What a draft kept."""
    typed = {name: str(text) for name, text in read_map(document.get(TYPED)).items()}
    return Filled(item, typed, str(document.get("channel") or "window"))


def on_page(problems: Iterable[FieldProblem], step: Step) -> tuple[FieldProblem, ...]:
    """The problems that a page must tell before it lets go on.

    What lacks altogether is told on the last page, where there is a way out of it.
    """
    return tuple(p for p in problems if _home(p) is step)


def _home(problem: FieldProblem) -> Step:
    if problem.code in _TOLD_LAST:
        return Step.CHECK
    return _OF_STEP.get(problem.pointer.strip("/").partition("/")[0], Step.CHECK)


def _is_passing(name: str) -> bool:
    return name.rpartition(".")[2] in _PASSING


def _step(name: str) -> Step | None:
    return _OF_STEP.get(name.partition(".")[0])
