"""Looks up module-level constants of a Python file by their syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.parsers.scripts.nodes import nodes_of
from bbws_readiness.source import Location, Source

MAX_DEPTH = 8
"""A name that stands for a name that stands for … is followed this far."""
_CHANGING = frozenset(
    {"append", "extend", "insert", "update", "remove", "pop", "clear", "add", "setdefault", "popitem"}
)
_COLLECTIONS = frozenset({"set", "frozenset", "list", "tuple"})
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


class Resolved(Struct, frozen=True):
    """The expression that a name stands for in the end, and the lines of the names in between."""

    node: ast.expr
    via: tuple[Location, ...] = ()
    problem: str = ""
    """Why the expression is not what the name holds when the script runs; empty when it is."""


class Constants:
    """The names that a module, or a class in it, binds exactly once and never changes."""

    def __init__(self, source: Source, module: ast.Module) -> None:
        self._source = source
        self.module = module
        self.bound: dict[str, ast.expr] = {}
        self._problems: dict[str, str] = {}
        for name, value, certain in _bindings(module):
            if name in self.bound:
                self._problems[name] = f"{name} is set more than once"
            elif not certain or value is None:
                self._problems[name] = f"{name} is set inside a condition or a loop"
            if value is not None:
                self.bound[name] = value
        for name, line in _changes(module):
            self._problems.setdefault(name, f"{name} is changed at line {line}")

    def resolve(self, node: ast.expr) -> Resolved:
        """Follows names to what they stand for; any other expression stands for itself."""
        via: list[Location] = []
        for _ in range(MAX_DEPTH):
            if not isinstance(node, ast.Name) or node.id not in self.bound:
                break
            if problem := self._problems.get(node.id):
                return Resolved(node, tuple(via), problem)
            node = self.bound[node.id]
            via.append(self._source.at(node.lineno))
        return Resolved(node, tuple(via))

    def named(self, name: str) -> Resolved | None:
        """What a module-level name stands for; None when there is no such name."""
        if name not in self.bound:
            return None
        if problem := self._problems.get(name):
            return Resolved(self.bound[name], (), problem)
        return self.resolve(self.bound[name])

    def first(self, names: Sequence[str]) -> Fact[str] | None:
        """The text of the first of these names that is bound; unknown when it is computed."""
        for name in names:
            found = self.named(name)
            if found is not None:
                node = self.bound[name]
                return self._unknown(node, found.problem) if found.problem else self.text(node)
        return None

    def text(self, node: ast.expr) -> Fact[str]:
        """A text, or a whole number as text; placed where it is written, or used when it comes through a name."""
        found = self.resolve(node)
        at = self._source.at(node.lineno, node.col_offset + 1)
        value = constant(found.node)
        if not found.problem and isinstance(value, str | int) and not isinstance(value, bool):
            return Fact(str(value), at, found.via)
        return Fact(Unknown(found.problem or described(found.node)), at, found.via)

    def flag(self, node: ast.expr) -> Fact[bool]:
        """True or False; `"ENABLED"` and `"DISABLED"` count."""
        found = self.resolve(node)
        at = self._source.at(node.lineno, node.col_offset + 1)
        value = constant(found.node)
        if isinstance(value, str) and value.upper() in ("ENABLED", "DISABLED"):
            value = value.upper() == "ENABLED"
        if not found.problem and isinstance(value, bool):
            return Fact(value, at, found.via)
        return Fact(Unknown(found.problem or described(found.node)), at, found.via)

    def elements(self, node: ast.expr) -> list[ast.expr] | None:
        """The elements of a list, tuple or set (`frozenset([…])`, too) in order; None for anything else."""
        # A name may stand for a call around itself, so this is bounded like any other chain of names.
        for _ in range(MAX_DEPTH):
            found = self.resolve(node)
            if found.problem:
                return None
            match found.node:
                case ast.List(elts) | ast.Tuple(elts) | ast.Set(elts):
                    return None if any(isinstance(element, ast.Starred) for element in elts) else elts
                case ast.Call(ast.Name(function), [only], []) if function in _COLLECTIONS:
                    node = only
                case _:
                    return None
        return None

    def entries(self, node: ast.expr) -> dict[str, tuple[ast.expr, ast.expr | None]] | None:
        """The values of a dict with constant keys, or the keywords of a call, with their key nodes; None otherwise."""
        found = self.resolve(node)
        if found.problem:
            return None
        match found.node:
            case ast.Dict(keys, values):
                return self._members(keys, values)
            case ast.Call(_, [], keywords) if all(keyword.arg for keyword in keywords) and keywords:
                return {str(keyword.arg): (keyword.value, None) for keyword in keywords}
        return None

    def _members(
        self, keys: list[ast.expr | None], values: list[ast.expr]
    ) -> dict[str, tuple[ast.expr, ast.expr | None]] | None:
        members: dict[str, tuple[ast.expr, ast.expr | None]] = {}
        for key, value in zip(keys, values, strict=True):
            if key is None:
                # `**COMMON`: only a named constant can be followed, so this recursion ends.
                shared = self.resolve(value)
                if not isinstance(value, ast.Name) or not isinstance(shared.node, ast.Dict) or shared.problem:
                    return None
                if None in shared.node.keys:
                    return None
                members.update(self._members(shared.node.keys, shared.node.values) or {})
                continue
            name = constant(self.resolve(key).node)
            if not isinstance(name, str):
                return None
            members[name] = (value, key)
        return members

    def _unknown(self, node: ast.expr, reason: str) -> Fact[str]:
        return Fact(Unknown(reason), self._source.at(node.lineno, node.col_offset + 1))


def constant(node: ast.expr) -> object:
    """The value of a literal; None for anything else."""
    return node.value if isinstance(node, ast.Constant) else None


def described(node: ast.expr) -> str:
    """Why an expression gives no value, in words."""
    match node:
        case ast.JoinedStr():
            return "an f-string, put together when the script runs"
        case ast.Call(ast.Attribute(_, function) | ast.Name(function)):
            return f"the result of {function}(), known when the script runs"
        case ast.Subscript() | ast.Attribute() | ast.Name():
            return "looked up when the script runs"
    return "computed when the script runs"


def _bindings(module: ast.Module) -> Iterator[tuple[str, ast.expr | None, bool]]:
    """Names bound outside functions: name, value, and whether the binding is sure to happen once."""
    pending: list[tuple[ast.stmt, bool]] = [(statement, True) for statement in reversed(module.body)]
    while pending:
        statement, certain = pending.pop()
        match statement:
            case ast.Assign(targets, value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, value, certain
            case ast.AnnAssign(ast.Name(name), _, value) if value is not None:
                yield name, value, certain
            case ast.AugAssign(ast.Name(name)) | ast.For(ast.Name(name)):
                yield name, None, False
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        inside = certain and isinstance(statement, ast.ClassDef)
        for block in _BLOCKS:
            for child in reversed(getattr(statement, block, None) or []):
                if isinstance(child, ast.stmt):
                    pending.append((child, inside))
                else:
                    pending += [(grandchild, False) for grandchild in reversed(getattr(child, "body", []))]


def _changes(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Names whose object is changed in place, or that a function binds anew, with the line."""
    for node in nodes_of(module):
        match node:
            case ast.Call(ast.Attribute(ast.Name(name), method)) if method in _CHANGING:
                yield name, node.lineno
            case ast.Subscript(ast.Name(name), _, ast.Store() | ast.Del()):
                yield name, node.lineno
            case ast.Global(names):
                for name in names:
                    yield name, node.lineno
