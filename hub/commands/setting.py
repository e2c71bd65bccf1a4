"""`hub setting …`: the county's settings in layers."""

from collections.abc import Mapping
from typing import Final

import click

from casework.places import Role
from casework.policy_layers import Layer
from casework.values import read_date
from hub.usecases import settings
from hub.usecases.settings import Draft
from node.command import Call
from node.commands.opened import acting, opened

_ADMINISTRATORS: Final = (Role.ADMINISTRATOR.value,)


def list_settings(call: Call, *, place: str) -> Mapping[str, object]:
    """List every setting as it holds at a place today, and what waits to be approved."""
    with opened(call) as node:
        found, drafts = settings.shown(node, place)
    return {
        "settings": [
            {
                "name": one.name,
                "title": one.zh,
                "unit": one.unit,
                "value": one.value,
                "default": one.default,
                "layer": _layer(one.layer) if one.layer else None,
                "coming": [_layer(layer) for layer in one.coming],
                "row": one.row,
            }
            for one in found
        ],
        "drafts": [_draft(draft) for draft in drafts],
    }


def propose(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    name: str,
    value: int,
    scope: str,
    source: str,
    first: str,
    login: str | None,
) -> Mapping[str, object]:
    """Propose a value; a second administrator approves it."""
    day = read_date(first)
    if day is None:
        raise click.UsageError("--from 要写成 2027-01-01 这样的日子。")
    wanted = Layer(name=name, scope=scope, value=value, source=source, effective_from=day)
    with opened(call) as node:
        return _draft(settings.propose(node, wanted, account=acting(node, login, _ADMINISTRATORS)))


def approve(call: Call, *, draft: str, login: str | None) -> Mapping[str, object]:
    """Approve and publish a proposal of somebody else."""
    with opened(call) as node:
        return _layer(settings.approve(node, draft, account=acting(node, login, _ADMINISTRATORS)))


def withdraw(call: Call, *, draft: str, login: str | None) -> Mapping[str, object]:
    """Take a proposal back."""
    with opened(call) as node:
        settings.withdraw(node, draft, account=acting(node, login, _ADMINISTRATORS))
    return {"draft": draft}


def _draft(draft: Draft) -> dict[str, object]:
    return {"draft": draft.id, **_layer(draft.layer)}


def _layer(layer: Layer) -> dict[str, object]:
    return {
        "name": layer.name,
        "scope": layer.scope,
        "value": layer.value,
        "source": layer.source,
        "effective_from": layer.effective_from.isoformat(),
        "set_by": layer.set_by,
        "approved_by": layer.approved_by,
    }
