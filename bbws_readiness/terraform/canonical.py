"""Tells which lines of a Terraform file `terraform fmt` would write otherwise.

It follows the layout rules of HCL's own formatter: indentation by open brackets, one space between most tokens, equals
signs and comments of neighbouring lines in one column. What it does not follow is told, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from bbws_readiness.memory import remembered
from bbws_readiness.terraform.functions.spec import NotEvaluated
from bbws_readiness.terraform.lexer import Lines, lex, lex_line
from bbws_readiness.terraform.limits import MAX_NESTING

_OPENING = frozenset({"{", "[", "(", "${", "%{"})
_CLOSING = frozenset({"}", "]", ")", "sequence-end"})
_NEGATING = frozenset([*"({[=:,?+*/%-!><", "==", "!=", ">=", "<=", "&&", "||"])
"""What stands before a minus that is a sign, not an operator."""
_INSIDE = frozenset({"text", "quote", "heredoc", "indented"})
_SEQUENCE = frozenset({"${", "%{"})
_PAIRS = frozenset({"()", "[]", "{}"})
_LONG_TEMPLATES = "templates that go over several lines"


class Uncovered(Exception):
    """A construct whose layout is not followed; its text is the reason."""


class _Word(Struct, frozen=True, gc=False):
    """A token as the layout sees it."""

    kind: str
    text: str

    @property
    def change(self) -> int:
        return (self.kind in _OPENING) - (self.kind in _CLOSING)


class _Cells(Struct, frozen=True, gc=False):
    """What a line says, laid out within itself: up to the equals sign, from there on, and the comment behind them."""

    lead: str = ""
    assign: str = ""
    comment: str = ""
    lead_width: int = 0
    assign_width: int = 0
    change: int = 0
    """By how much more brackets it opens than it closes."""
    first: str = ""
    """Its first word."""
    rewritten: str = ""
    """What the formatter changes of it beyond spaces, wherever it stands."""
    old_type: bool = False
    """Whether it has a type as older versions wrote them, if it belongs to a variable."""


class _Line(Struct, gc=False):
    """A line where it stands, with the spaces before each of its cells."""

    number: int
    cells: _Cells
    indent: int = 0
    before_assign: int = 0
    before_comment: int = 0


def unformatted_lines(text: str) -> tuple[int, ...]:
    """The numbers of the lines that differ from the canonical layout, ordered; none where the file is formatted.

    Raises `Uncovered` where the layout of a construct is not known here, `Fault` where the text is no configuration.
    """
    if "\r" in text:
        raise Uncovered("carriage returns")
    lines = _lines_alone(text) or list(_lines_together(text))
    _refuse_rewritten(lines)
    _indent(lines)
    _align_assignments(lines)
    _align_comments(lines)
    return tuple(_differing(text, lines))


def _lines_alone(text: str) -> list[_Line] | None:
    """The lines in order, each looked at by itself; None where one cannot be, or where the brackets do not fit."""
    lines: list[_Line] = []
    opened: list[str] = []
    for number, written in enumerate(text.split("\n"), start=1):
        # What stands behind a comment belongs to it.
        alone = _alone(written.lstrip(" \t"))
        if alone is None or len(opened) + alone.openings >= MAX_NESTING:
            return None
        for sign in alone.closes:
            if not opened or opened.pop() + sign not in _PAIRS:
                return None
        opened += alone.opens
        lines.append(_Line(number, alone.cells))
    return None if opened else lines


class _Alone(Struct, frozen=True, gc=False):
    """A line by itself, with the brackets that it closes and opens for other lines."""

    cells: _Cells
    closes: str
    opens: str
    openings: int


@remembered
def _alone(text: str) -> _Alone | None:
    """Remembered, because most lines of a file are written many times."""
    lexed = lex_line(text)
    if lexed is None:
        return None
    try:
        cells = _cells([_Word(token.kind, token.text) for token in lexed.tokens])
    except Uncovered:
        return None
    return _Alone(cells, lexed.closes, lexed.opens, lexed.openings)


def _lines_together(text: str) -> Iterator[_Line]:
    """The lines in order; a heredoc belongs to the line that opens it."""
    lexed = lex(text, Lines("", text))
    if lexed.fault:
        raise lexed.fault
    if any(comment.text.startswith("/*") for comment in lexed.comments):
        raise Uncovered("comments between /* and */")
    tokens = sorted((*lexed.tokens, *lexed.comments), key=lambda token: (token.start, token.kind == "end"))
    words: list[_Word] = []
    number, end, started = 1, 0, 1
    depth = 0
    for token in tokens:
        gap = text[end : token.start]
        if token.kind == "newline":
            continue
        for _ in range(gap.count("\n")):
            if depth:
                raise Uncovered(_LONG_TEMPLATES)
            yield _Line(started, _cells(words))
            words, number = [], number + 1
            started = number
        if token.kind == "end":
            break
        depth += (token.kind in _SEQUENCE) - (token.kind == "sequence-end")
        words.append(_Word(token.kind, token.text))
        number += token.text.count("\n")
        end = token.start + len(token.text)
    yield _Line(started, _cells(words))


def _cells(words: Sequence[_Word]) -> _Cells:
    if not words:
        return _Cells()
    if sum((word.kind in _SEQUENCE) - (word.kind == "sequence-end") for word in words):
        raise Uncovered(_LONG_TEMPLATES)
    lead, comment = (words[:-1], words[-1].text) if len(words) > 1 and words[-1].kind == "comment" else (words, "")
    equals = next((index for index, word in enumerate(lead) if index and word.kind == "="), len(lead))
    if sum(word.change for word in lead[equals:]):
        equals = len(lead)
    lead, assign = lead[:equals], lead[equals:]
    leading, assigned = _spaced(lead), _spaced(assign)
    return _Cells(
        leading,
        assigned,
        comment,
        _width(lead, leading) if assign or comment else 0,
        _width(assign, assigned) if comment else 0,
        sum(word.change for word in words),
        words[0].text,
        _rewritten(words, lead, assign),
        any(_old_type(words, index) for index, word in enumerate(words) if word.text == "type"),
    )


def _rewritten(words: Sequence[_Word], lead: Sequence[_Word], assign: Sequence[_Word]) -> str:
    opens = words[0].kind == "word" and sum(word.change for word in lead) > 0
    if opens and not assign and [word.kind for word in lead[1:3]] == ["word", "{"]:
        return "labels without quotes"
    if any(_one_template(words, index + 1) for index, word in enumerate(words) if word.kind == "="):
        return "values that are one template"
    return ""


def _one_template(words: Sequence[_Word], first: int) -> bool:
    """Whether the value that begins there is one interpolation and nothing else."""
    if [word.kind for word in words[first : first + 2]] != ["quote", "${"]:
        return False
    depth = 0
    for index in range(first + 1, len(words)):
        depth += (words[index].kind in _SEQUENCE) - (words[index].kind == "sequence-end")
        if depth == 0:
            return index + 1 < len(words) and words[index + 1].kind == "close"
    return False


def _old_type(words: Sequence[_Word], first: int) -> bool:
    """Whether the `type` there belongs to `type = "string"` or `type = list`."""
    found = words[first : first + 4]
    if len(found) < 3 or found[1].text != "=":
        return False
    ends = len(found) == 3 or found[3].kind in ("}", "comment")
    return found[2].kind == "quote" or (found[2].text in ("list", "map", "set") and ends)


def _spaced(words: Sequence[_Word]) -> str:
    """The words with the spaces that belong between them."""
    parts = [word.text for word in words[:1]]
    for index, word in enumerate(words[:-1]):
        before = words[index - 1] if index else None
        parts.append(f"{' ' if _parted(before, word, words[index + 1]) else ''}{words[index + 1].text}")
    return "".join(parts)


def _width(words: Sequence[_Word], spaced: str) -> int:
    """How many characters a person sees of the words, which are `spaced`."""
    if spaced.isascii():
        return len(spaced)
    beyond = [word.text for word in words if not word.text.isascii()]
    from bbws_readiness.terraform.functions.graphemes import characters

    try:
        return len(spaced) - sum(len(text) - len(characters(text)) for text in beyond)
    except NotEvaluated:
        raise Uncovered("characters that are not known here") from None


def _parted(before: _Word | None, word: _Word, after: _Word) -> bool:
    """Whether a space stands between `word` and `after`."""
    if word.kind == "word" and after.kind in ("(", "::"):
        return False
    if word.kind in ("::", ".") or after.kind in (".", ",", "..."):
        return False
    if word.kind == ",":
        return True
    if word.kind in _INSIDE or after.kind in ("text", "close"):
        return False
    if word.text == "in" and word.kind == "word" and before and before.kind == "word":
        return True
    if after.kind == "[" and (word.kind in ("word", "number") or word.change < 0):
        return False
    if word.kind == "!":
        return False
    if word.kind == "-":
        return not (before is None or before.kind in _NEGATING)
    if word.kind == "{" or after.kind == "}":
        return not (word.kind == "{" and after.kind == "}")
    if word.kind in ("${", "%{"):
        return after.kind == "{"
    if after.kind == "sequence-end":
        return word.kind == "}"
    if word.kind == "sequence-end" and after.kind in ("${", "%{"):
        return False
    return word.change <= 0 and after.change >= 0


def _refuse_rewritten(lines: Iterable[_Line]) -> None:
    """Raise for what the formatter changes beyond spaces: labels, values that are one template, old types."""
    depth, block = 0, ""
    for line in lines:
        cells = line.cells
        if not depth:
            block = cells.first or block
        if cells.rewritten:
            raise Uncovered(cells.rewritten)
        if cells.old_type and block == "variable":
            raise Uncovered("types as older versions wrote them")
        depth += cells.change


def _indent(lines: Iterable[_Line]) -> None:
    opened: list[int] = []
    for line in lines:
        if not line.cells.lead:
            continue
        net = line.cells.change
        while net < 0 and opened:
            closing = min(-net, opened[-1])
            net += closing
            opened[-1] -= closing
            if not opened[-1]:
                opened.pop()
        line.indent = 2 * len(opened)
        if net > 0:
            opened.append(net)


def _align_assignments(lines: Iterable[_Line]) -> None:
    """Put the equals signs of each run of lines that have one into one column."""
    for assigned, run in groupby(lines, key=lambda line: bool(line.cells.assign)):
        if assigned:
            chain = [(line, line.indent + line.cells.lead_width) for line in run]
            widest = max(width for _, width in chain)
            for line, width in chain:
                line.before_assign = widest - width + 1


def _align_comments(lines: Iterable[_Line]) -> None:
    """Put the comments of each run of lines that end with one into one column."""
    for commented, run in groupby(lines, key=lambda line: bool(line.cells.comment)):
        if commented:
            chain = [(line, _written_width(line)) for line in run]
            widest = max(width for _, width in chain)
            for line, width in chain:
                line.before_comment = widest - width + 1


def _written_width(line: _Line) -> int:
    return line.indent + line.cells.lead_width + line.before_assign + line.cells.assign_width


def _differing(text: str, lines: Iterable[_Line]) -> Iterator[int]:
    written = text.split("\n")
    for line in lines:
        cells = line.cells
        code = f"{' ' * line.indent}{cells.lead}{' ' * line.before_assign}{cells.assign}"
        for number, wanted in enumerate(f"{code}{' ' * line.before_comment}{cells.comment}".split("\n"), line.number):
            found = written[number - 1]
            # What stands between the last token and the end of the file is left as it is, tabs apart.
            if number == len(written):
                found, wanted = found.rstrip(" "), wanted.rstrip(" ")
            if found != wanted:
                yield number
