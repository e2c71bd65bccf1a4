"""Labels of the fields of an intake, and problems of the rules told at them."""

from collections.abc import Mapping, Sequence
from typing import Any

from casework.catalogue import CatalogueItem
from casework.errors import FieldProblem
from casework.reading import LABELS
from casework.spoken import Text
from node.web import speech
from ui import forms
from ui.filters import said
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import FieldError

_FIELDS: Mapping[str, str] = {
    "applicant.kind": marked("个人还是单位"),
    "applicant.id_no": marked("身份证号"),
    "applicant.id_type": marked("用什么证件"),
    "applicant.name": marked("姓名"),
    "applicant.uscc": marked("统一社会信用代码"),
    "applicant.organisation": marked("单位名称"),
    "applicant.stands_name": marked("法定代表人姓名"),
    "applicant.stands_id_no": marked("法定代表人身份证号"),
    "applicant.rare": marked("打不出来的字"),
    "applicant.phone": marked("电话"),
    "applicant.division": marked("住在哪个村"),
    "applicant.address": marked("门牌或组"),
    "agent.present": marked("谁到场"),
    "agent.name": marked("代办人姓名"),
    "agent.id_no": marked("代办人身份证号"),
    "agent.relation": marked("和申请人是什么关系"),
    "agent.entrustment": marked("委托书"),
    "form": marked("办这件事还要填"),
    "pickup": marked("结果怎么拿"),
    "duplicate.choice": marked("怎么办?"),
    "duplicate.reason": marked("为什么是另一件?"),
    "commitment.deficiency": marked("承诺"),
    "commitment.promise": marked("承诺"),
    "commitment.read_aloud": marked("念给申请人听"),
    "commitment.doubt": marked("哪里不符合条件"),
    "agent": marked("谁到场"),
}
_ORDER: Mapping[str, int] = {name: at for at, name in enumerate(_FIELDS)}


def label(name: str, item: CatalogueItem | None = None) -> str:
    """Label of a field of the intake, so that a summary can name it."""
    if name in _FIELDS:
        return _(_FIELDS[name])
    return _of_item(name, item) or said(Text(*LABELS.get(name.rpartition(".")[2], ("", ""))))


def _of_item(name: str, item: CatalogueItem | None) -> str:
    family, _dot, rest = name.partition(".")
    if item is None:
        return ""
    if family == "form":
        return next((speech.question(field) for field in item.form if field.name == rest), "")
    number = rest.partition(".")[0]
    material = item.material(int(number)) if family == "materials" and number.isdigit() else None
    return speech.material_name(material) if material else ""


def errors(
    problems: Sequence[FieldProblem], document: Mapping[str, Any], item: CatalogueItem | None = None
) -> tuple[FieldError, ...]:
    """Problems of the rules as the page shows them, at the fields as the page names them."""
    found = []
    for problem in problems:
        pointer = forms.page_pointer(problem.pointer, document)
        name = pointer.strip("/").replace("/", ".")
        found.append(FieldError(pointer, label(name, item), speech.message(problem)))
    return tuple(sorted(found, key=_place))


def _place(error: FieldError) -> int:
    """Where a field stands on its page, so that the summary runs like the page."""
    family = error.name.partition(".")[0]
    at = _ORDER.get(error.name, _ORDER.get(family, len(_ORDER)))
    return at if family != "materials" else len(_ORDER)
