"""Two places wrote one field apart (C35): policies settle it, or a person where they cannot."""

from collections.abc import Collection, Iterator
from typing import Final

from casework.conflict_rules.findings import PHONE_ONLY, Ask, Finding, Told, mark
from casework.conflict_rules.matter import Matter

CALL: Final = "县里会打电话跟您核对收款账户，不会问密码。"
_MONEY: Final = "form.bank_account"


def written_apart(matter: Matter) -> Iterator[Finding]:
    """C35: what `casework.merging` leaves open is put before a person."""
    if matter.case.conflicts:
        yield Ask("C35", frozenset(matter.case.conflicts))
        yield from called(matter.case.conflicts)


def called(fields: Collection[str]) -> Iterator[Finding]:
    """C35: where money hangs on it the applicant is called, and told so beforehand.

    Args:
        fields: that differ.
    """
    if _MONEY in fields:
        yield Told("C35", mark(_MONEY), CALL, PHONE_ONLY)
