"""Taking in what other systems say of our cases (docs/spec/exchange-files.md, R-HN-19a).

Each row becomes facts of the county, which go down to the stations like all others. A row that
was read before is known by what it says: read again, it writes nothing. A row never moves a case:
what another system decides is entered by whoever may decide here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import sqlalchemy as sa

from casework import acts, exchange_files, near_numbers
from casework.errors import ActRefused, FieldProblem
from casework.exchange_files import Progress
from casework.values import Value
from casework.wording import problem
from hub.usecases import exchange_writing
from node import acting, case_links, feeding, ledger
from node.cases import Case
from node.errors import CasePruned, CaseUnknown
from node.ledger import CaseAct
from node.people import Account
from node.runtime import Node

_BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not taken, with why."""

    line: int
    problems: tuple[FieldProblem, ...]


@dataclass(slots=True)
class Imported:
    """What became of a file.

    Attributes:
        taken: lines that wrote something.
        known: lines that had been taken before.
        cases: ULIDs of the cases they are about.
    """

    taken: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    cases: set[str] = field(default_factory=set)


def import_file(node: Node, data: bytes, *, is_csv: bool, account: Account) -> Imported:
    """Take a file in, line by line: a line that is refused stops no other.

    Args:
        node: the hub.
        data: of the file.
        is_csv: whether it is a table; else JSON Lines.
        account: who takes it in.

    Raises:
        InvalidInput: it cannot be read as a file at all; nothing was written.
        Busy, DiskFull: the lines told before stand; the file may be read again.
    """
    rows = exchange_writing.read(data, is_csv=is_csv)
    done = Imported()
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]

        def work(tx: sa.Connection, batch: Sequence[_Line] = batch) -> Imported:
            return _take_batch(tx, node, batch, account)

        _add(done, node.database.run(work))
    return done


_Line = tuple[int, Mapping[str, Value] | None]


def _add(done: Imported, more: Imported) -> None:
    done.taken += more.taken
    done.known += more.known
    done.refused += more.refused
    done.cases |= more.cases


def _take_batch(
    tx: sa.Connection, node: Node, batch: Sequence[_Line], account: Account
) -> Imported:
    feeding.lock_counters(tx)
    done = Imported()
    for line, row in batch:
        try:
            wrote, case = _take(tx, node, _read(row, now=node.clock.now_ms()), account)
        except ActRefused as refused:
            done.refused.append(Refused(line, tuple(refused.errors)))
            continue
        done.cases.add(case)
        done.taken += wrote
        done.known += not wrote
    return done


def _read(row: Mapping[str, Value] | None, *, now: int) -> Progress:
    if row is None:
        raise ActRefused([problem("", "type", zh="这一行", en="This line")])
    read, problems = exchange_files.read_progress(row, now=now)
    if read is None:
        raise ActRefused(problems)
    return read


def _take(tx: sa.Connection, node: Node, told: Progress, account: Account) -> tuple[bool, str]:
    """Write what a row says that is not known yet; whether there was anything, and of which case.

    Raises:
        ActRefused: there is no such case, or this person may not.
    """
    case = _case(tx, told.number)
    wrote = False
    for verb, key, fields in _facts(told, case.id):
        if f"{_FIELD[verb]}.{key}" not in case.state.values:
            _write(tx, node, case, verb, key=key, fields=fields, account=account)
            wrote = True
    return wrote, case.id


_FIELD: Final = {"note_external": "external", "note_progress": "progress"}


def _facts(told: Progress, case: str) -> list[tuple[str, str, dict[str, Value]]]:
    found: list[tuple[str, str, dict[str, Value]]] = []
    if told.their_number:
        number: dict[str, Value] = {"system": told.system, "number": told.their_number}
        found.append(("note_external", told.number_key(case), number))
    if told.status:
        at = exchange_files.instant(told.at)
        progress: dict[str, Value] = {"system": told.system, "status": told.status, "at": at}
        more: dict[str, Value] = {"remark": told.remark} if told.remark else {}
        found.append(("note_progress", told.progress_key(case), progress | more))
    return found


def _write(  # noqa: PLR0913  # an act has these parts
    tx: sa.Connection,
    node: Node,
    case: Case,
    verb: str,
    *,
    key: str,
    fields: Mapping[str, Value],
    account: Account,
) -> None:
    """Do one act under a key that its content gives it."""
    me, at = node.identity_in(tx), node.moment(tx)
    item = acting.item_of(tx, node, case.state)
    situation = acting.context(tx, node, me, at, item=item, account=account)
    done = acts.perform(verb, case.state, fields, replace(situation, new_id=lambda: key))
    ledger.write(tx, me, [CaseAct(case.record, done)], actor=account.login, at=at)


def _case(tx: sa.Connection, number: str) -> Case:
    try:
        return acting.load(tx, acting.find_case(tx, number))
    except (CaseUnknown, CasePruned):
        raise ActRefused([_unknown(tx, number)]) from None


def _unknown(tx: sa.Connection, number: str) -> FieldProblem:
    if not near_numbers.is_miscopied(number):
        return problem("/number", "no_case", en=number)
    near = case_links.nearest(tx, number)
    return problem("/number", "no_case_check", en=number, near="、".join(near) or "-")
