"""One JSON object of a catalogue being read: total readers that note what is wrong, by field."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from casework.errors import FieldProblem
from casework.values import Fields, Value, read_date, read_int, read_list, read_map, read_text


@dataclass(slots=True)
class Row:
    """One object being read; collects what is wrong with it and with what it holds.

    Attributes:
        pointer: where it stands (RFC 6901).
        value: the object; an empty one where something else stood.
        problems: one list for the whole document.
    """

    pointer: str
    value: Fields
    problems: list[FieldProblem] = field(default_factory=list)

    def refuse(self, name: str, code: str, zh: str, en: str) -> None:
        """Note what is wrong with a field."""
        at = f"{self.pointer}/{name}" if name else self.pointer
        self.problems.append(FieldProblem(at, code, zh, en))

    def text(self, name: str) -> str:
        """A text that must be there."""
        text = self.option(name)
        if not text:
            self.refuse(name, "missing", f"缺“{name}”。补上再导入。", f"{name} is missing.")
        return text

    def option(self, name: str) -> str:
        """A text that may be left out; a number is refused, for it has lost its leading zeros."""
        given = self.value.get(name)
        if given is not None and not isinstance(given, str):
            zh = "要写成文字，不能是数字。把格子改成“文本”再填一遍。"
            self.refuse(name, "text", zh, "Must be a text, not a number.")
        return (read_text(given) or "").strip()

    def days(self, name: str) -> int:
        """A number of working days that must be there."""
        found = self.count(name)
        if found is None:
            self.refuse(name, "days", "要写工作日的个数。", "Must be a number of working days.")
        return found or 0

    def count(self, name: str, default: int | None = None) -> int | None:
        """A whole number from 0 up that may be left out; None also when it is no such number."""
        given = self.value.get(name)
        if given is None:
            return default
        found = read_int(given)
        return found if found is not None and found >= 0 else None

    def number(self, name: str, default: int) -> int:
        """A whole number from 0 up, or the default where none is written."""
        found = self.count(name, default)
        if found is None:
            self.refuse(name, "number", "要写0或更大的整数。", "Must be a whole number from 0 up.")
        return default if found is None else found

    def flag(self, name: str) -> bool:
        """A truth; left out, it is false."""
        given = self.value.get(name, False)
        if not isinstance(given, bool):
            self.refuse(name, "truth", "只能写 true 或 false。", "Must be true or false.")
        return given is True

    def day(self, name: str) -> date | None:
        """A date that may be left out."""
        given = self.value.get(name)
        found = read_date(given)
        if given not in {None, ""} and found is None:
            zh = "日期要写成 2026-12-31 这样。"
            self.refuse(name, "date", zh, "Write the date as 2026-12-31.")
        return found

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of the allowed words; left out, the default."""
        given = self.option(name) or default
        if given in allowed:
            return given
        zh = f"只能写：{'、'.join(allowed)}。选一个。"
        self.refuse(name, "choice", zh, f"One of: {', '.join(allowed)}.")
        return default

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        given = self.value.get(name)
        several = (given,) if isinstance(given, str) else read_list(given)
        return tuple(text for one in several if (text := (read_text(one) or "").strip()))

    def inner(self, name: str) -> "Row":
        """An object in a field."""
        return Row(f"{self.pointer}/{name}", read_map(self.value.get(name)), self.problems)

    def rows(self, name: str) -> "list[Row]":
        """A list of objects."""
        return list(self._rows(name, read_list(self.value.get(name))))

    def _rows(self, name: str, entries: tuple[Value, ...]) -> "Iterator[Row]":
        for i, entry in enumerate(entries):
            yield Row(f"{self.pointer}/{name}/{i}", read_map(entry), self.problems)
