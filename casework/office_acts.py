"""What an office does on a case: acceptance, correction, decision, result, and the county's own."""

from collections.abc import Iterator

from casework import acceptance, deadline, deciding, in_force, paper_trail
from casework.case import CaseState
from casework.catalogue import Material
from casework.desk import ActContext
from casework.errors import ActRefused, FieldProblem
from casework.evidence import evidence, given, reasons
from casework.facts import Act
from casework.reading import Reader
from casework.values import Fields, Value, day_of, read_int, read_list, read_map, read_text
from casework.wording import problem


def accept(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Accept what was received: the clock starts now (model §2.2 #4, #7)."""
    if ctx.item is None:
        raise ActRefused([problem("", "item", en=case.text("item"))])
    came = read_int(case.map("received").get("at"))
    received = day_of(came) if came is not None else None
    newest = ctx.newest or ctx.item
    if stopped := in_force.refusal(newest, day_of(ctx.now), pointer="", received=received):
        raise ActRefused([stopped])  # R-HC-17b
    later = fields.get("deficiency") is True
    lacking = [m for m in ctx.item.materials if m.no in case.missing]
    refused = [m for m in lacking if not (later and m.deficiency_ok)]
    refused += [m for m in ctx.item.materials if m.no in paper_trail.rejected(case)]
    if refused:
        zh, en = "、".join(m.name for m in refused), ", ".join(m.name_en for m in refused)
        raise ActRefused([problem("", "lacking", zh=zh, en=en)])
    terms = acceptance.accept(ctx.item, [m.no for m in lacking], ctx.now, ctx)
    return Act("case.accepted", terms.fields)


def request_correction(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Tell once and completely what is wrong and how to put it right (R-ZH-22b)."""
    if _notices(case):
        raise ActRefused([problem("", "told_already")])
    reader = Reader(fields)
    for row in reader.rows("points"):
        for name in ("no", "defect", "cure"):
            row.need(name)
    problems = reader.problems or list(_check_points(case, fields, ctx))
    if problems:
        raise ActRefused(problems)
    last = deadline.correction(day_of(ctx.now), ctx.clock).day
    told: dict[str, Value] = {
        **evidence(ctx),
        "points": fields["points"],
        "deadline": last.isoformat(),
    }
    return Act("case.correction_requested", {f"correction.{ctx.new_id()}": told})


def _check_points(case: CaseState, fields: Fields, ctx: ActContext) -> Iterator[FieldProblem]:
    """A notice names papers of the item, and whatever is lacking or was found wanting."""
    numbers = [read_int(read_map(row).get("no")) or 0 for row in read_list(fields["points"])]
    if ctx.item is None:
        return
    for at, no in enumerate(numbers):
        if ctx.item.material(no) is None:
            yield problem(f"/points/{at}/no", "material", no=no)
    untold = [m for m in _wanting(case, ctx.item.materials) if m.no not in numbers]
    if untold:
        zh, en = "、".join(m.name for m in untold), ", ".join(m.name_en for m in untold)
        yield problem("/points", "incomplete_notice", zh=zh, en=en)


def _wanting(case: CaseState, materials: tuple[Material, ...]) -> Iterator[Material]:
    poor = paper_trail.rejected(case)
    for material in materials:
        may_wait = material.deficiency_ok or material.shared
        if material.no in poor or (material.no in case.missing and not may_wait):
            yield material


def _notices(case: CaseState) -> list[Fields]:
    return [case.map(name) for name in case.values if name.startswith("correction.")]


def not_accept(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Refuse to accept: a decision with concrete reasons and its clause (R-ZH-22c)."""
    stated = reasons(fields)
    problems = [] if stated else [problem("/reasons", "reasons")]
    if not read_text(fields.get("clause")):
        problems.append(problem("/clause", "missing", zh="依据", en="Clause"))
    if problems:
        raise ActRefused(problems)
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
    if fields["result"] == "rejected" and _is_outside(case, no, line):
        raise ActRefused([problem("/no", "not_in_notice")])
    checked: dict[str, Value] = {**evidence(ctx), **given(fields, "result", "reason")}
    return Act("case.material_checked", {f"material_check.{no}": {**checked, "seen": dict(line)}})


def _is_outside(case: CaseState, no: int, line: Fields) -> bool:
    """After a notice only its points are looked at again, and papers that came in since (#7)."""
    notices = _notices(case)
    rows = [read_map(row) for notice in notices for row in read_list(notice.get("points"))]
    told = {read_int(row.get("no")) for row in rows}
    since = min((read_int(notice.get("at")) or 0 for notice in notices), default=0)
    return bool(notices) and no not in told and (read_int(line.get("at")) or 0) < since


def sign_in(case: CaseState, _fields: Fields, ctx: ActContext) -> Act:
    """The department takes the case over and signs for its papers (R-ZH-23b).

    Whoever signs states that the papers which nobody has checked one by one agree with what came
    electronically; they are named, so that it can be seen what was signed for at once.
    """
    signed: dict[str, Value] = evidence(ctx)
    if unseen := paper_trail.unchecked(case):
        signed["papers"] = list(unseen)
    return Act("case.signed_in", {"review": signed})


def decide(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Decide: who may and what must have happened before is told by `deciding` (R-HC-22, R-HN-22).

    A decision after the promised day stands, and says of itself that it is late.
    """
    problems = list(deciding.check(case, fields, ctx))
    if problems:
        raise ActRefused(problems)
    decision: dict[str, Value] = {
        **evidence(ctx),
        **given(fields, "outcome", "clause", "document_no"),
        **deciding.lateness(case, ctx),
    }
    if fields["outcome"] == "no":
        decision |= deciding.stated_refusal(fields, ctx.item)
    if stated := reasons(fields):
        decision["reasons"] = list(stated)
    return Act("case.decided", {"decided": decision})


def issue(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The result goes to the window that hands it out (R-ZH-34a)."""
    reader = Reader(fields)
    for row in reader.rows("results"):
        row.need("name")
        row.need("serial")
    if reader.problems:
        raise ActRefused(reader.problems)
    issued: dict[str, Value] = {
        **evidence(ctx),
        **deciding.lateness(case, ctx),
        **given(fields, "to", "results", "conditions"),
    }
    return Act("case.issued", {"issued": issued})


def archive(_case: CaseState, _fields: Fields, ctx: ActContext) -> Act:
    """The dossier is closed (model §2.2 #23)."""
    return Act("case.archived", {"archived": evidence(ctx)})
