"""Gathering what the rules look at: cases with what was published meanwhile, read once for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import sqlalchemy as sa

from casework.bundles import read_reference
from casework.case import CaseState, Flag
from casework.catalogue import Bundle
from casework.conflict_rules.findings import Pen
from casework.conflict_rules.matter import Edition, Matter, midnight, surely_before_day
from casework.credit import Standing
from casework.deadline import Clock
from casework.values import Fields, day_of, read_int, read_text
from hub.usecases.sitting import Sitting
from node import cases, credit, lacking, policy, reckoning
from node.cases import Case
from node.errors import NoCatalogue
from node.tables import published

_MOST_EDITIONS_BACK: Final = 8
_PATIENCE_DAYS: Final = 2
"""Working days that a place has to send a photo again before a person looks (C31)."""


@dataclass(kw_only=True)
class Almanac:
    """What was published, as far as the rules of one sitting ask for it.

    Attributes:
        sweep: also what only the passing of days brings about (C31).
    """

    sitting: Sitting
    sweep: bool = False
    _editions: dict[tuple[str, int], Edition | None] = field(default_factory=dict)
    _clocks: dict[str, Clock] = field(default_factory=dict)

    @cached_property
    def newest(self) -> int:
        """Version of the newest publication."""
        return cases.catalogue_version(self.sitting.tx)

    @cached_property
    def clock(self) -> Clock:
        """Calendar and settings."""
        return self.sitting.node.limits(self.sitting.tx)

    def clock_at(self, place: str) -> Clock:
        """Calendar and settings as they hold at a place (R-NX-42)."""
        if place not in self._clocks:
            found = self.sitting.node.published(self.sitting.tx)
            self._clocks[place] = reckoning.limits(found, place, day_of(self.sitting.at.now))
        return self._clocks[place]

    def credit_since(self, case: Case) -> date | None:
        """Since when the applicant may not promise so, by the list held now (C33)."""
        number, at = case.state.text("id_no"), case.state.instant("received")
        if not number or at is None or not self._hangs_on_credit(case.state):
            return None
        return credit.barred_since(self.sitting.tx, number, day_of(at))

    def credit_unknown(self, case: Case) -> bool:
        """Whether the list held now was too old to speak of the applicant when he promised."""
        number, at = case.state.text("id_no"), case.state.instant("received")
        if not number or at is None or not self._hangs_on_credit(case.state):
            return False
        standing = credit.standing(self.sitting.tx, number, day_of(at), self.clock.settings)
        return standing is Standing.STALE

    def _hangs_on_credit(self, state: CaseState) -> bool:
        owed = "commitment" in state.values and bool(self.clock.settings.credit_bars_deficiency)
        return any_promise(state) or owed

    @cached_property
    def merged_into(self) -> Mapping[str, str]:
        """Division → the one it became part of (`regions.merged_into` of the publication)."""
        document = self.sitting.node.published(self.sitting.tx).document
        regions = document.get("regions")
        found = regions.get("merged_into") if isinstance(regions, dict) else None
        pairs = found.items() if isinstance(found, dict) else ()
        return {old: new for old, new in pairs if isinstance(old, str) and isinstance(new, str)}

    @cached_property
    def late_photos(self) -> Mapping[bytes, tuple[str, ...]]:
        """Case → hashes of photos that did not come, days after they were asked for again (C31)."""
        if not self.sweep:
            return {}
        tx = self.sitting.tx
        waited = policy.current(tx, self.sitting.me).photo_wait_days
        asked = day_of(self.sitting.at.now - waited * policy.DAY_MS)
        before = asked
        while self._worked(before, asked) < _PATIENCE_DAYS:
            before -= timedelta(days=1)
        found = lacking.lacking(tx, before=midnight(before))
        return {record: tuple(one.hex() for one in hashes) for record, hashes in found.items()}

    def _worked(self, first: date, last: date) -> int:
        between = (first + timedelta(days=n) for n in range((last - first).days))
        return sum(map(self.clock.calendar.is_working, between))

    @cached_property
    def _days(self) -> Mapping[int, int]:
        rows = self.sitting.tx.execute(sa.select(published.c.version, published.c.taken_at))
        return {row.version: row.taken_at for row in rows}

    def edition(self, code: str, version: int) -> Edition | None:
        """One item as one publication has it; None where the county lacks that publication."""
        key = (code, version)
        if key not in self._editions:
            self._editions[key] = self._read(code, version)
        return self._editions[key]

    def _read(self, code: str, version: int) -> Edition | None:
        if version not in self._days:
            return None
        item = self.sitting.node.item(self.sitting.tx, code, version)
        begun = item.effective_from if item else None
        return Edition(version, item, begun or day_of(self._days[version]))

    def matter(self, case: Case) -> Matter:
        """A case as the rules look at it."""
        code = case.state.text("item")
        version = read_int(case.state.values.get("item_version")) or 0
        shown = self.edition(code, version) if code else None
        newest = self.edition(code, self.newest) if code and self.newest > version else shown
        return Matter(
            id=case.id,
            case=case.state,
            heads=case.evidence.heads,
            clock=self.clock_at(case.scope.station),
            shown=shown,
            newest=newest if shown and shown.item else None,
            before=self._before(case, shown),
            late_photos=self._late_in(case),
            merged_into=self.merged_into,
            credit_since=self.credit_since(case),
            credit_unknown=self.credit_unknown(case),
            bundle=self._bundle(case.state.text("bundle")),
        )

    def _bundle(self, text: str) -> Bundle | None:
        reference = read_reference(text)
        return self._bundles.get(reference.code) if reference else None

    @cached_property
    def _bundles(self) -> Mapping[str, Bundle]:
        return self.sitting.node.catalogue(self.sitting.tx).bundles

    def _late_in(self, case: Case) -> tuple[int, ...]:
        late = self.late_photos.get(case.record, ())
        if not late:
            return ()
        photos = (case.state.map(n) for n in case.state.values if n.startswith("attachment."))
        numbers = {material_of(photo) for photo in photos if hash_of(photo) in late}
        return tuple(sorted(numbers - {0}))

    def _before(self, case: Case, shown: Edition | None) -> Edition | None:
        """The version that was in force where the one shown was not yet (C38)."""
        begun = shown.item.effective_from if shown and shown.item else None
        if shown is None or begun is None:
            return None
        heads = case.evidence.heads.get("accepted", ())
        if not heads or not all(surely_before_day(head, begun) for head in heads):
            return None
        code = case.state.text("item")
        lowest = max(0, shown.version - 1 - _MOST_EDITIONS_BACK)
        found = (self.edition(code, v) for v in range(shown.version - 1, lowest, -1))
        return next((one for one in found if one and one.item and one.since < begun), None)

    def pen(self, case: Case) -> Pen:
        """With what the findings of a case are written."""
        return Pen(self.sitting.evidence(), self._check_id, case.id)

    def _check_id(self, rule: str, about: str) -> str:
        return self.sitting.check_id(rule, about.encode())


def gathered(almanac: Almanac, found: Iterable[Case]) -> list[tuple[Case, Matter]]:
    """Lay out some cases; before anything was published there is nothing to look at."""
    try:
        return [(case, almanac.matter(case)) for case in found]
    except NoCatalogue:
        return []


def any_promise(case: CaseState) -> bool:
    """Whether a promise stands for a paper of the case."""
    return Flag.PROMISE in case.flags


def material_of(value: Fields) -> int:
    """The number of the material that a photo shows; 0 for none."""
    return read_int(value.get("material")) or 0


def hash_of(value: Fields) -> str:
    """The hash of a photo, hexadecimal; empty for none."""
    return read_text(value.get("hash")) or ""
