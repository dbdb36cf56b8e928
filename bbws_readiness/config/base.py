"""Takes the configuration from a base, and tells what the checkout would have changed in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config.build import build_config
from bbws_readiness.config.changes import changed_keys
from bbws_readiness.config.load import Chain, find_config, load_config
from bbws_readiness.config.policy import (
    DECISION_LOG,
    RULES_FOLDER,
    Policy,
    PolicyChange,
    PolicyFiles,
    PolicySource,
    policy_source,
    yaml_files,
)
from bbws_readiness.config.settings import Config
from bbws_readiness.errors import ConfigurationError
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location, Source

MAX_FILES = 200
"""More YAML files than this in one folder of rules are not compared, and that is told."""


def load_config_of_base(project: Path, base: str, *, path: Path | None = None, home: Path | None = None) -> Config:
    """The configuration that the revision `base` holds for the folder `project`, with `Config.policy` filled in.

    It is searched as `load_config` searches, in the tree of the commit; without one there the defaults hold, whatever
    the checkout says. A file at `path` inside the checkout is taken from the commit too; one outside of it is no part
    of the change and is read as it lies. Raises what `load_config` raises for a file of the base, and `UsageError` or
    `BaseUnavailable` for the revision; nothing in the checkout is a reason to fail.
    """
    source = policy_source(project, base)
    named = _named(path, source)
    changes: list[PolicyChange] = []
    if path is not None and named is None:
        config = load_config(project, path=path, home=home)
    else:
        config, changes = _of_base(source, named, home)
    log = config.decisions or DECISION_LOG
    changes += _other_files(source, str(PurePosixPath(source.project) / log))
    read = (_shown(source, one.path) for one in source.base.sources)
    told = sorted(set(changes), key=lambda one: (one.key == "", one.key, one.at))
    return replace(
        config, policy=Policy(source.revision.name, source.revision.commit, tuple(sorted(set(read))), tuple(told))
    )


def _named(path: Path | None, source: PolicySource) -> Path | None:
    """The file named on the command line when it lies in the checkout, as it would lie there."""
    if path is None:
        return None
    absolute = Path(os.path.realpath(path.parent)) / path.name
    if not absolute.is_relative_to(source.top):
        return None
    if not (os.path.lexists(absolute) or source.base.holds(absolute.relative_to(source.top).as_posix())):
        raise ConfigurationError(
            f'the configuration file "{path.name}" does not exist',
            hint="name an existing file",
            code=Code.NO_CONFIGURATION,
        )
    return absolute


def _of_base(source: PolicySource, named: Path | None, home: Path | None) -> tuple[Config, list[PolicyChange]]:
    project = source.top / source.project

    def held(path: Path) -> bool:
        return source.base.holds(path.relative_to(source.top).as_posix())

    found = (named if held(named) else None) if named else find_config(project, home=home, holds=held)
    config, base = Config(), _nothing(Location("readiness.yaml", 0))
    if found:
        base, inputs = Chain(project, source.top, source.base).merged(found)
        config = build_config(base, inputs)
    return config, list(_changes(source, base, _finder(named, project, home)))


def _finder(named: Path | None, project: Path, home: Path | None) -> Callable[[], Path | None]:
    if named is None:
        return lambda: find_config(project, home=home)
    return lambda: named if os.path.lexists(named) else None


def _changes(source: PolicySource, base: Node, find: Callable[[], Path | None]) -> Iterator[PolicyChange]:
    """What the configuration of the checkout says otherwise; one that cannot be read is one change."""
    head = _nothing(replace(base.at, line=0))
    try:
        if found := find():
            head, _ = Chain(source.top / source.project, source.top, source.head).merged(found, validate=False)
    except ConfigurationError as error:
        yield PolicyChange("", "unreadable", replace(error.at or head.at, column=1))
        return
    yield from changed_keys(base, head)


def _nothing(at: Location) -> Node:
    return Node(at, (), "mapping")


def _other_files(source: PolicySource, log: str) -> Iterator[PolicyChange]:
    """The decision log and the rules of the organisation, each file compared as a whole."""
    folders = dict.fromkeys([str(PurePosixPath(source.project) / RULES_FOLDER), RULES_FOLDER])
    paths = dict.fromkeys([log])
    for folder in folders:
        for files in (source.base, source.head):
            found = list(yaml_files(files, folder, most=MAX_FILES + 1))
            if len(found) > MAX_FILES:
                yield PolicyChange("", "unreadable", Location(_shown(source, folder), 0))
            paths.update(dict.fromkeys(found[:MAX_FILES]))
    for path in paths:
        before, after = _text(source.base, path), _text(source.head, path)
        if before != after:
            change = "added" if before is None else "removed" if after is None else "changed"
            yield PolicyChange("", change, Location(_shown(source, path), 0))


def _text(files: PolicyFiles, path: str) -> str | None:
    """The file's text, or, when it is there and not read, the reason; None when there is no such file."""
    if not files.exists(path) or files.is_directory(path):
        return None
    read = files.read(path)
    return read.text if isinstance(read, Source) else f"\0{read.summary}"


def _shown(source: PolicySource, path: str) -> str:
    return Path(os.path.relpath(f"/{path}", f"/{source.project}")).as_posix()
