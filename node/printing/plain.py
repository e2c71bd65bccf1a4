"""A document as a plain page: black on white, no script, nothing from elsewhere."""

import html
from collections.abc import Iterator

from casework.documents import Document, Line, Section
from casework.spoken import Text
from node.printing import squares
from node.printing.voice import Voice

_STYLE = (
    "body{font:14pt/1.5 serif;max-width:170mm;margin:auto;color:#000}.large{font-size:18pt}"
    "h1{text-align:center}dl{display:grid;grid-template-columns:10em 1fr;margin:0}dd{margin:0}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid;text-align:left}"
    "svg{width:33mm;height:33mm}.box{border:1px solid;height:60mm}"
    "article{break-after:page}@page{margin:20mm}"
)


def page(
    document: Document,
    *,
    heading: str,
    keepers: tuple[Text, ...] = (),
    voice: Voice = Voice.ZH,
    large: bool = False,
) -> str:
    """Lay a document out, all its copies behind one another.

    Args:
        document: what stands on it.
        heading: county and station.
        keepers: who keeps each copy; may be fewer than the copies.
        voice: in which language.
        large: large print.
    """
    pen = _Pen(voice)
    copies = "\n".join(
        f"<article>{''.join(pen.copy(document, heading, copy, keepers))}</article>"
        for copy in range(document.copies)
    )
    lang = "en" if voice is Voice.EN else "zh-CN"
    title = html.escape(voice.say(document.title))
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    size = ' class="large"' if large else ""
    return (
        f'<!doctype html>\n<html lang="{lang}"><head>{head}</head>\n'
        f"<body{size}>\n{copies}\n</body></html>"
    )


class _Pen:
    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def copy(
        self, document: Document, heading: str, copy: int, keepers: tuple[Text, ...]
    ) -> Iterator[str]:
        yield f"<p>{html.escape(heading)}</p><h1>{self._say(document.title)}</h1>"
        keeper = self._say(keepers[copy]) if copy < len(keepers) else ""
        which = self._say(Text(f"第{copy + 1}联", f"copy {copy + 1}"))
        marks = [html.escape(document.number)]
        marks += [f"{which} {keeper}".strip()] if document.copies > 1 else []
        if document.reprint:
            again = document.reprint
            marks.append(self._say(Text(f"补打第{again}次", f"reprint {again}")))
        yield f"<p>{' · '.join(filter(None, marks))}</p>"
        yield self._lines(document.head)
        for number, section in enumerate(document.sections, start=1):
            yield from self._section(section, number)
        yield from (f"<p>{self._say(one)}：____________</p>" for one in document.signers)
        if document.sealed:
            yield f"<p>{self._say(Text('（盖章处）', '(seal)'))}</p>"
        yield self._lines(document.foot)
        if document.qr:
            yield svg(document.qr)

    def _section(self, section: Section, number: int) -> Iterator[str]:
        yield f"<h2>{number}. {self._say(section.title)}</h2>"
        yield from (f"<p>{self._say(text)}</p>" for text in section.paragraphs)
        yield self._lines(section.lines)
        if section.columns:
            heads = "".join(f"<th>{self._say(cell)}</th>" for cell in section.columns)
            rows = "".join(
                f"<tr>{''.join(f'<td>{self._say(cell)}</td>' for cell in row)}</tr>"
                for row in section.rows
            )
            yield f"<table><tr>{heads}</tr>{rows}</table>"
        if section.box.zh:
            yield f'<div class="box">{self._say(section.box)}</div>'

    def _lines(self, lines: tuple[Line, ...]) -> str:
        rows = "".join(
            f"<dt>{self._say(line.label)}</dt><dd>{self._say(line.value) or '________'}</dd>"
            for line in lines
        )
        return f"<dl>{rows}</dl>" if rows else ""

    def _say(self, text: Text) -> str:
        return html.escape(self._voice.say(text))


def svg(text: str) -> str:
    """A QR code as inline SVG, without styles."""
    matrix = squares.qr(text)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )
    return outline(f"0 0 {len(matrix)} {len(matrix)}", path)


def outline(box: str, path: str) -> str:
    """An SVG of one black shape."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{path}"/></svg>'
