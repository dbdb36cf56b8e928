"""Reads the projects that readiness.yaml names beside the assessed one, and puts it among them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config import CONFIG_NAMES, Config, load_config
from bbws_readiness.errors import (
    ConfigurationError,
    Diagnostic,
    DiagnosticSeverity,
    ReadinessError,
    UnknownEnvironment,
)
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.footprint import Footprint, Neighbours
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import Project, discover
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Source

OUTPUTS = "deployments"
"""Where the documents of a project usually lie, which are no inputs of anybody."""


class Sibling(Struct, frozen=True):
    """A project beside the assessed one, as far as it could be read."""

    footprint: Footprint
    """Placed in the assessed project."""
    sources: tuple[Source, ...] = ()
    """Every file that was read of it, by its path in the assessed project."""
    problem: Diagnostic | None = None
    """Why nothing of it could be read."""


def read_siblings(project: Project, environment: str) -> tuple[Sibling, ...]:
    """The projects that the configuration of `project` names, in its order; faults of theirs never raise."""
    return tuple(_read(project, folder, environment) for folder in project.config.portfolio.projects)


def with_neighbours(model: Model, project: Project, others: Sequence[Footprint], further: int = 0) -> Model:
    """The model among the footprints of other projects, each placed in `project`, and `further` ones unlike it.

    It stays as it is where nothing is known of any other project.
    """
    if not others and not further and not model.portfolio:
        return model
    from bbws_readiness.siblings.footprint import footprint_of

    own = footprint_of(project, model, project.config)
    return replace(model, neighbours=Neighbours(own, tuple(others), further))


def among_siblings(model: Model, project: Project, siblings: Sequence[Sibling]) -> Model:
    """The model among the projects that its configuration names, with what was read of them and could not be."""
    problems = tuple(sibling.problem for sibling in siblings if sibling.problem)
    sources = {source.path: source for sibling in siblings for source in sibling.sources}
    told = sorted({*model.diagnostics, *problems}, key=lambda one: (one.at, one.summary, one.detail))
    model = replace(model, diagnostics=tuple(told), sources={**model.sources, **sources})
    return with_neighbours(model, project, [sibling.footprint for sibling in siblings])


def _read(project: Project, folder: str, environment: str) -> Sibling:
    reader = Reader(project.root, below=folder)
    name = posixpath.basename(folder)
    try:
        found = discover(reader.root, _config(project, reader, folder), outputs=OUTPUTS, reader=reader)
        model = build_model(found, environment)
    except UnknownEnvironment:
        at = Location(folder, 0)
        nameless: Fact[str] = Fact(Unknown("it names no environment at all"), at)
        # One that is promoted to other environments only makes nothing in this one.
        gap = None if found.environments else nameless
        return Sibling(Footprint(name, folder, (name,), at=at, gap=gap, states_gap=gap))
    except ReadinessError as error:
        at = Location(folder, 0)
        summary = f"the project beside this one cannot be read: {error.message}"
        problem = Diagnostic(DiagnosticSeverity.WARNING, summary, at, error.hint, code=error.code)
        unknown: Fact[str] = Fact(Unknown("nothing of it could be read"), at)
        return Sibling(Footprint(name, folder, (name,), at=at, gap=unknown, states_gap=unknown), problem=problem)
    from bbws_readiness.siblings.footprint import footprint_of

    footprint = footprint_of(found, model, found.config).seen_from(folder)
    return Sibling(footprint, tuple(_placed(found.inputs, folder)))


def _placed(sources: Sequence[Source], folder: str) -> Iterator[Source]:
    for source in sources:
        yield replace(source, path=posixpath.normpath(posixpath.join(folder, source.path)))


def _config(project: Project, reader: Reader, folder: str) -> Config:
    """Its own configuration, or none: what the assessed project says of itself does not hold there.

    Where the policy of the assessed project is that of a base, so is this.
    """
    root, policy = project.root / folder, project.config.policy
    if policy:
        found = _of_base(root, policy.commit)
    else:
        named = next((name for name in CONFIG_NAMES if reader.exists(name)), None)
        found = load_config(root, path=root / named) if named else None
    return found or Config(organisation=project.config.organisation)


def _of_base(root: Path, commit: str) -> Config | None:
    from bbws_readiness.config.base import load_config_of_base

    for name in CONFIG_NAMES:
        try:
            return load_config_of_base(root, commit, path=root / name)
        except ConfigurationError as error:
            if error.code is not Code.NO_CONFIGURATION:
                raise
    return None
