"""How a document is laid out on pages."""

from dataclasses import dataclass

from casework.spoken import Text
from node.printing.fonts import Font
from node.printing.voice import Voice
from ui.pages import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a document is laid out.

    Attributes:
        heading: county and station, on top.
        keepers: who keeps each copy; may be fewer than the copies.
        large: large print.
        at: when it is made, milliseconds; stands in the file.
    """

    font: Font
    heading: str
    paper: Paper = Paper.A4
    keepers: tuple[Text, ...] = ()
    large: bool = False
    voice: Voice = Voice.ZH
    at: int = 0
