"""Shows one folder of a commit as the confined reader shows a folder of the disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.git.tree import TreeReader
from bbws_readiness.source import EntryKind, Location, Refused, Source


class Subtree:
    """Files below `folder` of a commit; paths, also those of sources, are relative to it and never lead out of it.

    Links and submodules are not shown. Raises `BaseUnavailable` as `TreeReader` does.
    """

    def __init__(self, tree: TreeReader, folder: str) -> None:
        self._tree = tree
        self._folder = PurePosixPath(folder)

    def read(self, path: str) -> Source | Refused:
        """The file at `path`, or why it was not read."""
        shown = str(PurePosixPath(path))
        read = self._tree.read(self._inside(path))
        return replace(read, path=shown) if isinstance(read, Source) else replace(read, at=Location(shown, 0))

    def lies_at(self, path: str) -> EntryKind | Refused:
        """Whether a file or a folder lies at `path`, or that nothing does."""
        inside = self._inside(path)
        if not self._tree.exists(inside):
            return Refused("no such file", Location(str(PurePosixPath(path)), 0), code=Code.MISSING)
        return EntryKind.FOLDER if self._tree.is_directory(inside) else EntryKind.FILE

    def entries(self, path: str) -> Mapping[str, EntryKind] | Refused:
        """Every name in the folder `path` with what it stands for, ordered by name, or that there is no folder."""
        if not self.is_directory(path):
            return Refused("no such folder", Location(str(PurePosixPath(path)), 0), code=Code.MISSING)
        found = {name: self.lies_at(f"{path}/{name}") for name in self.listdir(path)}
        return {name: kind for name, kind in found.items() if isinstance(kind, EntryKind)}

    def exists(self, path: str) -> bool:
        """Whether a file or folder lies at `path`."""
        return self._tree.exists(self._inside(path))

    def is_directory(self, path: str) -> bool:
        """Whether a folder lies at `path`."""
        return self._tree.is_directory(self._inside(path))

    def listdir(self, path: str) -> tuple[str, ...]:
        """The names in the folder `path`, ordered; empty when there is none."""
        return self._tree.listdir(self._inside(path))

    def _inside(self, path: str) -> str:
        # A path with .. is refused by the tree.
        return str(self._folder / path)
