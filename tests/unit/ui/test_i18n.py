"""Every text that a page says has an English one, and no English text says what no page does."""

import re
import threading
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po

from ui import i18n
from ui.i18n import Locale

ROOT = Path(__file__).parents[3]
PACKAGES = ("ui", "node", "station", "hub")
METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None}
VALUE = re.compile(r"%\((\w+)\)s|#\d")
HAN = re.compile(r"[\u4e00-\u9fff]")
# The switch shows each language by its own name; everything else Chinese in a page is a text.
SPOKEN_IN_ITS_OWN_LANGUAGE = {"中文"}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
CALL = re.compile(r"_\((\"[^\"]*\"|'[^']*')")


def _used():
    for package in PACKAGES:
        folder = str(ROOT / package)
        for found in extract_from_dir(folder, METHODS, OPTIONS, keywords=KEYWORDS):
            text = found[2]
            yield text[0] if isinstance(text, tuple) else text


def _catalogue():
    with (ROOT / "ui/i18n/en.po").open("rb") as source:
        return {
            str(message.id): str(message.string)
            for message in read_po(source, abort_invalid=True)
            if message.id
        }


USED = set(_used())
ENGLISH = _catalogue()


def test_texts_are_found_at_all():
    assert {"您要办什么?", "县里已收到", "今天到期"} <= USED


def test_every_text_has_an_english_one():
    assert sorted(USED - {text for text, english in ENGLISH.items() if english.strip()}) == []


def test_no_english_text_is_dead():
    assert sorted(set(ENGLISH) - USED) == []


def test_both_languages_fill_in_the_same_values():
    differing = {
        text: english
        for text, english in ENGLISH.items()
        if set(VALUE.findall(text)) != set(VALUE.findall(english))
    }
    assert differing == {}


def test_no_english_text_speaks_chinese():
    assert [text for text in ENGLISH.values() if HAN.search(text)] == []


def test_no_template_says_chinese_outside_the_catalogue():
    loose = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).glob("**/templates/**/*.html")):
            bare = CALL.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))
            loose += [
                f"{path.name}: {line.strip()}"
                for line in bare.splitlines()
                if HAN.search(line) and not any(word in line for word in SPOKEN_IN_ITS_OWN_LANGUAGE)
            ]
    assert loose == []


def test_a_text_follows_the_person():
    i18n.use(Locale.EN)
    assert i18n.gettext("县里已收到") == "County has it"
    assert i18n.gettext("共 %(n)s 件", n=3) == "Cases: 3"
    i18n.use(Locale.ZH)
    assert i18n.gettext("县里已收到") == "县里已收到"


def test_one_persons_language_is_not_the_next_ones():
    seen = []
    i18n.use(Locale.EN)
    other = threading.Thread(target=lambda: seen.append(i18n.current()))
    other.start()
    other.join()
    i18n.use(Locale.ZH)
    assert seen == [Locale.ZH]


def test_half_a_catalogue_does_not_load(tmp_path):
    broken = tmp_path / "en.po"
    broken.write_text('msgid "a"\nmsgst "b"\n', encoding="utf-8")
    with pytest.raises(PoFileError):
        i18n.load(broken)
