"""What people do at counters and in the county, by the real use cases.

Whatever was answered to a person is written into the oracle; a refusal by the rules of the domain
is an answer too, and is counted.
"""

import random
from contextlib import contextmanager

import sqlalchemy as sa

from casework.conflict_rules.answers import ANSWERS
from casework.errors import CaseworkError
from casework.places import Role, township_of
from fixtures import builders
from fixtures.world import account, sample
from hub.rows import conflict
from hub.usecases import conflicts, reconcile, verdicts
from hub.usecases.projections import CheckState
from hub.usecases.reconcile import Answer
from node import acting
from node.errors import DiskFull, InvalidInput, Stopped
from sync.adapters.sql import SqlLog
from sync.operation import Dot
from sync.record import Entry
from tests.simulation.county import Place
from tests.simulation.disk import PowerCut
from tests.simulation.observe import cases_at, id_of, values_of
from tests.simulation.oracle import Confirmed

ITEMS = ("DEMO-YL-01", "DEMO-SB-01", "DEMO-SB-03", "DEMO-JY-04")
"""On a promise of what lacks; decided on the spot; received only at a bank."""
_LINES = [{"no": 1, "originals": 1, "copies": 0}]


def _phone(chance):
    return {"phone": f"139{chance.randrange(10**8):08d}"}


def _own_word(chance):
    return {"address": f"{chance.randrange(1, 20)}组", "said_by": "applicant"}


def _account(chance):
    number = f"621700{chance.randrange(10**13):013d}"
    return {"form": {"bank_account": number}, "reason": "写错了"}


def _material(chance):
    form = chance.choice(("copy", "original"))
    return {"no": chance.choice((4, 5)), "form": form, "copies": chance.randint(1, 2)}


ACTS = (
    ("correct_contact", _phone, 5),
    ("correct_contact", lambda c: {"pickup": c.choice(("mail", "visit"))}, 2),
    ("correct_contact", _own_word, 2),
    ("correct_application", _account, 2),
    ("add_material", _material, 4),
    ("accept", lambda _: {"deficiency": True}, 3),
    ("withdraw", lambda _: {"reason": "不办了"}, 1),
    ("hand_over", lambda c: {"bag": f"B{c.randrange(9)}", "lines": _LINES}, 2),
    ("receive_handover", lambda c: {"bag": f"B{c.randrange(9)}", "lines": _LINES}, 1),
    ("decide", lambda _: {"outcome": "yes"}, 1),
    ("check_material", lambda c: {"no": c.randint(1, 5), "result": "ok"}, 4),
    ("sign_in", lambda _: {}, 1),
    ("issue", lambda _: {"results": [{"name": "证", "serial": "1"}]}, 1),
    ("deliver", lambda _: {"to": "applicant", "identity": "known", "proof": "签字"}, 1),
)
"""Verb, its fields, and how often it is tried."""
_ADDRESSED = {"hand_over", "issue"}


@contextmanager
def _desk(run, place: Place, *facts: str):
    """An act at a counter: rules may refuse it, the disk may be full, the power may go."""
    try:
        yield
    except (CaseworkError, InvalidInput):
        run.hit("refused by the rules")
    except DiskFull:
        if not place.machine.full:
            raise
        run.hit("disk full")
    except Stopped:
        run.hit("copy does not write")
    except PowerCut:
        run.oracle.unsure.update((place.code, fact) for fact in facts)
        run.power_cut(place)


def take_in(run, place: Place, chance: random.Random) -> None:
    """Take a case in; now and then the same matter a second time elsewhere."""
    if not place.works or place.is_hub:
        return
    item = sample(chance.choice(ITEMS))
    who = (
        chance.choice(run.people) if run.people and chance.random() < 0.2 else _person(run, chance)
    )
    promised = {"leave_out": (4, 5), "commitment": {"deficiency": True}}
    document = builders.case_document(who, item, **(promised if item.code == ITEMS[0] else {}))
    with _desk(run, place, "case.received", "case.accepted"):
        entries = place.station.receive(document)
        confirm(run, place, entries)
        fields = entries[0].operation.fields
        run.oracle.homes[entries[0].operation.record] = (fields["station"], fields["handling"])
        run.cases.append(entries[0].operation.record)


def _person(run, chance: random.Random) -> builders.Person:
    run.people.append(builders.person(chance))
    return run.people[-1]


def confirm(run, place: Place, entries: list[Entry]) -> None:
    """Write down what a person was told is done."""
    for entry in entries:
        o = entry.operation
        run.oracle.confirmed.append(
            Confirmed(place.code, o.record, o.fact, id_of(entry), values_of(entry))
        )
        run.hit(f"deed {o.fact}", deed=True)


def act(run, place: Place, chance: random.Random) -> None:
    """Do something on a case that is there."""
    if not place.works:
        return
    record = _case(run, place, chance)
    if record is None:
        return
    verbs, weights = range(len(ACTS)), [weight for _, _, weight in ACTS]
    verb, make, _ = ACTS[chance.choices(verbs, weights)[0]]
    fields = make(chance)
    if verb in _ADDRESSED:
        fields["to"] = chance.choice([township_of(place.code), *run.plan.places])
    who = _worker(place, verb)
    case = _reference(record)
    with _desk(run, place, acting_fact(verb, fields)):
        done = acting.act(place.node, case, verb, fields, who)
        confirm(run, place, _written(place, done.dot))


def _case(run, place: Place, chance: random.Random) -> bytes | None:
    """One of the cases at hand, the newest more often: ids play no part in the choice."""
    at_hand = cases_at(place)
    known = [record for record in run.cases if record in at_hand]
    if not known:
        return None
    return chance.choice(known[-3:] if chance.random() < 0.7 else known)


def _reference(record: bytes) -> str:
    return acting.Ulid(record).text


def _worker(place: Place, verb: str):
    if not place.is_hub:
        return place.station.worker
    return account(Role.APPROVER, place.code, "approver")


def acting_fact(verb: str, fields) -> str:
    """The fact that an act becomes."""
    if verb == "correct_contact" and fields.get("said_by") == "applicant":
        return "case.contact_stated"
    return acting.VERBS[verb].name


def _written(place: Place, dot: str) -> list[Entry]:
    found = Dot.parse(dot)
    with place.node.database.read() as tx:
        return [held.entry for held in SqlLog(tx).run(found.replica, found.seq, found.seq)]


def county(run, _place: Place, chance: random.Random) -> None:
    """The department works on what has arrived."""
    act(run, run.county.hub, chance)


def settle(run, _place: Place, chance: random.Random) -> None:
    """Settle a check of the county, or take a refusal back."""
    hub = run.county.hub
    if not hub.works:
        return
    with _desk(run, hub, "case.resolved"):
        (_ratify if chance.random() < 0.3 else _resolve)(run, hub, chance)


def _resolve(run, hub: Place, chance: random.Random) -> None:
    with hub.node.database.read() as tx:
        where = conflict.c.state == CheckState.OPEN.value
        open_checks = sorted(tx.scalars(sa.select(conflict.c.id).where(where)))
    if not open_checks:
        return
    check = conflicts.show(hub.node, chance.choice(open_checks))
    who = account(Role.RECONCILER, hub.code, "reconciler")
    if check.kind is conflicts.Kind.DUPLICATE:
        answer = Answer(set_values={"main": check.case}, reason="同一件")
    elif check.kind is conflicts.Kind.RULE:
        answer = Answer(set_values={"answer": ANSWERS[check.rule][0].key}, reason="看过了")
    else:
        sides = {name: chance.choice(sides).dot for name, sides in check.fields.items() if sides}
        answer = Answer(choose=sides, reason="打电话问过")
    if reconcile.resolve(hub.node, check.id, answer, account=who).proposed:
        second = account(Role.RECONCILER, hub.code, "second")
        reconcile.confirm(hub.node, check.id, account=second)
    run.hit("resolved")


def _ratify(run, hub: Place, chance: random.Random) -> None:
    refused = [one for one in verdicts.listed(hub.node) if one.refused]
    if refused:
        who = account(Role.RECONCILER, hub.code, "reconciler")
        verdicts.ratify(hub.node, chance.choice(refused).dot, reason="补了授权", account=who)
        run.hit("ratified")


def wait(run, _place: Place, chance: random.Random) -> None:
    """Some time passes."""
    run.county.advance(chance.choice((1, 10, 60, 600)) * 60_000)
