"""What the county alone does on a case: confirm, number, merge, check, settle, conclude by rule."""

from casework.case import CaseState
from casework.desk import ActContext
from casework.errors import ActRefused
from casework.evidence import evidence, given
from casework.facts import Act
from casework.merging import Policy, is_known, policy_of
from casework.values import (
    Fields,
    Value,
    day_of,
    read_date,
    read_int,
    read_list,
    read_map,
    read_text,
    same,
)
from casework.wording import problem, step


def verify(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The county confirms authority and version of an acceptance made offline (#9).

    What the rules would not confirm (V1) a person may, with a reason; that answers the check.
    """
    doubts = {id_: check for id_, check in case.checks.items() if check.get("rule") == "V1"}
    reason = (read_text(fields.get("reason")) or "").strip()
    if doubts and not reason:
        raise ActRefused([problem("/reason", "missing", zh="原因", en="The reason")])
    found: dict[str, Value] = {"verified": {**evidence(ctx), **given(fields, "reason")}}
    for id_, check in doubts.items():
        found[f"checking.{id_}"] = {**check, "open": False}
        said: dict[str, Value] = {**evidence(ctx), "check": id_, "reason": reason, "fields": []}
        found[f"resolution.{ctx.new_id()}"] = said
    return Act("case.verified", {**found, **given(fields, "official_number")})


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
        **evidence(ctx),
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


def is_final(case: CaseState) -> bool:
    """Say whether no timely paper can come any more to a case that is deemed withdrawn."""
    return case.map("deemed_pending").get("final") is True


def deem(case: CaseState, _fields: Fields, ctx: ActContext) -> Act:
    """The day for what lacks has passed; nothing is final yet (R-HC-28e, C19)."""
    last = case.deficiency_deadline
    if not case.outstanding or last is None or day_of(ctx.now) <= last:
        raise ActRefused([problem("", "deficiency_runs")])
    return Act("case.deemed_pending", {"deemed_pending": evidence(ctx)})


def confirm_deemed(case: CaseState, _fields: Fields, ctx: ActContext) -> Act:
    """A person closes the case as deemed withdrawn, once no station can bring more (#13, C19).

    That none can is a word of the county's own: the sweep has heard every station that could
    have taken the paper, or the days of grace are over.
    """
    if not is_final(case):
        raise ActRefused([problem("", "not_final")])
    return Act("case.deemed_withdrawn", {"deemed_withdrawn": evidence(ctx)})


def state_due(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The county states a day that binds beside those promised before: the earliest holds (C8)."""
    day = read_date(fields["due"])
    if day is None:
        raise ActRefused([problem("/due", "type", zh="到期日", en="Due day")])
    promise: dict[str, Value] = {"due": day.isoformat(), "at": ctx.now}
    return Act(
        "case.due_stated", {f"promise.{ctx.new_id()}": {**promise, **given(fields, "document")}}
    )


def tell(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """What the citizen is to be told about something that a rule or a person settled (§4)."""
    told: dict[str, Value] = {**evidence(ctx), **given(fields, "rule", "text")}
    return Act("case.citizen_told", {f"told.{ctx.new_id()}": told})


def note_fault(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A fault of the administration is written down inside it, never against the citizen (C4)."""
    fault: dict[str, Value] = {**evidence(ctx), **given(fields, "rule", "unit", "reason")}
    return Act("case.fault_noted", {f"fault.{ctx.new_id()}": fault})


def link(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Two cases belong to one person, or share a paper; histories stay apart (C13)."""
    linked: dict[str, Value] = {**evidence(ctx), **given(fields, "case", "kind")}
    return Act("case.linked", {f"link.{ctx.new_id()}": linked})


def waive_material(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A paper is not asked for any more: the newer list does not ask for it (C7)."""
    waived: dict[str, Value] = {**evidence(ctx), **given(fields, "reason")}
    return Act("case.material_waived", {f"waived.{read_int(fields['no'])}": waived})


def note_progress(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """What another system says of the case (R-HN-19a); it moves no state here."""
    told: dict[str, Value] = {
        "noted_at": ctx.now,
        **given(fields, "system", "status", "at", "remark"),
    }
    return Act("case.progressed", {f"progress.{ctx.new_id()}": told})
