"""Takes the words of a shell command out of the grammar's nodes, without their quotes."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from bbws_readiness.parsers.workflows.grammar import EXPRESSION, ShellNode
from bbws_readiness.patterns import regex

LITERAL_DOLLAR = "\U0010f000"

_ESCAPED = regex(r"\\(.)", re.DOTALL)
_ESCAPED_IN_QUOTES = regex(r"\\([$`\"\\\n])")
_C_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_OPEN = regex(r"(?<!\\)(?:\\\\)*[*?\[]|^~")
_WORDS = frozenset(
    {"word", "number", "string", "raw_string", "ansi_c_string", "translated_string", "concatenation"}
    | {"simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion"}
    | {"brace_expression", "extglob_pattern", "regex", "test_operator", "variable_name", "special_variable_name"}
    | {"command_name", "variable_assignment"}
)
_EXPANSIONS = frozenset(
    {"simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion"}
)
_WRAPPERS = frozenset({"sudo", "command", "exec", "env", "nohup", "time", "builtin", "nice", "ionice", "stdbuf"})
_NAMED = frozenset({"for", "select", "in", "case", "export", "declare", "typeset", "readonly", "local", "unset"})


class Word(Struct, frozen=True):
    """A word without its quotes."""

    raw: str
    """With `LITERAL_DOLLAR` for every dollar that single quotes or a backslash protect."""
    line: int
    open: bool = False
    """The shell may put file names, several words or a home directory in its place: `*.tf`, `{a,b}`, `~`."""

    @property
    def text(self) -> str:
        """As a person reads it."""
        return self.raw.replace(LITERAL_DOLLAR, "$")


def words_of(node: ShellNode) -> list[Word]:
    """The program and arguments of a command, or the target of a redirection."""
    return [word(part) for part in node.parts if part.field in ("name", "argument", "destination")]


def program_of(command: ShellNode) -> list[Word]:
    """The words from the program that really runs: `sudo -E terraform` is `terraform`."""
    words = words_of(command)
    first, count = 0, len(words)
    while first < count and words[first].raw in _WRAPPERS | {"timeout"}:
        takes_time = words[first].raw == "timeout"
        first += 1
        while first < count and (words[first].raw.startswith("-") or _is_assignment(words[first].raw)):
            first += 1
        first += takes_time
    return words[first:]


def assignments_of(node: ShellNode) -> list[Word]:
    """The `NAME=value` of a command, of a line of them, or of the head of a loop that counts."""
    if node.kind == "variable_assignment":
        return [word(node)]
    return [word(part) for part in node.parts if part.kind == "variable_assignment"]


def declared_words(node: ShellNode) -> list[Word]:
    """The words of `export A=b`, and of the heads `for x in a b` and `case $x in`."""
    return [
        word(part) if part.kind in _WORDS else Word(part.kind, part.line)
        for part in node.parts
        if part.kind in _WORDS or part.kind in _NAMED
    ]


def compared_words(node: ShellNode) -> list[Word]:
    """The words of `[ a = b ]` and `[[ … ]]`, signs and brackets too, in the order written."""
    found: list[Word] = []
    pending = [node]
    while pending:
        part = pending.pop()
        if part.kind in _WORDS:
            found.append(word(part))
        elif part.parts:
            pending.extend(reversed(part.parts))
        else:
            found.append(Word(part.text, part.line))
    return found


def word(node: ShellNode) -> Word:
    """The word that a node of the grammar is."""
    return Word("".join(_said(node)), node.line, _is_open(node))


def _said(node: ShellNode) -> str:
    match node.kind:
        case "raw_string":
            return _outside_expressions(node.text[1:-1], _protected)
        case "ansi_c_string":
            return _outside_expressions(node.text[2:-1], _in_c)
        case "string" | "translated_string":
            first = node.text.find('"') + 1
            return _pieces(node, first, len(node.text.encode("utf-8", "replace")) - 1, _in_quotes)
        case kind if kind in _EXPANSIONS:
            return node.text
        case "concatenation" | "command_name" | "variable_assignment":
            return _pieces(node, 0, len(node.text.encode("utf-8", "replace")), _bare)
    return _outside_expressions(node.text, _bare)


def _pieces(node: ShellNode, begin: int, end: int, plain: Callable[[str], str]) -> str:
    """The text from `begin` to `end`, changed by `plain`, with the parts that are words as they are said."""
    data, said, done = node.text.encode("utf-8", "replace"), [], begin
    for part in node.parts:
        if part.kind in _WORDS:
            start = part.start - node.start
            said += [_outside_expressions(data[done:start].decode("utf-8", "replace"), plain), _said(part)]
            done = start + len(part.text.encode("utf-8", "replace"))
    return "".join([*said, _outside_expressions(data[done:end].decode("utf-8", "replace"), plain)])


def _outside_expressions(text: str, plain: Callable[[str], str]) -> str:
    """`text` changed by `plain` but for what GitHub fills in, whatever quotes it stands in."""
    if "${{" not in text:
        return plain(text)
    said, done = [], 0
    for match in EXPRESSION.finditer(text):
        said += [plain(text[done : match.start()]), match[0]]
        done = match.end()
    return "".join([*said, plain(text[done:])])


def _protected(text: str) -> str:
    return text.replace("$", LITERAL_DOLLAR)


def _bare(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: "" if match[1] == "\n" else _protected(match[1]), text)


def _in_quotes(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED_IN_QUOTES.sub(lambda match: "" if match[1] == "\n" else _protected(match[1]), text)


def _in_c(text: str) -> str:
    return _ESCAPED.sub(lambda match: _C_SIGNS.get(match[1], match[1]), text).replace("$", LITERAL_DOLLAR)


def _is_open(node: ShellNode) -> bool:
    match node.kind:
        case "word" | "extglob_pattern":
            text = EXPRESSION.sub("", node.text) if "${{" in node.text else node.text
            return _OPEN.search(text) is not None
        case "brace_expression":
            return True
        case "concatenation":
            texts = [part.text for part in node.parts]
            return "{" in texts or any(_is_open(part) for part in node.parts)
        case "variable_assignment":
            others = any(part.kind in ("+=", "array", "subscript") for part in node.parts)
            return others or "=~" in node.text[: node.text.find("=") + 2]
        case "command_name":
            return any(_is_open(part) for part in node.parts)
    return False


def _is_assignment(raw: str) -> bool:
    name, equals, _ = raw.partition("=")
    return bool(equals) and name.replace("_", "a").isalnum() and name.isascii() and not name[0].isdigit()
