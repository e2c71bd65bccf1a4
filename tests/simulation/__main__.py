"""`make sim SEEDS=10000`: many seeds in several processes, with a report.

The seeds that failed once run first. The exit code is 1 when any seed fails.
"""

import argparse
import multiprocessing
import os
import sys
import time

from tests.simulation import swarm
from tests.simulation.template import template

_SHOWN = 5
_EVERY = 500


def main() -> int:
    """Run seeds; answers the exit code."""
    asked = _arguments()
    began = time.monotonic()
    seeds = list(range(asked.start, asked.start + asked.seeds))
    known = [] if asked.only else [s for s in swarm.known() if s not in seeds]
    template()  # made once; the workers are forked with it
    tally = swarm.Tally()
    with multiprocessing.get_context("fork").Pool(asked.jobs) as pool:
        for outcome in pool.imap_unordered(swarm.of_seed, [*known, *seeds], chunksize=4):
            tally.add(outcome)
            if outcome.complaints:
                _say(f"seed {outcome.plan.seed} fails: {outcome.complaints[0]}")
            if tally.seeds % _EVERY == 0:
                _say(f"{tally.seeds} seeds, {time.monotonic() - began:.0f} s")
    _say(*tally.lines(), f"{time.monotonic() - began:.0f} s, {asked.jobs} at a time")
    for outcome in sorted(tally.failed, key=lambda o: o.plan.seed)[:_SHOWN]:
        _say(swarm.explained(outcome, tries=asked.shrink))
    return 1 if tally.failed else 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--start", type=int, default=0, help="the first")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--shrink", type=int, default=120, help="runs spent on each failure")
    parser.add_argument("--only", action="store_true", help="leave out seeds that failed once")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
