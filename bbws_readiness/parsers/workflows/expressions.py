"""Reads GitHub expressions, as far as they name contexts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import reduce
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.memory import remembered
from bbws_readiness.patterns import regex

MAX_NESTING = 40
MAX_LENGTH = 1_500
MAX_LISTED = 24


class Literal(Struct, frozen=True):
    """A quoted text, a number, `true`, `false` or `null`, as text without quotes."""

    text: str
    quoted: bool


class Name(Struct, frozen=True):
    """A context path in lower case where GitHub ignores case: `inputs.component`, `secrets.AWS_ROLE`."""

    path: str


class Call(Struct, frozen=True):
    """A function with its arguments."""

    function: str
    arguments: tuple[Expression, ...]


class Operation(Struct, frozen=True):
    """`==`, `!=`, `<`, `<=`, `>`, `>=`, `&&`, `||`, or `!` with the operand on the right only."""

    operator: str
    left: Expression | None
    right: Expression


Expression: TypeAlias = Literal | Name | Call | Operation

_TOKEN = regex(
    r"\s*+(?:(?P<text>'(?:[^']|'')*+')|(?P<number>-?(?:0x[0-9a-fA-F]++|\d[\d.eE+-]*+))"
    r"|(?P<name>[A-Za-z_][\w-]*+(?:\.(?:[\w-]++|\*)|\['[^']*+'\])*+)|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!(),\[\].*]))"
)
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))


@remembered
def parse(text: str) -> Expression | None:
    """The expression inside `${{ }}` or of an `if`; None when it is not understood."""
    if len(text) > MAX_LENGTH:
        return None
    try:
        parser = _Parser(text)
        found = parser.expression(0, 0)
    except _NotUnderstood:
        return None
    return found if parser.done else None


def parse_condition(text: str) -> Expression | None:
    """An `if:` value, which may or may not stand in `${{ }}`."""
    bare = text.strip()
    if bare.startswith("${{") and bare.endswith("}}") and bare.count("${{") == 1:
        bare = bare[3:-2]
    return parse(bare)


def embedded(text: str) -> Iterator[tuple[int, int, str]]:
    """Every `${{ … }}` in `text`: its start, its end, and what stands inside."""
    done = 0
    while (start := text.find("${{", done)) >= 0 and (end := text.find("}}", start)) >= 0:
        done = end + 2
        yield start, done, text[start + 3 : end].strip()


def calls(expression: Expression) -> Iterator[Call]:
    """Every function that it calls."""
    match expression:
        case Call(_, arguments):
            yield expression
            for argument in arguments:
                yield from calls(argument)
        case Operation(_, left, right):
            if left:
                yield from calls(left)
            yield from calls(right)


def names(expression: Expression) -> Iterator[str]:
    """Every context path in it."""
    match expression:
        case Name(path):
            yield path
        case Call(_, arguments):
            for argument in arguments:
                yield from names(argument)
        case Operation(_, left, right):
            if left:
                yield from names(left)
            yield from names(right)


def literals(expression: Expression) -> Iterator[str]:
    """Every quoted text in it."""
    match expression:
        case Literal(text, True):
            yield text
        case Call(_, arguments):
            for argument in arguments:
                yield from literals(argument)
        case Operation(_, left, right):
            if left:
                yield from literals(left)
            yield from literals(right)


def one_of(name: Name, listed: str) -> Expression | None:
    """That the name equals one of the texts of a list in JSON; None when it is no short list of texts."""
    equal: list[Expression] = [Operation("==", name, Literal(one, quoted=True)) for one in texts_in(listed)]
    return reduce(lambda one, other: Operation("||", one, other), equal) if equal else None


def texts_in(listed: str) -> tuple[str, ...]:
    """The texts of a list in JSON; empty when it is no short list of texts alone."""
    try:
        found = json.loads(listed)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(found, list) or len(found) > MAX_LISTED:
        return ()
    return tuple(found) if all(isinstance(one, str) for one in found) else ()


class _NotUnderstood(Exception):
    pass


class _Parser:
    """Recursive descent over the four levels of binary operators (docs.github.com, "Evaluate expressions")."""

    def __init__(self, text: str) -> None:
        self._tokens = list(self._split(text.strip()))
        self._next = 0

    @property
    def done(self) -> bool:
        return self._next == len(self._tokens)

    def expression(self, level: int, depth: int) -> Expression:
        if depth > MAX_NESTING:
            raise _NotUnderstood
        if level == len(_LEVELS):
            return self._operand(depth)
        left = self.expression(level + 1, depth)
        steps = 0
        while (token := self._peek()) and token[1] in _LEVELS[level] and token[0] == "sign":
            self._next += 1
            steps += 1
            if steps > MAX_NESTING:
                raise _NotUnderstood
            left = Operation(token[1], left, self.expression(level + 1, depth))
        return left

    def _operand(self, depth: int) -> Expression:
        """An operand with what is taken out of it: `fromJSON(x).y`, `inputs[matrix.name]`, `a[0]`."""
        found = self._simple(depth)
        steps = 0
        while (token := self._peek()) in (("sign", "["), ("sign", ".")):
            self._next += 1
            steps += 1
            if steps > MAX_NESTING:
                raise _NotUnderstood
            index = self._index(depth) if token == ("sign", "[") else self._member()
            found = Call("index", (found, index))
        return found

    def _index(self, depth: int) -> Expression:
        if self._peek() == ("sign", "*"):
            index: Expression = Literal(self._take()[1], quoted=True)
        else:
            index = self.expression(0, depth + 1)
        self._expect("]")
        return index

    def _member(self) -> Literal:
        kind, text = self._take()
        if kind != "name" and (kind, text) != ("sign", "*"):
            raise _NotUnderstood
        return Literal(text, quoted=True)

    def _simple(self, depth: int) -> Expression:
        kind, text = self._take()
        if kind == "text":
            return Literal(text[1:-1].replace("''", "'"), quoted=True)
        if kind == "number":
            return Literal(text, quoted=False)
        if kind == "sign" and text == "!":
            return Operation("!", None, self.expression(len(_LEVELS), depth + 1))
        if kind == "sign" and text == "(":
            inside = self.expression(0, depth + 1)
            self._expect(")")
            return inside
        if kind != "name":
            raise _NotUnderstood
        if self._peek() == ("sign", "("):
            return self._call(text, depth)
        if text in ("true", "false", "null"):
            return Literal(text, quoted=False)
        return Name(_path(text))

    def _call(self, function: str, depth: int) -> Call:
        self._expect("(")
        arguments: list[Expression] = []
        while self._peek() != ("sign", ")"):
            if arguments:
                self._expect(",")
            arguments.append(self.expression(0, depth + 1))
        self._expect(")")
        return Call(function.lower(), tuple(arguments))

    def _split(self, text: str) -> Iterator[tuple[str, str]]:
        done = 0
        while done < len(text):
            match = _TOKEN.match(text, done)
            if match is None or match.lastgroup is None:
                raise _NotUnderstood
            done = match.end()
            yield match.lastgroup, match[match.lastgroup]

    def _peek(self) -> tuple[str, str] | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        if token is None:
            raise _NotUnderstood
        self._next += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._take() != ("sign", sign):
            raise _NotUnderstood


def _path(text: str) -> str:
    """The dotted form; context and its fixed members in lower case, names that people gave as written."""
    dotted = re.sub(r"\['([^']*)'\]", r".\1", text)
    context, _, member = dotted.partition(".")
    if context.lower() == "github":
        head = "github.event.inputs."
        if dotted.lower().startswith(head):
            return head + dotted[len(head) :]
        return dotted.lower()
    return f"{context.lower()}.{member}" if member else context.lower()
