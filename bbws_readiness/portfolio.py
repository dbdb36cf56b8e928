"""Assesses several projects together: all are read first, then each is judged among the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bbws_readiness.assess.portfolio import Member, Portfolio, blocking
from bbws_readiness.checks.portfolio.dependencies import dependencies
from bbws_readiness.codes import Code
from bbws_readiness.config import config_in_force
from bbws_readiness.errors import ReadinessError, UsageError
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.footprint import Footprint
from bbws_readiness.pipeline import ReadProject, Settings, judge_project, read_project
from bbws_readiness.siblings import footprint_of
from bbws_readiness.source import Location

MOST_PROJECTS = 50
"""Projects of one run."""


@dataclass(frozen=True)
class _Entry:
    """A project as it was named, read or not."""

    root: Path
    """Without links."""
    path: str
    read: ReadProject | None = None
    failure: ReadinessError | None = None

    taken: Footprint | None = None
    """What it takes of the environment, placed in itself."""

    def footprint(self, seen_from: Path) -> Footprint:
        """The same, placed in another project; of one that was not read, its name alone."""
        folder = Path(os.path.relpath(self.root, seen_from)).as_posix()
        if self.taken:
            return self.taken.seen_from(folder)
        at = Location(folder, 0)
        unknown: Fact[str] = Fact(Unknown("nothing of it could be read"), at)
        return Footprint(self.root.name, folder, (self.root.name,), at=at, gap=unknown, states_gap=unknown)


def assess_portfolio(
    paths: Sequence[Path],
    environment: str,
    *,
    as_of: datetime,
    base: str | None = None,
    settings: Settings | None = None,
    outputs: Callable[[Path], str] = lambda _: "",
    failed: Mapping[Path, ReadinessError] | None = None,
) -> Portfolio:
    """The assessments of the projects at `paths`, each as it is alone but for the rules between projects.

    `outputs` gives the folder of a project's documents, relative to it. A project that is among `failed`, or that
    cannot be read, is a member without an assessment. Raises `UsageError` for paths that are not as many projects.
    """
    roots = require_apart(paths)
    shared = os.path.commonpath([root.parent for root in roots])
    entries = []
    for path, root in zip(paths, roots, strict=True):
        entry = _Entry(root, Path(os.path.relpath(root, shared)).as_posix(), failure=(failed or {}).get(path))
        entries.append(entry if entry.failure else _read(entry, environment, base, settings, outputs(path)))
    _require_named(entries)
    members = [_judged(entry, entries, as_of) for entry in entries]
    needs = {member.path: member.needs for member in members}
    ready = {member.path for member in members if member.ready}
    told = (replace(member, blocked_by=blocking(member.path, needs, ready)) for member in members)
    return Portfolio(environment.strip().lower(), as_of, tuple(told))


def require_apart(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The folders without links; raises `UsageError` for one that is named twice, and for too many."""
    if len(paths) > MOST_PROJECTS:
        raise UsageError(
            f"{len(paths)} projects; at most {MOST_PROJECTS} are assessed in one run",
            hint="name fewer",
            code=Code.SAME_PROJECT,
        )
    seen: dict[Path, Path] = {}
    for path in paths:
        root = Path(os.path.realpath(path))
        if root in seen:
            same = f'is the same folder as "{seen[root]}"' if path != seen[root] else "is named twice"
            raise UsageError(f'"{path}" {same}', hint="name each project once", code=Code.SAME_PROJECT)
        seen[root] = path
    return tuple(seen)


def _require_named(entries: Sequence[_Entry]) -> None:
    """Raises `UsageError` for a project inside another one whose configuration does not set it apart."""
    for inner in entries:
        for outer in entries:
            if inner is outer or not inner.root.is_relative_to(outer.root) or outer.read is None:
                continue
            named = [outer.root / folder for folder in outer.read.config.portfolio.projects]
            if not any(inner.root.is_relative_to(folder) for folder in named):
                folder = inner.root.relative_to(outer.root).as_posix()
                raise UsageError(
                    f'"{inner.path}" lies inside the project "{outer.path}", which would be assessed with it',
                    hint=f"name {folder} under portfolio.projects in the readiness.yaml of the outer one",
                    code=Code.SAME_PROJECT,
                )


def _read(entry: _Entry, environment: str, base: str | None, settings: Settings | None, outputs: str) -> _Entry:
    root = entry.root
    try:
        config = config_in_force(root, base)
        read = read_project(root, environment, config=config, settings=settings, outputs=outputs)
    except ReadinessError as error:
        return replace(entry, failure=error)
    return replace(entry, read=read, taken=footprint_of(read.project, read.model, read.config))


def _judged(entry: _Entry, entries: Sequence[_Entry], as_of: datetime) -> Member:
    if entry.read is None:
        return Member(entry.path, entry.root.name, failure=entry.failure)
    others = [other for other in entries if other is not entry]
    assessment = judge_project(entry.read, as_of=as_of, others=[other.footprint(entry.root) for other in others])
    paths = {other.root: other.path for other in others}
    needed = dependencies(assessment.model, entry.read.config.organisation)
    roots = [Path(os.path.normpath(entry.root / one.other.folder)) for one in needed if one.other]
    around = assessment.model.neighbours
    name = around.own.name if around else assessment.project
    return Member(entry.path, name, assessment, needs=tuple(paths[root] for root in roots if root in paths))
