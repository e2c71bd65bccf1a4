"""What a parent takes in of its children's attachments: never more than there is room for."""

from node import attachments, policy, room
from node.errors import LowSpace
from node.policy import MIB
from node.runtime import Node


def demand_room(node: Node, name: bytes) -> None:
    """Return if an attachment of a child may be stored here.

    A township carries only so much that the county has not; the county takes what the disk takes.

    Args:
        node: the parent.
        name: of the attachment.

    Raises:
        LowSpace: there is no room for it now; the child keeps it and tries again later.
    """
    with node.database.read() as tx:
        me = node.identity_in(tx)
        room.demand_for_photos(tx, me, node.directory)
        row = attachments.row_of(tx, name)
        if me.is_county or row is None:
            return
        carried = attachments.waiting_bytes(tx) + row.size
        most = policy.current(tx, me).carried_quota_mib * MIB
    if carried > most:
        raise LowSpace("photos", most // MIB)
