"""The rows exchanged with systems that we cannot reach (docs/spec/exchange-files.md, R-HN-10).

Outward: one row for each accepted case. Inward: one row for each word of another system about a
case. Both are plain values here; reading and writing files is the use cases' work.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from casework import crossing
from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.errors import FieldProblem
from casework.reading import LONG, Reader
from casework.values import CHINA, Fields, Value, read_int, read_map, read_text
from casework.wording import problem

VERSION: Final = 1
CASES, CASE, HEAD, PROGRESS = "bangban.cases", "case", "head", "progress"

CLEAR: Final = (
    *("seq", "kind", "case", "temporary_number", "official_number", "item", "item_name"),
    *("item_version", "implementation_code", "department", "external_system", "station"),
    *("handling", "channel", "received_at", "accepted_at", "accepted_as", "due"),
    *("statutory_due", "state", "flags", "bundle", "refiled_from", "materials"),
)
"""Fields of class 1, in the order of the columns of a CSV file."""
PERSONAL: Final = (
    *("applicant_kind", "name", "phone", "address", "division", "id_type"),
    *("agent_name", "agent_phone", "agent_relation"),
)
"""Fields of class 2: only with a purpose that is recorded. Class 3 is never written."""
PROGRESS_FIELDS: Final = ("system", "number", "their_number", "status", "at", "remark")

_IDENTITY: Final = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_PHONE: Final = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_DIGEST: Final = 32
_PARTING: Final = "\x1f"  # texts that were read hold no control signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One word of another system about a case of ours.

    Attributes:
        system: what that system calls itself.
        number: ours: temporary, official, or ULID.
        their_number: theirs; empty where the row only tells progress.
        status: their word for how it stands; empty where the row only tells a number.
        at: when, milliseconds.
    """

    system: str
    number: str
    their_number: str
    status: str
    at: int
    remark: str

    def number_key(self, case: str) -> str:
        """Answer the key of `external.<key>`: the same number told twice is one field."""
        return _digest(case, self.system, self.their_number)

    def progress_key(self, case: str) -> str:
        """Answer the key of `progress.<key>`: a row read twice is one field."""
        return _digest(case, self.system, self.their_number, self.status, self.at, self.remark)


def is_exported(case: CaseState) -> str:
    """Say as what a case is written outward: `accepted`, `forwarded` to another county, or not.

    A case that was merged into another is not: the other one is.
    """
    if case.text("duplicate_of") or not case.text("official_number"):
        return ""
    if crossing.leaves_county(case.text("station"), case.text("handling")):
        return "forwarded"
    return "accepted" if "accepted" in case.values else ""


def case_row(
    case: CaseState, item: CatalogueItem | None, *, id_: str, seq: int, kind: str
) -> dict[str, Value]:
    """Lay a case out as the fields of class 1, each of `CLEAR`.

    Args:
        case: as it stands at the county.
        item: as it was shown to the citizen; None where the county lacks it.
        id_: its ULID.
        seq: its place in all the files.
        kind: `accepted` or `forwarded`.
    """
    accepted = case.map("accepted")
    row: dict[str, Value] = {
        "seq": seq,
        "kind": kind,
        "case": id_,
        "item_name": item.name if item else "",
        "implementation_code": item.implementation_code if item else "",
        "department": item.department if item else "",
        "external_system": item.external_system if item else "",
        "item_version": read_int(case.values.get("item_version")) or 0,
        "received_at": instant(read_int(case.map("received").get("at"))),
        "accepted_at": instant(read_int(accepted.get("at"))),
        "accepted_as": read_text(accepted.get("kind")) or "",
        "due": case.due.isoformat() if case.due else "",
        "statutory_due": case.statutory_due.isoformat() if case.statutory_due else "",
        "state": case.state.value,
        "flags": sorted(flag.value for flag in case.flags),
        "materials": _materials(case, item),
    }
    return {name: row[name] if name in row else case.text(name) for name in CLEAR}


def personal_row(case: CaseState) -> dict[str, Value]:
    """Lay out the fields of class 2, each of `PERSONAL`."""
    return {name: case.text(name.replace("agent_", "agent.")) for name in PERSONAL}


def instant(at: int | None) -> str:
    """Write an instant as RFC 3339 in the time of China; empty when there is none.

    >>> instant(1795233600000)
    '2026-11-21T12:00:00+08:00'
    """
    if at is None:
        return ""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(CHINA).isoformat(timespec="seconds")


def read_progress(row: Fields, *, now: int) -> tuple[Progress | None, tuple[FieldProblem, ...]]:
    """Read one row inward.

    Args:
        row: the JSON object, or a line of a CSV file by its columns; empty texts are absent.
        now: milliseconds; nothing was told later than that.

    Returns:
        The row, or None with every problem of it. Does not look whether there is such a case.
    """
    reader = Reader({k: v for k, v in row.items() if v != "" and k != "type"})
    reader.only(PROGRESS_FIELDS)
    read = Progress(
        system=reader.text("system"),
        number=reader.text("number"),
        their_number=reader.option("their_number"),
        status=reader.option("status"),
        at=_at(reader, now),
        remark=reader.option("remark", most=LONG),
    )
    problems = list(reader.problems)
    if not (read.their_number or read.status) and not problems:
        problems.append(problem("/status", "some", allowed="their_number、status"))
    if any(is_personal(text) for text in (read.status, read.remark, read.their_number)):
        problems.append(problem("/remark", "personal"))
    return (None if problems else read), tuple(problems)


def is_personal(text: str) -> bool:
    """Say whether a text carries a number of a person: progress is read by every place in scope."""
    return bool(_IDENTITY.search(text) or _PHONE.search(text))


def _at(reader: Reader, now: int) -> int:
    if not reader.need("at"):
        return 0
    return reader.instant("at", now=now) or 0


def _materials(case: CaseState, item: CatalogueItem | None) -> list[Value]:
    names = {m.no: m.name for m in item.materials} if item else {}
    lines = [read_map(v) for name, v in case.values.items() if name.startswith("material.")]
    numbered = sorted(lines, key=lambda line: read_int(line.get("no")) or 0)
    return [_material(line, names) for line in numbered if line]


def _material(line: Fields, names: Mapping[int, str]) -> dict[str, Value]:
    no = read_int(line.get("no")) or 0
    return {
        "no": no,
        "name": names.get(no, ""),
        "form": read_text(line.get("form")) or "",
        "copies": read_int(line.get("copies")) or 0,
    }


def _digest(*parts: str | int) -> str:
    written = _PARTING.join(map(str, parts))
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGEST]
