"""What the benchmarks are held against: each target with its bound, and whether the figures keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.results import CLOCKS, Results, peak

FIRST, SECOND = "assess, first run", "assess, second run"
VERSION, BARE = "readiness --version", "python -c pass"
CHECKOV, TRIVY, PLAN, VALIDATE = "checkov", "trivy", "terraform plan", "terraform validate"
OTHERS = frozenset({BARE, CHECKOV, TRIVY, PLAN, VALIDATE})
"""Runs of other programs: that one fails says nothing of us."""
COMMAND, ONE, MANY = "assess", "one in one process", "21 in one process"
FURTHER = 20
"""Projects of `MANY` after the first."""
ONE_WORKER, TWO_WORKERS, HUNDRED, SHOWN = "1000, one worker", "1000, two workers", "100, two workers", "200, one broken"
SMALL_SIZE, LARGE_SIZE = 100, 1000
"""Tables, for the growth per table."""


@dataclass(frozen=True)
class Target:
    """A bound for one figure, which is made of runs of one case."""

    name: str
    bound: float
    case: str
    runs: tuple[str, ...]
    """Ours and those of others."""
    figure: Callable[[Results], float | None]
    """None when one of its runs is missing."""
    at_least: bool = False
    """The figure must not be below the bound; else not above it."""
    unit: str = ""
    """Empty for a ratio."""

    def verdict(self, results: Results) -> str:
        """`held`, `missed` or `not measured`; a run of ours that failed holds nothing."""
        figure = self.figure(results)
        if figure is None:
            return "missed" if self._failed(results) else "not measured"
        return "held" if (figure >= self.bound if self.at_least else figure <= self.bound) else "missed"

    def measured(self, results: Results) -> str:
        """The figure as it is printed; `failed` where a run of ours did, else a dash for none."""
        figure = self.figure(results)
        if figure is None:
            return "failed" if self._failed(results) else "-"
        return f"{figure:.2f}{self.unit}"

    def _failed(self, results: Results) -> bool:
        """Whether the figure is missing for a run of ours alone."""
        race = results.races.get(self.case)
        missing = [name for name in self.runs if not results.samples(self.case, name)]
        return race is not None and all(name in race.failed and name not in OTHERS for name in missing)

    def rounds(self, results: Results) -> str:
        """How often its runs were measured; a dash where they were not."""
        return str(results.rounds.get(self.case, "-"))

    @property
    def limit(self) -> str:
        """The bound as it is printed: `<= 0.15`."""
        return f"{'>=' if self.at_least else '<='} {self.bound:g}{self.unit}"


def _time(name: str, bound: float, case: str, run: str, other: str) -> Target:
    return Target(name, bound, case, (run, other), lambda results: results.ratio(case, run, other))


def _memory(name: str, bound: float, case: str, run: str, other: str) -> Target:
    return Target(f"memory, {name}", bound, case, (run, other), lambda results: results.ratio(case, run, other, peak))


def size_of(tables: int) -> str:
    """The name of a run of the growth."""
    return f"{tables} tables"


def _per_table(results: Results) -> float | None:
    whole = results.ratio("growth", size_of(LARGE_SIZE), size_of(SMALL_SIZE))
    return whole * SMALL_SIZE / LARGE_SIZE if whole is not None else None


def further(results: Results) -> float | None:
    """What a further project of the same process costs, in runs of the command."""
    many, one = results.ratio("process", MANY, COMMAND), results.ratio("process", ONE, COMMAND)
    return (many - one) / FURTHER if many is not None and one is not None else None


def _shown(results: Results) -> float | None:
    return results.median("portfolio", SHOWN, CLOCKS["wall"])


def _workers(results: Results) -> float | None:
    return results.ratio("many", ONE_WORKER, TWO_WORKERS, CLOCKS["wall"])


GROWN = (size_of(SMALL_SIZE), size_of(LARGE_SIZE))
TARGETS = (
    _time("`readiness --version` / bare interpreter", 4, "start", VERSION, BARE),
    _time("the example / checkov", 0.15, "example", FIRST, CHECKOV),
    _time("the example / trivy", 0.40, "example", FIRST, TRIVY),
    _time("the example / terraform plan", 0.15, "example", FIRST, PLAN),
    _time("second run / first, files unchanged", 0.6, "example", SECOND, FIRST),
    _time("1,000 tables / checkov", 0.65, "tables-1000", FIRST, CHECKOV),
    Target("per table, at 1,000 / at 100", 1.1, "growth", GROWN, _per_table),
    _time("100 files / checkov", 0.20, "files-100", FIRST, CHECKOV),
    _memory("the example / checkov", 0.4, "example", FIRST, CHECKOV),
    _memory("100 files / checkov", 0.4, "files-100", FIRST, CHECKOV),
    _memory("1,000 tables / checkov", 1.0, "tables-1000", FIRST, CHECKOV),
    Target("a further project in one process / a run of its own", 0.25, "process", (COMMAND, ONE, MANY), further),
    Target("200 projects, one of them broken, on two cores", 20, "portfolio", (SHOWN,), _shown, unit=" s"),
    Target("1,000 projects, one worker / two", 1.7, "many", (ONE_WORKER, TWO_WORKERS), _workers, at_least=True),
    _memory("1,000 projects / 100", 1.15, "many", TWO_WORKERS, HUNDRED),
)


def lines(results: Results) -> list[str]:
    """A line per target: name, figure, bound and verdict, in columns."""
    width = max(len(target.name) for target in TARGETS)
    return [
        f"{target.name:<{width}}  {target.measured(results):>8}  {target.limit:<8}  {target.verdict(results)}"
        for target in TARGETS
    ]
