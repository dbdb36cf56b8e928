"""Tells which names of a script stand for an index of a table, and not for the table."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct, field

from bbws_readiness.parsers.scripts.nodes import nodes_of

_INDEXES = ("GlobalSecondaryIndexes", "global_secondary_indexes")

_PARTS = frozenset({"IndexName", "KeySchema", "Projection", "IndexStatus", "IndexArn", "ItemCount"})
"""Members of an index that are none themselves."""

_KEEPING = frozenset({"sorted", "list", "tuple", "next", "iter", "reversed", "enumerate", "zip", "filter", "dict"})
"""Functions that give back what they are given."""

_PASSES = 4
"""How many names an index may go through before it is taken apart."""


def member_of(node: ast.AST) -> tuple[ast.expr | None, str]:
    """What is taken apart and the member taken: `x["A"]`, `x.get("A")`, `x.a`; None for anything else."""
    match node:
        case ast.Subscript(owner, ast.Constant(str(member))):
            return owner, member
        case ast.Call(ast.Attribute(owner, "get"), [ast.Constant(str(member)), *_]):
            return owner, member
        case ast.Attribute(owner, member) if member.islower():
            return owner, member
    return None, ""


class IndexNames(Struct):
    """The names that hold an index or several of them, and the parameters that are given one."""

    held: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    """Parameters that some call gives an index."""
    shared: set[str] = field(default_factory=set)
    """Those of `given` that another call gives something else."""

    def kinds(self, owner: ast.expr) -> tuple[bool, ...]:
        """Whether a member of `owner` is one of an index; both answers where calls give now this and now that."""
        if isinstance(owner, ast.Name) and owner.id in self.given and owner.id in self.shared:
            return (False, True)
        return (self.holds(owner),)

    def holds(self, node: ast.expr) -> bool:
        """Whether the value is an index or several of them, not something that was only made with the help of one."""
        owner, member = member_of(node)
        if member in _INDEXES:
            return True
        if owner is not None:
            return member not in _PARTS and self.holds(owner)
        match node:
            case ast.Name(name):
                return name in self.held or name in self.given
            case ast.Subscript(inner) | ast.Call(ast.Attribute(inner, "get" | "items" | "values" | "pop" | "copy")):
                return self.holds(inner)
            case ast.Call(ast.Name(name), arguments) if name in _KEEPING:
                return any(self.holds(argument) for argument in arguments)
            case ast.BoolOp(values=values):
                return any(self.holds(value) for value in values)
            case ast.IfExp(body=body, orelse=other):
                return self.holds(body) or self.holds(other)
            case ast.ListComp(element) | ast.GeneratorExp(element) | ast.DictComp(value=element):
                return self.holds(element)
        return False


def index_names(module: ast.Module) -> IndexNames:
    """The names of the whole script, followed through assignments, loops and calls of its own functions."""
    found = IndexNames()
    functions = {node.name: node.args for node in nodes_of(module) if isinstance(node, ast.FunctionDef)}
    for _ in range(_PASSES):
        before = len(found.held) + len(found.given)
        for node in nodes_of(module):
            match node:
                case ast.Assign(targets, value) if found.holds(value):
                    found.held |= {target.id for target in targets if isinstance(target, ast.Name)}
                case ast.For(target, source) | ast.comprehension(target, source) if found.holds(source):
                    found.held |= {name.id for name in ast.walk(target) if isinstance(name, ast.Name)}
                case ast.Call(ast.Name(name), arguments) if name in functions:
                    _give(found, functions[name], arguments)
        if len(found.held) + len(found.given) == before:
            break
    return found


def _give(found: IndexNames, taken: ast.arguments, arguments: list[ast.expr]) -> None:
    for parameter, argument in zip(_parameters(taken), arguments, strict=False):
        if found.holds(argument):
            found.given.add(parameter)
        else:
            found.shared.add(parameter)


def _parameters(taken: ast.arguments) -> Iterator[str]:
    yield from (one.arg for one in (*taken.posonlyargs, *taken.args))
