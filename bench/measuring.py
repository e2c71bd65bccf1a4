"""Small honest measurements: medians, tails, and the peak memory of other processes."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, seconds."""

    p50: float
    p99: float
    count: int


def spread(samples: Sequence[float]) -> Spread:
    """Sum up samples (seconds)."""
    ordered = sorted(samples)
    return Spread(
        statistics.median(ordered),
        ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        len(ordered),
    )


def timed(work: Callable[[], object]) -> float:
    """Run something once; answers seconds of wall time."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class Finished:
    """A child process that ended.

    Attributes:
        peak: bytes of memory at most.
    """

    code: int
    output: str
    seconds: float
    peak: int


def run_measured(line: Sequence[str]) -> Finished:
    """Run a command and measure that one process (Linux: ru_maxrss is in KiB)."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(line, stdout=output, stderr=subprocess.DEVNULL)  # noqa: S603  # our own programs
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        output.seek(0)
        return Finished(process.returncode, output.read(), seconds, used.ru_maxrss * 1024)


def peak_of(pid: int) -> int:
    """The peak memory of a running process, bytes; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    found = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(found[0]) * 1024 if found else 0
