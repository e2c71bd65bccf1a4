"""Keys, envelopes and a second pen that writes COSE by hand, so that tests can write it wrongly."""

import hashlib
from itertools import count

import cbor2

from crypto import envelope
from crypto.certificate import DeviceCertificate
from crypto.envelope import Part
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey
from crypto.trust import CountyDocument, DeviceKeys

STATION = SigningKey(b"\x01" * 32)
MALLORY = SigningKey(b"\x02" * 32)
ROOT = SigningKey(b"\x03" * 32)
ISSUER = SigningKey(b"\x04" * 32)
COUNTY = DecryptionKey(b"\x05" * 32)
TOWNSHIP = DecryptionKey(b"\x06" * 32)
STRANGER = DecryptionKey(b"\x07" * 32)
SENDER = bytes.fromhex("00112233445566aa")
AUDIENCE = "411526000000"
NOTE = "application/vnd.bangban.note+cbor"
MAX = 1_000_000


def entropy(seed=b""):
    """Give a draw of chance that repeats itself from test to test, never within one."""
    numbers = count()

    def draw(length):
        return hashlib.shake_256(seed + next(numbers).to_bytes(8)).digest(length)

    return draw


def keyring(*keys):
    return {key.encryption_key.key_id: key for key in keys}


def seal(*parts, key=STATION, sender=SENDER, audience=AUDIENCE, dictionary=1):
    made = parts or (Part("材料齐全".encode(), (COUNTY.encryption_key, TOWNSHIP.encryption_key)),)
    return envelope.seal(
        made, key=key, sender=sender, audience=audience, dictionary=dictionary, entropy=entropy()
    )


def opened(data, key=STATION, keys=(COUNTY,), max_bytes=MAX, max_part=MAX):
    return envelope.open_envelope(
        data,
        verify_key=key.verify_key,
        decryption_keys=keyring(*keys),
        max_bytes=max_bytes,
        max_part=max_part,
    )


def header(key=STATION, content_type=NOTE, **changes):
    """Return the labels of a good protected header; a change of None leaves a label out."""
    labels = {1: -8, 3: content_type, 4: key.verify_key.key_id}
    named = {"alg": 1, "content_type": 3, "kid": 4, "crit": 2, "iv": 5}
    labels |= {named[name]: value for name, value in changes.items()}
    return {label: value for label, value in labels.items() if value is not None}


def sign1(labels, payload=b"payload", *, key=STATION, unprotected=None, tag=18):
    """Write a COSE_Sign1 by hand, with a signature that is right for what it says."""
    protected = labels if isinstance(labels, bytes) else cbor2.dumps(labels)
    signature = key.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    return cbor2.dumps(cbor2.CBORTag(tag, [protected, unprotected or {}, payload, signature]))


def taken_apart(message):
    """Return protected labels, unprotected, payload, signature of a COSE_Sign1."""
    protected, unprotected, payload, signature = cbor2.loads(message).value
    return cbor2.loads(protected), dict(unprotected), payload, signature


def part_of(message, index=0):
    """Return one part of an envelope as a list that can be changed."""
    part = cbor2.loads(cbor2.loads(taken_apart(message)[2])[index]).value
    protected, unprotected, ciphertext, recipients = part
    return [protected, dict(unprotected), ciphertext, [list(one) for one in recipients]]


def with_part(message, part, *, key=STATION, tag=96):
    """Return the envelope with another first part, signed again by `key`."""
    labels, _, payload, _ = taken_apart(message)
    data = part if isinstance(part, bytes) else cbor2.dumps(cbor2.CBORTag(tag, part))
    parts = [data, *cbor2.loads(payload)[1:]]
    return sign1(labels | {4: key.verify_key.key_id}, cbor2.dumps(parts), key=key)


def signed_by(key, data, **labels):
    """Strip the signature of an envelope and sign what is left, with other labels."""
    names = {"sender": -65537, "audience": -65538, "dictionary": -65539, "hashes": -65540}
    old, _, payload, _ = taken_apart(data)
    new = old | {4: key.verify_key.key_id} | {names[name]: value for name, value in labels.items()}
    return sign1(new, payload, key=key)


def certificate(**changes):
    fields = {
        "station": "411526101201",
        "station_kind": "village",
        "station_name": "彭店村便民服务站",
        "replica": SENDER,
        "verify_key": STATION.verify_key,
        "encryption_key": TOWNSHIP.encryption_key,
        "roles": ("helper", "clerk"),
        "scope": "411526101201",
        "version": 1,
        "valid_from_seq": 1,
    }
    return DeviceCertificate(**(fields | changes))


def county_document(**changes):
    fields = {
        "county": AUDIENCE,
        "name": "潢川县政务服务中心",
        "root": ROOT.verify_key,
        "issuer": ISSUER.verify_key,
        "hub": b"certificate",
        "encryption_keys": (COUNTY.encryption_key, STRANGER.encryption_key),
        "version": 1,
    }
    return CountyDocument(**(fields | changes))


DEVICE_KEYS = DeviceKeys(STATION.verify_key, TOWNSHIP.encryption_key)
