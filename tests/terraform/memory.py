"""A project that exists only in memory, for tests."""

from bbws_readiness.source import Location, Refused, Source


class MemoryFiles:
    """Satisfies `FileReader` from a mapping of paths to texts."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read(self, path: str) -> Source | Refused:
        text = self.files.get(path)
        return Refused("no such file", Location(path, 0)) if text is None else Source(path, text, len(text), "")

    def exists(self, path: str) -> bool:
        return path in self.files or self.is_directory(path)

    def is_directory(self, path: str) -> bool:
        return path in ("", ".") or any(name.startswith(f"{path}/") for name in self.files)

    def listdir(self, path: str) -> tuple[str, ...]:
        prefix = "" if path in ("", ".") else f"{path}/"
        names = {name.removeprefix(prefix).split("/")[0] for name in self.files if name.startswith(prefix)}
        return tuple(sorted(names))
