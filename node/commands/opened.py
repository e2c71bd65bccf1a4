"""What every verb does first: open the node, read a JSON file, find out who acts."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from casework.errors import FieldProblem
from node import people
from node.clock import SystemClock
from node.command import Call, load
from node.errors import FileUnreadable, InvalidInput
from node.people import Account
from node.runtime import Node

_MOST_BYTES: Final = 4 << 20


@contextmanager
def opened(call: Call) -> Iterator[Node]:
    """The open, enrolled node of a call, as its program opens it; closed at the end.

    Raises:
        NotInitialised, Locked, WrongKey: it cannot be opened.
    """
    directory, open_with = call.directory.require(), load(call.program.opens)
    node: Node = call.opened(lambda passphrase: open_with(directory, passphrase, SystemClock()))
    try:
        node.identity()
        yield node
    finally:
        node.database.close()


def read_json(name: str) -> dict[str, object]:
    """Read a file that holds one JSON object.

    Raises:
        FileUnreadable: it cannot be opened.
        InvalidInput: it is no JSON object.
    """
    try:
        data = Path(name).read_bytes()
        if len(data) > _MOST_BYTES:
            raise FileUnreadable(name)
        document = json.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise FileUnreadable(name) from error
    except (ValueError, RecursionError) as error:
        raise _no_json(name) from error
    if not isinstance(document, dict):
        raise _no_json(name)
    return document


def _no_json(name: str) -> InvalidInput:
    zh, en = f"{name} 不是 JSON 对象。照样例改。", f"{name} holds no JSON object."
    return InvalidInput([FieldProblem("", "json", zh, en)])


def acting(node: Node, login: str | None, roles: Collection[str]) -> Account:
    """Who acts: the account named, else the first one that may.

    Raises:
        NoSuchAccount: the login is unknown or switched off.
        NoAccountFor: nobody was named and nobody may.
    """
    with node.database.read() as tx:
        return people.acting(tx, login, roles)


def typed_fingerprint(call: Call, given: str | None, prompt: str) -> str:
    """What somebody typed of a fingerprint that another screen shows; nothing is trusted before.

    Args:
        call: the command.
        given: of the option, or None: ask.
        prompt: whose fingerprint it is.
    """
    if given is not None:
        return given
    if call.no_input:
        raise click.UsageError("要写 --fingerprint：对方屏幕上的16个字母。")
    return str(click.prompt(prompt, err=True))
