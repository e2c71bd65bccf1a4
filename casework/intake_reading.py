"""Reading CASE.json: one intake as a page or a program gives it (interface contract §1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from stdnum.cn import uscc

from casework.bundles import read_reference
from casework.fact_shapes import FORMS
from casework.ids import (
    ID_CHARACTERS,
    IdFault,
    IdNumber,
    IdNumberRefused,
    Ulid,
    UlidMalformed,
)
from casework.reading import LARGEST, LONG, Reader
from casework.values import Value, day_of, read_list, read_map, read_text

CHANNELS: Final = ("window", "proxy", "visit", "mail", "online", "outlet")
"""窗口、代办、上门、邮寄、网上、网点."""
FIRM: Final = "legal"
KINDS: Final = ("natural", FIRM)
NO_DOCUMENT: Final = "none"
USCC: Final = "uscc"
_CITIZEN_IDS: Final = ("resident_id", "household_book", "temporary_id", "residence_permit")
ID_TYPES: Final = (*_CITIZEN_IDS, "passport", "travel_permit", USCC, NO_DOCUMENT)
RELATIONS: Final = (
    *("child", "spouse", "parent", "grandchild", "sibling", "relative", "guardian", "neighbour"),
    *("friend", "colleague", "employee", "helper", "teller", "other"),
)
PICKUPS: Final = ("station", "visit", "mail", "agent", "electronic")
"""自取、上门、邮寄、代领、电子."""
DEFECTS: Final = ("incomplete", "irregular", "unlawful")
"""What the formal check finds wrong with a paper (R-ZH-21a): 不齐全、不规范、不合法定形式."""

_DOCUMENT: Final = (
    *("item", "channel", "applicant", "agent", "form", "pickup", "materials", "commitment"),
    *("actor", "claimed_at", "bundle", "online_ref", "refiled_from", "handling"),
)
_APPLICANT: Final = (
    *("kind", "name", "id_type", "id_no", "phone", "address", "division", "representative"),
)
_REPRESENTATIVE: Final = ("name", "id_no")
_AGENT: Final = ("name", "id_no", "relation", "entrustment", "phone")
_MATERIAL: Final = (
    *("no", "form", "copies", "original_seen", "defects", "cure"),
    "reused_from",
)
_COMMITMENT: Final = ("deficiency", "promise", "correction", "read_aloud", "doubt")
_LONGEST_ID: Final = 40
_LONGEST_REFERENCE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """Who stands for a firm in law (法定代表人); `id_no` may be empty."""

    name: str
    id_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who applies; `id_no` is empty where there is no document."""

    kind: str
    name: str
    id_type: str
    id_no: str
    phone: str
    address: str
    division: str
    representative: Representative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who stands at the counter instead; `entrustment`: the signed letter is in hand."""

    name: str
    id_no: str
    relation: str
    phone: str
    entrustment: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One material as handed in.

    Attributes:
        defects: what the formal check found; a paper with one goes back to who brought it.
        cure: how it is put right.
        reused_from: `ULID:no` of the case in whose folder the one piece lies (R-HC-23c).
    """

    no: int
    form: str
    copies: int
    original_seen: bool
    defects: tuple[str, ...] = ()
    cure: str = ""
    reused_from: str = ""

    @property
    def fields(self) -> dict[str, Value]:
        """As the field `material.<no>` carries it."""
        return {
            "no": self.no,
            "form": self.form,
            "copies": self.copies,
            "original_seen": self.original_seen,
            **({"reused_from": self.reused_from} if self.reused_from else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeForm:
    """One intake, read and checked in itself, not yet against the item.

    Attributes:
        bundle: `CODE:ULID` that the cases of one matter (一件事) share; empty: it stands alone.
        online_ref: number of the application filed online before; empty: there was none.
        refiled_from: id of the case of which this is filed again; empty: it is the first.
        deficiency: the applicant promises in writing to bring what lacks (R-HC-28b).
        correction: what is wrong is told once, in writing, and the case is kept (R-ZH-22b).
        promise: the applicant signs an inform-and-promise (R-HC-29).
        read_aloud: the terms were shown and read to the applicant before he signed.
        doubt: why the conditions do not seem to be met: papers are received, and whoever may
            refuse to accept decides (R-ZH-22c); empty: there is no such doubt.
    """

    item: str
    channel: str
    applicant: Applicant
    agent: Agent | None
    answers: Mapping[str, Value] = field(repr=False)
    pickup: str
    materials: tuple[Line, ...]
    deficiency: bool
    actor: str
    claimed_at: int | None
    bundle: str = ""
    online_ref: str = ""
    refiled_from: str = ""
    handling: str = ""
    correction: bool = False
    promise: bool = False
    read_aloud: bool = False
    doubt: str = ""


def read(reader: Reader, *, now: int | None) -> IntakeForm:
    """Read one intake; every problem is noted in the reader.

    Args:
        reader: over the document.
        now: milliseconds; None skips the tests for dates in the future.
    """
    reader.only(_DOCUMENT)
    today = day_of(now) if now is not None else None
    commitment = reader.sub("commitment")
    commitment.only(_COMMITMENT)
    return IntakeForm(
        item=reader.text("item"),
        channel=reader.choice("channel", CHANNELS),
        applicant=_applicant(reader, today),
        agent=read_agent(reader.sub("agent"), today) if reader.has("agent") else None,
        answers=read_answers(reader.sub("form")),
        pickup=reader.choice("pickup", PICKUPS),
        materials=tuple(_line(row) for row in reader.rows("materials")),
        deficiency=commitment.truth("deficiency"),
        actor=reader.option("actor"),
        claimed_at=reader.instant("claimed_at", now=now),
        bundle=_matter(reader),
        online_ref=reader.option("online_ref", most=_LONGEST_REFERENCE),
        refiled_from=_record(reader, "refiled_from"),
        handling=reader.code("handling") if reader.has("handling") else "",
        correction=commitment.truth("correction"),
        promise=commitment.truth("promise"),
        read_aloud=commitment.truth("read_aloud"),
        doubt=commitment.option("doubt", most=LONG),
    )


def _matter(reader: Reader) -> str:
    """Read which matter (一件事) a case is part of: `CODE:ULID`."""
    text = reader.option("bundle")
    found = read_reference(text)
    if text and found is None:
        reader.refuse("bundle", "matter", en=text)
    return found.text if found else ""


def _record(reader: Reader, name: str) -> str:
    """Read the optional id of a record."""
    text = reader.option(name)
    try:
        return Ulid.parse(text).text if text else ""
    except UlidMalformed:
        reader.refuse(name, "record", en=text)
        return ""


def read_person(person: Reader, today: date | None) -> dict[str, str]:
    """Read the fields of an applicant that are given, for a correction; empty ones are left out."""
    person.only(_APPLICANT)
    found = {"applicant_kind": person.choice("kind", KINDS)} if person.has("kind") else {}
    if person.has("name"):
        found["name"] = person.text("name")
    if person.has("id_type"):
        found["id_type"] = person.choice("id_type", ID_TYPES)
    if person.has("id_no"):
        found["id_no"] = _document(person, found.get("id_type", ID_TYPES[0]), today)
    if person.has("division"):
        found["division"] = person.code("division")
    found |= representative_fields(_representative(person, today))
    return found | {"phone": person.phone("phone"), "address": person.option("address")}


def read_answers(form: Reader) -> dict[str, Value]:
    """Read the answers of the form: texts, whole numbers and truth values by plain names."""
    answers: dict[str, Value] = {}
    for name, given in form.value.items():
        if not _is_answer_name(name):
            form.refuse(name, "unknown", en=name)
        elif isinstance(given, str):
            answers[name] = form.digits(name) if name == "bank_account" else _answer(form, name)
        elif isinstance(given, bool | int) and abs(given) <= LARGEST:
            answers[name] = given
        elif given is not None:
            form.refuse(name, "type")
    return {name: answer for name, answer in answers.items() if answer != ""}


def _answer(form: Reader, name: str) -> str:
    return form.option(name, most=LONG)


def _is_answer_name(name: str) -> bool:
    return name.isascii() and name.islower() and name.replace("_", "a").isalnum()


def _applicant(reader: Reader, today: date | None) -> Applicant:
    if not reader.need("applicant") or not read_map(reader.value["applicant"]):
        if reader.has("applicant"):
            reader.refuse("applicant", "type")
        return Applicant(kind="", name="", id_type="", id_no="", phone="", address="", division="")
    person = reader.sub("applicant")
    person.only(_APPLICANT)
    id_type = person.choice("id_type", ID_TYPES)
    return Applicant(
        kind=person.choice("kind", KINDS),
        name=person.text("name"),
        id_type=id_type,
        id_no=_document(person, id_type, today),
        phone=person.phone("phone"),
        address=person.text("address"),
        division=person.code("division"),
        representative=_representative(person, today),
    )


def _representative(person: Reader, today: date | None) -> Representative | None:
    """Read who stands for a firm; a person has nobody of the kind."""
    if not person.has("representative"):
        return None
    if person.value.get("kind", FIRM) != FIRM:
        person.refuse("representative", "only_firms")
        return None
    stands = person.sub("representative")
    stands.only(_REPRESENTATIVE)
    number = _document(stands, ID_TYPES[0], today) if stands.has("id_no") else ""
    return Representative(name=stands.text("name"), id_no=number)


def representative_fields(stands: Representative | None) -> dict[str, str]:
    """Answer the fields of a case that name who stands for a firm; empty ones are left out."""
    if stands is None:
        return {}
    fields = {"representative.name": stands.name, "representative.id_no": stands.id_no}
    return {name: text for name, text in fields.items() if text}


def read_agent(person: Reader, today: date | None) -> Agent:
    """Read who stands at the counter instead; every problem is noted in the reader."""
    person.only(_AGENT)
    return Agent(
        name=person.text("name"),
        id_no=_document(person, ID_TYPES[0], today),
        relation=person.choice("relation", RELATIONS),
        phone=person.phone("phone"),
        entrustment=person.truth("entrustment"),
    )


def agent_fields(agent: Agent) -> dict[str, Value]:
    """Answer the fields of a case that name its agent."""
    fields: dict[str, Value] = {
        "agent.name": agent.name,
        "agent.id_no": agent.id_no,
        "agent.phone": agent.phone,
        "agent.relation": agent.relation,
        "agent.entrustment": agent.entrustment,
    }
    return {name: value for name, value in fields.items() if value != ""}


def _document(person: Reader, id_type: str, today: date | None) -> str:
    if id_type == NO_DOCUMENT and not person.has("id_no"):
        return ""
    typed = person.text("id_no", most=_LONGEST_ID)
    if id_type == USCC:
        return uscc.compact(typed)
    if id_type not in _CITIZEN_IDS or not typed:
        return typed
    try:
        return IdNumber.parse(typed, today=today).text
    except IdNumberRefused as refused:
        _explain(person, refused)
        return ""


def _explain(person: Reader, refused: IdNumberRefused) -> None:
    code = f"id_{refused.fault.value}"
    if refused.fault is IdFault.LENGTH:
        code += "_short" if refused.count < ID_CHARACTERS else "_long"
    year, month, day = refused.birth[:4], refused.birth[4:6], refused.birth[6:]
    person.refuse(
        "id_no",
        code,
        count=refused.count,
        by=abs(refused.count - ID_CHARACTERS),
        year=year,
        month=month.lstrip("0") or "0",
        day=day.lstrip("0") or "0",
    )


def _line(row: Reader) -> Line:
    row.only(_MATERIAL)
    return Line(
        no=row.integer("no"),
        form=row.choice("form", FORMS),
        copies=row.count("copies", default=1),
        original_seen=row.truth("original_seen"),
        defects=_defects(row),
        cure=row.option("cure"),
        reused_from=_reused(row),
    )


def _reused(row: Reader) -> str:
    """Read in which case's folder the one piece of a paper lies: `ULID:no`."""
    text = row.option("reused_from")
    case, _, no = text.partition(":")
    try:
        return f"{Ulid.parse(case).text}:{int(no)}" if text else ""
    except (UlidMalformed, ValueError):
        row.refuse("reused_from", "record", en=text)
        return ""


def _defects(row: Reader) -> tuple[str, ...]:
    """Read what the formal check found; nothing given means that nothing was wrong."""
    given = row.value.get("defects")
    if given is None:
        return ()
    found = [read_text(word) or "" for word in read_list(given)]
    if not isinstance(given, list | tuple) or any(word not in DEFECTS for word in found):
        row.refuse("defects", "choice", allowed="、".join(DEFECTS))
        return ()
    return tuple(dict.fromkeys(found))
