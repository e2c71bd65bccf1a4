"""Chinese is the source language; English is read from ``en.po`` when the program starts.

No compiled catalogue lies in the project: the text file is the only truth, so the two cannot
differ.
"""

from contextvars import ContextVar
from enum import StrEnum
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


class Locale(StrEnum):
    """The languages of the pages."""

    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return _TAGS[self]


_TAGS = {Locale.ZH: "zh-CN", Locale.EN: "en"}
_CATALOG = Path(__file__).with_name("en.po")
_current: ContextVar[Locale] = ContextVar("locale", default=Locale.ZH)


def load(path: Path) -> GNUTranslations:
    """Read a ``.po`` file.

    Raises:
        PoFileError: The file is not well formed; the program must not start with half a language.
    """
    with path.open("rb") as source:
        catalog = read_po(source, locale="en", abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


_TRANSLATIONS: dict[Locale, NullTranslations] = {
    Locale.ZH: NullTranslations(),
    Locale.EN: load(_CATALOG),
}


def use(locale: Locale) -> None:
    """Speak this language from here on in this thread or task."""
    _current.set(locale)


def current() -> Locale:
    """The language of the person who is being answered."""
    return _current.get()


def marked(text: str) -> str:
    """Mark a word of a table for the catalogue; it is translated where it is shown."""
    return text


def gettext(text: str, **values: object) -> str:
    """The text in the person's language, with ``%(name)s`` filled in when values are given."""
    found = _TRANSLATIONS[current()].gettext(text)
    return found % values if values else found


def ngettext(singular: str, plural: str, n: int) -> str:
    """The text for ``n`` things; Chinese writes the same text twice."""
    return _TRANSLATIONS[current()].ngettext(singular, plural, n)
