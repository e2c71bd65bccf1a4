"""One round of the exchange as the asking side sees it: what goes out, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request that is ready to go.

    Attributes:
        message: signed bytes.
        operations: how many of our own it carries.
        more: whether unsent operations remain behind it.
        compares: whether it asks the county to compare what is held here.
        asked: the attachments that it asks about.
    """

    message: bytes
    operations: int
    more: bool
    compares: bool = False
    asked: Sequence[bytes] = ()


@dataclass(slots=True)
class Progress:
    """What an answer brought.

    Attributes:
        received: operations of others that were new here.
        more: whether the parent owes us more.
        missing: attachment → chunks that the parent lacks.
        complaints: (code, reason) of bundles that the parent put aside.
        set_aside: (code, reason) of feed bundles that we put aside.
    """

    received: int = 0
    more: bool = False
    missing: Mapping[bytes, Sequence[int]] = field(default_factory=dict)
    complaints: list[tuple[str, str]] = field(default_factory=list)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
