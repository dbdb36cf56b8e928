"""Finds the comments of a shell script, and its commands with all lines they are continued on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field

from bbws_readiness.patterns import regex
from bbws_readiness.source import Source
from bbws_readiness.waivers.layout import Comment, Layout

MAX_NESTING = 50
"""Quotes and substitutions inside one another; a script with more is not looked into."""

MAX_HEREDOCS = 500
"""A script with more is not looked into."""

_ESCAPED = regex(r"(?:[^'\\]|\\.)*+'", re.DOTALL)
_SIGNS = regex(
    r"""(?P<expression>\$\{\{)|(?P<open>\$\(|\$\{|\()|(?P<close>[)}])|(?P<single>\$?')|(?P<double>")|(?P<back>`)
    |(?P<escape>\\)|(?P<here><<<)|(?P<heredoc><<-?[ \t]*(?P<quoted>['"\\]?)(?P<marker>[A-Za-z_]\w*))
    |(?P<comment>\#)|(?P<newline>\n)""",
    re.VERBOSE,
)
_BEFORE_COMMENT = frozenset(" \t\n;&|()")
_ENDS = {"(": ")", "$(": ")", "${": "}"}


class ShellReading(Struct):
    """What a script holds; nothing but its code when it cannot be read as a whole."""

    comments: list[Comment] = field(default_factory=list)
    code: set[int] = field(default_factory=set)
    spans: dict[int, int] = field(default_factory=dict)


def shell_layout(source: Source) -> Layout:
    """The layout of a script of its own file."""
    found = shell_comments(source.lines, first=1)
    return Layout(source.lines, found.comments, frozenset(found.code), found.spans)


def shell_comments(lines: Sequence[str], *, first: int) -> ShellReading:
    """Comments and commands of the script in `lines`, the first of which has the number `first`."""
    scanner = _Scanner("\n".join(lines) + "\n", first)
    reading = ShellReading()
    read = scanner.run()
    taken = {comment.first: scanner.columns[comment.first] for comment in scanner.comments} if read else {}
    for number, text in enumerate(lines, start=first):
        if text[: taken.get(number, len(text))].strip():
            reading.code.add(number)
    if read:
        reading.comments = scanner.comments
        reading.spans = scanner.spans
    return reading


class _Scanner:
    def __init__(self, text: str, first: int) -> None:
        self.comments: list[Comment] = []
        self.columns: dict[int, int] = {}
        """Line to where its comment begins."""
        self.spans: dict[int, int] = {}
        self._text = text
        self._position = 0
        self._line = first
        self._line_start = 0
        self._command = first
        self._modes: list[str] = []
        """What is open: `"`, a backtick, or the sign of a substitution."""
        self._heredocs: list[str] = []
        self._heredocs_left = MAX_HEREDOCS

    def run(self) -> bool:
        """Read all; False when something is never closed or nested too deep, or its marker is odd."""
        while match := _SIGNS.search(self._text, self._position):
            self._position = match.end()
            if not self._sign(match.lastgroup or "", match) or len(self._modes) > MAX_NESTING:
                return False
        return not self._modes and not self._heredocs

    def _sign(self, kind: str, match: re.Match[str]) -> bool:
        quoted = bool(self._modes) and self._modes[-1] == '"'
        match match.lastgroup:
            case "newline":
                return self._newline(match.start())
            case "escape":
                if self._text[match.end() : match.end() + 1] == "\n":
                    self._next_line(match.end())
                self._position += 1
            case "expression":
                return self._skip_to("}}")
            case "double":
                self._toggle('"')
            case "back":
                self._toggle("`")
            case "open":
                if not (quoted and match[0] == "("):
                    self._modes.append(match[0])
            case "close":
                if self._modes and _ENDS.get(self._modes[-1]) == match[0]:
                    self._modes.pop()
            case _ if quoted or "${" in self._modes[-1:]:
                self._position = match.start() + 1
            case "single":
                return self._single(escapes=match[0] == "$'")
            case "comment":
                self._comment(match.start())
            case "heredoc" | "marker" | "quoted":
                self._heredocs.append(match["marker"])
                self._position += bool(match["quoted"]) and match["quoted"] != "\\"
        return True

    def _toggle(self, sign: str) -> None:
        if self._modes and self._modes[-1] == sign:
            self._modes.pop()
        else:
            self._modes.append(sign)

    def _single(self, *, escapes: bool) -> bool:
        if not escapes:
            return self._skip_to("'")
        end = _ESCAPED.match(self._text, self._position)
        return end is not None and self._skip_over(end.end())

    def _skip_to(self, sign: str) -> bool:
        end = self._text.find(sign, self._position)
        return end >= 0 and self._skip_over(end + len(sign))

    def _skip_over(self, end: int) -> bool:
        newline = self._text.find("\n", self._position, end)
        while newline >= 0:
            self._next_line(newline)
            newline = self._text.find("\n", newline + 1, end)
        self._position = end
        return True

    def _comment(self, start: int) -> None:
        if start and self._text[start - 1] not in _BEFORE_COMMENT:
            return
        end = self._text.find("\n", start)
        self.comments.append(Comment(self._text[start + 1 : end], self._line, self._line))
        self.columns[self._line] = start - self._line_start
        self._position = end

    def _newline(self, at: int) -> bool:
        line = self._line
        self._next_line(at)
        if self._modes:
            return True
        self._heredocs_left -= len(self._heredocs)
        if self._heredocs_left < 0:
            return False
        for marker in self._heredocs:
            end = re.compile(rf"^\t*{marker}$", re.MULTILINE).search(self._text, self._position)
            if end is None:
                return False
            line = self._line + self._text.count("\n", self._position, end.start())
            self._skip_over(end.end() + 1)
        self._heredocs = []
        if line > self._command:
            self.spans[self._command] = line
        self._command = self._line
        return True

    def _next_line(self, newline: int) -> None:
        self._line += 1
        self._line_start = newline + 1
