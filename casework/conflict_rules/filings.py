"""One matter filed twice (C1, C2) or one online application redeemed twice (C32).

Which case goes on is `casework.reconciliation`; here is what follows: papers that only the
duplicate has are added to the main case (nothing is lost), and what the citizen is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from casework.conflict_rules.findings import Told
from casework.conflict_rules.matter import Matter
from casework.fact_shapes import FORMS
from casework.places import township_of
from casework.reconciliation import Duplicates, DuplicateVerdict, Filing
from casework.values import Fields, Value

FROM: Final = "from"
"""Key in a line of papers: the case that it was copied from."""
_ATTACHMENTS: Final = ("attachment.", "attachment_key.")
TOLD: Final[Mapping[str, str]] = {
    "C1": "您在两处提交了同一事项，已合并办理，不用再交一次。",
    "C2": "您先前在村站交的材料已找到并入，时限按先受理的算。",
    "C32": "您网上报的这一件已有一处收件，不用再交一次。",
}


def online(filings: Iterable[Filing]) -> Duplicates | None:
    """C32: the first redemption goes on, the others become notes of it.

    Args:
        filings: every case that redeems one online application, in any order, repeated or not.
    """
    found = sorted({f.case: f for f in filings if f.open}.values(), key=_by_receipt)
    if len(found) < 2:  # noqa: PLR2004
        return None
    return Duplicates(
        main=found[0].case,
        others=tuple(sorted(f.case for f in found[1:])),
        due=min((f.due for f in found if f.due), default=None),
        differing=(),
    )


def _by_receipt(filing: Filing) -> tuple[int, str]:
    return filing.received_at, filing.case


def told(rule: str, main: Matter, others: Sequence[Matter]) -> Told:
    """What the citizen is told about a merge, on the main case.

    Args:
        rule: C1 or C32; C1 between a village and its own township is C2.
        main: the case that goes on.
        others: those closed as duplicates.
    """
    stations = {m.station for m in (main, *others)}
    towns = {township_of(code) for code in stations if code}
    within = len(towns) == 1 and towns <= stations and len(stations) > 1
    named = "C2" if rule == "C1" and within else rule
    return Told(named, main.id, TOLD[named])


def copied(main: Matter, others: Iterable[Matter]) -> dict[str, Value]:
    """Answer papers and photos that only the duplicates have, as fields of the main case.

    Args:
        main: the case that goes on.
        others: its duplicates, in any order. Papers go over by name, photos by reference.
    """
    found: dict[str, Value] = {}
    taken = set(main.case.in_hand)
    for other in sorted(others, key=lambda matter: matter.id):
        numbers = _numbers(main, other)
        lines = _lines(other, numbers, taken)
        found |= {name: {**line, FROM: other.id} for name, line in lines.items()}
        taken |= {int(name[9:]) for name in lines}
        found |= _photos(main, other, set(numbers))
    return found


def _numbers(main: Matter, other: Matter) -> Mapping[int, int]:
    """Number of a paper in the duplicate → in the main case."""
    if main.item is None or other.item is None or main.item == other.item:
        return {no: no for no in other.case.in_hand}
    known = {m.name: m.no for m in main.item.materials}
    return {m.no: known[m.name] for m in other.item.materials if m.name in known}


def _lines(other: Matter, numbers: Mapping[int, int], taken: set[int]) -> dict[str, Fields]:
    found: dict[str, Fields] = {}
    for no in sorted(other.case.in_hand & numbers.keys()):
        line = other.case.map(f"material.{no}")
        if line.get("form") in FORMS and numbers[no] not in taken:
            found[f"material.{numbers[no]}"] = {**line, "no": numbers[no]}
    return found


def _photos(main: Matter, other: Matter, numbers: set[int]) -> dict[str, Value]:
    held = {
        main.case.map(name).get("hash")
        for name in main.case.values
        if name.startswith(_ATTACHMENTS)
    }
    found: dict[str, Value] = {}
    for key, photo in other.family("attachment."):
        if photo.get("hash") not in held and photo.get("material") in numbers:
            found[f"attachment.{key}"] = {**photo, FROM: other.id}
            secret = other.head(f"attachment_key.{key}")
            if secret is not None and isinstance(secret.value, str | bytes):
                found[f"attachment_key.{key}"] = secret.value
    return found


def uncopied(main: Matter, others: Iterable[str]) -> dict[str, Value]:
    """Answer what takes copied papers back, where cases turn out to be two matters after all.

    Args:
        main: the case that they were copied to.
        others: cases that are no duplicates of it any more.
    """
    gone = set(others)
    return {
        name: None
        for name in sorted(main.case.values)
        if name.startswith(("material.", "attachment.")) and main.case.map(name).get(FROM) in gone
    }


def asks(matter: Duplicates) -> bool:
    """Say whether a person is asked."""
    return matter.verdict is DuplicateVerdict.ASK
