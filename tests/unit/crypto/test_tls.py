"""The self-signed certificate of a township's local server."""

import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from crypto import tls
from crypto.errors import Flaw, Malformed
from tests.unit.crypto.builders import entropy

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def made(names=("bangban.lan",), addresses=("192.168.1.8", "fe80::1"), seed=b""):
    return tls.self_signed(
        names, addresses, now_s=int(NOW.timestamp()), days=365, entropy=entropy(seed)
    )


def parsed(**how):
    pem, _ = made(**how)
    return x509.load_pem_x509_certificate(pem)


def names_of(certificate):
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.get_values_for_type(x509.DNSName), found.get_values_for_type(x509.IPAddress)


def test_it_names_host_and_addresses():
    addresses = [ip_address("192.168.1.8"), ip_address("fe80::1")]
    assert names_of(parsed()) == (["bangban.lan"], addresses)


@pytest.mark.parametrize(
    ("names", "addresses", "common"),
    [(("a.lan", "b.lan"), (), "CN=a.lan"), ((), ("10.0.0.1",), "CN=10.0.0.1")],
)
def test_the_first_name_is_the_common_name(names, addresses, common):
    assert parsed(names=names, addresses=addresses).subject.rfc4514_string() == common


def test_a_long_name_is_cut_in_the_common_name_only():
    long = "a" * 60 + ".bangban.lan"
    assert parsed(names=(long,)).subject.rfc4514_string() == f"CN={long[:64]}"
    assert names_of(parsed(names=(long,)))[0] == [long]


def test_it_is_valid_from_yesterday_for_as_long_as_asked():
    certificate = parsed()
    assert certificate.not_valid_before_utc == NOW - timedelta(days=1)
    assert certificate.not_valid_after_utc == NOW + timedelta(days=365)


def test_it_signs_itself_with_p256_and_is_no_authority():
    certificate = parsed()
    certificate.verify_directly_issued_by(certificate)
    assert isinstance(certificate.public_key().curve, ec.SECP256R1)
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca) == (True, False)


def test_the_key_belongs_to_the_certificate():
    certificate, key = made()
    public = x509.load_pem_x509_certificate(certificate).public_key()
    assert load_pem_private_key(key, None).public_key() == public


def test_a_server_can_use_both(tmp_path):
    certificate, key = made()
    (tmp_path / "both.pem").write_bytes(certificate + key)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tmp_path / "both.pem")


def test_key_and_serial_number_come_from_chance():
    first, second = parsed(seed=b"1"), parsed(seed=b"2")
    assert first.serial_number != second.serial_number
    assert first.public_key() != second.public_key()
    assert parsed(seed=b"1").public_key() == first.public_key()


def test_a_serial_number_is_never_zero():
    pem, _ = tls.self_signed(["a.lan"], [], now_s=0, days=1, entropy=bytes)
    assert x509.load_pem_x509_certificate(pem).serial_number == 1


@pytest.mark.parametrize(
    ("names", "addresses"), [((), ()), (("",), ()), (("县.lan",), ()), ((), ("192.168.1",))]
)
def test_what_is_no_name_is_refused(names, addresses):
    with pytest.raises(Malformed) as caught:
        made(names=names, addresses=addresses)
    assert caught.value.reason is Flaw.NAME


def test_the_fingerprint_is_the_one_that_browsers_show():
    pem, _ = made()
    der = ssl.PEM_cert_to_DER_cert(pem.decode())
    pairs = tls.fingerprint(pem).split(":")
    assert bytes.fromhex("".join(pairs)) == hashlib.sha256(der).digest()
    assert len(pairs) == 32
    assert tls.fingerprint(pem).isupper()


@pytest.mark.parametrize("pem", [b"", b"certificate", made()[1]])
def test_the_fingerprint_of_something_else_is_refused(pem):
    with pytest.raises(Malformed) as caught:
        tls.fingerprint(pem)
    assert caught.value.reason is Flaw.CERTIFICATE
