"""Forms of what a counter does: papers, bags, contact, agents, notices, delivery."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from casework import masking, paper_trail
from casework.catalogue import FormField as Question
from casework.fact_shapes import FORMS
from casework.facts import Undisclosed
from casework.intake_reading import PICKUPS
from casework.values import read_int
from node.web import speech
from node.web.form_parts import (
    Kind,
    Posted,
    Subject,
    has_agent,
    number,
    options,
    plain,
    ticked,
)
from ui import words
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import FieldKind, FormField, Option

_LINES: Final = "lines"

# -- papers ------------------------------------------------------------------------------------


def _ask_material(subject: Subject) -> Sequence[FormField]:
    materials = subject.item.materials if subject.item else ()
    lacking = [m for m in materials if m.no in subject.case.missing]
    rest = [m for m in materials if m.no not in subject.case.missing]
    papers = tuple(Option(str(m.no), speech.material_name(m)) for m in (*lacking, *rest))
    first = papers[0].value if lacking else ""
    yes = _("看过原件,和复印件一样")
    return (
        FormField("no", _("哪一份"), FieldKind.SELECT, first, options=papers),
        FormField("form", _("收到的是"), FieldKind.RADIOS, options=options(FORMS[:3], "form")),
        FormField("copies", _("几份"), FieldKind.NUMBER, "1", width=4),
        FormField("original_seen", yes, FieldKind.CHECKBOX, required=False),
        FormField("photo", _("拍照"), FieldKind.FILE, required=False),
    )


def _read_material(posted: Posted) -> dict[str, Any]:
    given = plain({name: posted.get(name, "") for name in ("no", "form", "copies")})
    counted = {name: number(given[name]) for name in ("no", "copies") if name in given}
    return given | counted | {"original_seen": ticked(posted, "original_seen")}


def _counts(subject: Subject, *, filled: bool) -> Sequence[FormField]:
    """Originals and copies of every paper in hand; to be counted anew where a bag arrives."""
    fields: list[FormField] = []
    for no in sorted(subject.case.in_hand):
        material = subject.item.material(no) if subject.item else None
        name = speech.material_name(material) if material else str(no)
        line = subject.case.map(f"material.{no}")
        copies = str(read_int(line.get("copies")) or 0)
        first = copies if line.get("form") == "original" else "0"
        second = copies if line.get("form") == "copy" else "0"
        if line.get("form") not in paper_trail.PAPER_FORMS:
            continue
        for kind, label, count in (
            ("originals", _("%(paper)s:原件几份", paper=name), first),
            ("copies", _("%(paper)s:复印件几份", paper=name), second),
        ):
            at = f"{_LINES}.{no}.{kind}"
            value = count if filled else ""
            fields.append(FormField(at, label, FieldKind.NUMBER, value, width=4))
    return fields


def read_lines(posted: Posted) -> list[dict[str, Any]]:
    """The counted papers, in the order of their numbers."""
    rows: dict[int, dict[str, Any]] = {}
    for name, text in posted.items():
        family, _dot, rest = name.partition(".")
        no, _dot, kind = rest.partition(".")
        if family == _LINES and no.isdigit():
            row = rows.setdefault(int(no), {"no": int(no)})
            row |= {kind: number(text.strip())} if text.strip() else {}
    return [rows[no] for no in sorted(rows)]


def _ask_hand_over(subject: Subject) -> Sequence[FormField]:
    above = subject.place.parent
    places = (Option(above, subject.known.place(above)),) if above else ()
    bag = _("袋号")
    return (
        FormField("to", _("交给哪里"), FieldKind.SELECT, above, options=places),
        FormField("bag", bag, hint=_("写在袋子上的号,没有就自己编一个。"), width=15),
        *_counts(subject, filled=True),
    )


def _ask_receive(subject: Subject) -> Sequence[FormField]:
    bags = tuple(Option(bag, bag) for bag in bags_under_way(subject))
    first = bags[0].value if len(bags) == 1 else ""
    return (
        FormField("bag", _("袋号"), FieldKind.SELECT, first, options=bags),
        *_counts(subject, filled=False),
        FormField("remark", _("数得不一样,怎么回事"), FieldKind.TEXTAREA, required=False),
    )


def bags_under_way(subject: Subject) -> tuple[str, ...]:
    """Bags that were handed over to this place and that nobody has counted in yet."""
    return paper_trail.under_way(subject.case, subject.place.code)


def _read_bag(posted: Posted) -> dict[str, Any]:
    named = ("to", "bag", "remark")
    given = plain({name: posted.get(name, "") for name in named if name in posted})
    return given | {_LINES: read_lines(posted)}


# -- contact, application, agents, words -----------------------------------------------------------


def _ask_contact(_subject: Subject) -> Sequence[FormField]:
    said_by = (Option("applicant", _("本人说的")), Option("helper", _("我听说的")))
    pickups = options(PICKUPS, "pickup")
    return (
        FormField("phone", _("新电话"), hint=_("不改就空着。"), required=False, width=15),
        FormField("address", _("新地址"), required=False),
        FormField("pickup", _("结果怎么拿"), FieldKind.SELECT, options=pickups, required=False),
        FormField("said_by", _("谁说的"), FieldKind.RADIOS, "applicant", options=said_by),
    )


_PERSON: Final = ("name", "id_no")


def _ask_application(subject: Subject) -> Sequence[FormField]:
    told = (("applicant.name", _("姓名"), "name"), ("applicant.id_no", _("证件号码"), "id_no"))
    questions = subject.item.form if subject.item else ()
    return (
        *(
            FormField(n, label, hint=_stands(subject, f), required=False, width=20)
            for n, label, f in told
        ),
        *(_ask_answer(question, subject) for question in questions),
        FormField("reason", _("为什么改"), hint=_("旧的还留着,看得到是谁改的。")),
    )


def _ask_answer(question: Question, subject: Subject) -> FormField:
    """A question of the item by its kind: what is not answered again stays."""
    name = f"form.{question.name}"
    hint = _stands(subject, name)
    if question.kind == "truth":
        choices = (Option("yes", _("是")), Option("no", _("不是")), Option("", _("不改")))
        label = speech.question(question)
        return FormField(name, label, FieldKind.RADIOS, hint=hint, options=choices, required=False)
    kind = FieldKind.NUMBER if question.kind == "integer" else FieldKind.TEXT
    return FormField(name, speech.question(question), kind, hint=hint, required=False)


def _stands(subject: Subject, field: str) -> str:
    """What stands now, masked as everywhere."""
    value = subject.case.values.get(field)
    if isinstance(value, bool):
        return _("现在是:%(value)s。不改就空着。", value=_("是") if value else _("不是"))
    text = (
        "" if value is None or isinstance(value, Undisclosed) else masking.masked(field, str(value))
    )
    return _("现在是:%(value)s。不改就空着。", value=text or _("没有填"))


def _read_application(posted: Posted) -> dict[str, Any]:
    given = plain(posted)
    told: dict[str, Any] = {"reason": given["reason"]} if "reason" in given else {}
    for name, text in given.items():
        family, dot, field = name.partition(".")
        if dot and family in {"applicant", "form"}:
            told.setdefault(family, {})[field] = text
    return told


def _ask_entrust(_subject: Subject) -> Sequence[FormField]:
    letter = _("委托书签好了,收在这里")
    return (
        FormField("agent.name", _("代办人姓名"), width=20),
        FormField("agent.id_no", _("代办人身份证号"), width=20),
        FormField("agent.phone", _("代办人电话"), width=15, required=False),
        FormField(
            "agent.relation",
            _("和申请人的关系"),
            FieldKind.SELECT,
            options=options(words.codes("relation"), "relation"),
        ),
        FormField("agent.entrustment", letter, FieldKind.CHECKBOX, required=False),
    )


def _read_entrust(posted: Posted) -> dict[str, Any]:
    names = ("name", "id_no", "phone", "relation")
    agent: dict[str, Any] = plain({name: posted.get(f"agent.{name}", "") for name in names})
    return {"agent": agent | {"entrustment": ticked(posted, "agent.entrustment")}}


def _ask_reason(_subject: Subject) -> Sequence[FormField]:
    return (FormField("reason", _("原因"), FieldKind.TEXTAREA, required=False),)


def _ask_note(subject: Subject) -> Sequence[FormField]:
    """A word; while the county compares two records, also whose is right (screens §2.6)."""
    checks = tuple(Option(id_, _("县里正在核对的")) for id_ in sorted(subject.case.checks))
    about = (
        *checks,
        Option("word", _("一般的话")),
        Option("not_accept", _("建议不予受理"), _("受不受理由乡镇和部门定")),
        # Two words of C36: whoever hears of it at the door says so, and nobody need come again.
        Option("applicant_died", _("申请人不在了"), _("乡镇会打电话给家里人,不用他们再跑")),
        Option("applicant_moved", _("申请人户口迁走了"), _("县里看在哪里接着办")),
    )
    first = checks[0].value if checks else "word"
    fields = [FormField("about", _("关于什么"), FieldKind.RADIOS, first, options=about)]
    if checks:
        known = (("mine", _("我写的对")), ("theirs", _("另一份对")), ("neither", _("两份都不对")))
        stances = tuple(Option(*pair) for pair in known)
        hint = _("只是给县里看的,不写也行。")
        fields.append(
            FormField(
                "stance",
                _("您看哪个对"),
                FieldKind.RADIOS,
                options=stances,
                hint=hint,
                required=False,
            )
        )
    return (*fields, FormField("text", _("说明"), FieldKind.TEXTAREA))


def _ask_external(subject: Subject) -> Sequence[FormField]:
    system = subject.item.external_system if subject.item else ""
    return (
        FormField("system", _("哪个系统"), value=system, width=30),
        FormField("number", _("那边的编号"), width=30),
    )


KINDS: Final[Mapping[str, Kind]] = {
    "add_material": Kind(
        title=marked("补交材料"),
        button=marked("收下这份材料"),
        hint=marked("纸收到了就记,照片可以晚点拍。"),
        ask=_ask_material,
        read=_read_material,
        uploads=True,
    ),
    "correct_contact": Kind(title=marked("改联系方式"), button=marked("改好了"), ask=_ask_contact),
    "receive_handover": Kind(
        title=marked("收到交来的材料"),
        button=marked("数过了,收下"),
        hint=marked("打开袋子一份一份数,数到几就写几。"),
        ask=_ask_receive,
        read=_read_bag,
        when=lambda subject: bool(bags_under_way(subject)),
    ),
    "hand_over": Kind(
        title=marked("把纸材料交出去"),
        button=marked("交出"),
        ask=_ask_hand_over,
        read=_read_bag,
        when=lambda subject: bool(subject.place.parent and subject.case.in_hand),
    ),
    "correct_application": Kind(
        title=marked("更正填错的"),
        button=marked("改好了"),
        hint=marked("姓名、号码、账户填错了在这里改,改完重新打印回执。"),
        ask=_ask_application,
        read=_read_application,
    ),
    "entrust": Kind(
        title=marked("登记委托"),
        button=marked("登记"),
        hint=marked("申请人要别人代办,先签委托书。"),
        ask=_ask_entrust,
        read=_read_entrust,
    ),
    "revoke_entrustment": Kind(
        title=marked("撤销委托"),
        button=marked("撤销"),
        hint=marked("撤销以后,结果不能再交给代办人。"),
        ask=_ask_reason,
        when=lambda subject: has_agent(subject.case),
    ),
    "note_external": Kind(
        title=marked("记别的系统的编号"), button=marked("记下来"), ask=_ask_external
    ),
    "note": Kind(title=marked("记一句话"), button=marked("记下来"), ask=_ask_note),
    "withdraw": Kind(
        title=marked("撤回申请"),
        button=marked("撤回"),
        ask=_ask_reason,
        hint=marked("申请人自己要撤回才用。撤回以后要另外重新办。"),
    ),
}
"""Verb → form, the likeliest first."""
