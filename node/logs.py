"""Technical logs: JSON lines in the data directory, without personal data.

What may be written is a list (`ALLOWED`); any other key is dropped, and so is free text: values
are numbers, flags and short words. Exceptions are written as class and places in the code, never
with their message. Lines of libraries keep their logger's name and level only.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars
from typing_extensions import override

from node.clock import Clock, SystemClock

ALLOWED = frozenset(
    {
        "at", "attempt", "attachments", "bytes", "bytes_down", "bytes_up", "cause",
        "change_sets", "code", "count", "duration_ms", "epoch", "error", "event", "exit_code",
        "fact", "first", "frames", "item", "job", "kind", "last", "level", "library", "method",
        "number", "offset_ms", "operations", "pending", "port", "process", "quarantined",
        "reason", "received", "replica", "request", "role", "route", "rule", "sent", "seq",
        "slug", "state", "station", "status", "up_to", "version", "wait_ms",
    }
)  # fmt: skip
_WORD = re.compile(r"[\w.:/<>+-]{1,120}", re.ASCII)
_OURS = "bangban"
_FRAMES = 12
_FILE_BYTES = 2_000_000
_FILES = 5

Event = MutableMapping[str, Any]


class Logs:
    """The open log of one process; `close` gives the file back."""

    def __init__(self, handlers: tuple[logging.Handler, ...]) -> None:
        self._handlers = handlers
        for handler in handlers:
            logging.getLogger().addHandler(handler)

    def close(self) -> None:
        """Stop writing and close the file."""
        for handler in self._handlers:
            logging.getLogger().removeHandler(handler)
            handler.close()


def begin(directory: Path | None, *, process: str, clock: Clock | None = None) -> Logs:
    """Send every log line of this process where it belongs.

    Args:
        directory: where the file goes; without one, standard error only.
        process: `serve`, `command`: the file's name, so that a long process keeps its own.
        clock: tells `at`.
    """
    chain = _chain(clock or SystemClock())
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_foreign, *chain],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    return Logs(tuple(_handlers(directory, process, formatter)))


def logger() -> structlog.stdlib.BoundLogger:
    """The logger; events are words with dots (`sync.finished`), everything else is a key."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(_OURS)
    return bound


@contextmanager
def request(number: str) -> Iterator[None]:
    """Every line written inside carries this request id."""
    with bound_contextvars(request=number):
        yield


def _handlers(
    directory: Path | None, process: str, formatter: logging.Formatter
) -> Iterator[logging.Handler]:
    screen = logging.StreamHandler(sys.stderr)
    screen.setLevel(logging.INFO if process == "serve" else logging.CRITICAL)
    screen.setFormatter(formatter)
    yield screen
    if directory is not None and directory.is_dir():
        file = _PatientFile(
            directory / f"{process}.log",
            maxBytes=_FILE_BYTES,
            backupCount=_FILES,
            encoding="utf-8",
            delay=True,
        )
        file.setFormatter(formatter)
        yield file


class _PatientFile(RotatingFileHandler):
    """Goes on with a full file where another process (Windows) keeps it from being renamed."""

    @override
    def doRollover(self) -> None:
        try:
            super().doRollover()
        except OSError:
            self.stream = self._open()

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk must not stop the work, and no traceback may reach a person."""


def _chain(clock: Clock) -> list[Any]:
    def stamp(_logger: object, _method: str, event: Event) -> Event:
        event["at"] = clock.now_ms()
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        stamp,
        _tell_exception,
        keep_allowed,
    ]


def _foreign(_logger: object, _method: str, event: Event) -> Event:
    record: logging.LogRecord = event["_record"]
    error = record.exc_info[1] if record.exc_info else None
    event.update(event="library", library=record.name, error=error)
    event.pop("exc_info", None)
    return event


def _tell_exception(_logger: object, _method: str, event: Event) -> Event:
    error = event.pop("error", None)
    if isinstance(error, BaseException):
        event["error"] = _class_name(error)
        event["frames"] = _places(error)
        event["cause"] = _class_name(error.__cause__ or error.__context__)
    elif error is not None:
        event["error"] = error
    return event


def _class_name(error: BaseException | None) -> str | None:
    return f"{type(error).__module__}.{type(error).__qualname__}" if error else None


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames]


def keep_allowed(_logger: object, _method: str, event: Event) -> Event:
    """Drop every key that is not in the list and every value that could be free text."""
    kept = {key: value for key, value in event.items() if _may_stand(key, value)}
    kept.setdefault("event", "unnamed")
    return kept


def _may_stand(key: str, value: object) -> bool:
    if key in {"_record", "_from_structlog"}:
        return True
    if key not in ALLOWED or value is None:
        return False
    if isinstance(value, list):
        return all(isinstance(entry, str) and _WORD.fullmatch(entry) for entry in value)
    return isinstance(value, int) or bool(isinstance(value, str) and _WORD.fullmatch(value))
