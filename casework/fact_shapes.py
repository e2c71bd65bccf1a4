"""The shape of a fact in the tables of facts: its words, what it takes, which fields it sets."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Nature(StrEnum):
    """Whether the county may refuse the fact afterwards."""

    RECEIVING = "receiving"
    """Papers and words of a citizen: never refused, so that no filing date is lost."""
    POWER = "power"
    """Use of power: refused when the place, role or mode did not allow it."""
    COUNTY = "county"
    """Written by the county alone."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of an act as it is given in FIELDS.json.

    Attributes:
        kind: text, integer, truth, day, code (12 digits), lines (a list of maps), map or any.
        required: "yes", "no", or "some" (at least one of the fields marked so).
        choices: the only values allowed; empty for free ones.
    """

    name: str
    kind: str
    title_zh: str
    title_en: str
    required: str = "yes"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact: how it is called, what it takes and which fields of the case it sets."""

    name: str
    verb: str
    title_zh: str
    title_en: str
    nature: Nature
    sets: tuple[str, ...]
    fields: tuple[FieldSpec, ...] = ()


FORMS: Final = ("original", "copy", "electronic", "shared", "promised")
"""How a paper can be in hand: the last is an inform-and-promise in place of it."""
PICKUPS: Final = ("station", "visit", "mail", "agent", "electronic")
"""自取、上门、邮寄、代领、电子."""
OWN_WORD_FACT: Final = "case.contact_stated"
"""The fact of a contact that the citizen stated himself; a helper's is `case.contact_corrected`."""
LINES: Final = FieldSpec("lines", "lines", "材料清单", "lines of papers")
BAG: Final = FieldSpec("bag", "text", "袋号", "bag number")
REASON: Final = FieldSpec("reason", "text", "原因", "reason")
REASONS: Final = FieldSpec("reasons", "any", "理由", "reasons")
TO: Final = FieldSpec("to", "code", "到哪里", "to which place")
RESULTS: Final = FieldSpec("results", "lines", "结果文书", "results: name, serial")
