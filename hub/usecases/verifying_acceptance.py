"""Looking at what stations accepted before the county confirms it (domain model §2.2 #9).

Everything that the tests need of the county is read once for a sitting; what they find is written
in the transaction that took the acceptance in. See `casework.verification`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa

from casework import verification
from casework.verification import Doubt, Failure, Grounds
from hub.rows import enrolment
from hub.usecases import authorisation_records, missing
from hub.usecases.matters import Almanac, gathered
from node.cases import Case
from node.ledger import CaseAct


@dataclass(kw_only=True)
class Verifier:
    """Holds acceptances against letters, papers and numbers, in one sitting.

    Attributes:
        failing: cases (by record) whose acceptance may not be confirmed by rule.
        acts: what is to be written about them.
    """

    almanac: Almanac
    failing: set[bytes] = field(default_factory=set)
    acts: list[CaseAct] = field(default_factory=list)

    def look(self, found: Sequence[Case]) -> None:
        """Look at the cases among these whose acceptance nobody at the county has looked at."""
        waiting = [case for case in found if "accepted" in case.state.values]
        for case, matter in gathered(self.almanac, waiting):
            failed = verification.failures(matter, self.grounds)
            if failed:
                self.failing.add(case.record)
                self._ask(case, Doubt(failed))
            pen = self.almanac.pen(case)
            fault = verification.late_due(matter)
            act = fault.act(case.state, pen) if fault else None
            self.acts += [CaseAct(case.record, act)] if act else []

    def _ask(self, case: Case, doubt: Doubt) -> None:
        matter = self.almanac.matter(case)
        act = doubt.act(matter, self.almanac.pen(case))
        if act is not None and not self._waits(case, doubt.failed):
            self.acts.append(CaseAct(case.record, act))

    def _waits(self, case: Case, failed: Sequence[Failure]) -> bool:
        """Whether something on which a test hangs is known to be still on its way."""
        missed = missing.fields_waiting(self.almanac.sitting, case)
        return any(one.fields & missed for one in failed)

    @cached_property
    def grounds(self) -> Grounds:
        """Letters, devices and partners, as the county knows them."""
        tx = self.almanac.sitting.tx
        return Grounds(
            book=authorisation_records.book(tx),
            devices=dict(_devices(tx)),
            partners=self.almanac.sitting.partners,
        )


def _devices(tx: sa.Connection) -> Iterator[tuple[bytes, int]]:
    e = enrolment.c
    for row in tx.execute(sa.select(e.replica, e.device).where(e.replica.is_not(None))):
        if row.device:
            yield bytes(row.replica), int(row.device)
