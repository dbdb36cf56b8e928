"""What is done with one project among several, wherever that is: a first look, then judgement and documents."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.assess.portfolio import Member, figures_of
from bbws_readiness.checks.portfolio.dependencies import dependencies
from bbws_readiness.cli import formats
from bbws_readiness.cli.confinement import keeping, refuse_imported
from bbws_readiness.cli.gates import in_force, passed, since_baseline
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT, Losses, names_of_set, publish, relative
from bbws_readiness.cli.request import OwnOptions, Request
from bbws_readiness.config import config_in_force
from bbws_readiness.errors import ConfigurationError, InvalidAssessment, NotComparable, ReadinessError
from bbws_readiness.model.footprint import Footprint
from bbws_readiness.pipeline import ReadProject, judge_project, read_project
from bbws_readiness.portfolio.folders import Folder
from bbws_readiness.portfolio.shelf import Shelf
from bbws_readiness.portfolio.sighting import Sighting, sighting_of
from bbws_readiness.render.write import probe

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment


class Reading(Struct, frozen=True):
    """The first look at one project."""

    request: Request
    folder: Folder
    own: OwnOptions
    cached: bool
    """Whether results of this project alone may be kept for later runs, and used from earlier ones."""


class Look(Struct, frozen=True):
    """What came of the first look."""

    sighting: Sighting | None
    failure: ReadinessError | None
    """Why there is no sighting."""
    told: str
    """What was said meanwhile, for standard error."""


class Judging(Struct, frozen=True):
    """The judgement of one project among the others, and its documents."""

    reading: Reading
    others: tuple[tuple[str, Footprint], ...]
    """The projects that could change what is told of it, each with its folder as seen from this one."""
    further: int
    """How many others there are."""
    directory: Path
    """Where the documents go."""
    holder: Path | None
    """The project whose links are not followed on the way there."""
    prefix: str
    """The folder of the project inside of its repository."""


class Row(Struct, frozen=True):
    """What came of one project, small enough to be kept of thousands."""

    member: Member
    """Without those that block it; its needs are folders as seen from it."""
    exit_code: int
    """Of its gates."""
    lost: int = 0
    """5 when its documents were not written."""
    documents: int = 0
    """How many were written."""
    told: str = ""
    """What was said of the documents, for standard error."""
    stopped: str = ""
    """What the gates have said."""
    parts: tuple[Any, ...] = ()
    """What it adds to each wanted form; None where the figures are enough."""


_shelf = Shelf()
"""What this process has read and not judged yet."""


def look(reading: Reading) -> Look:
    """Reads the project; raises `UsageError` for what is wrong with the command line whatever the project is."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), keeping(reading.folder.root, wanted=reading.cached):
        try:
            read = _read(reading)
            # A gate that cannot be is told before anything is written.
            in_force(reading.request.gates, read.config)
        except _Failed as failed:
            return Look(None, failed.error, said.getvalue())
        except ConfigurationError as error:
            return Look(None, error, said.getvalue())
        sighting = sighting_of(read)
    _shelf.put(reading.folder.root, read)
    return Look(sighting, None, said.getvalue())


class _Failed(Exception):
    def __init__(self, error: ReadinessError) -> None:
        self.error = error


def _read(reading: Reading) -> ReadProject:
    """Raises `_Failed` for whatever keeps this one from being read."""
    request, folder, own = reading.request, reading.folder, reading.own
    directory = request.output_dir or folder.given / DEFAULT_OUTPUT
    try:
        refuse_imported(folder.root)
        if request.writes and request.output_dir is None and folder.given.is_dir():
            probe(directory, project=folder.given, names=names_of_set(request.environment))
        return read_project(
            folder.root,
            request.environment,
            config=config_in_force(folder.root, request.base, path=own.config),
            plan=own.promotion_plan,
            settings=request.settings,
            plan_json=own.plan_json,
            outputs=relative(directory, folder.given) or "",
        )
    except ReadinessError as error:
        raise _Failed(error) from None


def judge(judging: Judging) -> Row:
    """Judges the project, writes its documents and says what the gates make of it; faults of it are in the row."""
    reading, request = judging.reading, judging.reading.request
    folder = reading.folder
    said, stopped = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(said), keeping(folder.root, wanted=reading.cached):
        try:
            read = _shelf.take(folder.root) or _read(reading)
        except _Failed as failed:
            return Row(Member(folder.path, folder.root.name, failure=failed.error), failed.error.exit_code)
        others = [one.seen_from(at) for at, one in judging.others]
        assessment = judge_project(read, as_of=request.moment, others=others, further=judging.further)
        member = _member(folder, read, assessment)
        try:
            assessment = since_baseline(assessment, folder.given, request.gates)
        except (ConfigurationError, InvalidAssessment, NotComparable) as error:
            return Row(replace(member, figures=None, failure=error), error.exit_code, told=said.getvalue())
        losses, documents = Losses(), list[str]()
        if request.writes:
            with losses.one():
                documents, losses.exit_code = publish(
                    assessment, judging.directory, folder.given, holder=judging.holder, force=request.force
                )
    with contextlib.redirect_stderr(stopped):
        code = passed(assessment, request.gates, who=folder.path)
    parts = tuple(_parts(assessment, request, judging.prefix))
    told = (said.getvalue(), stopped.getvalue())
    return Row(member, code, losses.exit_code, len(documents), *told, parts)


def _member(folder: Folder, read: ReadProject, assessment: Assessment) -> Member:
    needed = dependencies(assessment.model, read.config.organisation)
    around = assessment.model.neighbours
    name = around.own.name if around else assessment.project
    folders = tuple(one.other.folder for one in needed if one.other)
    return Member(folder.path, name, figures_of(assessment), needs=folders)


def _parts(assessment: Assessment, request: Request, prefix: str) -> Iterator[Any]:
    from bbws_readiness.cli.forms import part_of

    for one in request.wanted:
        whole = one.form != formats.TEXT or (request.verbose and not request.quiet)
        yield part_of(assessment, one, request, prefix) if whole else None
