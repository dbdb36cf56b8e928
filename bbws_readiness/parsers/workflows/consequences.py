"""Tells whether a script ends with an error when one of its tests comes out a certain way."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.parsers.workflows.shell import Block, Command, Kind

MAX_FUNCTIONS = 50
"""Functions that are looked into."""
_SPOKEN = frozenset({"echo", "printf"})


class Consequences:
    """What follows in one script, which runs under `set -e`, from how its commands come out."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._commands = commands
        self._inside: dict[tuple[int, str], list[Command]] = {}
        self._functions: dict[str, tuple[list[Command], int]] = {}
        self._ending: dict[str, bool] = {}
        """Per function that was asked for whether it ends the script; False while it is being asked."""
        for command in commands:
            for depth, block in enumerate(command.blocks):
                inside = self._inside.setdefault((block.number, block.part), [])
                inside.append(command)
                if block.kind is Kind.FUNCTION:
                    self._functions[block.part] = (inside, depth + 1)

    def fails(self, position: int, *, succeeding: bool) -> bool:
        """Whether the script ends with an error when the command at `position` runs and succeeds, or does not.

        Where that depends on something else the answer is no.
        """
        status, overlooked = succeeding, False
        blocks = self._commands[position].blocks
        for depth in range(len(blocks) - 1, -1, -1):
            block = blocks[depth]
            match (block.kind, block.part):
                case (Kind.AND, "left") if status:
                    return self._exits(block, depth, "right")
                case (Kind.OR, "left") if not status:
                    return self._exits(block, depth, "right")
                case (Kind.AND, "left"):
                    # `set -e` overlooks a failure before the last command of a list.
                    overlooked = True
                case (Kind.NOT, _):
                    status, overlooked = not status, True
                case (Kind.IF, "condition"):
                    return self._exits(block, depth, "then" if status else "else")
                case (Kind.PIPE, _) if not status and self._is_last(block):
                    # With or without pipefail the status of the last one is that of the pipeline when it fails.
                    continue
                case (Kind.SUBSHELL, _) if status or overlooked:
                    return False
                case (Kind.AND | Kind.OR | Kind.SUBSHELL, _):
                    continue
                case _:
                    return False
        return not status and not overlooked

    def beside(self, position: int) -> tuple[Command, ...]:
        """The commands of the pipeline whose last one stands there, in order; empty when it is none or has groups."""
        blocks = self._commands[position].blocks
        if not blocks or blocks[-1].kind is not Kind.PIPE or not self._is_last(blocks[-1]):
            return ()
        number = blocks[-1].number
        own = [
            [one for one in self._inside.get((number, str(part)), ()) if one.blocks[-1].number == number]
            for part in range(int(blocks[-1].part) + 1)
        ]
        return tuple(part[0] for part in own) if all(len(part) == 1 for part in own) else ()

    def _is_last(self, block: Block) -> bool:
        return (block.number, str(int(block.part) + 1)) not in self._inside

    def _exits(self, block: Block, depth: int, part: str) -> bool:
        return self._ends(self._inside.get((block.number, part), ()), depth + 1)

    def _ends(self, inside: Sequence[Command], depth: int) -> bool:
        """Whether one of the commands runs for sure and ends the script, itself or as the name of a function."""
        for command in inside:
            runs = all(self._passed(block) for block in command.blocks[depth:])
            if runs and (is_failure(command) or self._ends_by_call(command.name)):
                return True
        return False

    def _ends_by_call(self, name: str) -> bool:
        if name in self._functions and name not in self._ending:
            self._ending[name] = False
            if len(self._ending) <= MAX_FUNCTIONS:
                self._ending[name] = self._ends(*self._functions[name])
        return self._ending.get(name, False)

    def _passed(self, block: Block) -> bool:
        """Whether what stands in the block runs for sure: in parentheses, or behind an `echo … &&`."""
        if block.kind is Kind.SUBSHELL:
            return True
        if block.kind is not Kind.AND:
            return False
        left = self._inside.get((block.number, "left"), ())
        return block.part == "left" or all(one.name in _SPOKEN for one in left)


def is_failure(command: Command) -> bool:
    """Whether it ends a script, or a function, with an error."""
    if command.name in ("exit", "return"):
        return len(command.words) < 2 or command.words[1].text != "0"
    return command.name == "false"
