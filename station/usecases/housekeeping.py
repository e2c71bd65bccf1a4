"""What a station does for itself.

Once an hour photos that are safe go and litter is collected; once a day closed cases go that the
county keeps.
"""

from node import clearing, policy, pruning
from node.clearing import Cleared
from node.policy import DAY_MS
from node.runtime import Node
from station.usecases import drafts


def tidy(node: Node) -> Cleared | None:
    """Make room, unless that was done within the hour.

    Args:
        node: this station.

    Returns:
        What was dropped; None when it was not time yet.
    """
    found = clearing.clear_hourly(node)
    if found is not None:
        with node.database.write() as tx:
            days = policy.current(tx, node.identity_in(tx)).draft_photo_days
            drafts.drop_photos(tx, before=node.clock.now_ms() - days * DAY_MS)
        pruning.prune_when_due(node)
    return found
