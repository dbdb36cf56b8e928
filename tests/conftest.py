"""What all tests share: the switch that renews pinned outputs, and a garbage collector that has less to look at."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


gc.set_threshold(50_000, 20, 20)
"""Thousands of cases are read before the first test, and none of them is garbage."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the outputs in tests/golden anew")


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
