"""`station case …`."""

from collections.abc import Mapping
from pathlib import Path

from casework import authority
from casework.fact_shapes import FactSpec
from casework.facts import VERBS
from casework.wording import problem
from node import acting as node_acting
from node import casefile
from node.case_json import file_document
from node.command import EXIT_DONE, EXIT_PARTLY, Call, Outcome
from node.commands.case import roles_for
from node.commands.opened import acting, opened, read_json
from node.errors import FileUnreadable, InvalidInput
from node.files import writing
from node.runtime import Node
from station.usecases import intake, photos, roster, seeing


def open_case(call: Call, *, file: str) -> Mapping[str, object]:
    """Take in one case from a CASE.json."""
    document = read_json(file)
    with opened(call) as node:
        named = document.get("actor")
        login = named if isinstance(named, str) and named else None
        account = acting(node, login, authority.roles_of("case.received"))
        taken = intake.open_case(node, document, account=account)
    parts = [_opened(part) for part in taken.parts]
    return _opened(taken) | ({"bundle": taken.bundle, "cases": parts} if taken.bundle else {})


def open_bundle(call: Call, *, file: str) -> Mapping[str, object]:
    """Take in a matter (一件事) from one CASE.json: its `item` is the code of the matter.

    Raises:
        InvalidInput: it names no matter of the catalogue.
    """
    document = read_json(file)
    with opened(call) as node:
        with node.database.read() as tx:
            known = node.catalogue(tx).bundles
        if document.get("item") not in known:
            raise InvalidInput([problem("/item", "no_matter", en=document.get("item"))])
        named = document.get("actor")
        login = named if isinstance(named, str) and named else None
        account = acting(node, login, authority.roles_of("case.received"))
        taken = intake.open_case(node, document, account=account)
    return {"bundle": taken.bundle, "cases": [_opened(part) for part in taken.parts]}


def _opened(taken: intake.Opened) -> dict[str, object]:
    return {
        "case": taken.case,
        "temporary_number": taken.temporary_number,
        "state": taken.state,
        "kind": taken.kind,
        "due": taken.due,
        "missing": list(taken.missing),
        "documents": list(taken.documents),
    }


def import_roster(call: Call, *, file: str, code: str, check: bool, login: str | None) -> Outcome:
    """Take in a roster, one case a row; rows left out make the exit code 3."""
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise FileUnreadable(file) from error
    with opened(call) as node:
        account = acting(node, login, authority.roles_of("case.received"))
        found = roster.take_in(node, code, data, account=account, check_only=check)
    refused = [_refused(one) for one in found.refused]
    told = {
        "item": code,
        "checked_only": check,
        "kinds": dict(found.kinds),
        "taken": [{"row": t.row, "case": t.case, "number": t.number} for t in found.taken],
        "before": [{"row": t.row, "case": t.case, "number": t.number} for t in found.before],
        "refused": refused,
    }
    return Outcome(told, exit_code=EXIT_PARTLY if refused else EXIT_DONE)


def _refused(one: roster.Refused) -> dict[str, object]:
    problems = [
        {"pointer": p.pointer, "code": p.code, "message": p.message_zh, "message_en": p.message_en}
        for p in one.problems
    ]
    return {"row": one.row, "problems": problems}


def roster_template(call: Call, *, file: str, code: str) -> Mapping[str, object]:
    """Write the workbook in which a roster of an item is filled in."""
    with opened(call) as node:
        data = roster.template(node, code)
    with writing(Path(file)) as target:
        target.write(data)
    return {"file": file, "item": code, "bytes": len(data)}


def show(call: Call, *, case: str, unmask: str | None, login: str | None) -> Mapping[str, object]:
    """Show a case: masked, or in full for a purpose that is kept."""
    with opened(call) as node:
        if unmask is None:
            return file_document(seeing.masked(node, case))
        account = acting(node, login, authority.roles_of("case.received"))
        return file_document(seeing.unmasked(node, case, purpose=unmask, account=account))


def act(call: Call, *, case: str, fact: str, file: str, login: str | None) -> Mapping[str, object]:
    """Do one act on a case."""
    fields = read_json(file)
    with opened(call) as node:
        account = acting(node, login, roles_for(fact, otherwise="case.received"))
        done = node_acting.act(node, case, fact, fields, account)
        return {
            "case": done.case,
            "fact": done.fact,
            "state": done.state,
            "dot": done.dot,
            "transport": _transport(node, done.case),
        }


def _transport(node: Node, case: str) -> str:
    with node.database.read() as tx:
        record = node_acting.find_case(tx, case)
        (line,) = casefile.lines_of(tx, node.identity_in(tx), [record])
    return line.transport.value


def attach(
    call: Call, *, case: str, material: int, file: str, login: str | None
) -> Mapping[str, object]:
    """Add a photo to a case."""
    try:
        image = Path(file).read_bytes()
    except OSError as error:
        raise FileUnreadable(file) from error
    with opened(call) as node:
        account = acting(node, login, authority.roles_of("case.attached"))
        added = photos.attach(node, case, material, image, account)
    return {"attachment": added.attachment, "bytes": added.bytes, "sha256": added.sha256}


def facts(call: Call) -> Outcome:
    """List the acts and the fields each takes."""
    del call
    listed = [_fact(verb, spec) for verb, spec in VERBS.items() if spec.fields or verb]
    lines = [f"{fact['verb']:<20} {fact['title']}  {_names(fact)}" for fact in listed]
    return Outcome({"facts": listed}, text="\n".join(lines))


def _names(fact: Mapping[str, object]) -> str:
    fields = fact["fields"]
    named = fields if isinstance(fields, dict) else {}
    return " ".join(
        name if told["required"] == "yes" else f"[{name}]" for name, told in named.items()
    )


def _fact(verb: str, spec: FactSpec) -> dict[str, object]:
    fields = {
        field.name: {
            "kind": field.kind,
            "required": field.required,
            "title": field.title_zh,
            "title_en": field.title_en,
            "choices": list(field.choices),
        }
        for field in spec.fields
    }
    return {
        "verb": verb,
        "fact": spec.name,
        "title": spec.title_zh,
        "title_en": spec.title_en,
        "roles": list(authority.roles_of(spec.name)),
        "places": list(authority.places_of(spec.name)),
        "fields": fields,
    }
