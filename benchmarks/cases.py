"""What is measured: which commands run in turns, on which projects, and how often."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.installed import ROOT, clean_environment
from benchmarks.measure import Command
from benchmarks.peers import Peers, initialise
from benchmarks.projects import services_project, small_project, tables_project, write, write_many
from benchmarks.targets import (
    BARE,
    CHECKOV,
    COMMAND,
    FIRST,
    FURTHER,
    HUNDRED,
    MANY,
    ONE,
    ONE_WORKER,
    PLAN,
    SECOND,
    SHOWN,
    TRIVY,
    TWO_WORKERS,
    VALIDATE,
    VERSION,
    size_of,
)

EXAMPLE = ROOT / "examples" / "dynamodb_schemas"
NO_CACHE = "assess, --no-cache"
AS_OF = "2026-01-07T09:00"
SIZES = ((10, 3, 5), (100, 3, 9), (1000, 3, 26))
"""Tables, how many rounds, and what one takes."""
GROWTH = (100, 125, 250, 500, 1000)
SERVICES = 16
MANY_PROJECTS = 1000
WITH_A_BROKEN_ONE = 200
JUDGED = frozenset({0, 1, 2, 3, 4})
"""Exit codes of a run over many projects, of which some may not be assessable."""


@dataclass(frozen=True)
class Case:
    """Commands that run in turns."""

    key: str
    title: str
    prepare: Callable[[], Mapping[str, Command]]
    """Makes the projects and the commands on them; a peer that is not here is left out."""
    rounds: int
    seconds: float
    """What a round takes on two idle cores, about."""
    warm_up: bool = True
    """Whether each command runs once more, before the rounds."""


@dataclass(frozen=True)
class Ours:
    """The installed command and the folders that it may use."""

    bin: Path
    """Of the environment that is measured."""
    work: Path
    """Below it lie projects, documents and caches."""

    def project(self, name: str, files: Callable[[], Mapping[str, str]]) -> Path:
        """The folder of a project, written anew."""
        root = self.work / "projects" / name
        shutil.rmtree(root, ignore_errors=True)
        return write(files(), root)

    def environment(self, cache: Path) -> dict[str, str]:
        """A home of its own, in which what is kept between runs lies in `cache`."""
        home = self.work / "home"
        home.mkdir(parents=True, exist_ok=True)
        return clean_environment() | {"HOME": str(home), "XDG_CACHE_HOME": str(cache)}

    def assess(self, project: Path, *options: str, fresh: bool = True) -> Command:
        """An assessment with its documents; a fresh one finds neither a cache nor documents of an earlier run."""
        kept = self.work / "kept" / f"{project.name}-{'first' if fresh else 'second'}{''.join(options)}"
        cache, output = kept / "cache", kept / "documents"
        arguments = ("assess", "sit", str(project), "--quiet", "--fail-on", "never", "--as-of", AS_OF)
        return self.command(
            (*arguments, "--output-dir", str(output), *options), cache, partial(_emptied, kept, fresh=fresh)
        )

    def portfolio(self, name: str, projects: list[Path], jobs: int) -> Command:
        """All projects in one run, of which nothing is left of an earlier one."""
        kept = self.work / "kept" / f"portfolio-{name}-{jobs}"
        output = kept / "documents"
        arguments = ("portfolio", "sit", *map(str, projects), "--jobs", str(jobs), "--quiet", "--fail-on", "never")
        command = self.command(
            (*arguments, "--as-of", AS_OF, "--output-dir", str(output)),
            kept / "cache",
            partial(_emptied, kept, fresh=True),
        )
        return Command(
            command.arguments,
            command.folder,
            command.environment,
            command.before,
            JUDGED,
            output / "sit_portfolio.json",
        )

    def command(self, arguments: tuple[str, ...], cache: Path, before: Callable[[], None] = lambda: None) -> Command:
        """The installed command with these arguments."""
        return Command((str(self.bin / "readiness"), *arguments), self.work, self.environment(cache), before)


def _emptied(folder: Path, *, fresh: bool) -> None:
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def cases(ours: Ours, peers: Peers, *, quick: bool) -> Iterator[Case]:
    """All of them, in the order in which they run; a quick run leaves out what takes minutes."""
    yield Case("start", "Start", partial(_start, ours), 21, 0.1)
    yield Case("example", "The example", partial(_example, ours, peers), 11, 13)
    for count, rounds, seconds in SIZES:
        prepare = partial(_generated, ours, peers, f"tables_{count}", partial(tables_project, count))
        yield Case(f"tables-{count}", f"{count:,} tables in one root module", prepare, rounds, seconds)
    services = partial(_generated, ours, peers, f"services_{SERVICES}", partial(services_project, SERVICES))
    yield Case("files-100", "About 100 files: 16 services, a module each", services, 5, 15)
    # What has just been written is warm.
    yield Case("growth", "Growth", partial(_growth, ours), 3, 25, warm_up=False)
    yield Case("process", "Many in one process", partial(_process, ours), 15, 4)
    yield Case("portfolio", "200 projects", partial(_portfolio, ours), 3, 18, warm_up=False)
    if not quick:
        yield Case("many", "1,000 projects", partial(_many, ours), 1, 240, warm_up=False)


def _start(ours: Ours) -> Mapping[str, Command]:
    cache = ours.work / "kept" / "start"
    bare = Command((str(ours.bin / "python"), "-c", "pass"), ours.work, ours.environment(cache))
    return {BARE: bare, VERSION: ours.command(("--version",), cache)}


def _example(ours: Ours, peers: Peers) -> Mapping[str, Command]:
    project = example_in(ours)
    root = ours.work / "terraform" / "example"
    found = dict(_first_and_second(ours, project)) | _present(peers, project)
    if initialise(peers, project / "terraform" / "dynamodb", root):
        options = ("-input=false", "-no-color", "-refresh=false", "-lock=false")
        plan = peers.terraform_on(root, "plan", *options, "-var-file=environments/sit.tfvars")
        validate = peers.terraform_on(root, "validate", "-no-color")
        found |= {name: one for name, one in ((PLAN, plan), (VALIDATE, validate)) if one}
    return found


def example_in(ours: Ours) -> Path:
    """A copy of the example, without documents of earlier runs."""
    project = ours.work / "projects" / "dynamodb_schemas"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("deployments", ".terraform"))
    return project


def _first_and_second(ours: Ours, project: Path) -> Iterator[tuple[str, Command]]:
    yield FIRST, ours.assess(project)
    yield SECOND, ours.assess(project, fresh=False)
    yield NO_CACHE, ours.assess(project, "--no-cache")


def _present(peers: Peers, project: Path) -> dict[str, Command]:
    found = {CHECKOV: peers.checkov_on(project), TRIVY: peers.trivy_on(project)}
    return {name: command for name, command in found.items() if command}


def _generated(ours: Ours, peers: Peers, name: str, files: Callable[[], Mapping[str, str]]) -> Mapping[str, Command]:
    project = ours.project(name, files)
    return {FIRST: ours.assess(project), SECOND: ours.assess(project, fresh=False)} | _present(peers, project)


def _growth(ours: Ours) -> Mapping[str, Command]:
    return {
        size_of(count): ours.assess(ours.project(f"growth_{count}", partial(tables_project, count))) for count in GROWTH
    }


def _process(ours: Ours) -> Mapping[str, Command]:
    projects = [ours.project(f"process_{number:03}", partial(small_project, number)) for number in range(FURTHER + 1)]
    return {
        COMMAND: ours.assess(projects[0]),
        ONE: _in_process(ours, projects[:1]),
        MANY: _in_process(ours, projects),
    }


def _in_process(ours: Ours, projects: list[Path]) -> Command:
    kept = ours.work / "kept" / f"process-{len(projects)}"
    script = Path(__file__).parent / "inprocess.py"
    arguments = (str(ours.bin / "python"), "-P", str(script), str(kept / "documents"), *map(str, projects))
    environment = ours.environment(kept / "cache")
    return Command(arguments, ours.work, environment, partial(_emptied, kept, fresh=True))


def _portfolio(ours: Ours) -> Mapping[str, Command]:
    projects = _written(ours, "shown", WITH_A_BROKEN_ONE, broken=1)
    return {SHOWN: ours.portfolio("shown", projects, 2)}


def _many(ours: Ours) -> Mapping[str, Command]:
    every = _written(ours, "many", MANY_PROJECTS)
    return {
        HUNDRED: ours.portfolio("hundred", every[:100], 2),
        TWO_WORKERS: ours.portfolio("many", every, 2),
        ONE_WORKER: ours.portfolio("many", every, 1),
    }


def _written(ours: Ours, name: str, count: int, *, broken: int = 0) -> list[Path]:
    above = ours.work / "projects" / name
    shutil.rmtree(above, ignore_errors=True)
    return write_many(above, count, broken=broken)
