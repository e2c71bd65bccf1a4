"""Cases and refusals that several test files ask for."""

from dataclasses import replace

import pytest

from casework import acts, intake
from casework.errors import ActRefused, IntakeRefused
from fixtures.builders import case_document, person, sample_item, seeded
from fixtures.desks import NOON, VILLAGE, CaseLog, act_context, intake_context

WHO = person(seeded(7))
OTHER = person(seeded(8))


def document(code, **more):
    return case_document(WHO, sample_item(code), **more)


def refused(code, given, *, place=VILLAGE, fresh=True):
    item = sample_item(code)
    context = intake_context(item, place, fresh=fresh)
    with pytest.raises(IntakeRefused) as refusal:
        intake.take_in(given, lambda c: (item, context) if c == code else None, now=NOON)
    return {(e.pointer, e.code) for e in refusal.value.errors}


def taken(code, given=None, *, place=VILLAGE, fresh=True):
    item = sample_item(code)
    context = intake_context(item, place, fresh=fresh)
    return intake.take_in(given or document(code), lambda _: (item, context), now=NOON)


def taken_of(item, given, *, place=VILLAGE, **situation):
    """Take in with an item as a test changed it."""
    context = replace(intake_context(item, place), **situation)
    return intake.take_in(given, lambda _: (item, context), now=NOON)


def refused_of(item, given, *, place=VILLAGE, **situation):
    with pytest.raises(IntakeRefused) as refusal:
        taken_of(item, given, place=place, **situation)
    return {(e.pointer, e.code) for e in refusal.value.errors}


HEX = "ab" * 32
LINES = [{"no": 1, "originals": 1, "copies": 2}]


def log_of(code, place=VILLAGE, **more):
    log = CaseLog(sample_item(code))
    log.take_in(case_document(WHO, log.item, **more), place)
    return log


def deficient():
    return log_of("DEMO-YL-01", leave_out=(4, 5), commitment={"deficiency": True})


def act_codes(log, verb, fields, place, **who):
    with pytest.raises(ActRefused) as refused:
        acts.perform(verb, log.case, fields, act_context(log.item, place, **who))
    return {(e.pointer, e.code) for e in refused.value.errors}


def paper(no, **more):
    return {"no": no, "form": "original", "copies": 1} | more
