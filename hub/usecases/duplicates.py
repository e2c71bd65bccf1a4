"""One matter filed twice (C1, C2, C32): found by keyed hashes, settled by rule.

The outcome is computed over the whole group each time it changes, so that the order of arrival
plays no part. Where a deciding answer differs a person is asked, and what the rule had merged
before is taken back until then. What a person has settled stays settled. Papers and photos that
only a duplicate has are added to the main case, and taken back with the merge.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.conflict_rules import filings
from casework.conflict_rules.matter import Matter
from casework.facts import Act
from casework.reconciliation import Duplicates, DuplicateVerdict, Filing, duplicates, filing_of
from casework.values import Value, read_date
from hub.usecases import groups, missing
from hub.usecases.checking import open_check
from hub.usecases.matters import Almanac
from hub.usecases.sitting import SYSTEM, Sitting
from node.cases import Case
from node.ledger import CaseAct
from node.tables import case as case_table

DUPLICATE: Final = "C1"
ONLINE: Final = "C32"
MERGED: Final = "case.merged"
_EVER_DAYS: Final = 100 * 366
"""The window of an item that the same person files once in a life."""
_MOST: Final = 64
"""Filings of one group that are compared; more than that are no accident, and a person looks."""
_BATCH: Final = 500
_NO_KEY: Final = "none"
_GROUNDS: Final = frozenset(
    {"received", "accepted", "division", "agent.id_no", "agent.name", "withdrawn"}
)
"""Fields beside the form's answers on which it hangs whether two filings are one matter."""


def find(almanac: Almanac, touched: Sequence[Case]) -> list[CaseAct]:
    """Settle, or put before a person, the matters that some cases belong to."""
    sitting = almanac.sitting
    keys = set(_write_keys(sitting, touched).values())
    _lock(sitting.tx, keys)
    known = {case.record: case for case in touched}
    found = dict(_groups(sitting.tx, keys))
    _know(sitting, known, found)
    online = _online_groups(sitting, list(known.values()))
    _know(sitting, known, online)
    more = {key for r in _flat(online) if (key := group_key(sitting, known[r]))} - keys
    found |= _groups(sitting.tx, more)
    _know(sitting, known, found)
    acts: list[CaseAct] = []
    redeemed: set[bytes] = set()
    for key in sorted(online):
        merged = list(_redeemed_twice(almanac, key, [known[r] for r in online[key][:_MOST]]))
        redeemed.update(*(one.cases for one in merged))
        acts += [act for one in merged for act in one.acts]
    for key in sorted(found):
        members = [known[record] for record in found[key][:_MOST]]
        acts += _of_group(almanac, (key, redeemed), members, crowded=len(found[key]) > _MOST)
    return acts


def _know(
    sitting: Sitting, known: dict[bytes, Case], found: Mapping[bytes, Sequence[bytes]]
) -> None:
    lacking = set(_flat(found)) - known.keys()
    known |= {case.record: case for case in sitting.derive(lacking)}


def _flat(found: Mapping[bytes, Sequence[bytes]]) -> Iterator[bytes]:
    return (record for records in found.values() for record in records[:_MOST])


def _online_groups(sitting: Sitting, touched: Sequence[Case]) -> Mapping[bytes, list[bytes]]:
    """Cases that redeem one online application: key → records."""
    named = (case for case in touched if case.state.text("online_ref"))
    keys = {found["online"] for case in named if (found := groups.keys_of(sitting, case))}
    crowds = groups.crowds(sitting.tx, keys) if keys else {}
    return {key: records for (_, key), records in crowds.items()}


@dataclass(frozen=True, slots=True)
class _Redeemed:
    """What C32 has settled: the cases, and what is to be written about them."""

    cases: frozenset[bytes]
    acts: tuple[CaseAct, ...]


def _redeemed_twice(almanac: Almanac, key: bytes, members: Sequence[Case]) -> Iterator[_Redeemed]:
    """C32: the first redemption goes on, unless all are one person's matter, which C1 settles.

    Where one person's answers differ from each other, a person is asked about those first (C1).
    """
    people: dict[bytes, list[Case]] = {}
    for case in members:
        people.setdefault(group_key(almanac.sitting, case) or case.record, []).append(case)
    found = filings.online(_filings(members))
    if len(people) < 2 or found is None or any(map(_is_asked(almanac), people.values())):  # noqa: PLR2004
        return
    by_id = {case.id: case for case in members}
    standing = [_Standing.of(by_id[name]) for name in found.cases]
    if not any(one.by_person or _is_waited_for(almanac.sitting, one.case) for one in standing):
        acts = tuple(_merge(almanac, key, found, standing, rule=ONLINE))
        yield _Redeemed(frozenset(one.case.record for one in standing), acts)


def _is_asked(almanac: Almanac) -> Callable[[Sequence[Case]], bool]:
    def asked(cases: Sequence[Case]) -> bool:
        found = duplicates(_filings(cases), window_days=_window(almanac, cases))
        return any(filings.asks(matter) for matter in found)

    return asked


def _write_keys(sitting: Sitting, touched: Sequence[Case]) -> dict[bytes, bytes]:
    """Write the group of each case whose applicant can be told; record → key."""
    keys = {case.record: key for case in touched if (key := group_key(sitting, case))}
    rows = [{"r": record, "k": key} for record, key in keys.items()]
    if rows:
        t = case_table.c
        statement = sa.update(case_table).where(t.record == sa.bindparam("r"))
        sitting.tx.execute(statement.values(group_key=sa.bindparam("k")), rows)
    return keys


def group_key(sitting: Sitting, case: Case) -> bytes | None:
    """The keyed hash of applicant and item; None where the county cannot tell the applicant."""
    state = case.state
    number, item = state.text("id_no"), state.text("item")
    if not number or not item or state.text("id_type") == _NO_KEY:
        return None
    return sitting.key("applicant and item", state.text("id_type"), number, item)


def _lock(tx: sa.Connection, keys: Collection[bytes]) -> None:
    """Take the rule keys in order, so that no two workers each miss the other's half."""
    if tx.dialect.name != "postgresql":
        return
    for key in sorted(set(keys)):
        number = int.from_bytes(key[:8], signed=True)
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _groups(tx: sa.Connection, keys: set[bytes]) -> Mapping[bytes, list[bytes]]:
    """The groups with more than one case: key → records in the order of their ids."""
    t = case_table.c
    found: dict[bytes, list[bytes]] = {}
    listed = sorted(keys)
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        crowds = (
            sa.select(t.group_key)
            .where(t.group_key.in_(batch))
            .group_by(t.group_key)
            .having(sa.func.count() > 1)
        )
        rows = tx.execute(
            sa.select(t.group_key, t.record).where(t.group_key.in_(crowds)).order_by(t.record)
        )
        for row in rows:
            found.setdefault(bytes(row.group_key), []).append(bytes(row.record))
    return found


def _of_group(
    almanac: Almanac,
    named: tuple[bytes, Collection[bytes]],
    members: Sequence[Case],
    *,
    crowded: bool,
) -> Iterator[CaseAct]:
    """C1 in one group; `named`: its key, and the cases that C32 has settled."""
    sitting, (key, redeemed) = almanac.sitting, named
    if crowded:
        for case in members:
            yield from open_check(sitting, case, DUPLICATE, rule_key=key, fields={"main"})
        return
    by_id = {case.id: case for case in members}
    for matter in duplicates(_filings(members), window_days=_window(almanac, members)):
        standing = [_Standing.of(by_id[name]) for name in matter.cases]
        if any(_is_waited_for(sitting, one.case) for one in standing):
            continue  # it is looked at again when the gap has closed
        free = [one for one in standing if one.case.record not in redeemed]
        if len(free) == len(standing):
            yield from _of_matter(almanac, key, matter, standing)
        elif free:
            yield from _beside_online(almanac, key, matter, standing, free)


def _window(almanac: Almanac, members: Sequence[Case]) -> int:
    items = (almanac.sitting.item(case) for case in members)
    once = any(item is not None and item.once_only for item in items)
    return _EVER_DAYS if once else almanac.clock.settings.duplicate_window_days


def _is_waited_for(sitting: Sitting, case: Case) -> bool:
    """Whether an answer on which the outcome hangs is known to be missing."""
    waiting = missing.fields_waiting(sitting, case)
    return any(name in _GROUNDS or name.startswith("form.") for name in waiting)


def _filings(members: Sequence[Case]) -> list[Filing]:
    """The filings that are still to be compared: what was merged into an ended case is not."""
    filings = {c.id: f for c in members if (f := filing_of(c.id, c.state)) is not None}
    ended = {name for name, filing in filings.items() if not filing.open}
    return [filings[c.id] for c in members if c.id in filings and c.state.text("main") not in ended]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What has been settled about a case so far; `by_person`: not by rule."""

    case: Case
    main: str
    duplicate_of: str
    by_person: bool

    @classmethod
    def of(cls, case: Case) -> "_Standing":
        """Read it off the case."""
        heads = case.evidence.heads.get("main", ())
        by_person = any(head.actor != SYSTEM for head in heads)
        return cls(case, case.state.text("main"), case.state.text("duplicate_of"), by_person)


def _of_matter(
    almanac: Almanac, key: bytes, matter: Duplicates, standing: Sequence[_Standing]
) -> Iterator[CaseAct]:
    if any(one.by_person for one in standing):
        if not all(one.main for one in standing):
            yield from _ask(almanac.sitting, key, matter, standing)
        else:
            yield from _late_papers(almanac, standing)
    elif matter.verdict is DuplicateVerdict.AUTOMATIC:
        yield from _merge(almanac, key, matter, standing)
    else:
        for one in standing:
            if one.main:
                cleared: dict[str, Value] = {"main": None, "duplicate_of": None}
                gone = filings.uncopied(almanac.matter(one.case), matter.cases)
                yield CaseAct(one.case.record, Act(MERGED, cleared | gone))
        yield from _ask(almanac.sitting, key, matter, standing)


def _beside_online(
    almanac: Almanac,
    key: bytes,
    matter: Duplicates,
    standing: Sequence[_Standing],
    free: Sequence[_Standing],
) -> Iterator[CaseAct]:
    """Ask where a filing without the online number may be the one that C32 has settled."""
    if any(one.by_person for one in free):
        return
    cleared: dict[str, Value] = {"main": None, "duplicate_of": None}
    yield from (CaseAct(one.case.record, Act(MERGED, cleared)) for one in free if one.main)
    yield from _ask(almanac.sitting, key, matter, standing)


def _late_papers(almanac: Almanac, standing: Sequence[_Standing]) -> Iterator[CaseAct]:
    """Papers that come to a duplicate after a person has merged it go over as well."""
    for one in standing:
        others = [x.case for x in standing if x.duplicate_of == one.case.id]
        if one.main == one.case.id and others:
            more = copied(almanac, one.case, others)
            if more:
                yield CaseAct(
                    one.case.record, Act(MERGED, merged_fields(one.main, one.main) | more)
                )


def copied(almanac: Almanac, main: Case, others: Sequence[Case]) -> dict[str, Value]:
    """What only the duplicates have, as fields of the main case (see `filings.copied`)."""
    return filings.copied(almanac.matter(main), [almanac.matter(other) for other in others])


def _ask(
    sitting: Sitting, key: bytes, matter: Duplicates, standing: Sequence[_Standing]
) -> Iterator[CaseAct]:
    fields = set(matter.differing) or {"main"}
    for one in standing:
        yield from open_check(sitting, one.case, DUPLICATE, rule_key=key, fields=fields)


def _merge(
    almanac: Almanac,
    key: bytes,
    matter: Duplicates,
    standing: Sequence[_Standing],
    *,
    rule: str = DUPLICATE,
) -> Iterator[CaseAct]:
    for one in standing:
        duplicate_of = "" if one.case.id == matter.main else matter.main
        changed = (one.main, one.duplicate_of) != (matter.main, duplicate_of)
        fields = merged_fields(matter.main, one.case.id)
        if not duplicate_of:
            others = [x.case for x in standing if x.case.id != matter.main]
            more = copied(almanac, one.case, others)
            more |= _promise(almanac.sitting, key, matter, one.case)
            changed = changed or bool(more)
            fields |= more
            yield from telling(almanac, rule, one.case, others)
        if changed:
            yield CaseAct(one.case.record, Act(MERGED, fields))


def telling(almanac: Almanac, rule: str, main: Case, others: Sequence[Case]) -> Iterator[CaseAct]:
    """What the citizen is told about a merge, unless he was told already."""
    matters: list[Matter] = [almanac.matter(other) for other in others]
    told = filings.told(rule, almanac.matter(main), matters)
    act = told.act(main.state, almanac.pen(main))
    if act is not None:
        yield CaseAct(main.record, act)


def merged_fields(main: str, case: str) -> dict[str, Value]:
    """What `case.merged` says on a case of a matter."""
    return {"main": main, "duplicate_of": None if case == main else main}


def _promise(sitting: Sitting, key: bytes, matter: Duplicates, main: Case) -> dict[str, Value]:
    """The earlier day promised anywhere binds the main case too (C2, C8)."""
    stands, name = main.state.due, f"promise.{sitting.check_id(DUPLICATE, key)}"
    written = read_date(main.state.map(name).get("due"))  # it waits for the acceptance
    if matter.due is None or any(day and day <= matter.due for day in (stands, written)):
        return {}
    return {name: {"due": matter.due.isoformat(), "at": sitting.at.now}}
