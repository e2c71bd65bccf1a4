"""`hub user add`: as at a station, with the letter that a new approver decides under."""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from casework.places import Role
from hub.usecases import authorisations
from node import people
from node.command import Call
from node.commands.opened import opened
from node.people import Issued, NewAccount


def add(  # noqa: PLR0913  # the options of the command
    call: Call, *, login: str, name: str, role: str, code: str | None, department: str
) -> Mapping[str, object]:
    """Make an account; its password is shown this once. An approver may decide at once."""
    with opened(call) as node:
        place = code or node.identity().place.code
        new = NewAccount(login, name, role, place, department.strip())

        def work(tx: sa.Connection) -> Issued:
            issued = people.add(tx, new, now=node.clock.now_ms())
            if issued.account.role is Role.APPROVER:
                authorisations.give_by_default(tx, node, issued.account)
            return issued

        issued = node.database.run(work)
        if issued.account.role is Role.APPROVER:
            call.message(_LETTER.format(login=issued.account.login))
    return {"user": issued.account.login, "password": issued.password}


_LETTER: Final = (
    "授权书已按“登记时默认”写好，一年内有效。有正式的再写："
    "hub authorisation add --to {login} --document-no 编号\n"
    "A default letter of authorisation holds for a year; write the real one beside it."
)
