"""Persons across cases: contacts (C11), names (C12), documents (C13), and who died (C36)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from casework.conflict_rules.findings import PHONE_ONLY, Ask, Finding, Told
from casework.conflict_rules.matter import CLOSED, Matter
from casework.fact_shapes import OWN_WORD_FACT
from casework.facts import Head
from casework.values import read_text

CHANGED: Final = "您登记的手机号换过了。不是您本人换的，拨打12345。"
DIED: Final = "您家人申请的事怎么接着办，乡镇会打电话跟您说。"
_NOISE: Final = re.compile(r"[\s·•.]+")
_REACHING: Final = frozenset({"sms", "phone", "in_person"})
GONE: Final = frozenset({"applicant_died", "applicant_moved"})
"""What a note is about where the applicant will not come again (C36)."""
_BIRTH: Final = slice(6, 14)
_ID_CHARACTERS: Final = 18


@dataclass(frozen=True, slots=True)
class Contact:
    """A number that a person gave in one case.

    Attributes:
        verified: somebody reached the person under it (SMS, phone) or in person.
        own: the person gave it himself, not a helper.
    """

    phone: str
    case: str
    head: Head
    verified: bool
    own: bool


def contacts(members: Sequence[Matter]) -> tuple[Contact, ...]:
    """Answer all numbers of one person, the primary one first: last verified, else last own.

    Args:
        members: the cases of one person, in any order. Each keeps its own number.
    """
    found = [
        Contact(phone, m.id, head, _is_reached(m), head.fact in {OWN_WORD_FACT, "case.received"})
        for m in members
        for head in m.all_heads("phone")
        if (phone := read_text(head.value))
    ]
    order = sorted(found, key=lambda c: (c.case, c.head.replica, c.head.seq))
    return tuple(sorted(order, key=lambda c: (not c.verified, not c.own, -c.head.not_before)))


def _is_reached(matter: Matter) -> bool:
    return any(
        told.get("reached") is True and told.get("channel") in _REACHING
        for _, told in matter.family("notified.")
    )


def new_contact(members: Sequence[Matter], key: str) -> Iterator[tuple[str, Finding]]:
    """C11: when the primary number changes, the old verified one is told."""
    del key
    ordered = contacts(members)
    verified = [contact for contact in ordered if contact.verified]
    old = [contact for contact in verified[1:] if contact.phone != verified[0].phone]
    if old:
        head = verified[0].head
        about = f"{head.replica.hex()}-{head.seq}"
        yield verified[0].case, Told("C11", about, CHANGED, to=old[0].phone)


def other_name(members: Sequence[Matter], key: str) -> Iterator[tuple[str, Finding]]:
    """C12: one document and two names: never merged by rule; a firm that changed its is C13."""
    names = {plain_name(m.case.text("name")) for m in members} - {""}
    if len(names) < 2:  # noqa: PLR2004
        return
    firm = any(m.case.text("applicant_kind") == "legal" for m in members)
    finding = Ask("C13", frozenset({"applicant"}), key) if firm else _two_names(key)
    for matter in members:
        yield matter.id, finding


def _two_names(key: str) -> Ask:
    return Ask("C12", frozenset({"name"}), key)


def other_document(members: Sequence[Matter], key: str) -> Iterator[tuple[str, Finding]]:
    """C13: same name, birth and address under two documents: a person links them, or not."""
    found = {(m.case.text("id_type"), m.case.text("id_no")): m for m in members}
    documents = [pair for pair in found if pair[1]]
    births = {birth(number) for _, number in documents} - {""}
    if len(documents) < 2 or len(births) > 1:  # noqa: PLR2004
        return
    for matter in members:
        yield matter.id, Ask("C13", frozenset({"applicant"}), key)


def gone(matter: Matter) -> Iterator[Finding]:
    """C36: somebody noted that the applicant died or moved: a person ends or turns it over."""
    about = {read_text(note.get("about")) for _, note in matter.family("note.")} & GONE
    if about and matter.case.state not in CLOSED:
        yield Ask("C36", frozenset({"applicant"}))
        if "applicant_died" in about:
            yield Told("C36", "died", DIED, PHONE_ONLY)


def plain_name(text: str) -> str:
    """Answer a name without spaces and dots.

    >>> plain_name("阿依古丽 · 买买提") == plain_name("阿依古丽·买买提")
    True
    """
    return _NOISE.sub("", text)


def birth(number: str) -> str:
    """Answer the eight digits of the birth date that an ID number carries; empty for others."""
    return number[_BIRTH] if len(number) == _ID_CHARACTERS else ""
