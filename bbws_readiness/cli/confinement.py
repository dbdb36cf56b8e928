"""Refuses to look at a project from which this process may have imported, or might yet import, a module."""

from __future__ import annotations

from pathlib import Path

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.process.imports import on_import_path


def confine(project: Path) -> None:
    """To be called with the project's folder before anything of it is read; raises `UsageError`."""
    if on_import_path(project):
        raise UsageError(
            "refusing to start: the import path contains the assessed repository",
            hint="start the installed `readiness`, or `python -P -m bbws_readiness`, without PYTHONPATH",
            code=Code.IMPORT_PATH,
        )
