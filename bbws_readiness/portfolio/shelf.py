"""Keeps projects that were read until they are judged, as many as may be kept in memory."""

from __future__ import annotations

from pathlib import Path

from bbws_readiness.pipeline import ReadProject

MOST_KEPT = 24
"""By one process: a small project takes 600 kB, and memory is to be the same for any number. To read one once more
takes a tenth of what all of it costs."""


class Shelf:
    """Projects by their folder, in the memory of this process only."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: dict[Path, ReadProject] = {}

    def put(self, root: Path, read: ReadProject) -> None:
        """Keeps the project, unless there is no room; an older reading of it is forgotten in any case."""
        self._kept.pop(root, None)
        if len(self._kept) < self._most:
            self._kept[root] = read

    def take(self, root: Path) -> ReadProject | None:
        """The project, which is no longer kept; None when it was not."""
        return self._kept.pop(root, None)
