"""Assesses a checkout and the version of a base, and tells what lies between the two."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import InvalidAssessment, ReadinessError, UsageError
from bbws_readiness.fact import Unknown
from bbws_readiness.git.revision import BaseUnavailable
from bbws_readiness.source import Location

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.compare.changes import Changes
    from bbws_readiness.config import Config
    from bbws_readiness.git.command import Git
    from bbws_readiness.schema_check import SchemaCheck
    from bbws_readiness.settings import Settings

SCHEMA = Path(__file__).parent.parent / "render" / "assessment.schema.json"


class Checkout(Struct, frozen=True):
    """A project as the command line names it."""

    path: Path
    environment: str
    moment: datetime
    config: Path | None = None
    plan: Path | None = None
    plan_json: Path | None = None
    settings: Settings | None = None


class Compared(Struct, frozen=True):
    """An assessment beside an earlier one."""

    data: Mapping[str, Any]
    """The JSON of the assessment."""
    before: Mapping[str, Any] | None = None
    """The JSON of the earlier one; None where there is none."""
    changes: Changes | None = None
    problem: ReadinessError | None = None
    """Why there is no earlier one, although one was asked for."""
    config: Config | None = None
    """What was assessed by; None when only files were read."""


def of_revision(checkout: Checkout, base: str | None) -> Compared:
    """Assesses the checkout by the policy of `base`, and the version of `base` by the same.

    Where that version cannot be assessed, `problem` says why. Raises what `assess_project` raises for the checkout.
    """
    from bbws_readiness.config import config_in_force

    config = config_in_force(checkout.path, base, path=checkout.config)
    data = _data(_assessed(checkout, config))
    if base is None:
        return Compared(data, config=config)
    try:
        before = _data(_assessed_base(checkout, base))
        return Compared(data, before, _changes(before, data), config=config)
    except ReadinessError as problem:
        return Compared(data, problem=problem, config=config)
    except OSError as error:
        what = UsageError(f"no temporary folder can be used: {(error.strerror or 'no reason given').lower()}")
        return Compared(data, problem=what, config=config)


def of_file(checkout: Checkout, before: Path) -> Compared:
    """Assesses the checkout and compares it with the JSON of an earlier assessment; raises for a file that is none."""
    from bbws_readiness.config import load_config

    earlier = read_assessment(before)
    config = load_config(checkout.path, path=checkout.config)
    data = _data(_assessed(checkout, config))
    return Compared(data, earlier, _changes(earlier, data, path=str(before)), config=config)


def of_files(after: Path, before: Path | None, environment: str) -> Compared:
    """Two assessments that were written down, of which nobody knows who wrote them; nothing else is read."""
    data = read_whole(after)
    assessed = data["environment"]["name"]
    if assessed != environment.strip().lower():
        raise UsageError(
            f'the assessment is for "{assessed}", not for "{environment}"',
            hint="name the environment that was assessed",
            code=Code.NOT_COMPARABLE,
        )
    if before is None:
        return Compared(data)
    earlier = read_assessment(before)
    return Compared(data, earlier, _changes(earlier, data, path=str(before)))


def read_assessment(path: Path) -> Mapping[str, Any]:
    """The JSON in a file, of which nothing is known but that it is one object; raises `UsageError`."""
    from bbws_readiness.cli.earlier import assessment_file
    from bbws_readiness.compare.document import document_of

    return document_of(assessment_file(path))


def read_whole(path: Path) -> Mapping[str, Any]:
    """The JSON of an assessment that has all that its schema asks for; raises `UsageError`."""
    from bbws_readiness.compare.document import HINT
    from bbws_readiness.compare.read import snapshot_of

    data = read_assessment(path)
    snapshot_of(data, path=path.name)
    fault = _schema_check().first_fault(data)
    if fault is None and not _is_moment(data["schedule"]["ready"]["at"]):
        fault = "schedule, ready, at"
    if fault:
        raise InvalidAssessment(f"is no assessment: {fault}", at=Location(path.name, 0), hint=HINT)
    return data


@cache
def _schema_check() -> SchemaCheck:
    from bbws_readiness.schema_check import SchemaCheck

    return SchemaCheck(json.loads(SCHEMA.read_text("utf-8")))


def _is_moment(text: str | None) -> bool:
    try:
        return text is None or datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], *, path: str = "") -> Changes:
    from bbws_readiness.compare.compare import compare
    from bbws_readiness.compare.read import snapshot_of

    return compare(snapshot_of(before, path=path), snapshot_of(after))


def _assessed(checkout: Checkout, config: Config) -> Assessment:
    from bbws_readiness.cli.publishing import DEFAULT_OUTPUT
    from bbws_readiness.pipeline import assess_project

    return assess_project(
        checkout.path,
        checkout.environment,
        as_of=checkout.moment,
        config=config,
        plan=checkout.plan,
        settings=checkout.settings,
        plan_json=checkout.plan_json,
        outputs=DEFAULT_OUTPUT,
    )


def _assessed_base(checkout: Checkout, base: str) -> Assessment:
    """The version of the base, in a folder of its own that is gone afterwards."""
    from bbws_readiness.config import policy_source
    from bbws_readiness.config.base import load_config_of_base
    from bbws_readiness.git.command import open_git
    from bbws_readiness.git.private import lay_out
    from bbws_readiness.parsers.git import without_credentials

    source = policy_source(checkout.path, base)
    git = open_git(source.top)
    if isinstance(git, Unknown):
        raise BaseUnavailable(f"base revision not available: {git.reason}", code=Code.NO_CHECKOUT)
    origin = git.ask("config", "--get", "remote.origin.url")
    remote = (without_credentials(origin.strip()) or "") if isinstance(origin, str) else ""
    branch = _branch(git, base)
    with tempfile.TemporaryDirectory(prefix="readiness-base-", ignore_cleanup_errors=True) as kept:
        # Its name is a name of the project, where that is the top of the checkout.
        top = Path(os.path.realpath(kept)) / (source.top.name or "project")
        top.mkdir()
        lay_out(git, source.revision, top, branch=branch, remote=remote)
        there = _moved(checkout, source.top, top)
        if not Path(os.path.realpath(there.path)).is_relative_to(top):
            raise UsageError(
                "the base has a link in place of the project folder",
                hint="name the JSON of an earlier assessment as --base",
                code=Code.NOTHING,
            )
        config = load_config_of_base(there.path, source.revision.commit, path=there.config)
        return _assessed(there, config)


def _branch(git: Git, base: str) -> str:
    """The branch that `base` names, none where the checkout is on none either: a workflow compares two such."""
    name = base.removeprefix("origin/")
    if isinstance(git.ask("symbolic-ref", "--quiet", "HEAD"), Unknown):
        return ""
    places = (f"refs/heads/{name}", f"refs/remotes/origin/{name}")
    known = any(isinstance(git.ask("rev-parse", "--verify", "--quiet", place), str) for place in places)
    return name if known else ""


def _moved(checkout: Checkout, top: Path, new: Path) -> Checkout:
    """The same project in another checkout; what lies outside of the checkout stays where it is."""

    def moved(path: Path) -> Path:
        absolute = Path(os.path.realpath(path.parent)) / path.name
        return new / absolute.relative_to(top) if absolute.is_relative_to(top) else path

    settings = checkout.settings
    return replace(
        checkout,
        path=new / Path(os.path.realpath(checkout.path)).relative_to(top),
        config=moved(checkout.config) if checkout.config else None,
        plan=moved(checkout.plan) if checkout.plan else None,
        plan_json=None,
        settings=replace(settings, var_files=tuple(map(moved, settings.var_files))) if settings else None,
    )


def _data(assessment: Assessment) -> Mapping[str, Any]:
    from bbws_readiness.render.machine import to_json

    data: Mapping[str, Any] = json.loads(to_json(assessment))
    return data
