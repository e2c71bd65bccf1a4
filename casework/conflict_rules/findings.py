"""What a rule finds: things to write down on a case, each under a name computed from its ground.

A finding that already stands is not written again, so that running a rule on its own outcome adds
nothing, and every order of arrival ends in the same facts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, TypeAlias

from casework.case import CaseState
from casework.facts import Act, Undisclosed
from casework.values import Fields, Value, read_list, read_map, read_text, same

PHONE_ONLY: Final = "phone"
"""A message that a person brings by telephone, never a machine (C36)."""


@dataclass(frozen=True, slots=True)
class Pen:
    """With what findings are written.

    Attributes:
        stamp: instant, place and `system`, as every fact carries them.
        check_id: rule and what it is about → id of the check.
        record: text of the case's id.
    """

    stamp: Fields
    check_id: Callable[[str, str], str]
    record: str = ""


def mark(*parts: object) -> str:
    """Name a ground in few characters; nobody's data goes in.

    >>> mark("C4", 1) == mark("C4", 1), len(mark("x"))
    (True, 12)
    """
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Told:
    """What the citizen is told: once for each rule and ground.

    Attributes:
        about: tells this ground from another of the same rule.
        channel: `phone` where a person must bring it; empty otherwise.
        to: another number than that of the case (C11).
    """

    rule: str
    about: str
    text: str
    channel: str = ""
    to: str = ""

    def act(self, case: CaseState, pen: Pen) -> Act | None:
        """Answer the act that writes it down; None when it stands already."""
        said: dict[str, Value] = {**pen.stamp, "rule": self.rule, "text": self.text}
        said |= {k: v for k, v in (("channel", self.channel), ("to", self.to)) if v}
        return _once("case.citizen_told", f"told.{self.rule}-{self.about}", said, case)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the administration, noted inside it and never against the citizen."""

    rule: str
    about: str
    unit: str
    reason: str

    def act(self, case: CaseState, pen: Pen) -> Act | None:
        """Answer the act that writes it down; None when it stands already."""
        said: dict[str, Value] = {**pen.stamp, "rule": self.rule, "unit": self.unit}
        said["reason"] = self.reason
        return _once("case.fault_noted", f"fault.{self.rule}-{self.about}", said, case)


@dataclass(frozen=True, slots=True)
class Ask:
    """A person must look: the fields in question.

    Attributes:
        key: what the check is about where it spans cases; empty: this case.
    """

    rule: str
    fields: frozenset[str]
    key: str = ""

    def act(self, case: CaseState, pen: Pen) -> Act | None:
        """Answer the act that opens or widens the check; None when it was asked already."""
        name = f"checking.{pen.check_id(self.rule, self.key or pen.record)}"
        covered = set(map(read_text, read_list(case.map(name).get("fields"))))
        if self.fields <= covered:
            return None  # it is open, or a person has answered it
        fields = sorted(self.fields | {one for one in covered if one})
        return Act(
            "case.checking_opened", {name: {"rule": self.rule, "fields": fields, "open": True}}
        )


@dataclass(frozen=True, slots=True)
class Due:
    """A day that binds beside those promised before; the earliest holds."""

    rule: str
    about: str
    day: date

    def act(self, case: CaseState, pen: Pen) -> Act | None:
        """Answer the act that states it; None when an earlier one binds already."""
        if case.due is None or case.due <= self.day:
            return None
        said: dict[str, Value] = {"due": self.day.isoformat(), "at": pen.stamp["at"]}
        said["document"] = self.rule
        return Act("case.due_stated", {f"promise.{self.rule}-{self.about}": said})


@dataclass(frozen=True, slots=True)
class Settle:
    """Values that hold from now on, by rule: the old ones stay in the history."""

    rule: str
    about: str
    fields: Fields
    reason: str

    def act(self, case: CaseState, pen: Pen) -> Act | None:
        """Answer the act that settles it; None when the values hold, or it was settled once."""
        name = f"resolution.{self.rule}-{self.about}"
        if name in case.values or all(_holds(case, n, v) for n, v in self.fields.items()):
            return None
        said: dict[str, Value] = {**pen.stamp, "check": "", "clause": self.rule}
        said |= {"reason": self.reason, "fields": sorted(self.fields)}
        return Act("case.resolved", {**self.fields, name: said})


@dataclass(frozen=True, slots=True)
class End:
    """The case ends without a decision (C6)."""

    rule: str
    reason: str
    referral: str = ""

    def act(self, case: CaseState, pen: Pen) -> Act | None:
        """Answer the act that ends it; None when it has ended."""
        said: dict[str, Value] = {**pen.stamp, "kind": "item_void", "reason": self.reason}
        if self.referral:
            said["referral"] = self.referral
        return _once("case.terminated", "terminated", said, case)


@dataclass(frozen=True, slots=True)
class Reject:
    """A paper, as it stands, will not do any more (C33)."""

    rule: str
    no: int
    line: Fields
    reason: str

    def act(self, case: CaseState, pen: Pen) -> Act | None:
        """Answer the act that rejects it; None when it is rejected as it stands."""
        known = case.map(f"material_check.{self.no}")
        if known.get("result") == "rejected" and same(read_map(known.get("seen")), self.line):
            return None
        said: dict[str, Value] = {**pen.stamp, "result": "rejected", "reason": self.reason}
        said["seen"] = dict(self.line)
        return Act("case.material_checked", {f"material_check.{self.no}": said})


@dataclass(frozen=True, slots=True)
class Waive:
    """Papers that are not asked for any more (C7)."""

    rule: str
    numbers: tuple[int, ...]

    def act(self, case: CaseState, pen: Pen) -> Act | None:
        """Answer the act that waives them; None when all are waived."""
        names = [f"waived.{no}" for no in self.numbers if f"waived.{no}" not in case.values]
        said: dict[str, Value] = {**pen.stamp, "rule": self.rule}
        return Act("case.material_waived", dict.fromkeys(names, said)) if names else None


Finding: TypeAlias = Told | Fault | Ask | Due | Settle | End | Reject | Waive


def _once(fact: str, name: str, said: Fields, case: CaseState) -> Act | None:
    return None if name in case.values else Act(fact, {name: dict(said)})


def _holds(case: CaseState, name: str, value: Value) -> bool:
    found = case.values.get(name)
    return not isinstance(found, Undisclosed) and same(found, value)
