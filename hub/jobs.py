"""Work in the background of `hub serve`: the daily round, by a scheduler.

Asked for every ten minutes and at the start, so that a hub that stood still over midnight, or was
switched off for days, catches up once. What the job does is given as a function.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler

from node import logs
from node.clock import BEIJING, Clock

ZONE: Final = ZoneInfo("Asia/Shanghai")
ROUND_SECONDS: Final = 600


class Background:
    """The jobs of the hub; those that are told to wait find out for themselves."""

    def __init__(self, daily: Callable[[], object], clock: Clock) -> None:
        """Not started yet.

        Args:
            daily: goes round unless that was done today, or the hub is still locked.
            clock: says when "now" is.
        """
        self._daily = daily
        self._clock = clock
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone=ZONE, job_defaults=defaults, daemon=True)

    def start(self) -> None:
        """Begin: at once, then every ten minutes."""
        now = datetime.fromtimestamp(self._clock.now_ms() / 1000, BEIJING)
        add = self._scheduler.add_job
        add(self.run, "interval", seconds=ROUND_SECONDS, id="daily", next_run_time=now)
        self._scheduler.start()

    def stop(self) -> None:
        """End; a round under way comes to its next durable step."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def run(self) -> None:
        """Do it; a job never ends the scheduler: what it could not do is logged and tried again."""
        try:
            self._daily()
        except Exception as error:  # noqa: BLE001  # the last door of a thread
            logs.logger().error("job.failed", error=error)
