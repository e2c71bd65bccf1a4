"""`hub case …`."""

from collections.abc import Mapping

from hub.usecases import projections, unmasking
from node import acting as node_acting
from node import casefile
from node.case_json import file_document
from node.casefile import Sight
from node.command import Call
from node.commands.case import roles_for
from node.commands.opened import acting, opened, read_json
from node.runtime import Node


def show(call: Call, *, case: str, unmask: str | None, login: str | None) -> Mapping[str, object]:
    """Show a case: masked, or open for a purpose that is recorded."""
    with opened(call) as node:
        if unmask is not None:
            account = acting(node, login, sorted(unmasking.MAY_UNMASK))
            found = unmasking.unmask(node, case, purpose=unmask, account=account)
        else:
            with node.database.read() as tx:
                record = node_acting.find_case(tx, case)
                found = casefile.show(tx, node.identity_in(tx), record, sight=Sight.MASKED)
    return file_document(found)


def act(call: Call, *, case: str, fact: str, file: str, login: str | None) -> Mapping[str, object]:
    """Do one act on a case."""
    fields = read_json(file)
    with opened(call) as node:
        account = acting(node, login, roles_for(fact, otherwise="case.decided"))
        done = node_acting.act(node, case, fact, fields, account)
        _note(node, done.case)
        return {"case": done.case, "fact": done.fact, "state": done.state, "dot": done.dot}


def _note(node: Node, case: str) -> None:
    """Acts such as `open_checking` change the list of checks too."""
    with node.database.write() as tx:
        projections.project(tx, [node_acting.load(tx, node_acting.find_case(tx, case))])
