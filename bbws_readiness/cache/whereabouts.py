"""Where the cache of the user lies, and whether a project could have brought it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

NAME = "readiness"


def cache_folder(environment: Mapping[str, str], projects: Iterable[Path]) -> Path | None:
    """The folder, which need not be there, or None when none may be used for these projects.

    None is the answer without a home folder, and when a project, or a checkout that it lies in, could have brought the
    folder or holds it: what lies there would be what the project says it is.
    """
    named = Path(environment.get("XDG_CACHE_HOME", ""))
    home = Path(environment.get("HOME", ""))
    if named.is_absolute():
        folder = named / NAME
    elif home.is_absolute():
        folder = home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / NAME
    else:
        return None
    real = Path(os.path.realpath(folder))
    for project in projects:
        root = Path(os.path.realpath(project))
        if root.is_relative_to(real) or any(real.is_relative_to(outer) for outer in _checkouts(root)):
            return None
    return folder


def _checkouts(root: Path) -> Iterable[Path]:
    """The project and every folder above it that git could have filled."""
    yield root
    for folder in root.parents:
        if os.path.lexists(folder / ".git"):
            yield folder
