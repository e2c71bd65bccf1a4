"""The program `station`: the table of its commands (interface.md §1); their work is loaded late."""

from typing import Final, Never

import click

from node.command import Noun, Program, Verb
from node.command import main as run_main

_AS: Final = click.Option(["--as", "login"], metavar="USER", help="谁来办 who acts")
_CASE: Final = click.Argument(["case"])
_ROLES: Final = ("helper", "clerk", "teller", "approver", "reconciler", "administrator")


def _file(name: str = "--file", *, required: bool = True, help_: str = "") -> click.Option:
    return click.Option([name], metavar="FILE", required=required, help=help_)


_BACKUP: Final = Noun(
    "备份 backups",
    {
        "create": Verb("station.commands.backup:create", "做一份备份", (click.Argument(["file"]),)),
        "verify": Verb(
            "station.commands.backup:verify", "核对一份备份", (click.Argument(["file"]),)
        ),
        "restore": Verb(
            "station.commands.backup:restore",
            "从备份恢复（换新身份）",
            (click.Argument(["file"]),),
        ),
    },
)

_FONT: Final = click.Option(["--font"], metavar="FILE", help="中文字体；不写就自己找")
_PRINTER: Final = Noun(
    "小票打印机 receipt printer",
    {
        "show": Verb("station.commands.printing:show_printer", "设的是哪台"),
        "set": Verb(
            "station.commands.printing:set_printer",
            "设打印机，照自检单上看到的填",
            (
                click.Option(["--target"], metavar="WHERE", help="tcp:地址:9100 或 file:设备文件"),
                click.Option(["--mode"], type=click.Choice(["text", "picture"])),
                click.Option(["--line"], type=click.Choice(list("ABCD")), help="自检单上哪行对"),
                click.Option(["--start"], metavar="HEX", help="开头的命令，十六进制"),
                click.Option(["--width"], type=int, metavar="N", help="一行几列：48、42、32"),
                click.Option(["--qr"], type=click.Choice(["native", "picture"])),
                click.Option(["--cut/--no-cut"], default=None, help="有没有切刀"),
            ),
        ),
        "test": Verb(
            "station.commands.printing:test_printer",
            "打自检单",
            (click.Option(["--out"], metavar="FILE", help="写到文件，不打印"),),
        ),
    },
)

PROGRAM: Final = Program(
    "station",
    "帮办站点 a service station",
    {
        "init": Verb(
            "station.commands.init:init",
            "开通本站 enrol this station",
            (
                click.Option(["--hub"], metavar="URL", help="县里的地址 the county's hub"),
                click.Option(["--code"], metavar="CODE", help="开通码 one-time code"),
                click.Option(["--parent-url"], metavar="URL", help="乡镇的地址 the township"),
                click.Option(["--unattended"], is_flag=True, help="开机不要口令 no passphrase"),
                click.Option(["--anew"], is_flag=True, help="换新身份,数据不变 a new identity"),
                click.Option(["--timeout"], type=float, default=600.0, metavar="S"),
                _file("--request-file", required=False, help_="没有网：把申请写到文件"),
                _file("--approval-file", required=False, help_="没有网：读县里批准的文件"),
                click.Option(["--fingerprint"], metavar="LETTERS", help="县里念的16个字母"),
            ),
        ),
        "serve": Verb(
            "station.commands.serve:serve_station",
            "打开页面和自动上传 pages and background sync",
            (
                click.Option(["--host"], default="127.0.0.1"),
                click.Option(["--port"], type=int, default=8500),
                click.Option(["--relay"], is_flag=True, help="给下面的站点转送 serve children"),
                _FONT,
            ),
        ),
        "case": Noun(
            "办件 cases",
            {
                "open": Verb("station.commands.case:open_case", "受理一件 one intake", (_file(),)),
                "open-bundle": Verb(
                    "station.commands.case:open_bundle",
                    "受理一件事：一份表，几件一起 one matter of several items",
                    (_file(),),
                ),
                "list": Verb(
                    "node.commands.case:list_cases",
                    "列出办件",
                    (
                        click.Option(["--station", "code"], metavar="C"),
                        click.Option(["--state"], metavar="S"),
                        click.Option(["--limit"], type=click.IntRange(min=1)),
                    ),
                ),
                "show": Verb(
                    "station.commands.case:show",
                    "看一件",
                    (
                        _CASE,
                        click.Option(
                            ["--unmask"], metavar="PURPOSE", help="看原文，写明用途，记录在案"
                        ),
                        _AS,
                    ),
                ),
                "act": Verb(
                    "station.commands.case:act",
                    "办一步 one act",
                    (_CASE, click.Argument(["fact"]), _file(), _AS),
                ),
                "attach": Verb(
                    "station.commands.case:attach",
                    "给材料加照片",
                    (_CASE, click.Option(["--material"], type=int, required=True), _file(), _AS),
                ),
                "import": Verb(
                    "station.commands.case:import_roster",
                    "导入整村名单，一行一件",
                    (
                        click.Argument(["file"]),
                        click.Option(["--item", "code"], metavar="CODE", required=True),
                        click.Option(["--check"], is_flag=True, help="只看看有没有错，不收"),
                        _AS,
                    ),
                ),
                "template": Verb(
                    "station.commands.case:roster_template",
                    "存一份名单模板",
                    (
                        click.Argument(["file"]),
                        click.Option(["--item", "code"], metavar="CODE", required=True),
                    ),
                ),
                "facts": Verb("station.commands.case:facts", "能办哪些步骤,各填什么"),
            },
        ),
        "sync": Verb(
            "station.commands.exchange:sync",
            "现在就上传和下载",
            (
                click.Option(["--max-seconds"], type=float, default=300.0, metavar="S"),
                click.Option(["--check"], is_flag=True, help="请县里核对本机存的齐不齐"),
            ),
        ),
        "prune": Verb("station.commands.checks:prune", "清掉县里已存、早已办结的办件"),
        "bundle": Noun(
            "U盘 sticks",
            {
                "export": Verb(
                    "station.commands.bundle:export_file",
                    "存到U盘：县里还没收到的，都写进一个文件",
                    (
                        click.Argument(["file"]),
                        click.Option(["--no-photos"], is_flag=True, help="不带照片 facts only"),
                        click.Option(
                            ["--max-mb"],
                            type=click.IntRange(min=1),
                            metavar="MB",
                            help="满了这么大，后面的照片不带",
                        ),
                    ),
                ),
                "import": Verb(
                    "station.commands.bundle:import_files",
                    "从U盘读回：回执、下来的办件；乡镇也读村里的",
                    (
                        click.Argument(["files"], nargs=-1, required=True, metavar="FILE..."),
                        _file("--reply", required=False, help_="给村里的回执写到这个文件"),
                    ),
                ),
            },
        ),
        "status": Verb("station.commands.exchange:show_status", "传到哪里了 counts"),
        "quarantine": Noun(
            "搁置的 what is put aside",
            {
                "list": Verb("station.commands.exchange:list_quarantine", "列出"),
                "retry": Verb("station.commands.exchange:retry_quarantine", "再试一遍"),
            },
        ),
        "verify": Verb("node.commands.checks:verify", "核对全部记录"),
        "backup": _BACKUP,
        "rebuild": Verb("station.commands.checks:rebuild", "按记录重建各表"),
        "doctor": Verb("station.commands.checks:run_doctor", "自查 self-test"),
        "catalogue": Noun(
            "事项目录", {"list": Verb("station.commands.checks:list_catalogue", "列出事项")}
        ),
        "print": Verb(
            "station.commands.printing:print_document",
            "打印一份文书，或者一天的对账单 day-sheet",
            (
                click.Argument(["document"]),
                click.Argument(["case"], required=False, metavar="[CASE]"),
                click.Option(["--date"], metavar="D", help="对账单的日子；默认今天"),
                click.Option(
                    ["--format", "form"],
                    type=click.Choice(["html", "pdf", "escpos"]),
                    default="html",
                    help="escpos：小票打印机的字节",
                ),
                click.Option(["--item"], metavar="CODE", help="告知书、指南、申请表：哪个事项"),
                click.Option(["--out"], metavar="FILE", help="写到这个文件"),
                click.Option(["--send"], is_flag=True, help="送到设好的打印机"),
                click.Option(["--paper"], type=click.Choice(["a4", "a5"])),
                click.Option(["--large"], is_flag=True, help="大字"),
                click.Option(["--lang"], type=click.Choice(["zh", "en", "both"]), default="zh"),
                _FONT,
                _AS,
            ),
        ),
        "printer": _PRINTER,
        "user": Noun(
            "用户 accounts",
            {
                "add": Verb(
                    "node.commands.user:add",
                    "加一个用户",
                    (
                        click.Option(["--login"], required=True, metavar="L"),
                        click.Option(["--name"], required=True, metavar="N"),
                        click.Option(["--role"], required=True, type=click.Choice(_ROLES)),
                        click.Option(["--station", "code"], metavar="C"),
                        click.Option(["--department"], default="", metavar="D"),
                    ),
                ),
                "list": Verb("node.commands.user:list_users", "列出用户"),
                "disable": Verb(
                    "node.commands.user:disable",
                    "停用一个用户",
                    (click.Argument(["login"], required=True),),
                ),
                "reset": Verb(
                    "node.commands.user:reset",
                    "忘了密码：给一个新的",
                    (
                        click.Argument(["login"], required=True),
                        click.Option(
                            ["--slip"], metavar="FILE", help="写一页可以打印的纸条 a page to print"
                        ),
                    ),
                ),
            },
        ),
    },
    opens="station.usecases.opening:open_station",
)


def main() -> Never:
    """Entry point of the console script."""
    run_main(PROGRAM)


if __name__ == "__main__":
    main()
