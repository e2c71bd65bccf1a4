"""What the passing of a day does to cases: deadlines that lapse, and what only then is final.

A deadline that passed closes nothing by itself (R-HC-28e): the case waits as DEEMED_PENDING until
no station can bring a paper that was handed in on time, and then a person closes it (C19).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from casework import acceptance, acts, county_acts
from casework.case import CaseState, State
from casework.conflict_rules import lapse
from casework.conflict_rules.matter import Matter
from casework.deadline import Clock
from casework.desk import ActContext
from casework.facts import Act
from casework.places import Role, is_station_code, township_of
from casework.timers import has_lapsed
from casework.values import CHINA, Value, day_of, read_map
from hub.usecases import devices
from hub.usecases.devices import Device
from hub.usecases.matters import Almanac
from hub.usecases.sitting import SYSTEM, Sitting
from node.cases import Case
from node.ledger import CaseAct
from node.runtime import Node, here

_LAPSING: Final = frozenset({State.ACCEPTED_DEF, State.REVIEW, State.SPECIAL})
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watermarks:
    """Up to when the county holds everything of each station: code → milliseconds.

    A station of which a device is in service and was never heard, or of which something is known
    to exist and has not arrived, stands at 0. One without a device has nothing to bring.
    """

    of: Mapping[str, int]

    def passed(self, stations: Collection[str], at: int) -> bool:
        """Say whether every one of some stations has been heard since an instant."""
        return all(self.of.get(code, at) >= at for code in stations)


def watermarks(node: Node) -> Watermarks:
    """Read the watermarks of all stations."""
    found: dict[str, int] = {}
    for device in devices.listed(node):
        if device.state == "active":
            heard = _heard(device)
            found[device.station] = min(found.get(device.station, heard), heard)
    return Watermarks(found)


def _heard(device: Device) -> int:
    return 0 if device.missing or device.last_seen is None else device.last_seen


def lapse_all(almanac: Almanac, found: Sequence[Case], marks: Watermarks) -> list[CaseAct]:
    """Answer what the day does to some cases; doing it again adds nothing.

    Args:
        almanac: of this sitting.
        found: the cases of a page.
        marks: what the county has heard of every station.
    """
    return [act for case in found for act in _of_case(almanac, case, marks)]


def _of_case(almanac: Almanac, case: Case, marks: Watermarks) -> Iterator[CaseAct]:
    sitting, clock = almanac.sitting, almanac.clock_at(case.scope.station)
    day = day_of(sitting.at.now)
    for fields in _deemed(sitting, case.state, marks, clock=clock, day=day):
        yield CaseAct(case.record, Act("case.deemed_pending", fields))
    matter = almanac.matter(case)
    for finding in lapse.silent(matter, day):
        act = finding.act(case.state, almanac.pen(case))
        if act is not None:
            yield CaseAct(case.record, act)
    yield from _accepted(sitting, case, matter, day)


def _deemed(
    sitting: Sitting, state: CaseState, marks: Watermarks, *, clock: Clock, day: date
) -> Iterator[dict[str, Value]]:
    last = state.deficiency_deadline
    if last is None or day <= last or not state.outstanding:
        return
    if state.state in _LAPSING:
        yield lapse.pending(sitting.evidence())
    elif state.state is State.DEEMED_PENDING and not county_acts.is_final(state):
        ground = ground_of(state, last, marks, clock=clock, day=day)
        if ground:
            yield lapse.final(sitting.evidence(), ground)


def ground_of(state: CaseState, last: date, marks: Watermarks, *, clock: Clock, day: date) -> str:
    """Answer why nothing timely can come any more: `synced`, `grace`; empty while it can."""
    if marks.passed(_could_take(state), _end_of(last)):
        return "synced"
    grace = clock.calendar.add(last, clock.settings.deficiency_grace).day
    return "grace" if day > grace else ""


def _could_take(state: CaseState) -> set[str]:
    """Stations that hold the case and so could have taken the paper, with their townships."""
    codes = {code for code in acts.concerned(state) if is_station_code(code)}
    return codes | {township_of(code) for code in codes}


def _end_of(day: date) -> int:
    return int(datetime.combine(day + _DAY, time(), CHINA).timestamp() * 1000)


def _accepted(sitting: Sitting, case: Case, matter: Matter, day: date) -> Iterator[CaseAct]:
    """What a person confirmed to be accepted by law is accepted, from the day of receipt (T3)."""
    check = case.state.map(f"checking.{sitting.check_id(lapse.SILENCE, case.id.encode())}")
    answered = check.get("open") is False
    at, item = case.state.instant("received"), matter.item
    if not answered or at is None or item is None:
        return
    if not has_lapsed(case.state, item, matter.clock, day):
        return
    desk = ActContext(
        now=sitting.at.now,
        place=here(sitting.me),
        mode=matter.mode,
        role=Role.SYSTEM.value,
        actor=SYSTEM,
        clock=matter.clock,
        new_id=sitting.node.new_id,
        item=item,
    )
    fields = dict(acceptance.accept(item, (), at, desk).fields)
    said = {**read_map(fields["accepted"]), "ground": lapse.SILENCE}
    yield CaseAct(case.record, Act("case.accepted", {**fields, "accepted": said}))
