"""Splits configuration text into tokens in one linear pass, templates and heredocs included."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple, Protocol

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.limits import MAX_NESTING


class Token(Struct, frozen=True, gc=False):
    """One word, number, sign or stretch of text, as written.

    `kind` is the sign itself (`{`, `==`, …) or one of `word`, `number`, `newline`, `end`, `fault`; of templates
    `quote`, `heredoc`, `indented` (an opening), `text`, `${`, `%{`, `sequence-end` and `close`.
    """

    kind: str
    start: int
    text: str

    def is_word(self, *words: str) -> bool:
        """Whether this is one of `words`."""
        return self.kind == "word" and self.text in words


class Places(Protocol):
    """Knows where in a file the characters of a text stand."""

    def at(self, offset: int) -> Location:
        """The place of the character at `offset`."""


class Lines:
    """The places of a text that stands in its file as it is."""

    def __init__(self, path: str, text: str, *, first_line: int = 1) -> None:
        self._path = path
        self._starts = list(accumulate([len(line) + 1 for line in text.split("\n")], initial=0))
        self._first = first_line

    def at(self, offset: int) -> Location:
        """The place of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return Location(self._path, line + self._first - 1, offset - self._starts[line - 1] + 1)


_FIRST = r"[^\x00-@\[-^`{-\x7f]"
_WORD = rf"{_FIRST}[^\x00-,./:-@\[-^`{{-\x7f]*"
"""A word in ASCII, or what may be one beyond; spelt by what it is not, because such classes are compiled quickly."""
_CODE = regex(
    rf"""[ \t]*(?:
      (?P<word>{_WORD})
    | (?P<newline>\r?\n(?:[ \t]*\r?\n)*)
    | (?P<opening>[({{\[])
    | (?P<closing>[)}}\]]|~\}})
    | "(?P<plain>[^"\\\n\r$%]*+)"
    | (?P<quote>")
    | (?P<number>[0-9][0-9.]*(?:[eE][+-]?[0-9][0-9.]*)*)
    | (?P<comment>(?:\#|//)[^\n]*)
    | (?P<long>/\*)
    | (?P<heredoc><<-?(?={_FIRST}))
    | (?P<sign>\.\.\.|::|=>|==|!=|<=|>=|&&|\|\||[-+*/%<>=!?:.,])
    )""",
    re.VERBOSE,
)
_SPACES = regex(r"[ \t]*")
_QUOTED = regex(r'["\\\n]|\$++(?:\{~?)?|%++(?:\{~?)?')
_PLAIN = regex(r"\$++(?:\{~?)?|%++(?:\{~?)?")
"""Signs as a run, although only one of them opens a sequence: to look behind each sign anew would take their square."""
_HEREDOC = regex(rf"<<(-?)({_WORD})\r?\n")
_LONE_RETURN = regex(r"\r(?!\n)")
_CLOSES = {"(": ")", "[": "]", "{": "}", "${": "}", "%{": "}"}

GO_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""What Go takes for white space."""
_INDENT = GO_SPACE.replace("\n", "")


class Lexed(NamedTuple):
    """The tokens of a text; the last is `end`, or `fault` where the text cannot be read on."""

    tokens: list[Token]
    fault: Fault | None
    comments: list[Token]
    """In the order of the text, of the kind `comment`, with their signs."""


def lex(text: str, places: Places) -> Lexed:
    """The tokens of a configuration text. Raises `Fault` only for nesting beyond the budget."""
    lexer = _Lexer(text, places)
    return lexer.run(lexer.code)


def lex_template(text: str, places: Places) -> Lexed:
    """The tokens of a text that is a template as a whole, as `templatefile` reads it."""
    lexer = _Lexer(text, places)
    return lexer.run(lexer.bare)


class LexedLine(NamedTuple):
    """A line by itself; the tokens have no `end`."""

    tokens: list[Token]
    """With the comment, if there is one, as the last."""
    closes: str
    """The brackets that it closes of lines above."""
    opens: str
    """The brackets that it leaves open."""
    openings: int
    """How many brackets and templates begin in it."""


def lex_line(text: str) -> LexedLine | None:
    """One line of a configuration text; None where it has a fault or goes on over its end in another way."""
    lexer = _LineLexer(text, Lines("", text))
    lexed = lexer.run(lexer.code)
    signs = "".join(sign for sign, _ in lexer.opened)
    if lexed.fault or signs.strip("([{") or any(comment.text.startswith("/*") for comment in lexed.comments):
        return None
    return LexedLine([*lexed.tokens[:-1], *lexed.comments], lexer.closes, signs, lexer.openings)


class TooDeep(Fault):
    """Brackets and templates are nested beyond the budget; told before anything else in the text."""


class _Lexer:
    def __init__(self, text: str, places: Places) -> None:
        self.text = text
        self.places = places
        self.tokens: list[Token] = []
        self.comments: list[Token] = []
        self.opened: list[tuple[str, int]] = []
        self.position = 0

    def run(self, read: Callable[[], None]) -> Lexed:
        try:
            read()
        except TooDeep:
            raise
        except Fault as fault:
            self.tokens.append(Token("fault", self.position, ""))
            return Lexed(self.tokens, fault, self.comments)
        self.tokens.append(Token("end", len(self.text), ""))
        return Lexed(self.tokens, None, self.comments)

    def code(self) -> None:
        """Read to the end of the text, or behind the brace that closes the innermost template sequence."""
        text, tokens, match_at = self.text, self.tokens, _CODE.match
        while match := match_at(text, self.position):
            kind, group = match.lastgroup, match.lastindex or 0
            start, self.position = match.start(group), match.end()
            if kind == "newline":
                tokens.append(Token(kind, start, ""))
                continue
            written = match[group]
            if kind == "sign":
                tokens.append(Token(written, start, written))
            elif kind == "word":
                if written.isascii():
                    tokens.append(Token(kind, start, written))
                else:
                    self.word(start, written)
            elif kind == "plain":
                # The inside of a string in which no sign stands for anything but itself.
                if len(self.opened) >= MAX_NESTING:
                    self.open('"', start - 1)
                tokens.append(Token("quote", start - 1, '"'))
                if written:
                    tokens.append(Token("text", start, written))
                tokens.append(Token("close", self.position - 1, '"'))
            elif kind == "opening":
                self.open(written, start)
                tokens.append(Token(written, start, written))
            elif kind == "closing":
                if self.close(written, start) in ("${", "%{"):
                    tokens.append(Token("sequence-end", start, written))
                    return
                tokens.append(Token(written, start, written))
            else:
                self.special(kind or "", start, written)
        self.end_of_text()

    def end_of_text(self) -> None:
        """Raise unless the text ends here, with everything closed."""
        blank = _SPACES.match(self.text, self.position)
        self.position = start = blank.end() if blank else self.position
        if start < len(self.text):
            character = self.text[start]
            shown = f'"{character}"' if "!" <= character <= "~" else f"character U+{ord(character):04X}"
            raise Fault(f"unexpected {shown}", self.places.at(start), code=Code.CHARACTER)
        if self.opened:
            sign, offset = self.opened[-1]
            line = self.places.at(offset).line
            raise Fault(
                f'unexpected end of file; "{sign}" opened at line {line} is not closed',
                self.places.at(start),
                code=Code.NOT_CLOSED,
            )

    def special(self, kind: str, start: int, text: str) -> None:
        match kind:
            case "number":
                # A dot at the end belongs to what follows: `1...` in a `for` expression.
                number = text.rstrip(".")
                self.position = start + len(number)
                self.tokens.append(Token(kind, start, number))
            case "quote":
                self.quoted(start)
            case "heredoc":
                self.heredoc(start)
            case "comment":
                self.comments.append(Token(kind, start, text))
            case "long":
                end = self.text.find("*/", self.position)
                if end < 0:
                    raise Fault("comment is not closed", self.places.at(start), code=Code.NOT_CLOSED)
                self.position = end + 2
                self.comments.append(Token("comment", start, self.text[start : self.position]))

    def word(self, start: int, word: str) -> None:
        """Read what may be a word, and is one as far as its characters beyond ASCII are letters."""
        for index, character in enumerate(word):
            if character != "-" and not (f"a{character}" if index else character).isidentifier():
                word = word[:index]
                break
        self.position = start + len(word)
        if not word:
            raise Fault(
                f"unexpected character U+{ord(self.text[start]):04X}", self.places.at(start), code=Code.CHARACTER
            )
        self.tokens.append(Token("word", start, word))

    def quoted(self, start: int) -> None:
        self.open('"', start)
        self.tokens.append(Token("quote", start, '"'))
        done = position = start + 1
        while True:
            match = _QUOTED.search(self.text, position)
            if match is None or match.group() == "\n":
                raise Fault("string is not closed", self.places.at(start), code=Code.NOT_CLOSED)
            sign, position = match.group(), match.end()
            if sign == "\\":
                position += 1
            elif sign == '"':
                self.add_text(done, match.start())
                self.tokens.append(Token("close", match.start(), '"'))
                self.opened.pop()
                self.position = position
                return
            elif sign[1:2] == "{":
                self.add_text(done, match.start())
                done = position = self.sequence(match)

    def heredoc(self, start: int) -> None:
        opening = _HEREDOC.match(self.text, start)
        if opening is None:
            raise Fault("heredoc needs a marker alone at the end of its line", self.places.at(start), code=Code.SYNTAX)
        self.open("<<", start)
        self.tokens.append(Token("indented" if opening[1] else "heredoc", start, opening[0]))
        # The line of the marker has to end: what stands on the last line without a line end is text.
        marker = re.compile(rf"^[{_INDENT}]*{re.escape(opening[2])}(?=[{_INDENT}]*\n)", re.MULTILINE)
        end = self.plain(opening.end(), marker, start)
        self.tokens.append(Token("close", end.start(), end[0]))
        self.opened.pop()
        # White space behind the marker is no code.
        self.position = self.text.index("\n", end.end())
        if self.text[self.position - 1] == "\r":
            self.position -= 1

    def bare(self) -> None:
        """Read the whole text as a template."""
        done = position = 0
        while match := _PLAIN.search(self.text, position):
            position = match.end()
            if match.group()[1:2] == "{":
                self.add_text(done, match.start(), any_return=True)
                done = position = self.sequence(match)
        self.add_text(done, len(self.text), any_return=True)
        self.tokens.append(Token("close", len(self.text), ""))

    def plain(self, start: int, marker: re.Pattern[str], opening: int) -> re.Match[str]:
        """Read the text of a heredoc to its end marker."""
        done = position = start
        end = marker.search(self.text, start)
        while end:
            match = _PLAIN.search(self.text, position, end.start())
            if match is None:
                self.add_text(done, end.start())
                return end
            position = match.end()
            if match.group()[1:2] == "{":
                self.add_text(done, match.start())
                done = position = self.sequence(match)
                if end.start() < position:
                    # What looked like the marker stood inside the code.
                    end = marker.search(self.text, position)
        raise Fault("heredoc is not closed", self.places.at(opening), code=Code.NOT_CLOSED)

    def add_text(self, start: int, end: int, *, any_return: bool = False) -> None:
        if start == end:
            return
        if not any_return and (lone := _LONE_RETURN.search(self.text, start, end)):
            raise Fault("unexpected character U+000D", self.places.at(lone.start()), code=Code.CARRIAGE_RETURN)
        self.tokens.append(Token("text", start, self.text[start:end]))

    def sequence(self, match: re.Match[str]) -> int:
        """Read what stands inside `${ }` or `%{ }`; the offset behind it."""
        sign = match.group()[:2]
        self.open(sign, match.start())
        self.tokens.append(Token(sign, match.start(), match.group()))
        self.position = match.end()
        self.code()
        return self.position

    def open(self, sign: str, offset: int) -> None:
        self.opened.append((sign, offset))
        if len(self.opened) > MAX_NESTING:
            raise TooDeep(f"nested deeper than {MAX_NESTING} levels", self.places.at(offset), code=Code.NESTING)

    def close(self, sign: str, offset: int) -> str:
        """The sign that `sign` closes."""
        if not self.opened:
            raise Fault(f'unexpected "{sign}": nothing is open here', self.places.at(offset), code=Code.SYNTAX)
        opened, start = self.opened.pop()
        if sign == "~}" and opened not in ("${", "%{"):
            raise Fault('unexpected "~"', self.places.at(offset), code=Code.SYNTAX)
        if _CLOSES[opened] != sign[-1]:
            line = self.places.at(start).line
            summary = f'expected "{_CLOSES[opened]}" before "{sign}"; "{opened}" was opened at line {line}'
            raise Fault(summary, self.places.at(offset), code=Code.SYNTAX)
        return opened


class _LineLexer(_Lexer):
    """Takes brackets that nothing in the text opens or closes for those of other lines."""

    def __init__(self, text: str, places: Places) -> None:
        super().__init__(text, places)
        self.closes = ""
        self.openings = 0

    def end_of_text(self) -> None:
        if self.text[self.position :].strip(" \t"):
            super().end_of_text()

    def open(self, sign: str, offset: int) -> None:
        self.openings += 1
        super().open(sign, offset)

    def close(self, sign: str, offset: int) -> str:
        if self.opened or sign not in _CLOSES.values():
            return super().close(sign, offset)
        self.closes += sign
        return ""
