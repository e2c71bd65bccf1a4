"""Documents printed at the county: correction notice, decision, result, what was put right.

What shows whole numbers of a person is printed at the counter only; here names and numbers stay
masked on paper, as they are on the screen.
"""

from typing import Final

from casework.documents import Document, DocumentKind
from hub.rows import PrintRow
from node import paperwork
from node.paperwork import Register, Step, Wanted
from node.people import Account
from node.rows import table
from node.runtime import Node

KINDS: Final = frozenset(
    {
        DocumentKind.CORRECTION_NOTICE,
        DocumentKind.NON_ACCEPTANCE,
        DocumentKind.RESULT_DELIVERY,
        DocumentKind.CORRECTION_SLIP,
    }
)
_REGISTER: Final = Register(table(PrintRow))


def document(hub: Node, case: str, kind: DocumentKind, account: Account) -> Document:
    """Make a document of a case and count it as printed (see `paperwork.document`)."""
    wanted = Wanted(case=case, kind=kind, account=account, step=Step.COUNT)
    return hub.database.run(lambda tx: paperwork.document(tx, hub, _REGISTER, wanted))


def look(
    hub: Node, case: str, kind: DocumentKind, account: Account, *, counted: bool = False
) -> Document:
    """Make it to be looked at, as the next print would be or as it was last counted."""
    step = Step.COUNTED if counted else Step.LOOK
    wanted = Wanted(case=case, kind=kind, account=account, step=step)
    with hub.database.read() as tx:
        return paperwork.document(tx, hub, _REGISTER, wanted)
