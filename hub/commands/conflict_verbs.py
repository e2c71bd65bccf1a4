"""The verbs of `hub conflict` and `hub notice`; their work is loaded late."""

from typing import Final

import click

from node.command import Noun, Verb

_AS: Final = click.Option(["--as", "login"], metavar="USER", help="谁来办 who acts")
_CHECK: Final = click.Argument(["check"], metavar="ID")
_REASON: Final = click.Option(["--reason"], required=True, metavar="TEXT", help="理由")
_UNMASK: Final = click.Option(["--unmask"], metavar="PURPOSE", help="看全号，写明用途，记日志")
CONFLICT: Final = Noun(
    "核对 differences that wait for a person",
    {
        "list": Verb(
            "hub.commands.conflict:list_conflicts",
            "列出核对单",
            (click.Option(["--open", "open_only"], is_flag=True, help="只列没定的"),),
        ),
        "show": Verb("hub.commands.conflict:show", "看一张核对单", (_CHECK, _UNMASK, _AS)),
        "resolve": Verb(
            "hub.commands.conflict:resolve",
            "核定",
            (
                _CHECK,
                click.Option(["--choose"], multiple=True, metavar="FIELD=DOT", help="用这一方的"),
                click.Option(["--set", "given"], multiple=True, metavar="FIELD=VALUE"),
                _REASON,
                _AS,
            ),
        ),
        "confirm": Verb(
            "hub.commands.conflict:confirm", "第二个人确认（关系到钱的）", (_CHECK, _AS)
        ),
        "undo": Verb("hub.commands.conflict:undo", "撤销核定（7天内）", (_CHECK, _AS)),
        "answers": Verb(
            "hub.commands.conflict:answers", "一类核对单有哪些答案", (click.Argument(["rule"]),)
        ),
        "resolve-many": Verb(
            "hub.commands.conflict:resolve_many",
            "同一类的一次定多张（最多50张）",
            (
                click.Argument(["checks"], nargs=-1, required=True, metavar="ID..."),
                click.Option(["--answer", "key"], required=True, metavar="KEY", help="答案"),
                _REASON,
                click.Option(["--dry-run"], is_flag=True, help="只看会怎样，什么也不改"),
                _AS,
            ),
        ),
        "undo-many": Verb(
            "hub.commands.conflict:undo_many",
            "撤销一次定的多张",
            (click.Argument(["batch"]), _AS),
        ),
    },
)
NOTICE: Final = Noun(
    "要告诉申请人的 what citizens are told",
    {
        "list": Verb(
            "hub.commands.notice:list_notices",
            "列出还没发的",
            (
                click.Option(["--way"], type=click.Choice(("sms", "phone")), help="短信或电话"),
                click.Option(["--all", "every"], is_flag=True, help="发过的也列"),
            ),
        ),
        "drain": Verb(
            "hub.commands.notice:drain",
            "把短信交给文件或程序",
            (
                click.Option(["--file"], metavar="OUTBOX.jsonl", help="一行一条，接在后面"),
                click.Option(["--command"], metavar="CMD", help="每条从标准输入给这个程序"),
            ),
        ),
        "schedule": Verb(
            "hub.commands.notice:schedule",
            "定下自动发到哪里；都不写就停",
            (
                click.Option(["--file"], metavar="OUTBOX.jsonl"),
                click.Option(["--command"], metavar="CMD"),
            ),
        ),
    },
)
