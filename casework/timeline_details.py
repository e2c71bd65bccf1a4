"""What the title of a fact leaves open: of reviews, special steps, bags, results, notices."""

from collections.abc import Callable, Mapping
from typing import Final

from casework.spoken import NOTHING, Text, plain, spoken_day
from casework.values import Fields, read_date, read_int, read_list, read_map, read_text

STEP_TITLES: Final[Mapping[str, Text]] = {
    "site_survey": Text("现场勘验", "site survey"),
    "technical_review": Text("技术审查", "technical review"),
    "expert_review": Text("专家评审", "expert review"),
    "public_notice": Text("公示", "public notice"),
    "hearing": Text("听证", "hearing"),
    "tender": Text("招标", "tender"),
    "auction": Text("拍卖", "auction"),
    "inspection": Text("检验", "inspection"),
    "testing": Text("检测", "testing"),
    "quarantine": Text("检疫", "quarantine"),
    "appraisal": Text("鉴定", "appraisal"),
}
_CHANNELS: Final[Mapping[str, Text]] = {
    "phone": Text("打电话", "by phone"),
    "in_person": Text("当面", "in person"),
    "sms": Text("发短信", "by text message"),
    "mail": Text("寄信", "by letter"),
}
_REACHED: Final = {
    True: Text("找到本人了", "reached"),
    False: Text("没找到人", "not reached"),
}
_CHECKED: Final[Mapping[str, Text]] = {
    "ok": Text("可以", "will do"),
    "rejected": Text("不行", "will not do"),
}
_LATE: Final = Text("超过承诺的日子", "after the promised day")
_DIFFERS: Final = Text("两边数得不一样", "the two counts differ")


def _one(fields: Fields, family: str) -> tuple[str, Fields]:
    """Key and value of the one member of a family that a fact sets."""
    name = next((name for name in fields if name.startswith(family)), "")
    return name.removeprefix(family), read_map(fields.get(name))


def _joined(*parts: Text) -> Text:
    said = [part for part in parts if part.zh]
    return Text("，".join(t.zh for t in said), ", ".join(t.en for t in said))


def _late(evidence: Fields) -> Text:
    return _LATE if evidence.get("late") is True else NOTHING


def _word(table: Mapping[str, Text], value: object) -> Text:
    return table.get(read_text(value) or "", NOTHING)


def _until(evidence: Fields, name: str) -> Text:
    day = read_date(evidence.get(name))
    if day is None:
        return NOTHING
    said = spoken_day(day)
    return Text(f"到{said.zh}", f"until {said.en}")


def _step(fields: Fields) -> Text:
    _, run = _one(fields, "special.")
    kind = _word(STEP_TITLES, run.get("kind"))
    if "ended_at" in run:
        return _joined(kind, plain(read_text(run.get("result")) or ""), _late(run))
    return _joined(kind, _until(run, "until"))


def _bag(family: str) -> Callable[[Fields], Text]:
    def told(fields: Fields) -> Text:
        number, bag = _one(fields, family)
        papers = len(read_list(bag.get("lines")))
        count = Text(f"{papers}份材料", f"{papers} papers") if papers else NOTHING
        said = Text(f"袋号{number}", f"bag {number}")
        return _joined(said, count, _DIFFERS if bag.get("differing") else NOTHING)

    return told


def _results(evidence: Fields) -> Text:
    rows = map(read_map, read_list(evidence.get("results")))
    named = [
        f"{read_text(row.get('name')) or ''} {read_text(row.get('serial')) or ''}".strip()
        for row in rows
    ]
    return Text("、".join(named), ", ".join(named))


def _issued(fields: Fields) -> Text:
    issued = read_map(fields.get("issued"))
    return _joined(_results(issued), _late(issued))


def _result_received(fields: Fields) -> Text:
    _, taken = _one(fields, "result_received.")
    differing = Text("证号和部门登记的不一样", "the serials differ")
    return _joined(_results(taken), differing if taken.get("differing") else NOTHING)


def _passed_on(fields: Fields) -> Text:
    _, passed = _one(fields, "result_passed.")
    bag = read_text(passed.get("bag")) or ""
    return _joined(Text(f"袋号{bag}", f"bag {bag}"), _results(passed))


def _visit(fields: Fields) -> Text:
    return plain(read_text(_one(fields, "visit.")[1].get("reason")) or "")


def _notified(fields: Fields) -> Text:
    _, told = _one(fields, "notified.")
    reached = told.get("reached")
    said = _REACHED[reached] if isinstance(reached, bool) else NOTHING
    return _joined(_word(_CHANNELS, told.get("channel")), said)


def _external(fields: Fields) -> Text:
    _, noted = _one(fields, "external.")
    return plain(" ".join(read_text(noted.get(n)) or "" for n in ("system", "number")).strip())


def _progress(fields: Fields) -> Text:
    _, told = _one(fields, "progress.")
    return plain(" ".join(read_text(told.get(n)) or "" for n in ("system", "status")).strip())


def _checked(fields: Fields) -> Text:
    no, check = _one(fields, "material_check.")
    return _joined(
        Text(f"第{no}号材料", f"material {no}"),
        _word(_CHECKED, check.get("result")),
        plain(read_text(check.get("reason")) or ""),
    )


def _correction(fields: Fields) -> Text:
    _, told = _one(fields, "correction.")
    points = len(read_list(told.get("points")))
    return _joined(Text(f"{points}处", f"{points} points"), _until(told, "deadline"))


def _reviewed(fields: Fields) -> Text:
    _, said = _one(fields, "reviewed.")
    agrees = said.get("agrees")
    if not isinstance(agrees, bool):
        return NOTHING
    return Text("同意", "agrees") if agrees else Text("不同意", "does not agree")


def _extended(fields: Fields) -> Text:
    days = read_int(read_map(fields.get("extension")).get("days")) or 0
    return Text(f"延长{days}个工作日", f"by {days} working days")


def _rectify(fields: Fields) -> Text:
    return _until(read_map(fields.get("rectify")), "deadline")


def _clause(field: str) -> Callable[[Fields], Text]:
    return lambda fields: plain(read_text(read_map(fields.get(field)).get("clause")) or "")


def _referral(fields: Fields) -> Text:
    ended = read_map(fields.get("terminated"))
    return plain(read_text(ended.get("referral")) or read_text(ended.get("reason")) or "")


def _due(fields: Fields) -> Text:
    return _until(_one(fields, "promise.")[1], "due")


DETAILS: Final[Mapping[str, Callable[[Fields], Text]]] = {
    "case.special_started": _step,
    "case.special_ended": _step,
    "case.handed_over": _bag("handover."),
    "case.handover_received": _bag("handover_received."),
    "case.issued": _issued,
    "case.result_received": _result_received,
    "case.result_passed_on": _passed_on,
    "case.visit_failed": _visit,
    "case.notified": _notified,
    "case.external_noted": _external,
    "case.progressed": _progress,
    "case.material_checked": _checked,
    "case.correction_requested": _correction,
    "case.reviewed": _reviewed,
    "case.limit_extended": _extended,
    "case.rectify_ordered": _rectify,
    "case.revoked": _clause("revoked"),
    "case.not_accepted": _clause("not_accepted"),
    "case.terminated": _referral,
    "case.due_stated": _due,
}
"""Fact → what is added to its title; holds no personal data of the applicant."""
