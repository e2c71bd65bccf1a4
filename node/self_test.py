"""What the self-tests of hub and station (`doctor`) share: the form of a finding, and the disk."""

import shutil
from dataclasses import dataclass
from typing import Final

from node.runtime import Node

_LEAST_FREE: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `words`: what was found, and where it is bad what to do."""

    name: str
    title: str
    ok: bool
    words: str = ""


def disk(node: Node) -> Check:
    """Whether there is room left to work, 1 GiB or more."""
    free = shutil.disk_usage(node.directory.path).free
    good = free >= _LEAST_FREE
    words = f"还剩 {free >> 20} MB。" + ("" if good else "腾出地方。")
    return Check("disk", "磁盘空间", good, words)
