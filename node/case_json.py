"""Cases as the commands of both programs write them (interface.md §1)."""

from node.casefile import CaseFile, CaseLine, Event, FieldView


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


def file_document(found: CaseFile) -> dict[str, object]:
    """A whole case."""
    state, outer = found.record.state, found.record.dues.statutory
    return {
        **line_document(found.line),
        "statutory_due": outer.isoformat() if outer else None,
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
