"""What the figures are measured on: processor, memory, system, and the versions of all programs."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cases import Ours
from benchmarks.installed import clean_environment
from benchmarks.peers import Peers
from benchmarks.results import MB

BUSY = 0.5
"""Processes that want to run, above which the figures are disturbed."""


def machine_of(ours: Ours, peers: Peers) -> dict[str, str]:
    """Line by line, as the page tells it; with the load before the measurement, since that spoils it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    load = os.getloadavg()[0]
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": f"{_processor()}, {_cores()} cores",
        "memory": f"{memory / MB / 1024:.0f} GB",
        "system": platform.platform(aliased=True),
        "load before": f"{load:.1f}" + (" (other programs were running: the figures are disturbed)" * (load > BUSY)),
        "Python": platform.python_version(),
        "readiness": _version(ours),
        **peers.versions(),
    }


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
