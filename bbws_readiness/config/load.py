"""Finds readiness.yaml upward of a project and reads it, with the one file it extends, into a `Config`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config.build import build_config
from bbws_readiness.config.policy import PolicyFiles, find_git_root
from bbws_readiness.config.problems import InvalidConfiguration
from bbws_readiness.config.settings import Config
from bbws_readiness.config.validate import problems_of
from bbws_readiness.errors import ConfigurationError, Diagnostic
from bbws_readiness.positioned import Node, read_policy
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Refused, Source

CONFIG_NAMES = ("readiness.yaml", ".readiness.yaml", ".github/readiness.yaml")

_MAX_EXTENDED = 5


def load_config(project: Path, *, path: Path | None = None, home: Path | None = None) -> Config:
    """The configuration that holds for the folder `project`: the file at `path`, else the one found, else defaults.

    Raises `InvalidConfiguration` with every problem of a file, or `ConfigurationError` when there are two files
    in one folder or one cannot be read. `home` is the user's home folder; it and what lies above is never searched.
    """
    project = Path(os.path.realpath(project))
    reader = _reader_of(project)
    named = _named(path) if path is not None else find_config(project, home=home, holds=_looks_in(reader))
    if named is None:
        return Config()
    if not named.is_relative_to(reader.root):
        reader = _reader_of(named.parent)
    return Chain(project, reader.root, reader).load(named)


def find_config(project: Path, *, home: Path | None = None, holds: Callable[[Path], bool] | None = None) -> Path | None:
    """The nearest configuration file from `project` upward to the git root; None when there is none.

    Without a git root only the project folder is searched. `holds` tells whether anything lies at a path. Raises
    `ConfigurationError` for two in one folder.
    """
    project = Path(os.path.realpath(project))
    try:
        if not project.is_dir():
            return None
    except OSError:
        pass  # too long a name, or a folder that may not be entered: the reader tells
    holds = holds or _looks_in(_reader_of(project))
    for folder in _searched(project, _home(home)):
        found = [name for name in CONFIG_NAMES if holds(folder / name)]
        if len(found) > 1:
            first, second = (_shown(folder / name, project) for name in found[:2])
            raise ConfigurationError(
                f"two configuration files: {first} and {second}", hint="keep one of them", code=Code.TWO_CONFIGURATIONS
            )
        if found:
            return folder / found[0]
    return None


def _reader_of(folder: Path) -> Reader:
    """A reader of the checkout that `folder` lies in, else of the folder itself."""
    return Reader(find_git_root(folder) or folder)


def _looks_in(reader: Reader) -> Callable[[Path], bool]:
    """Tells whether anything lies at a path; what may not be looked at does, so that reading it tells why."""

    def holds(path: Path) -> bool:
        found = reader.lies_at(path.relative_to(reader.root).as_posix())
        return not isinstance(found, Refused) or found.code is not Code.MISSING

    return holds


def _searched(project: Path, home: Path | None) -> Iterator[Path]:
    for folder in (project, *project.parents):
        if home is not None and home.is_relative_to(folder):
            return
        yield folder
        # Asked for now only, because most projects have a file of their own.
        git_root = find_git_root(folder)
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
        raise ConfigurationError(
            f'the configuration file "{path.name}" does not exist',
            hint="name an existing file",
            code=Code.NO_CONFIGURATION,
        )
    return absolute


def _shown(path: Path, project: Path) -> str:
    try:
        return Path(os.path.relpath(path, project)).as_posix()
    except ValueError:  # on another drive nothing is relative
        return path.name


class Chain(Struct, frozen=True):
    """A configuration file and those it extends, none of them outside `boundary`."""

    project: Path
    """To which shown paths are relative."""
    boundary: Path
    """To which the paths of `files` are relative."""
    files: PolicyFiles

    def load(self, path: Path) -> Config:
        """What the file at `path` says; raises `InvalidConfiguration` or `ConfigurationError`."""
        return build_config(*self.merged(path))

    def merged(self, path: Path, *, validate: bool = True) -> tuple[Node, tuple[Source, ...]]:
        """The top-level keys of the file at `path` and of those it extends, and the files read."""
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
            if validate and (problems := problems_of(node)):
                raise InvalidConfiguration(problems)
            for key, value in node.pairs():
                pairs.setdefault(key.raw, (key, value))
            current, extended_at = self._extended(current, node)
        return Node(Location(inputs[0].path, 1), tuple(pairs.values()), "mapping"), tuple(inputs)

    def _read(self, path: Path, extended_at: Location | None) -> tuple[Source, Node]:
        shown = _shown(path, self.project)
        read = self.files.read(path.relative_to(self.boundary).as_posix())
        if isinstance(read, Refused):
            at = extended_at or replace(read.at, path=shown)
            what = f'the configuration file "{shown}" cannot be read: {read.summary}'
            raise ConfigurationError(what, at=at, hint=read.detail, code=read.code)
        source = replace(read, path=shown)
        node = read_policy(source)
        if isinstance(node, Diagnostic):
            raise ConfigurationError(node.summary, at=node.at, hint=node.detail, code=node.code)
        empty = node.shape == "scalar" and node.content is None
        return source, replace(node, content=(), shape="mapping") if empty else node

    def _extended(self, path: Path, node: Node) -> tuple[Path | None, Location | None]:
        value = node.get("extends")
        if value is None or not value.text:
            return None, None
        extended = Path(os.path.normpath(path.parent / value.text))
        if not extended.is_relative_to(self.boundary):
            raise ConfigurationError(f'"{value.text[:80]}" lies outside the repository', at=value.at, code=Code.EXTENDS)
        return extended, value.at

    @staticmethod
    def _refuse_endless(path: Path, seen: list[Path], at: Location | None) -> None:
        if path in seen:
            raise ConfigurationError(
                "the files extend each other in a circle", at=at, hint="remove one `extends`", code=Code.EXTENDS
            )
        if len(seen) >= _MAX_EXTENDED:
            raise ConfigurationError(
                f"more than {_MAX_EXTENDED} files extend each other", at=at, hint="merge some", code=Code.EXTENDS
            )
