"""A project that exists only in memory, for tests."""

from collections.abc import Mapping

from bbws_readiness.codes import Code
from bbws_readiness.source import EntryKind, Location, Refused, Source


class MemoryFiles:
    """Satisfies `FileReader` from a mapping of paths to texts."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read(self, path: str) -> Source | Refused:
        text = self.files.get(path)
        if text is None:
            return Refused("no such file", Location(path, 0), code=Code.MISSING)
        return Source(path, text, len(text), "")

    def lies_at(self, path: str) -> EntryKind | Refused:
        if self.is_directory(path):
            return EntryKind.FOLDER
        missing = Refused("no such file", Location(path, 0), code=Code.MISSING)
        return EntryKind.FILE if path in self.files else missing

    def entries(self, path: str) -> Mapping[str, EntryKind] | Refused:
        if not self.is_directory(path):
            return Refused("no such file", Location(path, 0), code=Code.MISSING)
        prefix = "" if path in ("", ".") else f"{path}/"
        kinds = {name: self.lies_at(prefix + name) for name in self.listdir(path)}
        return {name: kind for name, kind in kinds.items() if isinstance(kind, EntryKind)}

    def exists(self, path: str) -> bool:
        return path in self.files or self.is_directory(path)

    def is_directory(self, path: str) -> bool:
        return path in ("", ".") or any(name.startswith(f"{path}/") for name in self.files)

    def listdir(self, path: str) -> tuple[str, ...]:
        prefix = "" if path in ("", ".") else f"{path}/"
        names = {name.removeprefix(prefix).split("/")[0] for name in self.files if name.startswith(prefix)}
        return tuple(sorted(names))
