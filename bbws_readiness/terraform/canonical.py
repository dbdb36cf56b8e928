"""Tells which lines of a Terraform file `terraform fmt` would write otherwise.

It follows the layout rules of HCL's own formatter: indentation by open brackets, one space between most tokens, equals
signs and comments of neighbouring lines in one column. What it does not follow is told, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from bbws_readiness.terraform.functions.graphemes import characters
from bbws_readiness.terraform.lexer import Lines, lex

_OPENING = frozenset({"{", "[", "(", "${", "%{"})
_CLOSING = frozenset({"}", "]", ")", "sequence-end"})
_NEGATING = frozenset([*"({[=:,?+*/%-!><", "==", "!=", ">=", "<=", "&&", "||"])
"""What stands before a minus that is a sign, not an operator."""
_INSIDE = frozenset({"text", "quote", "heredoc", "indented"})


class Uncovered(Exception):
    """A construct whose layout is not followed; its text is the reason."""


class _Word(Struct):
    """A token with the number of spaces before it."""

    kind: str
    text: str
    spaces: int = 0

    @property
    def change(self) -> int:
        return (self.kind in _OPENING) - (self.kind in _CLOSING)


class _Line(Struct):
    """The tokens of a line: up to the equals sign, from there on, and the comment behind them."""

    number: int
    lead: list[_Word]
    assign: list[_Word] = field(default_factory=list)
    comment: list[_Word] = field(default_factory=list)

    @property
    def words(self) -> list[_Word]:
        return [*self.lead, *self.assign, *self.comment]


def unformatted_lines(text: str) -> tuple[int, ...]:
    """The numbers of the lines that differ from the canonical layout, ordered; none where the file is formatted.

    Raises `Uncovered` where the layout of a construct is not known here, `Fault` where the text is no configuration.
    """
    if "\r" in text:
        raise Uncovered("carriage returns")
    lines = list(_lines(text))
    _refuse_rewritten(lines)
    _indent(lines)
    for line in lines:
        _space(line.lead)
        _space(line.assign)
        if line.assign:
            line.assign[0].spaces = 1
    _align(lines, "assign")
    _align(lines, "comment")
    return tuple(_differing(text, lines))


def _lines(text: str) -> Iterator[_Line]:
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
                raise Uncovered("templates that go over several lines")
            yield _line(started, words)
            words, number = [], number + 1
            started = number
        if token.kind == "end":
            break
        depth += (token.kind in ("${", "%{")) - (token.kind == "sequence-end")
        words.append(_Word(token.kind, token.text))
        number += token.text.count("\n")
        end = token.start + len(token.text)
    yield _line(started, words)


def _line(number: int, words: list[_Word]) -> _Line:
    line = _Line(number, words)
    if len(words) > 1 and words[-1].kind == "comment":
        line.comment, line.lead = words[-1:], words[:-1]
    for index, word in enumerate(line.lead):
        if index and word.kind == "=":
            if sum(one.change for one in line.lead[index:]) == 0:
                line.assign, line.lead = line.lead[index:], line.lead[:index]
            break
    return line


def _refuse_rewritten(lines: Sequence[_Line]) -> None:
    """Raise for what the formatter changes beyond spaces: labels, values that are one template, old types."""
    depth, block = 0, ""
    for line in lines:
        words = line.words
        block = words[0].text if words and not depth else block
        opens = words and words[0].kind == "word" and sum(word.change for word in line.lead) > 0
        if opens and not line.assign and [word.kind for word in line.lead[1:3]] == ["word", "{"]:
            raise Uncovered("labels without quotes")
        if any(_one_template(words, index + 1) for index, word in enumerate(words) if word.kind == "="):
            raise Uncovered("values that are one template")
        if block == "variable" and any(_old_type(words, index) for index in range(len(words))):
            raise Uncovered("types as older versions wrote them")
        depth += sum(word.change for word in words)


def _one_template(words: Sequence[_Word], first: int) -> bool:
    """Whether the value that begins there is one interpolation and nothing else."""
    if [word.kind for word in words[first : first + 2]] != ["quote", "${"]:
        return False
    depth = 0
    for index in range(first + 1, len(words)):
        depth += (words[index].kind in ("${", "%{")) - (words[index].kind == "sequence-end")
        if depth == 0:
            return index + 1 < len(words) and words[index + 1].kind == "close"
    return False


def _old_type(words: Sequence[_Word], first: int) -> bool:
    """Whether `type = "string"` or `type = list` stands there."""
    found = words[first : first + 4]
    if [word.text for word in found[:2]] != ["type", "="] or len(found) < 3:
        return False
    ends = len(found) == 3 or found[3].kind in ("}", "comment")
    return found[2].kind == "quote" or (found[2].text in ("list", "map", "set") and ends)


def _indent(lines: Sequence[_Line]) -> None:
    opened: list[int] = []
    for line in lines:
        if not line.lead:
            continue
        net = sum(word.change for word in (*line.lead, *line.assign))
        while net < 0 and opened:
            closing = min(-net, opened[-1])
            net += closing
            opened[-1] -= closing
            if not opened[-1]:
                opened.pop()
        line.lead[0].spaces = 2 * len(opened)
        if net > 0:
            opened.append(net)


def _space(words: Sequence[_Word]) -> None:
    for index, word in enumerate(words[:-1]):
        before = words[index - 1] if index else None
        words[index + 1].spaces = int(_parted(before, word, words[index + 1]))


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


def _align(lines: Sequence[_Line], cell: str) -> None:
    """Put the first token of the cell into one column, for each run of lines that have it."""
    chain: list[_Line] = []
    for line in (*lines, _Line(0, [])):
        if getattr(line, cell):
            chain.append(line)
            continue
        widths = [_width(one.lead) + (_width(one.assign) if cell == "comment" else 0) for one in chain]
        widest = max(widths, default=0)
        for one, width in zip(chain, widths, strict=True):
            getattr(one, cell)[0].spaces = widest - width + 1
        chain = []


def _width(words: Sequence[_Word]) -> int:
    return sum(word.spaces + (len(word.text) if word.text.isascii() else len(characters(word.text))) for word in words)


def _differing(text: str, lines: Sequence[_Line]) -> Iterator[int]:
    written = text.split("\n")
    for line in lines:
        wanted = "".join(" " * word.spaces + word.text for word in line.words).split("\n")
        for offset, one in enumerate(wanted):
            found = written[line.number - 1 + offset]
            # What stands between the last token and the end of the file is left as it is, tabs apart.
            if line.number + offset == len(written):
                found, one = found.rstrip(" "), one.rstrip(" ")
            if found != one:
                yield line.number + offset
