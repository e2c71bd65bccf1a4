"""A self-test: what breaks most often, looked at honestly, with plain words."""

from collections.abc import Callable, Iterator
from typing import Final

from node import pressure
from node.errors import NoCatalogue, NodeError
from node.incarnations import WORDS, Stop
from node.pressure import Why
from node.runtime import Node
from node.self_test import Check, disk
from station import search as index
from station.transport import Parent, Transport
from station.usecases import status

_SHOWN_SKEW_MS: Final = 5 * 60_000
_NAMES: Final = {Parent.COUNTY: "县里", Parent.TOWNSHIP: "乡镇"}
_PROBE: Final = bytes(32)


def examine(node: Node, send: Transport) -> list[Check]:
    """Look at everything; nothing is changed.

    Args:
        node: this station.
        send: reaches the parents.
    """
    checks = (_running, _database, disk, _clock, _catalogue, _search, _unsent)
    return [*(check(node) for check in checks), *_links(send)]


def _running(node: Node) -> Check:
    """A copy that must not write, and what to do."""
    stopped = node.identity().stopped
    if not stopped:
        return Check("running", "能不能办件", ok=True)
    words = f"{WORDS[Stop(stopped)]}。不能办新的，已写的照样上传。打电话给县里，重新开通。"
    return Check("running", "能不能办件", ok=False, words=words)


def _unsent(node: Node) -> Check:
    """Work that has waited for long, or is too much."""
    with node.database.read() as tx:
        found = pressure.now_at(node, tx)
    told = {Why.UNSENT_AGE, Why.UNSENT_COUNT, Why.UNSENT_PHOTOS}
    frozen, warned = told & set(found.frozen), told & set(found.warned)
    words = f"还有 {found.unsent.pending} 条没传。" if found.unsent.pending else ""
    if frozen:
        words += "积得太多或太久，只收件。连上网，或者用U盘送。"
    elif warned:
        words += "积得多了，尽快连上网。"
    return Check("unsent", "没传上去的", not frozen and not warned, words)


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
            found = pressure.now_at(node, tx)
    except NoCatalogue:
        return Check("catalogue", "事项目录", ok=False, words="还没有到,连上网再试。")
    words = f"第 {catalogue.version} 版,{len(catalogue.items)} 项。"
    fresh = Why.LEASE not in found.frozen
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
