"""Scenes in which places worked apart: for each conflict rule, what they wrote and what follows."""

from dataclasses import dataclass, field, replace
from datetime import date

from casework.conflict_rules.findings import Pen
from casework.conflict_rules.matter import Edition, Matter
from casework.conflict_rules.table import OF_A_GROUP, find
from casework.facts import Head
from casework.ids import Ulid
from casework.projection import derive
from fixtures.builders import clock, sample_item
from fixtures.desks import COUNTY, NOON, TOWNSHIP, VILLAGE

HOUR, DAY = 3_600_000, 86_400_000
ITEM = sample_item("DEMO-YL-01")
STAMP = {"at": NOON + 90 * DAY, "place": COUNTY.code, "by": "system"}
KEY = "group"


def case_id(number):
    return Ulid.make(NOON + number, bytes(10)).text


def said(place, field_name, value, *, at=0, until=None, fact="case.noted", device=1):
    """One head: written by a place between two trusted instants (hours after noon)."""
    upper = at if until is None else until
    replica = place.code[-8:-1].encode() + bytes([device])
    return field_name, Head(
        *(value, replica, 1 + abs(hash_of(field_name, value)) % 1000, place.code),
        *(place.kind.value, "li", fact, NOON + upper * HOUR),
        NOON + at * HOUR,
        NOON + upper * HOUR,
    )


def hash_of(*parts):
    return sum(map(ord, repr(parts)))


def done(place, at, **more):
    return {"at": NOON + at * HOUR, "place": place.code, "by": "li", **more}


@dataclass(frozen=True)
class Scene:
    """What was written about one case, beside its receipt."""

    name: str
    wrote: tuple
    expected: frozenset = frozenset()
    number: int = 1
    setting: dict = field(default_factory=dict)
    base: bool = True

    @property
    def heads(self):
        first = BASE if self.base else ()
        return [*first, *self.wrote]

    def matter(self, heads):
        """The case as the rules see it when these heads are known."""
        known = {}
        for name, head in heads:
            known.setdefault(name, []).append(head)
        setting = {"shown": SHOWN, "newest": SHOWN} | self.setting
        shown = setting["shown"]
        state = derive(known, item=shown.item if shown else None)
        return Matter(id=case_id(self.number), case=state, heads=known, clock=clock(), **setting)


SHOWN = Edition(1, ITEM, date(2026, 1, 1))
BASE = (
    said(VILLAGE, "received", {"at": NOON}, fact="case.received"),
    said(VILLAGE, "station", VILLAGE.code, fact="case.received"),
    said(VILLAGE, "item", ITEM.code, fact="case.received"),
    said(VILLAGE, "item_version", 1, fact="case.received"),
    said(VILLAGE, "mode", "entrusted", fact="case.received"),
    said(VILLAGE, "division", VILLAGE.code, fact="case.received"),
    said(VILLAGE, "name", "王芳", fact="case.received"),
    said(VILLAGE, "address", "甲村5组", fact="case.received"),
    said(VILLAGE, "phone", "13800000001", fact="case.received"),
    said(VILLAGE, "id_type", "resident_id", fact="case.received"),
    said(VILLAGE, "id_no", "411599199006150024", fact="case.received"),
    *(
        said(VILLAGE, f"material.{n}", {"no": n, "form": "original", "copies": 1, "at": NOON})
        for n in (1, 2, 3, 4)
    ),
)
ACCEPTED = said(
    VILLAGE,
    "accepted",
    done(VILLAGE, 1, kind="accepted", due="2026-12-30"),
    at=1,
    until=2,
    fact="case.accepted",
)


def newer(item, *, since=date(2026, 1, 2), version=2):
    return Edition(version, item, since)


def without(*numbers):
    return replace(ITEM, materials=tuple(m for m in ITEM.materials if m.no not in numbers))


def with_more():
    last = replace(ITEM.materials[0], no=9, name="新证明", shared=False)
    return replace(ITEM, materials=(*ITEM.materials, last))


def rejected(seen):
    check = done(TOWNSHIP, 3, result="rejected", reason="看不清", seen=seen)
    return said(TOWNSHIP, "material_check.1", check, at=3, fact="case.material_checked")


def bag(place, name, **more):
    lines = [{"no": 1, "originals": 1, "copies": 0}]
    return said(place, f"handover.{name}", done(place, 2, to=TOWNSHIP.code, lines=lines, **more))


def counted(place, name, *, at=4, **more):
    lines = [{"no": 1, "originals": 1, "copies": 0}]
    return said(place, f"handover_received.{name}", done(place, at, lines=lines, **more), at=at)


def notice(place, key, numbers, at):
    points = [{"no": n, "defect": "没有章", "cure": "盖章"} for n in numbers]
    return said(place, f"correction.{key}", done(place, at, points=points), at=at)


def withdrawn(at, until):
    return said(VILLAGE, "withdrawn", done(VILLAGE, at), at=at, until=until)


AGAIN = said(TOWNSHIP, "withdrawn", done(TOWNSHIP, 8), at=8, until=9)


def decided(at, until=None, **more):
    value = done(COUNTY, at, outcome="yes", **more)
    return said(COUNTY, "decided", value, at=at, until=until)


SEEN = {"no": 1, "form": "original", "copies": 1, "at": NOON}
LINE = {"no": 5, "form": "promised", "copies": 1, "at": NOON}
EARLY, LATE = date(2026, 11, 1), date(2027, 3, 1)
SCENES = (
    Scene("C3 rejected", (rejected(SEEN),), frozenset({"told.C3"})),
    Scene(
        "C3 a newer paper reopens the line",
        (rejected(SEEN), said(VILLAGE, "material.1", SEEN | {"at": NOON + HOUR}, at=1, device=2)),
    ),
    Scene(
        "C4 two notices",
        (notice(VILLAGE, "A", (1,), 2), notice(TOWNSHIP, "B", (1, 4), 5)),
        frozenset({"checking.C4", "fault.C4", "told.C4"}),
    ),
    Scene("C4 the same twice", (notice(VILLAGE, "A", (1,), 2), notice(TOWNSHIP, "B", (1,), 5))),
    Scene(
        "C5 withdrawn before",
        (ACCEPTED, withdrawn(3, 4), decided(6)),
        frozenset({"decided", "resolution.C5", "told.C5"}),
    ),
    Scene(
        "C5 decided before",
        (ACCEPTED, withdrawn(8, 9), decided(6)),
        frozenset({"withdrawn", "resolution.C5", "told.C5"}),
    ),
    Scene(
        "C5 withdrawn at the village before, and once more at the township after",
        (ACCEPTED, withdrawn(3, 4), decided(6), AGAIN),
        frozenset({"decided", "resolution.C5", "told.C5"}),
    ),
    Scene("C5 nobody can tell", (ACCEPTED, withdrawn(3, 9), decided(6))),
    Scene(
        "C6 accepted after the end",
        (ACCEPTED,),
        frozenset({"terminated", "told.C6"}),
        setting={"newest": newer(replace(ITEM, cancelled_on=EARLY))},
    ),
    Scene(
        "C6 accepted before, no clause",
        (ACCEPTED,),
        frozenset({"checking.C6"}),
        setting={"newest": newer(replace(ITEM, cancelled_on=LATE))},
    ),
    Scene(
        "C6 accepted before, carried on",
        (ACCEPTED,),
        setting={"newest": newer(replace(ITEM, cancelled_on=LATE, carried_on=True))},
    ),
    Scene(
        "C7 less is asked",
        (ACCEPTED,),
        frozenset({"waived.5"}),
        setting={"newest": newer(without(5))},
    ),
    Scene(
        "C7 more is asked and the version shown holds",
        (ACCEPTED,),
        setting={"newest": newer(with_more(), since=LATE)},
    ),
    Scene(
        "C7 more is asked",
        (ACCEPTED,),
        frozenset({"item_version", "resolution.C7", "told.C7"}),
        setting={"newest": newer(with_more())},
    ),
    Scene(
        "C8 shorter",
        (ACCEPTED,),
        frozenset({"promise.C8", "told.C8"}),
        setting={"newest": newer(replace(ITEM, promised_days=5), since=EARLY)},
    ),
    Scene(
        "C8 longer",
        (ACCEPTED,),
        setting={"newest": newer(replace(ITEM, promised_days=19), since=EARLY)},
    ),
    Scene(
        "C9 one bag came",
        (bag(VILLAGE, "A"), bag(VILLAGE, "B"), counted(TOWNSHIP, "A")),
        frozenset({"fault.C9"}),
    ),
    Scene(
        "C9 both came with the original",
        (bag(VILLAGE, "A"), bag(VILLAGE, "B"), counted(TOWNSHIP, "A"), counted(TOWNSHIP, "B")),
        frozenset({"checking.C9"}),
    ),
    Scene("C9 onward is no doubt", (bag(VILLAGE, "A"), counted(TOWNSHIP, "A"), bag(TOWNSHIP, "B"))),
    Scene(
        "C10 miscounted",
        (bag(VILLAGE, "A"), counted(TOWNSHIP, "A", differing=[1])),
        frozenset({"checking.C10"}),
    ),
    Scene(
        "C16 a clock ahead",
        (
            said(
                VILLAGE,
                "accepted",
                {"at": NOON + 10 * DAY, "place": VILLAGE.code, "due": "2027-01-10"},
                at=1,
                until=2,
            ),
        ),
        frozenset({"fault.C16", "promise.C16", "told.C16"}),
    ),
    Scene(
        "C16 a clock ahead across a version",
        (
            said(
                VILLAGE,
                "accepted",
                {"at": NOON + 10 * DAY, "place": VILLAGE.code, "due": "2027-01-10"},
                at=1,
                until=2,
            ),
        ),
        frozenset({"fault.C16", "checking.C16"}),
        setting={"newest": newer(ITEM, since=date(2026, 11, 25))},
    ),
    Scene(
        "C21 given twice",
        (
            said(VILLAGE, "delivered", done(VILLAGE, 50, to="applicant", proof="签字"), at=50),
            said(COUNTY, "delivered", done(COUNTY, 40, to="mail", proof="EMS1"), at=40),
        ),
        frozenset({"checking.C21", "told.C21", "fault.C21"}),
    ),
    Scene(
        "C22 to a former agent",
        (
            said(COUNTY, "entrustment_revoked", done(COUNTY, 30), at=30),
            said(
                VILLAGE, "delivered", done(VILLAGE, 50, to="agent", proof="签字"), at=20, until=60
            ),
        ),
        frozenset({"checking.C22", "told.C22"}),
    ),
    Scene(
        "C22 given before",
        (
            said(COUNTY, "entrustment_revoked", done(COUNTY, 70), at=70),
            said(
                VILLAGE, "delivered", done(VILLAGE, 50, to="agent", proof="签字"), at=20, until=60
            ),
        ),
    ),
    Scene(
        "C27 a step of a village",
        (
            ACCEPTED,
            said(
                VILLAGE,
                "special.X",
                done(VILLAGE, 3, kind="hearing", days=3, until="2026-12-01"),
                at=3,
            ),
        ),
        frozenset({"checking.C27"}),
    ),
    Scene(
        "C30 merged",
        (),
        frozenset({"division", "resolution.C30"}),
        setting={"merged_into": {VILLAGE.code: "411526101299"}},
    ),
    Scene("C31 no photo", (), frozenset({"checking.C31"}), setting={"late_photos": (1,)}),
    Scene(
        "C33 before the decision",
        (said(VILLAGE, "material.5", LINE, device=2), ACCEPTED),
        frozenset({"material_check.5", "told.C33"}),
        setting={"credit_since": EARLY},
    ),
    Scene(
        "C33 decided",
        (said(VILLAGE, "material.5", LINE, device=2), ACCEPTED, decided(9)),
        frozenset({"checking.C33"}),
        setting={"credit_since": EARLY},
    ),
    Scene(
        "C33 the record is younger",
        (said(VILLAGE, "material.5", LINE, device=2), ACCEPTED),
        setting={"credit_since": LATE},
    ),
    Scene(
        "C36 died",
        (said(VILLAGE, "note.N", done(VILLAGE, 5, text="过世了", about="applicant_died"), at=5),),
        frozenset({"checking.C36", "told.C36"}),
    ),
    Scene(
        "C38 not in force yet",
        (ACCEPTED,),
        frozenset({"item_version", "resolution.C38", "told.C38"}),
        setting={
            "shown": Edition(2, replace(ITEM, effective_from=LATE), LATE),
            "newest": Edition(2, replace(ITEM, effective_from=LATE), LATE),
            "before": Edition(7, with_more(), EARLY),
        },
    ),
    Scene(
        "C39 a paper after the end",
        (
            said(COUNTY, "archived", done(COUNTY, 20), at=20),
            said(VILLAGE, "material.5", {"no": 5, "form": "copy", "at": NOON}, at=2, until=40),
        ),
        frozenset({"checking.C39"}),
    ),
)


def pen(matter):
    return Pen(STAMP, lambda rule, about: f"{rule}-{hash_of(about)}", matter.id)


def acts_of_case(matter):
    """The acts that the rules about one case ask for."""
    return [act for _, finding in find(matter) if (act := finding.act(matter.case, pen(matter)))]


def acts_of_group(members):
    """The acts that the rules across cases ask for: case → acts."""
    by_id = {m.id: m for m in members}
    found = {m.id: [] for m in members}
    for _, rule, _ in OF_A_GROUP:
        for record, finding in rule(members, KEY):
            act = finding.act(by_id[record].case, pen(by_id[record]))
            if act:
                found[record].append(act)
    return found


def written(heads, acts):
    """The heads after the county has written some acts."""
    named = {name for act in acts for name in act.fields}
    kept = [(name, head) for name, head in heads if name not in named]
    return kept + [
        said(COUNTY, name, value, at=99, fact=act.fact)
        for act in acts
        for name, value in act.fields.items()
    ]


def names(acts):
    """What was written, without the ground in the names."""
    return frozenset(
        name.partition("-")[0] if name.split(".")[0] != "waived" else name
        for act in acts
        for name in act.fields
    )
