"""What a counter does on a case that is there: papers, corrections, handover, delivery."""

from collections.abc import Iterator
from typing import Final

from casework import corrections, paper_trail
from casework.case import CaseState
from casework.desk import ActContext
from casework.errors import ActRefused, FieldProblem
from casework.evidence import evidence, given
from casework.fact_shapes import OWN_WORD_FACT
from casework.facts import Act
from casework.intake_reading import agent_fields, read_agent, read_answers, read_person
from casework.reading import Reader
from casework.values import Fields, Value, day_of, read_int, read_list, read_map, read_text
from casework.wording import problem

PROOF: Final = 0
"""Number of no paper: under it hang photos of the proof of delivery (R-ZH-36b)."""
_HEX: Final = frozenset("0123456789abcdef")
_HASH_CHARACTERS: Final = 64
_MOST_CHUNKS: Final = 256
_LONGEST_BAG: Final = 40


def withdraw(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The applicant withdraws (R: model §2.2 #24); what was decided meanwhile is C5."""
    return Act("case.withdrawn", {"withdrawn": {**evidence(ctx), **given(fields, "reason")}})


def add_material(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A paper comes in, at whatever station: the time of hand-in there counts (C19)."""
    no = read_int(fields["no"]) or 0
    problems = list(_check_paper(no, fields, ctx))
    if problems:
        raise ActRefused(problems)
    line: dict[str, Value] = {
        "no": no,
        "form": fields["form"],
        "copies": fields["copies"],
        "original_seen": fields.get("original_seen", False),
        "at": ctx.now,
        "place": ctx.place.code,
    }
    return Act("case.material_added", {f"material.{no}": line})


def attach(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A photo of a paper; its key is of class 3, so that dropping it erases the photo."""
    problems = list(_check_photo(fields, ctx))
    if problems:
        raise ActRefused(problems)
    attachment = ctx.new_id()
    described: dict[str, Value] = {
        **given(fields, "material", "hash", "size", "chunks", "mime"),
        "captured_at": fields.get("captured_at", ctx.now),
    }
    written: dict[str, Value] = {f"attachment.{attachment}": described}
    if "key" in fields:
        written[f"attachment_key.{attachment}"] = fields["key"]
    return Act("case.attached", written)


def correct_contact(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A contact put right; what the citizen says himself stands over a helper's word (C35)."""
    del ctx
    own = fields.get("said_by") == "applicant"
    fact = OWN_WORD_FACT if own else "case.contact_corrected"
    return Act(fact, given(fields, "phone", "address", "pickup"))


def correct_application(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Something wrong in the application is put right by a new fact; the old one stays."""
    reader = Reader(fields)
    today = day_of(ctx.now)
    person = read_person(reader.sub("applicant"), today)
    written: dict[str, Value] = {name: text for name, text in person.items() if text}
    answers = read_answers(reader.sub("form"))
    if ctx.item is not None:
        kept = {name.removeprefix("form.") for name in case.values if name.startswith("form.")}
        answers, wrong = corrections.typed_answers(answers, ctx.item)
        reader.problems += [*wrong, *corrections.not_asked(answers.keys() - kept, ctx.item)]
    written |= {f"form.{name}": answer for name, answer in answers.items()}
    if not written:
        reader.refuse("", "some", allowed="applicant、form")
    if reader.problems:
        raise ActRefused(reader.problems)
    return Act("case.application_corrected", written | {"correction_reason": fields["reason"]})


def entrust(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Somebody acts for the applicant from now on (R-NX-29e), though another did so before him."""
    reader = Reader(fields)
    agent = read_agent(reader.sub("agent"), day_of(ctx.now))
    if reader.problems:
        raise ActRefused(reader.problems)
    again: dict[str, Value] = {"entrustment_revoked": None}
    revoked = case.values.get("entrustment_revoked") is not None
    return Act("case.entrusted", agent_fields(agent) | (again if revoked else {}))


def revoke_entrustment(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The applicant takes the entrustment back: nothing is given to the agent any more (C22)."""
    if not case.text("agent.relation"):
        raise ActRefused([problem("", "no_agent")])
    revoked: dict[str, Value] = {**evidence(ctx), **given(fields, "reason")}
    return Act("case.entrustment_revoked", {"entrustment_revoked": revoked})


def note(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A word for whoever works on the case next; of a helper about a check, or a draft refusal."""
    said: dict[str, Value] = {**evidence(ctx), **given(fields, "text", "about", "stance")}
    return Act("case.noted", {f"note.{ctx.new_id()}": said})


def notify(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The applicant was told, or could not be reached (R-ZH-35, T12)."""
    told: dict[str, Value] = {**evidence(ctx), **given(fields, "about", "channel", "reached")}
    return Act("case.notified", {f"notified.{ctx.new_id()}": told})


def note_external(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The number that another system gave the case (R-NX-18b, R-HN-10)."""
    noted: dict[str, Value] = {**evidence(ctx), **given(fields, "system", "number")}
    return Act("case.external_noted", {f"external.{ctx.new_id()}": noted})


def hand_over(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Papers leave in a bag, counted (R-ZH-25)."""
    bag = _bag(fields)
    _demand_counts(fields)
    problems = list(_check_packing(case, fields, ctx))
    if problems:
        raise ActRefused(problems)
    handed: dict[str, Value] = {**evidence(ctx), **given(fields, "to", "lines", "carrier")}
    return Act("case.handed_over", {f"handover.{bag}": handed})


def _check_packing(case: CaseState, fields: Fields, ctx: ActContext) -> Iterator[FieldProblem]:
    if fields["to"] == ctx.place.code:
        yield problem("/to", "same_place")
    under_way = {paper.no: paper.bag for paper in paper_trail.papers(case) if paper.bag}
    for at, no in enumerate(_numbers(fields)):
        if no not in case.in_hand:
            yield problem(f"/lines/{at}/no", "not_handed_in", no=no)
        elif no in under_way:
            yield problem(f"/lines/{at}/no", "under_way", no=no, en=under_way[no])


def _numbers(fields: Fields) -> list[int]:
    return [read_int(read_map(row).get("no")) or 0 for row in read_list(fields["lines"])]


def receive_handover(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A bag arrives and is counted again; what differs is written down, not argued away (C10)."""
    bag = _bag(fields)
    _demand_counts(fields)
    sent = case.map(f"handover.{bag}")
    if not sent:
        raise ActRefused([problem("/bag", "bag", en=bag)])
    if not paper_trail.is_open(case, bag):
        raise ActRefused([problem("/bag", "bag_counted", en=bag)])
    if sent.get("to") != ctx.place.code:
        raise ActRefused([problem("/bag", "bag_elsewhere", en=bag)])
    taken: dict[str, Value] = {**evidence(ctx), **given(fields, "lines", "remark")}
    differing = discrepancies(read_list(sent.get("lines")), read_list(fields["lines"]))
    if differing:
        taken["differing"] = list(differing)
    return Act("case.handover_received", {f"handover_received.{bag}": taken})


def discrepancies(sent: tuple[Value, ...], counted: tuple[Value, ...]) -> tuple[int, ...]:
    """Answer the numbers of the materials whose counts differ between the two lists (C10)."""
    one, other = _counts(sent), _counts(counted)
    return tuple(sorted(no for no in one.keys() | other.keys() if one.get(no) != other.get(no)))


def _counts(lines: tuple[Value, ...]) -> dict[int, tuple[int, int]]:
    rows = map(read_map, lines)
    return {
        read_int(row.get("no")) or 0: (
            read_int(row.get("originals")) or 0,
            read_int(row.get("copies")) or 0,
        )
        for row in rows
    }


def _evidence(ctx: ActContext) -> dict[str, Value]:
    return {"at": ctx.now, "place": ctx.place.code, "by": ctx.actor}


def _bag(fields: Fields) -> str:
    # The bag number is the key of a field name and is read by scanners: one word, any script.
    bag = "".join((read_text(fields["bag"]) or "").split()).upper()
    if not bag or not bag.isprintable() or len(bag) > _LONGEST_BAG:
        raise ActRefused([problem("/bag", "type", zh="袋号", en="Bag number")])
    return bag


def _demand_counts(fields: Fields) -> None:
    reader = Reader(fields)
    for row in reader.rows("lines"):
        for name in ("no", "originals", "copies"):
            row.need(name)
    if reader.problems:
        raise ActRefused(reader.problems)


def _check_paper(no: int, fields: Fields, ctx: ActContext) -> list[FieldProblem]:
    if ctx.item is None:
        return []
    material = ctx.item.material(no)
    if material is None:
        return [problem("/no", "material", no=no)]
    names = {"zh": material.name, "en": material.name_en}
    problems = []
    if fields["form"] == "shared" and not material.shared:
        problems.append(problem("/form", "not_shared", **names))
    if fields["form"] == "promised" and not material.promise_ok:
        problems.append(problem("/form", "not_promised", **names))
    elif fields["form"] == "promised" and (why := ctx.item.guide.promise_excluded):
        problems.append(problem("/form", "promise_barred", why=why, **names))
    if read_int(fields["copies"]) not in range(1000):
        problems.append(problem("/copies", "copies"))
    return problems


def _check_photo(fields: Fields, ctx: ActContext) -> list[FieldProblem]:
    no = read_int(fields["material"]) or 0
    chunks = read_list(fields["chunks"])
    hashes = [fields["hash"], *chunks]
    tests = (
        (no == PROOF or ctx.item is None or bool(ctx.item.material(no)), "/material", "material"),
        (0 < len(chunks) <= _MOST_CHUNKS and all(map(_is_hash, hashes)), "/hash", "type"),
        ((read_int(fields["size"]) or 0) > 0, "/size", "type"),
    )
    names = {"no": no, "zh": "照片", "en": "Photo"}
    return [problem(at, code, **names) for passed, at, code in tests if not passed]


def _is_hash(value: Value) -> bool:
    text = read_text(value) or ""
    return len(text) == _HASH_CHARACTERS and _HEX.issuperset(text)
