"""Where the papers and the result of a case lie: at which place, or in which bag under way.

Nobody writes where a paper is. It follows from where it was handed in, from the bags it left in
and from the counts at their ends (R-ZH-25), the same at every place that holds the case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from casework.case import CaseState, State
from casework.values import Fields, Value, read_int, read_list, read_map, read_text, same

PAPER_FORMS: Final = frozenset({"original", "copy"})
"""Forms of a material that can be put into a bag."""
UNDER_WAY: Final = ">"
"""Stands before the code of a place that something is under way to."""
_NEVER_SENT: Final = frozenset({State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED})
"""After these the papers go back to the citizen (model §2.2 #8, #24, #25)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper in somebody's hands.

    Attributes:
        no: number of the material.
        place: where it lies, or where its bag is under way to; empty: it was missing on arrival.
        bag: in which it is under way; empty while it lies somewhere.
        since: when it came there or left, ms.
    """

    no: int
    originals: int
    copies: int
    place: str
    bag: str = ""
    since: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a case on its way.

    Attributes:
        place: where it lies or goes to.
        arrived: whether that place has signed for it.
        since: when it was sent there or signed for, ms.
    """

    place: str
    arrived: bool
    since: int


def papers(case: CaseState) -> tuple[Paper, ...]:
    """Answer every paper that somebody took in on paper, in the order of the numbers."""
    bags = _bags(case)
    numbers = sorted(no for no in case.in_hand if _is_paper(case, no))
    return tuple(_followed(case, no, bags) for no in numbers)


def waiting(case: CaseState, place: str) -> tuple[Paper, ...]:
    """Answer the papers that lie at a place and are to be handed on from there."""
    if case.state in _NEVER_SENT:
        return ()
    return tuple(p for p in papers(case) if p.place == place and not p.bag)


def under_way(case: CaseState, place: str) -> tuple[str, ...]:
    """Answer the bags that are under way to a place and that nobody there has counted."""
    bags = (field.partition(".")[2] for field in case.values if field.startswith("handover."))
    return tuple(bag for bag in sorted(bags) if _is_open(case, bag) and _to(case, bag) == place)


def is_open(case: CaseState, bag: str) -> bool:
    """Say whether a bag was handed over and not counted in yet."""
    return bool(case.map(f"handover.{bag}")) and _is_open(case, bag)


def result(case: CaseState) -> Result | None:
    """Answer where the result is; None before it was issued."""
    issued = case.map("issued")
    if not issued:
        return None
    passed = sorted(_family(case, "result_passed."), key=_at)
    last = passed[-1] if passed else issued
    place, sent = read_text(last.get("to")) or "", _at(last)
    taken = [_at(one) for one in _family(case, "result_received.") if one.get("place") == place]
    arrived = [at for at in taken if at >= sent]
    return Result(place=place, arrived=bool(arrived), since=min(arrived, default=sent))


def paper_mark(case: CaseState) -> str:
    """Answer where papers lie and where bags go, as words parted and framed by spaces.

    >>> from casework.projection import derive
    >>> paper_mark(derive({}))
    ''
    """
    if case.state in _NEVER_SENT:
        return ""
    marks = {(UNDER_WAY if p.bag else "") + p.place for p in papers(case) if p.place}
    return f" {' '.join(sorted(marks))} " if marks else ""


def result_mark(case: CaseState) -> str:
    """Answer the place at which the result waits, with `UNDER_WAY` before it has arrived."""
    found = result(case) if case.state is State.READY else None
    if found is None:
        return ""
    return found.place if found.arrived else UNDER_WAY + found.place


def counted(line: Fields) -> tuple[int, int]:
    """Answer originals and copies of a material line; electronic ones count as none."""
    copies = read_int(line.get("copies")) or 0
    form = line.get("form")
    return (copies if form == "original" else 0, copies if form == "copy" else 0)


def check_of(case: CaseState, no: int) -> Fields:
    """Answer the check of a paper as it stands; empty when what was looked at has been replaced."""
    check = case.map(f"material_check.{no}")
    seen: Value = check.get("seen")
    return check if check and same(seen, dict(case.map(f"material.{no}"))) else {}


def rejected(case: CaseState) -> tuple[int, ...]:
    """Answer the numbers of the papers that were looked at and will not do."""
    return tuple(n for n in sorted(case.in_hand) if check_of(case, n).get("result") == "rejected")


def unchecked(case: CaseState) -> tuple[int, ...]:
    """Answer the numbers of the papers that nobody has looked at since they came in."""
    looked_at = PAPER_FORMS | {"electronic"}
    lines = ((n, case.map(f"material.{n}")) for n in sorted(case.in_hand))
    return tuple(n for n, line in lines if line.get("form") in looked_at and not check_of(case, n))


def _is_paper(case: CaseState, no: int) -> bool:
    line = case.map(f"material.{no}")
    if case.text("bundle") and line.get("reused_from"):
        return False  # the one piece lies in the folder of another part of the matter
    return line.get("form") in PAPER_FORMS and bool(read_int(line.get("copies")))


def _followed(case: CaseState, no: int, bags: tuple[tuple[str, Fields], ...]) -> Paper:
    line = case.map(f"material.{no}")
    place = read_text(line.get("place")) or case.text("station")
    since, bag = _at(line) or case.instant("received") or 0, ""
    originals, copies = counted(line)
    for name, sent in bags:
        if _at(sent) < since or no not in _numbers(sent):
            continue  # the bag carried an earlier sheet of this paper, or other papers
        place, bag, since = _to(case, name), name, _at(sent)
        if taken := case.map(f"handover_received.{name}"):
            there = _row(taken, no)
            originals, copies = read_int(there.get("originals")) or 0, _copies(there)
            place, bag, since = (place if originals or copies else ""), "", _at(taken)
    return Paper(no=no, originals=originals, copies=copies, place=place, bag=bag, since=since)


def _copies(line: Fields) -> int:
    return read_int(line.get("copies")) or 0


def _bags(case: CaseState) -> tuple[tuple[str, Fields], ...]:
    found = [(n.partition(".")[2], case.map(n)) for n in case.values if n.startswith("handover.")]
    return tuple(sorted(found, key=lambda pair: (_at(pair[1]), pair[0])))


def _family(case: CaseState, prefix: str) -> Iterator[Fields]:
    return (case.map(name) for name in case.values if name.startswith(prefix))


def _is_open(case: CaseState, bag: str) -> bool:
    return not case.map(f"handover_received.{bag}")


def _to(case: CaseState, bag: str) -> str:
    return read_text(case.map(f"handover.{bag}").get("to")) or ""


def _at(evidence: Fields) -> int:
    return read_int(evidence.get("at")) or 0


def _numbers(bag: Fields) -> frozenset[int | None]:
    return frozenset(read_int(read_map(row).get("no")) for row in read_list(bag.get("lines")))


def _row(bag: Fields, no: int) -> Fields:
    rows = map(read_map, read_list(bag.get("lines")))
    return next((row for row in rows if read_int(row.get("no")) == no), {})
