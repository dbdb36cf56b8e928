"""Reads the files that a document lists: its trees, and the paths in its text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bbws_readiness.fact import Fact
from bbws_readiness.model.readmes import FileTree, TreeEntry
from bbws_readiness.parsers.promotion_plan.markdown import Document, Grid, Item, Line, Paragraph
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

MAX_PATHS = 500
"""Paths and entries of trees that are read of one document."""

MAX_LINE = 400
"""Characters of a line that can be an entry."""

_BRANCH = regex(r"(?P<prefix>[\s│┃|]*(?:[├└┣┗╰][─━╴\-]*|[|+`\\](?:--?|─+))[─┬\s]*)(?P<rest>\S.*)")
_LINK = regex(r"\[[^\[\]]{0,200}\]\((?P<path>[^()\s]{1,300})(?:\s+[\"'][^\"']{0,200}[\"'])?\)")
_REFERENCE = regex(r"\s{0,3}\[[^\[\]]{1,200}\]:\s+<?(?P<path>[^\s<>]{1,300})>?")
_CODE = regex(r"(?<!`)`(?P<path>[^`\s]{1,300})`(?!`)")
_NAME = regex(r"[\w.@+*?{},<>$~=\-\[\]…%/]{1,300}")
_REMARK = regex(r"\s+(?:#|//|←|<-|->|→|--?|–|—|\(|:)|\s{2,}|\t")
_PATH = regex(r"(?:\./)?[\w.@+\-]+(?:/[\w.@+\-]+)*/?")
_BOX = regex(r"[├└┣┗╰│┃]")
_SUMMARY = regex(r"\d+ director(?:y|ies)(?:, \d+ files?)?")
"""The last line of what the program tree prints."""
_FIRST_CODE = regex(r"(?:\*\*)?`(?P<path>[^`\s]{1,300})`")
_FILE_NAME = regex(r"/$|[^/]\.[A-Za-z]\w{0,9}$")
_OPEN = frozenset({"...", "…", "etc.", "etc", "[...]"})
_UNDECIDED = regex(
    r"\b(?:creat\w*|generat\w*|writ\w*|output\w*|plan(?:ned|s)?|future|will|copy|copied|ignor\w*|remov\w*|delet\w*|"
    r"renam\w*|was|were|formerly|no longer|instead|not|never|"
    r"without|e\.g\.|example|upload\w*|download\w*|other repo\w*)\b",
    re.IGNORECASE,
)
"""Words of lines whose paths need not be there: they come to be, are gone, or lie elsewhere."""


def file_trees(document: Document) -> tuple[FileTree, ...]:
    """The trees of files that the document draws, then the folders of its nested lists; other drawings are none."""
    trees = (_tree(document, lines) for lines in _drawings(document))
    return (*(tree for tree in trees if tree), *_nested_lists(document))


def named_paths(document: Document) -> tuple[Fact[str], ...]:
    """The relative paths that the text gives as link or as code, each with its line; no addresses, no patterns."""
    found: dict[str, Fact[str]] = {}
    for text, number in _lines(document):
        whole = document.text(number)
        matches = (*_LINK.finditer(text), *_REFERENCE.finditer(text))
        links = [match["path"].partition("#")[0] for match in matches]
        codes = [] if _UNDECIDED.search(whole) else [match["path"] for match in _CODE.finditer(text)]
        codes = [code for code in codes if "/" in code]
        for path in (*links, *codes):
            plain = path.removeprefix("./")
            if plain and _PATH.fullmatch(path) and ".." not in path.split("/") and len(found) < MAX_PATHS:
                found.setdefault(plain, document.fact(path if path in links else plain, number, path))
    return tuple(found.values())


def _lines(document: Document) -> Iterator[tuple[str, int]]:
    for section in document.sections:
        for block in section.blocks:
            match block:
                case Paragraph(lines):
                    yield from ((line.text, line.number) for line in lines)
                case Item():
                    yield block.text, block.line
                    yield from ((point.text, point.line) for point in block.points)
                case Grid():
                    yield from ((" ".join(row.cells), row.line) for row in block.rows)


def _drawings(document: Document) -> Iterator[tuple[Line, ...]]:
    """The lines of each fence, then of what is drawn with branches outside of fences."""
    inside: set[int] = set()
    for section in document.sections:
        for fence in section.fences:
            inside |= {fence.line, *(line.number for line in fence.lines)}
            yield fence.lines
    found: list[Line] = []
    for number, text in enumerate((*document.source.lines, ""), start=1):
        if number not in inside and _BOX.search(text):
            above = document.text(number - 1)
            if not found and number - 1 not in inside and _NAME.fullmatch(above.strip()):
                found.append(Line(above, number - 1))
            found.append(Line(text, number))
        elif found:
            yield tuple(found)
            found = []


def _tree(document: Document, lines: Sequence[Line]) -> FileTree | None:
    """The lines as a tree; None when they draw none, or something else than files."""
    reading = _Reading()
    for line in lines:
        text = line.text.replace("\xa0", " ").rstrip()
        if len(text) > MAX_LINE or len(reading.entries) >= MAX_PATHS:
            return None
        if not text.strip(" │|") or _SUMMARY.fullmatch(text.strip()):
            continue
        if not reading.take(document, line.number, text):
            return None
    return reading.tree(document.place(lines[0].number)) if lines else None


class _Reading:
    """A tree as far as its lines are read."""

    def __init__(self) -> None:
        self.entries: list[TreeEntry] = []
        self._roots: list[str] = []
        self._open: set[str] = set()
        self._above: list[tuple[int, str | None]] = []
        """Column and path of the entries around the next line; None for one that is no name."""
        self._parents: set[str] = set()
        self._branches = 0
        self._unread = 0

    def take(self, document: Document, number: int, text: str) -> bool:
        """Read one line; False when it is neither an entry nor a root."""
        matched = _BRANCH.fullmatch(text)
        rest = _without_symbol(matched["rest"] if matched else text.lstrip())
        written = _REMARK.split(rest, maxsplit=1)[0].strip("`* ")
        column = matched.end("prefix") if matched else len(text) - len(text.lstrip())
        self._above = [one for one in self._above if one[0] < column]
        folder = self._above[-1][1] if self._above else ""
        self._branches += bool(matched)
        if folder is None or written in _OPEN or not _NAME.fullmatch(written):
            # What is not understood keeps the folder from being a whole list.
            self._open |= {folder} if folder is not None else set()
            self._above.append((column, None))
            self._unread += written not in _OPEN
            return bool(matched)
        name = written.removeprefix("./").rstrip("/")
        if not matched and column == 0:
            self._roots.append(name)
        path = f"{folder}/{name}".strip("/") if name != "." else folder
        self._parents |= {folder}
        self._above.append((column, path))
        if name not in ("", "."):
            self.entries.append(TreeEntry(path, document.place(number, written), written.endswith("/")))
        return True

    def tree(self, at: Location) -> FileTree | None:
        """The whole, None for what is no tree of files."""
        if self._branches < 2 and not self._is_indented():
            return None
        if not any("." in one.path.rpartition("/")[2] or one.folder for one in self.entries):
            return None
        if self._unread * 2 > len(self.entries):
            return None
        return FileTree(at, tuple(self._roots), tuple(self.entries), frozenset(self._open))

    def _is_indented(self) -> bool:
        """Whether the lines draw folders by their indentation alone: what has lines below it ends with a slash."""
        folders = {one.path for one in self.entries if one.folder}
        leaves = [one for one in self.entries if not one.folder]
        below = self._parents - {""}
        return bool(below) and below <= folders and any("." in one.path.rpartition("/")[2] for one in leaves)


def _without_symbol(text: str) -> str:
    """The text without the little pictures before a name."""
    position = 0
    while position < len(text) and unicodedata.category(text[position]) in ("So", "Sk", "Mn", "Cf"):
        position += 1
    return text[position:].lstrip() if position else text


def _nested_lists(document: Document) -> Iterator[FileTree]:
    """The folders of lists with files in code marks below them: `- `terraform/``, below it `- `main.tf``."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Item) and block.points:
                above = [(0, _folder_in(block.text))]
                entries: list[TreeEntry] = []
                for point in block.points[:MAX_PATHS]:
                    above = [one for one in above if one[0] < point.depth]
                    folder = above[-1][1] if above else ""
                    code = _FIRST_CODE.match(point.text)
                    above.append((point.depth, f"{folder}/{_folder_in(point.text)}" if folder else ""))
                    if folder and code and not _UNDECIDED.search(point.text) and _is_file(code["path"]):
                        path = f"{folder}/{code['path'].removeprefix('./').rstrip('/')}"
                        entries.append(
                            TreeEntry(path, document.place(point.line, code["path"]), code["path"].endswith("/"))
                        )
                if entries:
                    yield FileTree(entries[0].at, (), tuple(entries), drawn=False)


def _is_file(path: str) -> bool:
    """Whether a word in code marks is the name of a file or folder, not of an option or a table."""
    return bool(_PATH.fullmatch(path)) and bool(_FILE_NAME.search(path)) and not path.startswith("-")


def _folder_in(text: str) -> str:
    """The folder that an entry of a list begins with, without its slash; empty when it names none."""
    code = _FIRST_CODE.match(text)
    path = code["path"] if code else ""
    return path.removeprefix("./").rstrip("/") if path.endswith("/") and _PATH.fullmatch(path) else ""
