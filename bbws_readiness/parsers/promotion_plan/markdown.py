"""Reads the blocks of a Markdown file into sections that keep the line of everything in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.memory import read_once
from bbws_readiness.parsers.promotion_plan.comments import comment_block, without_comments
from bbws_readiness.parsers.promotion_plan.headings import Heading, key_of, split_remark
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Source

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

T = TypeVar("T")

MAX_LINES = 20_000
"""A file with more lines is refused; real plans have some 1,100."""
MAX_LINE = 2_000
"""Characters of a line that are looked at; what stands behind them is not read."""
MAX_NESTING = 20
"""Lists, entries of lists and quotes inside one another; a file with more is refused."""
MAX_ROWS = 10_000
"""Rows of all tables together, headers included; the rest is counted and not read."""

_PASSED_OVER = frozenset({"td_open", "td_close", "th_open", "th_close", "paragraph_open", "paragraph_close"})
"""Tokens that most are, and that say nothing beside those they stand around."""
_BOX = regex(r"\[([ xX])\](?:\s+|$)")


class Line(Struct, frozen=True):
    """One line of a fence or a paragraph, counted from 1 in the file."""

    text: str
    number: int


class Row(Struct, frozen=True):
    """The cells of a table row, inline markup untouched."""

    cells: tuple[str, ...]
    line: int

    def cell(self, index: int) -> str:
        """The cell of that column; empty where the row is shorter."""
        return self.cells[index] if index < len(self.cells) else ""


class Grid(Struct, frozen=True):
    """A pipe table."""

    header: Row
    rows: tuple[Row, ...]


class Fence(Struct, frozen=True):
    """A fenced block; `language` is empty when it is untagged."""

    language: str
    lines: tuple[Line, ...]
    line: int


class Point(Struct, frozen=True):
    """A list entry below an item; `depth` 1 is directly below it."""

    text: str
    line: int
    depth: int


class Item(Struct, frozen=True):
    """A list entry at the outermost level with what is nested in it."""

    text: str
    """Without marker and box; continuation lines joined by a blank."""
    line: int
    ticked: bool | None
    """None when there is no box."""
    points: tuple[Point, ...] = ()
    fences: tuple[Fence, ...] = ()


class Paragraph(Struct, frozen=True):
    """Consecutive lines of text outside lists."""

    lines: tuple[Line, ...]


Block = Grid | Fence | Item | Paragraph


class Section(Struct, frozen=True, dict=True):
    """A heading and what stands between it and the next one, of whatever level."""

    headings: tuple[Heading, ...]
    """The heading and those above it, outermost first; empty before the first one."""
    blocks: tuple[Block, ...]

    @cached_property
    def heading(self) -> Heading | None:
        """Its own heading."""
        return self.headings[-1] if self.headings else None

    def above(self, level: int) -> Heading | None:
        """The heading of that level that the section belongs to (its own included)."""
        for heading in self.headings:
            if heading.level == level:
                return heading
        return None

    @cached_property
    def keys(self) -> frozenset[str]:
        """Its headings as they are compared: see `key_of`."""
        return frozenset([heading.key for heading in self.headings])

    def is_under(self, *titles: str) -> bool:
        """Whether its headings include all of these, each compared as a whole without its parenthesis."""
        return self.keys.issuperset(map(key_of, titles))

    @cached_property
    def items(self) -> Sequence[Item]:
        """Its list entries in order."""
        return [block for block in self.blocks if isinstance(block, Item)]

    @cached_property
    def fences(self) -> Sequence[Fence]:
        """Its fences in order, those inside list entries included."""
        found: list[Fence] = []
        for block in self.blocks:
            if isinstance(block, Fence):
                found.append(block)
            elif isinstance(block, Item):
                found += block.fences
        return found

    @property
    def diagram(self) -> Fence | None:
        """Its first untagged fence outside lists."""
        return next((block for block in self.blocks if isinstance(block, Fence) and not block.language), None)

    @property
    def grid(self) -> Grid | None:
        """Its first table."""
        return next((block for block in self.blocks if isinstance(block, Grid)), None)

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Its paragraphs in order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))


class Document(Struct, frozen=True, dict=True):
    """The sections of one file in order."""

    source: Source
    sections: tuple[Section, ...]
    rules: tuple[int, ...] = ()
    """Lines of the horizontal rules outside lists."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What was not read."""

    def section(self, *titles: str) -> Section | None:
        """The first section whose own heading is the last title, below the others."""
        for section in self._by_key.get(key_of(titles[-1]), ()):
            if section.is_under(*titles):
                return section
        return None

    @cached_property
    def _by_key(self) -> dict[str, list[Section]]:
        """The sections by their own headings, in order."""
        found: dict[str, list[Section]] = {}
        for section in self.sections:
            if section.heading:
                found.setdefault(section.heading.key, []).append(section)
        return found

    def under(self, *titles: str) -> Iterator[Section]:
        """Every section that belongs to all of these headings."""
        wanted = frozenset(map(key_of, titles))
        return (section for section in self.sections if wanted <= section.keys)

    def text(self, line: int) -> str:
        """The line as written, up to `MAX_LINE`."""
        lines = self.source.lines
        return lines[line - 1][:MAX_LINE] if 0 < line <= len(lines) else ""

    def place(self, line: int, token: str = "") -> Location:
        """Where `token` stands: on `line`, or on one of the next few when a paragraph goes on there."""
        for number in range(line, line + 6):
            column = self.text(number).find(token)
            if column >= 0:
                return self.source.at(number, column + 1)
        return self.source.at(line)

    def fact(self, value: T, line: int, token: str = "") -> Fact[T]:
        """`value` as stated by `line`, or where `token` (by default the value itself, when it is text) stands."""
        return Fact(value, self.place(line, token or (value if isinstance(value, str) else "")))


@read_once
def read_markdown(source: Source) -> Document | Diagnostic:
    """The sections of `source`, or why it is not read at all."""
    if len(source.lines) > MAX_LINES + 1:
        return Diagnostic(
            DiagnosticSeverity.ERROR,
            f"more than {MAX_LINES} lines",
            source.at(MAX_LINES + 1),
            "split the document",
            code=Code.DOCUMENT_LINES,
        )
    # The library breaks lines at a lone carriage return too, which would shift every line behind it.
    text = "\n".join([line[:MAX_LINE] for line in source.lines]).replace("\r", " ")
    builder = _Builder(source)
    for token in _parser().parse(text):
        # The library leaves out what lies deeper, without a word.
        if token.level == MAX_NESTING - 1 and token.type in ("blockquote_open", "list_item_open"):
            return Diagnostic(
                DiagnosticSeverity.ERROR,
                f"lists and quotes nested deeper than {MAX_NESTING} levels",
                source.at(_line(token)),
                "flatten them; a list and its entries are two levels",
                code=Code.DOCUMENT_LINES,
            )
        if token.type not in _PASSED_OVER:
            builder.take(token)
    return builder.finish()


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    # Blocks only, and of these none that people do not mean: `text` above `---` is a paragraph above a rule.
    parser.disable(["inline", "lheading", "html_block", "code", "reference"])
    parser.block.ruler.before("table", "comment", comment_block, {"alt": ["paragraph", "blockquote"]})
    return parser


class _OpenItem(Struct):
    line: int
    text: str | None = None
    points: list[Point] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)


class _Builder:
    """Turns the library's flat stream of tokens into sections, without recursion."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._sections: list[Section] = []
        self._headings: list[Heading] = []
        self._blocks: list[Block] = []
        self._rules: list[int] = []
        self._item: _OpenItem | None = None
        self._lists = 0
        self._point_line: int | None = None
        self._rows: list[Row] | None = None
        self._cells: list[str] = []
        self._row_line = 1
        self._rows_read = 0
        self._first_unread = 0
        self._heading_token: Token | None = None

    def take(self, token: Token) -> None:
        match token.type:
            case "heading_open" if token.level == 0:
                self._heading_token = token
            case "bullet_list_open" | "ordered_list_open":
                self._lists += 1
            case "bullet_list_close" | "ordered_list_close":
                self._lists -= 1
            case "list_item_open":
                self._open_item(_line(token))
            case "list_item_close" if self._lists == 1:
                self._close_item()
            case "table_open":
                self._rows = []
            case "tr_open":
                self._cells = []
            case "tr_close" if self._rows is not None:
                self._row(self._rows)
            case "table_close":
                self._close_table()
            case "fence":
                self._fence(token)
            case "hr" if not self._lists:
                self._rules.append(_line(token))
            case "inline":
                self._inline(token)

    def finish(self) -> Document:
        self._sections.append(Section(tuple(self._headings), tuple(self._blocks)))
        unread = self._rows_read - MAX_ROWS
        told = f"more than {MAX_ROWS} rows of tables; {unread} more are not read"
        diagnostics = (
            Diagnostic(
                DiagnosticSeverity.ERROR,
                told,
                self._source.at(self._first_unread),
                "split the document",
                code=Code.DOCUMENT_LINES,
            ),
        )
        return Document(
            self._source, tuple(self._sections), tuple(self._rules), diagnostics if self._first_unread else ()
        )

    def _row(self, rows: list[Row]) -> None:
        self._rows_read += 1
        if self._rows_read <= MAX_ROWS:
            rows.append(Row(tuple(self._cells), self._row_line))
        else:
            self._first_unread = self._first_unread or self._row_line

    def _inline(self, token: Token) -> None:
        content = without_comments(token.content)
        if self._heading_token is not None:
            self._heading(content, _line(self._heading_token), int(self._heading_token.tag[1:]))
            self._heading_token = None
        elif self._rows is not None:
            self._cells.append(content.strip())
            self._row_line = _line(token)
        elif self._item is None:
            if self._lists == 0:
                self._paragraph(token)
        elif self._point_line is not None:
            self._item.points.append(Point(_joined(content), self._point_line, self._lists - 1))
            self._point_line = None
        elif self._item.text is None:
            self._item.text = _joined(content)

    def _heading(self, content: str, line: int, level: int) -> None:
        self._sections.append(Section(tuple(self._headings), tuple(self._blocks)))
        title, remark = split_remark(content)
        self._headings = [heading for heading in self._headings if heading.level < level]
        self._headings.append(Heading(level, title, remark, line))
        self._blocks = []

    def _open_item(self, line: int) -> None:
        if self._lists == 1:
            self._item = _OpenItem(line)
            self._point_line = None
        else:
            self._point_line = line

    def _close_item(self) -> None:
        if self._item is None:
            return
        text = self._item.text or ""
        box = _BOX.match(text)
        ticked = None if box is None else box.group(1) != " "
        shown = text[box.end() :] if box else text
        self._blocks.append(
            Item(shown, self._item.line, ticked, tuple(self._item.points), tuple(self._item.fences)),
        )
        self._item = None
        self._point_line = None

    def _close_table(self) -> None:
        if self._rows and not self._lists:
            self._blocks.append(Grid(self._rows[0], tuple(self._rows[1:])))
        self._rows = None

    def _fence(self, token: Token) -> None:
        first = _line(token) + 1
        texts = token.content.split("\n")[:-1]
        lines = tuple(Line(text, first + index) for index, text in enumerate(texts))
        words = token.info.split()
        fence = Fence(words[0].casefold() if words else "", lines, _line(token))
        if self._item is not None:
            self._item.fences.append(fence)
        else:
            self._blocks.append(fence)

    def _paragraph(self, token: Token) -> None:
        first, after = token.map or [0, 0]
        texts = without_comments("\n".join(text[:MAX_LINE] for text in self._source.lines[first:after])).split("\n")
        lines = tuple(Line(text.strip(), first + 1 + index) for index, text in enumerate(texts))
        self._blocks.append(Paragraph(lines))


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _joined(content: str) -> str:
    return " ".join(part.strip() for part in content.split("\n"))[:MAX_LINE]
