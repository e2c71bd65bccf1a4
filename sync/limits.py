"""Every limit of the wire, in one place (docs/spec/limits.md)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper bounds; bytes unless the name says otherwise.

    Attributes:
        bundle_contents: bodies and values that a sender puts into one bundle, before compression,
            so that even what does not compress stays below `bundle`.
        last_seq: highest sequence number; every integer of the log fits a database and JSON.
        instant: last millisecond of the year 9999.
    """

    message: int = 16 << 20
    bundle: int = 4 << 20
    bundle_contents: int = 3 << 20
    part_inflated: int = 16 << 20
    depth: int = 16
    last_seq: int = (1 << 53) - 1
    instant: int = 253_402_300_799_999
    operations_per_change_set: int = 500
    operation_body: int = 64 << 10
    fields_per_operation: int = 256
    replaces_per_field: int = 64
    text: int = 16 << 10
    disclosure: int = 64 << 10
    bundles_per_message: int = 64
    change_sets_per_bundle: int = 512
    certificates_per_parcel: int = 4096
    attachment: int = 8 << 20
    attachment_chunk: int = 256 << 10
    attachments_per_case: int = 60
    attachment_parts: int = 64 << 20
    asks_per_message: int = 256
    heads_per_request: int = 256
    letter: int = 64 << 10
    letters_per_message: int = 32
    feed_page_operations: int = 2000
    receipts_per_answer: int = 4096
    quarantine_bytes: int = 256 << 20
    children: int = 2048
    carried_per_child: int = 64 << 20
    file_frames: int = 262_144
    file_request: int = 128 << 10


DEFAULT: Final = Limits()
