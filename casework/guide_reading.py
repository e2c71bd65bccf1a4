"""Reading what the public is told of an item, the list of proofs, and bundles of items."""

from typing import Final

from casework.catalogue import Bundle, Guide, Proof
from casework.catalogue_rows import Row

_LISTS: Final = ("basis", "conditions", "flow", "review_points", "common_errors")
_TEXTS: Final = (
    *("sample", "video", "result_name", "result_sample", "consult", "complain"),
    *("place_and_hours", "fee", "fee_basis", "online_only_basis", "promise_terms"),
    *("promise_excluded", "change_note"),
)


def guide(row: Row) -> Guide:
    """Read a guide; what is left out stays empty.

    Args:
        row: the object `guide` of an item.
    """
    lists = {name: row.texts(name) for name in _LISTS}
    texts = {name: row.option(name) for name in _TEXTS}
    return Guide(**lists, **texts, online_only=row.flag("online_only"))  # type: ignore[arg-type]  # the tables name fields of Guide


def proofs(root: Row) -> dict[str, Proof]:
    """Read the list of proofs (R-HC-20a); a repeated id is refused."""
    found: dict[str, Proof] = {}
    for row in root.rows("proofs"):
        proof = Proof(
            id=row.text("id"),
            name=row.text("name"),
            basis=row.option("basis"),
            issuing_unit=row.option("issuing_unit"),
            how=row.option("how"),
        )
        _once(row, "id", proof.id, found)
        found[proof.id] = proof
    return found


def bundles(root: Row) -> dict[str, Bundle]:
    """Read the bundles (一件事)."""
    found: dict[str, Bundle] = {}
    for row in root.rows("bundles"):
        bundle = Bundle(
            code=row.text("code"),
            name=row.text("name"),
            name_en=row.option("name_en"),
            items=row.texts("items"),
            lead=row.option("lead"),
            parallel="parallel" not in row.value or row.flag("parallel"),
        )
        _once(row, "code", bundle.code, found)
        found[bundle.code] = bundle
    return found


def _once(row: Row, name: str, key: str, found: dict[str, Proof] | dict[str, Bundle]) -> None:
    if key in found:
        row.refuse(name, "repeated", f"“{key}”写了两次。改掉一个。", f"{key} stands twice.")
