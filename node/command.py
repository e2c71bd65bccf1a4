"""The frame of both programs' commands: noun, verb, common options, one way to answer.

A program is a table of light declarations (`Verb`); the function that does the work is named as
text and loaded only when it runs, so that `--help` and usage errors answer at once.

    Verb("station.commands.case:open_case", "受理一件", (click.Option(["--file"], required=True),))

    def open_case(call: Call, *, file: str) -> Mapping[str, object]: ...

What the function returns is printed on standard output, as one JSON document with `--json`.
Messages go to standard error. Errors become words and an exit code by `node.problems`; no
traceback reaches a person. Only this module and the apps' `cli` modules know click.
"""

import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Never, TypeVar

import click
from typing_extensions import override

from node import config
from node.config import DataDirectory
from node.errors import FileUnreadable, Locked, NoDataDirectory
from node.output import Document, as_json, human
from node.problems import Language, problem_of, record

EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_PARTLY = 0, 1, 2, 3
EXIT_FINDINGS, EXIT_CANCELLED = 20, 130

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb answers when a bare document is not enough.

    Attributes:
        document: printed with `--json`.
        exit_code: 0, 3 (partly done), 20 (findings) …
        text: printed without `--json`; empty: made from the document.
    """

    document: Document
    exit_code: int = EXIT_DONE
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """One command.

    Attributes:
        run: `package.module:function`, called as `function(call, **options)`.
        help: one line, shown in the list of commands.
        params: its own options and arguments.
    """

    run: str
    help: str
    params: tuple[click.Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Noun:
    """Verbs about one thing."""

    help: str
    verbs: Mapping[str, Verb]


@dataclass(frozen=True, slots=True)
class Program:
    """A whole program.

    Attributes:
        name: `station` or `hub`; the environment variables begin with it.
        help: one line.
        tree: nouns with verbs, and verbs that need no noun (`init`, `serve`).
        opens: `package.module:function`, called as `function(directory, passphrase, clock)`.
    """

    name: str
    help: str
    tree: Mapping[str, Noun | Verb]
    opens: str = ""

    def variable(self, what: str) -> str:
        """The environment variable for `DATA`, `PASSPHRASE_FILE`."""
        return f"{self.name.upper()}_{what}"


@dataclass(slots=True)
class Call:
    """What a verb's function is given beside its own options.

    Attributes:
        program: whose command it is.
        json: the person asked for `--json`.
        quiet: no messages but errors.
        no_input: never ask.
        env: the process environment.
    """

    program: Program
    json: bool = False
    quiet: bool = False
    no_input: bool = False
    data_option: str | None = None
    passphrase_option: str | None = None
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def directory(self) -> DataDirectory:
        """The data directory by `--data` or the environment.

        Raises:
            NoDataDirectory: neither says where.
        """
        return config.find(self.data_option, self.env, variable=self.program.variable("DATA"))

    @property
    def log_directory(self) -> Path | None:
        """Where this command's errors are written, if a node lives there."""
        try:
            return self.directory.logs
        except NoDataDirectory:
            return None

    @property
    def passphrase_file(self) -> str | None:
        """The file named by `--passphrase-file` or the environment."""
        named = self.env.get(self.program.variable("PASSPHRASE_FILE"))
        return self.passphrase_option or named

    def passphrase(self) -> str | None:
        """What the passphrase file says, or None where no file is named.

        Raises:
            FileUnreadable: the file is named and cannot be read.
        """
        name = self.passphrase_file
        if not name:
            return None
        try:
            return Path(name).read_text(encoding="utf-8-sig").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise FileUnreadable(name) from error

    def ask_passphrase(self, prompt: str = "口令 Passphrase") -> str:
        """The passphrase from the file, else typed unseen on the terminal.

        Raises:
            Locked: there is nobody to ask.
        """
        given = self.passphrase()
        if given is not None:
            return given
        if self.no_input or not sys.stdin.isatty():
            raise Locked
        return str(click.prompt(prompt, hide_input=True, err=True))

    def opened(self, open_with: Callable[[str | None], Node]) -> Node:
        """Open the node by its key file or passphrase file; ask only where that is not enough.

        Args:
            open_with: opens it with a passphrase, or with None by its key file.

        Raises:
            Locked: a passphrase is needed and there is nobody to ask.
            WrongKey: it does not open it.
        """
        try:
            return open_with(self.passphrase())
        except Locked:
            return open_with(self.ask_passphrase())

    def message(self, text: str) -> None:
        """Say something to the person, on standard error."""
        if not self.quiet:
            click.echo(text, err=True)

    def warn(self, text: str) -> None:
        """Say something that `--quiet` does not silence, on standard error."""
        click.echo(text, err=True)

    def line(self, document: Document) -> None:
        """One line of a long job's NDJSON; silent without `--json`."""
        if self.json:
            click.echo(as_json(document))


# --- building the click tree


class _VerbCommand(click.Command):
    """A verb with the common options; its function is loaded when it runs."""

    def __init__(self, name: str, verb: Verb) -> None:
        super().__init__(
            name, params=[*verb.params, *_common()], help=verb.help, short_help=verb.help
        )
        self.run = verb.run

    @override
    def invoke(self, ctx: click.Context) -> int:
        call: Call = ctx.obj
        options = _settle(call, dict(ctx.params))
        answer: Document | Outcome | None = load(self.run)(call, **options)
        return _answer(call, answer)


def _common() -> tuple[click.Option, ...]:
    return (
        click.Option(["--data"], metavar="DIR", help="数据目录 data directory"),
        click.Option(["--json", "as_json"], is_flag=True, help="输出 JSON"),
        click.Option(["--quiet"], is_flag=True, help="少说话 no messages"),
        click.Option(["--no-input"], is_flag=True, help="不提问 never ask"),
        click.Option(["--passphrase-file"], metavar="FILE", help="口令所在文件"),
    )


def _settle(call: Call, params: dict[str, Any]) -> dict[str, Any]:
    call.data_option = params.pop("data") or call.data_option
    call.json = params.pop("as_json")
    call.quiet = params.pop("quiet")
    call.no_input = params.pop("no_input")
    call.passphrase_option = params.pop("passphrase_file")
    return params


def load(path: str) -> Callable[..., Any]:
    """The function that is named as `package.module:function`, loaded now."""
    module, _, name = path.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _answer(call: Call, answer: Document | Outcome | None) -> int:
    outcome = answer if isinstance(answer, Outcome) else Outcome(answer or {})
    if call.json:
        click.echo(as_json(outcome.document))
    elif outcome.text or outcome.document:
        click.echo(outcome.text or human(outcome.document))
    return outcome.exit_code


def build(program: Program) -> click.Group:
    """The click command of a program."""
    root = click.Group(
        program.name,
        help=program.help,
        params=[click.Option(["--data"], metavar="DIR", help="数据目录 data directory")],
    )
    root.callback = _remember
    for name, entry in program.tree.items():
        root.add_command(_command(name, entry))
    return root


def _command(name: str, entry: Noun | Verb) -> click.Command:
    if isinstance(entry, Verb):
        return _VerbCommand(name, entry)
    group = click.Group(name, help=entry.help, short_help=entry.help)
    for verb_name, verb in entry.verbs.items():
        group.add_command(_VerbCommand(verb_name, verb))
    return group


@click.pass_obj
def _remember(call: Call, data: str | None) -> None:
    call.data_option = data


# --- running it


def run(program: Program, arguments: Sequence[str] | None = None) -> int:
    """Run one command to its end and say how it ended.

    Args:
        program: the table of commands.
        arguments: what stands behind the program's name; the process's own by default.

    Returns:
        The exit code (interface §1).
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    call = Call(program, json="--json" in given)
    _speak_utf8()
    try:
        code = build(program).main(given, prog_name=program.name, standalone_mode=False, obj=call)
    except click.UsageError as error:
        return _tell_usage(error, call)
    except BrokenPipeError:
        _silence_stdout()
        return EXIT_FAILED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the last door
        return _tell(error, call)
    return int(code)


def main(program: Program) -> Never:
    """Entry point of a console script: run and exit."""
    sys.exit(run(program))


def _tell(error: BaseException, call: Call) -> int:
    number = record(error, directory=call.log_directory)
    problem = problem_of(error, language(), number=number)
    if call.json:
        click.echo(as_json({"error": problem.as_json()}))
    for text in problem.lines():
        click.echo(text, err=True)
    return problem.type.exit_code


def _tell_usage(error: click.UsageError, call: Call) -> int:
    if error.ctx is not None:
        asks_nothing = isinstance(error, click.exceptions.NoArgsIsHelpError)
        shown = error.ctx.get_help() if asks_nothing else error.ctx.get_usage()
        click.echo(shown, err=True)
    return _tell(click.UsageError(_usage_words(error, language())), call)


def _usage_words(error: click.UsageError, spoken: Language) -> str:
    if spoken is Language.EN:
        return error.format_message()
    for kind, words in _USAGE_ZH.items():
        if isinstance(error, kind):
            return words(error)
    return error.format_message()


_USAGE_ZH: Mapping[type[click.UsageError], Callable[[Any], str]] = {
    click.exceptions.NoArgsIsHelpError: lambda _: "没有写要做什么。加 --help 看有哪些命令。",
    click.exceptions.NoSuchCommand: lambda error: f"没有 {error.command_name} 这个命令。",
    click.NoSuchOption: lambda error: f"没有 {error.option_name} 这个选项。",
    click.MissingParameter: lambda error: f"缺少 {_parameter(error)}。",
    click.BadParameter: lambda error: f"{_parameter(error)} 写得不对：{error.message}",
    click.BadOptionUsage: lambda error: f"{error.option_name} 后面要跟一个值。",
}


def _parameter(error: click.BadParameter) -> str:
    hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param else "")
    return hint if isinstance(hint, str) else "、".join(hint)


def language() -> Language:
    """The language of messages: Chinese unless `BANGBAN_LANG` says `en`."""
    return Language.EN if os.environ.get("BANGBAN_LANG", "").startswith("en") else Language.ZH


def _speak_utf8() -> None:
    """Consoles and pipes on Windows speak the code page of the country by default."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _silence_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
