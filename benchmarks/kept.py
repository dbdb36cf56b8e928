"""Keeps the results of each case as soon as there are any, so that a run goes on where an earlier one was ended."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.results import Results, from_json, to_json


class Kept:
    """The results of single cases, a file for each; those of another tree, machine or day are none."""

    def __init__(self, folder: Path, machine: Mapping[str, str]) -> None:
        """`machine` is what the results have to agree in; the folder is made when something is put there."""
        self._folder, self._machine = folder, dict(machine)

    def put(self, case: str, results: Results) -> None:
        """Writes them, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._folder / f"{case}.{os.getpid()}.tmp"
        beside.write_text(to_json(results), encoding="utf-8")
        beside.replace(self._file(case))

    def of(self, case: str) -> Results | None:
        """What is there of the case and can be told beside what is measured now."""
        try:
            found = from_json(self._file(case).read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return found if dict(found.machine) == self._machine else None

    def _file(self, case: str) -> Path:
        return self._folder / f"{case}.json"


def together(parts: Iterable[Results], machine: Mapping[str, str], clock: str) -> Results:
    """The results of several cases as those of one run."""
    every = tuple(parts)
    return Results(
        races=dict(item for one in every for item in one.races.items()),
        imports=tuple(row for one in every for row in one.imports),
        projects=dict(item for one in every for item in one.projects.items()),
        machine=machine,
        clock=clock,
        rounds=dict(item for one in every for item in one.rounds.items()),
        others=dict(item for one in every for item in one.others.items()),
    )
