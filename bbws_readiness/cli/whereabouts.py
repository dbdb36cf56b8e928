"""Where a project lies in its repository, for forms whose readers know the files by their paths from its top."""

from __future__ import annotations

import os
from pathlib import Path

WORKSPACE = "GITHUB_WORKSPACE"
"""Names the folder into which GitHub Actions checks out."""


def prefix_of(project: Path, *, outside: str = "") -> str:
    """The path from the top of the repository to `project`, with `/`; empty at the top, `outside` where there is none.

    The repository is the nearest checkout around the project; in GitHub Actions it is the workspace, where that is a
    checkout itself (the project then lies in a submodule), or where none is found. Never absolute, never with `..`.
    """
    from bbws_readiness.config.policy import find_git_root

    root = Path(os.path.realpath(project))
    top = find_git_root(root)
    workspace = _workspace(root)
    if workspace and (top is None or os.path.lexists(workspace / ".git")):
        top = workspace
    if top is None:
        return outside
    prefix = root.relative_to(top).as_posix()
    return "" if prefix == "." else prefix


def stated_prefix(project: Path) -> str:
    """The same by the words of the path alone, for a project that need not be there; empty outside of the workspace."""
    path = Path(os.path.normpath(project))
    if path.is_absolute():
        path = Path(os.path.relpath(path, os.environ.get(WORKSPACE) or path))
    return "" if path == Path() or ".." in path.parts else path.as_posix()


def _workspace(root: Path) -> Path | None:
    """The workspace of the step, when the project lies in it."""
    named = os.environ.get(WORKSPACE, "")
    if not Path(named).is_absolute() or "\0" in named:
        return None
    found = Path(os.path.realpath(named))
    return found if root.is_relative_to(found) else None
