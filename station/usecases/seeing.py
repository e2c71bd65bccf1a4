"""Looking at personal data in full: only for a purpose, and never without a trace."""

from node import acting, logs
from node.runtime import Node


def note_unmasking(node: Node, reference: str, *, purpose: str) -> None:
    """Write down that somebody looks at a case in full, before it is shown.

    Args:
        node: this station.
        reference: of the case.
        purpose: why, in the person's words.

    Raises:
        CaseUnknown: there is no such case here.
    """
    with node.database.read() as tx:
        case = acting.load(tx, acting.find_case(tx, reference)).id
    logs.begin(node.directory.logs, process="command")
    logs.logger().info("case.unmasked", case=case, purpose=purpose)
