"""Finds readiness.yaml upward of a project and reads it, with the one file it extends, into a `Config`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bbws_readiness.config.build import build_config
from bbws_readiness.config.problems import InvalidConfiguration
from bbws_readiness.config.settings import Config
from bbws_readiness.config.validate import problems_of
from bbws_readiness.errors import ConfigurationError, Diagnostic
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.source import Location, Reader, Refused, Source

CONFIG_NAMES = ("readiness.yaml", ".readiness.yaml", ".github/readiness.yaml")

_MAX_EXTENDED = 5


def load_config(project: Path, *, path: Path | None = None, home: Path | None = None) -> Config:
    """The configuration that holds for the folder `project`: the file at `path`, else the one found, else defaults.

    Raises `InvalidConfiguration` with every problem of a file, or `ConfigurationError` when there are two files
    in one folder or one cannot be read. `home` is the user's home folder; it and what lies above is never searched.
    """
    project = Path(os.path.realpath(project))
    named = _named(path) if path is not None else find_config(project, home=home)
    if named is None:
        return Config()
    boundary = find_git_root(project) or project
    if not named.is_relative_to(boundary):
        boundary = find_git_root(named.parent) or named.parent
    return _Chain(project, boundary).load(named)


def find_config(project: Path, *, home: Path | None = None) -> Path | None:
    """The nearest configuration file from `project` upward to the git root; None when there is none.

    Without a git root only the project folder is searched. Raises `ConfigurationError` for two in one folder.
    """
    project = Path(os.path.realpath(project))
    for folder in _searched(project, _home(home)):
        found = [name for name in CONFIG_NAMES if os.path.lexists(folder / name)]
        if len(found) > 1:
            first, second = (_shown(folder / name, project) for name in found[:2])
            raise ConfigurationError(f"two configuration files: {first} and {second}", hint="keep one of them")
        if found:
            return folder / found[0]
    return None


def find_git_root(folder: Path) -> Path | None:
    """The nearest folder upward, `folder` included, that holds `.git`; None outside of a checkout."""
    folder = Path(os.path.realpath(folder))
    return next((above for above in (folder, *folder.parents) if os.path.lexists(above / ".git")), None)


def _searched(project: Path, home: Path | None) -> Iterator[Path]:
    git_root = find_git_root(project)
    for folder in (project, *project.parents):
        if home is not None and home.is_relative_to(folder):
            return
        yield folder
        if folder == git_root or git_root is None:
            return


def _home(home: Path | None) -> Path | None:
    try:
        return Path(os.path.realpath(home or Path.home()))
    except RuntimeError:  # no home folder can be told, so none has to be spared
        return None


def _named(path: Path) -> Path:
    absolute = Path(os.path.realpath(path.parent)) / path.name
    if not os.path.lexists(absolute):
        raise ConfigurationError(f'the configuration file "{path.name}" does not exist', hint="name an existing file")
    return absolute


def _shown(path: Path, project: Path) -> str:
    try:
        return Path(os.path.relpath(path, project)).as_posix()
    except ValueError:  # on another drive nothing is relative
        return path.name


@dataclass(frozen=True)
class _Chain:
    """A configuration file and those it extends, none of them outside `boundary`."""

    project: Path
    boundary: Path

    def load(self, path: Path) -> Config:
        pairs: dict[str, tuple[Node, Node]] = {}
        inputs: list[Source] = []
        seen: list[Path] = []
        current: Path | None = path
        extended_at: Location | None = None
        while current is not None:
            self._refuse_endless(current, seen, extended_at)
            seen.append(current)
            source, node = self._read(current, extended_at)
            inputs.append(source)
            if problems := problems_of(node):
                raise InvalidConfiguration(problems)
            for key, value in node.pairs():
                pairs.setdefault(key.raw, (key, value))
            current, extended_at = self._extended(current, node)
        merged = Node(Location(inputs[0].path, 1), tuple(pairs.values()), "mapping")
        return build_config(merged, tuple(inputs))

    def _read(self, path: Path, extended_at: Location | None) -> tuple[Source, Node]:
        shown = _shown(path, self.project)
        read = Reader(self.boundary).read(path.relative_to(self.boundary).as_posix())
        if isinstance(read, Refused):
            at = extended_at or replace(read.at, path=shown)
            what = f'the configuration file "{shown}" cannot be read: {read.summary}'
            raise ConfigurationError(what, at=at, hint=read.detail)
        source = replace(read, path=shown)
        node = read_yaml(source, max_aliases=0)
        if isinstance(node, Diagnostic):
            raise ConfigurationError(node.summary, at=node.at, hint=node.detail)
        empty = node.shape == "scalar" and node.content is None
        return source, replace(node, content=(), shape="mapping") if empty else node

    def _extended(self, path: Path, node: Node) -> tuple[Path | None, Location | None]:
        value = node.get("extends")
        if value is None or not value.text:
            return None, None
        extended = Path(os.path.normpath(path.parent / value.text))
        if not extended.is_relative_to(self.boundary):
            raise ConfigurationError(f'"{value.text[:80]}" lies outside the repository', at=value.at)
        return extended, value.at

    @staticmethod
    def _refuse_endless(path: Path, seen: list[Path], at: Location | None) -> None:
        if path in seen:
            raise ConfigurationError("the files extend each other in a circle", at=at, hint="remove one `extends`")
        if len(seen) >= _MAX_EXTENDED:
            raise ConfigurationError(f"more than {_MAX_EXTENDED} files extend each other", at=at, hint="merge some")
