"""What can happen to a case: the one table of facts, and the shapes of acts and heads.

A verb is what somebody asks for (`act ID withdraw`), a fact what then stands in the log
(`case.withdrawn`). Who may do it where is told by `casework.authority`, when by `casework.acts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, NamedTuple, TypeAlias

from casework.values import Fields, Value


class Undisclosed(Enum):
    """The value of a head that this place may not see."""

    UNDISCLOSED = "undisclosed"


UNDISCLOSED: Final = Undisclosed.UNDISCLOSED

Shown: TypeAlias = "Value | Undisclosed"
"""A value, as far as this place may see it."""


class Head(NamedTuple):
    """One operation that counts for one field and that no other one replaces.

    Attributes:
        value: what it set; UNDISCLOSED where this place may not see it.
        replica: author's replica id, 8 bytes.
        seq: its number in the log of the replica.
        station: 12-digit code of the author's place.
        station_kind: county, township, village or outlet.
        actor: who did it.
        fact: in which act it was set.
        claimed_at: the author's clock, milliseconds; shown, never trusted.
        not_before: lower trusted bound, milliseconds; 0 when nothing is known.
        not_after: upper trusted bound; None while it is open.
    """

    value: Shown
    replica: bytes
    seq: int
    station: str
    station_kind: str
    actor: str
    fact: str
    claimed_at: int
    not_before: int = 0
    not_after: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One lawful act, ready to be written as one operation on the case."""

    fact: str
    fields: Fields


class Nature(StrEnum):
    """Whether the county may refuse the fact afterwards."""

    RECEIVING = "receiving"
    """Papers and words of a citizen: never refused, so that no filing date is lost."""
    POWER = "power"
    """Use of power: refused when the place, role or mode did not allow it."""
    COUNTY = "county"
    """Written by the county alone."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of an act as it is given in FIELDS.json.

    Attributes:
        kind: text, integer, truth, day, code (12 digits), lines (a list of maps), map or any.
        required: "yes", "no", or "some" (at least one of the fields marked so).
        choices: the only values allowed; empty for free ones.
    """

    name: str
    kind: str
    title_zh: str
    title_en: str
    required: str = "yes"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact: how it is called, what it takes and which fields of the case it sets."""

    name: str
    verb: str
    title_zh: str
    title_en: str
    nature: Nature
    sets: tuple[str, ...]
    fields: tuple[FieldSpec, ...] = ()


_F: TypeAlias = FieldSpec
_LINES = _F("lines", "lines", "材料清单", "lines of papers")
_BAG = _F("bag", "text", "袋号", "bag number")
_REASON = _F("reason", "text", "原因", "reason")
FORMS: Final = ("original", "copy", "electronic", "shared", "promised")
"""How a paper can be in hand: the last is an inform-and-promise in place of it."""
_PICKUPS = ("station", "visit", "mail", "agent", "electronic")
OWN_WORD_FACT: Final = "case.contact_stated"
"""The fact of a contact that the citizen stated himself; a helper's is `case.contact_corrected`."""

_TAKEN_IN = (
    *("item", "item_version", "channel", "station", "mode", "handling", "received"),
    *("temporary_number", "applicant_kind", "id_type", "division", "name", "phone", "address"),
    *("id_no", "agent.name", "agent.phone", "agent.id_no", "agent.relation", "agent.entrustment"),
    *("pickup", "form.*", "material.*", "notice.*"),
)
_PERSON = ("applicant_kind", "id_type", "division", "name", "phone", "address", "id_no")

_SPECS: Final = (
    FactSpec("case.received", "receive", "收件", "Papers received", Nature.RECEIVING, _TAKEN_IN),
    FactSpec(
        "case.accepted",
        "accept",
        "受理",
        "Accepted",
        Nature.POWER,
        ("accepted", "commitment", "promise.*", "notice.*"),
        (_F("deficiency", "truth", "书面承诺后补", "written promise of what lacks", "no"),),
    ),
    FactSpec(
        "case.material_added",
        "add_material",
        "补交材料",
        "Paper handed in",
        Nature.RECEIVING,
        ("material.*",),
        (
            _F("no", "integer", "材料序号", "number of the material"),
            _F("form", "text", "形式", "form", choices=FORMS),
            _F("copies", "integer", "份数", "copies"),
            _F("original_seen", "truth", "已核原件", "original seen", "no"),
        ),
    ),
    FactSpec(
        "case.attached",
        "attach",
        "拍照存档",
        "Photo attached",
        Nature.RECEIVING,
        ("attachment.*", "attachment_key.*"),
        (
            _F("material", "integer", "材料序号", "number of the material"),
            _F("hash", "text", "内容摘要", "SHA-256 of the sealed photo, hexadecimal"),
            _F("size", "integer", "字节数", "bytes"),
            _F("chunks", "any", "分块摘要", "hashes of its chunks, hexadecimal"),
            _F("mime", "text", "类型", "media type", choices=("image/jpeg", "image/png")),
            _F("captured_at", "integer", "拍摄时间", "taken at, ms", "no"),
            _F("key", "any", "密钥", "key of the photo", "no"),
        ),
    ),
    FactSpec(
        "case.contact_corrected",
        "correct_contact",
        "更正联系方式",
        "Contact corrected",
        Nature.RECEIVING,
        ("phone", "address", "pickup"),
        (
            _F("phone", "text", "电话", "phone", "some"),
            _F("address", "text", "地址", "address", "some"),
            _F("pickup", "text", "取件方式", "how it is fetched", "some", _PICKUPS),
            _F("said_by", "text", "谁说的", "who said so", "no", ("applicant", "helper")),
        ),
    ),
    FactSpec(
        OWN_WORD_FACT,
        "",
        "本人更正联系方式",
        "Contact stated by the applicant",
        Nature.RECEIVING,
        ("phone", "address", "pickup"),
    ),
    FactSpec(
        "case.application_corrected",
        "correct_application",
        "更正申请内容",
        "Application corrected",
        Nature.RECEIVING,
        (*_PERSON, "form.*", "correction_reason"),
        (
            _F("applicant", "map", "申请人", "applicant", "some"),
            _F("form", "map", "表单", "form", "some"),
            _REASON,
        ),
    ),
    FactSpec(
        "case.correction_requested",
        "request_correction",
        "要求补正",
        "Correction asked for",
        Nature.POWER,
        ("correction.*",),
        (_F("points", "lines", "补正事项", "points: no, defect, cure"),),
    ),
    FactSpec(
        "case.withdrawn",
        "withdraw",
        "撤回申请",
        "Withdrawn by the applicant",
        Nature.RECEIVING,
        ("withdrawn",),
        (_F("reason", "text", "原因", "reason", "no"),),
    ),
    FactSpec(
        "case.handed_over",
        "hand_over",
        "交出材料",
        "Papers handed over",
        Nature.RECEIVING,
        ("handover.*",),
        (_F("to", "code", "交给哪里", "to which place"), _BAG, _LINES),
    ),
    FactSpec(
        "case.handover_received",
        "receive_handover",
        "收到交来的材料",
        "Handed-over papers received",
        Nature.RECEIVING,
        ("handover_received.*",),
        (_BAG, _LINES),
    ),
    FactSpec(
        "case.signed_in", "sign_in", "部门签收", "Signed in for review", Nature.POWER, ("review",)
    ),
    FactSpec(
        "case.decided",
        "decide",
        "作出决定",
        "Decided",
        Nature.POWER,
        ("decided",),
        (
            _F("outcome", "text", "结果", "outcome", choices=("yes", "no")),
            _F("reasons", "any", "理由", "reasons", "no"),
            _F("document_no", "text", "文号", "document number", "no"),
        ),
    ),
    FactSpec(
        "case.issued",
        "issue",
        "出件",
        "Result issued",
        Nature.POWER,
        ("issued",),
        (
            _F("to", "code", "出件到哪里", "to which place"),
            _F("results", "lines", "结果文书", "results: name, serial"),
        ),
    ),
    FactSpec(
        "case.delivered",
        "deliver",
        "送达",
        "Delivered",
        Nature.RECEIVING,
        ("delivered",),
        (
            _F("to", "text", "谁领取", "to whom", choices=("applicant", "agent", "mail")),
            _F("proof", "text", "凭证", "proof"),
        ),
    ),
    FactSpec("case.archived", "archive", "归档", "Archived", Nature.POWER, ("archived",)),
    FactSpec(
        "case.verified",
        "verify",
        "县里确认",
        "Confirmed by the county",
        Nature.COUNTY,
        ("verified", "official_number"),
        (_F("official_number", "text", "正式编号", "official number", "no"),),
    ),
    FactSpec(
        "case.numbered",
        "number",
        "编正式号",
        "Official number given",
        Nature.COUNTY,
        ("official_number",),
        (_F("official_number", "text", "正式编号", "official number"),),
    ),
    FactSpec(
        "case.merged",
        "merge_duplicate",
        "重复申报合并",
        "Duplicate merged",
        Nature.COUNTY,
        ("main", "duplicate_of", "promise.*"),
        (
            _F("main", "text", "主办件", "main case"),
            _F("duplicate", "truth", "这一件是重复的", "this case is the duplicate"),
        ),
    ),
    FactSpec(
        "case.judged",
        "",
        "县里认定",
        "Judged by the county",
        Nature.COUNTY,
        (),  # verdicts are no fields of a case
    ),
    FactSpec(
        "case.checking_opened",
        "open_checking",
        "县里开始核对",
        "County began checking",
        Nature.COUNTY,
        ("checking.*",),
        (
            _F("id", "text", "核对单", "id of the check"),
            _F("rule", "text", "规则", "rule"),
            _F("fields", "any", "核对的内容", "fields in question"),
        ),
    ),
    FactSpec(
        "case.resolved",
        "resolve",
        "县里核定",
        "Settled by the county",
        Nature.COUNTY,
        ("*", "checking.*", "resolution.*"),
        (
            _F("id", "text", "核对单", "id of the check"),
            _F("set", "map", "核定的值", "values that hold from now on"),
            _REASON,
            _F("clause", "text", "依据", "clause", "no"),
        ),
    ),
)

FACTS: Final[Mapping[str, FactSpec]] = {spec.name: spec for spec in _SPECS}
"""Fact → what it is."""
VERBS: Final[Mapping[str, FactSpec]] = {spec.verb: spec for spec in _SPECS if spec.verb}
"""Verb → fact."""


def may_set(fact: str, field: str) -> bool:
    """Say whether a fact sets this field; of a fact that we do not know nothing is asserted.

    >>> may_set("case.withdrawn", "withdrawn"), may_set("case.withdrawn", "decided")
    (True, False)
    """
    spec = FACTS.get(fact)
    if spec is None:
        return True
    family = field.partition(".")[0] + ".*"
    return "*" in spec.sets or field in spec.sets or ("." in field and family in spec.sets)
