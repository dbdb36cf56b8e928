"""Puts a shell script into simple commands, each with its words and with all that stands around it.

Nothing is expanded and nothing is run. Not followed: aliases, `eval`, and what arithmetic comes to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.memory import read_lately
from bbws_readiness.parsers.workflows.grammar import Reading, ShellNode, Unreadable, read_beginning
from bbws_readiness.parsers.workflows.words import (
    Word,
    assignments_of,
    compared_words,
    declared_words,
    program_of,
    words_of,
)

POSIX_SHELLS = ("bash", "sh", "dash", "zsh")
MAX_RESUMED = 20
"""Lines of a document's fence that are passed over because they are no shell."""


class Kind(StrEnum):
    """What stands around a command."""

    IF = "if"
    """Part `condition`, `then` or `else`; an `elif` is an `if` in the part `else` of the one before."""
    LOOP = "loop"
    """Part `condition` or `body`."""
    CASE = "case"
    """Part: the number of the item, from 0, with `*` behind it for one that takes every value."""
    FUNCTION = "function"
    """Part: its name."""
    SUBSHELL = "( )"
    SUBSTITUTION = "$( )"
    PIPE = "|"
    """Part: its number in the pipeline, from 0."""
    AND = "&&"
    """Part `left` or `right`."""
    OR = "||"
    """Part `left` or `right`."""
    NOT = "!"


_BRANCHES = {Kind.IF: ("then", "else"), Kind.LOOP: ("body",)}
_OPERATORS = frozenset({"&&", "||", "|", "|&", ";", ";;", "&"})


class Block(Struct, frozen=True):
    """Something that a command stands in."""

    kind: Kind
    number: int
    """No two blocks of a script share one; the parts of one block do."""
    part: str = ""
    variable: str = ""
    """Of a `for` or `select` loop."""
    values: tuple[Word, ...] = ()
    """What such a loop runs over."""

    @property
    def conditional(self) -> bool:
        """Whether what stands in it may be left out, or done more than once."""
        return self.kind in (Kind.CASE, Kind.FUNCTION) or self.part in _BRANCHES.get(self.kind, ())

    @property
    def closed(self) -> bool:
        """Whether it is a shell of its own, whose directory and variables end with it."""
        return self.kind in (Kind.SUBSHELL, Kind.SUBSTITUTION, Kind.PIPE)


class Command(Struct, frozen=True, dict=True):
    """A simple command, a test, or the head of a `for` or `case`. One that only assigns has no words."""

    words: tuple[Word, ...]
    assignments: tuple[Word, ...]
    """The leading `NAME=value` words."""
    line: int
    operator: str = ""
    """What follows: `&&`, `||`, `|`, `;`, `&`, or nothing at the end of a line."""
    blocks: tuple[Block, ...] = ()
    """What it stands in, outermost first."""
    writes: tuple[Word, ...] = ()
    """The files that its own redirections write."""

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The words as a person reads them."""
        return tuple([word.text for word in self.words])

    @cached_property
    def name(self) -> str:
        """The program, or the empty string when there is none."""
        return self.words[0].text if self.words else ""

    @cached_property
    def conditional(self) -> bool:
        """Inside the body of an `if`, loop, `case` or function."""
        return any(block.conditional for block in self.blocks)

    @property
    def subshells(self) -> tuple[int, ...]:
        """The numbers of the shells of their own that it stands in, outermost first."""
        return tuple(block.number for block in self.blocks if block.closed)

    @property
    def loops(self) -> dict[str, tuple[Word, ...]]:
        """What the variables of the loops around it run over."""
        return {block.variable: block.values for block in self.blocks if block.variable and block.part == "body"}


class Script(Struct, frozen=True):
    """The commands of a script in the order in which they end: those inside of `$( )` before the one around it."""

    commands: tuple[Command, ...]
    unread: int | None = None
    """The line from which on nothing was read."""
    open: bool = False
    """Something is never closed there."""
    refused: str = ""
    """Why none of it was read: it exceeds a limit."""


def is_posix(shell_name: str) -> bool:
    """Whether a POSIX shell reads the script of a step; `bash` does where none is named."""
    return not shell_name.split() or shell_name.split()[0].rpartition("/")[2] in POSIX_SHELLS


@read_lately
def read(script: str, *, first_line: int = 1) -> Script:
    """The commands of `script`, lines counted from `first_line`, up to the first statement that is not understood.

    Workflows of one kind have the same script in the same place.
    """
    return _moved(_read(script), first_line - 1)


@read_lately
def _read(script: str) -> Script:
    try:
        reading = read_beginning(script)
    except Unreadable as unreadable:
        return Script((), unread=1, refused=str(unreadable))
    return commands_of(reading)


def _moved(script: Script, lines: int) -> Script:
    """The same some lines further down."""
    if not lines:
        return script

    def words(found: Sequence[Word]) -> tuple[Word, ...]:
        return tuple([Word(one.raw, one.line + lines, one.open) for one in found])

    def block(one: Block) -> Block:
        return replace(one, values=words(one.values)) if one.values else one

    commands = [
        Command(
            words(one.words),
            words(one.assignments),
            one.line + lines,
            one.operator,
            tuple([block(around) for around in one.blocks]),
            words(one.writes),
        )
        for one in script.commands
    ]
    unread = None if script.unread is None else script.unread + lines
    return Script(tuple(commands), unread, script.open, script.refused)


def commands_of(reading: Reading, *, numbered_from: int = 0) -> Script:
    """The commands of what was read."""
    reader = _Reader(numbered_from)
    reader.visit(reading.root, ())
    return Script(tuple(reader.commands), reading.unread, reading.open)


@lru_cache(maxsize=256)
def read_lines(text: str, *, first_line: int = 1) -> Script:
    """The commands of lines that a person pastes one by one: a line that is no shell is passed over.

    Nothing is read behind something that is never closed. Several readers ask for the same lines.
    """
    lines, position = text.split("\n"), 0
    commands: list[Command] = []
    for _ in range(MAX_RESUMED):
        try:
            reading = read_beginning("\n".join(lines[position:]), first_line=first_line + position)
        except Unreadable as unreadable:
            return Script(tuple(commands), first_line + position, refused=str(unreadable))
        found = commands_of(reading, numbered_from=(position + 1) * 100_000)
        commands += found.commands
        if found.unread is None or found.open:
            return Script(tuple(commands), found.unread, found.open)
        position = found.unread - first_line + 1
    return Script(tuple(commands), first_line + position)


class _Reader:
    """Goes through the tree and gathers commands. The grammar bounds how deep that goes."""

    def __init__(self, numbered_from: int) -> None:
        self.commands: list[Command] = []
        self._number = numbered_from

    def visit(self, node: ShellNode, around: tuple[Block, ...], redirects: Sequence[ShellNode] = ()) -> None:
        """Adds the commands of `node`."""
        match node.kind:
            case "command" | "declaration_command" | "unset_command" | "test_command":
                self._command(node, around, redirects)
            case "variable_assignment" | "variable_assignments":
                self._inside(node, around)
                self._add((), assignments_of(node), node.line, around)
            case "redirected_statement":
                self._redirected(node, around)
            case "if_statement":
                self._if(node, around)
            case "for_statement" | "c_style_for_statement" | "while_statement":
                self._loop(node, around)
            case "case_statement":
                self._case(node, around)
            case "function_definition":
                name = next((part.text for part in node.parts if part.field == "name"), "")
                self._parts(node, (*around, self._block(Kind.FUNCTION, name)))
            case "subshell":
                self._parts(node, (*around, self._block(Kind.SUBSHELL)))
            case "command_substitution" | "process_substitution":
                self._parts(node, (*around, self._block(Kind.SUBSTITUTION)))
            case "pipeline" | "list":
                self._joined(node, around)
            case "negated_command":
                self._parts(node, (*around, self._block(Kind.NOT)))
            case _:
                self._parts(node, around)

    def _parts(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        for part in node.parts:
            self._part(part, around)

    def _part(self, part: ShellNode, around: tuple[Block, ...]) -> None:
        if part.kind in _OPERATORS:
            self._follow(part.kind)
        else:
            self.visit(part, around)

    def _follow(self, operator: str) -> None:
        """Gives the operator to the last command, which may end with `)`, `}` or `fi` before it."""
        if self.commands and not self.commands[-1].operator:
            self.commands[-1] = replace(self.commands[-1], operator=operator)

    def _block(self, kind: Kind, part: str = "") -> Block:
        self._number += 1
        return Block(kind, self._number, part)

    def _inside(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        """The commands of the substitutions in the words of `node`."""
        for part in node.parts:
            if part.kind in ("command_substitution", "process_substitution"):
                self.visit(part, around)
            elif part.parts:
                self._inside(part, around)

    def _add(
        self,
        words: Sequence[Word],
        assignments: Sequence[Word],
        line: int,
        around: tuple[Block, ...],
        writes: Sequence[Word] = (),
    ) -> None:
        if words or assignments:
            self.commands.append(Command(tuple(words), tuple(assignments), line, blocks=around, writes=tuple(writes)))

    def _command(self, node: ShellNode, around: tuple[Block, ...], redirects: Sequence[ShellNode]) -> None:
        self._inside(node, around)
        writes = tuple(_written([*node.parts, *redirects]))
        match node.kind:
            case "test_command":
                self._add(compared_words(node), (), node.line, around, writes)
            case "command":
                self._add(program_of(node), assignments_of(node), node.line, around, writes)
            case _:
                self._add(declared_words(node), (), node.line, around, writes)

    def _redirected(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        redirects = [part for part in node.parts if part.field == "redirect"]
        for part in node.parts:
            if part.field == "redirect":
                self._redirect(part, around)
            else:
                self.visit(part, around, redirects)

    def _redirect(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        """What runs in the target of a redirection, in a here-document, and behind its first line."""
        for part in node.parts:
            if part.field in ("operator", "right") or part.kind == "pipeline":
                self._part(part, around)
            elif part.kind == "heredoc_redirect":
                self._redirect(part, around)
            else:
                self._inside(part, around)
                if part.kind == "command_substitution":
                    self.visit(part, around)

    def _joined(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        """A pipeline or a list; the operands of a list are two."""
        operators = [part.kind for part in node.parts if part.kind in _OPERATORS]
        if node.kind == "list":
            block = self._block(Kind.AND if "&&" in operators else Kind.OR)
            names = ["left", "right"]
        else:
            block = self._block(Kind.PIPE)
            names = [str(number) for number in range(len(node.parts))]
        position = 0
        for part in node.parts:
            if part.kind in _OPERATORS:
                position += 1
                self._follow(part.kind)
            else:
                self.visit(part, (*around, replace(block, part=names[min(position, len(names) - 1)])))

    def _if(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        block = self._block(Kind.IF, "condition")
        for part in node.parts:
            if part.kind == "then":
                block = replace(block, part="then")
            elif part.kind == "elif_clause":
                around = (*around, replace(block, part="else"))
                self._if_parts(part, around, block := self._block(Kind.IF, "condition"))
            elif part.kind == "else_clause":
                self._parts(part, (*around, replace(block, part="else")))
            else:
                self._part(part, (*around, block))

    def _if_parts(self, node: ShellNode, around: tuple[Block, ...], block: Block) -> None:
        for part in node.parts:
            if part.kind == "then":
                block = replace(block, part="then")
            else:
                self._part(part, (*around, block))

    def _loop(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        block = self._block(Kind.LOOP, "condition")
        if node.kind == "for_statement":
            self._inside_heads(node, around)
            words = declared_words(node)
            values = words[3:] if len(words) > 2 and words[2].text == "in" else ()
            block = replace(block, variable=words[1].text if len(words) > 1 else "", values=tuple(values))
            self._add(words, (), node.line, around)
        elif node.kind == "c_style_for_statement":
            self._add((), assignments_of(node), node.line, around)
        for part in node.parts:
            if part.field == "body":
                self._parts(part, (*around, replace(block, part="body")))
            elif part.field != "value":
                self._part(part, (*around, block) if node.kind == "while_statement" else around)

    def _case(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        self._inside_heads(node, around)
        self._add(declared_words(node), (), node.line, around)
        block = self._block(Kind.CASE)
        items = [part for part in node.parts if part.kind == "case_item"]
        for number, item in enumerate(items):
            patterns = [part.text for part in item.parts if part.field == "value"]
            name = f"{number}*" if "*" in patterns else str(number)
            for part in item.parts:
                if part.field != "value" and part.kind != "|":
                    self._part(part, (*around, replace(block, part=name)))

    def _inside_heads(self, node: ShellNode, around: tuple[Block, ...]) -> None:
        for part in node.parts:
            if part.field == "value":
                self._inside(part, around)
                if part.kind == "command_substitution":
                    self.visit(part, around)


def _written(parts: Sequence[ShellNode]) -> Iterator[Word]:
    """The targets of the redirections among `parts` that write a file."""
    for part in parts:
        if part.kind == "heredoc_redirect":
            yield from _written(part.parts)
        elif part.kind == "file_redirect" and any(sign.kind in (">", ">>", "&>", "&>>", ">|") for sign in part.parts):
            yield from (word for word in words_of(part) if word.text)


__all__ = ["Block", "Command", "Kind", "Script", "Word", "commands_of", "read", "read_lines"]
