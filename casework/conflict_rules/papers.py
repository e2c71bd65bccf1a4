"""Papers: rejected (C3), packed or signed for twice (C9), miscounted (C10), no photo (C31)."""

from collections.abc import Iterator
from itertools import combinations

from casework.conflict_rules.findings import Ask, Fault, Finding, Told, mark
from casework.conflict_rules.matter import CLOSED, Matter, place_of, surely_before, unit
from casework.values import Fields, read_int, read_list, read_map, read_text


def rejected(matter: Matter) -> Iterator[Finding]:
    """C3: a paper was rejected as it stood; a newer one counts, so only what lacks is told."""
    if matter.case.state in CLOSED:
        return
    for key, check in matter.family("material_check."):
        no = int(key[:9]) if key.isascii() and key.isdigit() else 0
        if check.get("result") != "rejected" or not no or no in matter.case.in_hand:
            continue
        if read_text(check.get("by")) == "system":
            continue  # another rule rejected it and tells why
        seen = read_map(check.get("seen"))
        ground = mark(no, read_int(seen.get("at")), read_text(seen.get("form")))
        yield Told("C3", f"{no}-{ground}", f"{matter.paper(no)}要重新交一份，其他材料不用动。")


def packed_twice(matter: Matter) -> Iterator[Finding]:
    """C9: one paper in two bags of one place, or one bag signed for at two places."""
    bags = list(matter.family("handover."))
    for (one, left), (other, right) in combinations(bags, 2):
        if place_of(left) != place_of(right) or not _originals(left) & _originals(right):
            continue
        yield from _of_two_bags(matter, one, other)
    for bag, _ in matter.family("handover_received."):
        yield from _signed_twice(matter, bag)


def _of_two_bags(matter: Matter, one: str, other: str) -> Iterator[Finding]:
    counted = [bag for bag in (one, other) if f"handover_received.{bag}" in matter.case.values]
    if len(counted) == 1:
        empty = other if counted == [one] else one
        head = matter.head(f"handover.{empty}")
        reason = f"原件已随{counted[0]}号袋点收，{empty}号袋里的这一行作空项。"
        if head:
            yield Fault("C9", mark(one, other), unit(head), reason)
    elif counted:
        yield Ask("C9", frozenset({f"handover.{one}", f"handover.{other}"}))


def _signed_twice(matter: Matter, bag: str) -> Iterator[Finding]:
    heads = matter.all_heads(f"handover_received.{bag}")
    for one, other in combinations(heads, 2):
        if one.station == other.station:
            continue
        if surely_before(one, other) or surely_before(other, one):
            late = other if surely_before(one, other) else one
            reason = f"{bag}号袋先有别处点收，这一次签收不作数。"
            yield Fault("C9", mark(bag, late.replica.hex(), late.seq), unit(late), reason)
        else:
            yield Ask("C9", frozenset({f"handover_received.{bag}"}))


def _originals(bag: Fields) -> set[int]:
    rows = map(read_map, read_list(bag.get("lines")))
    return {read_int(row.get("no")) or 0 for row in rows if (read_int(row.get("originals")) or 0)}


def miscounted(matter: Matter) -> Iterator[Finding]:
    """C10: the two counts of a bag differ: both units sign within a day, the clock runs on."""
    for bag, taken in matter.family("handover_received."):
        if read_list(taken.get("differing")):
            yield Ask("C10", frozenset({f"handover.{bag}", f"handover_received.{bag}"}))


def no_photo(matter: Matter) -> Iterator[Finding]:
    """C31: the exchange asked the station again and nothing came; the case goes on with paper."""
    if matter.late_photos:
        yield Ask("C31", frozenset(f"material.{no}" for no in matter.late_photos))
