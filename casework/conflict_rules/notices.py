"""Two notices of what lacks, with different points (C4): the one first delivered binds."""

from collections.abc import Iterator
from itertools import combinations

from casework.conflict_rules.findings import Ask, Fault, Finding, Told, mark
from casework.conflict_rules.matter import Matter, surely_before, unit
from casework.facts import Head
from casework.values import Fields, read_int, read_list, read_map

FIRST = "以首次告知为准。另外要的材料由我们想办法，给您添麻烦了。"


def two_notices(matter: Matter) -> Iterator[Finding]:
    """C4: whatever only a later notice asks for, a person drops, fetches, or asks with excuse."""
    names = [f"correction.{key}" for key, _ in matter.family("correction.")]
    for one, other in combinations(names, 2):
        left, right = matter.head(one), matter.head(other)
        if left is None or right is None or _numbers(left) == _numbers(right):
            continue
        yield Ask("C4", frozenset({one, other}))
        if surely_before(left, right) or surely_before(right, left):
            late = right if surely_before(left, right) else left
            about = mark(one, other)
            yield Fault("C4", about, unit(late), "已经一次性告知过，又发了一份不同的补正通知。")
            yield Told("C4", about, FIRST)


def _numbers(head: Head) -> frozenset[int]:
    value: Fields = read_map(head.value)
    rows = map(read_map, read_list(value.get("points")))
    return frozenset(read_int(row.get("no")) or 0 for row in rows)
