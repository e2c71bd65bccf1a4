"""What the pages of differences have in common: the words of a check, and the cases it is about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from casework import verification
from casework.case import STATE_TITLES, State
from casework.catalogue import CatalogueItem
from casework.conflict_rules.answers import ANSWERS
from casework.conflict_rules.table import RULES
from casework.ids import Ulid
from casework.spoken import Text
from casework.timeline import title
from casework.values import Value, read_map
from casework.verification import Demand
from hub.usecases.conflicts import Conflict, Kind
from hub.web.context import Desk
from node import casefile
from node.casefile import CaseLine
from node.runtime import Node
from node.web import case_view, speech
from ui.filters import said
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import Option

KINDS: Final[Mapping[Kind, str]] = {
    Kind.FIELD: marked("同一项写得不一样"),
    Kind.DUPLICATE: marked("同一件事收了两次"),
    Kind.CONTRADICTION: marked("两步对不上"),
    Kind.RULE: marked("要人看一看"),
}
_NAMED: Final[Mapping[str, str]] = {
    "main": marked("是不是同一件事"),
    "applicant": marked("申请人是谁"),
    "item_version": marked("按哪一版清单"),
    "entrustment_revoked": marked("撤销委托"),
}
_FAMILIES: Final[Mapping[str, str]] = {
    "material": marked("材料"),
    "handover": marked("交出的袋子"),
    "handover_received": marked("点收的袋子"),
    "correction": marked("补正通知"),
    "special": marked("特殊环节"),
    "attachment": marked("材料照片"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """A check with the cases that it is about, as lists show them."""

    check: Conflict
    lines: tuple[CaseLine, ...]
    item: CatalogueItem | None

    @property
    def first(self) -> CaseLine:
        """The case that is named first."""
        named = [line for line in self.lines if line.case == self.check.case]
        return (named or list(self.lines))[0]

    @property
    def stations(self) -> tuple[str, ...]:
        """Codes of the places that wrote what differs, or took the cases in."""
        wrote = {side.station for sides in self.check.fields.values() for side in sides}
        return tuple(sorted(filter(None, wrote or {line.station for line in self.lines})))

    @property
    def labels(self) -> tuple[str, ...]:
        """What is in question, in words."""
        return tuple(field_label(name, self.item) for name in self.check.fields)


def matters(hub: Node, found: Iterable[Conflict]) -> list[Matter]:
    """Gather the cases of some checks."""
    checks = list(found)
    records = {Ulid.parse(case).raw for check in checks for case in check.cases}
    with hub.database.read() as tx:
        known = {c.case: c for c in casefile.lines_of(tx, hub.identity_in(tx), records)}
        keys = {(line.item, line.item_version) for line in known.values()}
        items = {key: hub.item(tx, *key) for key in keys}
    gathered = []
    for check in checks:
        lines = tuple(known[case] for case in check.cases if case in known)
        if lines:
            gathered.append(Matter(check, lines, items[lines[0].item, lines[0].item_version]))
    return gathered


def item_name(matter: Matter) -> str:
    """What the item is called."""
    return speech.item_name(matter.item) if matter.item else matter.first.item


def rule(check: Conflict) -> str:
    """The rule in words, with its number; of an acceptance, what it failed."""
    if check.rule == verification.RULE:
        tests = [verification.WORDS[Demand(name)] for name in check.failed]
        failed = _("、").join(said(Text(*words)) for words in tests)
        return _("受理没通过核验:%(failed)s(V1)", failed=failed)
    return (
        rule_words(check.rule) if check.rule in RULES else f"{_(KINDS[check.kind])}({check.rule})"
    )


def rule_words(name: str) -> str:
    """A rule by its number, in words."""
    known = RULES.get(name)
    return f"{said(Text(known.zh, known.en))}({name})" if known else name


def item_words(hub: Node, code: str) -> str:
    """What an item is called in the newest catalogue; its code where it is not there."""
    with hub.database.read() as tx:
        item = hub.catalogue(tx).item(code)
    return speech.item_name(item) if item else code


def answer_options(name: str) -> Iterator[Option]:
    """What may be answered to the question of a rule, each with what the citizen is told."""
    for one in ANSWERS.get(name, ()):
        told = _("会告诉申请人:%(words)s", words=one.told) if one.told else _("不用告诉申请人。")
        yield Option(one.key, said(Text(one.zh, one.en)), told)


def field_label(name: str, item: CatalogueItem | None) -> str:
    """How a field in question is called."""
    if name in _NAMED:
        return _(_NAMED[name])
    family, _dot, key = name.partition(".")
    if family in _FAMILIES:
        return f"{_(_FAMILIES[family])} {paper(item, key) if family == 'material' else key[-8:]}"
    fact = title(f"case.{name}")
    return said(fact) if fact.zh != f"case.{name}" else case_view.field_label(name, item)


def paper(item: CatalogueItem | None, key: str) -> str:
    """What a paper is called by its number."""
    found = item.material(int(key)) if item and key.isascii() and key.isdigit() else None
    return said(Text(found.name, found.name_en)) if found else key


def text(name: str, value: Value, around: Desk) -> str:
    """A value as people read it; evidence of an act is told by its outcome or its hour."""
    told = read_map(value)
    if not told:
        return case_view.field_text(name, value, around.known)
    outcome = told.get("outcome")
    words = {"yes": State.DECIDED_YES, "no": State.DECIDED_NO}
    if isinstance(outcome, str) and outcome in words:
        return said(Text(*STATE_TITLES[words[outcome]]))
    return said(title(f"case.{name}"))
