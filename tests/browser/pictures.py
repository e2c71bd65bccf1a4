"""Photos of papers that were never written."""

from io import BytesIO

from PIL import Image, ImageDraw


def paper(width: int = 1200, height: int = 900) -> bytes:
    """A JPEG of a sheet with lines on it."""
    image = Image.new("RGB", (width, height), "#e8e0cf")
    pen = ImageDraw.Draw(image)
    pen.rectangle((width // 8, height // 8, width * 7 // 8, height * 7 // 8), fill="white")
    for line in range(height // 4, height * 3 // 4, height // 12):
        pen.line((width // 5, line, width * 3 // 4, line), fill="#8a8372", width=6)
    written = BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()
