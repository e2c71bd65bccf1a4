"""`verify`, and what `rebuild`, `doctor` and `catalogue list` answer in both programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from casework.catalogue import CatalogueItem
from node import verifying
from node.command import EXIT_DONE, EXIT_FAILED, Call, Outcome
from node.commands.opened import opened
from node.runtime import Node
from node.self_test import Check

_EXIT_BAD: Final = 16


def verify(call: Call) -> Outcome:
    """Check every signature, chain and receipt, and the tables against the log."""
    with opened(call) as node:
        return verified(node)


def verified(node: Node) -> Outcome:
    """Check an open node, and answer what was found."""
    report = verifying.verify(node)
    document = {
        "ok": report.ok,
        "operations": report.operations,
        "change_sets": report.change_sets,
        "first_bad": report.first_bad or None,
        "drift": [asdict(one) for one in report.drift],
        "attachments_damaged": report.damaged,
    }
    return Outcome(document, EXIT_DONE if report.ok else _EXIT_BAD)


def examined(found: Sequence[Check]) -> Outcome:
    """Answer what a self-test found, one plain line each."""
    well = all(check.ok for check in found)
    text = "\n".join(f"{'√' if c.ok else '✕'} {c.title} {c.words}".rstrip() for c in found)
    document = {"ok": well, "checks": [asdict(check) for check in found]}
    return Outcome(document, EXIT_DONE if well else EXIT_FAILED, text)


def item_document(item: CatalogueItem, offered: Mapping[str, object]) -> dict[str, object]:
    """An item of the catalogue in a list.

    Args:
        item: the item.
        offered: in which mode it is offered, as the program says it.
    """
    return {
        "item": item.code,
        "name": item.name,
        "name_en": item.name_en,
        **offered,
        "promised_days": item.promised_days,
        "deficiency_allowed": item.deficiency_allowed,
        "department": item.department,
    }
