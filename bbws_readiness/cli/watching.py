"""Tells, while several projects are assessed, how far that has come: a line for each, or a bar at a terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bbws_readiness.cli.output import progress
from bbws_readiness.cli.request import Request

WIDTH = 30
"""Characters of the bar."""
USUAL = 80
"""Columns of a terminal that does not tell."""


class Unwatched:
    """Says, with -v, which project is read next; each is done within moments."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def looked(self, path: str) -> None:
        """Tells of the project when that is wanted."""
        if self._request.verbose:
            progress(f"assessing {Path(path).name or 'this folder'} for {self._request.environment}")

    def judged(self, path: str, verdict: str) -> None:
        """The table tells."""


class Lines:
    """A line on standard error for each project that is done, in the order in which they end."""

    def looked(self, path: str) -> None:
        """Nothing can be told of it yet."""

    def judged(self, path: str, verdict: str) -> None:
        """Tells the verdict."""
        progress(f"{path}: {verdict}")


class Bar:
    """One line on standard error that is written over and over, and is gone at the end."""

    def __init__(self, number: int) -> None:
        """`number` of projects; each counts half when it is read."""
        self._whole, self._looked, self._judged, self._shown = number, 0, 0, ""

    def looked(self, path: str) -> None:
        """Half a project more."""
        self._looked += 1
        self._show()

    def judged(self, path: str, verdict: str) -> None:
        """A whole one more."""
        self._judged += 1
        self._show()
        if self._judged == self._whole:
            self.end()

    def _show(self) -> None:
        full = (self._looked + self._judged) * WIDTH // (2 * self._whole)
        text = f"{self._looked} read, {self._judged} of {self._whole} assessed"
        longest = len(f"{self._whole} read, {self._whole} of {self._whole} assessed")
        room = _columns() - 1
        if longest + WIDTH + 3 <= room:
            text = f"[{'#' * full}{' ' * (WIDTH - full)}] {text}"
        text = text[:room]
        if text != self._shown:
            self._shown = text
            _write(f"\r{text}")

    def end(self) -> None:
        """Takes the line away."""
        if self._shown:
            _write("\r" + " " * len(self._shown) + "\r")
            self._shown = ""


class Silent:
    """Tells nothing."""

    def looked(self, path: str) -> None:
        """Nothing."""

    def judged(self, path: str, verdict: str) -> None:
        """Nothing."""


def shows_bar() -> bool:
    """Whether a person watches: standard error is a terminal that can write over a line, and no pipeline runs."""
    stream = sys.stderr
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


def _columns() -> int:
    """Of the terminal; a line that is longer could not be written over."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or USUAL
    except (OSError, ValueError, AttributeError):
        return USUAL


def _write(text: str) -> None:
    if sys.stderr is not None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            return
