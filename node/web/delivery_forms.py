"""Forms of the way of a result: signed for, told, delivered, passed on."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from casework import delivery_acts, paper_trail
from casework.errors import FieldProblem
from casework.places import PlaceKind, township_of
from casework.wording import problem
from node.web.form_parts import (
    Kind,
    Posted,
    Subject,
    has_agent,
    options,
    plain,
    read_results,
    results_of,
)
from ui import words
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import FieldKind, FormField, Option


def _ask_notify(subject: Subject) -> Sequence[FormField]:
    about = options(words.codes("notice"), "notice")
    first = "result" if subject.case.values.get("issued") is not None else ""
    reached = (Option("yes", _("找到本人了")), Option("no", _("没找到")))
    return (
        FormField("about", _("告诉什么"), FieldKind.RADIOS, first, options=about),
        FormField(
            "channel",
            _("怎么告诉的"),
            FieldKind.RADIOS,
            "phone",
            options=options(words.codes("notice_by"), "notice_by"),
        ),
        FormField("reached", _("找到人没有"), FieldKind.RADIOS, options=reached),
    )


def _read_notify(posted: Posted) -> dict[str, Any]:
    given = plain({name: posted.get(name, "") for name in ("about", "channel")})
    said = {"yes": True, "no": False}.get(posted.get("reached", ""))
    return given | ({} if said is None else {"reached": said})


def _ask_results(subject: Subject, *, filled: bool) -> Sequence[FormField]:
    fields: list[FormField] = []
    for at, (name, serial) in enumerate(results_of(subject.case)):
        fields.append(FormField(f"results.{at}.name", name, FieldKind.HIDDEN, name))
        label = _("%(result)s的证号", result=name)
        value, kind = (serial, FieldKind.HIDDEN) if filled else ("", FieldKind.TEXT)
        hint = "" if filled else _("照着结果上印的写。")
        fields.append(FormField(f"results.{at}.serial", label, kind, value, hint=hint, width=20))
    return fields


def _ask_receive_result(subject: Subject) -> Sequence[FormField]:
    return _ask_results(subject, filled=False)


def _read_receive_result(posted: Posted) -> dict[str, Any]:
    return {"results": read_results(posted)}


def _ask_pass_on(subject: Subject) -> Sequence[FormField]:
    station = subject.case.text("station")
    codes = (station, township_of(station) if station else "", subject.place.parent)
    there = dict.fromkeys(code for code in codes if code and code != subject.place.code)
    places = tuple(Option(code, subject.known.place(code)) for code in there)
    first = places[0].value if places else ""
    return (
        FormField("to", _("转交到哪里"), FieldKind.SELECT, first, options=places),
        FormField("bag", _("袋号"), hint=_("写在袋子上的号,没有就自己编一个。"), width=15),
        *_ask_results(subject, filled=True),
    )


def _read_pass_on(posted: Posted) -> dict[str, Any]:
    given = plain({name: posted.get(name, "") for name in ("to", "bag")})
    return given | {"results": read_results(posted)}


def _lies_here(subject: Subject) -> bool:
    way = paper_trail.result(subject.case)
    return way is not None and way.arrived and way.place == subject.place.code


def _comes_here(subject: Subject) -> bool:
    way = paper_trail.result(subject.case)
    return way is not None and not way.arrived and way.place == subject.place.code


def _may_visit(subject: Subject) -> bool:
    return delivery_acts.visits(subject.case) < delivery_acts.MOST_VISITS


def _ask_visit(subject: Subject) -> Sequence[FormField]:
    left = delivery_acts.MOST_VISITS - delivery_acts.visits(subject.case)
    hint = _("再去%(n)s次还送不到,就退回乡镇。", n=left)
    return (FormField("reason", _("为什么没送到"), FieldKind.TEXTAREA, hint=hint),)


def _ask_deliver(subject: Subject) -> Sequence[FormField]:
    agent = Option("agent", _("别人代领"), _("看委托书和他的身份证"))
    who = (
        Option("applicant", _("本人来拿,或者上门送到")),
        *((agent,) if has_agent(subject.case) else ()),
        Option("mail", _("邮寄")),
    )
    last = subject.case.text("id_no")[-4:]
    known = _("证件后四位 %(last)s,再看看人对不对。", last=last) if last else ""
    identity = (
        Option("id_card", _("看了身份证和人")),
        Option("known", _("没带证,本人认识")),
        Option("entrustment", _("看了委托书和代领人的证")),
    )
    photo = FormField("photo", _("拍邮寄凭证"), FieldKind.FILE, required=False)
    hint = _("写“本人签字”或“按手印”;邮寄写凭证贴在交接单上。")
    return (
        FormField("to", _("交给谁"), FieldKind.RADIOS, options=who),
        FormField(
            "identity",
            _("怎么核对的"),
            FieldKind.RADIOS,
            hint=known,
            options=identity,
            required=False,
        ),
        FormField("proof", _("凭证"), hint=hint, width=30),
        FormField("carrier", _("邮寄:哪家公司"), required=False, width=20),
        FormField("tracking_no", _("邮寄:单号"), required=False, width=20),
        *((photo,) if subject.place.kind is not PlaceKind.COUNTY else ()),
    )


def _demand_delivery(posted: Posted) -> Sequence[FieldProblem]:
    """Who it is has been looked at; of a letter, who carries it under which number."""
    to = posted.get("to", "")
    asked = {
        "applicant": (("identity", "identity", "", ""),),
        "agent": (("identity", "letter", "", ""),),
        "mail": (
            ("carrier", "missing", "邮寄公司", "Carrier"),
            ("tracking_no", "missing", "邮寄单号", "Tracking number"),
        ),
    }.get(to, ())
    return [
        problem(f"/{name}", code, zh=zh, en=en)
        for name, code, zh, en in asked
        if not posted.get(name, "").strip()
    ]


KINDS: Final[Mapping[str, Kind]] = {
    "receive_result": Kind(
        title=marked("签收办理结果"),
        button=marked("对过了,签收"),
        hint=marked("拿着结果对证号,一样再签收。"),
        ask=_ask_receive_result,
        read=_read_receive_result,
        when=_comes_here,
    ),
    "notify": Kind(
        title=marked("告诉申请人"), button=marked("记下来"), ask=_ask_notify, read=_read_notify
    ),
    "deliver": Kind(
        title=marked("把结果交给本人"),
        button=marked("已经交到手"),
        ask=_ask_deliver,
        demand=_demand_delivery,
        uploads=True,
    ),
    "visit_failed": Kind(
        title=marked("没送到"), button=marked("记下来"), ask=_ask_visit, when=_may_visit
    ),
    "pass_on_result": Kind(
        title=marked("把结果转交出去"),
        button=marked("转交"),
        ask=_ask_pass_on,
        read=_read_pass_on,
        when=_lies_here,
    ),
}
"""Verb → form, in the course of a result."""
