"""How many processors this process may use."""

from __future__ import annotations

import os


def available() -> int:
    """The processors that this process may use: as the system lets it, and as its group is allowed; at least one."""
    try:
        free = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        free = os.cpu_count() or 1
    return max(min(free, _quota() or free), 1)


def _quota() -> int:
    """The processors of the control group, rounded up; 0 where it has no limit."""
    for quota_file, period_file in (
        ("/sys/fs/cgroup/cpu.max", ""),
        ("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us"),
    ):
        try:
            words = " ".join(_first_line(name) for name in (quota_file, period_file) if name).split()
            quota, period = (int(word) for word in words)
        except (OSError, ValueError):
            continue
        if quota > 0 and period > 0:
            return -(-quota // period)
    return 0


def _first_line(name: str) -> str:
    with open(name, encoding="ascii") as file:  # noqa: PTH123 - of the system
        return file.readline()
