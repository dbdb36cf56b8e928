"""Reads the output directory: the JSON of the earlier run, and the documents with what people wrote in them.

Nothing in it is trusted. What cannot be read is told and passed by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.compare.document import MAX_BYTES, document_of
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity, ReadinessError
from bbws_readiness.patterns import regex
from bbws_readiness.published.record import KEY, Record, record_of
from bbws_readiness.reader import Limits, Reader
from bbws_readiness.render.file_names import JSON_PATTERN, PATTERNS
from bbws_readiness.render.write import TEMPORARY, walked
from bbws_readiness.source import EntryKind, Location, Refused, Source

MAX_PENDING = 32
"""Files of killed runs that are looked at."""
MAX_OTHERS = 8
"""Sets of other names that are looked at."""
MAX_DOCUMENT = 16 * 1024 * 1024
"""Bytes of a document. Of a thousand tables the longest has some four million."""
LIMITS = Limits(file_bytes=MAX_BYTES, total_bytes=2 * MAX_BYTES, files=128)


class Folder(Struct, frozen=True):
    """What was found. A folder that is not there is empty."""

    files: Mapping[str, Source | Refused]
    """By name: every file that has the name of a document of the set, and the JSON."""
    prefix: str = ""
    """Stands before every name in messages."""
    twin: str = ""
    """The JSON as messages name it."""
    data: Mapping[str, Any] | None = None
    """The JSON of the earlier run, without its record."""
    record: Record = field(default_factory=Record)
    pending: tuple[Record, ...] = ()
    """Of runs that were killed before their JSON took its place: their documents may have taken theirs."""
    refused: Refused | None = None
    """Why the folder itself cannot be looked at."""
    warnings: tuple[Diagnostic, ...] = ()

    def without_twin_text(self) -> Folder:
        """The same with an empty text for the JSON, which takes much memory."""
        name = self.twin.removeprefix(self.prefix)
        return replace(self, files={**self.files, name: replace(self.files[name], text="")})

    def text(self, name: str) -> str | None:
        """The text of a file, or None where there is none that can be read."""
        found = self.files.get(name)
        return found.text if isinstance(found, Source) else None


def is_name_of_set(name: str, environment: str, slug: str = "") -> bool:
    """Whether a document of an assessment for `environment`, or its JSON, can have this name; any slug when empty."""
    return any(pattern.fullmatch(name) for pattern in _patterns(environment, slug))


def _patterns(environment: str, slug: str) -> Iterator[re.Pattern[str]]:
    spelt = {"{environment}": environment, "{ENVIRONMENT}": environment.upper()}
    if slug:
        spelt["{slug}"] = slug
    for pattern in (*PATTERNS.values(), JSON_PATTERN):
        parts = [spelt.get(part, ".+" if part[:1] == "{" else part) for part in _FIELD.split(pattern)]
        yield re.compile("".join(part if part == ".+" else re.escape(part) for part in parts))


_FIELD = regex(r"(\{\w+\})")


class Listed(Struct, frozen=True):
    """The output directory as it lies there, before anything in it is understood."""

    reader: Reader
    within: str
    """The way from the root of the reader."""
    prefix: str
    twin: str
    """File name of the JSON."""
    names: Mapping[str, EntryKind] | Refused
    """Everything in it."""
    files: Mapping[str, Source | Refused]
    """As `Folder.files`."""

    def read(self, name: str) -> Source | Refused:
        """A file of the folder, or why it was not read."""
        found = self.reader.read(self._path(name))
        if isinstance(found, Source) and found.size > MAX_DOCUMENT and name.endswith(".md"):
            what = f"larger than {MAX_DOCUMENT // 1024**2} MiB"
            return Refused(what, Location(found.path, 0), "move it away", code=Code.TOO_LARGE)
        return found

    def holds(self, name: str, before: Source | Refused) -> bool:
        """Whether the file is still what was found there before."""
        if isinstance(before, Refused):
            return self.read(name) == before
        return self.reader.fingerprint(self._path(name)) == (before.size, before.sha256)

    def _path(self, name: str) -> str:
        return f"{self.within}/{name}" if self.within else name

    @property
    def left(self) -> list[str]:
        """Names of files that killed runs have left."""
        names = {} if isinstance(self.names, Refused) else self.names
        return [name for name, kind in names.items() if kind is EntryKind.FILE and TEMPORARY.fullmatch(name)]

    def with_files(self, files: Mapping[str, Source | Refused]) -> Listed:
        """The same folder with these files, and nothing else held of it."""
        self.reader.forget()
        return replace(self, files=files)

    def other_twins(self, environment: str) -> list[str]:
        """Names of JSON for the environment that belong to other sets, where the folder is one of the project."""
        if not self.within or isinstance(self.names, Refused):
            return []
        *_, wanted = _patterns(environment, "")
        return [name for name in sorted(self.names) if wanted.fullmatch(name) and name != self.twin]


def list_folder(directory: Path, *, project: Path, environment: str, slug: str) -> Listed:
    """The output directory of a project for one environment. Below `project` no link is followed on the way to it."""
    listed, own = _opened(directory, project, environment, slug)
    return replace(listed, files={name: listed.read(name) for name in own})


def is_still(
    files: Mapping[str, Source | Refused], directory: Path, *, project: Path, environment: str, slug: str
) -> bool:
    """Whether `list_folder` would find the same files again; they are looked at one by one, and none is held."""
    listed, own = _opened(directory, project, environment, slug)
    return own == list(files) and all(listed.holds(name, before) for name, before in files.items())


def _opened(directory: Path, project: Path, environment: str, slug: str) -> tuple[Listed, list[str]]:
    """The directory with none of its files read, and the names of those of the set."""
    reader, within = _reader(directory, project)
    names = reader.entries(within or ".")
    twin = JSON_PATTERN.format(environment=environment, slug=slug)
    own = [] if isinstance(names, Refused) else [name for name in names if is_name_of_set(name, environment, slug)]
    return Listed(reader, within, f"{within or directory.name}/", twin, names, {}), own


def read_folder(directory: Path, *, project: Path, environment: str, slug: str) -> Folder:
    """What `list_folder` finds, understood."""
    return understood(list_folder(directory, project=project, environment=environment, slug=slug), environment)


def understood(listed: Listed, environment: str) -> Folder:
    """What lies in the folder, for that environment."""
    names, files, prefix = listed.names, listed.files, listed.prefix
    if isinstance(names, Refused):
        return Folder({}, prefix, refused=None if names.code is Code.MISSING else names)
    warnings: list[Diagnostic] = []
    data, record = _earlier(files.get(listed.twin), warnings.append)
    warnings += _other_sets(listed, environment)
    read = map(listed.read, listed.left[:MAX_PENDING])
    killed = [one for one in read if isinstance(one, Source) and one.text.startswith("{")]
    pending = [_earlier(one, lambda _: None)[1] for one in killed]
    return Folder(
        files,
        prefix,
        f"{prefix}{listed.twin}",
        data,
        record,
        tuple(one for one in pending if one.documents),
        warnings=tuple(warnings),
    )


def _other_sets(listed: Listed, environment: str) -> Iterator[Diagnostic]:
    """A warning for every other set for the environment in a folder of the project: it may bear an earlier name."""
    for name in listed.other_twins(environment)[:MAX_OTHERS]:
        found = listed.read(name)
        data = _earlier(found, lambda _: None)[0] or {}
        of = data.get("environment")
        if isinstance(found, Source) and isinstance(of, dict) and of.get("name") == environment:
            what = f"another set for {environment} lies here, and this run does not keep it current"
            hint = "if the project was called so earlier, take over its notes and move that set away"
            at = Location(found.path, 0)
            yield Diagnostic(DiagnosticSeverity.WARNING, what, at, hint, code=Code.OTHER_SET)


def _reader(directory: Path, project: Path) -> tuple[Reader, str]:
    """A reader confined to what the user answers for, and the way from there to the directory."""
    trusted, steps = walked(directory, project)
    within = "/".join(steps)
    prefix = "" if steps else f"{directory.name}/"
    return Reader(trusted, prefix=prefix, limits=LIMITS, enters_repositories=True), within


def _earlier(
    read: Source | Refused | None, tell: Callable[[Diagnostic], object]
) -> tuple[Mapping[str, Any] | None, Record]:
    """The JSON of an earlier run, apart from its record; what cannot be read is told, and is none."""
    if read is None:
        return None, Record()
    if isinstance(read, Refused):
        tell(unread(read.at, read.summary, _ANEW if read.code is Code.TOO_LARGE else _RESTORE))
        return None, Record()
    try:
        data = document_of(read)
    except ReadinessError as error:
        tell(unread(error.at or Location(read.path, 0), error.message))
        return None, Record()
    try:
        record = record_of(data, path=read.path)
    except ReadinessError as error:
        tell(unread(error.at or Location(read.path, 0), error.message))
        record = Record()
    return {key: value for key, value in data.items() if key != KEY}, record


_RESTORE = "restore it if it is wanted"
_ANEW = "let --force write the set anew; its history begins there"


def unread(at: Location, why: str, hint: str = _RESTORE) -> Diagnostic:
    """The warning that an earlier run is not taken into account."""
    return Diagnostic(
        DiagnosticSeverity.WARNING,
        f"the earlier assessment is not taken into account: {why}",
        at,
        hint,
        code=Code.EARLIER_UNREAD,
    )


def moment_on_disk(directory: Path, *, project: Path, environment: str, slug: str = "") -> str:
    """The `as_of` of the JSON on disk; empty without one, and when several could be meant."""
    reader, within = _reader(directory, project)
    listed = reader.entries(within or ".")
    if isinstance(listed, Refused):
        return ""
    *_, wanted = _patterns(environment, slug)
    names = [name for name, kind in listed.items() if kind is EntryKind.FILE and wanted.fullmatch(name)]
    if len(names) != 1:
        return ""
    data, _ = _earlier(reader.read(f"{within}/{names[0]}" if within else names[0]), lambda _: None)
    moment = data.get("as_of") if data else None
    return moment if isinstance(moment, str) else ""
