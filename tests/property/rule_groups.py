"""Scenes of several cases that have something in common, for the rules that span cases."""

from fixtures.desks import COUNTY, OUTLET, TOWNSHIP, VILLAGE
from tests.property.rule_scenes import ACCEPTED, Scene, decided, done, said

TWO_PHONES = (
    said(VILLAGE, "notified.N", done(VILLAGE, 1, channel="phone", reached=True, about="result")),
)
ADDRESS = said(OUTLET, "address", "甲村5组", device=3)
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
                (said(COUNTY, "not_accepted", done(COUNTY, 9, reasons=["不符合"])),),
                number=2,
            ),
        ),
        frozenset({"checking.C26"}),
    ),
)
