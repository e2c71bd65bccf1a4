"""Acting on a case from a page that was open for a while (see `node.acting`)."""

from node.acting import Wish, act_seen, newest

act = act_seen

__all__ = ["Wish", "act", "newest"]
