"""Writes the page of figures: what was measured, on what, and which targets are held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.documents import filled
from benchmarks.results import CLOCKS, MB, Results, cpu, peak, seconds
from benchmarks.targets import BARE, COMMAND, FIRST, FURTHER, MANY, ONE, TARGETS, further, size_of

ASSESSED = {
    "example": "The example",
    "tables-10": "10 tables",
    "tables-100": "100 tables",
    "tables-1000": "1,000 tables",
    "files-100": "About 100 files",
}
"""Titles of the cases that assess one project."""
GROWN = (125, 250, 500, 1000)
"""Tables: each twice the one before."""
NOTHING = "Not measured in this run."
DISTURBING = 0.2
"""Processors that other programs keep busy, from which on the page says so."""


def page(results: Results) -> str:
    """The whole page in Markdown; what was not measured has its place in it, and says so."""
    parts = {
        "machine": _machine(results),
        "clock": f"Times are compared by {'wall clock' if results.clock == 'wall' else 'processor time'}.",
        "targets": _targets(results),
        "start": _race(results, "start", BARE, "bare interpreter"),
        "assessments": "\n\n".join(_assessment(results, case) for case in ASSESSED),
        "growth": _growth(results),
        "imports": _imports(results),
        "further": str(FURTHER),
        "process": _process(results),
        "portfolio": _several(results, "portfolio"),
        "many": _several(results, "many"),
    }
    return filled("performance.md", parts)


def _machine(results: Results) -> str:
    rows = ([name, value] for name, value in results.machine.items())
    return _table(("", ""), rows) if results.machine else NOTHING


def _targets(results: Results) -> str:
    rows = ([one.name, one.measured(results), one.limit, one.verdict(results), one.rounds(results)] for one in TARGETS)
    return _table(("figure", "measured", "bound", "verdict", "rounds"), rows)


def _assessment(results: Results, case: str) -> str:
    parts = [f"### {ASSESSED[case]}", *_size(results, case), _race(results, case, FIRST, "our first run")]
    return "\n\n".join(parts)


def _size(results: Results, case: str) -> Iterator[str]:
    if one := results.projects.get(case):
        terraform = f"{one.terraform_files} Terraform files of {one.terraform_bytes / 1024:,.0f} KB"
        yield f"{one.tables:,} tables; {terraform}; {one.files:,} files of {one.bytes / 1024:,.0f} KB in all."


def _race(results: Results, case: str, against: str, called: str) -> str:
    race = results.races.get(case)
    if not race or not (race.samples or race.failed):
        return NOTHING
    rows = []
    for name in race.samples:
        figures = (results.median(case, name, one) for one in (seconds, cpu, peak))
        rows.append([f"`{name}`", *_figures(*figures), _ratio(results.ratio(case, name, against))])
    parts = [_table(("command", "seconds", "processor", "memory", f"/ {called}"), rows)] if rows else []
    parts += [f"`{name}` is left out: it {reason}." for name, reason in race.failed.items()]
    return "\n\n".join([*parts, *_rounds(results, case)])


def _rounds(results: Results, case: str) -> Iterator[str]:
    """Of how many rounds the figures are, and what disturbed them."""
    if rounds := results.rounds.get(case):
        told = f"Medians of {rounds} rounds." if rounds > 1 else "One round."
        others = results.others.get(case, 0.0)
        disturbed = f" Other programs kept {others:.1f} processors busy meanwhile: the figures are disturbed."
        yield told + disturbed * (others > DISTURBING)


def _figures(wall: float | None, processor: float | None, memory: float | None) -> Iterator[str]:
    for value in (wall, processor):
        yield "-" if value is None else f"{value:.3f} s"
    yield "-" if memory is None else f"{memory / MB:.0f} MB"


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _growth(results: Results) -> str:
    rows = []
    for before, count in zip((None, *GROWN), GROWN, strict=False):
        name = size_of(count)
        if not results.samples("growth", name):
            continue
        figures = (results.median("growth", name, one) for one in (seconds, cpu, peak))
        doubled = (results.ratio("growth", name, size_of(before or 0), one) for one in (CLOCKS[results.clock], peak))
        rows.append([name, *_figures(*figures), *(f"x {one:.2f}" if one else "-" for one in doubled)])
    header = ("project", "seconds", "processor", "memory", "time per doubling", "memory per doubling")
    race = results.races.get("growth")
    failed = [f"{name} are left out: the run {reason}." for name, reason in (race.failed if race else {}).items()]
    return "\n\n".join([_table(header, rows) if rows else NOTHING, *failed, *_rounds(results, "growth")])


def _imports(results: Results) -> str:
    if not results.imports:
        return NOTHING
    rows = (
        [f"`readiness {one.command}`", f"{one.milliseconds:.0f} ms", str(one.modules), str(one.own)]
        for one in results.imports
    )
    table = _table(("command", "loading", "modules", "of them ours"), rows)
    return "\n\n".join([table, *_rounds(results, "imports")])


def _process(results: Results) -> str:
    parts = [_race(results, "process", COMMAND, "a run of its own")]
    cost, memory = further(results), results.ratio("process", MANY, ONE, peak)
    if cost is not None and memory is not None:
        parts.append(
            f"A further project costs {cost:.2f} of a run of its own; all take {memory:.2f} of the memory of one."
        )
    return "\n\n".join(parts)


def _several(results: Results, case: str) -> str:
    race = results.races.get(case)
    return _race(results, case, next(iter(race.samples), "") if race else "", "the first")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first stand to the right where there are more than two."""
    marks = ["---", *["--:" if len(header) > 2 else "---"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, marks, *rows))
