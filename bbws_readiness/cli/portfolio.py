"""`readiness portfolio ENVIRONMENT [PATH]...`: any number of projects, in as many processes as there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.asked import request_options
from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.confinement import may_keep, refuse_imported
from bbws_readiness.cli.options import SomePath, Variable, given_by
from bbws_readiness.cli.output import say
from bbws_readiness.cli.request import OwnOptions, Request
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.process.limits import waiting

if TYPE_CHECKING:
    from bbws_readiness.cli.several import Named, Watch
    from bbws_readiness.portfolio.listed import Portfolio as Listed
    from bbws_readiness.workers.engine import Engine

FILE = "portfolio.yaml"
PROJECTS_PER_PROCESS = 4
"""Fewer are done before another process has started."""
MOST_JOBS = 256
ABOUT_ONE = frozenset({"baseline", "variables", "var_files"})
"""Options that are refused with a hint, as those of `assess` for several projects, and so not shown."""
PROCESSES, DASK = ENGINES = ("processes", "dask")


@click.command("portfolio")
@click.argument("environment", shell_complete=environments)
# A folder that cannot be read is told as one of the projects, and stops none of the rest.
@click.argument("paths", metavar="[PATH]...", type=SomePath(path_type=Path, readable=False), nargs=-1)
@click.option(
    "--file",
    "file",
    type=SomePath(path_type=Path),
    metavar="FILE",
    help="The list of the projects.  [default: portfolio.yaml in the current folder, when no PATH is named]",
)
@click.option(
    "-j",
    "--jobs",
    cls=Variable,
    type=click.IntRange(1, MOST_JOBS),
    metavar="N",
    help="Processes at a time; 1 is this one.  [default: the processors that this process may use]",
)
@click.option(
    "--engine",
    cls=Variable,
    type=click.Choice(ENGINES),
    default=PROCESSES,
    help="Where projects are assessed: in processes here, or by the workers of a Dask scheduler.",
)
@click.option("--scheduler", cls=Variable, metavar="ADDRESS", help="Of --engine dask: tcp://host:port.")
@click.option("--list", "only_list", is_flag=True, help="Print the folders as a JSON list, and assess nothing.")
@click.option("--no-progress", is_flag=True, help="Show no bar, not even at a terminal.")
@request_options()
def command(
    paths: tuple[Path, ...],
    *,
    request: Request,
    file: Path | None,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    only_list: bool,
    no_progress: bool,
) -> int:
    """Assess many projects for ENVIRONMENT: those at PATH, or those that portfolio.yaml lists.

    Each is assessed as `readiness assess` does and held against all others, in several processes. The documents of a
    project go into its own folder; with --output-dir, or as portfolio.yaml says, one table and one JSON over all are
    written besides. A project that cannot be assessed is named and stops none of the rest.

    \b
    Examples:
      readiness portfolio sit services/*
      readiness portfolio sit --output-dir sit -f text -f junit=sit.xml
      readiness portfolio prod --file plans/portfolio.yaml --jobs 4 -q
      readiness portfolio prod --engine dask --scheduler tcp://10.0.0.5:8786
    """
    from bbws_readiness.cli.several import Run, assess_several, refuse_for_several
    from bbws_readiness.portfolio.folders import MOST_PROJECTS
    from bbws_readiness.render.encode.json import to_json

    listed = _listed(paths, file)
    refuse_for_several(request, OwnOptions(None, None, None, None))
    named = _named(paths, listed)
    if only_list:
        say(to_json([one.path.as_posix() for one in named]) + "\n")
        return 0
    for one in named:
        refuse_imported(one.path)
    directory, holder = request.output_dir, None
    if directory is None and listed and request.writes:
        directory, holder = listed.output, listed.folder
    run = Run(request, MOST_PROJECTS, directory, may_keep([one.path for one in named]), holder)
    with (
        waiting(),
        _watch(request, len(named), no_progress=no_progress) as watch,
        _engine(engine, scheduler, jobs, len(named)) as workers,
    ):
        return assess_several(named, run, workers, watch)


for _option in command.params:
    if isinstance(_option, click.Option) and _option.name in ABOUT_ONE:
        _option.hidden = True


def _listed(paths: Sequence[Path], file: Path | None) -> Listed | None:
    """What the list of projects says; None where projects are named. Raises `UsageError` for both, and for neither."""
    if paths:
        if file is not None:
            raise UsageError("projects are named, and --file too", hint="leave one of them out", code=Code.OPTION_VALUE)
        return None
    found = file or Path(FILE)
    if file is None and not found.exists():
        raise UsageError(
            f"no project is named, and there is no {FILE} here",
            hint="name folders, or a list of them with --file",
            code=Code.NOTHING,
        )
    from bbws_readiness.portfolio.listed import read_portfolio

    return read_portfolio(found)


def _named(paths: Sequence[Path], listed: Listed | None) -> list[Named]:
    from bbws_readiness.cli.several import Named

    if listed is None:
        return [Named(path) for path in paths]
    return [Named(one.path, OwnOptions(one.promotion_plan, one.plan_json, None, one.config)) for one in listed.projects]


@contextmanager
def _engine(name: str, scheduler: str | None, jobs: int | None, number: int) -> Iterator[Engine]:
    engine = _dask(scheduler, jobs) if name == DASK else _processes(scheduler, jobs, number)
    try:
        yield engine
    finally:
        engine.close()


def _dask(scheduler: str | None, jobs: int | None) -> Engine:
    from bbws_readiness.workers.cluster import Cluster

    if scheduler is None:
        how = given_by("--engine")
        told = "--engine dask" if how == "--engine" else f"{how}=dask"
        raise UsageError(f"{told} needs a scheduler", hint="name it with --scheduler", code=Code.OPTION_VALUE)
    if jobs is not None and not _is_overruled("--jobs"):
        hint = "leave it out; the workers of the scheduler do the work"
        raise UsageError(f"{given_by('--jobs')} is about processes of this machine", hint=hint, code=Code.OPTION_VALUE)
    return Cluster(scheduler)


def _processes(scheduler: str | None, jobs: int | None, number: int) -> Engine:
    from bbws_readiness.process.processors import available
    from bbws_readiness.workers.here import Here
    from bbws_readiness.workers.pool import Pool

    if scheduler is not None and not _is_overruled("--scheduler"):
        raise UsageError(f"{given_by('--scheduler')} is for --engine dask", hint="add that", code=Code.OPTION_VALUE)
    wanted = min(jobs, number) if jobs else min(available(), number // PROJECTS_PER_PROCESS)
    return Pool(wanted) if wanted > 1 else Here()


def _is_overruled(option: str) -> bool:
    """Whether it stands in a variable, for the engine that all runs have, and this run was told to take another."""
    return given_by("--engine") == "--engine" and given_by(option) != option


@contextmanager
def _watch(request: Request, number: int, *, no_progress: bool) -> Iterator[Watch]:
    """Whoever tells how far it is; a bar is gone before a fault is told."""
    from bbws_readiness.cli.watching import Bar, Lines, Silent, shows_bar

    if no_progress or request.quiet or request.verbose or not shows_bar():
        yield Lines() if request.verbose and not request.quiet else Silent()
        return
    bar = Bar(number)
    try:
        yield bar
    finally:
        bar.end()
