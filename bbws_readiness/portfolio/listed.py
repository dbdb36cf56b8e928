"""Reads portfolio.yaml: which projects are assessed together, none of them outside of the folder of the file."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config import InvalidConfiguration
from bbws_readiness.errors import ConfigurationError, Diagnostic
from bbws_readiness.portfolio.folders import MOST_PROJECTS
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.reader import Reader
from bbws_readiness.schema_check import SchemaCheck
from bbws_readiness.source import Refused

SCHEMA = "portfolio_file.schema.json"
OUTPUT = "deployments"


class Project(Struct, frozen=True):
    """A project of the list; its paths are as the user can open them."""

    path: Path
    config: Path | None = None
    promotion_plan: Path | None = None
    plan_json: Path | None = None


class Portfolio(Struct, frozen=True):
    """What the file says."""

    folder: Path
    """In which it lies; no link is followed below it."""
    projects: tuple[Project, ...]
    """In the order of the list, those of a pattern by name; each once, and as it is written out where it is."""
    output: Path


def read_portfolio(file: Path) -> Portfolio:
    """The list at `file`; raises `InvalidConfiguration` with every problem, or `ConfigurationError`."""
    folder = file.parent
    read = Reader(folder).read(file.name)
    if isinstance(read, Refused):
        at = replace(read.at, path=file.as_posix())
        why = read.summary.removeprefix("cannot be read: ")
        raise ConfigurationError(f"the list cannot be read: {why}", at=at, hint=read.detail, code=read.code)
    node = read_yaml(replace(read, path=file.as_posix()), max_aliases=0)
    if isinstance(node, Diagnostic):
        raise ConfigurationError(node.summary, at=node.at, hint=node.detail, code=node.code)
    if faults := _check().faults(node):
        raise InvalidConfiguration([ConfigurationError(one.summary, at=one.at, hint=one.detail) for one in faults])
    output = node.get("output")
    name = ((output and output.text) or OUTPUT).rstrip("/")
    where = _inside(folder, name, output) if output else folder / name
    return Portfolio(folder, tuple(_projects(node, folder, name)), where)


@cache
def _check() -> SchemaCheck:
    return SchemaCheck(
        json.loads(files("bbws_readiness.portfolio").joinpath(SCHEMA).read_text("utf-8")), most=MOST_PROJECTS
    )


def _projects(node: Node, folder: Path, output: str) -> Iterator[Project]:
    """The folder of the output is none, whatever a pattern matches."""
    listed = node.get("projects")
    entries = list(listed.elements()) if listed else []
    names = [_text(entry).rstrip("/") for entry in entries]
    written: set[str] = set()
    for name, entry in zip(names, entries, strict=True):
        if name in written:
            raise ConfigurationError(
                f'"{name}" is listed twice', at=entry.at, hint="list each project once", code=Code.SAME_PROJECT
            )
        written.add(name)
    found = 0
    for name, entry in zip(names, entries, strict=True):
        for one in _matches(folder, name, entry, written, output) if "*" in name else [name]:
            found += 1
            if found > MOST_PROJECTS:
                raise ConfigurationError(
                    f"more than {MOST_PROJECTS} projects", at=entry.at, hint="name fewer", code=Code.SAME_PROJECT
                )
            yield _project(entry, folder, one)


def _text(entry: Node) -> str:
    """The path or pattern of an entry."""
    path = entry.get("path") or entry
    return path.text or ""


def _project(entry: Node, folder: Path, name: str) -> Project:
    def given(key: str) -> Path | None:
        value = entry.get(key)
        return _inside(folder, value.text, value) if value and value.text else None

    return Project(_inside(folder, name, entry), given("config"), given("promotion-plan"), given("plan-json"))


def _inside(folder: Path, name: str, entry: Node) -> Path:
    """The path; raises `ConfigurationError` when a link is on the way."""
    path = folder
    for step in name.split("/"):
        path = path / step
        try:
            linked = stat.S_ISLNK(os.lstat(path).st_mode)
        except OSError:
            # What is not there is told where it is read.
            break
        if linked:
            raise ConfigurationError(
                f'"{name}" leads through a link, and links are not followed',
                at=entry.at,
                hint="name the folder itself",
                code=Code.LINK,
            )
    return folder / name


def _matches(folder: Path, pattern: str, entry: Node, written: set[str], output: str) -> Iterator[str]:
    """The folders that match, by name, but for those that are written out or matched before.

    That of the output, links and hidden folders never match. Raises `ConfigurationError` when nothing does.
    """
    found = [""]
    for step in pattern.split("/"):
        found = [f"{above}{name}/" for above in found for name in _below(folder / above, step)]
    names = sorted({one.rstrip("/") for one in found} - {output})
    if not names:
        raise ConfigurationError(
            f'no folder matches "{pattern}"',
            at=entry.at,
            hint="correct it, or take it out",
            code=Code.CONFIGURED_SOURCE,
        )
    for name in names:
        if name not in written:
            written.add(name)
            yield name


def _below(folder: Path, step: str) -> Iterator[str]:
    """The names of folders in one folder that a part of a pattern matches."""
    try:
        with os.scandir(folder) as entries:
            names = [one.name for one in entries if one.is_dir(follow_symlinks=False)]
    except OSError:
        return
    yield from (name for name in names if _fits(name, step) and (step.startswith(".") or name[:1] != "."))


def _fits(name: str, step: str) -> bool:
    """Whether the parts between the stars follow each other in the name, the outer ones at its ends."""
    first, *middle = step.split("*")
    if not middle:
        return name == step
    last = middle.pop()
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    rest = name[len(first) : len(name) - len(last)]
    for part in middle:
        _, found, rest = rest.partition(part) if part else ("", "*", rest)
        if not found:
            return False
    return True
