"""How many processors this process may use."""

from __future__ import annotations

import os
from pathlib import Path


def available() -> int:
    """The processors that this process may use: as the system lets it, and as its group is allowed; at least one."""
    try:
        free = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        free = os.cpu_count() or 1
    return max(min(free, quota() or free), 1)


def quota(groups: Path = Path("/sys/fs/cgroup")) -> int:
    """The processors of the control group as a container sees it, rounded up; 0 where it has no limit."""
    for quota_file, period_file in (("cpu.max", ""), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            words = " ".join(_first_line(groups / name) for name in (quota_file, period_file) if name).split()
            allowed, period = (int(word) for word in words)
        except (OSError, ValueError):
            continue
        if allowed > 0 and period > 0:
            return -(-allowed // period)
    return 0


def _first_line(file: Path) -> str:
    with file.open(encoding="ascii") as lines:
        return lines.readline(100)
