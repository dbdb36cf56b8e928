"""Tells what becomes of the exit status of every command of a script, as bash treats it under `set -e`.

A failure is kept when it ends the step with an error, at once or by what the script does about it. The rules are those
of the bash manual, "The Set Builtin": no command of an `&&` or `||` list but the last ends the script, nor one whose
status is tested or inverted, nor one in a pipeline before its last without `pipefail`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.memory import read_lately
from bbws_readiness.model.workflows import Fate, Status
from bbws_readiness.parsers.workflows.answers import Answer, answer_of, answer_of_all, consumption, of_pipe_status
from bbws_readiness.parsers.workflows.grammar import ShellNode, Unreadable, read
from bbws_readiness.parsers.workflows.words import program_of
from bbws_readiness.patterns import regex
from bbws_readiness.source import Source

_SEQUENCES = frozenset({"program", "compound_statement", "subshell", "do_group", "else_clause", "elif_clause"})
_CLOSED = frozenset({"function_definition", "subshell", "command_substitution"})
"""What is set inside these does not reach out."""
_ENDS_WELL = regex(r"\bexit\s+0\b")
_NOT_COMMANDS = frozenset({"&", ";;", "word", "comment"})
MAX_CALLS = 20
"""Calls of a function that are followed."""


class Options(Struct, frozen=True):
    """The options of `set` that decide about failures."""

    errexit: bool
    pipefail: bool


class _Verdict(Struct, frozen=True):
    fate: Fate
    reason: str = ""


KEPT = _Verdict(Fate.KEPT)


def shell_options(shell: str) -> Options:
    """What GitHub starts that shell with: `bash -e` for none, `bash -eo pipefail` for `bash`, `sh -e` for `sh`."""
    words = shell.split()
    if len(words) < 2:
        return Options(errexit=True, pipefail=shell.strip() == "bash")
    return _after_words(Options(errexit=False, pipefail=False), words[1:])


def statuses(script: str, source: Source, *, first_line: int, last_line: int, shell: str) -> tuple[Status, ...]:
    """The status of every command in the order written; raises `Unreadable` for a script that is not understood."""
    found = _found(script, shell)
    if isinstance(found, Unreadable):
        raise Unreadable(str(found))
    return tuple(
        [
            Status(words, source.at(min(first_line + line, last_line)), verdict.fate, verdict.reason)
            for words, line, verdict in found
        ]
    )


@read_lately
def _found(script: str, shell: str) -> tuple[tuple[tuple[str, ...], int, _Verdict], ...] | Unreadable:
    """The words, the line from 0, and what becomes of the status of every command."""
    try:
        root = read(script)
    except Unreadable as unreadable:
        return unreadable
    follower = _Follower(root, shell_options(shell))
    found = []
    trapped = _trapped(root)
    for path in _commands(root, (root,)):
        verdict = follower.fate(path, 0)
        words = _words(path[-1])
        if trapped and verdict.fate is Fate.KEPT:
            verdict = _swallowed("a trap ends the script with success")
        if words:
            found.append((words, path[-1].line - 1, verdict))
    return tuple(found)


def _trapped(root: ShellNode) -> bool:
    """Whether a trap of the script leaves it with `exit 0`."""
    commands = (_words(path[-1]) for path in _commands(root, (root,)))
    return any(words[0] == "trap" and _ENDS_WELL.search(words[1]) is not None for words in commands if len(words) > 1)


def _commands(node: ShellNode, path: tuple[ShellNode, ...]) -> Iterator[tuple[ShellNode, ...]]:
    """Every command with the nodes around it, outermost first."""
    if node.kind == "command":
        yield path
    for child in node.children:
        yield from _commands(child, (*path, child))


def _words(command: ShellNode) -> tuple[str, ...]:
    """The program and its arguments without quotes, from the program that really runs."""
    return tuple(word.text for word in program_of(command))


class _Follower(Struct, frozen=True, dict=True):
    """Follows the status of a command outwards until something is done about it."""

    root: ShellNode
    options: Options
    functions: dict[tuple[int, int], _Verdict] = field(default_factory=dict)
    """What becomes of a failure in each function, by its place and how deep its calls are followed."""

    def fate(self, path: Sequence[ShellNode], calls: int) -> _Verdict:
        """What becomes of the status of the last node of `path`."""
        unit, exempt = path[-1], False
        for depth in range(len(path) - 2, -1, -1):
            outer = path[depth]
            step = self._through(outer, unit, path[: depth + 1], exempt=exempt, calls=calls)
            if isinstance(step, _Verdict):
                return step
            exempt, unit = step, outer
        return KEPT

    def _through(
        self, outer: ShellNode, unit: ShellNode, path: Sequence[ShellNode], *, exempt: bool, calls: int
    ) -> _Verdict | bool:
        """The verdict at this node, or whether `set -e` overlooks the failure further out."""
        match outer.kind:
            case "pipeline":
                return self._piped(outer, unit, path, exempt=exempt)
            case "list":
                return self._listed(outer, unit, exempt=exempt)
            case "negated_command":
                return exempt if path[-2].kind in ("if_statement", "elif_clause") else _swallowed("it is inverted by !")
            case "if_statement" | "elif_clause" if _is_condition(outer, unit):
                return self._tested(outer, unit)
            case "while_statement" if unit.field == "condition":
                return _unclear("a loop tests it")
            case "command_substitution":
                return self._substituted(outer, unit, path, exempt=exempt)
            case "process_substitution" | "file_redirect" | "herestring_redirect" | "heredoc_redirect":
                return _swallowed("its output is redirected, its status is lost")
            case "function_definition":
                return self._function(outer, calls)
            case "if_statement" | "case_item" | "for_statement" | "while_statement" | "case_statement":
                return self._sequence(outer, unit, path, exempt=exempt, calls=calls)
            case kind if kind in _SEQUENCES:
                return self._sequence(outer, unit, path, exempt=exempt, calls=calls)
        return exempt

    def _piped(self, outer: ShellNode, unit: ShellNode, path: Sequence[ShellNode], *, exempt: bool) -> _Verdict | bool:
        parts = [child for child in outer.children if child.kind not in ("|", "|&")]
        if unit is parts[-1] or self._options_at(unit).pipefail:
            return exempt
        if any("PIPESTATUS" in node.text for node in self._later(outer)):
            following = next(iter(_behind(path[-2], outer)), None) if len(path) > 1 and not _nested(path) else None
            answer = of_pipe_status(following, parts.index(unit), self.root) if following else Answer.NOT_FOLLOWED
            if answer is not Answer.NOT_FOLLOWED:
                return self._answered(answer, "its status is read and not acted on")
            return _unclear("PIPESTATUS is read afterwards")
        receiver = next((child for child in parts[parts.index(unit) + 1 :]), unit)
        program = receiver.text.split()[0] if receiver.text.split() else "a command"
        return _swallowed(f"it is piped into {program[:40]} without pipefail")

    def _listed(self, outer: ShellNode, unit: ShellNode, *, exempt: bool) -> _Verdict | bool:
        operands = [child for child in outer.children if child.kind not in ("&&", "||")]
        if unit is operands[-1]:
            return exempt
        operator = next((child.kind for child in outer.children if child.kind in ("&&", "||")), "&&")
        if operator == "&&":
            return True
        return self._answered(answer_of(operands[-1], self.root), "what follows || goes on after it")

    def _answered(self, answer: Answer, reason: str) -> _Verdict:
        match answer:
            case Answer.FAILS:
                return KEPT
            case Answer.GOES_ON:
                return _swallowed(reason)
        return _unclear("what is done after a failure is not followed")

    def _tested(self, outer: ShellNode, unit: ShellNode) -> _Verdict:
        """A condition: a failure takes the branch after `else`, an inverted one the first."""
        if unit.kind == "negated_command":
            return self._answered(answer_of_all(_body(outer), self.root), "the branch for its failure goes on")
        others = [child for child in outer.children if child.kind in ("elif_clause", "else_clause")]
        if outer.kind == "elif_clause":
            return _unclear("it is tested in an elif")
        if not others:
            return _swallowed("if tests it, and no else answers a failure")
        return self._answered(answer_of_all(others, self.root), "the branch for its failure goes on")

    def _substituted(
        self, outer: ShellNode, unit: ShellNode, path: Sequence[ShellNode], *, exempt: bool
    ) -> _Verdict | bool:
        if unit is not _statements(outer)[-1]:
            return _swallowed("set -e does not reach into $( )")
        above = [node.kind for node in path[:-1]]
        while above and above[-1] in ("string", "concatenation"):
            above.pop()
        if not above or above[-1] != "variable_assignment":
            return _swallowed("its output is used, its status is lost")
        around = above[-2] if len(above) > 1 else ""
        if around == "declaration_command":
            return _swallowed("the status of export, local or readonly takes its place")
        return _swallowed("the status of the command behind it takes its place") if around == "command" else exempt

    def _function(self, outer: ShellNode, calls: int) -> _Verdict:
        """A function is as good as the worst of its calls."""
        known = (outer.start, calls)
        if known not in self.functions:
            self.functions[known] = self._of_calls(outer, calls)
        return self.functions[known]

    def _of_calls(self, outer: ShellNode, calls: int) -> _Verdict:
        name = next((child.text for child in outer.children if child.field == "name"), "")
        if calls >= 3:
            return _unclear("functions call each other too deep")
        found = [path for path in _commands(self.root, (self.root,)) if _words(path[-1])[:1] == (name,)]
        if not found or len(found) > MAX_CALLS:
            return _unclear(f"the calls of the function {name[:40]} are not followed")
        verdicts = [self.fate(path, calls + 1) for path in found]
        return next((one for one in verdicts if one.fate is not Fate.KEPT), KEPT)

    def _sequence(
        self, outer: ShellNode, unit: ShellNode, path: Sequence[ShellNode], *, exempt: bool, calls: int
    ) -> _Verdict | bool:
        """One of several commands: `set -e` ends the script there, else only the last one's status counts."""
        statements = _statements(outer)
        behind = outer.children[outer.children.index(unit) + 1 :] if unit in outer.children else ()
        if behind and behind[0].kind == "&":
            waits = any(node.kind == "command" and node.text.startswith("wait ") for node in self._later(unit))
            return _unclear("it runs in the background") if waits else _swallowed("it runs in the background")
        errexit = self._options_at(unit).errexit and not exempt and not _overlooked(path)
        if errexit:
            return exempt if outer.kind == "subshell" else self._ended(path, calls)
        if unit is statements[-1]:
            return exempt
        following = statements[statements.index(unit) + 1] if unit in statements else None
        if following is not None and "$?" in following.text:
            return self._answered(consumption(following, self.root), "its status is read and not acted on")
        if exempt:
            return _swallowed("a failure before && does not end the script")
        return _swallowed("the script goes on after a failure, set -e is not in force")

    def _ended(self, path: Sequence[ShellNode], calls: int) -> _Verdict:
        """The shell exits; inside parentheses or a function only that shell or its caller can tell what then."""
        enclosing = [node for node in path if node.kind in _CLOSED]
        pipelines = [node for node in path if node.kind == "pipeline"]
        if not enclosing and not pipelines:
            return KEPT
        inner = max([*enclosing, *pipelines], key=lambda node: path.index(node))
        outwards = path[: path.index(inner) + 1]
        if inner.kind == "function_definition":
            return self._function(inner, calls)
        return self.fate(outwards if inner.kind != "pipeline" else path[: path.index(inner) + 2], calls)

    def _options_at(self, node: ShellNode) -> Options:
        """What the `set` commands before it leave in force; one inside a function or parentheses counts there only."""
        options = self.options
        for start, end, words in self._set_commands:
            if start >= node.start:
                break
            if end > node.start:
                options = _after_words(options, words)
        return options

    @cached_property
    def _set_commands(self) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
        """Where each `set` stands, where what it sets ends, and its arguments, in the order written."""
        found = []
        for path in _commands(self.root, (self.root,)):
            words = _words(path[-1])
            if words[:1] == ("set",):
                closed = (above.start + len(above.text.encode()) for above in path if above.kind in _CLOSED)
                found.append((path[-1].start, min(closed, default=sys.maxsize), words[1:]))
        return tuple(found)

    def _later(self, node: ShellNode) -> Iterator[ShellNode]:
        end = node.start + len(node.text.encode())
        return (one for one in self.root.walk() if one.start >= end)


def _overlooked(path: Sequence[ShellNode]) -> bool:
    """Whether `set -e` is out of force in there: in a condition, before `&&` or `||`, behind `!`, inside `$( )`."""
    for outer, inner in pairwise(path):
        if outer.kind == "list" and inner is not outer.children[-1]:
            return True
        if outer.kind in ("negated_command", "command_substitution"):
            return True
        if outer.kind in ("if_statement", "elif_clause", "while_statement") and _is_condition(outer, inner):
            return True
    return False


def _nested(path: Sequence[ShellNode]) -> bool:
    """Whether what stands there does not run for sure, or in a shell of its own."""
    return any(node.kind not in ("program", "pipeline") for node in path)


def _behind(outer: ShellNode, unit: ShellNode) -> list[ShellNode]:
    """What follows it among the commands of one sequence; nothing when it runs in the background."""
    behind = outer.children[outer.children.index(unit) + 1 :] if unit in outer.children else ()
    if behind and behind[0].kind == "&":
        return []
    return [child for child in behind if child.kind not in (*_NOT_COMMANDS, ";", "\n")]


def _is_condition(outer: ShellNode, inner: ShellNode) -> bool:
    if outer.kind == "elif_clause":
        # The grammar gives an elif no fields; its first command is what it tests.
        return bool(_statements(outer)) and inner is _statements(outer)[0]
    return inner.field == "condition"


def _body(outer: ShellNode) -> list[ShellNode]:
    return [
        child
        for child in outer.children
        if not _is_condition(outer, child) and child.kind not in ("elif_clause", "else_clause", "comment")
    ]


def _statements(outer: ShellNode) -> list[ShellNode]:
    return [child for child in outer.children if child.kind not in _NOT_COMMANDS and child.field not in ("value",)]


def _after_words(options: Options, words: Sequence[str]) -> Options:
    """The options after `set` or a start with these words: `-e`, `+e`, `-euo pipefail`."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if not word.startswith(("-", "+")) or word.startswith("--"):
            continue
        on = word.startswith("-")
        named = following if word.endswith("o") else ""
        if "e" in word[1:] or named == "errexit":
            options = replace(options, errexit=on)
        if named == "pipefail":
            options = replace(options, pipefail=on)
    return options


def _swallowed(reason: str) -> _Verdict:
    return _Verdict(Fate.SWALLOWED, reason)


def _unclear(reason: str) -> _Verdict:
    return _Verdict(Fate.UNCLEAR, reason)


__all__ = ["Unreadable", "shell_options", "statuses"]
