"""`docs/spec/facts.md`, written from the tables of facts, fields and authority."""

from casework.authority import TABLE, Days
from casework.fact_shapes import Nature
from casework.facts import FACTS
from casework.merging import FIELDS
from tests.docs.reading import GENERATED

SHAPES = {
    "item": "tstr, code of the item in the catalogue",
    "item_version": "uint, version of the publication that the citizen was shown",
    "channel": "`window`, or another channel of intake",
    "station": "tstr, code of the place that received the case",
    "mode": "`entrusted`, `authorised`, `proxy`, or null",
    "handling": "tstr, code of the place that accepts; the township where the mode is `proxy`",
    "received": "{at, kind: `received`, `accepted` or `accepted_deficient`}",
    "temporary_number": (
        "tstr: `L`, station (12), device (2), day yymmdd, serial (3), check character"
    ),
    "official_number": "tstr, given by the county",
    "applicant_kind": "`natural` or `legal`",
    "id_type": "tstr, for example `resident_id`",
    "division": "tstr, code of the applicant's village",
    "name": "tstr",
    "phone": "tstr",
    "address": "tstr",
    "id_no": "tstr",
    "agent.name": "tstr",
    "agent.phone": "tstr",
    "agent.id_no": "tstr",
    "agent.relation": "tstr",
    "agent.entrustment": "bool, whether it is there in writing",
    "pickup": "`station`, `visit`, `mail`, `agent` or `electronic`",
    "form.*": "an answer of the item's form; the catalogue says its class",
    "correction_reason": "tstr",
    "representative.name": "tstr, who acts for an organisation by law",
    "representative.id_no": "tstr",
    "bundle": "tstr: `CODE:ULID` of one matter of several items (一件事)",
    "online_ref": "tstr, number of an application pre-reviewed online",
    "refiled_from": "tstr, ULID of the refused case that this one files again",
    "entrustment_revoked": "evidence and {reason}",
    "material_check.*": (
        "`*` is the number: evidence and {result: `ok` or `rejected`, reason, seen: the paper as"
        " it stood}"
    ),
    "reviewed.*": "`*` is a ULID: evidence and {opinion, agrees: bool}",
    "note.*": "`*` is a ULID: evidence and {text, about, stance: `mine`, `theirs`, `neither`}",
    "notified.*": "`*` is a ULID: evidence and {about, channel, reached: bool}",
    "external.*": "`*` is a ULID: evidence and {system, number}",
    "progress.*": "`*` is a ULID: {system, status, at: RFC 3339, remark, noted_at}",
    "result_received.*": "`*` is a ULID: evidence and {results, differing: [* serial]}",
    "result_passed.*": "`*` is a ULID: evidence and {to: code, bag, results}",
    "visit.*": "`*` is a ULID: evidence and {reason}",
    "extension": "evidence and {days, approved_by, reason}",
    "rectified": "evidence and {evidence}",
    "told.*": "`*` is a ULID: evidence and {rule, text}",
    "fault.*": "`*` is a ULID: evidence and {rule, unit: code, reason}",
    "link.*": "`*` is a ULID: evidence and {case, kind: `same_person` or `same_paper`}",
    "material.*": (
        "`*` is the number: {no, form: `original`, `copy`, `electronic`, `shared` or `promised`,"
        " copies, original_seen, at, place: code where it was handed in (default: the station)}"
    ),
    "attachment.*": "`*` is a ULID: see `attachments.md`",
    "attachment_key.*": "bstr32, of the attachment of the same ULID",
    "promise.*": "`*` is a ULID: {due: day, statutory_due: day, document, at, estimated}",
    "notice.*": (
        "`*` is a ULID: {kind: `one_time` or `deficiency`, materials: [* no], deadline, at}"
    ),
    "correction.*": "`*` is a ULID: evidence and {points, deadline: day}",
    "handover.*": "`*` is the bag: evidence and {to: code, lines: [* {no, originals, copies}]}",
    "handover_received.*": "`*` is the bag: evidence and {lines}",
    "special.*": (
        "`*` is a ULID: evidence and {kind, basis, days, told, section, until: day, ended_at,"
        " ended_by, result, late?: ended after `until`}"
    ),
    "delivered": "evidence and {to: `applicant`, `agent` or `mail`, proof}",
    "accepted": "evidence and {kind, due: day, statutory_due: day}",
    "commitment": "{materials: [* no], deadline: day, at}",
    "not_accepted": "evidence and {reasons, clause, proper_body, document_no}",
    "review": "evidence and {papers?: [* no] that were signed for without a check each}",
    "decided": "evidence, {outcome: `yes` or `no`, reasons, clause, remedies, document_no, late?}",
    "issued": "evidence and {to: code, results: [* {name, serial}], conditions?, late?}",
    "archived": "evidence",
    "withdrawn": "evidence and {reason}",
    "terminated": "evidence and {kind, reason, referral}",
    "rectify": "evidence and {reasons, deadline: day}",
    "revoked": "evidence and {reasons, clause, document_no}",
    "deemed_pending": "evidence and {final: bool, ground: `synced` or `grace`}",
    "deemed_withdrawn": "evidence",
    "verified": "evidence",
    "duplicate_of": "tstr, ULID of the main case",
    "main": "tstr, ULID of the main case",
    "verdict.*": "`*` is a dot: `change-set.md` §8",
    "checking.*": "`*` is the id of a check: {rule, fields: [* tstr], open: bool}",
    "resolution.*": (
        "`*` is a ULID, or rule and ground: evidence and {check, reason, clause, fields: [* tstr],"
        " ? answer}"
    ),
    "waived.*": "`*` is the number of the material: evidence and {? rule, ? reason}",
}
"""Field pattern → what stands in it."""

_NATURES = {
    Nature.RECEIVING: "receiving: never refused for lack of power",
    Nature.POWER: "power: refused where it was not given",
    Nature.COUNTY: "the county alone",
}
_HEAD = f"""# Facts and fields of a case

{GENERATED}

Record kind `case`; the record id is a ULID. What a program does not know is kept and passed on
(`versioning.md`).

*Evidence* is {{at: ms, place: station code, by: login}}. A *day* is tstr `YYYY-MM-DD`, in China.
Keys of these maps are text; keys that a reader does not know are ignored. `x.*` stands for every
`x.` followed by an id.

## Fields

*ask*: where places differ, a person at the county decides · *authority*: the higher place holds
(county, township, village, outlet) · *own_word*: the citizen's own later statement · *set*: every
one counts.

| field | class | policy | value |
|---|---|---|---|"""
_FACTS = """
## Facts

`version` is 1 for all of these. *Sets* are the fields that the fact may set; other known ones make
the county refuse the operation.

| fact | 中文 | English | nature | sets | who may |
|---|---|---|---|---|---|"""


def page():
    """The page."""
    fields = [_field(name) for name in FIELDS]
    facts = [_fact(spec) for spec in FACTS.values()]
    return "\n".join((_HEAD, *fields, _FACTS, *facts)) + "\n"


def _field(name):
    rule = FIELDS[name]
    return f"| `{name}` | {rule.data_class} | {rule.policy.value} | {SHAPES[name]} |"


def _fact(spec):
    sets = " ".join(f"`{name}`" for name in spec.sets) or "`verdict.*`"
    cells = (
        f"`{spec.name}`",
        spec.title_zh,
        spec.title_en,
        _NATURES[spec.nature],
        sets,
        ", ".join(_grant(kind, one) for kind, one in TABLE.get(spec.name, {}).items()),
    )
    return f"| {' | '.join(cells)} |"


def _grant(kind, one):
    modes = sorted(mode.value for mode in one.modes if mode)
    limited = f" ({', '.join(modes)})" if None not in one.modes else ""
    spot = ", decided on the spot" if one.days is Days.ON_THE_SPOT else ""
    return f"{kind.value}{limited}{spot}"
