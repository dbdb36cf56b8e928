"""Measures whole commands beside those of others, writes docs/performance.md and holds the figures against the targets:

    python -m benchmarks.run [--only CASE] [--rounds N] [--quick] [--clock wall|cpu] [--strict]

The last lines are the targets, each with its figure, its bound, and `held`, `missed` or `not measured`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.cases import Case, Ours, cases, example_in
from benchmarks.installed import BENCH, ROOT, NotInstalled, installed_tree
from benchmarks.loaded import measured
from benchmarks.machine import machine_of
from benchmarks.measure import Race, race
from benchmarks.peers import Peers, found_peers
from benchmarks.results import CLOCKS, MB, Imports, Project, Results, cpu, peak, seconds, to_json
from benchmarks.table import page
from benchmarks.targets import TARGETS, lines

PAGE = ROOT / "docs" / "performance.md"
IMPORTS = "imports"
FOLDERS = {
    "example": "dynamodb_schemas",
    "tables-10": "tables_10",
    "tables-100": "tables_100",
    "tables-1000": "tables_1000",
    "files-100": "services_16",
}
"""Where the project of a case lies, below those of all cases."""


def main() -> None:
    options = _options()
    BENCH.mkdir(parents=True, exist_ok=True)
    # Outside of the checkout: a cache folder that lies in a checkout with the project is not used.
    with tempfile.TemporaryDirectory(prefix="readiness-bench-") as folder:
        try:
            ours = Ours(installed_tree(), Path(folder).resolve())
        except NotInstalled as reason:
            sys.exit(str(reason))
        results = _measured(ours, options)
    (BENCH / "results.json").write_text(to_json(results), encoding="utf-8")
    target = options.output or (BENCH / PAGE.name if options.only or options.quick else PAGE)
    target.write_text(page(results), encoding="utf-8")
    print(f"\nwritten: {os.path.relpath(target)}\n")
    print("\n".join(lines(results)))
    missed = any(target.verdict(results) == "missed" for target in TARGETS)
    sys.exit(int(options.strict and missed))


def _measured(ours: Ours, options: argparse.Namespace) -> Results:
    peers = found_peers(checkov=options.checkov, terraform=options.terraform)
    machine = machine_of(ours, peers)
    wanted = [case for case in cases(ours, peers, quick=options.quick) if not options.only or case.key in options.only]
    races = {case.key: _run(case, options) for case in wanted}
    return Results(races, _imports(ours, options), projects_of(ours, races), machine, options.clock)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    keys = [*(case.key for case in cases(Ours(Path(), Path()), Peers(None, None, None), quick=False)), IMPORTS]
    parser.add_argument("--only", action="append", choices=keys, help="this case alone; may be repeated")
    parser.add_argument("--rounds", type=int, help="of every case, instead of what each has")
    parser.add_argument("--quick", action="store_true", help="one round of each, without the 1,000 projects")
    parser.add_argument("--clock", choices=sorted(CLOCKS), default="wall", help="which time the ratios compare")
    parser.add_argument("--strict", action="store_true", help="exit code 1 when a target is missed")
    parser.add_argument("--checkov", metavar="COMMAND", help="instead of installing the pinned one")
    parser.add_argument("--terraform", metavar="COMMAND", default="terraform")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the page goes")
    return parser.parse_args()


def _run(case: Case, options: argparse.Namespace) -> Race:
    rounds = 1 if options.quick else options.rounds or case.rounds
    print(f"\n{case.title}", flush=True)
    began = time.monotonic()
    result = race(case.prepare(), rounds, warm_up=case.warm_up)
    shown = Results({case.key: result})
    for name in result.samples:
        wall, processor, memory = (shown.median(case.key, name, one) or 0 for one in (seconds, cpu, peak))
        print(f"  {name:<24} {wall:8.3f} s  {processor:8.3f} s of processor  {memory / MB:6.0f} MB")
    for name, reason in result.failed.items():
        print(f"  {name:<24} left out: {reason}")
    print(f"  rounds: {rounds}; {time.monotonic() - began:.0f} s", flush=True)
    return result


def _imports(ours: Ours, options: argparse.Namespace) -> tuple[Imports, ...]:
    if options.only and IMPORTS not in options.only:
        return ()
    print("\nImports", flush=True)
    found = measured(ours, example_in(ours), 1 if options.quick else 3)
    for one in found:
        print(f"  {one.command:<24} {one.milliseconds:8.0f} ms  {one.modules:5} modules, {one.own} ours")
    return found


def projects_of(ours: Ours, races: dict[str, Race]) -> dict[str, Project]:
    """The sizes of what was assessed, by case."""
    found = {}
    for key, name in FOLDERS.items():
        if key in races:
            root = ours.work / "projects" / name
            sizes = {path: path.stat().st_size for path in root.rglob("*") if path.is_file()}
            terraform = [size for path, size in sizes.items() if path.suffix == ".tf"]
            tables = len(list(root.glob("schemas/*.schema.json")))
            found[key] = Project(name, tables, len(terraform), sum(terraform), len(sizes), sum(sizes.values()))
    return found


if __name__ == "__main__":
    main()
