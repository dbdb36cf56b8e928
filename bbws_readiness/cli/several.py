"""Several projects in one run: read, held against each other, judged, written, and told in one table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, overload

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.cli.formats import GITHUB, JSON, MARKDOWN, SARIF, TEXT, Wanted
from bbws_readiness.cli.options import given_by
from bbws_readiness.cli.output import complain, pass_on
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT, Losses
from bbws_readiness.cli.request import OwnOptions, Request
from bbws_readiness.codes import Code
from bbws_readiness.errors import ReadinessError, UsageError

if TYPE_CHECKING:
    from bbws_readiness.assess.portfolio import Portfolio
    from bbws_readiness.cli.each import Judging, Look, Reading, Row
    from bbws_readiness.portfolio.folders import Folder
    from bbws_readiness.portfolio.surroundings import Surroundings
    from bbws_readiness.workers.engine import Engine

WORST_FIRST = (70, 2, 3, 1, 4, 5, 0)
"""Exit codes: a fault of ours, not assessed, nothing there, not ready, could not be assessed, not written, ready."""
MOST_LISTED = 50
"""Folders of documents that the text lists."""


class Watch(Protocol):
    """Is told how far a run has come."""

    def looked(self, path: str) -> None:
        """A project was read, or could not be."""
        ...

    def judged(self, path: str, verdict: str) -> None:
        """A project has its documents, or cannot have any."""
        ...


class Named(Struct, frozen=True):
    """A project as the user has named it."""

    path: Path
    own: OwnOptions = OwnOptions(None, None, None, None)


class Run(Struct, frozen=True):
    """What is asked of all projects of a run together."""

    request: Request
    most: int
    """Projects that may be named."""
    portfolio_dir: Path | None
    """Where the documents about all of them go, if anywhere."""
    cached: bool = False
    """Whether each project has a cache of its own; else the run has one for all of them, or none."""
    holder: Path | None = None
    """The folder, no project, below which no link is followed on the way there."""


def refuse_for_several(request: Request, own: OwnOptions) -> None:
    """Raises `UsageError` for an option that is about one project, and for an environment without a name."""
    if not request.environment.strip():
        raise UsageError("no environment is named", hint="name one of the projects' own", code=Code.ENVIRONMENT)
    given = {
        "--promotion-plan": own.promotion_plan,
        "--plan-json": own.plan_json,
        "--since": own.since,
        "--config": own.config,
        "--var-file": request.settings.var_files,
        "--var": request.settings.variables,
        "--baseline": request.gates.baseline,
    }
    for name, value in given.items():
        if value:
            raise UsageError(
                f"{given_by(name) or name} is about one project, and several are named",
                hint="write it into the readiness.yaml of the project, or assess that one alone",
                code=Code.OPTION_VALUE,
            )


def worst(codes: Sequence[int]) -> int:
    """The exit code of a run in which several things ended with these."""
    return min(codes, key=WORST_FIRST.index, default=0)


def assess_several(named: Sequence[Named], run: Run, engine: Engine, watch: Watch) -> int:
    """Assesses, writes and prints; gives the worst exit code of all projects and outputs.

    What is written and printed depends neither on the engine nor on the order in which projects end.
    """
    from bbws_readiness.portfolio.folders import folders_of, require_apart

    request = run.request
    folders = folders_of([one.path for one in named], most=run.most)
    _require_room(len(folders), request)
    homes = _Homes(folders)
    _probe(run, homes)
    readings = _readings(named, folders, run)
    looks = _looked(readings, engine, watch)
    read = [(one, look.sighting) for one, look in zip(folders, looks, strict=True) if look.sighting]
    require_apart(folders, {one.root: sighting.apart for one, sighting in read})
    targets = _folders(folders, looks) if request.output_dir or request.asks_for(SARIF) else {}
    around = _surroundings(folders, looks)
    rows = _judged(readings, looks, around, homes, targets, engine, watch)
    portfolio = _portfolio(folders, rows, request)
    losses = Losses()
    _relay(look.told for look in looks)
    _relay(row.told for row in rows)
    losses.exit_code = worst([row.lost for row in rows])
    written = _write(portfolio, run, folders, rows, targets, homes, losses) if request.writes else []
    _deliver(portfolio, run, rows, homes, written, losses)
    _relay(row.stopped for row in rows)
    return worst([*(row.exit_code for row in rows), losses.exit_code])


class _Homes:
    """Finds the project in which a folder lies as it is written, whose links are not followed."""

    def __init__(self, folders: Sequence[Folder]) -> None:
        self._given = {folder.root: folder.given for folder in folders}

    def of(self, directory: Path) -> Path | None:
        """The innermost; None when it lies in none."""
        whole = Path(os.path.abspath(directory))  # noqa: PTH100 - `..` is resolved as it is written
        for above in (whole, *whole.parents):
            found = self._given.get(Path(os.path.realpath(above)))
            if found is not None:
                return found
        return None


def _require_room(number: int, request: Request) -> None:
    """Raises `UsageError` for more projects than code scanning takes of one file."""
    if not request.asks_for(SARIF):
        return
    from bbws_readiness.render.formats.sarif import MOST_RUNS

    if number > MOST_RUNS:
        raise UsageError(
            f"{number} projects; code scanning takes {MOST_RUNS} of one SARIF file",
            hint="name fewer, or leave sarif out",
            code=Code.OPTION_VALUE,
        )


def _probe(run: Run, homes: _Homes) -> None:
    """Raises `CannotWrite` for a place of all projects that cannot be written."""
    from bbws_readiness.cli.deliver import probe_all
    from bbws_readiness.render.write import probe

    if run.portfolio_dir is not None and run.request.writes:
        probe(run.portfolio_dir, project=run.holder or homes.of(run.portfolio_dir))
    probe_all(run.request.wanted, homes.of)


def _readings(named: Sequence[Named], folders: Sequence[Folder], run: Run) -> tuple[Reading, ...]:
    from bbws_readiness.cli.each import Reading
    from bbws_readiness.cli.output import wants_colour

    # Whoever makes the texts does not see the terminal.
    request = replace(run.request, colour="always" if wants_colour(run.request.colour) else "never")
    return tuple(Reading(request, folder, one.own, run.cached) for one, folder in zip(named, folders, strict=True))


def _looked(readings: Sequence[Reading], engine: Engine, watch: Watch) -> list[Look]:
    from bbws_readiness.cli.each import Look, look
    from bbws_readiness.workers.engine import ItemLost

    found: dict[int, Look] = {}
    for number, came in engine.run(look, readings, [one.folder.root for one in readings]):
        found[number] = Look(None, came, "") if isinstance(came, ItemLost) else came
        watch.looked(readings[number].folder.path)
    return [found[number] for number in range(len(readings))]


def _surroundings(folders: Sequence[Folder], looks: Sequence[Look]) -> Surroundings:
    from bbws_readiness.portfolio.sighting import unseen
    from bbws_readiness.portfolio.surroundings import Surroundings

    sightings = [look.sighting or unseen(one.root.name) for one, look in zip(folders, looks, strict=True)]
    return Surroundings([folder.root for folder in folders], sightings)


class _Judgings(Sequence["Judging"]):
    """What is asked of each project that was read, made when it is its turn."""

    def __init__(self, numbers: Sequence[int], make: Callable[[int], Judging]) -> None:
        self._numbers, self._make = numbers, make

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, position: int) -> Judging: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Judging]: ...
    def __getitem__(self, position: int | slice) -> Judging | Sequence[Judging]:
        numbers = self._numbers[position]
        return self._make(numbers) if isinstance(numbers, int) else _Judgings(numbers, self._make)


def _judged(
    readings: Sequence[Reading],
    looks: Sequence[Look],
    around: Surroundings,
    homes: _Homes,
    targets: Mapping[str, str],
    engine: Engine,
    watch: Watch,
) -> list[Row]:
    from bbws_readiness.assess.portfolio import Member
    from bbws_readiness.cli.each import Row, judge
    from bbws_readiness.render.portfolio_words import verdict
    from bbws_readiness.workers.engine import ItemLost

    def failed(number: int, error: ReadinessError) -> Row:
        folder = readings[number].folder
        return Row(Member(folder.path, folder.root.name, failure=error), error.exit_code)

    rows = {number: failed(number, look.failure) for number, look in enumerate(looks) if look.failure}
    for number in rows:
        watch.judged(readings[number].folder.path, verdict(rows[number].member))
    numbers = [number for number in range(len(readings)) if number not in rows]
    judgings = _Judgings(numbers, lambda number: _judging(readings[number], number, around, homes, targets))
    for position, came in engine.run(judge, judgings, [readings[number].folder.root for number in numbers]):
        number = numbers[position]
        rows[number] = failed(number, came) if isinstance(came, ItemLost) else _resolved(came, number, around, readings)
        watch.judged(readings[number].folder.path, verdict(rows[number].member))
    return [rows[number] for number in range(len(readings))]


def _judging(reading: Reading, number: int, around: Surroundings, homes: _Homes, targets: Mapping[str, str]) -> Judging:
    from bbws_readiness.cli.each import Judging
    from bbws_readiness.cli.whereabouts import prefix_of

    request, folder = reading.request, reading.folder
    found = around.of(number)
    directory = folder.given / DEFAULT_OUTPUT
    if request.output_dir is not None:
        directory = request.output_dir / targets[folder.path]
    # Without a repository projects are told apart by their folders below the one that they share.
    told = any(one.form not in (TEXT, JSON, MARKDOWN) for one in request.wanted)
    prefix = prefix_of(folder.given, outside=folder.path) if told else ""
    return Judging(
        reading,
        tuple((around.folder(other, seen_from=number), around.footprint(other)) for other in found.related),
        found.further,
        directory,
        homes.of(directory),
        prefix,
    )


def _resolved(row: Row, number: int, around: Surroundings, readings: Sequence[Reading]) -> Row:
    """The row with the paths of the projects that it needs, in place of their folders as seen from it."""
    numbers = [around.number(folder, seen_from=number) for folder in row.member.needs]
    needs = tuple(readings[one].folder.path for one in numbers if one is not None)
    return replace(row, member=replace(row.member, needs=needs))


def _portfolio(folders: Sequence[Folder], rows: Sequence[Row], request: Request) -> Portfolio:
    from bbws_readiness.assess.portfolio import Portfolio, blocking

    needs = {row.member.path: row.member.needs for row in rows}
    ready = {row.member.path for row in rows if row.member.ready}
    members = [
        replace(row.member, blocked_by=blocking(row.member.path, needs, ready)) if row.member.needs else row.member
        for row in rows
    ]
    return Portfolio(request.environment.strip().lower(), request.moment, tuple(members))


def _folders(folders: Sequence[Folder], looks: Sequence[Look]) -> dict[str, str]:
    """Below the output directory, the folder of each project by its path: its slug.

    Raises `UsageError`, before anything is written, when two projects would share one; in SARIF they would replace
    each other's alerts.
    """
    found: dict[str, str] = {}
    for folder, look in zip(folders, looks, strict=True):
        if look.sighting is None:
            continue
        slug = look.sighting.slug
        other = found.setdefault(slug, folder.path)
        if other != folder.path:
            raise UsageError(
                f'"{other}" and "{folder.path}" have one slug, {slug}, and so one folder',
                hint="set another slug in one readiness.yaml, or leave --output-dir and sarif out",
                code=Code.SAME_PROJECT,
            )
    return {path: slug for slug, path in found.items()}


def _write(
    portfolio: Portfolio,
    run: Run,
    folders: Sequence[Folder],
    rows: Sequence[Row],
    targets: Mapping[str, str],
    homes: _Homes,
    losses: Losses,
) -> list[str]:
    """Writes the documents of all projects together; tells what was written, and where."""
    from bbws_readiness.render.portfolio_json import portfolio_twin
    from bbws_readiness.render.portfolio_markdown import portfolio_document
    from bbws_readiness.render.write import write_documents

    own = run.request.output_dir
    written = [
        f"{(own / targets[folder.path] if own else folder.given / DEFAULT_OUTPUT).as_posix()}/"
        f" ({row.documents} documents)"
        for folder, row in zip(folders, rows, strict=True)
        if row.documents
    ]
    if len(written) > MOST_LISTED:
        where = f"{own.as_posix()}/" if own else f"{DEFAULT_OUTPUT}/ of each project"
        written = [f"{where} ({sum(row.documents for row in rows)} documents of {len(written)} projects)"]
    directory = run.portfolio_dir
    if directory is not None:
        with losses.one():
            documents = (portfolio_document(portfolio, targets if own else {}), portfolio_twin(portfolio))
            write_documents(directory, documents, project=run.holder or homes.of(directory))
            written = [(directory / document.path).as_posix() for document in documents] + written
    return written


def _deliver(
    portfolio: Portfolio, run: Run, rows: Sequence[Row], homes: _Homes, written: Sequence[str], losses: Losses
) -> None:
    from bbws_readiness.cli.deliver import deliver
    from bbws_readiness.cli.forms import text_of_several

    request = run.request
    positions = {one: position for position, one in enumerate(request.wanted)}

    def text(one: Wanted) -> str:
        parts = [row.parts[positions[one]] if row.parts else None for row in rows]
        return text_of_several(portfolio, one, request, parts=parts, documents=written)

    arrived = deliver(request.wanted, text, losses, homes.of)
    if request.asks_for(GITHUB):
        _tell_step(portfolio, run, written, arrived, losses)
    if request.quiet or not request.asks_for(TEXT):
        # What is in the table for a person is told whoever reads the other forms.
        for member in portfolio.members:
            if member.failure:
                complain(f"{member.path}: {member.failure.line}")


def _tell_step(
    portfolio: Portfolio, run: Run, written: Sequence[str], arrived: Sequence[Wanted], losses: Losses
) -> None:
    """The table as the summary; of the outputs the verdict and the files, because figures are those of one project."""
    from bbws_readiness.cli.step import files_of, tell_step
    from bbws_readiness.render.portfolio_json import PATTERN
    from bbws_readiness.render.portfolio_markdown import portfolio_markdown

    twin, directory = PATTERN.format(environment=portfolio.environment), run.portfolio_dir
    reports = directory if directory and (directory / twin).as_posix() in written else None
    files = files_of(arrived, reports, twin)
    tell_step(lambda: portfolio_markdown(portfolio), {"verdict": portfolio.verdict.value} | files, losses)


def _relay(texts: Iterator[str]) -> None:
    """Says on standard error what was said of the projects elsewhere, in their order."""
    for text in texts:
        if text:
            pass_on(text)
