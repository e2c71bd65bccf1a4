"""Reading what people and programs give: one reader that collects every problem with its place."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from casework.errors import FieldProblem
from casework.places import is_station_code
from casework.values import Fields, Value, read_int, read_list, read_map
from casework.wording import problem, step

SHORT: Final = 200
LONG: Final = 2000
_PHONE: Final = re.compile(r"\+?[0-9]{7,20}", re.ASCII)
_DIGITS: Final = re.compile(r"[0-9]{4,40}", re.ASCII)
_NOISE: Final = re.compile(r"[\s\-()]+")

LARGEST: Final = 2**53 - 1
"""The largest number that every JSON reader holds exactly."""
_DEPTH: Final = 6

LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "item": ("事项", "item"),
    "channel": ("怎么来的", "channel"),
    "applicant": ("申请人", "applicant"),
    "kind": ("个人还是单位", "kind of applicant"),
    "name": ("姓名", "name"),
    "id_type": ("证件类型", "kind of document"),
    "id_no": ("证件号码", "number of the document"),
    "phone": ("电话", "phone"),
    "address": ("地址", "address"),
    "division": ("所在村（社区）", "division"),
    "agent": ("代办人", "agent"),
    "relation": ("与申请人的关系", "relation"),
    "entrustment": ("授权委托书", "letter of entrustment"),
    "form": ("表单（形式）", "form"),
    "pickup": ("取件方式", "way of fetching"),
    "materials": ("材料", "materials"),
    "commitment": ("承诺", "commitment"),
    "deficiency": ("容缺承诺", "promise of papers"),
    "no": ("材料序号", "number of the material"),
    "copies": ("份数", "copies"),
    "original_seen": ("已核原件", "original seen"),
    "originals": ("原件份数", "originals"),
    "promise": ("告知承诺", "inform-and-promise"),
    "correction": ("一次告知补正", "notice of what to put right"),
    "read_aloud": ("念给申请人听", "terms read to the applicant"),
    "doubt": ("哪里不符合条件", "doubt about the conditions"),
    "defects": ("形式核查", "formal check"),
    "defect": ("缺什么", "defect"),
    "cure": ("怎么补", "cure"),
    "serial": ("证号", "serial number"),
    "representative": ("法定代表人", "representative"),
    "bundle": ("一件事", "matter it belongs to"),
    "online_ref": ("网上申请编号", "number of the online application"),
    "system": ("哪个系统", "system"),
    "number": ("我们的编号", "our number"),
    "their_number": ("那边的编号", "their number"),
    "status": ("进度", "progress"),
    "at": ("时间", "time"),
    "remark": ("说明", "remark"),
    "handling": ("在哪里办", "where it is handled"),
    "reused_from": ("用的哪一份", "where the piece lies"),
    "refiled_from": ("上一次办的那件", "case filed again"),
    "actor": ("经办人", "actor"),
    "claimed_at": ("办理时间", "time"),
}


@dataclass(slots=True)
class Reader:
    """One JSON object being read, with where it stands and what was wrong so far."""

    value: Fields
    pointer: str = ""
    problems: list[FieldProblem] = field(default_factory=list)

    def refuse(self, name: str, code: str, **parts: object) -> None:
        """Note a problem with one field."""
        zh, en = LABELS.get(name, (name, name))
        at = f"{self.pointer}/{step(name)}" if name else self.pointer
        self.problems.append(problem(at, code, **({"zh": zh, "en": en} | parts)))

    def only(self, names: Collection[str]) -> None:
        """Refuse fields of other names: a mistyped one would be lost without a word."""
        for name in self.value:
            if name not in names:
                self.refuse(name, "unknown", en=name)

    def has(self, name: str) -> bool:
        """Say whether the field is given and not null."""
        return self.value.get(name) is not None

    def need(self, name: str) -> bool:
        """Say whether the field is given; note it when it is not."""
        if not self.has(name):
            self.refuse(name, "missing")
        return self.has(name)

    def option(self, name: str, *, most: int = SHORT) -> str:
        """Read an optional text in NFC, trimmed; empty when absent or wrong."""
        given = self.value.get(name)
        if given is None:
            return ""
        if not isinstance(given, str):
            self.refuse(name, "type")
            return ""
        text = unicodedata.normalize("NFC", given.strip())
        if len(text) > most:
            self.refuse(name, "length", most=most)
        if any(_is_control(c) for c in (text if most == SHORT else text.replace("\n", ""))):
            self.refuse(name, "control")
        return text

    def text(self, name: str, *, most: int = SHORT) -> str:
        """Read a text that must be there."""
        text = self.option(name, most=most)
        if not text and not isinstance(self.value.get(name), int | float | list | dict):
            self.refuse(name, "missing")
        return text

    def choice(self, name: str, allowed: Collection[str], *, default: str = "") -> str:
        """Read one of the allowed words; `default` when absent, a problem when there is none."""
        if default and not self.has(name):
            return default
        before = len(self.problems)
        text = self.text(name)
        if len(self.problems) == before and text not in allowed:
            self.refuse(name, "choice", allowed="、".join(allowed))
        return text

    def truth(self, name: str) -> bool:
        """Read an optional truth value; false when absent."""
        given = self.value.get(name, False)
        if not isinstance(given, bool):
            self.refuse(name, "type")
        return given is True

    def integer(self, name: str) -> int:
        """Read an integer that must be there; 0 when it is not."""
        number = read_int(self.value.get(name))
        if number is None or abs(number) > LARGEST:
            self.refuse(name, "type" if self.has(name) else "missing")
            return 0
        return number

    def plain(self, name: str) -> Value:
        """Read a value of any shape that an operation can carry, its texts in NFC."""
        try:
            return _plain(self.value.get(name), _DEPTH)
        except _NotPlain:
            self.refuse(name, "type")
            return None

    def count(self, name: str, *, default: int | None = None) -> int:
        """Read a number of copies, 0 to 999."""
        if default is not None and not self.has(name):
            return default
        number = self.integer(name)
        if number not in range(1000):
            self.refuse(name, "copies")
            return 0
        return number

    def code(self, name: str) -> str:
        """Read a 12-digit code that must be there."""
        code = self.text(name)
        if code and not is_station_code(code):
            self.refuse(name, "code")
        return code

    def phone(self, name: str) -> str:
        """Read an optional phone number; spaces, dashes and full-width digits are taken away."""
        typed = self.option(name)
        number = _NOISE.sub("", unicodedata.normalize("NFKC", typed))
        if number and not _PHONE.fullmatch(number):
            self.refuse(name, "phone", zh=typed, en=typed)
        return number

    def digits(self, name: str) -> str:
        """Read an optional account number; spaces, dashes and full-width digits are taken away."""
        number = _NOISE.sub("", unicodedata.normalize("NFKC", self.option(name)))
        if number and not _DIGITS.fullmatch(number):
            self.refuse(name, "digits")
        return number

    def instant(self, name: str, *, now: int | None) -> int | None:
        """Read an optional RFC 3339 time as milliseconds; one after `now` is a problem."""
        text = self.option(name)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.refuse(name, "instant")
            return None
        stamp = round(moment.timestamp() * 1000)
        if now is not None and stamp > now:
            self.refuse(name, "later")
        return stamp

    def sub(self, name: str) -> "Reader":
        """Read a map inside; an absent one reads as empty."""
        given = self.value.get(name)
        if given is not None and not isinstance(given, dict):
            self.refuse(name, "type")
        return Reader(read_map(given), f"{self.pointer}/{step(name)}", self.problems)

    def rows(self, name: str) -> "list[Reader]":
        """Read a list of maps that must be there."""
        given = self.value.get(name)
        if not isinstance(given, list | tuple):
            self.refuse(name, "type" if self.has(name) else "missing")
        at = f"{self.pointer}/{step(name)}"
        return [self._row(entry, f"{at}/{i}") for i, entry in enumerate(read_list(given))]

    def _row(self, entry: Value, pointer: str) -> "Reader":
        row = Reader(read_map(entry), pointer, self.problems)
        if not isinstance(entry, dict):
            row.refuse("", "type", zh="这一行", en="this line")
        return row


class _NotPlain(Exception):
    pass


def _plain(value: object, depth: int) -> Value:
    if isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | bytes):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST:
        return value
    if isinstance(value, list | tuple) and depth:
        return [_plain(entry, depth - 1) for entry in value]
    return _plain_map(value, depth)


def _plain_map(value: object, depth: int) -> Value:
    if not isinstance(value, dict) or not depth or not all(isinstance(k, str) for k in value):
        raise _NotPlain
    return {str(_plain(key, 0)): _plain(inner, depth - 1) for key, inner in value.items()}


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}
