"""How many processors a run may use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bbws_readiness.process.processors import quota
from tests.cases import each


def test_one_that_is_left_is_all_there_is() -> None:
    script = (
        "import os; from bbws_readiness.process.processors import available; "
        "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); print(available())"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout == b"1\n"


@each(
    ("files", "expected"),
    [
        ({}, 0),
        ({"cpu.max": "max 100000\n"}, 0),
        ({"cpu.max": "100000 100000\n"}, 1),
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "0 0\n"}, 0),
        ({"cpu.max": ""}, 0),
        ({"cpu.max": "many\n"}, 0),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 0),
        ({"cpu/cpu.cfs_quota_us": "400000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 4),
        ({"cpu/cpu.cfs_quota_us": "400000\n"}, 0),
        ({"cpu.max": "max 100000\n", "cpu/cpu.cfs_quota_us": "2\n", "cpu/cpu.cfs_period_us": "1\n"}, 2),
    ],
)
def test_the_quota_of_a_container(files: dict[str, str], expected: int, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert quota(tmp_path) == expected
