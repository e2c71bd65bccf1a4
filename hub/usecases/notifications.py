"""What citizens are to be told: a table beside `told.*`, drained to a file or a command.

The words stand in the log (`case.citizen_told`), so that the table can be made anew; what has gone
out stands in the table alone and outlives a rebuild. Who has no mobile number stands on the list
of those to be called. A message that failed is tried again with the next drain.
"""

import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from casework.messages import compose, is_mobile
from casework.values import Fields, read_int, read_text
from hub.rows import notification
from node import settings
from node.cases import Case
from node.output import as_json
from node.runtime import Node
from node.tables import case as case_table

TOLD: Final = "told."
MOST_TRIES: Final = 5
_COMMAND_SECONDS: Final = 60
_SCHEDULE: Final = "notices"


class Way(StrEnum):
    """How somebody is told."""

    SMS = "sms"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to a citizen.

    Attributes:
        case: text of the case's id.
        number: where it goes; of a phone call perhaps a landline, or empty.
        told_at: when the rule or the person said so, milliseconds.
        reached_at: when somebody wrote that the person was reached; None while nobody has.
    """

    id: int
    case: str
    rule: str
    text: str
    way: Way
    number: str
    station: str
    told_at: int
    sent_at: int | None
    reached_at: int | None
    tries: int


def project(tx: sa.Connection, found: Iterable[Case]) -> None:
    """Write what some cases say is to be told; what has gone out stays as it is."""
    for case in found:
        names = [name for name in case.state.values if name.startswith(TOLD)]
        if names:
            known = _known(tx, case.record)
            rows = [_row(case, name) for name in names if name not in known]
            if rows:
                tx.execute(sa.insert(notification), rows)
            _note_reached(tx, case)


def _known(tx: sa.Connection, record: bytes) -> set[str]:
    n = notification.c
    return set(tx.scalars(sa.select(n.name).where(n.record == record)))


def _row(case: Case, name: str) -> dict[str, object]:
    state, said = case.state, case.state.map(name)
    number = read_text(said.get("to")) or _number(case)
    by_phone = said.get("channel") == Way.PHONE or not is_mobile(number)
    official = state.text("official_number") or state.text("temporary_number")
    return {
        "record": case.record,
        "name": name,
        "rule": read_text(said.get("rule")) or "",
        "text": compose(state.text("name"), official, read_text(said.get("text")) or ""),
        "way": (Way.PHONE if by_phone else Way.SMS).value,
        "number": number,
        "told_at": read_int(said.get("at")) or 0,
    }


def _number(case: Case) -> str:
    """Each case keeps its own number (C11); of an agent's case the agent's where there is none."""
    return case.state.text("phone") or case.state.text("agent.phone")


def _note_reached(tx: sa.Connection, case: Case) -> None:
    """Whoever was reached about a message needs no call any more."""
    for name, told in _reached(case):
        n = notification.c
        where = (n.record == case.record, n.name == name, n.reached_at.is_(None))
        at = read_int(told.get("at")) or 0
        tx.execute(sa.update(notification).where(*where).values(reached_at=at))


def _reached(case: Case) -> Iterator[tuple[str, Fields]]:
    for name in case.state.values:
        told = case.state.map(name)
        if name.startswith("notified.") and told.get("reached") is True:
            about = read_text(told.get("about")) or ""
            yield (about if about.startswith(TOLD) else f"{TOLD}{about}"), told


def clear(tx: sa.Connection) -> None:
    """Forget what no case says any more; nothing is sent twice after a rebuild."""
    records = sa.select(case_table.c.record)
    tx.execute(sa.delete(notification).where(notification.c.record.not_in(records)))


def listed(node: Node, *, way: Way | None = None, open_only: bool = True) -> list[Notice]:
    """The messages, the oldest first.

    Args:
        node: the hub.
        way: only those of this way.
        open_only: leave out what has gone out, and calls that reached the person.
    """
    with node.database.read() as tx:
        return [_notice(row) for row in tx.execute(_wanted(way, open_only=open_only))]


def _wanted(way: Way | None, *, open_only: bool) -> sa.Select[tuple[object, ...]]:
    n, c = notification.c, case_table.c
    found = sa.select(notification, c.id.label("case_id"), c.station).join(
        case_table, c.record == n.record
    )
    if way is not None:
        found = found.where(n.way == way.value)
    if open_only:
        found = found.where(n.sent_at.is_(None), n.reached_at.is_(None))
    return found.order_by(n.id)


def _notice(row: sa.Row[tuple[object, ...]]) -> Notice:
    return Notice(
        id=row.id,
        case=row.case_id,
        rule=row.rule,
        text=row.text,
        way=Way(row.way),
        number=row.number,
        station=row.station,
        told_at=row.told_at,
        sent_at=row.sent_at,
        reached_at=row.reached_at,
        tries=row.tries,
    )


@dataclass(frozen=True, slots=True)
class Drained:
    """What a drain did."""

    sent: int
    failed: int
    to_call: int


Sink = Callable[[Mapping[str, object]], bool]


def drain(node: Node, sink: Sink) -> Drained:
    """Give every short message that has not gone out to a sink, in order.

    A message counts as gone out when the sink has taken it for certain; a machine that stops in
    between gives the last one again: a message twice is better than none.

    Args:
        node: the hub.
        sink: answers whether it took the message.
    """
    sent = failed = 0
    for one in [n for n in listed(node, way=Way.SMS) if n.tries < MOST_TRIES]:
        taken = sink(document(one))
        _note_try(node, one.id, taken=taken)
        sent, failed = sent + taken, failed + (not taken)
    return Drained(sent, failed, len(to_call(node)))


def to_call(node: Node) -> list[Notice]:
    """Who is to be called: no mobile number, a message for a person to bring, or it never went."""
    failed = [n for n in listed(node, way=Way.SMS) if n.tries >= MOST_TRIES]
    return sorted([*listed(node, way=Way.PHONE), *failed], key=lambda one: one.id)


def document(one: Notice) -> dict[str, object]:
    """A message as the outbox file has it (docs/operations/conflicts.md)."""
    return {"id": one.id, "to": one.number, "text": one.text, "rule": one.rule, "case": one.case}


def _note_try(node: Node, id_: int, *, taken: bool) -> None:
    n = notification.c
    with node.database.write() as tx:
        values: dict[str, object] = {"tries": n.tries + 1}
        if taken:
            values["sent_at"] = node.clock.now_ms()
        tx.execute(sa.update(notification).where(n.id == id_).values(values))


def into_file(path: Path) -> Sink:
    """A sink that appends each message as one line of JSON; the file is this person's alone."""

    def take(message: Mapping[str, object]) -> bool:
        path.touch(mode=0o600, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(as_json(message) + "\n")
        return True

    return take


def into_command(command: str) -> Sink:
    """A sink that gives each message as JSON on the standard input of a program.

    Args:
        command: path of the program, started without a shell and without arguments.
    """

    def take(message: Mapping[str, object]) -> bool:
        text = as_json(message) + "\n"
        try:
            done = subprocess.run(  # noqa: S603  # the administrator named the program
                [command], input=text.encode(), timeout=_COMMAND_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0

    return take


def schedule(node: Node, *, file: str, command: str) -> None:
    """Say where messages go by themselves while the hub serves; both empty: nowhere.

    Args:
        node: the hub.
        file: path of the outbox.
        command: path of the program.
    """
    with node.database.write() as tx:
        settings.put(tx, _SCHEDULE, {"file": file, "command": command}, now=node.clock.now_ms())


def drain_as_scheduled(node: Node) -> Drained | None:
    """Drain to where the county has said; None where it has not."""
    with node.database.read() as tx:
        to = settings.get(tx, _SCHEDULE, {"file": "", "command": ""})
    if to["command"]:
        return drain(node, into_command(to["command"]))
    return drain(node, into_file(Path(to["file"]))) if to["file"] else None
