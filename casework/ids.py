"""Identifiers: ULIDs of records and citizen ID numbers (GB 11643)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.errors import CaseworkError

ULID_BYTES: Final = 16
ULID_CHARACTERS: Final = 26
ENTROPY_BYTES: Final = 10
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ: Final = {c: i for i, c in enumerate(_CROCKFORD)} | {"I": 1, "L": 1, "O": 0}
_LAST_INSTANT: Final = 1 << 48

ID_CHARACTERS: Final = 18
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_ID_FORM: Final = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_ID_NOISE: Final = re.compile(r"[\s\-·.]+")


class UlidMalformed(CaseworkError):
    """A text or bytes that are no ULID."""


@dataclass(frozen=True, slots=True, order=True)
class Ulid:
    """A record id made offline: 48 bits of time, 80 bits of chance."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != ULID_BYTES:
            raise UlidMalformed

    @property
    def text(self) -> str:
        """The 26 characters of Crockford's base 32."""
        number = int.from_bytes(self.raw)
        return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))

    @classmethod
    def make(cls, now: int, entropy: bytes) -> "Ulid":
        """Make an id from an instant and chance drawn by the caller.

        Args:
            now: milliseconds since the epoch.
            entropy: 10 random bytes.

        Raises:
            UlidMalformed: the instant or the length of the entropy is out of range.
        """
        if len(entropy) != ENTROPY_BYTES or not 0 <= now < _LAST_INSTANT:
            raise UlidMalformed
        return cls(now.to_bytes(6) + entropy)

    @classmethod
    def parse(cls, text: str) -> "Ulid":
        """Read 26 characters of Crockford's base 32, any case, I L O taken for 1 1 0.

        Raises:
            UlidMalformed: wrong length, alphabet or more than 128 bits.

        >>> Ulid.parse("01arz3ndektsv4rrffq69g5fav").text
        '01ARZ3NDEKTSV4RRFFQ69G5FAV'
        """
        digits = [_READ.get(c, -1) for c in text.strip().upper()]
        if len(digits) != ULID_CHARACTERS or min(digits) < 0 or digits[0] > 7:  # noqa: PLR2004
            raise UlidMalformed
        number = 0
        for digit in digits:
            number = number << 5 | digit
        return cls(number.to_bytes(ULID_BYTES))


class IdFault(StrEnum):
    """Why an ID number is refused; nothing else is a reason."""

    LENGTH = "length"
    CHARACTERS = "characters"
    DATE = "date"
    FUTURE = "future"
    CHECK = "check"


class IdNumberRefused(CaseworkError):
    """An ID number that cannot be right.

    Attributes:
        fault: which test failed.
        count: how many characters were given, for LENGTH.
        birth: the eight digits of the date, for DATE and FUTURE.
    """

    def __init__(self, fault: IdFault, *, count: int = ID_CHARACTERS, birth: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.count = count
        self.birth = birth


class Sex(StrEnum):
    """What the sequence number of an ID number says (GB/T 2261.1)."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A citizen ID number that passed every test of GB 11643-1999.

    The division code is not tested: counties are abolished, numbers stay.
    """

    text: str

    @classmethod
    def parse(cls, typed: str, *, today: date | None = None) -> "IdNumber":
        """Read a number as people type it: full-width, spaces, dashes, small x.

        Args:
            typed: what was typed.
            today: the day against which a birth date is in the future; None skips that test.

        Raises:
            IdNumberRefused: with the one fault that stands first.

        >>> IdNumber.parse("１１０１０５ 19491231 002x").text
        '11010519491231002X'
        """
        text = _ID_NOISE.sub("", unicodedata.normalize("NFKC", typed)).upper()
        if len(text) != ID_CHARACTERS:
            raise IdNumberRefused(IdFault.LENGTH, count=len(text))
        if not _ID_FORM.fullmatch(text):
            raise IdNumberRefused(IdFault.CHARACTERS)
        birth = _birth(text[6:14])
        if today is not None and birth > today:
            raise IdNumberRefused(IdFault.FUTURE, birth=text[6:14])
        if check_character(text[:17]) != text[17]:
            raise IdNumberRefused(IdFault.CHECK)
        return cls(text)

    @property
    def born(self) -> date:
        """The birth date in the number."""
        return _birth(self.text[6:14])

    @property
    def sex(self) -> Sex:
        """The sex in the number: an odd sequence is male."""
        return Sex.MALE if int(self.text[16]) % 2 else Sex.FEMALE

    @property
    def grouped(self) -> str:
        """The number in groups of 6, 8 and 4, as it is read aloud."""
        return f"{self.text[:6]} {self.text[6:14]} {self.text[14:]}"


def check_character(body: str) -> str:
    """Answer the check character of 17 digits (GB 11643-1999, ISO 7064 MOD 11-2).

    >>> check_character("34052419800101001")
    'X'
    """
    return _CHECKS[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def _birth(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise IdNumberRefused(IdFault.DATE, birth=digits) from None
