"""The catalogue changed while a place was offline: cancelled (C6), papers (C7, C38), days (C8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from casework import deadline
from casework.catalogue import CatalogueItem
from casework.conflict_rules.findings import Ask, Due, End, Finding, Settle, Told, Waive, mark
from casework.conflict_rules.matter import (
    CLOSED,
    Edition,
    Matter,
    before_day,
    surely_before_day,
)
from casework.facts import Head, Undisclosed
from casework.publishing import compare
from casework.spoken import spoken_day
from casework.values import Value, day_of


def cancelled(matter: Matter) -> Iterator[Finding]:
    """C6: accepted before the day it was cancelled: carried on, or a person; after: void."""
    act = matter.head("accepted") or matter.head("received")
    day = _cancelled_on(matter)
    if act is None or day is None or matter.case.state in CLOSED:
        return
    if before_day(act, day):
        if not _carried_on(matter) and "accepted" in matter.case.values:
            yield Ask("C6", frozenset({"accepted"}))
        return
    reason = f"该事项自{spoken_day(day).zh}取消，不再办理。"
    yield End("C6", reason, _successor(matter))
    yield Told("C6", "void", _void_text(day, _successor(matter)))


def _void_text(day: date, successor: str) -> str:
    instead = f"可改办{successor}。" if successor else "改办什么站里告诉您。"
    return f"该事项{day.month}月{day.day}日起取消，村站没及时收到通知，材料退您；{instead}"


def _cancelled_on(matter: Matter) -> date | None:
    newest = matter.newest
    if newest is None or matter.shown is None:
        return None
    return newest.item.cancelled_on if newest.item else newest.since


def _carried_on(matter: Matter) -> bool:
    newest = matter.newest
    return bool(newest and newest.item and newest.item.carried_on)


def _successor(matter: Matter) -> str:
    newest = matter.newest
    return newest.item.successor if newest and newest.item else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new list of papers asks for beside the old one, for the answers of one case.

    Attributes:
        dropped: numbers of the old list that the new one does not ask for.
        added: names and numbers that only the new one asks for.
        stable: every paper of the old list kept its number.
    """

    dropped: tuple[int, ...]
    added: Mapping[int, str]
    stable: bool


def difference(old: CatalogueItem, new: CatalogueItem, values: Mapping[str, Value]) -> Difference:
    """Compare two lists of papers by name.

    Args:
        old: as shown to the citizen.
        new: as published.
        values: fields of the case; conditional papers count where they are needed.
    """
    before = {m.name: m.no for m in old.needed(values)}
    after = {m.name: m for m in new.needed(values)}
    known = {m.name: m.no for m in new.materials}
    return Difference(
        tuple(sorted(no for name, no in before.items() if name not in after)),
        {m.no: m.name for name, m in after.items() if name not in before and not m.shared},
        all(known.get(m.name, m.no) == m.no for m in old.materials),
    )


def papers_changed(matter: Matter) -> Iterator[Finding]:
    """C7: the new list asks for less: it holds; for more: the list shown holds if it could."""
    newest, act = matter.newest, _act(matter)
    if act is None or newest is None or matter.shown is None or matter.before is not None:
        return
    if newest.version > matter.shown.version:
        yield from _mapped(matter, newest, "C7", after=not before_day(act, newest.since))


def not_in_force(matter: Matter) -> Iterator[Finding]:
    """C38: a version was used before its day: the one in force holds, as C7."""
    act, in_force = _act(matter), matter.before
    if act is None or in_force is None or matter.shown is None:
        return
    if surely_before_day(act, matter.shown.since):
        yield from _mapped(matter, in_force, "C38", after=True)


def _act(matter: Matter) -> Head | None:
    if matter.case.state in CLOSED or matter.case.state.value == "DRAFT":
        return None
    return matter.head("accepted")


def _mapped(matter: Matter, to: Edition, rule: str, *, after: bool) -> Iterator[Finding]:
    old, new = matter.item, to.item
    if old is None or new is None:
        return
    values = {k: v for k, v in matter.case.values.items() if not isinstance(v, Undisclosed)}
    found = difference(old, new, values)
    lacking = tuple(no for no in found.dropped if no not in matter.case.in_hand)
    wanted = {n: name for n, name in found.added.items() if n not in matter.case.in_hand}
    if lacking and not (wanted and after):
        yield Waive(rule, lacking)
        if set(lacking) & set(matter.case.outstanding):
            about = mark(to.version, *lacking)
            yield Told(rule, about, f"目录已更新，{matter.papers(lacking)}不用再补了。")
    if after and compare(old, new).legal:
        yield Ask(rule, frozenset({"item_version"}))  # a condition, not a paper: a person looks
    elif wanted and after:
        yield from _asked_for_more(to, rule, wanted, stable=found.stable)


def _asked_for_more(
    to: Edition, rule: str, wanted: Mapping[int, str], *, stable: bool
) -> Iterator[Finding]:
    if not stable:  # the numbers mean other papers there: nothing can be carried over by rule
        yield Ask(rule, frozenset({"item_version"}))
        return
    about = str(to.version)
    names = "".join(f"《{wanted[no]}》" for no in sorted(wanted))
    yield Settle(rule, about, {"item_version": to.version}, f"因目录更新，按第{to.version}版办理。")
    yield Told(rule, about, f"目录已更新，您仅需补充{names}。")


def days_changed(matter: Matter) -> Iterator[Finding]:
    """C8: the earlier of the day printed and the day of the limit in force at acceptance."""
    newest, act, due = matter.newest, _act(matter), matter.case.due
    if act is None or newest is None or newest.item is None or matter.item is None or due is None:
        return
    if newest.item.promised_days >= matter.item.promised_days:
        return
    if surely_before_day(act, newest.since):
        return
    at = matter.case.instant("accepted")
    if at is None or not 0 <= at <= _LAST:
        return
    day = deadline.promised(newest.item, matter.mode, day_of(at), matter.clock).day
    if day < due:
        yield Due("C8", str(newest.version), day)
        yield Told("C8", str(newest.version), f"办结日期提前到{day.month}月{day.day}日。")


_LAST = 253_402_271_999_999
