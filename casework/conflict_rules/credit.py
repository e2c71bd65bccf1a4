"""A bad-credit record that the station could not know when it took a promise (C33)."""

from collections.abc import Iterator

from casework.conflict_rules.findings import Ask, Finding, Reject, Told
from casework.conflict_rules.matter import CLOSED, Matter, before_day
from casework.values import Fields

TEXT = "您暂不适用告知承诺，按清单补充材料；信用修复后可恢复。"
REASON = "申请人暂不适用告知承诺，改按一般方式交材料。"


def no_promise(matter: Matter) -> Iterator[Finding]:
    """C33: not decided: the ordinary way with one notice; decided: an early check, no more."""
    act = matter.head("accepted") or matter.head("received")
    since = matter.credit_since
    if since is None or act is None or before_day(act, since):
        return
    promised = [n for n, line in matter.family("material.") if line.get("form") == "promised"]
    if not promised:
        return
    if matter.case.state in CLOSED:
        if "decided" in matter.case.values and "archived" not in matter.case.values:
            yield Ask("C33", frozenset({"decided"}))
        return
    numbers = [(int(n[:9]), matter.case.map(f"material.{n}")) for n in promised if n.isdigit()]
    yield from _ordinary(numbers)


def _ordinary(lines: list[tuple[int, Fields]]) -> Iterator[Finding]:
    for no, line in lines:
        yield Reject("C33", no, line, REASON)
    yield Told("C33", "promise", TEXT)
