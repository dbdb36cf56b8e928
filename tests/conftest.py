"""What all tests share: the switch that renews pinned outputs, and a garbage collector that has less to look at."""

import gc
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.cases import WANTED

GOLDEN = Path(__file__).parent / "golden"


gc.set_threshold(50_000, 20, 20)
"""Thousands of cases are read before the first test, and none of them is garbage."""


MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes; what lies there at one time is far less, because the folder of a test that passed is removed."""


def _has_room(folder: Path) -> bool:
    """Whether projects can be written there as on a disk, programs that are run included."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return False
    system = os.statvfs(folder)
    return system.f_bavail * system.f_frsize >= ROOM and not system.f_flag & os.ST_NOEXEC


if "TMPDIR" not in os.environ and hasattr(os, "ST_NOEXEC") and _has_room(MEMORY):
    # Thousands of small projects are written and removed: to keep them in memory takes a tenth of the time.
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


# Code that a test changes must be run, so nothing of another test is used again; tests/cache has folders of its own.
os.environ["READINESS_NO_CACHE"] = "1"
os.environ["XDG_CACHE_HOME"] = str(Path(tempfile.gettempdir()) / "readiness-tests-keep-nothing")


# Whether a text is read in 200 ms tells of the machine and its other work: no test is timed.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the outputs in tests/golden anew")
    parser.addoption(
        "--case", action="append", default=[], help="of tests over tables, only cases with this in the name"
    )


def pytest_configure(config: pytest.Config) -> None:
    WANTED[:] = config.getoption("--case")


def pytest_collection_finish() -> None:
    """The cases stay to the end: no test looks through them for garbage again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def golden(pytestconfig: pytest.Config) -> Callable[[str, str], None]:
    """Compares a text with the file of that name in tests/golden, or writes it with `--update-golden`."""
    update = bool(pytestconfig.getoption("--update-golden"))

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        assert path.is_file(), f"{name} is not pinned yet: run pytest --update-golden tests/test_golden.py"
        expected = path.read_text(encoding="utf-8")
        assert text.splitlines() == expected.splitlines(), f"{name} changed: look at it, then --update-golden"
        assert text == expected

    return check
