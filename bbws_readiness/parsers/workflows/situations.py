"""Follows a script as bash runs it, to tell the directory and the variables that every command finds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.parsers.workflows.scope import WORKSPACE, Scope
from bbws_readiness.parsers.workflows.shell import Block, Command, Kind
from bbws_readiness.parsers.workflows.words import Word
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Source

MAX_STEPS = 20_000
"""Commands that are gone through, those of loops and functions more than once; beyond that nothing is known."""
MAX_CALLS = 5
"""How deep functions are followed into each other."""

_DECLARING = frozenset({"export", "local", "readonly", "declare", "typeset"})
_READING = frozenset({"read", "mapfile", "readarray", "getopts"})
_SETTING = _DECLARING | _READING | {"unset", "printf", "let"}
_LEAVING = frozenset({"exit", "return", "break", "continue"})
_MOVING = frozenset({"eval", "cd", "pushd", "popd"})
_TESTS = frozenset({"[", "[[", "test", "grep", "command", "type", "which"})
_NAME = regex(r"[A-Za-z_]\w*")


class Situated(Struct, frozen=True):
    """A command with the variables that hold where it stands."""

    command: Command
    scope: Scope
    directory: Fact[str]


class _State(Struct, frozen=True):
    """What a command finds."""

    scope: Scope
    directory: Fact[str]
    before: Fact[str] | None = None
    """Where `cd -` leads."""
    pushed: tuple[Fact[str], ...] = ()
    ended: bool = False
    """The script, the function or the round of the loop is over."""

    def entered(self, directory: Fact[str]) -> _State:
        """The state after a `cd` to there."""
        return replace(self, directory=directory, before=self.directory)


def situate(commands: Sequence[Command], source: Source, directory: Fact[str], scope: Scope) -> tuple[Situated, ...]:
    """Every command with what those that ran before it have changed, in the order in which they run.

    The body of a function stands where it is first called. What is known in one round of a loop, in one branch or at
    one call and not in another is unknown.
    """
    follower = _Follower(source)
    try:
        follower.run(commands, 0, _State(scope, directory))
        follower.run_uncalled()
    except _TooLong:
        lost: Fact[str] = Fact(Unknown("the script is too long to be followed"), directory.at)
        return tuple(Situated(command, scope, lost) for command in commands)
    return tuple(follower.found.values())


def enter(base: Fact[str], target: Fact[str]) -> Fact[str]:
    """The directory `target` seen from `base`, relative to the repository root, empty for the root itself."""
    via = (*target.via, *(base.via if base.known else ()))
    if isinstance(target.value, Unknown):
        return Fact(target.value, target.at, via)
    if isinstance(base.value, Unknown) and not target.value.startswith("/"):
        return Fact(base.value, target.at, via)
    start = base.or_none() or ""
    joined = posixpath.normpath(posixpath.join(WORKSPACE, start, target.value))
    if joined == WORKSPACE:
        return Fact("", target.at, via)
    if not joined.startswith(WORKSPACE + "/") or target.value.startswith("~"):
        return Fact(Unknown("the directory lies outside the checkout"), target.at, via)
    return Fact(joined.removeprefix(WORKSPACE + "/"), target.at, via)


class _TooLong(Exception):
    pass


class _Follower(Struct):
    source: Source
    found: dict[int, Situated] = field(default_factory=dict)
    """By the identity of the command, in the order in which they first run."""
    functions: dict[str, tuple[Sequence[Command], int, _State]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    steps: int = 0
    calls: int = 0

    def run(self, commands: Sequence[Command], depth: int, state: _State) -> _State:
        """The state after these commands, all of which stand in the same `depth` outermost blocks."""
        position = 0
        while position < len(commands):
            command = commands[position]
            if len(command.blocks) <= depth:
                state = self._simple(command, state)
                position += 1
                continue
            end = _end_of_block(commands, position, depth)
            state = self._block(commands[position:end], depth, state)
            position = end
        return state

    def run_uncalled(self) -> None:
        """Goes through the functions that nothing calls, from a directory that nobody knows."""
        for name in [name for name in self.functions if name not in self.called]:
            commands, depth, state = self.functions[name]
            self.called.add(name)
            lost: Fact[str] = Fact(Unknown(f"the function {name[:40]} is not called here"), self._at(commands[0]))
            self.run(commands, depth, replace(state, directory=lost, ended=False))

    def _block(self, commands: Sequence[Command], depth: int, state: _State) -> _State:
        block = commands[0].blocks[depth]
        if block.kind is Kind.PIPE:
            for part in _by_part(commands, depth).values():
                self.run(part, depth + 1, state)
            return state
        if block.closed:
            self.run(commands, depth + 1, state)
            return state
        match block.kind:
            case Kind.FUNCTION:
                self.functions[block.part] = (commands, depth + 1, state)
                return state
            case Kind.LOOP:
                return self._loop(commands, depth, state)
            case Kind.IF | Kind.CASE:
                return self._branches(block, commands, depth, state)
            case Kind.AND | Kind.OR:
                return self._list(block, commands, depth, state)
        after = self.run(commands, depth + 1, state)
        tested = depth > 0 and commands[0].blocks[depth - 1].part == "condition"
        # Behind `! cd x` the script goes on wherever it is; an `if` has a branch for that.
        return after if tested else self._merged([state, after], state, commands[0])

    def _branches(self, block: Block, commands: Sequence[Command], depth: int, state: _State) -> _State:
        parts = _by_part(commands, depth)
        tested = self.run(parts.pop("condition", ()), depth + 1, state)
        ends = [self.run(part, depth + 1, tested) for part in parts.values()]
        whole = "else" in parts if block.kind is Kind.IF else any(part.endswith("*") for part in parts)
        return self._merged(ends if whole else [tested, *ends], tested, commands[0])

    def _list(self, block: Block, commands: Sequence[Command], depth: int, state: _State) -> _State:
        parts = _by_part(commands, depth)
        left = self.run(parts.get("left", ()), depth + 1, state)
        start = left
        if block.kind is Kind.OR:
            # One command has failed and done nothing; of several nobody knows which.
            alone = len(parts.get("left", ())) == 1
            start = state if alone else self._merged([state, left], state, commands[0])
        right = self.run(parts.get("right", ()), depth + 1, start)
        # Where the first of `a && b` can fail unnoticed, b is left out; only a test is there to fail.
        if block.kind is Kind.AND and not _is_test(parts.get("left", ())):
            return right
        return self._merged([left, right], left, commands[0])

    def _loop(self, commands: Sequence[Command], depth: int, state: _State) -> _State:
        """A second round finds what the first has left, so that all it changes is unknown at its start."""
        inner = replace(state, scope=state.scope.with_variables(self._of_loop(commands[0], depth)))
        once = replace(self.run(commands, depth + 1, inner), ended=False)
        start = self._merged([inner, once], inner, commands[0])
        if start != inner:
            for command in commands:
                self.found.pop(id(command), None)
            once = replace(self.run(commands, depth + 1, start), ended=False)
        return replace(self._merged([state, once], state, commands[0]), ended=state.ended)

    def _of_loop(self, command: Command, depth: int) -> Mapping[str, Fact[str]]:
        name = command.blocks[depth].variable
        reason = Unknown(f"{name} changes with every round of a loop")
        return {name: Fact(reason, self._at(command))} if name else {}

    def _merged(self, states: Sequence[_State], otherwise: _State, command: Command) -> _State:
        """What holds whichever of the states came about."""
        going_on = [state for state in states if not state.ended]
        if not going_on:
            return replace(otherwise, ended=True)
        first = going_on[0]
        at = self._at(command)
        directory, before, pushed = first.directory, first.before, first.pushed
        lost: dict[str, Fact[str]] = {}
        for one in going_on[1:]:
            if one.directory.value != first.directory.value:
                directory = Fact(Unknown("the directory is changed inside a condition"), at)
            if one.before != first.before:
                before = None
            if one.pushed != first.pushed:
                pushed = ()
            for name in _told_apart(first.scope.variables, one.scope.variables):
                lost[name] = Fact(Unknown(f"{name} is set inside a condition"), at)
        return _State(first.scope.with_variables(lost), directory, before, pushed)

    def _simple(self, command: Command, state: _State) -> _State:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _TooLong
        self._note(command, state)
        if command.name in self.functions:
            return self._call(command, state)
        setting = not command.words or command.name in _SETTING
        assigned = self._assigned(command, state.scope) if setting else None
        after = replace(state, scope=state.scope.with_variables(assigned)) if assigned else state
        if command.operator == "&" or state.ended:
            return after
        if command.name in _LEAVING:
            return replace(after, ended=True)
        return self._moved(command, after) if command.name in _MOVING else after

    def _note(self, command: Command, state: _State) -> None:
        """Keeps what the command finds; what it finds otherwise at another time is unknown."""
        known = self.found.get(id(command))
        if known is None:
            self.found[id(command)] = Situated(command, state.scope, state.directory)
            return
        if known.scope is state.scope and known.directory is state.directory:
            return
        merged = self._merged([_State(known.scope, known.directory), replace(state, ended=False)], state, command)
        self.found[id(command)] = Situated(command, merged.scope, merged.directory)

    def _call(self, command: Command, state: _State) -> _State:
        body, depth, _ = self.functions[command.name]
        self.called.add(command.name)
        if self.calls >= MAX_CALLS:
            lost: Fact[str] = Fact(Unknown("functions call each other too deep"), self._at(command))
            return replace(state, directory=lost)
        self.calls += 1
        found = {
            str(number): state.scope.resolve(word.raw, self.source.at(word.line), in_shell=True)
            for number, word in enumerate(command.words[1:], start=1)
            if not word.open
        }
        after = self.run(body, depth, replace(state, scope=state.scope.with_variables(found)))
        self.calls -= 1
        own = {name: fact for name, fact in after.scope.variables.items() if not name.isdigit()}
        ended = after.ended and any(one.name == "exit" and not _branched(one, depth) for one in body)
        return replace(after, scope=replace(after.scope, variables=own), ended=ended)

    def _moved(self, command: Command, state: _State) -> _State:
        operands = [word for word in command.words[1:] if word.raw == "-" or not word.raw.startswith("-")]
        match command.name:
            case "eval":
                lost: Fact[str] = Fact(Unknown("eval runs what is not followed"), self._at(command))
                everything = dict.fromkeys(state.scope.variables, lost)
                return replace(state.entered(lost), scope=state.scope.with_variables(everything))
            case "cd" | "pushd" if operands:
                target = self._target(operands[0], state)
                if command.name == "pushd":
                    state = replace(state, pushed=(*state.pushed, state.directory))
                return state.entered(target)
            case "cd":
                return state.entered(Fact(Unknown("the directory lies outside the checkout"), self._at(command)))
            case "pushd":
                return state.entered(Fact(Unknown("pushd changes places"), self._at(command)))
            case "popd":
                if not state.pushed or operands:
                    return state.entered(Fact(Unknown("popd returns to an earlier directory"), self._at(command)))
                return replace(state.entered(state.pushed[-1]), pushed=state.pushed[:-1])
        return state

    def _target(self, word: Word, state: _State) -> Fact[str]:
        at = self.source.at(word.line)
        if word.raw == "-":
            return state.before or Fact(Unknown("cd - returns to an earlier directory"), at)
        if word.open and not word.raw.startswith("~"):
            return Fact(Unknown("the shell fills in the directory"), at)
        return enter(state.directory, state.scope.resolve(word.raw, at, in_shell=True))

    def _assigned(self, command: Command, scope: Scope) -> dict[str, Fact[str]]:
        """The variables that hold after the command: its assignments, declarations, and what it reads or unsets."""
        words: Sequence[Word] = command.assignments if not command.words else ()
        if command.name in _DECLARING:
            words = [word for word in command.words[1:] if "=" in word.raw]
        found: dict[str, Fact[str]] = {}
        for word in words:
            name, _, value = word.raw.partition("=")
            at = self.source.at(word.line)
            name = name.partition("[")[0].removesuffix("+")
            fact = scope.resolve(value, at, in_shell=True)
            if word.open:
                fact = Fact(Unknown(f"{name} is put together by the script"), at)
            if words is command.assignments and name.startswith("TF_") and name not in scope.variables:
                fact = Fact(Unknown(f"{name} is assigned, and may not be exported"), fact.at)
            found[name] = fact
        for name in _read(command):
            found[name] = Fact(Unknown(f"{name} is set when the workflow runs"), self._at(command))
        return found

    def _at(self, command: Command) -> Location:
        return self.source.at(command.line)


def _read(command: Command) -> Iterator[str]:
    """The variables that a command sets by itself."""
    words = command.texts[1:]
    if command.name in _READING or command.name == "unset":
        yield from (word for word in words if _NAME.fullmatch(word))
    elif command.name == "printf" and words[:1] == ("-v",):
        yield from words[1:2]
    elif command.name == "let":
        yield from (found[0] for word in words if (found := _NAME.match(word)))


def _told_apart(one: Mapping[str, Fact[str]], other: Mapping[str, Fact[str]]) -> Iterator[str]:
    """The names of variables that have different values there, or a value in one of them only."""
    yield from (name for name in one if name not in other)
    # Nearly all of them are the very same.
    for name in [name for name, fact in other.items() if one.get(name) is not fact]:
        if name not in one or one[name].value != other[name].value:
            yield name


def _end_of_block(commands: Sequence[Command], position: int, depth: int) -> int:
    """Behind the last of the commands that stand in the same block as the one at `position`."""
    number = commands[position].blocks[depth].number
    for end in range(position + 1, len(commands)):
        around = commands[end].blocks
        if len(around) <= depth or around[depth].number != number:
            return end
    return len(commands)


def _by_part(commands: Sequence[Command], depth: int) -> dict[str, list[Command]]:
    """The commands of each part of a block, the parts in the order written."""
    found: dict[str, list[Command]] = {}
    for command in commands:
        found.setdefault(command.blocks[depth].part, []).append(command)
    return found


def _is_test(commands: Sequence[Command]) -> bool:
    return bool(commands) and commands[-1].name in _TESTS


def _branched(command: Command, depth: int) -> bool:
    return any(block.conditional or block.kind in (Kind.AND, Kind.OR) for block in command.blocks[depth:])
