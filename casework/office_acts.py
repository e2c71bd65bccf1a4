"""What an office does on a case: acceptance, correction, decision, result, and the county's own."""

from collections.abc import Iterable

from casework import acceptance, authority, deadline
from casework.case import CaseState
from casework.desk import ActContext
from casework.errors import ActRefused, FieldProblem
from casework.evidence import evidence, given, reasons
from casework.facts import Act
from casework.reading import Reader
from casework.values import Fields, Value, day_of, read_int, read_text
from casework.wording import problem


def accept(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Accept what was received: the clock starts now (model §2.2 #4, #7)."""
    if ctx.item is None:
        raise ActRefused([problem("", "item", en=case.text("item"))])
    later = fields.get("deficiency") is True
    lacking = [m for m in ctx.item.materials if m.no in case.missing]
    refused = [m for m in lacking if not (later and m.deficiency_ok)]
    if refused:
        zh, en = "、".join(m.name for m in refused), ", ".join(m.name_en for m in refused)
        raise ActRefused([problem("", "lacking", zh=zh, en=en)])
    terms = acceptance.accept(ctx.item, [m.no for m in lacking], ctx.now, ctx)
    return Act("case.accepted", terms.fields)


def request_correction(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Tell once and completely what is wrong and how to put it right (R-ZH-22b)."""
    if any(name.startswith("correction.") for name in case.values):
        raise ActRefused([problem("", "told_already")])
    reader = Reader(fields)
    for row in reader.rows("points"):
        for name in ("no", "defect", "cure"):
            row.need(name)
    if reader.problems:
        raise ActRefused(reader.problems)
    last = deadline.correction(day_of(ctx.now), ctx.clock).day
    told: dict[str, Value] = {
        **evidence(ctx),
        "points": fields["points"],
        "deadline": last.isoformat(),
    }
    return Act("case.correction_requested", {f"correction.{ctx.new_id()}": told})


def not_accept(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Refuse to accept: a decision with concrete reasons and its clause (R-ZH-22c)."""
    stated = reasons(fields)
    if not stated:
        raise ActRefused([problem("/reasons", "reasons")])
    refused: dict[str, Value] = {
        **evidence(ctx),
        **given(fields, "clause", "proper_body", "document_no"),
        "reasons": list(stated),
    }
    return Act("case.not_accepted", {"not_accepted": refused})


def check_material(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Say of one paper, as it stands now, that it will do or will not (C3).

    What was looked at is written down: a paper that comes in afterwards is open again.
    """
    no = read_int(fields["no"]) or 0
    line = case.map(f"material.{no}")
    if not line:
        raise ActRefused([problem("/no", "not_handed_in", no=no)])
    if fields["result"] == "rejected" and not fields.get("reason"):
        raise ActRefused([problem("/reason", "missing", zh="原因", en="Reason")])
    checked: dict[str, Value] = {**evidence(ctx), **given(fields, "result", "reason")}
    return Act("case.material_checked", {f"material_check.{no}": {**checked, "seen": dict(line)}})


def sign_in(_case: CaseState, _fields: Fields, ctx: ActContext) -> Act:
    """The department takes the case over for review (R-ZH-23b)."""
    return Act("case.signed_in", {"review": evidence(ctx)})


def decide(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Decide: granting needs complete papers, refusing needs reasons (R-HC-22, R-HN-22)."""
    problems = list(_check_decision(case, fields, ctx))
    if problems:
        raise ActRefused(problems)
    decision: dict[str, Value] = {
        **evidence(ctx),
        **given(fields, "outcome", "clause", "remedies"),
    }
    if stated := reasons(fields):
        decision["reasons"] = list(stated)
    if document := read_text(fields.get("document_no")):
        decision["document_no"] = document
    return Act("case.decided", {"decided": decision})


def issue(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The result goes to the window that hands it out (R-ZH-34a)."""
    reader = Reader(fields)
    for row in reader.rows("results"):
        row.need("name")
        row.need("serial")
    if reader.problems:
        raise ActRefused(reader.problems)
    issued: dict[str, Value] = {
        **evidence(ctx),
        "to": fields["to"],
        "results": fields["results"],
    }
    return Act("case.issued", {"issued": issued})


def archive(_case: CaseState, _fields: Fields, ctx: ActContext) -> Act:
    """The dossier is closed (model §2.2 #23)."""
    return Act("case.archived", {"archived": evidence(ctx)})


def _check_decision(case: CaseState, fields: Fields, ctx: ActContext) -> Iterable[FieldProblem]:
    if fields["outcome"] == "yes" and case.missing:
        names = [m for m in ctx.item.materials if m.no in case.missing] if ctx.item else []
        zh = "、".join(m.name for m in names) or "、".join(map(str, case.missing))
        yield problem("", "lacking", zh=zh, en=", ".join(m.name_en for m in names) or zh)
    if fields["outcome"] == "no" and not reasons(fields):
        yield problem("/reasons", "reasons")
    accepted = case.map("accepted")
    refusal = authority.check_four_eyes(
        (read_text(accepted.get("place")) or "", read_text(accepted.get("by")) or ""),
        (ctx.place.code, ctx.actor),
        promised_days=ctx.item.promised_days if ctx.item else 1,
    )
    if refusal:
        yield problem("", "authority", zh=refusal.message_zh, en=refusal.message_en)
