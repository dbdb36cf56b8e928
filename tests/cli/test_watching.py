"""The bar of `readiness portfolio`: one line of the terminal, however narrow, and none when the run is over."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bbws_readiness.cli.watching import Bar, shows_bar
from tests.cases import each

termios = pytest.importorskip("termios", reason="the system has no terminals")


class Terminal(io.StringIO):
    """Keeps what is written to it; of a real terminal it has the size."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self._ours, self._theirs = os.openpty()
        termios.tcsetwinsize(self._theirs, (24, columns))

    def fileno(self) -> int:
        return self._theirs

    def isatty(self) -> bool:
        return os.isatty(self._theirs)

    def close(self) -> None:
        if not self.closed:
            os.close(self._theirs)
            os.close(self._ours)
        super().close()


@contextmanager
def terminal(columns: int) -> Iterator[Terminal]:
    made = Terminal(columns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", made)
        yield made
    made.close()


def run(bar: Bar, number: int) -> None:
    for position in range(number):
        bar.looked(str(position))
    for position in range(number):
        bar.judged(str(position), "READY")


@each("columns", [120, 60, 59, 20])
def test_no_line_is_longer_than_the_terminal(columns: int) -> None:
    with terminal(columns) as seen:
        run(Bar(12), 12)
        lines = seen.getvalue().split("\r")
    assert max(map(len, lines)) < columns
    assert ("[##############################]" in lines[-3]) is (columns >= 60)
    assert (lines[-2].strip(), lines[-1]) == ("", "")


def test_an_end_before_the_end_takes_the_line_away_once() -> None:
    with terminal(80) as seen:
        bar = Bar(2)
        bar.looked("a")
        shown = seen.getvalue().lstrip("\r")
        bar.end()
        bar.end()
        assert seen.getvalue() == f"\r{shown}\r{' ' * len(shown)}\r"
    assert "1 read, 0 of 2 assessed" in shown


@each(("kind", "pipeline", "shown"), [("xterm", "", True), ("dumb", "", False), ("xterm", "true", False)])
def test_a_bar_is_for_a_person_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, kind: str, pipeline: str, *, shown: bool
) -> None:
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setenv("CI", pipeline)
    with terminal(80):
        assert shows_bar() is shown
