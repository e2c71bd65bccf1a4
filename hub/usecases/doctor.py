"""A self-test of the hub: what breaks most often, looked at honestly; nothing is changed."""

from collections.abc import Callable

import sqlalchemy as sa

from hub.keys import GROUPING, ISSUER, ROOT
from hub.rows import SCRIPTS
from hub.usecases import devices
from node import migrate, quarantining
from node.errors import NoCatalogue
from node.runtime import Node
from node.self_test import Check, disk


def examine(node: Node) -> list[Check]:
    """Look at everything."""
    looks: tuple[Callable[[Node], Check], ...] = (
        *(_database, _revision, disk, _keys, _catalogue, _asking, _aside),
    )
    return [look(node) for look in looks]


def _database(node: Node) -> Check:
    with node.database.read() as tx:
        if tx.dialect.name == "postgresql":
            found = str(tx.exec_driver_sql("SHOW server_version").scalar())
            return Check("database", "数据库", ok=True, words=f"PostgreSQL {found}")
        answer = tx.execute(sa.text("PRAGMA quick_check")).scalar()
    good = answer == "ok"
    return Check(
        "database", "数据库", good, "" if good else "不要再用，也不要放回旧的拷贝。找技术人员。"
    )


def _revision(node: Node) -> Check:
    with node.database.read() as tx:
        found = migrate.current(tx)
    return Check("revision", "数据库版本", found == SCRIPTS.head, found)


def _keys(node: Node) -> Check:
    lost = [name for name in (ROOT, ISSUER, GROUPING) if not node.keys.has_secret(name)]
    return Check("keys", "县里的钥匙", not lost, "、".join(lost))


def _catalogue(node: Node) -> Check:
    try:
        with node.database.read() as tx:
            catalogue = node.catalogue(tx)
    except NoCatalogue:
        return Check("catalogue", "事项目录", ok=False, words="还没有发布。")
    words = f"第 {catalogue.version} 版，{len(catalogue.items)} 项。"
    return Check("catalogue", "事项目录", ok=True, words=words)


def _asking(node: Node) -> Check:
    waiting = len(devices.asking(node))
    words = f"{waiting} 台设备等着核对数字。" if waiting else ""
    return Check("devices", "等待开通的设备", ok=True, words=words)


def _aside(node: Node) -> Check:
    held = len(quarantining.list_items(node))
    words = f"{held} 份搁置。看 hub quarantine list。" if held else ""
    return Check("quarantine", "搁置的内容", not held, words)
