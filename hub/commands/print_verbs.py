"""The declarations of `hub print` and `hub station edit` (`hub.cli`)."""

from typing import Final

import click

from node.command import Verb


def _option(name: str, metavar: str, told: str) -> click.Option:
    return click.Option([name], metavar=metavar, help=told)


PRINT: Final = Verb(
    "hub.commands.printing:print_document",
    "打印一份文书 a document of a case",
    (
        click.Argument(
            ["document"],
            type=click.Choice(
                ["correction_notice", "non_acceptance", "result_delivery", "correction_slip"]
            ),
        ),
        click.Argument(["case"], metavar="ID"),
        click.Option(["--format", "form"], type=click.Choice(["html", "pdf"]), default="html"),
        _option("--out", "FILE", "写到这个文件"),
        click.Option(["--large"], is_flag=True, help="大字"),
        click.Option(["--lang"], type=click.Choice(["zh", "en", "both"]), default="zh"),
        _option("--font", "FILE", "中文字体；不写就自己找"),
        click.Option(["--as", "login"], metavar="USER", help="谁来办 who acts"),
    ),
)
EDIT_STATION: Final = Verb(
    "hub.commands.printing:edit_station",
    "公布一个站点的电话和服务时间，印在凭证上",
    (
        click.Argument(["code"], metavar="CODE12"),
        _option("--hotline", "PHONE", "咨询电话"),
        _option("--complaints", "PHONE", "监督电话；不写印12345"),
        _option("--hours", "TEXT", "服务时间"),
    ),
)
