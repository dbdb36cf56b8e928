"""Measures whole commands beside those of others, writes docs/performance.md and holds the figures against the targets:

    python -m benchmarks.run [--only CASE] [--rounds N] [--quick] [--fresh] [--clock wall|cpu] [--strict]

Each case is kept as soon as it is done, so that the next run of the day goes on where this one was ended. The last
lines are the targets, each with its figure, its bound, and `held`, `missed` or `not measured`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.cases import Case, Ours, cases, example_in
from benchmarks.installed import BENCH, ROOT, NotInstalled, installed_tree
from benchmarks.kept import Kept, together
from benchmarks.loaded import measured
from benchmarks.machine import Beside, machine_of
from benchmarks.measure import race
from benchmarks.peers import Peers, found_peers
from benchmarks.results import CLOCKS, MB, Project, Results, cpu, peak, seconds
from benchmarks.table import page
from benchmarks.targets import TARGETS, lines

PAGE = ROOT / "docs" / "performance.md"
RESULTS = BENCH / "results"
IMPORTS = "imports"
IMPORT_ROUNDS, IMPORT_SECONDS = 3, 5
INTERRUPTED = 130
FOLDERS = {
    "example": "dynamodb_schemas",
    "tables-10": "tables_10",
    "tables-100": "tables_100",
    "tables-1000": "tables_1000",
    "files-100": "services_16",
}
"""Where the project of a case lies, below those of all cases."""


@dataclass(frozen=True)
class Part:
    """What is measured and kept as a whole."""

    key: str
    title: str
    rounds: int
    seconds: float
    """That all of it takes on two idle cores, about."""
    measure: Callable[[int], Results]
    """With so many rounds."""


@dataclass(frozen=True)
class Outcome:
    """What there is at the end of a run."""

    results: Results
    whole: bool
    """Whether every part has had all its rounds."""
    interrupted: bool


def main() -> None:
    options = _options()
    BENCH.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Outside of the checkout: a cache folder that lies in a checkout with the project is not used.
    with tempfile.TemporaryDirectory(prefix="readiness-bench-") as folder:
        try:
            outcome = _measured(Path(folder).resolve(), options)
        except NotInstalled as reason:
            sys.exit(str(reason))
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
    target = options.output or (PAGE if outcome.whole else BENCH / PAGE.name)
    target.write_text(page(outcome.results), encoding="utf-8")
    print(f"\nwritten: {os.path.relpath(target)}\n")
    print("\n".join(lines(outcome.results)))
    missed = any(one.verdict(outcome.results) == "missed" for one in TARGETS)
    sys.exit(INTERRUPTED if outcome.interrupted else int(options.strict and missed))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    keys = [*(case.key for case in cases(Ours(Path(), Path()), Peers(None, None, None), quick=False)), IMPORTS]
    parser.add_argument("--only", action="append", choices=keys, help="measure this case anew; may be repeated")
    parser.add_argument("--rounds", type=int, help="of every case, instead of what each has")
    parser.add_argument("--quick", action="store_true", help="one round of each, without the 1,000 projects")
    parser.add_argument("--fresh", action="store_true", help="measure again what is kept of an earlier run of the day")
    parser.add_argument("--clock", choices=sorted(CLOCKS), default="wall", help="which time the ratios compare")
    parser.add_argument("--strict", action="store_true", help="exit code 1 when a target is missed")
    parser.add_argument("--checkov", metavar="COMMAND", help="instead of installing the pinned one")
    parser.add_argument("--terraform", metavar="COMMAND", default="terraform")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the page goes")
    return parser.parse_args()


def _measured(work: Path, options: argparse.Namespace) -> Outcome:
    """Measures what is wanted and not kept; raises `NotInstalled`."""
    installed, tree = installed_tree()
    ours = Ours(installed, work)
    peers = found_peers(checkov=options.checkov, terraform=options.terraform)
    machine = machine_of(ours, peers, tree)
    kept = Kept(RESULTS, machine)
    parts = _parts(ours, peers, quick=False)
    wanted = _parts(ours, peers, quick=options.quick, rounds=1 if options.quick else options.rounds)
    todo = _todo(wanted, kept, options)
    interrupted = False
    try:
        _run(todo, kept, machine, options.clock)
    except KeyboardInterrupt:
        print("\ninterrupted; what is done is kept, and the next run of today goes on from there", flush=True)
        interrupted = True
    found = {part.key: one for part in parts if (one := kept.of(part.key))}
    whole = all(part.key in found and _rounds(found[part.key], part.key) >= part.rounds for part in parts)
    return Outcome(together(found.values(), machine, options.clock), whole, interrupted)


def _rounds(results: Results, key: str) -> int:
    return results.rounds.get(key, 0)


def _parts(ours: Ours, peers: Peers, *, quick: bool, rounds: int | None = None) -> list[Part]:
    """Everything that is measured, in its order; with the rounds that each has, unless another number is given."""
    found = []
    for case in cases(ours, peers, quick=quick):
        often = rounds or case.rounds
        seconds = case.seconds * (often + case.warm_up)
        found.append(Part(case.key, case.title, often, seconds, partial(_race_of, ours, case)))
    often = rounds or IMPORT_ROUNDS
    return [*found, Part(IMPORTS, "Imports", often, IMPORT_SECONDS * (often + 1), partial(_imports, ours))]


def _todo(parts: Sequence[Part], kept: Kept, options: argparse.Namespace) -> list[Part]:
    """What is to be measured: what is asked for by name, or what is not there with as many rounds."""
    if options.only:
        return [part for part in parts if part.key in options.only]
    there = [one.key for one in parts if (was := kept.of(one.key)) and _rounds(was, one.key) >= one.rounds]
    if options.fresh or not there:
        return list(parts)
    print(f"kept of an earlier run of today: {', '.join(there)}; --fresh measures everything again")
    return [part for part in parts if part.key not in there]


def _run(todo: Sequence[Part], kept: Kept, machine: Mapping[str, str], clock: str) -> None:
    """Measures one part after the other, and keeps each; tells how far it is, and how long the rest takes."""
    for number, part in enumerate(todo, 1):
        left = sum(one.seconds for one in todo[number - 1 :])
        print(f"\n{part.title} ({number} of {len(todo)}; rounds: {part.rounds}; {_told(left)} to the end)", flush=True)
        began, beside = time.monotonic(), Beside()
        found = part.measure(part.rounds)
        others = beside.processors()
        disturbed = {} if others is None else {part.key: others}
        whole = together([found, Results(rounds={part.key: part.rounds}, others=disturbed)], machine, clock)
        kept.put(part.key, whole)
        told = "" if others is None else f"; other programs kept {others:.1f} processors busy"
        print(f"  {time.monotonic() - began:.0f} s, about {part.seconds:.0f} s were expected{told}", flush=True)


def _told(left: float) -> str:
    return f"some {left / 60:.0f} minutes" if left >= 90 else f"some {left:.0f} s"


def _race_of(ours: Ours, case: Case, rounds: int) -> Results:
    found = Results({case.key: race(case.prepare(), rounds, warm_up=case.warm_up)}, projects=_projects(ours, case.key))
    for name in found.races[case.key].samples:
        wall, processor, memory = (found.median(case.key, name, one) or 0 for one in (seconds, cpu, peak))
        print(f"  {name:<24} {wall:8.3f} s  {processor:8.3f} s of processor  {memory / MB:6.0f} MB")
    for name, reason in found.races[case.key].failed.items():
        print(f"  {name:<24} left out: {reason}")
    return found


def _imports(ours: Ours, rounds: int) -> Results:
    found = measured(ours, example_in(ours), rounds)
    for one in found:
        print(f"  {one.command:<24} {one.milliseconds:8.0f} ms  {one.modules:5} modules, {one.own} ours")
    return Results(imports=found)


def _projects(ours: Ours, key: str) -> dict[str, Project]:
    """The size of what was assessed, by case; of several projects none."""
    if key not in FOLDERS:
        return {}
    name = FOLDERS[key]
    root = ours.work / "projects" / name
    sizes = {path: path.stat().st_size for path in root.rglob("*") if path.is_file()}
    terraform = [size for path, size in sizes.items() if path.suffix == ".tf"]
    tables = len(list(root.glob("schemas/*.schema.json")))
    return {key: Project(name, tables, len(terraform), sum(terraform), len(sizes), sum(sizes.values()))}


if __name__ == "__main__":
    main()
