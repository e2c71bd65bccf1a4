"""What else a case page tells: special steps, reviews, notices, visits, where papers lie."""

from collections.abc import Iterator, Mapping
from typing import Final

from casework import acts, paper_trail
from casework.case import CaseState, State
from casework.catalogue import CatalogueItem
from casework.timeline_details import DETAILS
from casework.values import Fields, day_of, read_int, read_text
from node.web.names import Names
from ui import words
from ui.filters import day, said
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import CaseSection

_BY_RULE: Final = "system"
_FAMILIES: Final[Mapping[str, tuple[str, str]]] = {
    "special.": (marked("特殊环节"), "case.special_ended"),
    "reviewed.": (marked("审核意见"), "case.reviewed"),
    "notified.": (marked("告诉过申请人"), "case.notified"),
    "visit.": (marked("没送到的几次"), "case.visit_failed"),
    "progress.": (marked("别的系统说的进度"), "case.progressed"),
}
"""Family of fields → how its section is called, and the fact whose words tell one of it."""


def build(case: CaseState, item: CatalogueItem | None, known: Names) -> tuple[CaseSection, ...]:
    """Lay out the sections that have something to tell."""
    told = [
        CaseSection(_("县里核对的结果"), tuple(_settled(case, known))),
        CaseSection(_("要告诉申请人的"), tuple(_told(case))),
    ]
    told += [
        CaseSection(_(title), tuple(_lines(case, family, fact, item)))
        for family, (title, fact) in _FAMILIES.items()
    ]
    told.append(CaseSection(_("纸和结果在哪里"), tuple(_whereabouts(case, item, known))))
    return tuple(section for section in told if section.lines)


def warning(case: CaseState) -> str:
    """Code of why a result must not be handed out; empty where it may, or where none lies ready."""
    if case.state is not State.READY and "withdrawn" not in case.values:
        return ""
    if case.state is State.WITHDRAWN or case.values.get("issued") is None:
        return ""
    if "withdrawn" in case.values:
        return "withdrawn"
    return "checking" if acts.is_held_back(case) else ""


def _family(case: CaseState, family: str) -> list[tuple[str, Fields]]:
    found = [(name, case.map(name)) for name in case.values if name.startswith(family)]
    return sorted(found, key=lambda pair: read_int(pair[1].get("at")) or 0)


def _lines(case: CaseState, family: str, fact: str, item: CatalogueItem | None) -> Iterator[str]:
    steps = {step.kind: step.name for step in item.special_steps} if item else {}
    for name, one in _family(case, family):
        at = read_int(one.get("at")) or 0
        when = day(day_of(at)) if at else ""
        told = said(DETAILS[fact]({name: one}))
        kind = read_text(one.get("kind")) or ""
        named = steps.get(kind, "") if family == "special." else ""
        yield " · ".join(filter(None, (when, named, told)))


def _settled(case: CaseState, known: Names) -> Iterator[str]:
    """Who settled it, when, by what, why, and what whoever does not agree can do."""
    for _name, one in _family(case, "resolution."):
        at, by = read_int(one.get("at")), read_text(one.get("by")) or ""
        place, clause = read_text(one.get("place")) or "", read_text(one.get("clause"))
        who = _("电脑按规则") if by == _BY_RULE else known.actor(by, place)
        parts = (
            day(day_of(at)) if at else "",
            _("%(who)s定的", who=who),
            _("按%(clause)s", clause=clause) if clause else "",
            _("理由:%(reason)s", reason=read_text(one.get("reason")) or ""),
            _("不同意就在这一件里记一句话,或者打12345。"),
        )
        yield " · ".join(filter(None, parts))


def _told(case: CaseState) -> Iterator[str]:
    for _name, one in _family(case, "told."):
        text = read_text(one.get("text"))
        if text:
            yield text


def _whereabouts(case: CaseState, item: CatalogueItem | None, known: Names) -> Iterator[str]:
    for paper in paper_trail.papers(case):
        material = item.material(paper.no) if item else None
        name = material.name if material else str(paper.no)
        place = known.place(paper.place)
        if paper.bag:
            yield _(
                "%(paper)s:装在袋子%(bag)s里,去%(place)s", paper=name, bag=paper.bag, place=place
            )
        elif paper.place:
            yield _("%(paper)s:在%(place)s", paper=name, place=place)
        else:
            yield _("%(paper)s:收袋的时候没有数到", paper=name)
    way = paper_trail.result(case) if case.state is State.READY else None
    if way is not None:
        there = known.place(way.place)
        here = _("办理结果:在%(place)s", place=there)
        yield here if way.arrived else _("办理结果:正去%(place)s", place=there)


def word_of(code: str) -> str:
    """What is said above a case whose result must wait."""
    return words.word(code, "stopped") if code else ""
