"""What every view starts from: the assessment, where the document will lie, and its siblings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from msgspec import Struct, field

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.engine.finding import Vote
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.patterns import regex
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, joined, link, say
from bbws_readiness.source import NEVER_ENTERED, Location, SourceKind

if TYPE_CHECKING:
    from bbws_readiness.compare.changes import Changes

MAX_PLACES = 6
"""More places than this are counted instead of printed; the JSON has them all."""

MAX_PLACES_TERSE = 2

_PLACE = regex(r"(?<![\w./-])(?P<path>[\w.-]+(?:/[\w.-]+)*\.\w+):(?P<line>\d+)")
_END_OF_PLACE = regex(r"\.\w+:\d")
"""What every place has, and few sentences: to look for it first takes a tenth of the time."""


class DocumentKind(Struct, frozen=True):
    """One row of the table of documents. Pattern fields: `{environment}`, `{ENVIRONMENT}`, `{slug}`, `{COMPONENT}`."""

    key: str
    title: str
    pattern: str
    template: str
    view: View
    """Builds what the template calls `view`."""
    audience: str
    purpose: str
    """The question the document answers."""
    terse: bool = False
    """For readers who seldom open the files: places carry the file's name alone, few of them, and votes no lists."""

    def file_name(self, assessment: Assessment) -> str:
        """Its name for this project and environment; the same in every run."""
        return self.pattern.format(
            environment=assessment.environment,
            ENVIRONMENT=assessment.environment.upper(),
            slug=assessment.slug,
            COMPONENT=assessment.component.upper(),
        )


class Document(Struct, frozen=True, dict=True):
    """A file to be written: its path relative to the output directory, and its whole text."""

    path: str
    text: str

    def pieces(self) -> Iterator[str]:
        """The text, a part at a time."""
        return (self.text[start : start + PIECE] for start in range(0, len(self.text), PIECE))

    @cached_property
    def sha256(self) -> str:
        """Of the file that holds the text."""
        digest = sha256()
        for piece in self.pieces():
            digest.update(in_file(piece))
        return digest.hexdigest()

    @cached_property
    def minutes(self) -> int:
        """As `wording.reading_minutes`."""
        return wording.reading_minutes(self.text)


class LongDocument(Struct, frozen=True, dict=True):
    """A file whose text is made as it is written, because it may be so long that it should never be held as a whole."""

    path: str
    make: Callable[[], Iterator[str]]
    """Gives the same text, in the same pieces, whenever it is asked."""

    @cached_property
    def text(self) -> str:
        """The whole of it, which is then held."""
        return "".join(self.make())

    def pieces(self) -> Iterator[str]:
        """The text, a part at a time."""
        if "text" in self.__dict__:
            yield from Document(self.path, self.text).pieces()
            return
        digest = sha256()
        for piece in self.make():
            digest.update(in_file(piece))
            yield piece
        self.__dict__["sha256"] = digest.hexdigest()

    @cached_property
    def sha256(self) -> str:
        """Of the file that holds the text; known without more ado once the text was written."""
        return Document(self.path, self.text).sha256


def in_file(text: str) -> bytes:
    """As it is written: what no encoding can hold is told by its number."""
    return text.encode("utf-8", "backslashreplace")


PIECE = 1024 * 1024
"""Characters of a text that are written at once."""


class Run(Struct, frozen=True):
    """One row of the history: an assessment that was published. Its texts were read back, and are not trusted."""

    as_of: str
    """As the JSON says it: ISO 8601."""
    commit: str
    """Empty outside of a checkout."""
    verdict: str
    """One word: `BLOCKED`."""
    score: str
    """The number alone."""
    change: str
    """What made it differ from the run before it, as `history.reason_of` words it; empty for a first run."""


class Surroundings(Struct, frozen=True):
    """What lies in the output directory besides this run's own documents. Empty for a first run."""

    earlier: tuple[Run, ...] = ()
    """Newest first, without the current one."""
    changes: Changes | None = None
    """What differs from the run before this one, the first of `earlier`."""
    superseded: tuple[str, ...] = ()
    """File names of the set that this run does not write."""

    @property
    def corrects(self) -> bool:
        """Whether this run corrects the one before it: then the set has a notice, and the others refer to it."""
        return self.changes is not None and self.changes.corrects


class Frame(Struct, frozen=True):
    """One assessment on its way into one directory."""

    assessment: Assessment
    directory: str
    """Of the documents, relative to the project root, with forward slashes; `.` is the root itself."""
    kinds: tuple[DocumentKind, ...]
    """All documents of the set, in order."""
    kind: DocumentKind
    """The one being written."""
    surroundings: Surroundings = Surroundings()
    written: Mapping[str, Document] = field(default_factory=dict)
    """By key, those that come before this one: all others for the index."""
    alone: bool = False
    """Whether it is read away from the set, where no link leads to another file of it."""
    made: dict[object, Any] = field(default_factory=dict)
    """What `once` and `shared` have made; documents of one set hold the same."""

    def once(self, make: Callable[[Assessment], T]) -> T:
        """What `make` makes of the assessment, made once for the whole set. It must not change."""
        if make not in self.made:
            self.made[make] = make(self.assessment)
        made: T = self.made[make]
        return made

    def shared(self, make: Callable[[Frame], T]) -> T:
        """What `make` makes of the frame, made once for all documents in which places look alike.

        Of the frame it must use nothing but the assessment and places, and what it makes must not change.
        """
        key = make, self.kind.terse
        if key not in self.made:
            self.made[key] = make(self)
        made: T = self.made[key]
        return made

    @property
    def environment(self) -> str:
        """`SIT`."""
        return self.assessment.environment.upper()

    def path(self, path: str) -> Markdown:
        """A project file or folder as a relative link with its path as label."""
        return _linked(path or ".", self.directory, path, 0)

    def place(self, at: Location) -> Markdown:
        """`file:line` as code, a link to that line where file and documents both lie in the project."""
        shown = self._shown(at.path) if self.kind.terse else at.path
        return _linked(f"{shown}:{at.line}" if at.line else shown, self.directory, at.path, at.line)

    def _shown(self, path: str) -> str:
        """In a terse document: the file's name where no other input has the same, else the path."""
        name = posixpath.basename(path)
        return name if self.once(_paths_by_name).get(name) == [path] else path

    def places(self, locations: Iterable[Location], *, most: int | None = None) -> Markdown:
        """All places, each line once, separated by commas; after the first one of a file only the line is the label.

        Beyond `most` they are counted; None leaves that to the kind of document.
        """
        each = {(at.path, at.line): at for at in locations}
        if len(each) == 1:
            return self.place(*each.values())
        if most is None:
            most = MAX_PLACES_TERSE if self.kind.terse else MAX_PLACES
        parts: list[Markdown] = []
        before = None
        for (path, line), at in islice(each.items(), most):
            again = path == before and line > 0
            parts.append(_linked(f":{line}", self.directory, path, line) if again else self.place(at))
            before = path
        shown = joined(parts)
        return say("{} and {} more", shown, len(each) - most) if len(each) > most else shown

    def cited(self, text: object, *locations: Location | None) -> Markdown:
        """A figure with its source behind it in parentheses; no parentheses without a known place."""
        known = [at for at in locations if at is not None]
        return say("{} ({})", text, self.places(known)) if known else say("{}", text)

    def told(self, text: str, at: Location) -> Markdown:
        """A sentence with its places as links; `at` is put behind it unless the sentence names it already."""
        known = self.once(_paths)
        parts: list[Markdown] = []
        end = 0
        named = False
        for found in _PLACE.finditer(text) if _END_OF_PLACE.search(text) else ():
            if found["path"] in known:
                place = Location(found["path"], int(found["line"]))
                named = named or (place.path, place.line) == (at.path, at.line)
                parts += [_kept_spaces(text[end : found.start()]), self.place(place)]
                end = found.end()
        parts.append(_kept_spaces(text[end:]))
        whole = joined(parts, "")
        return whole if named or at.path in ("", ".") else self.cited(whole, at)

    def stated(self, fact: Fact[str] | Fact[int] | None, *, absent: str = wording.NOT_STATED) -> Markdown:
        """A statement as code with its place, the reason when it cannot be told, or `absent`."""
        if fact is None:
            return say("{}", absent)
        if isinstance(fact.value, Unknown):
            return say("not determinable from the files: {} ({})", fact.value.reason, self.place(fact.at))
        return self.cited(code(fact.value), fact.at)

    def votes(self, votes: Iterable[Vote]) -> Markdown:
        """`plan 5 (place) against terraform, schemas 3 (places)`: who says what, and where; every source once.

        A terse document leaves the lists in parentheses out; the type of a key, a single letter, is none.
        """
        parts: list[Markdown] = []
        heard: set[SourceKind] = set()
        for vote in votes:
            if heard.issuperset(vote.sources):
                continue
            heard.update(vote.sources)
            text = re.sub(r" \([^()]{2,}\)(?=$|; )", "", vote.text) if self.kind.terse else vote.text
            said = say("**{}** {}", Markdown(wording.sources(vote.sources)), text)
            parts.append(say("{} ({})", said, self.places(vote.at, most=MAX_PLACES)) if vote.at else said)
        return joined(parts, " against ")

    def file_name(self, key: str) -> str:
        """The file name of the document with that key; raises KeyError when there is none."""
        for kind in self.kinds:
            if kind.key == key:
                return kind.file_name(self.assessment)
        raise KeyError(key)

    def document(self, key: str) -> Markdown:
        """A link to a sibling, labelled with its title."""
        kind = next(kind for kind in self.kinds if kind.key == key)
        return self.sibling(Markdown(kind.title), self.file_name(key))

    def sibling(self, label: Markdown, name: str, *, fragment: str = "") -> Markdown:
        """A link to another file of the set; away from it that file's name."""
        return code(name) if self.alone else link(label, name, fragment=fragment)


T = TypeVar("T")
View: TypeAlias = Callable[[Frame], object]
"""Prepares one document: a frozen Struct of texts, tables and lists for its template."""


def _kept_spaces(text: str) -> Markdown:
    """Encoded, with the spaces at its ends, which `plain` would take off."""
    body = text.strip()
    if not body:
        return Markdown(" " if text else "")
    before = Markdown(" " if text[0].isspace() else "")
    return say("{}{}{}", before, body, Markdown(" " if text[-1].isspace() else ""))


def _paths(assessment: Assessment) -> frozenset[str]:
    return frozenset(one.path for one in assessment.inputs)


def _paths_by_name(assessment: Assessment) -> dict[str, list[str]]:
    """The paths of all inputs, by the names of the files."""
    paths: dict[str, list[str]] = {}
    for one in assessment.inputs:
        paths.setdefault(posixpath.basename(one.path), []).append(one.path)
    return paths


@lru_cache(maxsize=4096)
def _linked(label: str, directory: str, path: str, line: int) -> Markdown:
    """The label as code, a link where both the path and the documents' directory lie in the project."""
    if path in ("", ".") or not (_inside(path) and _inside(directory)):
        return code(label)
    return link(code(label), _way(directory, path), fragment=f"L{line}" if line else "")


@lru_cache(maxsize=1024)
def _way(directory: str, path: str) -> str:
    return posixpath.relpath(f"/{path}", f"/{directory}")


@lru_cache(maxsize=1024)
def _inside(path: str) -> bool:
    """Whether a path relative to the project root stays below it and can be opened there by a reader."""
    parts = posixpath.normpath(path).split("/")
    return parts[0] not in ("..", "") and NEVER_ENTERED.isdisjoint(parts)
