"""Looking at the county's checks: every side with who, where, and when by which clock."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

import sqlalchemy as sa

from casework.conflict_rules.answers import ANSWERS
from casework.values import Value, read_list, read_map, read_text
from hub.rows import conflict, conflict_case, proposal
from hub.usecases.checking import CONTRADICTION
from hub.usecases.duplicates import DUPLICATE
from hub.usecases.projections import CheckState
from node import cases
from node.cases import Case
from node.errors import NotFound
from node.identity import authors
from node.runtime import Node
from sync.adapters.sql import Held
from sync.evidence import sealed_values
from sync.operation import Dot, Operation
from sync.record import Author

RESOLVED: Final = "case.resolved"
UNDO_MS: Final = 7 * 86_400_000
MONEY: Final = ("form.bank_account",)
"""Fields on which money hangs; a second person confirms the value that is settled for them, and for
every other answer on which the decision itself may hang (`second_person`). Which of two filings is
the main one sets no such value: the answers of the main case stay as the citizen gave them."""
_NOBODY: Final = Author("", "")
_BATCH: Final = 500


class Kind(StrEnum):
    """What a check is about."""

    FIELD = "field"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    RULE = "rule"
    """A question with answers of its own (`conflict_rules.answers`)."""


_KINDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(ANSWERS, Kind.RULE),
    DUPLICATE: Kind.DUPLICATE,
    CONTRADICTION: Kind.CONTRADICTION,
}
_CONFIRMED: Final = ("form.", "id_no")
"""Beginnings of names of the fields whose settlement a second person confirms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one place wrote.

    Attributes:
        value: as written; None where the county may not see it any more.
        claimed_at: by the device's clock.
        received_at: by the county's; None for the county's own words.
    """

    dot: str
    value: Value
    station: str
    actor: str
    claimed_at: int
    received_at: int | None
    case: str
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a check was closed; `undo_until` is the last moment for taking it back."""

    by: str
    at: int
    reason: str
    undo_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The first of two persons' word on a check on which money hangs; nothing has changed yet.

    Attributes:
        answer: as `reconcile.Answer` takes it, whole values; show it to those who may see them.
        version: `Conflict.version` that the person saw.
    """

    by: str
    at: int
    answer: Mapping[str, Any]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A check, open or closed.

    Attributes:
        case: the one to look at first: the main case where that is settled, else the oldest.
        cases: every case involved, the oldest first.
        fields: what is in question → every side.
        version: changes whenever a side does; give it back when resolving.
        second_person: money hangs on it: two persons settle it.
        proposed: what the first of them has said.
        failed: tests that an acceptance failed (V1).
    """

    id: str
    rule: str
    kind: Kind
    case: str
    cases: tuple[str, ...]
    fields: Mapping[str, tuple[Side, ...]]
    state: CheckState
    opened_at: int
    version: str
    second_person: bool
    settled: Settlement | None
    proposed: Proposal | None = None
    failed: tuple[str, ...] = ()


def list_conflicts(node: Node, *, open_only: bool) -> list[Conflict]:
    """Every check, the oldest first.

    Args:
        node: the hub.
        open_only: leave out those that were settled.
    """
    wanted = sa.select(conflict).order_by(conflict.c.opened_at, conflict.c.id)
    if open_only:
        wanted = wanted.where(conflict.c.state == CheckState.OPEN.value)
    with node.database.read() as tx:
        return _laid_out(tx, tx.execute(wanted).mappings().all())


def of_ids(tx: sa.Connection, checks: Sequence[str]) -> list[Conflict]:
    """Some checks by their ids, in that order; what is not there is left out."""
    rows: dict[str, sa.RowMapping] = {}
    for start in range(0, len(checks), _BATCH):
        where = conflict.c.id.in_(checks[start : start + _BATCH])
        rows |= {row["id"]: row for row in tx.execute(sa.select(conflict).where(where)).mappings()}
    return _laid_out(tx, [rows[check] for check in checks if check in rows])


def show(node: Node, check: str) -> Conflict:
    """One check.

    Raises:
        NotFound: there is none of this id.
    """
    with node.database.read() as tx:
        return show_in(tx, check)


def show_in(tx: sa.Connection, check: str) -> Conflict:
    """The same inside a transaction."""
    return _laid_out(tx, [row_of(tx, check)])[0]


def row_of(tx: sa.Connection, check: str) -> sa.RowMapping:
    """The row of a check.

    Raises:
        NotFound: there is none of this id.
    """
    wanted = sa.select(conflict).where(conflict.c.id == check.strip())
    row = tx.execute(wanted).mappings().first()
    if row is None:
        raise NotFound("conflict", check)
    return row


def cases_of(tx: sa.Connection, check: str) -> list[Case]:
    """The cases that a check is about, the oldest first."""
    wanted = sa.select(conflict_case.c.record).where(conflict_case.c.conflict == check)
    records = [row.record for row in tx.execute(wanted)]
    return sorted(cases.derive(tx, records), key=lambda case: case.record)


def _laid_out(tx: sa.Connection, rows: Sequence[sa.RowMapping]) -> list[Conflict]:
    links: dict[str, list[bytes]] = {row["id"]: [] for row in rows}
    ids = list(links)
    for start in range(0, len(ids), _BATCH):
        batch = conflict_case.c.conflict.in_(ids[start : start + _BATCH])
        wanted = sa.select(conflict_case).where(batch).order_by(conflict_case.c.record)
        for link in tx.execute(wanted):
            links[link.conflict].append(link.record)
    records = {record for found in links.values() for record in found}
    known = {case.record: case for case in cases.derive(tx, records)}
    sides, said = _Sides(authors(tx)), proposals(tx, list(links))
    return [
        _conflict(row, [known[r] for r in links[row["id"]]], sides, said.get(row["id"]))
        for row in rows
    ]


def proposals(tx: sa.Connection, checks: Sequence[str]) -> dict[str, Proposal]:
    """What first persons have said of some checks."""
    found: dict[str, Proposal] = {}
    for start in range(0, len(checks), _BATCH):
        where = proposal.c.conflict.in_(checks[start : start + _BATCH])
        for row in tx.execute(sa.select(proposal).where(where)):
            found[row.conflict] = Proposal(
                by=row.by, at=row.at, answer=row.answer, version=row.version
            )
    return found


def _conflict(
    row: sa.RowMapping,
    involved: Sequence[Case],
    sides: "_Sides",
    proposed: Proposal | None,
) -> Conflict:
    state = CheckState(row["state"])
    settled_id = row["id"] if state is CheckState.RESOLVED else ""
    fields = {name: tuple(sides.of(involved, name, settled_id)) for name in row["fields"]}
    ids = tuple(case.id for case in involved)
    mains = {case.state.text("main") for case in involved} & set(ids)
    kind = _KINDS.get(row["rule"], Kind.FIELD)
    return Conflict(
        id=row["id"],
        rule=row["rule"],
        kind=kind,
        case=min(mains) if mains else ids[0],
        cases=ids,
        fields=fields,
        state=state,
        opened_at=row["opened_at"],
        version=_version(row, involved),
        second_person=kind is Kind.FIELD and any(map(is_confirmed_twice, fields)),
        settled=_settlement(involved, settled_id) if settled_id else None,
        proposed=proposed,
        failed=_failed(row["id"], involved),
    )


def _failed(check: str, involved: Sequence[Case]) -> tuple[str, ...]:
    """The tests of an acceptance that failed (`casework.verification.Demand`)."""
    maps = [case.state.map(f"checking.{check}") for case in involved]
    names = {read_text(one) for known in maps for one in read_list(known.get("tests"))}
    return tuple(sorted(name for name in names if name))


def is_confirmed_twice(name: str) -> bool:
    """Whether two persons settle what a field says."""
    return name in MONEY or name.startswith(_CONFIRMED)


def _version(row: sa.RowMapping, involved: Sequence[Case]) -> str:
    """A digest of what a person who looks at the check sees: state, sides, cases."""
    seen = [row["id"], row["state"]]
    for case in involved:
        seen += [case.id, case.state.state.value]
        for name in row["fields"]:
            heads = case.evidence.heads.get(name, ())
            seen += [f"{name} {Dot(head.replica, head.seq).text}" for head in heads]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def resolution_of(case: Case, check: str) -> Operation | None:
    """The operation by which a person settled a check on a case, if it still counts."""
    refused = case.evidence.merged.refused
    found = [
        operation
        for held in case.helds
        if (operation := held.entry.operation).fact == RESOLVED
        and operation.dot not in refused
        and any(read_map(v).get("check") == check for v in operation.fields.values())
    ]
    return max(found, key=lambda operation: operation.dot.seq, default=None)


def _settlement(involved: Sequence[Case], check: str) -> Settlement | None:
    resolutions = filter(None, (resolution_of(case, check) for case in involved))
    last = max(resolutions, key=lambda operation: operation.dot.seq, default=None)
    if last is None:
        return None
    said = (read_map(v) for v in last.fields.values() if read_map(v).get("check") == check)
    reason = str(next(said).get("reason", ""))
    at = last.claimed_at
    return Settlement(by=last.actor, at=at, reason=reason, undo_until=at + UNDO_MS)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Lays out what several places wrote into one field."""

    authors: Mapping[bytes, Author]

    def of(self, involved: Sequence[Case], name: str, settled: str) -> Iterator[Side]:
        """The heads of a field; of a check that is settled (its id), what stood before."""
        for case in involved:
            held = {h.entry.operation.dot: h for h in case.helds}
            for dot in _dots(case, _stored_name(case, name), settled):
                if dot in held:
                    yield self._side(case, held[dot], _stored_name(case, name))

    def _side(self, case: Case, held: Held, name: str) -> Side:
        operation = held.entry.operation
        return Side(
            dot=operation.dot.text,
            value=_value(held, name),
            station=self.authors.get(operation.dot.replica, _NOBODY).station,
            actor=operation.actor,
            claimed_at=operation.claimed_at,
            received_at=held.interval.upper,
            case=case.id,
            fact=operation.fact,
        )


def _stored_name(case: Case, name: str) -> str:
    """`agent` stands for who the agent is, by number or else by name."""
    if name != "agent":
        return name
    return "agent.id_no" if "agent.id_no" in case.evidence.heads else "agent.name"


def _dots(case: Case, name: str, settled: str) -> list[Dot]:
    resolution = resolution_of(case, settled) if settled else None
    if resolution is not None and name in resolution.replaces:
        return [ref.dot for ref in resolution.replaces[name]]
    return [Dot(head.replica, head.seq) for head in case.evidence.heads.get(name, ())]


def _value(held: Held, name: str) -> Value:
    operation = held.entry.operation
    found = operation.fields.get(name)
    if found is None:
        found = sealed_values(operation, held).get(name)
    return cast("Value", found)
