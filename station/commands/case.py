"""`station case …`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from casework import authority
from casework.facts import VERBS, FactSpec
from node import acting as node_acting
from node import casefile
from node.casefile import CaseFile, CaseLine, Event, FieldView, Wanted
from node.command import Call, Outcome
from node.errors import FileUnreadable
from node.runtime import Node
from station.commands.opened import acting, read_json, station
from station.usecases import intake, photos, seeing

_ALL: Final = 1_000_000_000


def open_case(call: Call, *, file: str) -> Mapping[str, object]:
    """Take in one case from a CASE.json."""
    document = read_json(file)
    with station(call) as node:
        named = document.get("actor")
        login = named if isinstance(named, str) and named else None
        account = acting(node, login, authority.roles_of("case.received"))
        opened = intake.open_case(node, document, account=account)
    return {
        "case": opened.case,
        "temporary_number": opened.temporary_number,
        "state": opened.state,
        "kind": opened.kind,
        "due": opened.due,
        "missing": list(opened.missing),
        "documents": list(opened.documents),
    }


def list_cases(
    call: Call, *, code: str | None, state: str | None, limit: int | None
) -> Mapping[str, object]:
    """List cases, complete unless limited."""
    wanted = Wanted(station=code or "", state=state or "", limit=limit or _ALL)
    with station(call) as node, node.database.read() as tx:
        lines = casefile.list_cases(tx, node.identity_in(tx), wanted)
    return {"cases": [line_document(line) for line in lines]}


def line_document(line: CaseLine) -> dict[str, object]:
    """A case in a list."""
    return {
        "case": line.case,
        "temporary_number": line.temporary_number,
        "official_number": line.official_number or None,
        "item": line.item,
        "state": line.state,
        "station": line.station,
        "transport": line.transport.value,
        "flags": list(line.flags),
        "name": line.name,
        "received_at": line.received_at,
        "due": line.due or None,
        "deadline": line.deadline or None,
    }


def show(call: Call, *, case: str, unmask: str | None, login: str | None) -> Mapping[str, object]:
    """Show a case: masked, or in full for a purpose that is kept."""
    with station(call) as node:
        if unmask is None:
            return file_document(seeing.masked(node, case))
        account = acting(node, login, authority.roles_of("case.received"))
        return file_document(seeing.unmasked(node, case, purpose=unmask, account=account))


def file_document(found: CaseFile) -> dict[str, object]:
    """A whole case."""
    state = found.record.state
    return {
        **line_document(found.line),
        "statutory_due": state.statutory_due.isoformat() if state.statutory_due else None,
        "missing": list(state.missing),
        "fields": {name: _field(view) for name, view in sorted(found.fields.items())},
        "timeline": [_event(event) for event in found.timeline],
        "conflicts": list(found.conflicts),
    }


def _field(view: FieldView) -> dict[str, object]:
    heads = [
        {
            "dot": head.dot,
            "value": head.value,
            "station": head.station,
            "actor": head.actor,
            "claimed_at": head.claimed_at,
            "received_at": head.received_at,
        }
        for head in view.heads
    ]
    return {"value": view.value, "disclosed": view.disclosed, "heads": heads}


def _event(event: Event) -> dict[str, object]:
    return {
        "dot": event.dot,
        "fact": event.fact,
        "title": event.title_zh,
        "station": event.station,
        "actor": event.actor,
        "claimed_at": event.claimed_at,
        "received_at": event.received_at,
        "changes": dict(event.changes),
        "refused": event.refused,
    }


def act(call: Call, *, case: str, fact: str, file: str, login: str | None) -> Mapping[str, object]:
    """Do one act on a case."""
    fields = read_json(file)
    spec = VERBS.get(fact)
    roles = authority.roles_of(spec.name) if spec else ()
    with station(call) as node:
        account = acting(node, login, roles or authority.roles_of("case.received"))
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
    with station(call) as node:
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
