"""What is sent to a citizen's phone: short, without personal data beyond a masked name.

A short message is one of at most 70 characters; more are split and cost and confuse.
"""

import re
from typing import Final

from casework import masking

SMS_CHARACTERS: Final = 70
_NUMBER_TAIL: Final = 12
_MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)
_CUT: Final = "…"


def is_mobile(number: str) -> bool:
    """Say whether a number takes short messages.

    >>> is_mobile("13800000001"), is_mobile("0376-3912345"), is_mobile("")
    (True, False, False)
    """
    return _MOBILE.fullmatch(number) is not None


def short_number(number: str) -> str:
    """Answer the end of a case number, by which a counter finds the case.

    >>> short_number("L411599101201-01-261121-001-M")
    '1261121001M'
    """
    return "".join(number.split("-"))[-_NUMBER_TAIL + 1 :]


def compose(name: str, number: str, text: str) -> str:
    """Write a short message.

    Args:
        name: of the applicant; only its mask goes out.
        number: of the case.
        text: what the rule says, without personal data.

    >>> compose("王芳", "L411599101201-01-261121-001-M", "您的撤回申请已生效，材料可取回。")
    '王*：办件1261121001M，您的撤回申请已生效，材料可取回。'
    """
    head = f"{masking.name(name)[:4]}：办件{short_number(number)}，" if name else ""
    room = SMS_CHARACTERS - len(head)
    return head + (text if len(text) <= room else text[: room - 1] + _CUT)
