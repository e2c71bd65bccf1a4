"""`user …`."""

from collections.abc import Mapping

from node import people
from node.command import Call
from node.commands.opened import opened
from node.people import Account, NewAccount


def add(  # noqa: PLR0913  # the options of the command
    call: Call, *, login: str, name: str, role: str, code: str | None, department: str
) -> Mapping[str, object]:
    """Make an account; its password is shown this once."""
    with opened(call) as node:
        place = code or node.identity().place.code
        new = NewAccount(login, name, role, place, department)
        with node.database.write() as tx:
            issued = people.add(tx, new, now=node.clock.now_ms())
    return {"user": issued.account.login, "password": issued.password}


def list_users(call: Call) -> Mapping[str, object]:
    """List the accounts of this node."""
    with opened(call) as node, node.database.read() as tx:
        return {"users": [_document(account) for account in people.accounts(tx)]}


def disable(call: Call, *, login: str) -> Mapping[str, object]:
    """Switch an account off; it stays in the history."""
    with opened(call) as node, node.database.write() as tx:
        return _document(people.disable(tx, login, now=node.clock.now_ms()))


def _document(account: Account) -> dict[str, object]:
    return {
        "user": account.login,
        "name": account.name,
        "role": account.role.value,
        "station": account.station,
        "department": account.department,
        "first": account.first,
        "disabled": account.disabled,
    }
