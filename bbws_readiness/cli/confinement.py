"""Prepares for a project: refuses one from which this process may import, and opens the cache beside the others."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from bbws_readiness.cache.current import close_store, drop_store, open_store
from bbws_readiness.cache.whereabouts import cache_folder
from bbws_readiness.cli.options import NO_CACHE
from bbws_readiness.codes import Code
from bbws_readiness.errors import NothingToAssess, UsageError
from bbws_readiness.process.imports import on_import_path

_PROJECTS = "bbws_readiness.projects"
WRONG = (AttributeError, LookupError, TypeError, ValueError)
"""What data of another class than expected lead to: so the entry of a cache that has them is met by one run only."""


def confine(project: Path) -> None:
    """To be called with the project's folder before anything of it is read.

    Raises `UsageError` for one on the import path, `NothingToAssess` for a name that no folder can have.
    """
    _require_name(project)
    refuse_imported(project)
    context = click.get_current_context(silent=True)
    if context is not None and context.meta.get(NO_CACHE) is False:
        projects = context.meta.setdefault(_PROJECTS, [])
        projects.append(project)
        open_store(os.environ, projects)
        context.with_resource(_closing())


def _require_name(project: Path) -> None:
    """What is not there is told by whoever looks for it, with its name; a name of this kind has no end."""
    try:
        project.stat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise NothingToAssess(
                "the project folder does not exist: its name is too long",
                hint="name the folder of a project",
            ) from None


def may_keep(projects: Sequence[Path]) -> bool:
    """Whether the running command may use the cache for these projects, none of which can have brought its folder."""
    context = click.get_current_context(silent=True)
    wanted = context is not None and context.meta.get(NO_CACHE) is False
    return wanted and cache_folder(os.environ, projects) is not None


@contextmanager
def keeping(project: Path, *, wanted: bool) -> Iterator[None]:
    """Within it the cache of one of several projects is open, where `may_keep` has said so for all of them."""
    if not wanted:
        yield
        return
    open_store(os.environ, [project])
    with _closing():
        yield


@contextmanager
def _closing() -> Iterator[None]:
    try:
        yield
    except WRONG:
        drop_store()
        raise
    finally:
        close_store()


def refuse_imported(project: Path) -> None:
    """Raises `UsageError` for a project on the import path, and opens nothing."""
    if on_import_path(project):
        raise UsageError(
            "refusing to start: the import path contains the assessed repository",
            hint="start the installed `readiness`, or `python -P -m bbws_readiness`, without PYTHONPATH",
            code=Code.IMPORT_PATH,
        )
