"""The county's settings in layers: proposed by one administrator, approved by another (R-NX-42).

A proposal waits in the database; what is in force stands in the published document alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

import sqlalchemy as sa

from casework import policy_layers
from casework.deadline import Settings
from casework.errors import FieldProblem
from casework.places import Role
from casework.policy_layers import COUNTY, LAYERS, SPECS, Layer
from casework.values import Value, day_of, read_int, read_map
from hub.usecases import stations
from hub.usecases.publishing import republish
from node import policy, publication
from node import settings as kept
from node.errors import InvalidInput, NotFound
from node.people import Account
from node.runtime import Node

_DRAFTS: Final = "setting_drafts"
_PART: Final = "settings"
_BEFORE_LAYERS: Final = "此前公布"
_MACHINES: Final = frozenset(policy.NAMES)


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal that waits for a second person; `id` is short, to be typed."""

    id: str
    layer: Layer


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as it stands.

    Attributes:
        value: that holds at the place asked for, today.
        layer: that gives it; None: the default does.
        coming: layers that begin later, the next first.
    """

    name: str
    zh: str
    en: str
    unit: str
    row: str
    default: int
    value: int
    layer: Layer | None
    coming: tuple[Layer, ...]


def layers_of(document: Mapping[str, object]) -> tuple[Layer, ...]:
    """The layers in force; a flat number of before counts as the county's, ever since."""
    part = document.get(_PART)
    found = policy_layers.read(part)
    layered = {layer.name for layer in found}
    flat = (
        Layer(
            name=name,
            scope=COUNTY,
            value=number,
            source=_BEFORE_LAYERS,
            effective_from=date.min,
        )
        for name, value in read_map(part).items()
        if name != LAYERS and name not in layered and (number := read_int(value)) is not None
    )
    return (*flat, *found)


def shown(node: Node, place: str = "") -> tuple[list[Shown], list[Draft]]:
    """Every setting as it holds at a place today, and the proposals that wait.

    Args:
        node: the hub.
        place: 12 digits; empty: the county.
    """
    with node.database.read() as tx:
        me = node.identity_in(tx)
        found = publication.current(tx, me)
        drafts = _drafts(tx)
    layers = layers_of(found.document) if found else ()
    day, where = day_of(node.clock.now_ms()), place or me.place.code
    return [_shown(name, default, layers, where, day) for name, default in _all()], drafts


def _all() -> Iterator[tuple[str, int]]:
    for kind in (Settings(), policy.DEFAULT):
        for one in fields(kind):
            yield one.name, int(getattr(kind, one.name))


def _shown(name: str, default: int, layers: Sequence[Layer], place: str, day: date) -> Shown:
    spec = SPECS.get(name)
    held = policy_layers.setting(name, layers, place, day)
    later = [one for one in layers if one.name == name and one.effective_from > day]
    return Shown(
        name=name,
        zh=spec.zh if spec else "",
        en=spec.en if spec else name.replace("_", " "),
        unit=spec.unit if spec else name.rpartition("_")[2],
        row=spec.row if spec else "",
        default=default,
        value=held.value if held else default,
        layer=held,
        coming=tuple(sorted(later, key=lambda one: (one.effective_from, one.set_at))),
    )


def propose(node: Node, layer: Layer, *, account: Account) -> Draft:
    """Write a proposal down.

    Args:
        node: the hub.
        layer: as wanted; who and when are filled in here.
        account: an administrator.

    Raises:
        InvalidInput: with everything that is wrong with it.
    """
    _demand_administrator(account)
    now = node.clock.now_ms()
    today = day_of(now)
    asked = replace(layer, set_by=account.login, set_at=now, approved_by="")

    def work(tx: sa.Connection) -> Draft:
        problems = [*policy_layers.check(asked, instant=_MACHINES), *_unfit(tx, node, asked, today)]
        if problems:
            raise InvalidInput(problems)
        draft = Draft(node.new_id()[-6:], asked)
        kept.put(tx, _DRAFTS, [*map(_written, _drafts(tx)), _written(draft)], now=now)
        return draft

    return node.database.run(work)


def _unfit(tx: sa.Connection, node: Node, layer: Layer, today: date) -> Iterator[FieldProblem]:
    known = set(stations.registered(tx)) | _townships(node, tx)
    if layer.scope.isdigit() and layer.scope not in known:
        zh = "全县没有这个乡镇、站点。核对代码。"
        yield FieldProblem("/scope", "unknown", zh, "The county has no such place.")
    if layer.name in _MACHINES and layer.effective_from > today:
        zh = "这个参数公布就生效，不能定以后的日子。"
        yield FieldProblem("/effective_from", "later", zh, "It counts from its publication.")


def _townships(node: Node, tx: sa.Connection) -> set[str]:
    return {str(one.get("code", "")) for one in node.regions(tx)}


def approve(node: Node, draft: str, *, account: Account) -> Layer:
    """Publish a proposal; somebody else than its author must do it.

    Raises:
        NotFound: no such proposal waits.
        InvalidInput: it is the approver's own.
    """
    _demand_administrator(account)

    def work(tx: sa.Connection) -> Layer:
        found, rest = _taken(tx, draft)
        if found.layer.set_by == account.login:
            zh = "自己提的自己不能批。换一个管理员来批。"
            problem = FieldProblem("", "second_person", zh, "Another administrator approves it.")
            raise InvalidInput([problem])
        layer = replace(found.layer, approved_by=account.login)
        now = node.clock.now_ms()
        before = node.published(tx).document
        layers = (*layers_of(before), layer)
        republish(tx, node, {_PART: _part(layers, node.identity_in(tx).place.code, day_of(now))})
        kept.put(tx, _DRAFTS, [_written(one) for one in rest], now=now)
        return layer

    return node.database.run(work)


def withdraw(node: Node, draft: str, *, account: Account) -> None:
    """Take a proposal back, or turn it down.

    Raises:
        NotFound: no such proposal waits.
    """
    _demand_administrator(account)

    def work(tx: sa.Connection) -> None:
        _, rest = _taken(tx, draft)
        kept.put(tx, _DRAFTS, [_written(one) for one in rest], now=node.clock.now_ms())

    node.database.run(work)


def _taken(tx: sa.Connection, draft: str) -> tuple[Draft, list[Draft]]:
    waiting = _drafts(tx)
    found = [one for one in waiting if one.id == draft.strip().upper()]
    if not found:
        raise NotFound("setting", draft)
    return found[0], [one for one in waiting if one is not found[0]]


def _part(layers: Sequence[Layer], county: str, day: date) -> dict[str, Value]:
    """The part as it is published: layers, and flat numbers for programs that know none."""
    flat: dict[str, Value] = dict(policy_layers.flattened(layers, county, day))
    return flat | {LAYERS: [policy_layers.write(layer) for layer in layers]}


def _drafts(tx: sa.Connection) -> list[Draft]:
    found = []
    for one in kept.get(tx, _DRAFTS, []):
        layers = policy_layers.read({LAYERS: [one["layer"]]})
        found += [Draft(one["id"], layer) for layer in layers]
    return found


def _written(draft: Draft) -> dict[str, object]:
    return {"id": draft.id, "layer": policy_layers.write(draft.layer)}


def _demand_administrator(account: Account) -> None:
    if account.role is not Role.ADMINISTRATOR:
        zh = "参数由管理员定。请管理员来办。"
        raise InvalidInput([FieldProblem("", "role", zh, "An administrator sets it.")])
