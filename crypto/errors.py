"""What can go wrong with a message, a key or a secret: a class for every decision of a caller.

Fields, not sentences: the words that people read belong to the apps. Any bytes given to this
package raise one of these and nothing else. No field ever holds a secret or a plaintext.
"""

from enum import StrEnum


class Flaw(StrEnum):
    """Which rule of the format the bytes, or a value to be encoded, break."""

    # canonical CBOR
    NOT_CBOR = "not_cbor"
    NOT_SHORTEST = "not_shortest"
    DEPTH = "depth"
    TYPE = "type"
    INT_RANGE = "int_range"
    NOT_NFC = "not_nfc"
    SURROGATE = "surrogate"
    TAG = "tag"
    KEY_LENGTH = "key_length"
    KEY_ORDER = "key_order"
    KEY_TYPE = "key_type"
    MIXED_KEYS = "mixed_keys"
    # frames and headers
    FRAME = "frame"
    TRAILING = "trailing"
    TRUNCATED = "truncated"
    UNPROTECTED = "unprotected"
    HEADER = "header"
    HEADER_LABEL = "header_label"
    CONTENT_TYPE = "content_type"
    KID = "kid"
    SIGNATURE_LENGTH = "signature_length"
    # keys
    SEED_LENGTH = "seed_length"
    SMALL_ORDER_KEY = "small_order_key"
    # what a message holds
    ENVELOPE_HEADER = "envelope_header"
    PARTS = "parts"
    PART = "part"
    RECIPIENTS = "recipients"
    RECIPIENT = "recipient"
    PADDING = "padding"
    CERTIFICATE = "certificate"
    COUNTY_DOCUMENT = "county_document"
    SLOT = "slot"
    SECRET = "secret"  # noqa: S105 - a sealed secret's frame, not a secret
    BLOB = "blob"
    NAME = "name"
    NONCE = "nonce"


class Thing(StrEnum):
    """What was measured against a limit, or failed to open."""

    MESSAGE = "message"
    PARTS = "parts"
    PART = "part"
    PART_HASH = "part_hash"
    RECIPIENTS = "recipients"
    RECIPIENT = "recipient"
    SLOT = "slot"
    KDF_MEMORY = "kdf_memory"
    KDF_PASSES = "kdf_passes"
    KDF_LANES = "kdf_lanes"
    SECRET = "secret"  # noqa: S105 - a sealed secret's frame, not a secret
    BLOB = "blob"
    COMMITMENT = "commitment"


class CryptoError(Exception):
    """Base of every error of this package."""


class Malformed(CryptoError):
    """The bytes (or a value to be encoded) break the format; the same bytes always will.

    Attributes:
        reason: the rule that was broken.
    """

    def __init__(self, reason: Flaw) -> None:
        super().__init__(reason)
        self.reason = reason


class LimitExceeded(CryptoError):
    """Something is larger than its limit; found before the work it would have cost.

    Attributes:
        what: what was measured.
        limit: the largest allowed value.
        actual: the value found.
    """

    def __init__(self, what: Thing, *, limit: int, actual: int) -> None:
        super().__init__(what, limit, actual)
        self.what = what
        self.limit = limit
        self.actual = actual


class BadSignature(CryptoError):
    """The signature does not belong to these bytes and this key.

    Attributes:
        kid: the key id of the key that was asked.
    """

    def __init__(self, kid: bytes) -> None:
        super().__init__(kid.hex())
        self.kid = kid


class UnknownKey(CryptoError):
    """The message names another key than the one it was checked against.

    Attributes:
        kid: the key id that the message names.
    """

    def __init__(self, kid: bytes) -> None:
        super().__init__(kid.hex())
        self.kid = kid


class NotForUs(CryptoError):
    """No part of the envelope is sealed to a key that was offered.

    Attributes:
        kids: the key ids that were offered.
    """

    def __init__(self, kids: tuple[bytes, ...]) -> None:
        super().__init__(*(kid.hex() for kid in kids))
        self.kids = kids


class Tampered(CryptoError):
    """Decryption or a commitment failed: the bytes are not what the sender made for this use.

    Attributes:
        what: what failed.
    """

    def __init__(self, what: Thing) -> None:
        super().__init__(what)
        self.what = what


class WrongSecret(CryptoError):
    """The passphrase or key file does not open the slot (or the slot was altered).

    Attributes:
        slot: the kind of slot, "passphrase" or "key_file".
    """

    def __init__(self, slot: str) -> None:
        super().__init__(slot)
        self.slot = slot


class WrongType(CryptoError):
    """A well-formed message of another type, algorithm or tag than the caller expects.

    Attributes:
        expected: the type that was asked for.
        found: the type that the message declares.
    """

    def __init__(self, *, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found
