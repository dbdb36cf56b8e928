"""Tells whether a script puts the names of its tables together from listed words and the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.parsers.scripts.constants import Constants, constant
from bbws_readiness.parsers.scripts.nodes import nodes_of
from bbws_readiness.parsers.scripts.verification import spoken

_WORDS = frozenset({"environment", "env", "stage"})
"""What a variable is called that holds the name of the environment."""
_JOINTS = frozenset({"-", "_", "."})


class BuiltNames:
    """How `f"{name}-{environment}"` makes the name of a table of a listed word; nothing is done where no such is."""

    def __init__(self, constants: Constants) -> None:
        self._constants = constants
        told = spoken(constants.module)
        found = [
            parts
            for node in nodes_of(constants.module)
            if isinstance(node, ast.JoinedStr) and id(node) not in told and (parts := self._parts(node))
        ]
        self._ways = list(dict.fromkeys(found))

    def of(self, name: Fact[str]) -> Fact[str]:
        """The whole name of the table that a list calls `name`; unknown where the script tells no single one."""
        word = name.or_none()
        if not self._ways or word is None:
            return name
        (before, after), *more = self._ways
        if not more and before is not None and after is not None:
            return Fact(before + word + after, name.at, name.via)
        return Fact(Unknown("the name is put together when the script runs"), name.at, name.via)

    def _parts(self, node: ast.JoinedStr) -> tuple[str | None, str | None] | None:
        """What stands before and behind the word; None for each that is computed; None for another text."""
        match node.values:
            case [ast.FormattedValue(word), ast.Constant(str(joint)), ast.FormattedValue(last)] if joint in _JOINTS:
                if _names_environment(last) and not _names_environment(word):
                    value = self._text(last)
                    return "", None if value is None else joint + value
                if _names_environment(word) and not _names_environment(last):
                    value = self._text(word)
                    return None if value is None else value + joint, ""
        return None

    def _text(self, node: ast.expr) -> str | None:
        """The value of the environment's name: a constant of the module, also where a local name is made of it."""
        value = constant(self._constants.resolve(node).node)
        if isinstance(value, str):
            return value
        if not isinstance(node, ast.Name):
            return None
        values = set(self._assigned(node.id))
        return values.pop() if len(values) == 1 else None

    def _assigned(self, name: str) -> Iterator[str | None]:
        """What a local name is given, and what stands for a parameter of that name."""
        for node in nodes_of(self._constants.module):
            match node:
                case ast.Assign([ast.Name(target)], value) if target == name:
                    found = constant(self._constants.resolve(value).node)
                    yield found if isinstance(found, str) else None
                case ast.arg(target) if target == name:
                    yield None


def _names_environment(node: ast.expr) -> bool:
    match node:
        case ast.Name(name) | ast.Attribute(_, name):
            return bool(_WORDS & set(name.lower().split("_")))
    return False
