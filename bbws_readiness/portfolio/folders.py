"""The folders of several projects: as many projects, none inside another one that does not set it apart."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError

MOST_NAMED = 50
"""Projects of one run of `readiness assess`."""
MOST_PROJECTS = 10_000
"""Projects of one portfolio."""


class Folder(Struct, frozen=True):
    """Where a project lies."""

    given: Path
    """As it was named."""
    root: Path
    """Without links."""
    path: str
    """Relative to the folder that all projects share."""


def folders_of(paths: Sequence[Path], *, most: int = MOST_NAMED) -> tuple[Folder, ...]:
    """The folders in their order; raises `UsageError` for one that is named twice, and for more than `most`."""
    if len(paths) > most:
        raise UsageError(
            f"{len(paths)} projects; at most {most} are assessed in one run", hint="name fewer", code=Code.SAME_PROJECT
        )
    seen: dict[Path, Path] = {}
    for path in paths:
        root = Path(os.path.realpath(path))
        if root in seen:
            same = f'is the same folder as "{seen[root]}"' if path != seen[root] else "is named twice"
            raise UsageError(f'"{path}" {same}', hint="name each project once", code=Code.SAME_PROJECT)
        seen[root] = path
    shared = os.path.commonpath([root.parent for root in seen])
    return tuple(Folder(path, root, Path(os.path.relpath(root, shared)).as_posix()) for root, path in seen.items())


def require_apart(folders: Sequence[Folder], apart: Mapping[Path, Sequence[str]]) -> None:
    """Raises `UsageError` for a project inside another one whose configuration does not set it apart.

    `apart` gives, by the root of each project that was read, the folders in it that its configuration names.
    """
    by_root = {folder.root: folder for folder in folders}
    for inner in folders:
        for above in inner.root.parents:
            if above not in apart or any(inner.root.is_relative_to(above / named) for named in apart[above]):
                continue
            folder = inner.root.relative_to(above).as_posix()
            raise UsageError(
                f'"{inner.path}" lies inside the project "{by_root[above].path}", which would be assessed with it',
                hint=f"name {folder} under portfolio.projects in the readiness.yaml of the outer one",
                code=Code.SAME_PROJECT,
            )
