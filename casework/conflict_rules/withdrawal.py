"""The applicant withdraws while the county decides (C5): by trusted intervals, or a person."""

from collections.abc import Iterator

from casework.conflict_rules.findings import Finding, Settle, Told, mark
from casework.conflict_rules.matter import Matter, surely_before
from casework.facts import Head, Undisclosed
from casework.values import Value, read_map

WITHDRAWN = "您的撤回申请已生效，材料可取回。"
DECIDED = "撤回前已作出决定，如不需要可申请注销或放弃。"
_WITHDRAWN_REASON = "申请人撤回在前，决定在后，撤回有效。"
_DECIDED_REASON = "决定在前，撤回在后，决定有效。"


def stands(matter: Matter) -> str:
    """Say which of the two stands by rule: `withdrawn`, `decided`, or empty for a person.

    Where the intervals overlap, or the result has gone out, the citizen is asked what he wants.
    """
    withdrawals, decided = matter.all_heads("withdrawn"), matter.head("decided")
    if not withdrawals or decided is None or "issued" in matter.case.values:
        return ""
    # Said at two counters: the first time counts, wherever it was.
    if any(surely_before(one, decided) for one in withdrawals):
        return "withdrawn"
    return "decided" if all(surely_before(decided, one) for one in withdrawals) else ""


def withdrawn_or_decided(matter: Matter) -> Iterator[Finding]:
    """C5: what came first for certain stands; the other is taken out by a new fact."""
    held = stands(matter)
    withdrawn, decided = matter.head("withdrawn"), matter.head("decided")
    if not held or withdrawn is None or decided is None:
        return
    about = mark(withdrawn.replica.hex(), withdrawn.seq, decided.replica.hex(), decided.seq)
    if held == "withdrawn":
        yield Settle("C5", about, _without_decision(matter, decided), _WITHDRAWN_REASON)
        yield Told("C5", about, WITHDRAWN)
    else:
        yield Settle("C5", about, {"withdrawn": None}, _DECIDED_REASON)
        yield Told("C5", about, DECIDED)


def _without_decision(matter: Matter, decided: Head) -> dict[str, Value]:
    """The decision falls; a withdrawal set aside before an earlier one came holds again."""
    fields: dict[str, Value] = {"decided": None}
    if "withdrawn" not in matter.case.values:
        heads = matter.all_heads("withdrawn")
        first = next(one for one in heads if surely_before(one, decided))
        fields["withdrawn"] = (
            None if isinstance(first.value, Undisclosed) else dict(read_map(first.value))
        )
    return fields
