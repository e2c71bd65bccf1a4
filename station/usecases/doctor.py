"""A self-test: what breaks most often, looked at honestly, with plain words."""

from collections.abc import Callable, Iterator
from typing import Final

from node.errors import NoCatalogue, NodeError
from node.runtime import Node
from node.self_test import Check, disk
from station import search as index
from station.transport import Parent, Transport
from station.usecases import intake, status

_SHOWN_SKEW_MS: Final = 5 * 60_000
_NAMES: Final = {Parent.COUNTY: "县里", Parent.TOWNSHIP: "乡镇"}
_PROBE: Final = bytes(32)


def examine(node: Node, send: Transport) -> list[Check]:
    """Look at everything; nothing is changed.

    Args:
        node: this station.
        send: reaches the parents.
    """
    checks = (_database, disk, _clock, _catalogue, _search)
    return [*(check(node) for check in checks), *_links(send)]


def _database(node: Node) -> Check:
    with node.database.read() as tx:
        answer = tx.exec_driver_sql("PRAGMA quick_check").scalar()
    words = "" if answer == "ok" else "不要再用,打电话给县里。"
    return Check("database", "数据库", answer == "ok", words)


def _clock(node: Node) -> Check:
    offset = status.status(node).clock_offset_ms
    if offset is None:
        return Check("clock", "电脑时间", True, "还没有和县里对过。")  # noqa: FBT003  # a dataclass
    good = abs(offset) < _SHOWN_SKEW_MS
    words = f"和县里差 {abs(offset) // 1000} 秒。" + ("" if good else "先校时。")
    return Check("clock", "电脑时间", good, words)


def _catalogue(node: Node) -> Check:
    try:
        with node.database.read() as tx:
            catalogue = node.catalogue(tx)
            fresh = intake.is_fresh(tx, catalogue, node.clock.now_ms())
    except NoCatalogue:
        return Check("catalogue", "事项目录", ok=False, words="还没有到,连上网再试。")
    words = f"第 {catalogue.version} 版,{len(catalogue.items)} 项。"
    return Check("catalogue", "事项目录", fresh, words + ("" if fresh else "太旧,只能收件。"))


def _search(node: Node) -> Check:
    with node.database.read() as tx:
        return Check("search", "搜索", index.is_built(tx))


def _links(send: Transport) -> Iterator[Check]:
    for parent in Parent:
        if send.reaches(parent):
            yield _link(parent, lambda p=parent: send.get_chunk(p, _PROBE, 0))  # type: ignore[misc]


def _link(parent: Parent, ask: Callable[[], object]) -> Check:
    name, title = f"link_{parent.value}", f"到{_NAMES[parent]}的网络"
    try:
        ask()
    except NodeError as error:
        return Check(name, title, ok=False, words=str(getattr(error, "reason", "")))
    return Check(name, title, ok=True)
