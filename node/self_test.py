"""What the self-tests of hub and station (`doctor`) share: the form of a finding, and the disk."""

from dataclasses import dataclass
from typing import Final

from node import policy, room
from node.policy import MIB
from node.room import Room
from node.runtime import Node


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `words`: what was found, and where it is bad what to do."""

    name: str
    title: str
    ok: bool
    words: str = ""


def disk(node: Node) -> Check:
    """Whether there is room left to work, and what is given up first where there is little."""
    with node.database.read() as tx:
        rules = policy.current(tx, node.identity_in(tx))
    found = room.look(node.directory, rules)
    words = f"还剩 {found.free // MIB} MB。{_SPACE[found.room]}"
    return Check("disk", "磁盘空间", found.room is Room.ENOUGH, words)


_SPACE: Final = {
    Room.ENOUGH: "",
    Room.LOW: "腾出地方。再少就不收照片了。",
    Room.NO_PHOTOS: "不收照片了。腾出地方。",
    Room.NO_INTAKE: "不能收新的了。马上腾出地方。",
}
