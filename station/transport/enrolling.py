"""Asking a hub over HTTP to take a new device in; what comes back is checked by the use case."""

import time
from email.utils import parsedate_to_datetime
from typing import Any, Final

from node.errors import EnrolmentRefused, TooManyTries
from node.output import as_json
from station.transport import Cause, failed
from station.transport.http import (
    CONNECT_SECONDS,
    Address,
    explained,
    problem_of,
    read_body,
    session_for,
)

_READ_SECONDS: Final = 10.0
_MOST_BYTES: Final = 40 << 20
_GOOD: Final = range(200, 300)
_REFUSED: Final = range(400, 500)


class HubDesk:
    """The hub's enrolment desk.

    Attributes:
        clock_ms: the hub's time by its last answer, milliseconds; None where it said none.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._session = session_for([address])
        self.clock_ms: int | None = None

    def post(self, path: str, document: object) -> object:
        """Send a document and read the answer (see `get`)."""
        return self._ask("POST", path, as_json(document).encode())

    def get(self, path: str) -> object:
        """Read a document.

        Raises:
            LinkFailed: no answer came, or none of a hub.
            EnrolmentRefused: the hub says no, and why.
            TooManyTries: too many wrong codes; wait.
        """
        return self._ask("GET", path, None)

    def _ask(self, method: str, path: str, data: bytes | None) -> object:
        url = self._address.url + path
        with explained(url):
            answer = self._session.request(
                method,
                url,
                data=data,
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                timeout=(CONNECT_SECONDS, _READ_SECONDS),
                stream=True,
                allow_redirects=False,
            )
            body = read_body(answer, most=_MOST_BYTES, until=time.monotonic() + 6 * _READ_SECONDS)
        self._note_clock(answer.headers.get("Date"))
        if answer.status_code in _GOOD:
            return _json(answer, body)
        raise _refusal(answer, body)

    def _note_clock(self, told: str | None) -> None:
        try:
            self.clock_ms = round(parsedate_to_datetime(told or "").timestamp() * 1000)
        except ValueError:
            self.clock_ms = None


def _json(answer: Any, body: bytes) -> object:  # noqa: ANN401  # a response of requests
    del answer
    found = problem_of(body)
    if found is None:
        raise failed(Cause.NOT_COUNTY)
    return found


def _refusal(answer: Any, body: bytes) -> Exception:  # noqa: ANN401  # a response of requests
    document = problem_of(body)
    told = document if isinstance(document, dict) else {}
    if str(told.get("type", "")).endswith("/too_many_tries"):
        return TooManyTries(int(answer.headers.get("Retry-After", "30")))
    if told.get("title") and answer.status_code in _REFUSED:
        return EnrolmentRefused(reason_in(told))
    return failed(Cause.SERVER if told else Cause.NOT_COUNTY)


def reason_in(problem: dict[str, object]) -> str:
    """The plain words of a problem document; they prove nothing and change nothing."""
    words = str(problem.get("detail") or problem.get("title") or "")[:300]
    return words.removeprefix("原因：").partition("。打电话问")[0].rstrip("。")
