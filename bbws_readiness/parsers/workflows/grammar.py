"""Reads a shell script with a real grammar into a plain tree, within limits that hold for hostile scripts too.

The only door to tree-sitter. Nothing is expanded and nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.machinery import ExtensionFileLoader, PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

import msgspec

from bbws_readiness.patterns import regex

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_LENGTH = 30_000
MAX_PIPES = 400
"""The parser takes a time that grows with the square of a pipeline."""
MAX_REDIRECTS = 800
MAX_NODES = 12_000
MAX_DEPTH = 120
MAX_OPEN = 100
"""Brackets that may be open at once, counted without regard to quotes."""
MAX_HEREDOCS = 40
MAX_ATTEMPTS = 8
"""How often a shorter beginning is tried after a fault."""
MAX_CLOSED = 4_000
"""Whether something is never closed is tried out on no longer rest."""
MAX_STEPS = 4_000
"""How often the parser may report progress before it is stopped; ordinary text needs one report per 30 signs."""

_HEREDOC = regex(r"<<-?\s*(\S*)")
EXPRESSION = regex(r"\$\{\{.*?\}\}", re.DOTALL)
_OPERATORS = frozenset({"&&", "||", "|", "|&", "&", "!", ";;"})
_ASCII = bytes(range(128)) + b"x" * 128
_CLOSING = ("'", '"', ")", "`", "\nfi", "\ndone", "\n}", "\nesac")


class Unreadable(Exception):
    """The script is none that is read; the text says why in one line."""


class ShellNode(msgspec.Struct, frozen=True):
    """A node of the grammar, or a sign between two of them."""

    kind: str
    """`command`, `pipeline`, `list`, `if_statement`, …; for a sign or reserved word that itself."""
    text: str
    """As written, with its GitHub expressions."""
    line: int
    start: int
    """Its first byte in the script, which orders nodes."""
    field: str
    """What it is to its parent: `condition`, `name`, `body`; empty when the grammar does not say."""
    parts: tuple[ShellNode, ...]
    """Everything in it, signs and reserved words too."""
    children: tuple[ShellNode, ...]
    """The nodes in it, and of the signs the operators between commands only."""

    def walk(self) -> Iterator[ShellNode]:
        """The node and everything below it, in the order written."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))


class Reading(msgspec.Struct, frozen=True):
    """As much of a script as the grammar understands."""

    root: ShellNode
    unread: int | None = None
    """The line from which on nothing was read; None when all of it was."""
    open: bool = False
    """A quote, parenthesis or block that starts there is never closed, so that no shell would understand it either."""


def read(script: str, *, first_line: int = 1) -> ShellNode:
    """The tree of `script`, lines counted from `first_line`; raises `Unreadable` for one that is not understood."""
    reading = read_beginning(script, first_line=first_line)
    if reading.unread is not None:
        raise Unreadable("the script is not understood by the shell grammar")
    return reading.root


def read_beginning(script: str, *, first_line: int = 1) -> Reading:
    """The tree of `script` up to the first statement that is not understood; raises `Unreadable` beyond a limit."""
    found = _asked(script, first_line)
    if isinstance(found, Unreadable):
        raise found
    return found


@lru_cache(maxsize=8)
def _asked(script: str, first_line: int) -> Reading | Unreadable:
    """Two readers ask for each script, one after the other."""
    try:
        return _read(script, first_line)
    except Unreadable as unreadable:
        return unreadable


def _read(script: str, first_line: int) -> Reading:
    _require_limits(script)
    root = _parse(script)
    if not root.has_error:
        return Reading(_Copy(script, first_line).of(root))
    lines = script.split("\n")
    kept = _first_fault(root)
    unread = kept
    for _ in range(MAX_ATTEMPTS if kept > 0 else 0):
        beginning = "\n".join(lines[:kept])
        root = _parse(beginning)
        if not root.has_error:
            break
        kept = max(min(_first_fault(root), kept - 1), 0)
    else:
        beginning, root, kept = "", _parse(""), 0
    tree = _Copy(beginning, first_line).of(root)
    return Reading(tree, first_line + min(unread, kept), _is_open("\n".join(lines[kept:])))


def _parse(script: str) -> Node:
    # GitHub fills expressions in before a shell sees them: a word of the same length stands for each. And the parser
    # looks characters up in a table that ends with Latin-1, so that one beyond it crashes the process: to a shell all
    # that is not ASCII is part of a word.
    masked = EXPRESSION.sub(lambda match: "x" * len(match[0].encode("utf-8", "replace")), script)
    data = masked.encode("utf-8", "replace").translate(_ASCII)
    steps = 0

    def go_on(*_: object) -> bool:
        nonlocal steps
        steps += 1
        return steps > MAX_STEPS

    try:
        # Only a source that is read piece by piece lets the parser be stopped.
        tree = _parser().parse(lambda start, _: data[start : start + 4096], progress_callback=go_on)
    except ValueError:
        raise Unreadable("the script takes too long to read") from None
    if tree.root_node.descendant_count > MAX_NODES:
        raise Unreadable(f"a script of more than {MAX_NODES} parts is not read")
    return tree.root_node


def _first_fault(root: Node) -> int:
    """The line, from 0, of the outermost statement that holds the first fault."""
    node = root
    while node.is_error or node is root:
        faulty = (child for child in node.children if child.has_error or (node.is_error and not child.is_named))
        found = next(faulty, None)
        if found is None:
            break
        node = found
    return node.start_point.row


def _is_open(rest: str) -> bool:
    """Whether the text ends inside of something: one sign more, or a reserved word, and it is understood."""
    opened = rest.count("(") - rest.count(")")
    if opened > 8 or len(rest) > MAX_CLOSED:
        return opened > 0 or rest.count("'") % 2 == 1 or rest.count('"') % 2 == 1
    return any(not _parse(rest + sign).has_error for sign in _CLOSING)


def _require_limits(script: str) -> None:
    if len(script) > MAX_LENGTH or "\0" in script:
        raise Unreadable(f"a script longer than {MAX_LENGTH} characters is not read")
    if script.count("|") > MAX_PIPES or script.count("`") > MAX_PIPES:
        raise Unreadable(f"a script with more than {MAX_PIPES} pipes is not read")
    for sign in (">", "<", "()"):
        if script.count(sign) > MAX_REDIRECTS:
            raise Unreadable(f"a script with more than {MAX_REDIRECTS} times {sign} is not read")
    delimiters = [match[1] for match in _HEREDOC.finditer(script)]
    if len(delimiters) > MAX_HEREDOCS or any(len(name) > 100 for name in delimiters):
        raise Unreadable(f"a script with more than {MAX_HEREDOCS} here-documents is not read")
    if sum(map(script.count, "([{")) <= MAX_OPEN and sum(map(script.count, ")]}")) <= MAX_PIPES:
        return
    opened = unopened = 0
    for sign in script:
        opened += (sign in "([{") - (sign in ")]}")
        if opened < 0:
            opened, unopened = 0, unopened + 1
        if opened > MAX_OPEN:
            raise Unreadable(f"a script with more than {MAX_OPEN} open brackets is not read")
    if unopened > MAX_PIPES:
        raise Unreadable(f"a script with more than {MAX_PIPES} closing brackets too many is not read")


@cache
def _parser() -> Parser:
    import tree_sitter

    return tree_sitter.Parser(tree_sitter.Language(_bash()))


def _bash() -> object:
    """The grammar. What its package loads beside it, to offer queries, takes ten times as long as that."""
    around = PathFinder.find_spec("tree_sitter_bash")
    inside = PathFinder.find_spec("_binding", around.submodule_search_locations) if around else None
    if inside is None or not isinstance(inside.loader, ExtensionFileLoader):
        import tree_sitter_bash

        return tree_sitter_bash.language()
    binding = module_from_spec(inside)
    inside.loader.exec_module(binding)
    return binding.language()


class _Open(msgspec.Struct):
    """A node whose parts are being copied."""

    node: Node
    children: list[Node]
    """What the node makes anew whenever it is asked."""
    field: str
    line: int
    position: int = 0
    parts: list[ShellNode] = msgspec.field(default_factory=list)


class _Copy:
    """Copies the parser's nodes into plain ones, so that nothing of the library is held on to."""

    def __init__(self, script: str, first_line: int) -> None:
        self._source = script.encode("utf-8", "replace")
        self._counted, self._line = 0, first_line

    def of(self, root: Node) -> ShellNode:
        """The copy; a loop takes the place of recursion, because a script may be nested as deep as its author likes."""
        pending = [_Open(root, root.children, "", self._line_of(root.start_byte))]
        while True:
            current = pending[-1]
            if current.position < len(current.children):
                child = current.children[current.position]
                name = current.node.field_name_for_child(current.position) or ""
                current.position += 1
                if len(pending) > MAX_DEPTH:
                    raise Unreadable("the script is nested too deeply")
                pending.append(_Open(child, child.children, name, self._line_of(child.start_byte)))
                continue
            pending.pop()
            copied = self._closed(current, outermost=not pending)
            if not pending:
                return copied
            pending[-1].parts.append(copied)

    def _closed(self, done: _Open, *, outermost: bool) -> ShellNode:
        node, parts = done.node, tuple(done.parts)
        text = "" if outermost else self._source[node.start_byte : node.end_byte].decode("utf-8", "replace")
        children = tuple(
            [
                part
                for part, original in zip(parts, done.children, strict=True)
                if part.kind in _OPERATORS or original.is_named
            ]
        )
        return ShellNode(node.type, text, done.line, node.start_byte, done.field, parts, children)

    def _line_of(self, start: int) -> int:
        """Nodes come in order, so that every newline is counted once."""
        if start > self._counted:
            self._line += self._source.count(b"\n", self._counted, start)
            self._counted = start
        return self._line
