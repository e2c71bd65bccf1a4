"""The acts that a case page offers: what each asks, and what was answered.

One row a verb; the rules decide which of them are offered (`casework.acts.possible`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.fact_shapes import FORMS
from casework.intake_reading import PICKUPS
from casework.places import Place, township_of
from casework.values import Value, read_int
from node.web import speech
from node.web.names import Names
from ui import words
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import ActForm, FieldError, FieldKind, FormField, Option

Posted = Mapping[str, str]
_LINES: Final = "lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The case that is acted on, and where."""

    case: CaseState
    item: CatalogueItem | None
    place: Place
    known: Names


def _plain(posted: Posted) -> dict[str, Any]:
    """The answers as texts; what was left empty is not said."""
    return {name: text.strip() for name, text in posted.items() if text.strip()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One act as a form: its words, its questions, and how the answers are read."""

    title: str
    button: str
    hint: str = ""
    ask: Callable[[Subject], Sequence[FormField]] = lambda _subject: ()
    read: Callable[[Posted], dict[str, Any]] = _plain
    uploads: bool = False


def _options(codes: Sequence[str], table: str) -> tuple[Option, ...]:
    return tuple(Option(code, words.word(code, table)) for code in codes)


def _number(text: str) -> Value:
    """A whole number, or the text as it was, so that the rules refuse it in words."""
    return int(text) if text.isascii() and text.isdigit() else text


# -- papers ------------------------------------------------------------------------------------


def _ask_material(subject: Subject) -> Sequence[FormField]:
    materials = subject.item.materials if subject.item else ()
    lacking = [m for m in materials if m.no in subject.case.missing]
    rest = [m for m in materials if m.no not in subject.case.missing]
    options = tuple(Option(str(m.no), speech.material_name(m)) for m in (*lacking, *rest))
    first = options[0].value if lacking else ""
    yes = _("看过原件,和复印件一样")
    return (
        FormField("no", _("哪一份"), FieldKind.SELECT, first, options=options),
        FormField("form", _("收到的是"), FieldKind.RADIOS, options=_options(FORMS[:3], "form")),
        FormField("copies", _("几份"), FieldKind.NUMBER, "1", width=4),
        FormField("original_seen", yes, FieldKind.CHECKBOX, required=False),
        FormField("photo", _("拍照"), FieldKind.FILE, required=False),
    )


def _read_material(posted: Posted) -> dict[str, Any]:
    given = _plain({name: posted.get(name, "") for name in ("no", "form", "copies")})
    counted = {name: _number(given[name]) for name in ("no", "copies") if name in given}
    return given | counted | {"original_seen": posted.get("original_seen") == "yes"}


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
        if line.get("form") not in {"original", "copy"}:
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
            row |= {kind: _number(text.strip())} if text.strip() else {}
    return [rows[no] for no in sorted(rows)]


def _ask_hand_over(subject: Subject) -> Sequence[FormField]:
    above = subject.place.parent
    options = (Option(above, subject.known.place(above)),) if above else ()
    bag = _("袋号")
    return (
        FormField("to", _("交给哪里"), FieldKind.SELECT, above, options=options),
        FormField("bag", bag, hint=_("写在袋子上的号,没有就自己编一个。"), width=15),
        *_counts(subject, filled=True),
    )


def _ask_receive(subject: Subject) -> Sequence[FormField]:
    options = tuple(Option(bag, bag) for bag in bags_under_way(subject.case))
    first = options[0].value if len(options) == 1 else ""
    return (
        FormField("bag", _("袋号"), FieldKind.SELECT, first, options=options),
        *_counts(subject, filled=False),
    )


def bags_under_way(case: CaseState) -> tuple[str, ...]:
    """Bags that were handed over and that nobody has counted in yet."""
    given = [f.partition(".")[2] for f in case.values if f.startswith("handover.")]
    return tuple(bag for bag in given if not case.map(f"handover_received.{bag}"))


def _read_bag(posted: Posted) -> dict[str, Any]:
    given = _plain({name: posted.get(name, "") for name in ("to", "bag") if name in posted})
    return given | {_LINES: read_lines(posted)}


# -- contact, withdrawal, acceptance, decision, delivery -----------------------------------------


def _ask_contact(_subject: Subject) -> Sequence[FormField]:
    said_by = (Option("applicant", _("本人说的")), Option("helper", _("我听说的")))
    pickups = _options(PICKUPS, "pickup")
    return (
        FormField("phone", _("新电话"), hint=_("不改就空着。"), required=False, width=15),
        FormField("address", _("新地址"), required=False),
        FormField("pickup", _("结果怎么拿"), FieldKind.SELECT, options=pickups, required=False),
        FormField("said_by", _("谁说的"), FieldKind.RADIOS, "applicant", options=said_by),
    )


def _ask_withdraw(_subject: Subject) -> Sequence[FormField]:
    return (FormField("reason", _("原因"), FieldKind.TEXTAREA, required=False),)


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
    return {"deficiency": True} if posted.get("deficiency") == "yes" else {}


def _ask_decide(_subject: Subject) -> Sequence[FormField]:
    outcomes = (Option("yes", _("准予")), Option("no", _("不予")))
    why = _("不予要写清事实和依据。")
    return (
        FormField("outcome", _("结果"), FieldKind.RADIOS, options=outcomes),
        FormField("reasons", _("理由"), FieldKind.TEXTAREA, hint=why, required=False),
        FormField("document_no", _("文号"), required=False, width=20),
    )


def _ask_issue(subject: Subject) -> Sequence[FormField]:
    station = subject.case.text("station")
    above = township_of(station) if station else ""
    codes = dict.fromkeys(filter(None, (station, above, subject.place.code, subject.place.parent)))
    options = tuple(Option(code, subject.known.place(code)) for code in codes)
    return (
        FormField("to", _("送到哪里"), FieldKind.SELECT, options[0].value, options=options),
        FormField("results.0.name", _("结果是什么"), hint=_("比如:优待证。")),
        FormField("results.0.serial", _("证号"), width=20),
    )


def _read_issue(posted: Posted) -> dict[str, Any]:
    result = _plain({name: posted.get(f"results.0.{name}", "") for name in ("name", "serial")})
    return _plain({"to": posted.get("to", "")}) | {"results": [result]}


def _ask_deliver(_subject: Subject) -> Sequence[FormField]:
    options = (
        Option("applicant", _("本人来拿")),
        Option("agent", _("别人代领"), _("看委托书")),
        Option("mail", _("邮寄")),
    )
    hint = _("看过身份证和人,写“本人签字”或“按手印”;邮寄写单号。")
    return (
        FormField("to", _("交给谁"), FieldKind.RADIOS, options=options),
        FormField("proof", _("凭证"), hint=hint, width=30),
    )


def _ask_correction(subject: Subject) -> Sequence[FormField]:
    papers = subject.item.materials if subject.item else ()
    options = tuple(Option(str(m.no), speech.material_name(m)) for m in papers)
    return (
        FormField("points.0.no", _("哪一份"), FieldKind.SELECT, options=options),
        FormField("points.0.defect", _("哪里不对")),
        FormField("points.0.cure", _("怎么补")),
    )


def _read_correction(posted: Posted) -> dict[str, Any]:
    names = ("no", "defect", "cure")
    point = _plain({name: posted.get(f"points.0.{name}", "") for name in names})
    numbered = {"no": _number(point["no"])} if "no" in point else {}
    return {"points": [point | numbered]}


KINDS: Final[Mapping[str, Kind]] = {
    "deliver": Kind(title=marked("把结果交给本人"), button=marked("已经交到手"), ask=_ask_deliver),
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
        hint=marked("签收以后由您这里审查。"),
    ),
    "archive": Kind(
        title=marked("归档"), button=marked("归档"), hint=marked("送到了、材料齐了再归档。")
    ),
    "request_correction": Kind(
        title=marked("要求补正"),
        button=marked("一次告知"),
        hint=marked("只能告知一次,要一次说全。"),
        ask=_ask_correction,
        read=_read_correction,
    ),
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
    ),
    "hand_over": Kind(
        title=marked("把纸材料交出去"), button=marked("交出"), ask=_ask_hand_over, read=_read_bag
    ),
    "withdraw": Kind(
        title=marked("撤回申请"),
        button=marked("撤回"),
        ask=_ask_withdraw,
        hint=marked("申请人自己要撤回才用。撤回以后要另外重新办。"),
    ),
}
"""Verb → form, the likeliest first."""

_UNSAID: Final = frozenset({"csrf_token", "fact", "seen", "preference", "next", "photo"})


def offered(verbs: Sequence[str], subject: Subject) -> tuple[str, ...]:
    """Those of the possible acts that have a form here and something to act on."""
    empty = {
        "receive_handover": not bags_under_way(subject.case),
        "hand_over": not subject.place.parent or not subject.case.in_hand,
    }
    return tuple(verb for verb in KINDS if verb in verbs and not empty.get(verb, False))


def form(  # noqa: PLR0913  # what was posted, and what was wrong with it
    verb: str,
    subject: Subject,
    *,
    action: str,
    seen: str,
    posted: Posted | None = None,
    errors: tuple[FieldError, ...] = (),
    opened: bool = False,
) -> ActForm:
    """One act as a form.

    Args:
        verb: a key of `KINDS`.
        subject: the case.
        action: where it posts to.
        seen: what the page had seen of the case, against a stale tab and a double click.
        posted: what was typed, when it is shown again.
        errors: what was wrong with it.
        opened: unfolded, because it is what the page is for.
    """
    kind = KINDS[verb]
    fields = tuple(_again(field, posted) for field in kind.ask(subject))
    return ActForm(
        verb,
        _(kind.title),
        action,
        _(kind.button),
        hint=_(kind.hint) if kind.hint else "",
        fields=fields,
        errors=errors,
        opened=opened or posted is not None,
        hidden={"seen": seen},
        uploads=kind.uploads,
    )


def _again(field: FormField, posted: Posted | None) -> FormField:
    if posted is None or field.kind is FieldKind.FILE:
        return field
    return FormField(
        field.name,
        field.label,
        field.kind,
        posted.get(field.name, ""),
        hint=field.hint,
        options=field.options,
        required=field.required,
        width=field.width,
    )


def read(verb: str, posted: Posted) -> dict[str, Any]:
    """The fields of an act as the rules read them."""
    return KINDS[verb].read({n: text for n, text in posted.items() if n not in _UNSAID})
