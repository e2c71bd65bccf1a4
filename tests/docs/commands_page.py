"""`docs/reference/commands.md`, written from the programs' own tables of commands."""

import click

import hub.cli
import station.cli
from node.command import build
from node.problem_types import PROBLEMS
from tests.docs.reading import GENERATED

PROGRAMS = (hub.cli.PROGRAM, station.cli.PROGRAM)
COMMON = ("--data", "--json", "--quiet", "--no-input", "--passphrase-file")
"""Options that every command has; told once."""

EXIT_CODES = {
    0: ("办好了", "done"),
    1: ("没办成", "failed"),
    2: ("命令写得不对", "usage"),
    3: ("办了一部分：还有没传的、等批准的，或者搁着的", "partly done"),
    10: ("还没有开通", "not initialised"),
    11: ("另一个程序占着，等了10秒", "locked by another process, after 10 s"),
    12: ("口令或钥匙不对", "wrong key or passphrase"),
    13: ("没有网络，或者对方没回应", "no link"),
    14: ("电脑时间差得太多", "clock skew"),
    15: ("县里没有收下", "refused by the county"),
    16: ("核对没有通过", "integrity check failed"),
    20: ("查出了问题（留着，还没有命令用它）", "findings (kept for later: no command yet)"),
    130: ("被人停下", "cancelled"),
}

SETTINGS = {
    "HUB_DATA": ("县中心的数据目录，等于 `--data`", "the hub's data directory"),
    "STATION_DATA": ("站点的数据目录，等于 `--data`", "the station's data directory"),
    "HUB_PASSPHRASE_FILE": ("县中心口令所在的文件", "file that holds the hub's passphrase"),
    "STATION_PASSPHRASE_FILE": ("站点口令所在的文件", "file that holds the station's passphrase"),
    "HUB_FONT": ("PDF 用的中文字体文件，等于 `--font`", "file of the font of PDFs"),
    "STATION_FONT": ("PDF 用的中文字体文件，等于 `--font`", "file of the font of PDFs"),
    "BANGBAN_LANG": ("`en`：命令说英文；不设：中文", "`en`: messages in English; else Chinese"),
}
"""Environment variables. What else can be set is an option."""

STORED = {
    "session.idle_minutes": ("多少分钟没人用就退出", "15", "minutes without a person's act"),
    "session.absolute_minutes": ("登录最多多少分钟", "720", "minutes in any case"),
}
"""Values kept in the database; no command changes them yet."""


def leaves(group, path=()):
    """Every command with the words that lead to it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


def commands(program):
    """Every command of a program, in the order of its table."""
    return [(" ".join((program.name, *words)), one) for words, one in leaves(build(program))]


def page():
    """The page."""
    parts = ["# 命令 / Commands", GENERATED, *_common(), *_exit_codes(), *_settings()]
    for program in PROGRAMS:
        parts.append(f"## `{program.name}`：{program.help}")
        for name, command in commands(program):
            parts += _command(name, command)
    return "\n\n".join(parts) + "\n"


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _common():
    group = build(PROGRAMS[0])
    _, some = next(leaves(group))
    rows = [_row(one) for one in some.params if one.opts[0] in COMMON]
    return (
        "写法：先名词，后动词，如 `hub station add`。`--data` 写在最前或最后都行。",
        "结果写到标准输出，提示写到标准错误。",
        "Noun, then verb. Results go to standard output, messages to standard error.",
        "## 每个命令都有的选项 / Options of every command",
        _table(("选项", "要不要", "不写时", "说明"), rows),
    )


def _exit_codes():
    used = {problem.exit_code for problem in PROBLEMS.values()}
    rows = [
        (f"`{code}`", zh, en, "[有](problems.md)" if code in used else "")
        for code, (zh, en) in EXIT_CODES.items()
    ]
    return (
        "## 结束码 / Exit codes",
        _table(("码", "意思", "meaning", "错误种类"), rows),
    )


def _settings():
    variables = [(f"`{name}`", zh, en) for name, (zh, en) in SETTINGS.items()]
    stored = [(f"`{name}`", zh, plain, en) for name, (zh, plain, en) in STORED.items()]
    return (
        "## 环境变量 / Environment",
        _table(("变量", "意思", "meaning"), variables),
        "## 库里的设置 / Stored settings",
        "还没有命令改它们。No command changes them yet.",
        _table(("名字", "意思", "现在", "meaning"), stored),
    )


def _command(name, command):
    own = [one for one in command.params if one.opts[0] not in COMMON]
    words = " ".join((name, *(_usage(one) for one in own)))
    yield f"### `{name}`"
    yield command.help
    yield f"```\n{words}\n```"
    if own:
        yield _table(("选项", "要不要", "不写时", "说明"), [_row(one) for one in own])


def _usage(one):
    if isinstance(one, click.Argument):
        shown = _metavar(one)
    else:
        shown = one.opts[0] if one.is_flag else f"{one.opts[0]} {_metavar(one)}"
    repeated = "…" if getattr(one, "multiple", False) else ""
    return f"{shown if one.required else f'[{shown}]'}{repeated}"


def _metavar(one):
    if isinstance(one.type, click.Choice):
        return "|".join(one.type.choices)
    return (one.metavar or one.name.upper()).strip("[]")


def _row(one):
    named = isinstance(one, click.Option)
    value = "" if named and one.is_flag else _metavar(one).replace("|", "\\|")
    label = f"`{one.opts[0]}` {value}".strip() if named else f"`{value}`"
    return label, "要" if one.required else "", _default(one), getattr(one, "help", None) or ""


def _default(one):
    plain = one.default if isinstance(one.default, str | int | float) else ""
    return "" if isinstance(plain, bool) or plain == "" else f"`{plain}`"
