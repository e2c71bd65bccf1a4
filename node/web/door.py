"""The door of a node that serves pages: locked after a power cut, open after the passphrase.

A locked node shows the unlock page and goes on delivering what is sealed. Wrong passphrases close
the door for a while, like wrong passwords do; only one is tried at a time, because each costs
64 MiB on purpose.
"""

import threading
from collections.abc import Callable

from node.clock import Clock
from node.errors import Locked, TooManyTries, WrongKey
from node.opening import OpenNode
from node.runtime import Node
from node.sessions import wait_ms


class Door:
    """Where the pages reach the node.

    Attributes:
        is_open: whether the passphrase was given.
    """

    def __init__(self, open_with: Callable[[str], OpenNode], clock: Clock) -> None:
        """A locked door.

        Args:
            open_with: opens the node with a passphrase; may start what waits for that.
            clock: for the waiting times.
        """
        self._open_with = open_with
        self._clock = clock
        self._node: OpenNode | None = None
        self._turn = threading.Lock()
        self._failures = 0
        self._failed_at = 0

    @classmethod
    def opened(cls, node: OpenNode, clock: Clock) -> "Door":
        """The open door of a node that needed no passphrase, or was given it at the start."""
        door = cls(lambda _: node, clock)
        door._node = node
        return door

    @property
    def is_open(self) -> bool:
        """Whether the node is unlocked."""
        return self._node is not None

    @property
    def node(self) -> OpenNode:
        """The open node.

        Raises:
            Locked: not yet.
        """
        if self._node is None:
            raise Locked
        return self._node

    def unlock(self, passphrase: str) -> OpenNode:
        """Open the door; an open one stays as it is.

        Raises:
            WrongKey: the passphrase does not open it.
            TooManyTries: it is not even tried yet.
        """
        with self._turn:
            if self._node is None:
                self._require_patience()
                self._node = self._try(passphrase)
            return self._node

    def _try(self, passphrase: str) -> OpenNode:
        try:
            return self._open_with(passphrase)
        except WrongKey:
            self._failures += 1
            self._failed_at = self._clock.monotonic_ms()
            raise

    def _require_patience(self) -> None:
        left = self._failed_at + wait_ms(self._failures) - self._clock.monotonic_ms()
        if left > 0:
            raise TooManyTries(-(-left // 1000))


def node_behind(door: Door, clock: Clock) -> Node:
    """The open node behind a door.

    Raises:
        Locked: it waits for its passphrase.
    """
    found = door.node
    return Node(found.directory, found.database, clock, found.keys)
