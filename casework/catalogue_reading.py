"""Reading a catalogue from JSON, with every breach of the publishing rules named by row."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from casework.catalogue import (
    COLUMNS,
    CONDITIONS,
    Catalogue,
    CatalogueItem,
    FormField,
    Material,
    SpecialStep,
)
from casework.errors import CatalogueRefused, FieldProblem
from casework.places import Mode
from casework.values import Fields, Value, read_int, read_list, read_map, read_text

_VAGUE: Final = ("其他材料", "其它材料", "有关材料", "相关材料", "有关部门", "相关部门", "等材料")
_STEPS: Final = (
    *("site_survey", "technical_review", "expert_review", "public_notice", "hearing"),
    *("tender", "auction", "inspection", "testing", "quarantine", "appraisal"),
)
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{2,35}", re.ASCII)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_KINDS: Final = ("text", "digits", "integer", "truth")
_CLASSES: Final = (1, 2, 3)


@dataclass(slots=True)
class _Row:
    """One JSON object being read; collects what is wrong with it."""

    pointer: str
    value: Fields
    problems: list[FieldProblem] = field(default_factory=list)

    def refuse(self, name: str, code: str, zh: str, en: str) -> None:
        self.problems.append(FieldProblem(f"{self.pointer}/{name}", code, zh, en))

    def text(self, name: str) -> str:
        text = (read_text(self.value.get(name)) or "").strip()
        if not text:
            self.refuse(name, "missing", f"缺“{name}”。补上再导入。", f"{name} is missing.")
        return text

    def option(self, name: str) -> str:
        return read_text(self.value.get(name)) or ""

    def days(self, name: str) -> int:
        days = read_int(self.value.get(name))
        if days is None or days < 0:
            self.refuse(name, "days", "要写工作日的个数。", "Must be a number of working days.")
            return 0
        return days

    def flag(self, name: str) -> bool:
        given = self.value.get(name, False)
        if not isinstance(given, bool):
            self.refuse(name, "truth", "只能写 true 或 false。", "Must be true or false.")
        return given is True

    def rows(self, name: str) -> "list[_Row]":
        entries = enumerate(read_list(self.value.get(name)))
        return [_Row(f"{self.pointer}/{name}/{i}", read_map(e), self.problems) for i, e in entries]


def parse(document: Value) -> Catalogue:
    """Read a catalogue.

    Args:
        document: the JSON object with `version` and `items`.

    Raises:
        CatalogueRefused: with every problem of every row. Does not check that laws are cited
            rightly, nor that a material is lawful to ask for: a person answers for that.
    """
    root = _Row("", read_map(document))
    items = [_item(row) for row in root.rows("items")]
    if not items:
        root.refuse("items", "missing", "目录里没有事项。", "There are no items.")
    for code in _repeated(item.code for item in items):
        root.refuse("items", "repeated", f"编码 {code} 重复。改掉一个。", f"{code} is repeated.")
    if root.problems:
        raise CatalogueRefused(root.problems)
    version = read_int(root.value.get("version")) or 1
    return Catalogue(version, {item.code: item for item in items}, root.option("note"))


def _item(row: _Row) -> CatalogueItem:
    item = CatalogueItem(
        code=row.text("code"),
        name=row.text("name"),
        name_en=row.option("name_en"),
        area=row.text("area"),
        department=row.text("department"),
        modes=_modes(row),
        materials=tuple(_material(m) for m in row.rows("materials")),
        promised_days=row.days("promised_days"),
        statutory_days=row.days("statutory_days"),
        special_steps=tuple(_step(s) for s in row.rows("special_steps")),
        form=tuple(_form_field(f) for f in row.rows("form")),
        words=tuple(w for w in map(read_text, read_list(row.value.get("words"))) if w),
        must_appear_in_person=row.flag("must_appear_in_person"),
        remarks=row.option("remarks"),
        catalog_code=row.option("catalog_code"),
        handle_code=row.option("handle_code"),
        implementation_code=row.option("implementation_code"),
    )
    _check_item(row, item)
    return item


def _modes(row: _Row) -> dict[str, Mode]:
    modes = {}
    for column, word in read_map(row.value.get("modes")).items():
        known = {mode.value: mode for mode in Mode}.get(read_text(word) or "")
        if column not in COLUMNS or (word is not None and known is None):
            row.refuse("modes", "mode", f"“{column}”这一栏写得不对。", f"Wrong mode of {column}.")
        elif known is not None:
            modes[column] = known
    return modes


def _material(row: _Row) -> Material:
    material = Material(
        no=read_int(row.value.get("no")) or 0,
        name=row.text("name"),
        name_en=row.option("name_en"),
        main=row.flag("main"),
        deficiency_ok=row.flag("deficiency_ok"),
        shared=row.flag("shared"),
        promise_ok=row.flag("promise_ok"),
        when=row.option("when"),
    )
    for word in _VAGUE:
        if word in material.name:
            row.refuse("name", "vague", f"“{word}”太笼统。写出具体材料。", f"{word} is vague.")
    if material.when and material.when not in CONDITIONS:
        row.refuse("when", "condition", "不认识这个条件。", f"Unknown condition {material.when}.")
    return material


def _step(row: _Row) -> SpecialStep:
    kind = row.text("kind")
    if kind and kind not in _STEPS:
        row.refuse("kind", "step", "不在十一种特殊环节里。", "Not one of the eleven kinds.")
    return SpecialStep(
        kind=kind,
        name=row.text("name"),
        name_en=row.option("name_en"),
        statutory_too=row.flag("statutory_too"),
    )


def _form_field(row: _Row) -> FormField:
    form_field = FormField(
        name=row.text("name"),
        title=row.text("title"),
        title_en=row.option("title_en"),
        kind=row.option("kind") or "text",
        required=row.flag("required"),
        data_class=read_int(row.value.get("data_class", 3)) or 0,
    )
    right = form_field.kind in _KINDS and form_field.data_class in _CLASSES
    if not right or not _NAME.fullmatch(form_field.name):
        row.refuse("name", "form", "表单项写得不对。", "Name, kind or class is wrong.")
    return form_field


_RULES: Final[tuple[tuple[str, Callable[[CatalogueItem], bool], str, str], ...]] = (
    (
        "code",
        lambda item: _CODE.fullmatch(item.code) is not None,
        "编码只用大写字母、数字和短横。",
        "The code takes capital letters, digits and dashes only.",
    ),
    (
        "promised_days",
        lambda item: item.promised_days < item.statutory_days,
        "承诺时限要少于法定时限。",
        "The promised limit must be shorter than the statutory one.",
    ),
    (
        "materials",
        lambda item: [m.no for m in item.materials] == list(range(1, len(item.materials) + 1)),
        "材料要从1起顺着编号。",
        "Materials must be numbered from 1 without gaps.",
    ),
    (
        "materials",
        lambda item: any(m.main for m in item.materials),
        "至少要有一份主要材料。",
        "At least one material must be a main one.",
    ),
    (
        "materials",
        lambda item: not any(m.main and m.deficiency_ok for m in item.materials),
        "主要材料不能容缺。",
        "A main material cannot be handed in later.",
    ),
    (
        "materials",
        lambda item: not (item.on_the_spot and item.deficiency_allowed),
        "当场办结的事项没有补交的时间，不能容缺。",
        "An item decided on the spot leaves no time for later papers.",
    ),
)


def _check_item(row: _Row, item: CatalogueItem) -> None:
    for name, holds, zh, en in _RULES:
        if not holds(item):
            row.refuse(name, "rule", f"{item.code}：{zh}", f"{item.code}: {en}")


def _repeated(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]
