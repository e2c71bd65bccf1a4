"""Results given out twice (C21), or to an agent whose entrustment had been revoked (C22)."""

from collections.abc import Iterator
from itertools import combinations

from casework.conflict_rules.findings import Ask, Fault, Finding, Told, mark
from casework.conflict_rules.matter import Matter, surely_before, unit
from casework.values import read_map, same

TWICE = "您已收到结果，第二份交回站里就行。"
TAKEN = "您撤销委托后，结果已由代办人领走，等您确认一下。"


def given_twice(matter: Matter) -> Iterator[Finding]:
    """C21: the first delivery counts; the second paper is called back by a person."""
    for one, other in combinations(matter.all_heads("delivered"), 2):
        if same(read_map(one.value), read_map(other.value)):
            continue
        about = mark(*sorted(f"{h.replica.hex()}:{h.seq}" for h in (one, other)))
        late = one if surely_before(other, one) else other if surely_before(one, other) else None
        yield Ask("C21", frozenset({"delivered"}))
        yield Told("C21", about, TWICE)
        if late:
            yield Fault("C21", about, unit(late), "同一份结果给了两次。")


def given_to_a_former_agent(matter: Matter) -> Iterator[Finding]:
    """C22: the letter looked valid where it was shown; the principal is called at once."""
    for revoked in matter.all_heads("entrustment_revoked"):
        for delivered in matter.all_heads("delivered"):
            by_agent = read_map(delivered.value).get("to") == "agent"
            if by_agent and not surely_before(delivered, revoked):
                yield Ask("C22", frozenset({"delivered", "entrustment_revoked"}))
                yield Told("C22", "agent", TAKEN, "phone")
