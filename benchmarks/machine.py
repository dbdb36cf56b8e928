"""What the figures are measured on, and by what they were disturbed: the machine, all versions, other programs."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cases import Ours
from benchmarks.installed import clean_environment
from benchmarks.peers import Peers
from benchmarks.results import MB

STAT = Path("/proc/stat")
IDLE = (3, 4)
"""Of the figures of a processor there: doing nothing, and waiting for a disk."""


def machine_of(ours: Ours, peers: Peers, tree: str) -> dict[str, str]:
    """Line by line, as the page tells it; `tree` is the digest of what was installed."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": f"{_processor()}, {_cores()} cores",
        "memory": f"{memory / MB / 1024:.0f} GB",
        "system": platform.platform(aliased=True),
        "Python": platform.python_version(),
        "readiness": f"{_version(ours)}, tree {tree[:12]}",
        **peers.versions(),
    }


class Beside:
    """Other programs of the machine, from the moment at which this is made."""

    def __init__(self) -> None:
        self._began, self._all, self._own = time.monotonic(), _busy(), _own()

    def processors(self) -> float | None:
        """How many they have kept busy, with what the host has taken; None where the system does not tell."""
        now = _busy()
        if self._all is None or now is None:
            return None
        others = (now - self._all) - (_own() - self._own)
        return max(others / max(time.monotonic() - self._began, 0.001), 0.0)


def _busy() -> float | None:
    """Seconds that all processors together have worked."""
    try:
        line = STAT.read_text(encoding="ascii").partition("\n")[0]
    except OSError:
        return None
    # user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of user and nice.
    figures = [int(word) for word in line.split()[1:9]]
    return sum(one for place, one in enumerate(figures) if place not in IDLE) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    """Seconds of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _version(ours: Ours) -> str:
    command = (str(ours.bin / "readiness"), "--version")
    done = subprocess.run(command, env=clean_environment(), cwd=ours.work, capture_output=True, text=True, check=False)
    return (done.stdout.split() or ["unknown"])[-1]
