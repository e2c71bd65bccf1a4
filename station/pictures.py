"""Photos of papers: made small, turned upright, freed of what the camera wrote into them."""

import io
import warnings
from typing import Final

from node.errors import NotAnImage

LONGEST_EDGE: Final = 1600
"""Pixels; a page of A4 stays readable."""
_QUALITY: Final = 80
_MOST_PIXELS: Final = 120_000_000
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "MPO", "TIFF", "GIF")
MIME: Final = "image/jpeg"


def shrink(image: bytes) -> bytes:
    """Make a JPEG of at most 1,600 pixels along its longer edge.

    Args:
        image: JPEG, PNG, WebP, BMP, TIFF or GIF.

    Raises:
        NotAnImage: it is none of these, damaged, or larger than 120 megapixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow warns where a picture is suspicious
            return _shrunk(image)
    except NotAnImage:
        raise
    except Exception as error:  # Pillow's decoders raise whatever comes to them
        raise NotAnImage(type(error).__name__) from error


def _shrunk(image: bytes) -> bytes:
    # Slow to load; most commands see no picture.
    from PIL import Image, ImageOps  # noqa: PLC0415

    with Image.open(io.BytesIO(image), formats=_FORMATS) as opened:
        if opened.width * opened.height > _MOST_PIXELS:
            raise NotAnImage("too large")
        opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    written = io.BytesIO()
    upright.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()
