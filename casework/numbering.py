"""Numbers of cases and documents (domain model §6.5, §6.6)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from casework.errors import NumberingExhausted, NumberRefused
from casework.places import is_station_code

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters of GB 32100-2015: no I, O, S, V, Z."""
_LETTERS: Final = ALPHABET[10:]
_BASE: Final = len(ALPHABET)
_BODY: Final = 23
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS: Final = tuple(pow(3, i, _BASE) for i in range(_BODY))
_NOISE: Final = re.compile(r"[\s\-\u2010-\u2015_.·]+")
_DEVICES: Final = range(1, 100)
_PREFIX: Final = "L"
_OPEN: Final = "\N{LEFT TORTOISE SHELL BRACKET}"
_CLOSE: Final = "\N{RIGHT TORTOISE SHELL BRACKET}"


@dataclass(frozen=True, slots=True)
class TemporaryNumber:
    """The number that a device gives without the county: station, device, day, serial.

    Attributes:
        station: 12 digits.
        device: 1 to 99, given at enrolment.
        day: day of the intake in China.
        serial: from 1, per device and day; see `serial_text` for the ones beyond 999.
    """

    station: str
    device: int
    day: date
    serial: int

    def __post_init__(self) -> None:
        if not is_station_code(self.station) or self.device not in _DEVICES:
            raise NumberRefused("station")

    @property
    def body(self) -> str:
        """The 23 characters under the check character."""
        day = self.day.strftime("%y%m%d")
        return f"{self.station}{self.device:02d}{day}{serial_text(self.serial, 3)}"

    @property
    def text(self) -> str:
        """As stored and typed: `L`, body, check character."""
        return f"{_PREFIX}{self.body}{check_character(self.body)}"

    @property
    def printed(self) -> str:
        """As printed, in groups.

        >>> TemporaryNumber("411599101201", 1, date(2026, 11, 21), 1).printed
        'L411599101201-01-261121-001-M'
        """
        b = self.body
        return f"{_PREFIX}{b[:12]}-{b[12:14]}-{b[14:20]}-{b[20:]}-{check_character(b)}"

    @classmethod
    def parse(cls, typed: str) -> "TemporaryNumber":
        """Read a number in any spacing, dashes, width and case.

        Raises:
            NumberRefused: code `length`, `characters`, `check` or `date`.

        >>> TemporaryNumber.parse("l411599101201 01 261121 001 m").serial
        1
        """
        text = normalise(typed)
        if len(text) != _BODY + 2 or not text.startswith(_PREFIX):
            raise NumberRefused("length")
        body, check = text[1:-1], text[-1]
        if any(c not in ALPHABET for c in body) or not body[:20].isdigit():
            raise NumberRefused("characters")
        if check_character(body) != check:
            raise NumberRefused("check")
        return cls(body[:12], int(body[12:14]), _day(body[14:20]), serial_value(body[20:]))


def normalise(typed: str) -> str:
    """Answer a number as stored, however it was typed; for searching too."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", typed)).upper()


def check_character(body: str) -> str:
    """Answer the check character: weights 3^i modulo 31 as in GB 32100-2015.

    >>> check_character("41159910120101261121001")
    'M'
    """
    total = sum(_VALUES[c] * weight for c, weight in zip(body, _WEIGHTS, strict=False))
    return ALPHABET[-total % _BASE]


def serial_text(serial: int, width: int) -> str:
    """Write a serial in `width` characters.

    Beyond the digits it goes on with a letter in front, so that a season's day with more than 999
    filings on one device still gets numbers: 999, A00, A01 …

    Raises:
        NumberingExhausted: no more fit.

    >>> serial_text(7, 3), serial_text(1000, 3), serial_text(1031, 3)
    ('007', 'A00', 'A10')
    """
    if serial < 10**width:
        return f"{serial:0{width}d}"
    rest = serial - 10**width
    tail = ""
    for _ in range(width - 1):
        rest, digit = divmod(rest, _BASE)
        tail = ALPHABET[digit] + tail
    if rest >= len(_LETTERS):
        raise NumberingExhausted
    return _LETTERS[rest] + tail


def serial_value(text: str) -> int:
    """Read what `serial_text` wrote.

    >>> [serial_value(t) for t in ("007", "A00", "A10")]
    [7, 1000, 1031]
    """
    if text.isdigit():
        return int(text)
    if text[0] not in _LETTERS:
        raise NumberRefused("characters")
    value = _LETTERS.index(text[0])
    for character in text[1:]:
        value = value * _BASE + ALPHABET.index(character)
    return value + int(10 ** len(text))


def official_number(*, county: str, item: str, implementation: str, day: date, serial: int) -> str:
    """Make the county's number of a case: only the county calls this.

    Args:
        county: its code, 6 or 12 digits.
        item: code of the item.
        implementation: 31-character implementation code, or empty.
        day: day of registration in China.
        serial: from 1, per item and day.

    >>> official_number(county="411526", item="DEMO-YL-01", implementation="",
    ...                 day=date(2026, 11, 21), serial=1)
    '411526DEMO-YL-01202611210001'
    """
    head = implementation or county[:6] + item
    return f"{head}{day:%Y%m%d}{serial_text(serial, 4)}"


def document_number(*, label: str, kind: str, year: int, serial: int, device: str = "") -> str:
    """Make the number of a document.

    Args:
        label: short name of the station, such as 双柳树.
        kind: one of 收 受 补 不受 容 诺 委 交 发 撤.
        year: four digits.
        serial: per kind and year, and per device where `device` names one.
        device: letter of the device, for numbers made offline.
    """
    return f"{label}{kind}{_OPEN}{year}{_CLOSE}{device}{serial:04d}号"


def _day(digits: str) -> date:
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        raise NumberRefused("date") from None
