"""Whether an item may be taken in or accepted on a day (R-HC-17b): said once, for every counter."""

from datetime import date

from casework.catalogue import CatalogueItem
from casework.errors import FieldProblem
from casework.wording import problem


def refusal(
    item: CatalogueItem, day: date, *, pointer: str = "/item", received: date | None = None
) -> FieldProblem | None:
    """Say why an item may not be taken in or accepted on a day; None: it may.

    Args:
        item: as published last, not as it was shown to the citizen.
        day: of the intake or acceptance.
        pointer: where the item is named in what was given.
        received: day on which the papers came in; where the act that ends the item lets open
            cases go on (`carried_on`), what came in before its end is still accepted (C6).
    """
    names = {"zh": item.name, "en": item.name_en}
    if item.in_force(day) or (item.carried_on and received and item.in_force(received)):
        return None
    if item.cancelled_on is not None and item.cancelled_on <= day:
        return problem(pointer, "not_in_force", day=item.cancelled_on, **names, **_next(item))
    return problem(pointer, "not_yet", day=item.effective_from, **names)


def _next(item: CatalogueItem) -> dict[str, str]:
    if not item.successor:
        return {"next_zh": "问问乡镇怎么办。", "next_en": "Ask the township what to do."}
    return {"next_zh": f"改办 {item.successor}。", "next_en": f"Use {item.successor}."}
