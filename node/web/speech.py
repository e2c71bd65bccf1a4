"""What data is called on pages, in the reader's tongue: items, papers, questions, problems."""

from casework.catalogue import CatalogueItem, FormField, Material
from casework.errors import FieldProblem, NumberRefused
from casework.numbering import TemporaryNumber
from casework.spoken import Text
from ui.filters import said


def item_name(item: CatalogueItem) -> str:
    """Name of an item."""
    return said(Text(item.name, item.name_en or item.name))


def number(text: str) -> str:
    """A number of a case, grouped where it is a temporary one."""
    try:
        return TemporaryNumber.parse(text).printed
    except NumberRefused:
        return text


def material_name(material: Material) -> str:
    """Name of a material."""
    return said(Text(material.name, material.name_en or material.name))


def question(field: FormField) -> str:
    """Title of a question of an item's form."""
    return said(Text(field.title, field.title_en or field.title))


def need(material: Material) -> str:
    """How much a paper is needed: a code of table "need" of `ui.words`."""
    if material.deficiency_ok:
        return "deferrable"
    return "required" if material.main or not material.shared else "optional"


def message(problem: FieldProblem) -> str:
    """What a rule says."""
    return said(Text(problem.message_zh, problem.message_en))
