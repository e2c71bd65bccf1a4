"""Scenes of several cases that have something in common, for the rules that span cases."""

from dataclasses import replace

from casework.catalogue import Bundle
from fixtures.desks import COUNTY, OUTLET, TOWNSHIP, VILLAGE
from tests.property.rule_scenes import ACCEPTED, ITEM, Scene, decided, done, said

TWO_PHONES = (
    said(VILLAGE, "notified.N", done(VILLAGE, 1, channel="phone", reached=True, about="result")),
)
ADDRESS = said(OUTLET, "address", "甲村5组", device=3)
REFUSED = said(COUNTY, "not_accepted", done(COUNTY, 9, reasons=["不符合"]))
FIRST_ITEM = said(COUNTY, "item", "DEMO-HJ-01")
AT_ONCE = Bundle(
    code="DEMO-YJS-02",
    name="出生一件事",
    name_en="A birth",
    items=("DEMO-HJ-01", ITEM.code),
    lead="公安局",
)
IN_ORDER = replace(AT_ONCE, parallel=False)
GROUPS = (
    (
        "C11 a new number",
        (
            Scene("old", TWO_PHONES),
            Scene(
                "new",
                (
                    said(TOWNSHIP, "phone", "13800000002", at=9, device=2),
                    said(TOWNSHIP, "name", "王芳"),
                    *TWO_PHONES,
                ),
                number=2,
                base=False,
            ),
        ),
        frozenset({"told.C11"}),
    ),
    (
        "C12 two names",
        (Scene("a", ()), Scene("b", (said(OUTLET, "name", "王方"),), number=2, base=False)),
        frozenset({"checking.C12"}),
    ),
    (
        "C13 another document",
        (
            Scene("a", ()),
            Scene(
                "b",
                (
                    ADDRESS,
                    said(OUTLET, "name", "王芳"),
                    said(OUTLET, "id_type", "passport"),
                    said(OUTLET, "id_no", "E12345678"),
                ),
                number=2,
                base=False,
            ),
        ),
        frozenset({"checking.C13"}),
    ),
    (
        "C26 mixed",
        (
            Scene("a", (ACCEPTED, decided(9))),
            Scene(
                "b",
                (REFUSED,),
                number=2,
            ),
        ),
        frozenset({"checking.C26"}),
    ),
    (
        "C26 nothing granted yet, and one part needs the refused one",
        (
            Scene("a", (ACCEPTED,), setting={"bundle": IN_ORDER}),
            Scene("b", (REFUSED, FIRST_ITEM), number=2, setting={"bundle": IN_ORDER}),
        ),
        frozenset({"checking.C26"}),
    ),
    (
        "C26 nothing granted yet, and the parts are reviewed at once",
        (
            Scene("a", (ACCEPTED,), setting={"bundle": AT_ONCE}),
            Scene("b", (REFUSED, FIRST_ITEM), number=2, setting={"bundle": AT_ONCE}),
        ),
        frozenset(),
    ),
)
