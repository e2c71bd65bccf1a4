"""What publishing a catalogue changes: an item compared with its former self, and whole versions.

Pure. The conflict rules C6, C7, C8 and C38 ask `compare`; the hub's draft page too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeAlias

from casework.catalogue import (
    Catalogue,
    CatalogueItem,
    FormField,
    Guide,
    Material,
    SpecialStep,
)
from casework.catalogue_columns import FORMS, ITEMS, MATERIALS, STEPS, Sheet

_LISTS: Final = {"materials": MATERIALS, "special_steps": STEPS, "form": FORMS}
_INNER: Final = ("guide", "modes")
_Row: TypeAlias = Material | SpecialStep | FormField


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What differs between two versions of one item, as the rules C6–C8 ask for it.

    Attributes:
        more: materials (of the new item) that are asked for now and were not, or more strictly.
        fewer: materials (of the old item) that are asked for no more, or less strictly.
        days_before: promised limit of the old item, working days.
        days_after: promised limit of the new item, working days.
        statutory_before: statutory limit of the old item, working days.
        statutory_after: statutory limit of the new item, working days.
        legal: a condition, the legal basis or who may apply changed, not only papers: a person
            has to look (C7).
        steps: special steps were added, dropped or their limits changed.
        cancelled: the new item ends on a day and the old one did not, or on a later one (C6).
    """

    more: tuple[Material, ...] = ()
    fewer: tuple[Material, ...] = ()
    days_before: int
    days_after: int
    statutory_before: int
    statutory_after: int
    legal: bool = False
    steps: bool = False
    cancelled: bool = False

    @property
    def shorter(self) -> bool:
        """Whether the promise is shorter now (C8)."""
        return self.days_after < self.days_before

    @property
    def longer(self) -> bool:
        """Whether the promise is longer now (C8: what was printed binds)."""
        return self.days_after > self.days_before


def compare(old: CatalogueItem, new: CatalogueItem) -> Change:
    """Say what changed from one version of an item to another.

    Materials are recognised by their names, not by their numbers: a list that was only put into
    another order asks for nothing more. Does not check that both are the same item.

    Args:
        old: as the receipt was written by.
        new: as it is in force.
    """
    return Change(
        more=_stricter(old, new),
        fewer=_stricter(new, old),
        days_before=old.promised_days,
        days_after=new.promised_days,
        statutory_before=old.statutory_days,
        statutory_after=new.statutory_days,
        legal=_legal(old) != _legal(new),
        steps=old.special_steps != new.special_steps,
        cancelled=_ends_earlier(old, new),
    )


def _stricter(before: CatalogueItem, after: CatalogueItem) -> tuple[Material, ...]:
    """Materials of `after` that `before` did not ask for, or asked for less strictly."""
    known = {material.name: material for material in before.materials}
    return tuple(
        material
        for material in after.materials
        if (old := known.get(material.name)) is None or _rises(_demand(old), _demand(material))
    )


def _demand(material: Material) -> tuple[int, ...]:
    """How much is asked of the applicant by a material; each place counts for itself."""
    return (
        int(material.main),
        int(not material.when),
        int(not material.shared),
        int(not material.deficiency_ok),
        int(not material.promise_ok),
        material.originals,
        material.copies,
    )


def _rises(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    return any(a > b for b, a in zip(before, after, strict=True))


def _legal(item: CatalogueItem) -> tuple[object, ...]:
    return (item.guide.basis, item.guide.conditions, item.subjects, item.must_appear_in_person)


def _ends_earlier(old: CatalogueItem, new: CatalogueItem) -> bool:
    if new.cancelled_on is None:
        return False
    return old.cancelled_on is None or new.cancelled_on < old.cancelled_on


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an item in two versions; `path` as in `catalogue_columns`, or a list's name."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item in two versions."""

    code: str
    name: str
    fields: tuple[FieldChange, ...]
    change: Change


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version changes against the one before.

    Attributes:
        added: items that were not listed.
        removed: items that are not listed any more.
        changed: items of both in which something differs.
        lists: `proofs`, `bundles` where the list differs.
    """

    added: tuple[CatalogueItem, ...]
    removed: tuple[CatalogueItem, ...]
    changed: tuple[ItemChange, ...]
    lists: tuple[str, ...]

    @property
    def codes(self) -> frozenset[str]:
        """Every item that is touched."""
        touched = {item.code for item in (*self.added, *self.removed)}
        return frozenset(touched | {change.code for change in self.changed})

    def __bool__(self) -> bool:
        return bool(self.codes or self.lists)


def changes(old: Catalogue, new: Catalogue) -> Changes:
    """Say what one version changes against another, item by item and field by field."""
    both = [(item, new.items[code]) for code, item in old.items.items() if code in new.items]
    return Changes(
        tuple(item for code, item in new.items.items() if code not in old.items),
        tuple(item for code, item in old.items.items() if code not in new.items),
        tuple(
            ItemChange(b.code, b.name, tuple(_fields(a, b)), compare(a, b))
            for a, b in both
            if a != b
        ),
        tuple(name for name in ("proofs", "bundles") if getattr(old, name) != getattr(new, name)),
    )


def _fields(old: CatalogueItem, new: CatalogueItem) -> Iterator[FieldChange]:
    for found in fields(CatalogueItem):
        before, after = getattr(old, found.name), getattr(new, found.name)
        if before == after:
            continue
        if found.name in _LISTS:
            yield from _rows(_LISTS[found.name], before, after)
        elif found.name in _INNER:
            yield from _inside(found.name, before, after)
        else:
            yield _change(found.name, before, after)


def _inside(path: str, old: object, new: object) -> Iterator[FieldChange]:
    """What differs inside the guide or the modes of an item."""
    before, after = _parts(old), _parts(new)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield _change(f"{path}.{name}", before.get(name), after.get(name))


def _parts(value: object) -> dict[str, object]:
    if isinstance(value, Guide):
        return {found.name: getattr(value, found.name) for found in fields(Guide)}
    return {str(name): one for name, one in value.items()} if isinstance(value, Mapping) else {}


def _change(path: str, before: object, after: object) -> FieldChange:
    words = next((c.words for c in ITEMS.columns if c.path == path), {})
    return FieldChange(path, written(before, words), written(after, words))


def _rows(sheet: Sheet, before: Sequence[_Row], after: Sequence[_Row]) -> Iterator[FieldChange]:
    """Rows are recognised by name; only those that differ are told."""
    olds = {row.name: _row(row, sheet) for row in before}
    news = {row.name: _row(row, sheet) for row in after}
    for name in dict.fromkeys((*olds, *news)):
        if olds.get(name, "") != news.get(name, ""):
            yield FieldChange(sheet.part, olds.get(name, ""), news.get(name, ""))
    if olds == news:
        yield FieldChange(sheet.part, "、".join(olds), "、".join(news))


def _row(row: _Row, sheet: Sheet) -> str:
    """A row by its name and, under the heads of the workbook, what is not as it is by default."""
    told = [row.name]
    columns = {column.path: column for column in sheet.columns}
    for found in fields(row):
        value = getattr(row, found.name)
        silent = found.name in {"no", "name", "name_en"} or value in {found.default, "", None}
        if not silent and found.name in columns:
            column = columns[found.name]
            told.append(f"{column.zh}：{written(value, column.words)}")
    return "；".join(told)


def written(value: object, words: Mapping[str, str] | None = None) -> str:
    """Write a field of an item as one line of text for a person.

    >>> written(("a", "b")), written(None), written(True)
    ('a；b', '', '是')

    Args:
        value: of the field.
        words: code → word, for what is chosen from a list.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "；".join(written(one, words) for one in value)
    if isinstance(value, Mapping):
        return "；".join(f"{key}={written(one, words)}" for key, one in value.items())
    text = "" if value is None else str(value)
    return (words or {}).get(text, text)
