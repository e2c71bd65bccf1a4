"""Real sockets and processes: the ready line, TLS, a clean end, what a locked port says."""

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from crypto import tls
from node import serve
from node.config import DataDirectory
from node.errors import TlsNeeded

CHILD = """
import sys
from pathlib import Path
from node import serve
from node.config import DataDirectory

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.url_scheme"].encode()]

certificate = serve.find_tls(DataDirectory(Path(sys.argv[1]))) if len(sys.argv) > 1 else None
serve.run(app, "127.0.0.1", 0, tls=certificate)
"""


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.url_scheme"].encode()]


@pytest.fixture
def directory(tmp_path):
    found = DataDirectory(tmp_path / "township")
    found.create()
    return found


def child(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.enable_socket
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_ready_line_with_the_real_port_and_a_clean_end(number):
    process = child()
    ready = process.stdout.readline()
    assert ready.startswith("ready http://127.0.0.1:")
    address = ready.split()[1]
    assert not address.endswith(":0")
    answer = requests.get(address, timeout=10)
    assert answer.text == "http"
    assert "Python" not in answer.headers["Server"]
    process.send_signal(number)
    rest, trouble = process.communicate()
    assert (process.returncode, rest, trouble) == (0, "", "")


@pytest.mark.enable_socket
def test_tls_with_the_certificate_made_at_enrolment(directory):
    made = serve.make_tls(directory, ["127.0.0.1", "localhost"], now=1_795_227_000_000)
    assert directory.tls_key.stat().st_mode & 0o777 == 0o600
    process = child(str(directory.path))
    address = process.stdout.readline().split()[1]
    assert address.startswith("https://127.0.0.1:")
    assert requests.get(address, timeout=10, verify=str(made.certificate)).text == "https"
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(address, timeout=10)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate()
    assert process.returncode == 0
    assert f"TLS SHA-256 {made.fingerprint}\n" in told


@pytest.mark.enable_socket
def test_a_browser_that_speaks_http_to_the_tls_port_stops_nobody(directory):
    made = serve.make_tls(directory, ["127.0.0.1"], now=1_795_227_000_000)
    process = child(str(directory.path))
    address = process.stdout.readline().split()[1]
    with pytest.raises(requests.exceptions.RequestException):
        requests.get(address.replace("https", "http"), timeout=10).raise_for_status()
    assert requests.get(address, timeout=10, verify=str(made.certificate)).text == "https"
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate()
    assert "Traceback" not in told


@pytest.mark.enable_socket
def test_phones_that_connect_and_say_nothing_keep_nobody_out(directory):
    made = serve.make_tls(directory, ["127.0.0.1"], now=1_795_227_000_000)
    process = child(str(directory.path))
    address = process.stdout.readline().split()[1]
    port = int(address.rsplit(":", 1)[1])
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
    answer = requests.get(address, timeout=5, verify=str(made.certificate))
    assert answer.text == "https"
    for one in silent:
        one.close()
    process.send_signal(signal.SIGTERM)
    process.communicate()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.com", ""])  # noqa: S104
def test_beyond_this_computer_only_over_tls(host):
    with pytest.raises(TlsNeeded):
        serve.listening(app, host, 0, tls=None)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_this_computer_is_known_by_all_its_names(host):
    assert serve.is_loopback(host)


TAKEN = """
import sys
from node import serve
from node.errors import AddressTaken

try:
    serve.run(print, "127.0.0.1", int(sys.argv[1]), tls=None)
except AddressTaken as error:
    print(error.host, error.port)
"""


@pytest.mark.enable_socket
def test_a_port_in_use_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = [sys.executable, "-c", TAKEN, str(port)]
        told = subprocess.run(command, capture_output=True, check=True, text=True)
    assert told.stdout == f"127.0.0.1 {port}\n"


@pytest.mark.enable_socket
def test_an_address_with_colons_is_shown_in_brackets():
    server = serve.listening(app, "127.0.0.1", 0, tls=None)
    assert serve.address(server, "::1") == f"http://[::1]:{server.bind_addr[1]}"
    server.stop()


def test_before_enrolment_there_is_no_certificate(directory):
    assert serve.find_tls(directory) is None
    made = serve.make_tls(directory, ["station.local", "192.168.1.7"], now=1_795_227_000_000)
    assert serve.find_tls(directory) == made
    assert made.fingerprint == tls.fingerprint(directory.tls_certificate.read_bytes())


SLOW = """
import sys
from node import serve

def app(environ, start_response):
    print("in work", file=sys.stderr, flush=True)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [sys.stdin.readline().encode()]

serve.run(app, "127.0.0.1", 0, tls=None)
"""


@pytest.mark.enable_socket
def test_a_request_in_work_is_answered_before_the_end():
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    address = process.stdout.readline().split()[1]
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(requests.get, address, timeout=30)
        assert process.stderr.readline() == "in work\n"
        process.send_signal(signal.SIGTERM)
        process.stdin.write("done\n")
        process.stdin.flush()
        assert asked.result().text == "done\n"
    process.communicate()
    assert process.returncode == 0
