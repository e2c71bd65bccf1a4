"""`user …`."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

from casework.values import day_of
from node import people
from node.command import Call
from node.commands.opened import opened
from node.errors import FileUnreadable
from node.people import Account, NewAccount


def add(  # noqa: PLR0913  # the options of the command
    call: Call, *, login: str, name: str, role: str, code: str | None, department: str
) -> Mapping[str, object]:
    """Make an account; its password is shown this once."""
    with opened(call) as node:
        place = code or node.identity().place.code
        new = NewAccount(login, name, role, place, department)
        with node.database.write() as tx:
            issued = people.add(tx, new, now=node.clock.now_ms())
    return {"user": issued.account.login, "password": issued.password}


def list_users(call: Call) -> Mapping[str, object]:
    """List the accounts of this node."""
    with opened(call) as node, node.database.read() as tx:
        return {"users": [_document(account) for account in people.accounts(tx)]}


def disable(call: Call, *, login: str) -> Mapping[str, object]:
    """Switch an account off; it stays in the history."""
    with opened(call) as node, node.database.write() as tx:
        return _document(people.disable(tx, login, now=node.clock.now_ms()))


def reset(call: Call, *, login: str, slip: str | None) -> Mapping[str, object]:
    """Give somebody who forgot it a new password; the open sessions end, a closed login opens.

    The slip is a page for the printer, to be handed over in person and not kept.
    """
    with opened(call) as node:
        with node.database.write() as tx:
            issued = people.set_password(tx, login)
        if slip is not None:
            now, place = node.clock.now_ms(), node.identity().name
            text = _SLIP.format(
                place=escape(place),
                name=escape(issued.account.name),
                login=escape(issued.account.login),
                password=issued.password,
                day=day_of(now).isoformat(),
            )
            _write_slip(Path(slip), text)
    return {"user": issued.account.login, "password": issued.password, "slip": slip}


def _write_slip(path: Path, text: str) -> None:
    """Write a file that only this account of the computer may read.

    Raises:
        FileUnreadable: it cannot be written; the new password stands all the same.
    """
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileUnreadable(str(path)) from error


_SLIP: Final = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>新密码</title>
<style>body{{font:20px/1.8 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2cm}}
b{{font:28px monospace;letter-spacing:.1em}}@page{{size:A5}}</style>
<h1>新密码</h1>
<p>{place} · {day}</p>
<p>{name}，您的用户名是 <b>{login}</b></p>
<p>新密码 <b>{password}</b></p>
<p>以前的密码不能用了。登进去以后，这张纸撕掉，不要贴在电脑上。</p>
<p>交给本人签收：____________　　日期：____________</p>
</html>
"""


def _document(account: Account) -> dict[str, object]:
    return {
        "user": account.login,
        "name": account.name,
        "role": account.role.value,
        "station": account.station,
        "department": account.department,
        "first": account.first,
        "disabled": account.disabled,
    }
