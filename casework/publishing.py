"""What publishing a catalogue changes: an item compared with its former self, and whole versions.

Pure. The conflict rules C6, C7, C8 and C38 ask `compare`; the hub's draft page too.
"""

from dataclasses import dataclass

from casework.catalogue import CatalogueItem, Material


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
