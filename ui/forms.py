"""Forms: names of fields, errors beside them, and the way from a posted form to a case document.

A field is named like the JSON pointer of what it fills, with dots: ``applicant.id_no`` for
``/applicant/id_no``; a material is named by its number, not by its place in a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ui.pages import FieldError

Document = dict[str, Any]

# Parts of the document, and how deep a page names their fields; other names are the page's own.
_DEPTH = {
    "pickup": 1,
    "handling": 1,
    "applicant": 2,
    "agent": 2,
    "form": 2,
    "commitment": 2,
    "materials": 3,
}
_TICKED = "yes"
_DIGITS_AT_MOST = 6
_TICKS = frozenset(
    {"original_seen", "entrustment", "deficiency", "promise", "correction", "read_aloud"}
)
_FIRM = {"organisation": "name", "uscc": "id_no"}
_STANDS = {"stands_name": "name", "stands_id_no": "id_no"}
_COUNTS = frozenset({"no", "copies"})


def field_id(name: str, prefix: str = "") -> str:
    """The HTML id of a field; error summaries link to it.

    Args:
        name: The field's name.
        prefix: Keeps ids apart where several forms of a page ask the same.
    """
    return "-".join(("f", *filter(None, (prefix,)), *name.split(".")))


def errors_at(errors: Iterable[FieldError], name: str) -> tuple[FieldError, ...]:
    """The errors of one field."""
    return tuple(error for error in errors if error.name == name)


def case_document(fields: Iterable[tuple[str, str]]) -> Document:
    """The case document (CASE.json) that a posted form says.

    Blank fields are left out; ticks become true; copies that are no number stay text, so that the
    rules
    refuse them in words. An agent is left out unless ``agent.present`` says ``agent``.
    Does not check anything: that is ``casework.intake``.
    """
    document: Document = {}
    for name, value in fields:
        _put(document, name.split("."), value.strip())
    if "materials" in document:
        document["materials"] = _lines(document["materials"])
    _settle_firm(document)
    _settle_agent(document)
    return document


def _put(document: Document, path: Sequence[str], value: str) -> None:
    if _DEPTH.get(path[0]) != len(path) or not value:
        return
    place = document
    for step in path[:-1]:
        place = place.setdefault(step, {})
    place[path[-1]] = _typed(path[-1], value)


def _typed(name: str, value: str) -> str | int | bool:
    if name in _TICKS:
        return value == _TICKED
    return int(value) if name in _COUNTS and _is_count(value) else value


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= _DIGITS_AT_MOST


def _lines(materials: Mapping[str, Document]) -> list[Document]:
    given = {int(no): line for no, line in materials.items() if _is_count(no) and "form" in line}
    return [{"no": no, **_line(given[no])} for no in sorted(given)]


def _line(given: Document) -> Document:
    """One paper; what the formal check found goes as a list, a page asks for one thing."""
    kept = ("form", "copies", "original_seen", "cure", "reused_from")
    found = {"defects": [given["defect"]]} if "defect" in given else {}
    return {key: given[key] for key in kept if key in given} | found


def _settle_firm(document: Document) -> None:
    """A page asks firms under names of their own, since it carries both sets of fields."""
    applicant = document.get("applicant", {})
    firm = {field: applicant.pop(ours, "") for ours, field in _FIRM.items()}
    stands = {field: applicant.pop(ours, "") for ours, field in _STANDS.items()}
    if applicant.get("kind") == "legal":
        applicant |= {"id_type": "uscc"}
        applicant |= {field: text for field, text in firm.items() if text}
        if any(stands.values()):
            applicant["representative"] = {name: text for name, text in stands.items() if text}


def _settle_agent(document: Document) -> None:
    agent = document.pop("agent", {})
    if agent.pop("present", None) == "agent":
        document["agent"] = agent


def page_pointer(pointer: str, document: Mapping[str, Any]) -> str:
    """A rule's pointer as the page names it.

    ``/materials/0/form`` becomes ``/materials/2/form``, a firm's ``/applicant/name`` becomes
    ``/applicant/organisation``.

    Args:
        pointer: As ``casework.intake`` gives it, by place in the list.
        document: The document it speaks of.
    """
    parts = pointer.split("/")
    if document.get("applicant", {}).get("kind") == "legal" and parts[1:2] == ["applicant"]:
        parts[2:] = _of_firm(parts[2:])
    if parts[1:2] == ["materials"] and parts[3:4] == ["defects"]:
        parts[3] = "defect"
    lines = document.get("materials", ())
    counted = parts[1:2] == ["materials"] and len(parts) > 2 and parts[2].isdigit()  # noqa: PLR2004
    if counted and int(parts[2]) < len(lines):
        parts[2] = str(lines[int(parts[2])]["no"])
    return "/".join(parts)


def _of_firm(parts: Sequence[str]) -> list[str]:
    stands = parts[:1] == ["representative"]
    ours = {field: name for name, field in (_STANDS if stands else _FIRM).items()}
    return [ours.get(name, name) for name in parts[1 if stands else 0 :]]
