"""Reading a catalogue from JSON, with everything that is wrong named by row and field.

Two ways lead in. `parse` is for whoever writes a catalogue: it names every breach. `read_published`
is for whoever was sent one that the county signed: it never refuses for a rule of publication, and
leaves out only what it cannot read at all. What more is asked before something is published stands
in `casework.publication_rules`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from casework import guide_reading
from casework.catalogue import (
    COLUMNS,
    CONDITIONS,
    KINDS,
    SOURCES,
    SUBJECTS,
    Catalogue,
    CatalogueItem,
    FormField,
    Material,
    SpecialStep,
    StepMode,
)
from casework.catalogue_rows import Row
from casework.errors import CatalogueRefused
from casework.office_facts import STEP_KINDS
from casework.places import Mode, is_station_code
from casework.values import Value, read_int, read_list, read_map, read_text

VAGUE: Final = (
    *("其他材料", "其它材料", "有关材料", "相关材料", "有关部门", "相关部门", "等材料"),
    *("有关单位", "相关单位", "其他证明", "其它证明", "有关证明", "相关证明", "等证明"),
    *("其他条件", "其它条件", "有关条件", "相关条件", "有关规定", "相关规定", "视情况"),
)
"""Words that leave open what is meant; no guide has them (R-HC-18a)."""
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{2,35}", re.ASCII)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_KINDS: Final = ("text", "digits", "integer", "truth")
_CLASSES: Final = (1, 2, 3)
_UNREADABLE: Final = frozenset({"missing", "days", "truth", "date", "number", "form"})
"""Problems that leave nothing to work with; an item with one is left out where it was sent to."""


def parse(document: Value) -> Catalogue:
    """Read a catalogue that somebody wrote.

    Args:
        document: the JSON object with `version`, `items`, and where there are any `proofs` and
            `bundles`.

    Raises:
        CatalogueRefused: with every problem of every row. Does not check that laws are cited
            rightly, nor that a material is lawful to ask for: a person answers for that.
    """
    root = Row("", read_map(document))
    items = [_item(row) for row in root.rows("items")]
    if not items:
        root.refuse("items", "missing", "目录里没有事项。", "There are no items.")
    for code in _repeated(item.code for item in items):
        root.refuse("items", "repeated", f"编码 {code} 重复。改掉一个。", f"{code} is repeated.")
    found = _whole(root, items)
    if root.problems:
        raise CatalogueRefused(root.problems)
    return found


def read_published(document: Value) -> Catalogue:
    """Read a catalogue that the county published, perhaps under other rules than today's.

    Items that cannot be read are left out, and so are those that touch secrets (R-GX-22). Does not
    check who signed it.

    Raises:
        CatalogueRefused: there is no item that can be read.
    """
    root = Row("", read_map(document))
    items = [item for row in root.rows("items") if (item := _tolerated(row)) is not None]
    if not items:
        root.refuse("items", "missing", "目录里没有事项。", "There are no items.")
        raise CatalogueRefused(root.problems)
    return _whole(root, items)


def _tolerated(row: Row) -> CatalogueItem | None:
    before = len(row.problems)
    item = _item(row)
    lost = any(problem.code in _UNREADABLE for problem in row.problems[before:])
    return None if lost or item.confidential else item


def _whole(root: Row, items: Iterable[CatalogueItem]) -> Catalogue:
    return Catalogue(
        read_int(root.value.get("version")) or 1,
        {item.code: item for item in items},
        root.option("note"),
        guide_reading.proofs(root),
        guide_reading.bundles(root),
    )


def _item(row: Row) -> CatalogueItem:
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
        kind=row.choice("kind", KINDS, "service"),
        subjects=_subjects(row),
        once_only=row.flag("once_only"),
        step_mode=_step_mode(row),
        external_system=row.option("external_system"),
        effective_from=row.day("effective_from"),
        cancelled_on=row.day("cancelled_on"),
        carried_on=row.flag("carried_on"),
        successor=row.option("successor"),
        station_modes=_station_modes(row),
        guide=guide_reading.guide(row.inner("guide")),
        confidential=row.flag("confidential"),
    )
    _check_item(row, item)
    return item


def _subjects(row: Row) -> tuple[str, ...]:
    """Who may apply; natural persons where nothing is written."""
    given = row.texts("subjects")
    if any(one not in SUBJECTS for one in given):
        zh = "服务对象只能写 natural（个人）、legal（单位）。"
        row.refuse("subjects", "choice", zh, "Subjects are natural and legal.")
    return tuple(one for one in SUBJECTS if one in given) or ("natural",)


def _step_mode(row: Row) -> StepMode:
    """How many pairs of eyes; a word that is not known asks for the most."""
    known = {mode.value: mode for mode in StepMode}
    word = row.option("step_mode") or StepMode.COMBINED.value
    if word not in known:
        row.refuse("step_mode", "choice", "不认识这种审核方式。", f"Unknown step mode {word}.")
    return known.get(word, StepMode.TWO_REVIEWS)


def _station_modes(row: Row) -> dict[str, Mode | None]:
    known: dict[str, Mode | None] = {mode.value: mode for mode in Mode}
    modes: dict[str, Mode | None] = {}
    for code, word in read_map(row.value.get("station_modes")).items():
        text = read_text(word) or ""
        if not is_station_code(str(code)) or (word is not None and text not in known):
            row.refuse(
                "station_modes", "mode", f"“{code}”这个站写得不对。", f"Wrong mode of {code}."
            )
        else:
            modes[str(code)] = known.get(text)
    return modes


def _modes(row: Row) -> dict[str, Mode]:
    modes = {}
    for column, word in read_map(row.value.get("modes")).items():
        known = {mode.value: mode for mode in Mode}.get(read_text(word) or "")
        if column not in COLUMNS or (word is not None and known is None):
            row.refuse("modes", "mode", f"“{column}”这一栏写得不对。", f"Wrong mode of {column}.")
        elif known is not None:
            modes[column] = known
    return modes


def _material(row: Row) -> Material:
    material = Material(
        no=read_int(row.value.get("no")) or 0,
        name=row.text("name"),
        name_en=row.option("name_en"),
        main=row.flag("main"),
        deficiency_ok=row.flag("deficiency_ok"),
        shared=row.flag("shared"),
        promise_ok=row.flag("promise_ok"),
        when=row.option("when"),
        originals=row.number("originals", 0),
        copies=row.number("copies", 1),
        source=row.choice("source", SOURCES, "self"),
        issuing_unit=row.option("issuing_unit"),
        proof=row.option("proof"),
        criteria=row.option("criteria"),
        sample=row.option("sample"),
    )
    for word in VAGUE:
        if word in material.name:
            row.refuse("name", "vague", f"“{word}”太笼统。写出具体材料。", f"{word} is vague.")
    if material.when and material.when not in CONDITIONS:
        row.refuse("when", "condition", "不认识这个条件。", f"Unknown condition {material.when}.")
    return material


def _step(row: Row) -> SpecialStep:
    kind = row.text("kind")
    if kind and kind not in STEP_KINDS:
        row.refuse("kind", "step", "不在十一种特殊环节里。", "Not one of the eleven kinds.")
    return SpecialStep(
        kind=kind,
        name=row.text("name"),
        name_en=row.option("name_en"),
        statutory_too=row.flag("statutory_too"),
        basis=row.option("basis"),
        statutory_days=row.number("statutory_days", 0) if _given(row, "statutory_days") else None,
        days=row.number("days", 0),
        start=row.option("start"),
        organiser=row.option("organiser"),
    )


def _given(row: Row, name: str) -> bool:
    return row.value.get(name) is not None


def _form_field(row: Row) -> FormField:
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


def _check_item(row: Row, item: CatalogueItem) -> None:
    for name, holds, zh, en in _RULES:
        if not holds(item):
            row.refuse(name, "rule", f"{item.code}：{zh}", f"{item.code}: {en}")


def _repeated(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]
