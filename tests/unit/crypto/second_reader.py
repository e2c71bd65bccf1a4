"""An independent reader and writer of our bytes: `cwt` for COSE, `pyhpke` for HPKE.

`cwt` knows no HPKE recipients; there `pyhpke` unwraps the content key and `cwt` opens the body
with it. cbor2 6 gives the contents of a tag as a tuple, where this `cwt` expects a list: it is
given the tag with a list in it.
"""

import importlib
import sys
from types import ModuleType

import cbor2
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from tests.unit.crypto.builders import STATION

SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)


def _cwt():
    """Import `cwt` without its checker of X.509 chains.

    That one refuses to load beside OpenSSL 3.0.10 or later (a version number of two digits is
    more than it reads), and nothing here has X.509 in it.
    """
    unused = ModuleType("certvalidator")
    unused.CertificateValidator = unused.ValidationContext = object
    sys.modules.setdefault("certvalidator", unused)
    return importlib.import_module("cwt")


CWT = _cwt()


def signing_key(key=STATION):
    return CWT.COSEKey.new({1: 1, 3: -8, -1: 6, -2: key.verify_key.raw, -4: key.seed})


def verify_key(key=STATION):
    return CWT.COSEKey.new({1: 1, 3: -8, -1: 6, -2: key.verify_key.raw, 2: key.verify_key.key_id})


def read_signed(message, key=STATION):
    """Return the payload of a COSE_Sign1."""
    return CWT.COSE.new().decode(_listed(message), verify_key(key))


def write_signed(payload, labels, key=STATION):
    return CWT.COSE.new().encode_and_sign(payload, signing_key(key), protected=labels)


def content_key(recipient, ours):
    """Unwrap the content key of a COSE_recipient."""
    protected, unprotected, wrapped = recipient
    private = KEMKey.from_pyca_cryptography_key(_private(ours))
    context = SUITE.create_recipient_context(unprotected[-4], private, info=_info(protected))
    return context.open(wrapped)


def recipient(key, secret):
    """Write a COSE_recipient."""
    protected = cbor2.dumps({1: 50, 4: key.key_id})
    public = KEMKey.from_pyca_cryptography_key(_public(key))
    encapsulated, context = SUITE.create_sender_context(public, info=_info(protected))
    return [protected, {-4: encapsulated}, context.seal(secret)]


def read_body(part, secret, external_aad):
    """Return the plaintext of a COSE_Encrypt whose content key is known."""
    protected, unprotected, ciphertext, _ = part
    direct = [b"", {1: -6, 4: b"direct"}, b""]
    message = cbor2.CBORTag(96, [protected, unprotected, ciphertext, [direct]])
    return CWT.COSE.new().decode(message, _content_key(secret), external_aad=external_aad)


def write_body(plaintext, secret, iv, external_aad):
    """Return protected header and ciphertext of a COSE_Encrypt."""
    message = CWT.COSE.new().encode_and_encrypt(
        plaintext,
        _content_key(secret),
        protected={1: 24},
        unprotected={5: iv},
        nonce=iv,
        recipients=[CWT.Recipient.new(unprotected={1: -6, 4: b"direct"})],
        external_aad=external_aad,
    )
    protected, _, ciphertext, _ = cbor2.loads(message).value
    return protected, ciphertext


def _content_key(secret):
    return CWT.COSEKey.from_symmetric_key(secret, alg="ChaCha20/Poly1305", kid=b"direct")


def _listed(message):
    tag = cbor2.loads(message)
    protected, unprotected, payload, signature = tag.value
    return cbor2.CBORTag(tag.tag, [protected, dict(unprotected), payload, signature])


def _info(protected):
    return cbor2.dumps(["HPKE Recipient", 24, protected, b""])


def _private(ours):
    return ours._key


def _public(key):
    return key._key
