"""Forms of an office: acceptance, correction, review, special steps, decision, the end."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from casework import paper_trail
from casework.case import Flag
from casework.fact_shapes import FieldSpec
from casework.facts import VERBS
from casework.places import township_of
from casework.values import read_text
from node.web import speech
from node.web.form_parts import Kind, Posted, Subject, number, options, plain, read_results, ticked
from ui import words
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import FieldKind, FormField, Option

MOST_RESULTS: Final = 3


def _ask_accept(subject: Subject) -> Sequence[FormField]:
    if not subject.case.missing:
        return ()
    names = [
        speech.material_name(m)
        for m in (subject.item.materials if subject.item else ())
        if m.no in subject.case.missing
    ]
    hint = _("还缺:%(papers)s", papers="、".join(names))
    label = _("申请人签了承诺书,缺的按时补来")
    return (FormField("deficiency", label, FieldKind.CHECKBOX, hint=hint, required=False),)


def _read_accept(posted: Posted) -> dict[str, Any]:
    return {"deficiency": True} if ticked(posted, "deficiency") else {}


def _ask_correction(subject: Subject) -> Sequence[FormField]:
    """Two questions a paper; what is left empty is no point of the notice."""
    fields: list[FormField] = []
    lacking = {*subject.case.missing, *paper_trail.rejected(subject.case)}
    papers = subject.item.materials if subject.item else ()
    for material in sorted(papers, key=lambda m: (m.no not in lacking, m.no)):
        name = speech.material_name(material)
        first = _("没有交来") if material.no in subject.case.missing else ""
        fields += [
            FormField(
                f"points.{material.no}.defect",
                _("%(paper)s:哪里不对", paper=name),
                value=first,
                required=material.no in lacking,
            ),
            FormField(
                f"points.{material.no}.cure",
                _("%(paper)s:怎么补", paper=name),
                required=material.no in lacking,
            ),
        ]
    return fields


def _read_correction(posted: Posted) -> dict[str, Any]:
    points: dict[int, dict[str, Any]] = {}
    for name, text in posted.items():
        family, _dot, rest = name.partition(".")
        no, _dot, part = rest.partition(".")
        if family == "points" and no.isdigit() and text.strip():
            points.setdefault(int(no), {"no": int(no)})[part] = text.strip()
    return {"points": [points[no] for no in sorted(points)]}


def _ask_not_accept(_subject: Subject) -> Sequence[FormField]:
    return (
        FormField("reasons", _("理由"), FieldKind.TEXTAREA, hint=_("写清事实,一条一行。")),
        FormField("clause", _("依据"), hint=_("哪个文件第几条。")),
        FormField("proper_body", _("该到哪里办"), required=False),
        FormField("document_no", _("文号"), required=False, width=20),
    )


def _ask_check(subject: Subject) -> Sequence[FormField]:
    found = (Option("ok", _("可以")), Option("rejected", _("不行")))
    unseen = paper_trail.unchecked(subject.case)
    return (
        FormField(
            "no",
            _("哪一份"),
            FieldKind.SELECT,
            str(unseen[0]) if unseen else "",
            options=_in_hand(subject),
        ),
        FormField("result", _("和纸质材料对过"), FieldKind.RADIOS, options=found),
        FormField("reason", _("不行的原因"), required=False),
    )


def _in_hand(subject: Subject) -> tuple[Option, ...]:
    papers = subject.item.materials if subject.item else ()
    return tuple(
        Option(str(m.no), speech.material_name(m)) for m in papers if m.no in subject.case.in_hand
    )


def _read_check(posted: Posted) -> dict[str, Any]:
    given = plain({name: posted.get(name, "") for name in ("no", "result", "reason")})
    return given | ({"no": number(given["no"])} if "no" in given else {})


def _ask_review(_subject: Subject) -> Sequence[FormField]:
    agrees = (Option("yes", _("同意")), Option("no", _("不同意")))
    return (
        FormField("agrees", _("同意办吗"), FieldKind.RADIOS, options=agrees),
        FormField("opinion", _("审核意见"), FieldKind.TEXTAREA),
    )


def _read_review(posted: Posted) -> dict[str, Any]:
    said = {"yes": True, "no": False}.get(posted.get("agrees", ""))
    given = plain({"opinion": posted.get("opinion", "")})
    return given | ({} if said is None else {"agrees": said})


def _ask_start(subject: Subject) -> Sequence[FormField]:
    steps = subject.item.special_steps if subject.item else ()
    kinds = tuple(Option(step.kind, step.name, step.basis) for step in steps)
    only = steps[0] if len(steps) == 1 else None
    told = _("已经告诉申请人有这个环节、要几天")
    return (
        FormField(
            "kind", _("哪一个环节"), FieldKind.RADIOS, only.kind if only else "", options=kinds
        ),
        FormField("basis", _("依据"), value=only.basis if only else ""),
        FormField(
            "days",
            _("要几个工作日"),
            FieldKind.NUMBER,
            str(only.days) if only and only.days else "",
            width=4,
        ),
        FormField("told", told, FieldKind.CHECKBOX),
    )


def _read_start(posted: Posted) -> dict[str, Any]:
    given = plain({name: posted.get(name, "") for name in ("kind", "basis", "days")})
    days = {"days": number(given["days"])} if "days" in given else {}
    return given | days | {"told": ticked(posted, "told")}


def _ask_end(subject: Subject) -> Sequence[FormField]:
    names = {s.kind: s.name for s in (subject.item.special_steps if subject.item else ())}
    runs = [(n[8:], subject.case.map(n)) for n in subject.case.values if n.startswith("special.")]
    going = [(key, read_text(run.get("kind")) or "") for key, run in runs if "ended_at" not in run]
    steps = tuple(Option(key, names.get(k) or words.word(k, "step")) for key, k in going)
    first = steps[0].value if len(steps) == 1 else ""
    return (
        FormField("id", _("哪一个环节"), FieldKind.SELECT, first, options=steps),
        FormField("result", _("结果"), FieldKind.TEXTAREA),
    )


def _ask_extend(_subject: Subject) -> Sequence[FormField]:
    return (
        FormField("days", _("延长几个工作日"), FieldKind.NUMBER, width=4),
        FormField("approved_by", _("谁批准"), width=20),
        FormField("reason", _("原因"), FieldKind.TEXTAREA),
    )


def _read_extend(posted: Posted) -> dict[str, Any]:
    given = plain(posted)
    return given | ({"days": number(given["days"])} if "days" in given else {})


def _ask_decide(_subject: Subject) -> Sequence[FormField]:
    outcomes = (Option("yes", _("准予")), Option("no", _("不予"), _("理由、依据、救济途径都要写")))
    remedies = _("自收到之日起60日内可以申请行政复议,6个月内可以提起行政诉讼。")
    why = _("不予要写清事实和依据。")
    return (
        FormField("outcome", _("结果"), FieldKind.RADIOS, options=outcomes),
        FormField("reasons", _("理由"), FieldKind.TEXTAREA, hint=why, required=False),
        FormField("clause", _("依据"), hint=_("哪个文件第几条。"), required=False),
        FormField("remedies", _("救济途径"), FieldKind.TEXTAREA, hint=remedies, required=False),
        FormField("document_no", _("文号"), required=False, width=20),
    )


def _ask_issue(subject: Subject) -> Sequence[FormField]:
    station = subject.case.text("station")
    above = township_of(station) if station else ""
    codes = dict.fromkeys(filter(None, (station, above, subject.place.code, subject.place.parent)))
    places = tuple(Option(code, subject.known.place(code)) for code in codes)
    named = subject.item.guide.result_name if subject.item else ""
    rows = [
        FormField("results.0.name", _("结果是什么"), value=named, hint=_("比如:优待证。")),
        FormField("results.0.serial", _("证号"), width=20),
    ]
    for at in range(1, MOST_RESULTS):
        more = _("第%(n)s样结果", n=at + 1)
        rows += [
            FormField(f"results.{at}.name", more, required=False),
            FormField(f"results.{at}.serial", _("它的证号"), required=False, width=20),
        ]
    return (
        FormField("to", _("送到哪里"), FieldKind.SELECT, places[0].value, options=places),
        *rows,
        FormField(
            "conditions",
            _("发证时要核验、收取什么"),
            FieldKind.TEXTAREA,
            required=False,
            hint=_("写清楚,发证窗口照着做。没有就不写。"),
        ),
    )


def _read_issue(posted: Posted) -> dict[str, Any]:
    told = {name: posted.get(name, "") for name in ("to", "conditions")}
    return plain(told) | {"results": read_results(posted) or [{}]}


def _ask_reasons(_subject: Subject) -> Sequence[FormField]:
    return (FormField("reasons", _("理由"), FieldKind.TEXTAREA, hint=_("写清事实和依据。")),)


def _ask_evidence(_subject: Subject) -> Sequence[FormField]:
    return (FormField("evidence", _("凭什么说改好了"), FieldKind.TEXTAREA),)


def _ask_revoke(_subject: Subject) -> Sequence[FormField]:
    return (
        FormField("reasons", _("理由"), FieldKind.TEXTAREA, hint=_("写清事实和依据。")),
        FormField("clause", _("依据"), hint=_("哪个文件第几条。")),
        FormField("document_no", _("文号"), required=False, width=20),
    )


def _ask_terminate(_subject: Subject) -> Sequence[FormField]:
    kind: FieldSpec = next(f for f in VERBS["terminate"].fields if f.name == "kind")
    kinds = options(kind.choices, "termination")
    return (
        FormField("kind", _("为什么终止"), FieldKind.RADIOS, options=kinds),
        FormField("reason", _("原因"), FieldKind.TEXTAREA),
        FormField("referral", _("转到哪里"), hint=_("办错地方的要写。"), required=False),
    )


def _has_steps(subject: Subject) -> bool:
    return bool(subject.item and subject.item.special_steps)


KINDS: Final[Mapping[str, Kind]] = {
    "accept": Kind(
        title=marked("受理"),
        button=marked("受理这一件"),
        ask=_ask_accept,
        read=_read_accept,
        hint=marked("按下就算受理,时限从今天算。"),
    ),
    "decide": Kind(title=marked("作出决定"), button=marked("就这样决定"), ask=_ask_decide),
    "issue": Kind(title=marked("出件"), button=marked("出件"), ask=_ask_issue, read=_read_issue),
    "sign_in": Kind(
        title=marked("签收,开始审查"),
        button=marked("签收"),
        hint=marked("材料都对过才能签收。签收以后由您这里审查。"),
    ),
    "check_material": Kind(
        title=marked("核对一份材料"),
        button=marked("对过了"),
        hint=marked("照片和纸质材料放在一起看。"),
        ask=_ask_check,
        read=_read_check,
        when=lambda subject: bool(_in_hand(subject)),
    ),
    "review": Kind(
        title=marked("审核"), button=marked("写好意见"), ask=_ask_review, read=_read_review
    ),
    "start_special": Kind(
        title=marked("启动特殊环节"),
        button=marked("启动"),
        hint=marked("先告诉申请人,再启动。承诺的时限停下来等。"),
        ask=_ask_start,
        read=_read_start,
        when=_has_steps,
    ),
    "end_special": Kind(title=marked("结束特殊环节"), button=marked("结束"), ask=_ask_end),
    "archive": Kind(
        title=marked("归档"), button=marked("归档"), hint=marked("送到了、材料齐了再归档。")
    ),
    "request_correction": Kind(
        title=marked("要求补正"),
        button=marked("一次告知"),
        hint=marked("只能告知一次,要一次说全。不用补的空着。"),
        ask=_ask_correction,
        read=_read_correction,
    ),
    "not_accept": Kind(
        title=marked("不予受理"),
        button=marked("作不予受理决定"),
        hint=marked("会打印决定书,写明理由、依据和到哪里办。"),
        ask=_ask_not_accept,
    ),
    "extend_limit": Kind(
        title=marked("延长法定时限"),
        button=marked("延长"),
        hint=marked("只能延长一次,要有人批准,还要告诉申请人。"),
        ask=_ask_extend,
        read=_read_extend,
    ),
    "order_rectify": Kind(
        title=marked("责令限期整改"),
        button=marked("发整改通知"),
        hint=marked("承诺的没做到才用。"),
        ask=_ask_reasons,
        when=lambda subject: Flag.PROMISE in subject.case.flags,
    ),
    "confirm_rectified": Kind(
        title=marked("整改好了"), button=marked("确认改好"), ask=_ask_evidence
    ),
    "revoke": Kind(
        title=marked("撤销决定"),
        button=marked("撤销"),
        hint=marked("整改期满还没改好才能撤销。"),
        ask=_ask_revoke,
    ),
    "confirm_deemed": Kind(
        title=marked("确认视为撤回"),
        button=marked("确认"),
        hint=marked("各站都没有收到补来的材料再确认。材料退还,发书面通知。"),
    ),
    "terminate": Kind(
        title=marked("终止办理"),
        button=marked("终止"),
        hint=marked("没有决定就结束。要写明原因,告诉申请人。"),
        ask=_ask_terminate,
    ),
}
"""Verb → form, the likeliest first."""
