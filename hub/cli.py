"""The program `hub`: the table of its commands (interface.md §1); their work is loaded late."""

from typing import Final, Never

import click

from hub.commands import catalogue_noun, print_verbs
from hub.commands.conflict_verbs import CONFLICT, NOTICE
from node.command import Noun, Program, Verb
from node.command import main as run_main

_AS: Final = click.Option(["--as", "login"], metavar="USER", help="谁来办 who acts")
_CASE: Final = click.Argument(["case"], metavar="ID")
_DOT: Final = click.Argument(["dot"], metavar="ID")
_REASON: Final = click.Option(["--reason"], required=True, metavar="TEXT", help="理由")
_ROLES: Final = ("helper", "clerk", "teller", "approver", "reconciler", "administrator")
_POWERS: Final = ("receive", "accept", "precheck", "decide", "issue", "deliver", "seal")
_KINDS: Final = ("village", "township", "outlet")
_PARTNERS: Final = ("bank", "post", "shop", "market", "telecom")


def _option(*names: str, metavar: str, required: bool = False, help_: str = "") -> click.Option:
    return click.Option(names, metavar=metavar, required=required, help=help_)


_UNMASK: Final = _option("--unmask", metavar="PURPOSE", help_="看全号，写明用途，记日志")
_INIT: Final = Verb(
    "hub.commands.init:init",
    "建县级中心 make the county's hub",
    (
        _option("--county", metavar="CODE", required=True, help_="县的区划代码，6位"),
        _option("--database-url", metavar="URL", help_="PostgreSQL；不写就用本机加密文件"),
        _option("--regions", metavar="FILE", help_="区划表；不写就用自带的"),
        _option("--catalogue", metavar="FILE", help_="事项目录；不写就用30项示例"),
    ),
)
_SERVE: Final = Verb(
    "hub.commands.serve:serve_hub",
    "打开页面和上传接口 pages, exchange",
    (
        click.Option(["--host"], default="127.0.0.1"),
        click.Option(["--port"], type=click.IntRange(0, 65535), default=8400),
        click.Option(["--workers"], type=click.IntRange(1, 1), default=1),
        _option("--font", metavar="FILE", help_="PDF 用的中文字体；不写就自己找"),
    ),
)
_STATION: Final = Noun(
    "站点 stations",
    {
        "add": Verb(
            "hub.commands.places:add_station",
            "登记一个站点，给出开通码",
            (
                _option("--code", metavar="CODE12", required=True, help_="12位代码"),
                click.Option(["--kind"], type=click.Choice(_KINDS), required=True),
                _option("--name", metavar="NAME", required=True),
                click.Option(["--partner"], type=click.Choice(_PARTNERS), help="网点的合作单位"),
                _option("--parent", metavar="CODE", help_="上级；默认是前9位相同的乡镇"),
                click.Option(["--pre-approve"], is_flag=True, help="第一台设备不用人核对"),
            ),
        ),
        "edit": print_verbs.EDIT_STATION,
        "list": Verb("hub.commands.places:list_stations", "列出站点"),
    },
)
_DEVICE: Final = Noun(
    "设备 devices",
    {
        "list": Verb("hub.commands.places:list_devices", "列出设备和等待开通的"),
        "approve": Verb(
            "hub.commands.places:approve",
            "核对过数字，准许一台设备；没有网的，读它的申请文件",
            (
                click.Argument(["request"], required=False, metavar="[REQUEST]"),
                _option("--request-file", metavar="FILE", help_="站点带来的申请文件"),
                _option("--approval-file", metavar="FILE", help_="批准写到这个文件"),
                _option("--fingerprint", metavar="LETTERS", help_="站点念的16个字母"),
                _AS,
            ),
        ),
        "refuse": Verb(
            "hub.commands.places:refuse",
            "数字对不上，不准",
            (click.Argument(["request"]), _REASON, _AS),
        ),
        "revoke": Verb(
            "hub.commands.places:revoke",
            "停用一台设备",
            (click.Argument(["replica"]), _REASON),
        ),
    },
)
_BUNDLE: Final = Noun(
    "U盘 sticks",
    {
        "import": Verb(
            "hub.commands.bundle:import_files",
            "读站点带来的U盘文件，写出回执",
            (
                click.Argument(["files"], nargs=-1, required=True, metavar="FILE..."),
                _option("--reply", metavar="FILE", required=True, help_="回执写到这个文件"),
            ),
        ),
        "export": Verb(
            "hub.commands.bundle:export_file",
            "给一个站点写一个文件：目录、回执、下发的",
            (
                click.Option(["--station", "code"], metavar="C", required=True, help="12位代码"),
                click.Argument(["file"]),
            ),
        ),
    },
)
_USER: Final = Noun(
    "用户 accounts",
    {
        "add": Verb(
            "hub.commands.user:add",
            "加一个用户",
            (
                _option("--login", metavar="L", required=True),
                _option("--name", metavar="N", required=True),
                click.Option(["--role"], required=True, type=click.Choice(_ROLES)),
                click.Option(["--station", "code"], metavar="C"),
                click.Option(["--department"], default="", metavar="D"),
            ),
        ),
        "list": Verb("node.commands.user:list_users", "列出用户"),
        "disable": Verb("node.commands.user:disable", "停用一个用户", (click.Argument(["login"]),)),
        "reset-password": Verb(
            "node.commands.user:reset",
            "忘了密码：给一个新的",
            (
                click.Argument(["login"]),
                _option("--slip", metavar="FILE", help_="写一页可以打印的纸条"),
            ),
        ),
    },
)
_AUTHORISATION: Final = Noun(
    "授权书和合作协议 letters of authorisation, partner agreements",
    {
        "add": Verb(
            "hub.commands.authorisation:add",
            "记一份授权书，或者网点的合作协议；马上公布",
            (
                _option(
                    "--to", metavar="CODE|USER", required=True, help_="给哪个站点，或哪位审批人员"
                ),
                _option("--document-no", metavar="TEXT", required=True, help_="授权书、协议的编号"),
                click.Option(
                    ["--department"], default="", metavar="D", help="哪个部门给的；不写是县里"
                ),
                click.Option(
                    ["--power", "powers"],
                    multiple=True,
                    type=click.Choice(_POWERS),
                    help="权限，可以写几次；不写是能给的都给",
                ),
                click.Option(
                    ["--item", "items"], multiple=True, metavar="CODE", help="只管这些事项"
                ),
                click.Option(["--area", "areas"], multiple=True, metavar="A", help="只管这些领域"),
                _option("--from", "first", metavar="DAY", help_="从哪天起；不写是今天"),
                _option("--until", "last", metavar="DAY", help_="到哪天止；不写是一年"),
                click.Option(["--agreement"], is_flag=True, help="记的是网点的合作协议"),
                click.Option(["--purpose"], default="", metavar="TEXT", help="协议：为什么合作"),
                _AS,
            ),
        ),
        "list": Verb(
            "hub.commands.authorisation:list_letters",
            "列出，过期和收回的也在",
            (click.Option(["--to"], default="", metavar="CODE|USER"),),
        ),
        "revoke": Verb(
            "hub.commands.authorisation:revoke",
            "收回；从现在起不算",
            (click.Argument(["letter"], metavar="ID"), _REASON, _AS),
        ),
    },
)
_CASES: Final = Noun(
    "办件 cases",
    {
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
            "hub.commands.case:show",
            "看一件",
            (_CASE, _UNMASK, _AS),
        ),
        "act": Verb(
            "hub.commands.case:act",
            "办一步 one act",
            (
                _CASE,
                click.Argument(["fact"]),
                _option("--file", metavar="FIELDS.json", required=True),
                _AS,
            ),
        ),
    },
)
_ITEM: Final = click.Argument(["item"], type=int, metavar="ID")
_QUARANTINE: Final = Noun(
    "搁置的 what is put aside",
    {
        "list": Verb("hub.commands.aside:list_quarantine", "列出"),
        "show": Verb("hub.commands.aside:show_quarantine", "看一份", (_ITEM,)),
        "retry": Verb(
            "hub.commands.aside:retry_quarantine",
            "再试一遍",
            (click.Argument(["item"], type=int, required=False, metavar="[ID]"),),
        ),
        "adopt": Verb(
            "hub.commands.aside:adopt",
            "设备没了，由县里代为写入",
            (_ITEM, _REASON, _AS),
        ),
    },
)
_VERDICT: Final = Noun(
    "没有采用的 what was refused",
    {
        "list": Verb("hub.commands.aside:list_verdicts", "列出"),
        "show": Verb("hub.commands.aside:show_verdict", "看一条", (_DOT,)),
        "ratify": Verb("hub.commands.aside:ratify", "追认", (_DOT, _REASON, _AS)),
    },
)

_EXCHANGE: Final = Noun(
    "导出导入 files for other systems",
    {
        "export": Verb(
            "hub.commands.exchange:export",
            "导出受理了的办件，接着上一次",
            (
                _option("--file", metavar="FILE", required=True, help_="写到这个文件"),
                click.Option(["--since"], type=click.IntRange(min=0), metavar="CURSOR"),
                click.Option(
                    ["--format", "form"],
                    type=click.Choice(["jsonl", "csv"]),
                    help="不写就看文件名",
                ),
                click.Option(["--personal"], is_flag=True, help="带姓名、电话、地址，记日志"),
                _option("--purpose", metavar="TEXT", help_="做什么用"),
                _AS,
            ),
        ),
        "import": Verb(
            "hub.commands.exchange:import_file",
            "读别的系统给的进度，一行一行看",
            (click.Argument(["file"]), _AS),
        ),
        "status": Verb("hub.commands.exchange:show_status", "还有多少没导出，哪些要再录入"),
    },
)
_DRAFT: Final = click.Argument(["draft"], metavar="ID")
_FILE: Final = click.Argument(["file"])
_SETTING: Final = Noun(
    "参数 settings in layers",
    {
        "list": Verb(
            "hub.commands.setting:list_settings",
            "列出参数、依据和等着批的",
            (click.Option(["--place"], default="", metavar="CODE12", help="看某个乡镇、站点的"),),
        ),
        "set": Verb(
            "hub.commands.setting:propose",
            "提一个数，等第二个管理员批",
            (
                click.Argument(["name"]),
                click.Argument(["value"], type=click.IntRange(min=0)),
                _option("--scope", metavar="SCOPE", required=True, help_="province、county或12位"),
                _option("--source", metavar="CLAUSE", required=True, help_="依据哪个文件第几条"),
                _option("--from", "first", metavar="DAY", required=True, help_="从哪天起"),
                _AS,
            ),
        ),
        "approve": Verb("hub.commands.setting:approve", "批准并公布", (_DRAFT, _AS)),
        "withdraw": Verb("hub.commands.setting:withdraw", "撤回或不批", (_DRAFT, _AS)),
    },
)
_CALENDAR: Final = Noun(
    "节假日 working days",
    {
        "show": Verb("hub.commands.published:show_calendar", "看现在的节假日"),
        "import": Verb("hub.commands.published:import_calendar", "公布一年的节假日", (_FILE, _AS)),
    },
)
_CREDIT: Final = Noun(
    "信用名单 credit list",
    {
        "show": Verb("hub.commands.published:show_credit", "看名单有多少、多旧"),
        "import": Verb(
            "hub.commands.published:import_credit", "导入名单，只公布散列值", (_FILE, _AS)
        ),
    },
)

_BACKUP: Final = Noun(
    "备份 backups",
    {
        "create": Verb("hub.commands.backup:create", "做一份备份", (click.Argument(["file"]),)),
        "verify": Verb("hub.commands.backup:verify", "核对一份备份", (click.Argument(["file"]),)),
        "restore": Verb(
            "hub.commands.backup:restore",
            "从备份恢复（换新身份）",
            (click.Argument(["file"]), click.Option(["--database-url"], metavar="URL")),
        ),
    },
)

PROGRAM: Final = Program(
    "hub",
    "帮办县级中心 the county's hub",
    {
        "init": _INIT,
        "serve": _SERVE,
        "station": _STATION,
        "device": _DEVICE,
        "user": _USER,
        "authorisation": _AUTHORISATION,
        "fleet": Verb("hub.commands.places:fleet", "各站的情况"),
        "case": _CASES,
        "print": print_verbs.PRINT,
        "conflict": CONFLICT,
        "notice": NOTICE,
        "quarantine": _QUARANTINE,
        "verdict": _VERDICT,
        "catalogue": catalogue_noun.NOUN,
        "setting": _SETTING,
        "calendar": _CALENDAR,
        "credit": _CREDIT,
        "bundle": _BUNDLE,
        "head": Noun(
            "对账单 heads of printed day sheets",
            {
                "enter": Verb(
                    "hub.commands.head:enter",
                    "输入对账单上的字母，看还缺哪些",
                    (click.Argument(["text"]),),
                )
            },
        ),
        "verify": Verb("node.commands.checks:verify", "核对全部记录"),
        "exchange": _EXCHANGE,
        "backup": _BACKUP,
        "rebuild": Verb("hub.commands.checks:rebuild", "按记录重建各表"),
        "doctor": Verb("hub.commands.checks:run_doctor", "自查 self-test"),
        "supervise": Noun(
            "监察", {"run": Verb("hub.commands.checks:supervise", "查一遍有没有该核对的")}
        ),
    },
    opens="hub.usecases.rereading:open_hub",
)


def main() -> Never:
    """Entry point of the console script."""
    run_main(PROGRAM)


if __name__ == "__main__":
    main()
