"""Finding a Chinese font on this computer: none is shipped, because none is small.

A missing font is an error that names what to install; a document is never printed with empty boxes.
"""

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from node.errors import FontMissing

_ROOTS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "C:/Windows/Fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
_NAMES: Final = (
    *("simfang.ttf", "FangSong.ttf", "simsun.ttc"),
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf"),
    *("SourceHanSansSC-Regular.otf", "NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf"),
    *("NotoSerifSC-Regular.otf", "SourceHanSerifSC-Regular.otf", "msyh.ttc", "simhei.ttf"),
    *("Deng.ttf", "Songti.ttc", "STSong.ttf", "wqy-zenhei.ttc", "wqy-microhei.ttc"),
    "DroidSansFallbackFull.ttf",
)
"""The first that is there is taken: 仿宋 and 宋体 first, as official papers are set; of Noto the
plain face, whose subset is half as large and made in half the time."""
_RARE: Final = (
    *("simsunb.ttf", "SimSunExtG.ttf", "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc"),
    *("HanaMinA.ttf", "HanaMinB.ttf", "PlangothicP1-Regular.ttf", "PlangothicP2-Regular.ttf"),
)
"""Where signs are looked for that the first font lacks."""
_SIMPLIFIED: Final = (" SC", "SimSun", "YaHei", "WenQuanYi", "Songti SC")
_PROBE: Final = "县收件龄"


@dataclass(frozen=True, slots=True)
class Font:
    """A font file and which face of it.

    Attributes:
        number: in a collection; 0 in a file of one face.
    """

    path: Path
    number: int = 0


def find(option: str | None, env: Mapping[str, str], *, variable: str) -> Font:
    """The font by `--font`, else by the environment, else the first known one that is there.

    Args:
        option: what `--font` said, if anything.
        env: the process environment.
        variable: `STATION_FONT` or `HUB_FONT`.

    Raises:
        FontMissing: the file named is no Chinese font, or none of the known ones is installed.
    """
    named = option or env.get(variable)
    return _named(Path(named).expanduser()) if named else known()


def known() -> Font:
    """The first known font that is on this computer.

    Raises:
        FontMissing: none is.
    """
    found = next(installed(_NAMES), None)
    if found is None:
        raise FontMissing
    return found


def installed(names: Iterable[str] = _RARE) -> Iterator[Font]:
    """The known fonts that are on this computer, in the order of their names."""
    there = _there()
    for name in names:
        if path := there.get(name.lower()):
            yield Font(path, _face(path))


def _named(path: Path) -> Font:
    from fontTools.ttLib import TTLibError  # noqa: PLC0415  # see `node.printing.paged`

    try:
        number = _face(path)
        signs = covers(Font(path, number), _PROBE)
    except (OSError, TTLibError) as error:
        raise FontMissing(str(path)) from error
    if not signs:
        raise FontMissing(str(path))
    return Font(path, number)


@lru_cache(maxsize=1)
def _there() -> dict[str, Path]:
    wanted = {name.lower() for name in (*_NAMES, *_RARE)}
    found: dict[str, Path] = {}
    for root in _ROOTS:
        for folder, _folders, files in os.walk(Path(root).expanduser()):
            for name in files:
                if name.lower() in wanted:
                    found.setdefault(name.lower(), Path(folder) / name)
    return found


@lru_cache(maxsize=16)
def _face(path: Path) -> int:
    """Which face of a collection is the one for Chinese as written in China."""
    if path.suffix.lower() not in {".ttc", ".otc"}:
        return 0
    from fontTools.ttLib import TTCollection  # noqa: PLC0415  # see `node.printing.paged`

    with path.open("rb") as file, TTCollection(file, lazy=True) as collection:
        names = [str(face["name"].getDebugName(4) or "") for face in collection.fonts]
    fitting = (n for n, name in enumerate(names) if any(mark in name for mark in _SIMPLIFIED))
    return next(fitting, 0)


def covers(font: Font, text: str) -> bool:
    """Say whether a font has every sign of a text."""
    return signs_of(font).issuperset(map(ord, text))


@lru_cache(maxsize=4)
def signs_of(font: Font) -> frozenset[int]:
    """Code points that a font has; kept, because reading them takes a third of a second."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # see `node.printing.paged`

    with font.path.open("rb") as file, TTFont(file, fontNumber=font.number, lazy=True) as face:
        return frozenset(face.getBestCmap())


@dataclass(slots=True)
class _Cuts:
    """The last cut of each font with the signs in it: documents mostly use the same."""

    known: dict[Font, tuple[frozenset[str], bytes]]


_CUTS: Final = _Cuts({})


def cut(font: Font, text: str) -> bytes:
    """Answer a font with the signs of a text and of earlier texts; cut anew when one is lacking.

    Cutting takes a second, so that only the first document of a program waits for it.
    """
    signs, data = _CUTS.known.get(font, (frozenset(), b""))
    wanted = frozenset(text)
    if not wanted <= signs:
        signs |= wanted
        data = _cut(font, "".join(sorted(signs)))
        _CUTS.known[font] = (signs, data)
    return data


def _cut(font: Font, text: str) -> bytes:
    """Cut a font down to the signs of a text, without hints: a screen or printer needs none.

    Args:
        font: of any size; a collection gives one face.
        text: signs that the font lacks are left out.

    Returns:
        A font file with outlines as the original has them (TrueType or CFF).
    """
    from fontTools import subset  # noqa: PLC0415  # see `node.printing.paged`
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    options = subset.Options(
        hinting=False,
        desubroutinize=True,
        layout_features=[],
        notdef_outline=True,
        drop_tables=_NOT_NEEDED,
    )
    file = io.BytesIO()
    with TTFont(font.path, fontNumber=font.number, lazy=True) as face:
        cutter = subset.Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(face)
        face.save(file)
    return file.getvalue()


_NOT_NEEDED: Final = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "kern", "DSIG"]
