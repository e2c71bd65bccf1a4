"""`docs/reference/problems.md`, written from the one table of problems."""

from node.problem_types import CLASSES, PROBLEMS, Again, Fixer
from tests.docs.reading import GENERATED

FIXERS = {
    Fixer.YOU: ("您自己", "you"),
    Fixer.NOBODY: ("不用管，会再试", "nobody"),
    Fixer.ADMINISTRATOR: ("本站管理员", "administrator here"),
    Fixer.COUNTY: ("县里管理员", "county's administrator"),
    Fixer.MAINTAINER: ("技术人员", "maintainers"),
}

_HEAD = f"""# 错误种类 / Problem types

{GENERATED}

命令用 `--json` 时，`error.type` 是下面的名字；网上的回答里是 `/problems/名字`（RFC 9457）。
花括号里换成当时的内容。
`/sync/v1/` 下面有两种状态不同：程序太旧 426，签名对不上 409（[报文格式](../spec/exchange.md)）。

With `--json`, `error.type` is the name below; in HTTP answers it is `/problems/NAME`.
Words in braces are filled in.
Below `/sync/v1/` two statuses differ: a program too old answers 426, a bad signature 409."""


def page():
    """The page."""
    return "\n\n".join((_HEAD, *(_problem(one) for one in PROBLEMS.values()))) + "\n"


def _problem(one):
    zh, en = FIXERS[one.who_can_fix]
    later = one.again is Again.LATER
    causes = "、".join(f"`{name}`" for name, slug in CLASSES.items() if slug == one.slug)
    facts = (
        f"结束码 exit `{one.exit_code}` · HTTP `{one.http_status}` · "
        f"谁能办 who: {zh} {en} (`{one.who_can_fix.value}`) · "
        f"再试 again: {'会好 may work later' if later else '没有用 no use'}"
    )
    return "\n".join(
        (
            f"## `{one.slug}`",
            "",
            f"- {one.title_zh}{one.detail_zh}",
            f"- {one.title_en} {one.detail_en}",
            f"- {facts}",
            *([f"- 由 from: {causes}"] if causes else []),
        )
    )
