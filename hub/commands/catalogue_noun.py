"""The verbs of `hub catalogue`, for the table of `hub.cli`; their work is loaded late."""

from typing import Final

import click

from node.command import Noun, Verb

_AS: Final = click.Option(["--as", "login"], metavar="USER", help="谁来办 who acts")
_FILE: Final = click.Argument(["file"], metavar="FILE")
_KINDS: Final = ("add", "cancel", "hand_down", "take_over", "adjust")


def _text(name: str, metavar: str, help_: str) -> click.Option:
    return click.Option([name], metavar=metavar, required=True, help=help_)


NOUN: Final = Noun(
    "事项目录 the catalogue of items",
    {
        "list": Verb("hub.commands.catalogue:list_catalogue", "列出事项、各版和到站情况"),
        "template": Verb(
            "hub.commands.catalogue:template",
            "写一份空表格，给人填",
            (_FILE, click.Option(["--filled"], is_flag=True, help="把现在的目录填在里面")),
        ),
        "import": Verb(
            "hub.commands.catalogue:import_file",
            "读填好的表格或JSON，做成草稿；有一行不对就什么都不改",
            (_FILE, _AS),
        ),
        "diff": Verb("hub.commands.catalogue:diff", "草稿和现在公布的比，哪些在办的件受影响"),
        "publish": Verb(
            "hub.commands.catalogue:publish",
            "写草稿的人交审核；另一位管理员来做，就是审核通过、公布",
            (click.Option(["--note"], metavar="TEXT", help="给各站看的说明"), _AS),
        ),
        "return": Verb(
            "hub.commands.catalogue:send_back",
            "把等审核的草稿退回",
            (_text("--reason", "TEXT", "理由"), _AS),
        ),
        "rollback": Verb(
            "hub.commands.catalogue:roll_back",
            "把旧的一版做成草稿，照样要另一人审核",
            (click.Argument(["version"], type=click.IntRange(min=1)), _AS),
        ),
        "request": Verb(
            "hub.commands.catalogue:request",
            "记下部门提的目录调整",
            (
                click.Option(["--kind"], required=True, type=click.Choice(_KINDS)),
                click.Option(
                    ["--item", "items"], multiple=True, required=True, metavar="CODE", help="事项"
                ),
                _text("--department", "D", "哪个部门提的"),
                _text("--proposer", "NAME", "谁提的"),
                _text("--basis", "TEXT", "依据的文件"),
                _text("--law-date", "DATE", "文件公布的日期"),
                _text("--told-on", "DATE", "告知县里的日期"),
                _AS,
            ),
        ),
        "requests": Verb("hub.commands.catalogue:requests", "列出部门提的调整，晚没晚"),
    },
)
