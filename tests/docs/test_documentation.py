"""The documents say what the programs are: every command, option, code, problem and setting."""

import re
import shlex
from functools import cache

import pytest
from babel.messages import pofile

from casework.documents import KINDS
from hub.web import openapi
from node.problem_types import PROBLEMS
from station.transport import WORDS
from tests.docs import commands_page, reading
from tests.docs.__main__ import PAGES
from tests.docs.reading import DOCS, ROOT, code_in, documents, name_of, prose_of, text_of

COMMANDS = {
    name: one for each in commands_page.PROGRAMS for name, one in commands_page.commands(each)
}
USER, OPERATIONS = documents("user"), documents("operations")
BANNED = ("同步", "冲突", "节点", "异常", "无效", "非法")
SENTENCE, LONGEST, MOSTLY = 20, 34, 0.8
MACHINE_ROUTES = (
    "/sync/v1/exchange",
    "/sync/v1/attachments/",
    "/sync/v1/enrolments",
    "/healthz",
    "/readyz",
    "/metrics",
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_QUOTED = re.compile(r"【([^】]+)】")
_NAMES = ("hub", "station")


# -- generated pages ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_generated_page_is_what_the_programs_say_today(path):
    assert text_of(path) == PAGES[path](), "stale: run `.venv/bin/python -m tests.docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_told(name):
    told = text_of(DOCS / "reference" / "commands.md")
    assert f"### `{name}`\n" in told
    section = told.partition(f"### `{name}`\n")[2].partition("\n### ")[0]
    own = [option for one in COMMANDS[name].params for option in one.opts if option.startswith("-")]
    common = told.partition("## 结束码")[0]
    assert [one for one in own if f"`{one}`" not in section + common] == []


def test_every_command_says_what_it_does():
    assert [name for name, one in COMMANDS.items() if not one.help] == []


def test_every_problem_is_told():
    told = text_of(DOCS / "reference" / "problems.md")
    assert [slug for slug in PROBLEMS if f"## `{slug}`" not in told] == []


def test_every_exit_code_is_told():
    spoken = {
        int(code) for text in reading.sources("node", "hub", "station") for code in _codes(text)
    }
    used = {one.exit_code for one in PROBLEMS.values()} | spoken
    assert used <= set(commands_page.EXIT_CODES)
    assert {code for code in spoken if code} <= used


def _codes(source):
    for line in re.findall(
        r"^_?EXIT_[\w, ]*=[ \d,]+$|^_EXIT\w*: Final = \d+$", source, re.MULTILINE
    ):
        yield from re.findall(r"\d+", line.partition("=")[2])


def test_every_environment_variable_is_told():
    read = {"DATA", "FONT", "PASSPHRASE_FILE"}
    text = "\n".join(reading.sources("node", "hub", "station"))
    assert set(re.findall(r'variable\("([A-Z_]+)"\)', text)) == read
    named = {f"{each.upper()}_{what}" for each in _NAMES for what in read}
    named |= set(re.findall(r'"(BANGBAN_[A-Z_]+)"', text))
    assert named == set(commands_page.SETTINGS)


def test_every_stored_setting_is_told():
    text = "\n".join(reading.sources("node", "hub", "station"))
    assert set(re.findall(r'"(session\.[a-z_]+)"', text)) == set(commands_page.STORED)


# -- what people wrote -------------------------------------------------------------------------


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_every_link_leads_somewhere(path):
    wrong = [address for address in _LINK.findall(text_of(path)) if not _leads(path, address)]
    assert wrong == []


def _leads(path, address):
    if address.startswith(("https://", "mailto:")):
        return True
    file, _, anchor = address.partition("#")
    target = (path.parent / file).resolve() if file else path
    return target.exists() and (not anchor or anchor in _anchors(text_of(target)))


def _anchors(text):
    for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", [ROOT / "README.md", *USER, *OPERATIONS], ids=name_of)
def test_every_command_written_down_exists(path):
    wrong = [code for code in code_in(text_of(path)) if _is_command(code) and not _exists(code)]
    assert wrong == []


def _is_command(code):
    return code.split(" ")[0].rpartition("/")[2] in _NAMES and " " in code


def _exists(code):
    words = shlex.split(code.partition("|")[0].partition(" #")[0])
    words[0] = words[0].rpartition("/")[2]
    plain = [word for word in words if not word.startswith("-")]
    name = next((" ".join(plain[:n]) for n in (3, 2) if " ".join(plain[:n]) in COMMANDS), "")
    known = {option for one in COMMANDS[name].params for option in one.opts} if name else set()
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    return bool(name or words[1:] == ["--help"]) and used <= known | {"--help"}


@cache
def _words():
    with (ROOT / "ui" / "i18n" / "en.po").open(encoding="utf-8") as file:
        catalog = pofile.read_po(file)
    problems = [text for one in PROBLEMS.values() for text in (one.title_zh, one.detail_zh)]
    papers = [kind.title.zh for kind in KINDS.values()]
    told = [str(one.id) for one in catalog if one.id] + problems + papers + list(WORDS.values())
    return {text.rstrip("。") for text in told}


@pytest.mark.parametrize("path", [*USER, *OPERATIONS], ids=name_of)
def test_words_quoted_from_a_page_stand_on_a_page(path):
    assert [
        text for text in _QUOTED.findall(text_of(path)) if text.rstrip("。") not in _words()
    ] == []


@pytest.mark.parametrize("path", USER, ids=name_of)
def test_pages_for_helpers_are_plain(path):
    text = prose_of(text_of(path))
    assert [word for word in BANNED if word in text] == []
    lengths = [
        len(re.findall(r"[\u4e00-\u9fff]", one)) for one in re.split(r"[。！？；：\n|]", text)
    ]
    spoken = [length for length in lengths if length]
    assert max(spoken) <= LONGEST
    assert sum(length <= SENTENCE for length in spoken) >= MOSTLY * len(spoken)


@pytest.mark.parametrize("path", OPERATIONS, ids=name_of)
def test_pages_for_administrators_end_in_english(path):
    assert "\n## English summary\n" in text_of(path)


@pytest.mark.parametrize("folder", ["user", "operations", "reference", "adr", "spec"])
def test_the_index_names_every_folder_and_page(folder):
    index = text_of(DOCS / "README.md")
    pages = [path for path in documents(folder) if folder in {"user", "operations", "reference"}]
    assert f"({folder}/" in index
    assert [
        name_of(path) for path in pages if f"({path.relative_to(DOCS).as_posix()})" not in index
    ] == []


def test_the_glossary_names_each_thing_once_and_what_it_names_exists():
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", text_of(DOCS / "glossary.md"), re.MULTILINE)
    terms = [row for row in rows if row[0] != "---" and not row[0].startswith("English")]
    english = [row[0] for row in terms]
    assert sorted(set(english)) == sorted(english)
    chinese = [word for row in terms for word in row[1].split("、") if word != "–"]
    assert sorted(set(chinese)) == sorted(chinese)
    code = "\n".join(reading.sources("casework", "crypto", "sync", "node", "hub", "station"))
    classes = {name for row in terms for name in re.findall(r"`([A-Z]\w+)`", row[0])}
    assert [
        name
        for name in sorted(classes)
        if not re.search(rf"^(class )?{name}\b", code, re.MULTILINE)
    ] == []


# -- HTTP --------------------------------------------------------------------------------------


def test_every_route_for_programs_is_told():
    told = text_of(DOCS / "reference" / "http.md")
    routes = [*MACHINE_ROUTES, *(f"{openapi.PREFIX}{route.path}" for route in openapi.ROUTES)]
    assert [route for route in routes if route not in told] == []


def test_no_route_for_programs_is_missing_from_the_list():
    """`@machine` marks the views that programs call; each begins as a route of the list does."""
    text = "\n".join(reading.sources("node/web", "hub/web"))
    marked = re.findall(r'\.(?:get|post|put)\(\n?\s*f?"([^"]+)"\)\n\s+@(?:guard\.)?machine', text)
    assert [route for route in marked if not route.startswith((*MACHINE_ROUTES, "{PATH}"))] == []
    assert len(marked) >= len(MACHINE_ROUTES)
