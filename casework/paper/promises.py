"""What the applicant signs: papers to follow, inform-and-promise, entrustment."""

from collections.abc import Iterable
from typing import Final

from casework.documents import Line, Section, Sheet
from casework.paper import parts
from casework.paper.parts import FREE, line
from casework.spoken import NOTHING, Text, plain, spoken_day
from casework.values import read_date, read_int, read_list

_NUMBERS_ONLY: Final = 3
"""Data class from which on an answer is named in the consent to its use."""


def deficiency(sheet: Sheet) -> Iterable[Section]:
    """P5: what follows, until when, how, and what happens otherwise (R-HC-28b, R-HC-28c)."""
    case = sheet.case
    promised = read_list(case.map("commitment").get("materials"))
    last = case.deficiency_deadline or read_date(case.map("commitment").get("deadline"))
    yield parts.person(sheet)
    yield parts.papers(sheet)
    yield Section(
        Text("后补的材料和期限", "Papers to follow, and until when"),
        (
            *_to_follow(sheet, [n for n in map(read_int, promised) if n is not None]),
            line("补交期限", "Until", spoken_day(last) if last else NOTHING),
        ),
    )
    yield Section(Text("补交办法和后果", "How, and what follows"), paragraphs=_HOW)
    yield Section(Text("申请人承诺", "The applicant promises"), paragraphs=_DEFICIENCY_WORDS)


def _to_follow(sheet: Sheet, numbers: list[int]) -> Iterable[Line]:
    for material in sheet.item.materials:
        if material.no in numbers:
            handed = material.no in sheet.case.in_hand
            lacks = parts.counts(material)
            told = Text(f"未交，要{lacks.zh}", f"lacking: {lacks.en}")
            yield Line(parts.material_name(material), Text("已补", "handed in") if handed else told)


_HOW: Final = (
    Text(
        "可到任一便民服务站、乡镇便民服务中心补交，也可邮寄或网上补交。",
        "Hand them in at any station or township centre, by mail or online.",
    ),
    Text("逾期视为撤回申请。", "If they are late, the application counts as withdrawn."),
)
_DEFICIENCY_WORDS: Final = (
    Text(
        "我已知道缺哪些材料、补交期限和后果，自愿容缺办理，按期补齐。",
        "I know what lacks, until when and what follows. I choose this freely.",
    ),
    Text("我提交的材料和所述情况真实。", "My papers and statements are true."),
)


def inform(sheet: Sheet) -> Iterable[Section]:
    """P6: what the applicant is informed of, and what he promises (R-HC-29)."""
    guide = sheet.item.guide
    replaced = [m for m in sheet.item.materials if _is_promised(sheet, m.no)]
    yield parts.person(sheet, full=True)
    yield Section(
        Text("用承诺代替的材料和标准", "Papers replaced by this promise, and their standard"),
        tuple(
            Line(parts.material_name(m), plain(m.criteria) if m.criteria else _LAWFUL)
            for m in replaced
        ),
    )
    if guide.conditions:
        told = parts.said(guide.conditions)
        yield Section(Text("办理条件", "Conditions"), paragraphs=told)
    if guide.flow:
        yield Section(Text("办理流程", "How it goes"), paragraphs=parts.said(guide.flow))
    terms = parts.said(guide.promise_terms.splitlines())
    yield Section(Text("告知", "What you are told"), paragraphs=(*terms, *_TOLD))
    yield Section(Text("申请人承诺", "The applicant promises"), paragraphs=_PROMISED)


def _is_promised(sheet: Sheet, number: int) -> bool:
    return sheet.case.map(f"material.{number}").get("form") == "promised"


_LAWFUL: Final = Text("符合法定要求", "as the law requires")
_TOLD: Final = (
    Text(
        "您可以不选告知承诺，按一般程序交齐材料办理。",
        "You are free to hand in every paper in the ordinary way instead.",
    ),
    Text(
        "办结后部门会核查。与承诺不符的，限期整改；不改或改不好的，撤销决定。",
        "It is checked later. What does not hold must be put right in time, or it is revoked.",
    ),
    Text(
        "虚假承诺的，依法承担责任，记入信用记录，修复前不能再用告知承诺。",
        "A false promise has legal consequences and stands in the credit record until repaired.",
    ),
)
_PROMISED: Final = (
    Text("告知的内容我已知道、看懂。", "I know and understand what I was told."),
    Text(
        "我符合办理条件，所述情况真实，愿意接受核查并承担责任。",
        "I meet the conditions, what I say is true; I accept later checks and answer for it.",
    ),
    Text("这是我自愿选择的。", "I choose this freely."),
)


def entrustment(sheet: Sheet) -> Iterable[Section]:
    """P7: who may do what for whom, free of charge, and revocable (R-NX-29e)."""
    yield parts.person(sheet, full=True)
    if not sheet.case.text("agent.name"):
        yield Section(
            Text("受托人", "Agent"),
            (
                line("受托人", "Agent", sheet.handler[0]),
                line("所在站点", "Station", sheet.station.name),
                line("证件号码", "Document", ""),
            ),
        )
    yield Section(
        Text("委托权限（逐项打勾）", "Powers (tick each)"),
        paragraphs=tuple(Text(f"□ {zh}", f"□ {en}") for zh, en in _POWERS),
    )
    yield Section(
        Text("期限和说明", "Period and notes"),
        (line("委托期限", "Until", ""), line("费用", "Fee", FREE), *_revoked(sheet)),
        (
            _consent(sheet),
            Text(
                "我可以随时到任一便民服务站撤销委托。",
                "I may revoke this at any station at any time.",
            ),
        ),
    )


def _revoked(sheet: Sheet) -> Iterable[Line]:
    at = parts.instant(sheet.case.map("entrustment_revoked"))
    if at.zh:
        yield line("已经撤销", "Revoked", at)


def _consent(sheet: Sheet) -> Text:
    asked = [f for f in sheet.item.form if f.data_class >= _NUMBERS_ONLY]
    zh = "、".join(["证件号码", *(f.title for f in asked)])
    en = ", ".join(["my document number", *(f.title_en or f.title for f in asked)])
    return Text(
        f"我同意受托人只为办这件事使用我的这些信息：{zh}。",
        f"For this matter only, the agent may use: {en}.",
    )


_POWERS: Final = (
    ("代为提交材料", "hand in papers"),
    ("签收补正、告知文书", "receive notices"),
    ("代为撤回申请", "withdraw the application"),
    ("代为领取结果", "fetch the result"),
)
