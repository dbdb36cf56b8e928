"""Splits a POSIX shell script into simple commands whose words know their line.

The rest of the package sees only `read`, `Script`, `Command` and `Word`, so that a real grammar can take this place.
Nothing is expanded and nothing is run. Not understood, and left as written: arithmetic, arrays, aliases, `eval`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile

MAX_NESTING = 4
"""Command substitutions inside quotes are read this deep; deeper ones stay text."""
MAX_PARENTHESES = 50
MAX_EXPRESSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its quotes."""

    raw: str
    """With `LITERAL_DOLLAR` for every dollar that single quotes or a backslash protect."""
    line: int

    @property
    def text(self) -> str:
        """As a person reads it."""
        return self.raw.replace(LITERAL_DOLLAR, "$")


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. One that only assigns has no words; `if`, `then`, `!` and the like are not words."""

    words: tuple[Word, ...]
    assignments: tuple[Word, ...]
    """The leading `NAME=value` words."""
    line: int
    operator: str
    """What follows: `&&`, `||`, `|`, `;`, `&`, or nothing at the end of a line."""
    conditional: bool
    """Inside the body of an `if`, loop, `case` or function."""
    keywords: tuple[str, ...]
    """Reserved words before it, in order: `then`, `!`."""
    subshells: tuple[int, ...]
    """A number for each pair of parentheses around it, outermost first; no two pairs share one."""

    @property
    def name(self) -> str:
        """The program, or the empty string when there is none."""
        return self.words[0].text if self.words else ""


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of a script in order."""

    commands: tuple[Command, ...]
    unread: int | None = None
    """The line of a quote that is never closed, or of too many parentheses: nothing from there on was read."""


LITERAL_DOLLAR = "\U0010f000"
_CONTINUATION = "\U0010f001"
_EXPRESSION = 0xF0000
_HIDDEN = {ord(sign): chr(0x10F100 + ord(sign)) for sign in "();<>|&"}
_SHOWN = {ord(hidden): chr(sign) for sign, hidden in _HIDDEN.items()}
_OPERATORS = ("<<<", "&&", "||", ";;", "|&", "<<", ">>", ">&", "&>", "<&", ">|", "(", ")", "<", ">", "|", "&", ";")
_SEPARATORS = frozenset({"&&", "||", "|", "|&", ";", ";;", "&"})
_OPENERS = frozenset({"if", "for", "while", "until", "case", "select"})
_CLOSERS = frozenset({"fi", "done", "esac", "}"})
_PREFIXES = frozenset({"if", "while", "until", "then", "do", "else", "elif", "!", "{", "time"}) | _CLOSERS
"""The reserved words that a command may follow."""
_WRAPPERS = frozenset({"sudo", "command", "exec", "env", "nohup"})


@lru_cache(maxsize=256)
def read(script: str, *, first_line: int = 1, nesting: int = 0) -> Script:
    """The commands of `script`, lines counted from `first_line`. Several readers ask for the same script."""
    expressions: dict[str, str] = {}
    reader = _Reader(expressions, nesting)
    lines = _LogicalLines(_protect(script, expressions), first_line)
    for line, text in lines:
        try:
            reader.take(list(_tokens(text, line)))
        except ValueError:
            return Script(tuple(reader.commands), line)
        for delimiter in reader.heredocs:
            lines.skip_to(delimiter)
        reader.heredocs.clear()
    return Script(tuple(reader.commands))


def _protect(script: str, expressions: dict[str, str]) -> str:
    """Puts one character in place of every `${{ … }}`, because GitHub fills those in before a shell sees them."""
    text = script.translate(dict.fromkeys((ord(LITERAL_DOLLAR), ord(_CONTINUATION))))
    parts, done = [], 0
    while len(expressions) < MAX_EXPRESSIONS:
        start = text.find("${{", done)
        end = text.find("}}", start)
        if start < 0 or end < 0:
            break
        stand_in = chr(_EXPRESSION + len(expressions))
        expressions[stand_in] = text[start : end + 2]
        parts += [text[done:start], stand_in, _CONTINUATION * text.count("\n", start, end)]
        done = end + 2
    return "".join(parts) + text[done:]


class _LogicalLines:
    """Lines with continuations joined and comments dropped, each with the number of its first line."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._position = 0
        self._line = first_line

    def __iter__(self) -> Iterator[tuple[int, str]]:
        while self._position < len(self._text):
            first = self._line
            yield first, self._next()

    def _next(self) -> str:
        parts: list[str] = []
        quote = ""
        while self._position < len(self._text):
            sign = self._text[self._position]
            self._position += 1
            if sign == "\\" and quote != "'":
                parts.append(self._escaped(quote))
            elif sign == "\n" and not quote:
                self._line += 1
                break
            elif sign == "#" and not quote and (not parts or parts[-1] in " \t;&|(" + _CONTINUATION):
                end = self._text.find("\n", self._position)
                self._position = len(self._text) if end < 0 else end
            else:
                if sign in "\"'" and quote in ("", sign):
                    quote = "" if quote else sign
                elif quote:
                    sign = LITERAL_DOLLAR if sign == "$" and quote == "'" else sign.translate(_HIDDEN)
                self._line += sign in ("\n", _CONTINUATION)
                parts.append(sign)
        return "".join(parts)

    def _escaped(self, quote: str) -> str:
        following = self._text[self._position : self._position + 1]
        self._position += 1
        if following == "\n":
            self._line += 1
            return _CONTINUATION
        if following == "$":
            return LITERAL_DOLLAR
        if not quote and ord(following or " ") in _HIDDEN:
            return following.translate(_HIDDEN)
        return "\\" + (following or "\\")

    def skip_to(self, delimiter: str) -> None:
        """Passes over the body of a here-document."""
        while self._position < len(self._text):
            end = self._text.find("\n", self._position)
            end = len(self._text) if end < 0 else end
            body = self._text[self._position : end]
            self._position, self._line = end + 1, self._line + 1
            if body.strip() == delimiter:
                return


def _tokens(text: str, line: int) -> Iterator[tuple[str, int]]:
    """Words and operators of a logical line with their lines; ValueError when a quote is never closed."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    lexer.commenters = ""
    for token in lexer:
        body = token.lstrip(_CONTINUATION)
        line += len(token) - len(body)
        if body or not token:
            yield body.replace(_CONTINUATION, ""), line
        line += body.count(_CONTINUATION) + body.count("\n")


@dataclass
class _Frame:
    """The words gathered inside one pair of parentheses."""

    kind: str
    """`script`, `subshell`, `substitution`, `arithmetic` (an array, too) or `function` (its empty parentheses)."""
    number: int = 0
    words: list[Word] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    """Everything said inside, to be put back into the word around a substitution."""


class _Reader:
    """Groups tokens into commands and knows which are inside what."""

    def __init__(self, expressions: dict[str, str], nesting: int) -> None:
        self.commands: list[Command] = []
        self.heredocs: list[str] = []
        self._expressions = expressions
        self._nesting = nesting
        self._frames = [_Frame("script")]
        self._bodies: list[bool] = []
        """One entry per open compound command: whether its body has begun."""
        self._function_next = False
        self._opened = 0
        self._carried: list[str] = []
        """Reserved words that stood alone: they belong to the next command."""
        self._composed: set[Word] = set()
        """Words around an unquoted substitution, whose commands have been read already."""

    def take(self, tokens: list[tuple[str, int]]) -> None:
        """Reads one logical line; the end of a line ends a command."""
        pending = list(reversed(tokens))
        while pending:
            token, line = pending.pop()
            if not token or token.strip("();<>|&"):
                self._word(token, line)
                continue
            self._run_of_operators(token, pending)
        self._end("")

    def _word(self, token: str, line: int) -> None:
        shown = "".join(self._expressions.get(sign, sign) for sign in token.translate(_SHOWN))
        frame = self._frames[-1]
        frame.words.append(Word(shown, line))
        frame.spoken.append(shown)

    def _run_of_operators(self, run: str, pending: list[tuple[str, int]]) -> None:
        """Takes signs that stand without a blank between them; `pending` is what follows the last of them."""
        position = 0
        while position < len(run):
            operator = next(sign for sign in _OPERATORS if run.startswith(sign, position))
            doubled = run.startswith("((", position)
            position += len(operator)
            self._operator(operator, pending if position == len(run) else [], doubled=doubled)

    def _operator(self, operator: str, pending: list[tuple[str, int]], *, doubled: bool) -> None:
        frame = self._frames[-1]
        if operator == "(":
            self._open(frame, arithmetic=doubled)
        elif operator == ")":
            self._close()
        elif operator in _SEPARATORS:
            frame.spoken.append(operator)
            self._end(operator)
        else:
            self._redirect(operator, frame, pending)

    def _open(self, frame: _Frame, *, arithmetic: bool) -> None:
        substitution = bool(frame.words) and frame.words[-1].raw.endswith(("$", "<", ">"))
        if len(self._frames) > MAX_PARENTHESES:
            raise ValueError("too many parentheses")
        if arithmetic or frame.kind == "arithmetic" or (frame.words and frame.words[-1].raw.endswith("=")):
            kind = "arithmetic"
        elif substitution:
            kind = "substitution"
        else:
            kind = "function" if frame.words else "subshell"
        self._opened += 1
        self._frames.append(_Frame(kind, self._opened))

    def _close(self) -> None:
        if len(self._frames) == 1:
            self._case_pattern(self._frames[0].words)
            return
        self._end("")
        inner = self._frames.pop()
        outer = self._frames[-1]
        if inner.kind == "function" and not inner.spoken:
            outer.words.clear()
            self._function_next = True
        if inner.kind in ("substitution", "arithmetic") and outer.words:
            last = outer.words[-1]
            outer.words[-1] = Word(f"{last.raw}({' '.join(inner.spoken)})", last.line)
            self._composed.add(outer.words[-1])
            outer.spoken[-1:] = [outer.words[-1].raw]

    def _case_pattern(self, words: list[Word]) -> None:
        """Drops the pattern `prod)`, with the head of the `case` when that stands on the same line."""
        if any(word.raw == "case" for word in words[:2]):
            self._bodies.append(True)
        words.clear()

    def _redirect(self, operator: str, frame: _Frame, pending: list[tuple[str, int]]) -> None:
        """Drops a redirection with its target; a here-document's delimiter is kept for the caller."""
        if frame.kind == "arithmetic":
            return
        if frame.words and frame.words[-1].raw in ("0", "1", "2"):
            frame.words.pop()
        target = pending[-1][0] if pending else ""
        if not target or not target.strip("();<>|&"):
            return
        pending.pop()
        if operator == "<<":
            self.heredocs.append(target.removeprefix("-"))

    def _end(self, operator: str) -> None:
        frame = self._frames[-1]
        words, frame.words = frame.words, []
        if frame.kind in ("arithmetic", "function"):
            return
        keywords, self._carried = self._carried, []
        prefixes = list(takewhile(lambda word: word.raw in _PREFIXES, words))
        for prefix in prefixes:
            keywords.append(prefix.raw)
            self._keyword(prefix.raw)
        words = words[len(prefixes) :]
        if not words:
            self._carried = keywords
            self._continue(operator)
            return
        conditional = any(self._bodies)
        if words[0].raw in _OPENERS:
            self._bodies.append(words[0].raw == "case")
        assignments = list(takewhile(lambda word: _is_assignment(word.raw), words))
        words = words[len(assignments) :]
        line = (assignments + words)[0].line
        within = tuple(frame.number for frame in self._frames[1:])
        program = tuple(_without_wrapper(words))
        self.commands.append(Command(program, tuple(assignments), line, operator, conditional, tuple(keywords), within))
        for word in assignments + words:
            if word not in self._composed:
                self._read_inside(word, within, conditional=conditional)

    def _continue(self, operator: str) -> None:
        """Gives the operator after `)`, `}` or `fi` to the last command before it."""
        if operator and self.commands and not self.commands[-1].operator:
            self.commands[-1] = replace(self.commands[-1], operator=operator)

    def _keyword(self, word: str) -> None:
        if word in _OPENERS:
            self._bodies.append(False)
        elif word == "{":
            self._bodies.append(self._function_next)
            self._function_next = False
        elif word in ("then", "do", "else", "elif") and self._bodies:
            self._bodies[-1] = True
        elif word in _CLOSERS and self._bodies:
            self._bodies.pop()

    def _read_inside(self, word: Word, within: tuple[int, ...], *, conditional: bool) -> None:
        """Adds the commands of `"$( … )"`: quotes kept the lexer from seeing them."""
        start, end = word.raw.find("$("), word.raw.rfind(")")
        if self._nesting >= MAX_NESTING or not 0 <= start < end or word.raw.startswith("$((", start):
            return
        self._opened += 1
        inside = read(word.text[start + 2 : end], first_line=word.line, nesting=self._nesting + 1)
        for found in inside.commands:
            conditional = conditional or found.conditional
            self.commands.append(replace(found, subshells=(*within, self._opened), conditional=conditional))


def _is_assignment(raw: str) -> bool:
    name, equals, _ = raw.partition("=")
    return bool(equals) and name.replace("_", "a").isalnum() and name.isascii() and not name[0].isdigit()


def _without_wrapper(words: list[Word]) -> list[Word]:
    """The words from the program that really runs: `sudo -E terraform` is `terraform`."""
    first, count = 0, len(words)
    while first < count and words[first].raw in _WRAPPERS | {"timeout"}:
        takes_time = words[first].raw == "timeout"
        first += 1
        while first < count and (words[first].raw.startswith("-") or _is_assignment(words[first].raw)):
            first += 1
        first += takes_time
    return words[first:]
