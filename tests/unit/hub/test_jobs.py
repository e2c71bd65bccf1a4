"""The daily round of the hub: once at the start, and no failure ends it."""

import threading

from hub.jobs import Background
from node.clock import FixedClock, SystemClock


def test_it_is_done_at_the_start():
    done = threading.Event()
    jobs = Background(done.set, SystemClock())
    jobs.start()
    try:
        assert done.wait(10)
    finally:
        jobs.stop()
    jobs.stop()


def test_a_failure_is_survived():
    def fail():
        raise ValueError("no")

    jobs = Background(fail, FixedClock(1_000_000_000_000, 1))
    jobs.run()
    jobs.stop()
