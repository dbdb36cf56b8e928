"""The figures of a run of the benchmarks: medians, ratios of paired rounds, and how they are kept in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.measure import Race, Sample, median

MB = 1024 * 1024
Measure = Callable[[Sample], float]


def seconds(sample: Sample) -> float:
    """Wall clock."""
    return sample.seconds


def cpu(sample: Sample) -> float:
    """Processor time, which other programs on the machine disturb less."""
    return sample.cpu


def peak(sample: Sample) -> float:
    """Bytes."""
    return float(sample.peak)


CLOCKS: Mapping[str, Measure] = {"wall": seconds, "cpu": cpu}


@dataclass(frozen=True)
class Imports:
    """What starting a command loads."""

    command: str
    milliseconds: float
    """Spent in the import of all its modules, measured by the interpreter itself, which slows it somewhat."""
    modules: int
    own: int
    """Of them, ours."""


@dataclass(frozen=True)
class Project:
    """What was assessed."""

    title: str
    tables: int
    terraform_files: int
    terraform_bytes: int
    files: int
    bytes: int


@dataclass(frozen=True)
class Results:
    """Everything that was measured; what was not is missing."""

    races: Mapping[str, Race] = field(default_factory=dict)
    """By the key of the case."""
    imports: tuple[Imports, ...] = ()
    projects: Mapping[str, Project] = field(default_factory=dict)
    """By the key of the case, or of the contestant."""
    machine: Mapping[str, str] = field(default_factory=dict)
    """What it ran on, line by line."""
    clock: str = "wall"
    """Which of `CLOCKS` the ratios of times are made of."""
    rounds: Mapping[str, int] = field(default_factory=dict)
    """How often each case ran, besides what does not count."""
    others: Mapping[str, float] = field(default_factory=dict)
    """By case, the processors that other programs kept busy meanwhile; without what the system does not tell."""

    def samples(self, case: str, name: str) -> tuple[Sample, ...]:
        """Of a contestant; empty when it was not measured."""
        race = self.races.get(case)
        return race.samples.get(name, ()) if race else ()

    def median(self, case: str, name: str, measure: Measure) -> float | None:
        return median(measure(sample) for sample in self.samples(case, name))

    def ratio(self, case: str, name: str, other: str, measure: Measure | None = None) -> float | None:
        """The median of the ratios of paired rounds; of times unless another measure is given."""
        measure = measure or CLOCKS[self.clock]
        pairs = zip(self.samples(case, name), self.samples(case, other), strict=False)
        return median(measure(one) / measure(two) for one, two in pairs if measure(two))


def to_json(results: Results) -> str:
    """As text, for `from_json`."""
    return json.dumps(asdict(results), indent=1, default=dict) + "\n"


def from_json(text: str) -> Results:
    """What `to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    races = {
        key: Race(
            {name: tuple(Sample(**one) for one in found) for name, found in race["samples"].items()}, race["failed"]
        )
        for key, race in data["races"].items()
    }
    imports = tuple(Imports(**one) for one in data["imports"])
    projects = {key: Project(**one) for key, one in data["projects"].items()}
    return Results(races, imports, projects, data["machine"], data["clock"], data["rounds"], data["others"])
