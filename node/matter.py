"""A matter of several cases (一件事) as a whole, for the pages of both programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from casework import bundles
from casework.bundles import Part, Reference, Standing
from casework.catalogue import Bundle, CatalogueItem
from casework.values import day_of
from node import case_links, casefile, cases
from node.case_links import Kind
from node.casefile import CaseLine
from node.errors import NoCatalogue, NotFound
from node.runtime import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A matter as a whole, as far as its cases are held here.

    Attributes:
        bundle: as published now; None where this place lacks it.
        lines: of the cases, in the order of the items.
        items: code and version → item as it was shown.
    """

    reference: Reference
    bundle: Bundle | None
    standing: Standing
    parts: Mapping[str, Part]
    lines: tuple[CaseLine, ...]
    today: date
    items: Mapping[tuple[str, int], CatalogueItem]


def overview(node: Node, text: str) -> Overview:
    """Lay a matter out: every part that is held here.

    Raises:
        NotFound: nothing of it is held here, or this is no reference.
    """
    reference = bundles.read_reference(text)
    with node.database.read() as tx:
        records = case_links.held(tx, Kind.BUNDLE, reference.text) if reference else []
        if reference is None or not records:
            raise NotFound("bundle", text)
        return _overview(tx, node, reference, records)


def _overview(
    tx: sa.Connection, node: Node, reference: Reference, records: Sequence[bytes]
) -> Overview:
    bundle = _bundle(tx, node, reference.code)
    derived = cases.derive(tx, records)
    parts = {case.id: bundles.part_of(case.id, case.state) for case in derived}
    lines = casefile.lines_of(tx, node.identity_in(tx), records)
    order = {code: n for n, code in enumerate(bundle.items)} if bundle else {}
    lines.sort(key=lambda line: (order.get(line.item, len(order)), line.case))
    wanted = {(line.item, line.item_version) for line in lines}
    known = {key: node.item(tx, *key) for key in wanted}
    return Overview(
        reference=reference,
        bundle=bundle,
        standing=bundles.standing(parts.values(), bundle),
        parts=parts,
        lines=tuple(lines),
        today=day_of(node.clock.now_ms()),
        items={key: item for key, item in known.items() if item is not None},
    )


def _bundle(tx: sa.Connection, node: Node, code: str) -> Bundle | None:
    try:
        return node.catalogue(tx).bundles.get(code)
    except NoCatalogue:
        return None


def of_case(tx: sa.Connection, record: bytes) -> str:
    """The matter that a case is part of; empty when it stands alone."""
    found = case_links.of(tx, [record], Kind.BUNDLE).get(record, ())
    return next(iter(found), "")
