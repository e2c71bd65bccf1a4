"""One form and one set of papers for a matter of several items (一表申请、一套材料, R-HC-24).

A matter is filled in as if it were one item: `as_item` makes it of its parts, so that the pages of
an intake ask every question and every paper once. `split` gives each part its own CASE.json again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from casework.bundles import Reference
from casework.catalogue import (
    COLUMNS,
    Bundle,
    Catalogue,
    CatalogueItem,
    FormField,
    Material,
    SpecialStep,
    column_of,
)
from casework.places import Mode, kind_of_code
from casework.values import Fields, Value, read_int, read_list, read_map

_STRENGTH: Final = (Mode.PROXY, Mode.ENTRUSTED, Mode.AUTHORISED)
_PAPER: Final = frozenset({"original", "copy", "electronic"})
"""Forms of which one piece serves every part; sharing and promises are of each part."""
_OF_THE_WHOLE: Final = ("item", "materials", "form", "bundle")


@dataclass(frozen=True, slots=True)
class CommonPaper:
    """A paper that is asked for once, and where it counts.

    Attributes:
        material: with its number in the matter, from 1.
        places: (item, number of the material there), in the order of the items.
    """

    material: Material
    places: tuple[tuple[str, int], ...]


def find(catalogue: Catalogue, code: str) -> CatalogueItem | None:
    """Answer the item with this code, or the matter with it laid out as one item."""
    return catalogue.item(code) or as_item(catalogue, code)


def as_item(catalogue: Catalogue, code: str) -> CatalogueItem | None:
    """Lay a matter out as one item, or None where the catalogue cannot.

    It is offered in the weakest mode of its parts, takes as long as the longest of them, and asks
    for every paper and every answer once.
    """
    bundle = catalogue.bundles.get(code)
    items = parts_of(bundle, catalogue) if bundle else ()
    if bundle is None or not items:
        return None
    return CatalogueItem(
        code=bundle.code,
        name=bundle.name,
        name_en=bundle.name_en,
        area=items[0].area,
        department=bundle.lead,
        modes=_modes(items),
        station_modes=_station_modes(items),
        materials=tuple(paper.material for paper in common_papers(items)),
        promised_days=max(item.promised_days for item in items),
        statutory_days=max(item.statutory_days for item in items),
        special_steps=_steps(items),
        form=_questions(items),
        words=tuple(dict.fromkeys(word for item in items for word in (item.name, *item.words))),
        must_appear_in_person=any(item.must_appear_in_person for item in items),
        subjects=tuple(s for s in items[0].subjects if all(s in i.subjects for i in items)),
    )


def parts_of(bundle: Bundle, catalogue: Catalogue) -> tuple[CatalogueItem, ...]:
    """Answer the items of a matter in order; empty when the catalogue lacks one of them."""
    found = tuple(item for code in bundle.items if (item := catalogue.item(code)))
    return found if len(found) == len(bundle.items) else ()


def common_papers(items: Sequence[CatalogueItem]) -> tuple[CommonPaper, ...]:
    """Answer every paper once: the same proof, or the same name, is one paper."""
    found: dict[str, list[tuple[str, Material]]] = {}
    for item in items:
        for material in item.materials:
            found.setdefault(_key(found, item, material), []).append((item.code, material))
    return tuple(
        CommonPaper(_joined(no, pieces), tuple((code, piece.no) for code, piece in pieces))
        for no, pieces in enumerate(found.values(), start=1)
    )


def split(
    reference: Reference,
    items: Sequence[CatalogueItem],
    document: Fields,
    case_of: Callable[[str], str],
) -> list[dict[str, Value]]:
    """Make the CASE.json of each part from that of the matter.

    Args:
        reference: of the matter; goes into each part.
        items: of the matter, in order.
        document: CASE.json whose `item` is the code of the matter, `materials` numbered as in
            `common_papers`, `form` with the answers of all parts.
        case_of: item → ULID that its case will have; papers that serve several parts are counted
            for each, and name the case whose folder they lie in.

    Does not check anything: the parts are read as every intake is. What of the form belongs to no
    part is left in the first, so that it is refused there.
    """
    papers = {paper.material.no: paper for paper in common_papers(items)}
    asked = {question.name for item in items for question in item.form}
    return [
        {
            **{name: value for name, value in document.items() if name not in _OF_THE_WHOLE},
            "item": item.code,
            "bundle": reference.text,
            "form": _answers(document, item, asked, first=item is items[0]),
            "materials": _lines(document, item, papers, case_of),
        }
        for item in items
    ]


def common_number(items: Sequence[CatalogueItem], item: str, no: int) -> int:
    """Answer the number in the matter of a part's paper; 0 when it has none."""
    numbers = {place: p.material.no for p in common_papers(items) for place in p.places}
    return numbers.get((item, no), 0)


def _key(
    found: Mapping[str, Sequence[tuple[str, Material]]], item: CatalogueItem, material: Material
) -> str:
    key = material.proof or material.name.strip()
    # Two papers of one item are two papers, whatever they are called.
    while any(code == item.code for code, _ in found.get(key, ())):
        key += "+"
    return key


def _joined(no: int, pieces: Sequence[tuple[str, Material]]) -> Material:
    """One paper for all that ask for it: the strictest of them decides."""
    materials = [material for _, material in pieces]
    conditions = {material.when for material in materials}
    return replace(
        materials[0],
        no=no,
        main=any(m.main for m in materials),
        deficiency_ok=all(m.deficiency_ok for m in materials),
        shared=all(m.shared for m in materials),
        promise_ok=all(m.promise_ok for m in materials),
        when=conditions.pop() if len(conditions) == 1 else "",
        originals=max(m.originals for m in materials),
        copies=max(m.copies for m in materials),
    )


def _modes(items: Sequence[CatalogueItem]) -> dict[str, Mode]:
    found = {column: weakest(item.modes.get(column) for item in items) for column in COLUMNS}
    return {column: mode for column, mode in found.items() if mode is not None}


def _station_modes(items: Sequence[CatalogueItem]) -> dict[str, Mode | None]:
    codes = {code for item in items for code in item.station_modes}
    return {code: _mode_at(items, code) for code in sorted(codes)}


def _mode_at(items: Sequence[CatalogueItem], code: str) -> Mode | None:
    column = column_of(kind_of_code(code))
    return weakest(item.station_modes.get(code, item.modes.get(column)) for item in items)


def weakest(modes: Iterable[Mode | None]) -> Mode | None:
    """Answer the mode in which a whole is offered whose parts are offered in these."""
    found = tuple(modes)
    known = [mode for mode in found if mode is not None]
    return min(known, key=_STRENGTH.index) if known and len(known) == len(found) else None


def _steps(items: Sequence[CatalogueItem]) -> tuple[SpecialStep, ...]:
    return tuple({step.kind: step for item in items for step in item.special_steps}.values())


def _questions(items: Sequence[CatalogueItem]) -> tuple[FormField, ...]:
    """Every question once; it must be answered where any part demands it, seen by the fewest."""
    found: dict[str, FormField] = {}
    for question in (question for item in items for question in item.form):
        before = found.get(question.name, question)
        found[question.name] = replace(
            before,
            required=before.required or question.required,
            data_class=max(before.data_class, question.data_class),
        )
    return tuple(found.values())


def _answers(
    document: Fields, item: CatalogueItem, asked: set[str], *, first: bool
) -> dict[str, Value]:
    own = {question.name for question in item.form}
    given = read_map(document.get("form"))
    return {
        name: value for name, value in given.items() if name in own or (first and name not in asked)
    }


def _lines(
    document: Fields,
    item: CatalogueItem,
    papers: Mapping[int, CommonPaper],
    case_of: Callable[[str], str],
) -> list[Value]:
    given = document.get("materials")
    rows = [read_map(row) for row in read_list(given)]
    lines: list[Value] = []
    for row in rows:
        paper = papers.get(read_int(row.get("no")) or 0)
        places = dict(paper.places) if paper else {}
        if item.code in places and paper:
            line: dict[str, Value] = {**row, "no": places[item.code]}
            first, number = paper.places[0]
            if first != item.code and row.get("form") in _PAPER:
                line["reused_from"] = f"{case_of(first)}:{number}"
            lines.append(line)
    return lines
