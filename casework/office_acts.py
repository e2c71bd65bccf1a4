"""What an office does on a case: acceptance, correction, decision, result, and the county's own."""

from collections.abc import Iterable

from casework import acceptance, authority, deadline
from casework.case import CaseState
from casework.desk import ActContext
from casework.errors import ActRefused, FieldProblem
from casework.facts import Act
from casework.merging import Policy, is_known, policy_of
from casework.reading import LONG, SHORT, Reader
from casework.values import Fields, Value, day_of, read_list, read_map, read_text, same
from casework.wording import problem, step


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
        **_evidence(ctx),
        "points": fields["points"],
        "deadline": last.isoformat(),
    }
    return Act("case.correction_requested", {f"correction.{ctx.new_id()}": told})


def sign_in(_case: CaseState, _fields: Fields, ctx: ActContext) -> Act:
    """The department takes the case over for review (R-ZH-23b)."""
    return Act("case.signed_in", {"review": _evidence(ctx)})


def decide(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Decide: granting needs complete papers, refusing needs reasons (R-HC-22, R-HN-22)."""
    problems = list(_check_decision(case, fields, ctx))
    if problems:
        raise ActRefused(problems)
    decision: dict[str, Value] = {**_evidence(ctx), "outcome": fields["outcome"]}
    if reasons := _reasons(fields):
        decision["reasons"] = list(reasons)
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
        **_evidence(ctx),
        "to": fields["to"],
        "results": fields["results"],
    }
    return Act("case.issued", {"issued": issued})


def archive(_case: CaseState, _fields: Fields, ctx: ActContext) -> Act:
    """The dossier is closed (model §2.2 #23)."""
    return Act("case.archived", {"archived": _evidence(ctx)})


def verify(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The county confirms authority and version of an acceptance made offline (#9)."""
    number = read_text(fields.get("official_number"))
    given: dict[str, Value] = {"official_number": number} if number else {}
    return Act("case.verified", {"verified": _evidence(ctx), **given})


def number(_case: CaseState, fields: Fields, _ctx: ActContext) -> Act:
    """The county gives the official number; the temporary one stays searchable."""
    return Act("case.numbered", {"official_number": fields["official_number"]})


def merge_duplicate(_case: CaseState, fields: Fields, _ctx: ActContext) -> Act:
    """Name the main case of one matter filed twice; a duplicate is closed as merged (C1)."""
    duplicate = fields["main"] if fields["duplicate"] is True else None
    return Act("case.merged", {"main": fields["main"], "duplicate_of": duplicate})


def open_checking(_case: CaseState, fields: Fields, _ctx: ActContext) -> Act:
    """The county begins to check: the case goes on HOLD, its timers run on (#26)."""
    check = read_text(fields["id"]) or ""
    if not check.isascii() or not check.isprintable() or " " in check or not check:
        raise ActRefused([problem("/id", "type", zh="核对单", en="Id of the check")])
    opened: dict[str, Value] = {
        "rule": fields["rule"],
        "fields": list(read_list(fields["fields"])),
        "open": True,
    }
    return Act("case.checking_opened", {f"checking.{check}": opened})


def resolve(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A person at the county settles what differed, with reason and clause."""
    check = read_text(fields["id"]) or ""
    chosen = read_map(fields["set"])
    problems = [
        problem(f"/set/{step(name)}", "not_settable", en=name)
        for name, value in chosen.items()
        if not _may_settle(case, check, name, value)
    ]
    if check not in case.checks:
        problems.append(problem("/id", "no_check"))
    if problems:
        raise ActRefused(problems)
    resolution: dict[str, Value] = {
        **_evidence(ctx),
        "check": check,
        "reason": fields["reason"],
        "fields": sorted(chosen),
    }
    if clause := read_text(fields.get("clause")):
        resolution["clause"] = clause
    closed = {**case.checks[check], "open": False}
    return Act(
        "case.resolved",
        {**chosen, f"checking.{check}": closed, f"resolution.{ctx.new_id()}": resolution},
    )


def _may_settle(case: CaseState, check: str, name: str, value: Value) -> bool:
    """Say whether a check may give a field this value.

    It settles what it asks about and nothing else. What somebody did (accepted, decided) stands or
    falls: a resolution that could write it would decide in the place of those who may (R-HC-22).
    """
    asked = read_list(case.checks[check].get("fields")) if check in case.checks else (name,)
    if name not in asked or not is_known(name) or name.startswith("checking."):
        return False
    if policy_of(name) is not Policy.AUTHORITY:
        return policy_of(name) is not Policy.SET
    return value is None or same(value, read_map(case.values.get(name)))


def _check_decision(case: CaseState, fields: Fields, ctx: ActContext) -> Iterable[FieldProblem]:
    if fields["outcome"] == "yes" and case.missing:
        names = [m for m in ctx.item.materials if m.no in case.missing] if ctx.item else []
        zh = "、".join(m.name for m in names) or "、".join(map(str, case.missing))
        yield problem("", "lacking", zh=zh, en=", ".join(m.name_en for m in names) or zh)
    if fields["outcome"] == "no" and not _reasons(fields):
        yield problem("/reasons", "reasons")
    accepted = case.map("accepted")
    refusal = authority.check_four_eyes(
        (read_text(accepted.get("place")) or "", read_text(accepted.get("by")) or ""),
        (ctx.place.code, ctx.actor),
        promised_days=ctx.item.promised_days if ctx.item else 1,
    )
    if refusal:
        yield problem("", "authority", zh=refusal.message_zh, en=refusal.message_en)


def _reasons(fields: Fields) -> tuple[str, ...]:
    """Read reasons given as one text or as a list of texts."""
    given = fields.get("reasons")
    texts = [given] if isinstance(given, str) else list(read_list(given))
    rows = [Reader({"reason": text}).option("reason", most=LONG) for text in texts[:SHORT]]
    return tuple(filter(None, rows))


def _evidence(ctx: ActContext) -> dict[str, Value]:
    return {"at": ctx.now, "place": ctx.place.code, "by": ctx.actor}
