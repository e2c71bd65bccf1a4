"""What came of reading a stick, in plain sentences for both programs' pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from flask import Response, request, send_file

from node.stick_answers import Brought
from sync.bundle_file import Reading
from ui.i18n import gettext as _

MOST_BYTES = 1 << 30
"""Of one upload."""
_TYPE = "application/octet-stream"


def given() -> list[Reading]:
    """The files that a form brought; those that nobody chose are left out."""
    return [one.stream for one in request.files.getlist("file") if one.filename]


def download(file: BinaryIO | Path, name: str) -> Response:
    """Hand a file out, to be kept on a stick."""
    return send_file(file, mimetype=_TYPE, as_attachment=True, download_name=name)


def notes(brought: Brought) -> tuple[str, ...]:
    """What was wrong with the files, and what to do about it."""
    return tuple(_notes(brought))


def _notes(brought: Brought) -> Iterator[str]:
    if brought.cut:
        yield _("有 %(n)s 个文件没拷完整。完整的部分已经读了。再拷一次。", n=brought.cut)
    if brought.damaged:
        yield _("文件里有 %(n)s 处坏了。好的部分已经读了。换个U盘再存一次。", n=brought.damaged)
    if brought.foreign:
        yield _("有 %(n)s 个文件不是本县的,没有读。", n=brought.foreign)
    if brought.newer:
        yield _("有 %(n)s 个文件是新版本写的,这台电脑要先升级。", n=brought.newer)
    if brought.quarantined:
        yield _("有 %(n)s 包看不懂或者信不过,先搁置着。", n=brought.quarantined)
    if brought.complaints:
        yield _("对方搁置了 %(n)s 包。打电话问一下。", n=len(brought.complaints))
    if brought.refused:
        codes = "、".join(dict.fromkeys(code for code, _detail in brought.refused))
        yield _("有 %(n)s 项没有收下(%(codes)s)。", n=len(brought.refused), codes=codes)
