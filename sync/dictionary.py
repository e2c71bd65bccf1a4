"""Preset deflate dictionaries: published phrases that our operations repeat.

A dictionary never changes once published, because old bundles need it; a new one gets a new id.
It holds field names, facts and codes, never anything of a person. What is most frequent stands
last, where deflate's distances are shortest. `tests/unit/sync/test_dictionary.py` pins the bytes.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from crypto import canonical
from crypto.canonical import Value

_ITEMS = (
    "SB-01 SB-02 SB-03 SB-04 SB-05 YB-01 YB-02 YB-03 YB-04 HJ-01 HJ-02 HJ-03"
    " JY-01 JY-02 JY-03 JY-04 JZ-01 JZ-02 JZ-03 CJ-01 CJ-02 YL-01 YL-02 WF-01"
    " SC-01 SC-02 NY-01 NY-02 JY-11 WS-01"
)
_FACTS = (
    "archived merged checking_opened resolved terminated signed_in handed_over handover_received"
    " correction_requested application_corrected withdrawn delivered issued decided verified"
    " attached contact_corrected material_added accepted received"
)
_MATERIAL: Mapping[str, Value] = {"no": 1, "form": "original", "copies": 1, "original_seen": True}
_SHARED: Mapping[str, Value] = {"no": 2, "form": "shared", "copies": 1, "original_seen": False}
_FIELDS: Mapping[str, Value] = {
    "item": "DEMO-YL-01",
    "mode": "entrusted",
    "pickup": "station",
    "channel": "window",
    "id_type": "resident_id",
    "station": "411526101201",
    "division": "411526101201",
    "handling": "411526101000",
    "received": {"at": 1790000000000, "kind": "accepted"},
    "accepted": {"at": 1790000000000, "due": "2026-12-04", "kind": "accepted_deficient"},
    "material.1": _MATERIAL,
    "material.2": _SHARED,
    "material.3": _MATERIAL,
    "material.4": _MATERIAL,
    "material.5": _MATERIAL,
    "item_version": 1,
    "applicant_kind": "natural",
    "temporary_number": "L411526101201012611210010",
}
_SEALED = {
    2: ["name", "phone", "address", "agent.name"],
    3: ["id_no", "agent.id_no", "form.bank_account"],
}
_BODY: Mapping[int, Value] = {
    1: bytes(8),
    2: 1,
    3: 1790000000000,
    4: 0,
    5: "helper",
    6: "case",
    7: bytes(16),
    8: "case.received",
    9: 1,
    10: _FIELDS,
    11: _SEALED,
}
_EDIT: Mapping[int, Value] = {
    8: "case.contact_corrected",
    9: 1,
    10: {"said_by": "applicant"},
    11: {2: ["phone"]},
    12: {"phone": [[bytes(8), 1, bytes(8)]]},
}
_VALUES = {
    2: {"name": "", "phone": "13", "address": "河南省信阳市潢川县镇村民委员会组号"},
    3: {"id_no": "411526", "form.bank_account": "6217"},
}


def _first() -> bytes:
    codes = " ".join(f"DEMO-{code}" for code in _ITEMS.split())
    facts = " ".join(f"case.{fact}" for fact in _FACTS.split())
    examples: tuple[Value, ...] = (_VALUES[2], _VALUES[3], _EDIT, _BODY)
    return (codes + facts).encode() + b"".join(canonical.encode(e) for e in examples)


DICTIONARIES: Final[Mapping[int, bytes]] = {1: _first()}
CURRENT: Final = 1


def fingerprint(dictionary: int) -> str:
    """Give the SHA-256 of a dictionary, as hexadecimal text, to pin it."""
    return sha256(DICTIONARIES[dictionary]).hexdigest()
