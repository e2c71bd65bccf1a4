"""Photos of invented papers that weigh what real ones weigh: 200 to 300 KB after shrinking."""

import io
import random
from typing import Final

from PIL import Image, ImageDraw

_SIZE: Final = (1200, 1600)
_LINES: Final = range(150, 1300, 38)
_GRAIN: Final = 13
_MIXED: Final = 0.25


def photo(seed: int) -> bytes:
    """Draw a sheet full of marks like characters, with the grain of a cheap camera.

    Args:
        seed: the same sheet for the same seed; the grain is never the same.
    """
    chance = random.Random(seed)
    sheet = Image.new("L", _SIZE, 235)
    pen = ImageDraw.Draw(sheet)
    for top in _LINES:
        left = 100
        while left < _SIZE[0] - 120:
            width = chance.randrange(14, 30)
            pen.rectangle((left, top, left + width, top + 16), outline=60, width=2)
            left += width + chance.choice((7, 9, 60))
    grainy = Image.blend(sheet, Image.effect_noise(_SIZE, _GRAIN + chance.randrange(8)), _MIXED)
    written = io.BytesIO()
    grainy.convert("RGB").save(written, "JPEG", quality=92)
    return written.getvalue()
