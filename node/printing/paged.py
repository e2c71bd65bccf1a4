"""Making a PDF: what makes it is loaded with the first one, 27 MB that few counters ever need."""

from casework.documents import Document
from node.printing.look import Look


def render(document: Document, look: Look) -> bytes:
    """Make the PDF of a document (see `node.printing.pdf.render`)."""
    from node.printing import pdf  # noqa: PLC0415  # see the module

    return pdf.render(document, look)
