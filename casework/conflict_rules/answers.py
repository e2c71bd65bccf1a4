"""What a person may answer to a check that is no choice between values, and what each effects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        told: what the citizen is told then; empty: nothing.
        effect: `end` closes the case, `link` links the cases of the check, `confirm_special` and
            the like name what is written besides; empty: the check is closed and no more.
    """

    key: str
    zh: str
    en: str
    told: str = ""
    effect: str = ""


_SHOW_ID: Final = "方便时带上身份证，到任一站点核一下姓名。"
ANSWERS: Final[Mapping[str, tuple[Answer, ...]]] = {
    "C4": (
        Answer("drop", "后来那几条不要了", "Drop what only the later notice asks"),
        Answer("fetch", "我们向部门调取", "We fetch it ourselves"),
        Answer(
            "ask",
            "向申请人要，书面说明",
            "Ask the applicant, with an excuse",
            "还差一份材料，以补正通知为准，补一下就行，给您添麻烦了。",
        ),
    ),
    "C6": (
        Answer("carry_on", "按原规定接着办", "Carry on under the old rules"),
        Answer(
            "end",
            "不能再办，终止并退材料",
            "It cannot go on: end it, return the papers",
            "该事项已取消，材料退您，站里告诉您改办什么。",
            "end",
        ),
    ),
    "C7": (
        Answer("as_shown", "按收件时的清单办", "The list on the receipt holds"),
        Answer(
            "as_new",
            "按新清单补差的",
            "Ask for the difference",
            "目录已更新，还差的材料站里会列给您。",
        ),
    ),
    "C9": (
        Answer("found", "原件都在", "All originals are there"),
        Answer(
            "missing",
            "有原件找不到",
            "An original is missing",
            "您的一份原件在流转中缺失，我们负责补办。",
        ),
    ),
    "C10": (
        Answer("counted", "重新点过，没有少", "Counted again: nothing lacks"),
        Answer(
            "scan",
            "少了，先用收件时的照片",
            "It lacks: the scan stands in",
            "您的一份材料在流转中缺失，先以扫描件办理。",
        ),
        Answer(
            "lost",
            "少了原件，由我们补办",
            "An original is lost: we replace it",
            "您的一份原件在流转中缺失，我们负责补办。",
        ),
    ),
    "C12": (
        Answer("same", "是同一个人，姓名写错了", "One person, a slip in the name"),
        Answer("other", "不是同一个人，号码写错了", "Two persons", _SHOW_ID),
        Answer("unknown", "还不清楚，核对证件", "Not clear yet: see the document", _SHOW_ID),
    ),
    "C13": (
        Answer("same", "是同一个人（单位），关联起来", "The same person: link them", effect="link"),
        Answer("other", "不是同一个人", "Not the same person"),
    ),
    "C16": (
        Answer("kinder", "按对申请人有利的算", "As is better for the applicant"),
        Answer("checked", "核过了，时间没有错", "Checked: the time is right"),
    ),
    "C21": (
        Answer("recalled", "第二份已收回", "The second paper has come back"),
        Answer("one", "其实只给了一份", "There was one only"),
    ),
    "C22": (
        Answer("confirmed", "本人认可，送达有效", "The principal agrees"),
        Answer(
            "reissue",
            "本人不认可，重新出件",
            "The principal does not: issue anew",
            "结果已作废重出，出来后通知您本人领取。",
        ),
    ),
    "C26": (
        Answer(
            "stand", "批了的算数，其余另办", "Approved parts stand", "您的一件事分项结果站里可查。"
        ),
        Answer(
            "wait", "相互有关的先等一等", "Dependent parts wait", "有一项要等另一项，站里可查。"
        ),
    ),
    "C27": (
        Answer("confirm", "补认，时间另计", "Confirmed: its time is left out"),
        Answer("idle", "不认，时间照算", "Not confirmed: the clock runs on"),
    ),
    "C31": (
        Answer("paper", "有纸质材料，接着办", "The paper is there: go on"),
        Answer("again", "纸质的也没有，让站里再拍", "Photograph it again"),
    ),
    "C33": (
        Answer("checked", "已提前核查，没有问题", "Checked early: in order"),
        Answer("rectify", "要整改，另行通知", "To be rectified; ordered separately"),
    ),
    "C36": (
        Answer("end", "终止办理", "End the case", effect="end"),
        Answer("heirs", "转为家属申请", "Turn it into the family's matter"),
        Answer("go_on", "消息有误，接着办", "The news was wrong: go on"),
    ),
    "C38": (
        Answer("as_shown", "按收件时的清单办", "The list on the receipt holds"),
        Answer(
            "as_new", "按有效的清单补差的", "Ask for the difference", "还差的材料站里会列给您。"
        ),
    ),
    "C39": (
        Answer("appendix", "补进档案", "An appendix to the dossier", "您后交的材料已补入档案。"),
        Answer(
            "anew",
            "要重新申请",
            "A new application",
            "原来那件已办结，这次的要重新申请，材料可以再用。",
        ),
    ),
}
"""Rule → what a person may answer."""


def answer(rule: str, key: str) -> Answer | None:
    """Answer the answer with this key."""
    return next((one for one in ANSWERS.get(rule, ()) if one.key == key), None)
