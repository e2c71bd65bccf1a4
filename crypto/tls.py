"""A self-signed TLS certificate for a township that serves its villages on a local network.

Stations pin it by its fingerprint, which their enrolment brought; names and dates are there for
browsers. What travels inside is signed and sealed all the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from crypto.errors import Flaw, Malformed

_SERIAL_BYTES: Final = 16
_SCALAR_BYTES: Final = 40  # 64 bits more than the order, so that the reduction is even
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_BACKDATE: Final = timedelta(days=1)  # the clocks of visitors may be behind


@dataclass(frozen=True, slots=True)
class _Validity:
    not_before: datetime
    not_after: datetime


def self_signed(
    names: Sequence[str],
    addresses: Sequence[str],
    *,
    now_s: int,
    days: int,
    entropy: Callable[[int], bytes],
) -> tuple[bytes, bytes]:
    """Return a certificate and its key, both PEM, for EC P-256.

    Args:
        names: DNS names, the first is also the common name.
        addresses: IPv4 and IPv6 addresses.
        now_s: the present time in seconds since the epoch.
        days: validity from now, in days; one day before now is valid too.
        entropy: draws key and serial number.

    Raises:
        Malformed: no name and no address, or one that is none.
    """
    key = _private_key(entropy(_SCALAR_BYTES))
    now = datetime.fromtimestamp(now_s, tz=UTC)
    validity = _Validity(now - _BACKDATE, now + timedelta(days=days))
    builder = _builder(_alternative_names(names, addresses), key.public_key(), validity)
    serial = int.from_bytes(entropy(_SERIAL_BYTES)) >> 1 or 1
    certificate = builder.serial_number(serial).sign(key, SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM), pem


def fingerprint(certificate_pem: bytes) -> str:
    """Return the SHA-256 of a certificate as browsers show it, such as "AB:CD:…".

    Raises:
        Malformed: not a PEM certificate.
    """
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
    except ValueError:
        raise Malformed(Flaw.CERTIFICATE) from None
    return sha256(certificate.public_bytes(Encoding.DER)).digest().hex(":").upper()


def _private_key(chance: bytes) -> ec.EllipticCurvePrivateKey:
    """FIPS 186-5 appendix A.2.1: a scalar from 1 to order - 1 out of extra random bits."""
    return ec.derive_private_key(int.from_bytes(chance) % (_P256_ORDER - 1) + 1, ec.SECP256R1())


def _alternative_names(names: Sequence[str], addresses: Sequence[str]) -> list[x509.GeneralName]:
    try:
        found: list[x509.GeneralName] = [
            *(x509.DNSName(name) for name in names),
            *(x509.IPAddress(ip_address(address)) for address in addresses),
        ]
    except ValueError:
        raise Malformed(Flaw.NAME) from None
    if not found or not all(names):
        raise Malformed(Flaw.NAME)
    return found


def _builder(
    names: list[x509.GeneralName], key: ec.EllipticCurvePublicKey, validity: _Validity
) -> x509.CertificateBuilder:
    own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _common_name(names[0]))])
    builder = x509.CertificateBuilder(own_name, own_name, key)
    builder = builder.not_valid_before(validity.not_before).not_valid_after(validity.not_after)
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    basic = x509.BasicConstraints(ca=False, path_length=None)
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.add_extension(basic, critical=True).add_extension(server, critical=False)


def _common_name(name: x509.GeneralName) -> str:
    return str(name.value)[:64]  # RFC 5280 appendix A: ub-common-name
