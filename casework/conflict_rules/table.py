"""The rules C1–C39 in one table: what each is about, who settles it, and which function finds it.

Not here: C14, C15, C17, C18, C28, C29 and C37 (trust in devices and staff), C23, C24, C25 and C34
(evaluation, appointments, consultation), which come with those parts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.conflict_rules import (
    bundles,
    catalogue,
    clock,
    closed,
    credit,
    delivery,
    fields,
    filings,
    lapse,
    notices,
    papers,
    persons,
    places,
    withdrawal,
)
from casework.conflict_rules.findings import Finding
from casework.conflict_rules.matter import Matter

OfCase = Callable[[Matter], Iterator[Finding]]
OfGroup = Callable[[Sequence[Matter], str], Iterator[tuple[str, Finding]]]


class Method(StrEnum):
    """Who settles it: the rule, a person, or the rule unless its test fails."""

    AUTOMATIC = "A"
    PERSON = "H"
    EITHER = "A→H"


class Group(StrEnum):
    """What cases of a rule that spans several have in common."""

    MATTER = "matter"
    ONLINE = "online"
    PERSON = "person"
    LIKENESS = "likeness"
    BUNDLE = "bundle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        find: of a rule about one case; None where it spans cases.
        find_all: of a rule that spans cases.
        group: what those cases have in common.
        grounds: fields (or beginnings) on which the outcome hangs: where one of them is known to
            be missing, the rule waits.
        told: what the citizen is told; empty: nothing by itself.
        soft: many of them may be answered at once.
    """

    method: Method
    zh: str
    en: str
    find: OfCase | None = None
    find_all: OfGroup | None = None
    group: Group | None = None
    grounds: tuple[str, ...] = ()
    told: str = ""
    soft: bool = False


_A, _H, _AH = Method.AUTOMATIC, Method.PERSON, Method.EITHER
_LIST: Final = "目录已更新，您仅需补充《××》。/《××》不用再补了。"

RULES: Final[Mapping[str, Rule]] = {
    "C1": Rule(
        method=_AH,
        zh="同一件事收了两次",
        en="One matter filed twice",
        group=Group.MATTER,
        told=filings.TOLD["C1"],
    ),
    "C2": Rule(
        method=_A,
        zh="村里收过，又到乡镇报了一次",
        en="Filed at the village and again at the township",
        group=Group.MATTER,
        told=filings.TOLD["C2"],
    ),
    "C3": Rule(
        method=_A,
        zh="材料退了，又补了",
        en="A paper rejected and another added",
        find=papers.rejected,
        grounds=("material",),
        told="《××》要重新交一份，其他材料不用动。",
    ),
    "C4": Rule(
        method=_AH,
        zh="两份补正通知不一样",
        en="Two notices with different points",
        find=notices.two_notices,
        grounds=("correction.",),
        told=notices.FIRST,
    ),
    "C5": Rule(
        method=_AH,
        zh="撤回和决定撞在一起",
        en="Withdrawn and decided",
        find=withdrawal.withdrawn_or_decided,
        grounds=("withdrawn", "decided", "issued"),
        told=f"{withdrawal.WITHDRAWN}/{withdrawal.DECIDED}",
    ),
    "C6": Rule(
        method=_AH,
        zh="事项取消了",
        en="The item was cancelled",
        find=catalogue.cancelled,
        grounds=("accepted", "received", "item"),
        told="该事项×月×日起取消，村站没及时收到通知，材料退您；可改办××。",
    ),
    "C7": Rule(
        method=_A,
        zh="材料清单变了",
        en="The list of papers changed",
        find=catalogue.papers_changed,
        grounds=("accepted", "item", "material."),
        told=_LIST,
    ),
    "C8": Rule(
        method=_A,
        zh="承诺时限变了",
        en="The promised limit changed",
        find=catalogue.days_changed,
        grounds=("accepted", "item", "promise."),
        told="办结日期提前到×月×日。",
    ),
    "C9": Rule(
        method=_AH,
        zh="一份材料交接了两次",
        en="One paper handed over twice",
        find=papers.packed_twice,
        grounds=("handover",),
        soft=True,
    ),
    "C10": Rule(
        method=_H,
        zh="交接点数对不上",
        en="Counts differ",
        find=papers.miscounted,
        grounds=("handover",),
    ),
    "C11": Rule(
        method=_A,
        zh="一个人留了两个电话",
        en="One person, two phones",
        find_all=persons.new_contact,
        group=Group.PERSON,
        grounds=("phone", "notified."),
        told=persons.CHANGED,
    ),
    "C12": Rule(
        method=_H,
        zh="同一个证件号，姓名不一样",
        en="One number, two names",
        find_all=persons.other_name,
        group=Group.PERSON,
        grounds=("name", "id_no", "id_type"),
    ),
    "C13": Rule(
        method=_H,
        zh="像是同一个人，证件不一样",
        en="Perhaps one person under two documents",
        find_all=persons.other_document,
        group=Group.LIKENESS,
        grounds=("name", "id_no", "id_type", "address"),
        soft=True,
    ),
    "C16": Rule(
        method=_AH,
        zh="电脑的钟不准",
        en="The clock was wrong",
        find=clock.wrong_clock,
        grounds=("accepted",),
        told="受理日期按准确时间更正，办结日期是×月×日。",
        soft=True,
    ),
    "C19": Rule(
        method=_AH,
        zh="按期补交的材料来晚了",
        en="A paper handed in on time arrived late",
        find=lapse.late_paper,
        grounds=("material.", "commitment"),
        told=lapse.REVIVED,
    ),
    "C20": Rule(
        method=_H,
        zh="站点收了许可材料，一直没有答复",
        en="Papers of a licence item lay without a word",
        find=lapse.accepted_by_law,
        told="您的申请自×月×日起视为受理。",
    ),
    "C21": Rule(
        method=_AH,
        zh="结果给了两次",
        en="The result was given twice",
        find=delivery.given_twice,
        grounds=("delivered",),
        told=delivery.TWICE,
    ),
    "C22": Rule(
        method=_H,
        zh="撤销委托以后被代办人领走",
        en="Given to an agent after the entrustment was revoked",
        find=delivery.given_to_a_former_agent,
        grounds=("delivered", "entrustment_revoked"),
        told=delivery.TAKEN,
    ),
    "C26": Rule(
        method=_H,
        zh="一件事里有的批了有的没批",
        en="Parts of one matter with different outcomes",
        find_all=bundles.mixed,
        group=Group.BUNDLE,
        grounds=("decided", "issued", "not_accepted"),
    ),
    "C27": Rule(
        method=_AH,
        zh="特殊环节手续不全",
        en="A special step that suspends nothing",
        find=clock.idle_step,
        grounds=("special.",),
        soft=True,
    ),
    "C30": Rule(
        method=_A,
        zh="村并到别的村了",
        en="The village was merged",
        find=places.merged_village,
        grounds=("division",),
    ),
    "C31": Rule(
        method=_AH,
        zh="照片一直没传来",
        en="A photo did not come",
        find=papers.no_photo,
        soft=True,
    ),
    "C32": Rule(
        method=_A,
        zh="网上一件在两处收了",
        en="One online application at two counters",
        group=Group.ONLINE,
        told=filings.TOLD["C32"],
    ),
    "C33": Rule(
        method=_AH,
        zh="信用记录晚到",
        en="A credit record came late",
        find=credit.no_promise,
        grounds=("accepted", "material."),
        told=credit.TEXT,
    ),
    "C35": Rule(
        method=_AH,
        zh="两处写得不一样",
        en="Written apart",
        find=fields.written_apart,
        told=fields.CALL,
    ),
    "C36": Rule(
        method=_H,
        zh="申请人去世或者搬走了",
        en="The applicant died or moved",
        find=persons.gone,
        grounds=("note.",),
        told=persons.DIED,
    ),
    "C38": Rule(
        method=_A,
        zh="用了还没生效的版本",
        en="A version not in force yet",
        find=catalogue.not_in_force,
        grounds=("accepted", "item", "material."),
        told=_LIST,
    ),
    "C39": Rule(
        method=_H,
        zh="办结以后又来了新的",
        en="A word after the end",
        find=closed.late_word,
        grounds=("archived", "terminated"),
        soft=True,
    ),
}
"""Rule → what it is."""

OF_A_CASE: Final = tuple(
    (name, rule.find, rule.grounds)
    for name, rule in RULES.items()
    if rule.find is not None and name != "C35"
)
"""The rules that look at one case; C35 is asked by the hub together with what it waits for."""
OF_A_GROUP: Final = tuple(
    (name, rule.find_all, rule.group)
    for name, rule in RULES.items()
    if rule.find_all is not None and rule.group is not None
)
"""The rules that look at several cases at once."""


def find(matter: Matter) -> Iterator[tuple[str, Finding]]:
    """Answer what every rule finds in one case, with the rule's id."""
    for name, rule, _ in OF_A_CASE:
        found: list[Finding] = []
        for finding in rule(matter):
            if finding not in found:
                found.append(finding)
                yield name, finding
