"""How our own code reads each kind of vector."""

import io
from hashlib import sha256

from crypto import blob, canonical, certificate, envelope, trust
from crypto.errors import CryptoError
from crypto.recipient import DecryptionKey
from crypto.signing import VerifyKey
from node import enrolment_file
from sync import (
    assembly,
    bundle,
    bundle_file,
    changeset,
    codec,
    exchange,
    head,
    merge,
    operation,
    receipt,
)
from sync.errors import RemoteSyncError, Unauthentic, UnknownReplica
from sync.limits import DEFAULT
from tests.vectors import county
from tests.vectors.written import PEOPLE, plain

MESSAGE = DEFAULT.message
_CLASSES = 11
_CERTIFIED = ("county", "township", "village", "neighbour")


def key_of(name):
    return VerifyKey(PEOPLE[name]["signing_key"])


def _cbor(data, given):
    return canonical.decode(data, max_bytes=given.get("most", MESSAGE), max_depth=DEFAULT.depth)


def _signed(data, given):
    key = VerifyKey(bytes.fromhex(given["public"]))
    kind = f"application/vnd.bangban.{given['kind']}+cbor"
    return envelope.verify(data, key=key, content_type=kind, max_bytes=MESSAGE).payload


def _envelope(data, given):
    keys = [DecryptionKey(PEOPLE[name]["encryption_seed"]) for name in given["keys"]]
    found = envelope.open_envelope(
        data,
        verify_key=key_of(given["signer"]),
        decryption_keys={key.encryption_key.key_id: key for key in keys},
        max_bytes=DEFAULT.bundle,
        max_part=DEFAULT.part_inflated,
    )
    return [found.sender, found.audience, found.dictionary, found.parts]


def _certificate(data, given):
    one = certificate.read(data, key_of("issuer"))
    keys = (one.verify_key.raw, one.encryption_key.raw)
    return [one.station, one.station_kind, one.replica, *keys]


def _county(data, given):
    found = trust.read(data, key_of("root"))
    certificate.read(found.hub, found.issuer)
    return [found.county, found.name, found.version]


def _demand_about(found, header):
    """What is attached by header hash, and passed over where none fits (`SqlLog.set_receipt`)."""
    payload = bytes.fromhex(header)
    named = (found.replica, found.header_hash)
    replica = codec.decode_map(payload, max_bytes=MESSAGE)[1]
    if named != (replica, sha256(payload).digest()):
        raise Unauthentic("of another change set")


def _receipt(data, given):
    found = receipt.read_receipt(data, key=key_of("county"))
    _demand_about(found, given["header"])
    message = codec.decode_map(
        envelope.unverified_payload(data, max_bytes=MESSAGE), max_bytes=MESSAGE
    )
    assert found.up_to == message[3]
    return message


def _custody(data, given):
    found = receipt.read_custody(data, key=key_of("township"))
    _demand_about(found, given["header"])
    return codec.decode_map(envelope.unverified_payload(data, max_bytes=MESSAGE), max_bytes=MESSAGE)


def _operation(data, given):
    unbound = operation.parse(data)
    one = operation.bind(unbound, dict.fromkeys(unbound.sealed, bytes(32)))
    replaces = {name: [list(ref) for ref in refs] for name, refs in one.replaces.items()}
    sealed = {key: list(names) for key, names in one.sealed.items()}
    return [*one.dot, one.record, one.fact, one.fields, sealed, replaces]


def shown(extracts):
    """Say what extracts hold, as the second pen says it."""
    return [
        {
            "header_hash": one.signed.hash,
            "whole": one.whole,
            "operations": [_entry(entry) for entry in one.entries],
        }
        for one in extracts
    ]


def _entry(entry):
    one = entry.operation
    disclosed = {
        key: opened.read(one.sealed[key], max_bytes=DEFAULT.disclosure)
        for key, opened in sorted(entry.disclosures.items())
    }
    return [one.dot.seq, one.fact, one.hash, disclosed]


def parcel(data):
    """Read the plaintext of one part of a bundle."""
    packed = codec.deflate(data, dictionary=1)
    contents = bundle.unpack([packed], dictionary=1)
    for message in contents.certificates:
        certificate.read(message, key_of("issuer"))
    return [assembly.assemble(raw, contents, key=_signer(raw)) for raw in contents.extracts]


def _signer(raw):
    """Look the key up, as `Receiver` does in its registry."""
    replica, kid = changeset.parse(raw.header).header.replica, changeset.signer_of(raw.header)
    known = {PEOPLE[name]["replica"]: key_of(name) for name in _CERTIFIED}
    if replica not in known or known[replica].key_id != kid:
        raise UnknownReplica(replica.hex())
    return known[replica]


def _parcel(data, given):
    return shown(parcel(data))


def _bundle(data, given):
    before = [bytes.fromhex(one) for one in given.get("before", [])]
    with county.receiving(given["keys"][0]) as node:
        for one in before:
            assert node.take(one, given["audience"]) == ""
        code = node.take(data, given["audience"])
        return code or plain(shown(node.held(data)))


def _request(data, given):
    name = given["by"]
    found = exchange.read_request(data, key=key_of(name), audience=PEOPLE["county"]["code"])
    if found.replica != PEOPLE[name]["replica"]:
        raise Unauthentic("replica")
    return codec.decode_map(envelope.unverified_payload(data, max_bytes=MESSAGE), max_bytes=MESSAGE)


def _answer(data, given):
    asked = sha256(bytes.fromhex(given["request"])).digest()
    found = exchange.read_answer(data, key=key_of(given["by"]), outstanding=[asked])
    exchange.demand_unbroken(found.feed, taken=given["position"])
    return codec.decode_map(envelope.unverified_payload(data, max_bytes=MESSAGE), max_bytes=MESSAGE)


def _head(data, given):
    found = head.parse(data)
    known = {PEOPLE[name]["replica"]: key_of(name) for name in _CERTIFIED}
    if found.replica not in known:
        raise UnknownReplica(found.replica.hex())
    one = head.read(data, key=known[found.replica])
    return [1, one.replica, one.seq, one.mark, one.claimed_at // 1000]


def _file(data, given):
    frames = list(bundle_file.frames(io.BytesIO(data)))
    whole = [one for one in frames if isinstance(one, bundle_file.Frame)]
    return [[int(one.kind), sha256(one.body).digest()] for one in whole]


def _enrolment(data, given):
    asked = enrolment_file.read_request(data)
    message = codec.decode_map(
        envelope.unverified_payload(data, max_bytes=MESSAGE), max_bytes=MESSAGE
    )
    assert asked.keys.verify_key.raw == message[4]
    return [message, trust.request_fingerprint(data)]


def _approval(data, given):
    found = enrolment_file.read_approval(data).approval
    message = codec.decode_map(
        envelope.unverified_payload(data, max_bytes=MESSAGE), max_bytes=MESSAGE
    )
    assert (found.certificate, found.trust) == (message[4], message[6])
    return message


def _attachment(data, given):
    if blob.content_hash(data).hex() != given["hash"] and len(data) >= blob.OVERHEAD_BYTES:
        raise Unauthentic("another attachment")
    return blob.open_blob(data, bytes.fromhex(given["key"]), max_bytes=DEFAULT.attachment)


def _merge(data, given):
    items = codec.as_list(codec.decode(data, max_bytes=MESSAGE))
    found = merge.merge(
        (operation.read(body, commitments) for body, commitments in items),
        county={bytes.fromhex(one) for one in given["county"]},
    )
    heads = {
        name: sorted(one.dot for one in operations)
        for name, operations in sorted(found.heads.items())
        if operations and not name.startswith("verdict.")
    }
    return {"heads": heads, "refused": sorted(found.refused)}


READERS = {
    "cbor": _cbor,
    "signed": _signed,
    "envelope": _envelope,
    "certificate": _certificate,
    "county": _county,
    "receipt": _receipt,
    "custody": _custody,
    "operation": _operation,
    "parcel": _parcel,
    "bundle": _bundle,
    "request": _request,
    "answer": _answer,
    "head": _head,
    "file": _file,
    "enrolment": _enrolment,
    "approval": _approval,
    "attachment": _attachment,
    "merge": _merge,
}


def outcome(one):
    """Read a vector: what it says, or the code with which it is refused."""
    try:
        found = READERS[one.reader](one.data, one.given)
    except RemoteSyncError as error:
        return error.code, None
    except CryptoError as error:
        return codec.fault_of(error, Unauthentic(str(error))).code, None
    return (found, None) if isinstance(found, str) and one.refuse else ("", plain(found))
