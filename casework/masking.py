"""How personal data is shown where it need not be read in full (domain model §5, rule 3)."""

from collections.abc import Callable, Mapping
from typing import Final

from casework.merging import class_of

_STAR: Final = "*"
_HIDDEN: Final = "****"


def name(text: str) -> str:
    """Mask a name.

    >>> name("张三"), name("李小敏"), name("欧阳小敏")
    ('张*', '李*敏', '欧**敏')
    """
    if len(text) < 3:  # noqa: PLR2004
        return text[:1] + _STAR
    return text[0] + _STAR * (len(text) - 2) + text[-1]


def phone(text: str) -> str:
    """Mask a phone number; a mobile keeps its first three and last four digits.

    >>> phone("13812343210"), phone("0376-3912345")
    ('138****3210', '****2345')
    """
    return text[:3] + _HIDDEN + text[-4:] if len(text) == 11 else _tail(text)  # noqa: PLR2004


def id_no(text: str) -> str:
    """Mask an ID number to its first six and last four characters.

    >>> id_no("411599194001010011"), id_no("E12345678")
    ('411599********0011', '****5678')
    """
    return text[:6] + _STAR * 8 + text[-4:] if len(text) == 18 else _tail(text)  # noqa: PLR2004


def address(text: str) -> str:
    """Mask an address to its beginning.

    >>> address("潢川县双柳树镇某村5组12号")
    '潢川县双柳树****'
    """
    return text[:6] + _HIDDEN


def _tail(text: str) -> str:
    return _HIDDEN + text[-4:] if len(text) > 4 else _HIDDEN  # noqa: PLR2004


_BY_FIELD: Final[Mapping[str, Callable[[str], str]]] = {
    "name": name,
    "agent.name": name,
    "phone": phone,
    "agent.phone": phone,
    "id_no": id_no,
    "agent.id_no": id_no,
    "address": address,
    "form.bank_account": _tail,
}


def masked(field: str, text: str) -> str:
    """Mask a field of a case by what it is; what is in clear stays, what is unknown is hidden.

    >>> masked("form.bank_account", "6217000012341234"), masked("pickup", "station")
    ('****1234', 'station')
    >>> masked("form.illness", "高血压")
    '****'
    """
    if class_of(field) == 1:
        return text
    mask = _BY_FIELD.get(field)
    return mask(text) if mask else _HIDDEN
