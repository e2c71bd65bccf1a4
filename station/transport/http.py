"""HTTP by requests: one session, explicit time-outs, no trust in a status.

A status only chooses the words for a failure. Messages are signed and sealed by themselves; TLS
of a parent is pinned to the certificate seen at enrolment, because no authority vouches for it.
"""

import hashlib
import io
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from typing_extensions import override
from urllib3.exceptions import HTTPError

from node.errors import LinkFailed, RefusedByCounty
from node.partial import Piece
from station.transport import Cause, Parent, failed
from sync.limits import DEFAULT

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 30.0
_PIECE: Final = 64 * 1024
_REFUSALS: Final = {
    "refused_by_county": "县里不再收这台电脑的，它可能已经停用",
    "unknown_sender": "县里不认识这台电脑，它可能没有开通，或者已经停用",
}
"""Problem type of a refusal → plain words."""
_OLDER: Final = "newer_version"
"""Problem type of a parent that is older than we are."""
_PORT: Final = 443


_NOT_NOW: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.INSUFFICIENT_STORAGE}
)
_TAKEN: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.ACCEPTED})
_SENT_AT_ONCE: Final = 4096


class _Slowly(io.BytesIO):
    """A body that is sent a few kilobytes at a time.

    The time allowed for sending counts for each send; a slow line may take minutes for all of them.
    """

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        asked = _SENT_AT_ONCE if size is None or size < 0 else size
        return super().read(min(asked, _SENT_AT_ONCE))


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parent is reached.

    Attributes:
        url: without a slash at its end.
        fingerprint: SHA-256 of the certificate, hexadecimal; only for https.
    """

    url: str
    fingerprint: str = ""


class _Pinned(HTTPAdapter):
    """Checks the certificate's fingerprint instead of an authority and a host name."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        super().__init__()

    @override
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"assert_fingerprint": self._fingerprint, "assert_hostname": False}
        super().init_poolmanager(*args, **kwargs)


class HttpTransport:
    """Carries an exchange over HTTP; one a run, not to be shared between threads."""

    def __init__(
        self, addresses: Mapping[Parent, Address], *, read_seconds: float = READ_SECONDS
    ) -> None:
        self._addresses = dict(addresses)
        self._read_seconds = read_seconds
        self._session = session_for(self._addresses.values())

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def reaches(self, parent: Parent) -> bool:
        """Whether there is an address of this parent."""
        return parent in self._addresses

    def exchange(self, parent: Parent, message: bytes, *, patience: float) -> bytes:
        """Send a request and bring what was answered (see `Transport`)."""
        headers = {"Content-Type": "application/cbor", "Accept": "application/cbor"}
        url = self._url(parent, "exchange")
        status, body, _ = self._ask(
            "POST", url, message, headers, min(patience, self._read_seconds)
        )
        if status != HTTPStatus.OK:
            raise _refusal(status, body, url)
        return body

    def put_chunk(self, parent: Parent, name: bytes, chunk: int, data: bytes) -> bool:
        """Bring a chunk of an attachment (see `Transport`)."""
        status, _ = self._put(parent, (name, chunk), data, {})
        return status is HTTPStatus.NO_CONTENT

    def put_piece(self, parent: Parent, piece: Piece) -> int | None:
        """Bring some bytes of a chunk (see `Transport`)."""
        end = piece.start + len(piece.data)
        headers = {"Content-Range": f"bytes {piece.start}-{end - 1}/{piece.total}"}
        status, offset = self._put(parent, (piece.name, piece.chunk), piece.data, headers)
        if status is HTTPStatus.NO_CONTENT:
            return piece.total
        return int(offset) if status is not None and offset.isdigit() else None

    def _put(
        self, parent: Parent, what: tuple[bytes, int], data: bytes, more: Mapping[str, str]
    ) -> tuple[HTTPStatus | None, str]:
        """What the parent said, and how much of the chunk it has; None: it is not wanted (now)."""
        name, chunk = what
        url = self._url(parent, f"attachments/{name.hex()}/{chunk}")
        headers = {"Content-Type": "application/octet-stream", **more}
        status, body, told = self._ask("PUT", url, data, headers, self._read_seconds)
        if status in _NOT_NOW:
            return None, ""
        if status not in _TAKEN:
            raise _refusal(status, body, url)
        return HTTPStatus(status), told.get("Upload-Offset", "")

    def get_chunk(self, parent: Parent, name: bytes, chunk: int) -> bytes | None:
        """Fetch a chunk of an attachment (see `Transport`)."""
        url = self._url(parent, f"attachments/{name.hex()}/{chunk}")
        status, body, _ = self._ask("GET", url, b"", {}, self._read_seconds)
        return body if status == HTTPStatus.OK else None

    def _url(self, parent: Parent, path: str) -> str:
        if parent not in self._addresses:
            raise failed(Cause.NO_ADDRESS)
        return f"{self._addresses[parent].url}/sync/v1/{path}"

    def _ask(
        self, method: str, url: str, data: bytes, headers: Mapping[str, str], patience: float
    ) -> tuple[int, bytes, Mapping[str, str]]:
        with explained(url):
            answer = self._session.request(
                method,
                url,
                data=_Slowly(data) if data else None,
                headers=dict(headers),
                timeout=(CONNECT_SECONDS, patience),
                stream=True,
                allow_redirects=False,
            )
            body = read_body(answer, most=DEFAULT.message, until=time.monotonic() + patience)
        return answer.status_code, body, answer.headers


def session_for(addresses: Any) -> requests.Session:  # noqa: ANN401  # any iterable of addresses
    """A session that knows the pinned certificates of some addresses and asks no proxy."""
    session = requests.Session()
    session.trust_env = False
    for address in addresses:
        if address.fingerprint:
            session.mount(address.url, _Pinned(address.fingerprint))
            session.verify = False
    return session


def read_body(answer: requests.Response, *, most: int, until: float) -> bytes:
    """Read a body: at most `most` bytes, and no longer than `until` on the running clock.

    Raises:
        LinkFailed: cut, too long, or trickling without end.
    """
    pieces: list[bytes] = []
    size = 0
    with answer:
        for piece in answer.iter_content(_PIECE):
            size += len(piece)
            if size > most:
                raise failed(Cause.NOT_COUNTY)
            if time.monotonic() > until:
                raise failed(Cause.NO_ANSWER)
            pieces.append(piece)
    promised = answer.headers.get("Content-Length")
    if promised is not None and promised.isdigit() and int(promised) != size:
        raise failed(Cause.CUT)
    return b"".join(pieces)


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn what requests raises into `LinkFailed` with a cause."""
    host = urlsplit(url).netloc
    try:
        yield
    except LinkFailed as error:
        error.host = error.host or host
        raise
    except requests.exceptions.SSLError as error:
        raise failed(Cause.NOT_COUNTY, host) from error
    except requests.exceptions.ConnectTimeout as error:
        raise failed(Cause.NO_NETWORK, host) from error
    except requests.exceptions.Timeout as error:
        raise failed(Cause.NO_ANSWER, host) from error
    except requests.exceptions.ConnectionError as error:
        raise failed(_cause_of(str(error)), host) from error
    except (requests.exceptions.RequestException, HTTPError, OSError) as error:
        raise failed(Cause.CUT, host) from error


def _cause_of(told: str) -> Cause:
    """Requests has one class for many troubles; the text tells them apart."""
    if "timed out" in told:
        return Cause.NO_ANSWER
    return Cause.CUT if "aborted" in told or "reset" in told else Cause.NO_NETWORK


def _refusal(status: int, body: bytes, url: str) -> Exception:
    """Words for an answer that is no answer; whoever wrote it, nothing changes by it."""
    host = urlsplit(url).netloc
    slug = problem_slug(body)
    if slug in _REFUSALS:
        return RefusedByCounty(_REFUSALS[slug])
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return failed(Cause.TOO_LARGE, host)
    if slug == _OLDER:
        return failed(Cause.COUNTY_OLDER, host)
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS} or slug:
        return failed(Cause.SERVER, host)
    return failed(Cause.NOT_COUNTY, host)


def problem_of(body: bytes) -> object:
    """A JSON body, or None where it is none."""
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document


def problem_slug(body: bytes) -> str:
    """The word of a problem+json, or empty."""
    document = problem_of(body)
    kind = str(document.get("type", "")) if isinstance(document, dict) else ""
    return kind.removeprefix("/problems/") if kind.startswith("/problems/") else ""


def fingerprint_of(url: str) -> str:
    """The SHA-256 of the certificate that a server shows now; empty for plain http.

    Proves nothing: the match code of the enrolment does, what is pinned is only kept the same.

    Raises:
        LinkFailed: nobody answers there.
    """
    parts = urlsplit(url)
    if parts.scheme != "https":
        return ""
    with explained(url):
        place = (parts.hostname or "", parts.port or _PORT)
        shown = ssl.get_server_certificate(place, timeout=int(CONNECT_SECONDS))
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown)).hexdigest()
