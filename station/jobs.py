"""Work in the background of `serve`: the exchange and the sealing, by a scheduler.

A run that was missed (sleep, power cut) is caught up once at the start; two never overlap. What
the jobs do is given as functions; nothing here knows of cases.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler

from node import logs
from node.clock import BEIJING, Clock
from node.errors import NodeError
from sync.errors import SyncError

ZONE: Final = ZoneInfo("Asia/Shanghai")
EXCHANGE_SECONDS: Final = 15
SEAL_SECONDS: Final = 60
_EXCHANGE, _SEAL = "exchange", "seal"


class Background:
    """The jobs of one station.

    Attributes:
        busy: whether an exchange is running.
        last_problem: why the last try failed, or None.
    """

    def __init__(
        self, exchange: Callable[[bool], None], seal: Callable[[], object], clock: Clock
    ) -> None:
        """Not started yet.

        Args:
            exchange: one run; told whether somebody asked for it by hand.
            seal: signs what was written.
            clock: says when "now" is.
        """
        self._exchange = exchange
        self._seal = seal
        self._clock = clock
        self._asked = threading.Event()
        self._planned: Callable[[], int | None] = lambda: None
        self.busy = False
        self.last_problem: Exception | None = None
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone=ZONE, job_defaults=defaults, daemon=True)

    def start(self, planned: Callable[[], int | None]) -> None:
        """Begin: at once, then by the timer.

        Args:
            planned: when the back-off lets it try again, milliseconds.
        """
        self._planned = planned
        add = self._scheduler.add_job
        add(self._run, "interval", seconds=EXCHANGE_SECONDS, id=_EXCHANGE, next_run_time=self._now)
        add(self._guarded, "interval", [self._seal], seconds=SEAL_SECONDS, id=_SEAL)
        self._scheduler.start()

    def stop(self) -> None:
        """End; a run under way comes to its next durable step."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def wake(self) -> None:
        """Try now, whatever the back-off says; returns at once."""
        self._asked.set()
        if self._scheduler.running:
            self._scheduler.modify_job(_EXCHANGE, next_run_time=self._now)

    @property
    def retry_at(self) -> int | None:
        """When it tries by itself again, milliseconds since the epoch; None: at the next tick."""
        return self._planned()

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, BEIJING)

    def _run(self) -> None:
        by_hand = self._asked.is_set()
        self._asked.clear()
        self.busy = True
        try:
            self.last_problem = self._guarded(lambda: self._exchange(by_hand))
        finally:
            self.busy = False

    def _guarded(self, work: Callable[[], object]) -> Exception | None:
        """A job never ends the scheduler; what it could not do is told and tried again."""
        try:
            work()
        except (NodeError, SyncError) as error:
            return error
        except Exception as error:  # noqa: BLE001  # the last door of a thread
            logs.logger().error("job.failed", error=error)
            return error
        return None
