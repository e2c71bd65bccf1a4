"""What happened, as sentences: who, where, what; the page adds when and by which clock."""

from collections.abc import Callable, Mapping
from typing import Final

from casework import timeline_details
from casework.facts import FACTS
from casework.spoken import NOTHING, Text, plain, spoken_day
from casework.values import Fields, read_date, read_list, read_map, read_text

_OUTCOMES: Final[Mapping[str, Text]] = {
    "yes": Text("准予", "granted"),
    "no": Text("不予", "refused"),
}
_RECIPIENTS: Final[Mapping[str, Text]] = {
    "applicant": Text("本人领取", "the applicant fetched it"),
    "agent": Text("代领", "an agent fetched it"),
    "mail": Text("邮寄", "by mail"),
}
_FIELD_TITLES: Final[Mapping[str, Text]] = {
    "name": Text("姓名", "name"),
    "phone": Text("电话", "phone"),
    "address": Text("地址", "address"),
    "pickup": Text("取件方式", "way of fetching"),
    "id_no": Text("证件号码", "document number"),
    "id_type": Text("证件类型", "kind of document"),
    "division": Text("所在村（社区）", "division"),
    "applicant_kind": Text("申请人类型", "kind of applicant"),
    "agent.name": Text("代办人", "agent"),
    "agent.phone": Text("代办人电话", "agent's phone"),
    "agent.id_no": Text("代办人证件号码", "agent's document number"),
    "form.bank_account": Text("收款账户", "bank account"),
    "main": Text("主办件", "main case"),
    "agent": Text("代办人", "agent"),
}


NOT_KNOWN_YET: Final = Text(
    "这台电脑的程序还不认识这一步", "a step that this computer's program does not know yet"
)
"""Shown for what a newer program wrote: kept and passed on, read after an upgrade."""


def title(fact: str) -> Text:
    """Answer the title of a fact; of one that a newer program wrote, that it is not known here."""
    spec = FACTS.get(fact)
    return Text(spec.title_zh, spec.title_en) if spec else NOT_KNOWN_YET


def field_title(field: str) -> Text:
    """Answer how a field is called on pages; never the field name of a form in Chinese text."""
    return _FIELD_TITLES.get(field) or plain(field.removeprefix("form."))


def sentence(fact: str, fields: Fields, *, actor: str, place: str) -> Text:
    """Say in one sentence what happened. Holds no personal data of the applicant.

    Args:
        fact: such as `case.accepted`.
        fields: what the operation set, as far as it is in clear.
        actor: name of who did it.
        place: name of where it was done.
    """
    what, more = title(fact), detail(fact, fields)
    zh = f"{place} {actor}：{what.zh}" + (f"，{more.zh}" if more.zh else "")
    en = f"{actor}, {place}: {what.en}" + (f", {more.en}" if more.en else "")
    return Text(zh, en)


def detail(fact: str, fields: Fields) -> Text:
    """Say what the title of a fact leaves open, as far as its fields are in clear; or nothing."""
    told = _DETAILS.get(fact)
    return told(fields) if told else NOTHING


def _accepted(fields: Fields) -> Text:
    due = read_date(read_map(fields.get("accepted")).get("due"))
    if due is None:
        return NOTHING
    day = spoken_day(due)
    return Text(f"承诺{day.zh}前办结", f"promised by {day.en}")


def _material(fields: Fields) -> Text:
    numbers = sorted(name[9:] for name in fields if name.startswith("material."))
    return Text(f"第{'、'.join(numbers)}号材料", f"material {', '.join(numbers)}")


def _decided(fields: Fields) -> Text:
    decided = read_map(fields.get("decided"))
    outcome = _OUTCOMES.get(read_text(decided.get("outcome")) or "", NOTHING)
    if decided.get("late") is not True:
        return outcome
    return Text(f"{outcome.zh}，超过承诺的日子", f"{outcome.en}, after the promised day")


def _delivered(fields: Fields) -> Text:
    to = read_text(read_map(fields.get("delivered")).get("to"))
    return _RECIPIENTS.get(to or "", NOTHING)


def _changed(fields: Fields) -> Text:
    titles = [field_title(name) for name in sorted(fields) if name != "correction_reason"]
    return Text("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))


def _numbered(fields: Fields) -> Text:
    return plain(read_text(fields.get("official_number")) or "")


def _checked(fields: Fields) -> Text:
    names = [
        name
        for field, check in fields.items()
        if field.startswith("checking.")
        for name in map(read_text, read_list(read_map(check).get("fields")))
        if name
    ]
    titles = [field_title(name) for name in names]
    return Text("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))


def _external(fields: Fields) -> Text:
    noted = next((read_map(v) for name, v in fields.items() if name.startswith("external.")), {})
    return plain(f"{read_text(noted.get('system')) or ''} {read_text(noted.get('number')) or ''}")


def _progressed(fields: Fields) -> Text:
    """What another system said: it moves nothing here, and is told as its word."""
    told = next((read_map(v) for name, v in fields.items() if name.startswith("progress.")), {})
    words = (read_text(told.get(name)) for name in ("system", "status", "remark"))
    return plain(" ".join(filter(None, words)))


_DETAILS: Final[Mapping[str, Callable[[Fields], Text]]] = {
    **timeline_details.DETAILS,
    "case.accepted": _accepted,
    "case.material_added": _material,
    "case.decided": _decided,
    "case.delivered": _delivered,
    "case.contact_corrected": _changed,
    "case.contact_stated": _changed,
    "case.application_corrected": _changed,
    "case.numbered": _numbered,
    "case.verified": _numbered,
    "case.checking_opened": _checked,
    "case.external_noted": _external,
    "case.progressed": _progressed,
}
