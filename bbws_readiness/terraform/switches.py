"""Finds the variables of the root module that a bool variable makes necessary: `var.enable ? var.bucket : null`."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.source import Location
from bbws_readiness.terraform.modules import Module
from bbws_readiness.terraform.nodes import (
    Binary,
    BlockNode,
    BodyNode,
    Call,
    Conditional,
    Expression,
    GetAttribute,
    Literal,
    Name,
    ObjectCons,
    Parentheses,
    TupleCons,
    Unary,
    Wrap,
    children,
)
from bbws_readiness.terraform.results import Switch

_REPEATED = frozenset({"resource", "data", "module"})


def switches(module: Module) -> tuple[Switch, ...]:
    """Every such pair, ordered by place. A condition of more than the flag alone makes none."""
    found: set[Switch] = set()
    for block in module.blocks.values():
        if block.type != "variable":
            found.update(_of_block(block))
    for node in module.locals.values():
        found.update(_of_expression(node.expression, node.name, node.at))
    return tuple(sorted(found, key=lambda switch: (switch.at, switch.flag, switch.companion, switch.argument)))


def _of_block(block: BlockNode) -> Iterator[Switch]:
    if block.type in _REPEATED and (flag := _repetition(block.body)):
        yield from _inside(flag, block.body, block.at)
    yield from _of_body(block.body)


def _of_body(body: BodyNode) -> Iterator[Switch]:
    for attribute in body.attributes:
        if not isinstance(attribute.expression, Literal):
            yield from _of_expression(attribute.expression, attribute.name, attribute.at)
    for block in body.blocks:
        if block.type == "dynamic" and (flag := _repetition(block.body)):
            for content in block.body.blocks_of("content"):
                yield from _inside(flag, content.body, block.at)
        yield from _of_body(block.body)


def _repetition(body: BodyNode) -> str:
    """The flag that `count` or `for_each` asks, when one of its answers is none at all."""
    for name in ("count", "for_each"):
        node = body.attribute(name)
        expression = _bare(node.expression) if node else None
        if isinstance(expression, Conditional):
            flag, positive = _flag(expression.condition)
            off = _bare(expression.otherwise if positive else expression.then)
            if flag and _is_nothing(off):
                return flag
    return ""


def _is_nothing(node: Expression) -> bool:
    match node:
        case Literal(value=None | "" | 0 | False) | TupleCons(items=()) | ObjectCons(items=()):
            return True
        case Call(name="toset" | "tolist" | "tomap", arguments=(inner,)):
            return _is_nothing(_bare(inner))
    return False


def _inside(flag: str, body: BodyNode, at: Location) -> Iterator[Switch]:
    """The variables that arguments of a switched block take as they are."""
    for attribute in body.attributes:
        name = _variable(attribute.expression)
        if name and name != flag:
            yield Switch(flag, name, at, attribute.name, chosen=False)
    for block in body.blocks:
        if block.type not in ("dynamic", "lifecycle", "provisioner"):
            yield from _inside(flag, block.body, at)


def _of_expression(expression: Expression, argument: str, at: Location) -> Iterator[Switch]:
    pending = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, Conditional):
            flag, positive = _flag(node.condition)
            picked, other = (node.then, node.otherwise) if positive else (node.otherwise, node.then)
            name = _variable(picked)
            if flag and name and name != flag:
                yield Switch(flag, name, at, argument, chosen=_is_nothing(_bare(other)))
        pending.extend(children(node))


def _flag(condition: Expression) -> tuple[str, bool]:
    """The variable that the condition asks and nothing else, and whether true is what it asks for."""
    node = _bare(condition)
    match node:
        case Unary(operator="!"):
            name, positive = _flag(node.operand)
            return name, not positive
        case Binary(operator="==" | "!=", right=Literal(value=bool(wanted))):
            return _variable(node.left), wanted is (node.operator == "==")
    return _variable(node), True


def _variable(node: Expression) -> str:
    """The name of `var.name`, or empty for every other expression."""
    match _bare(node):
        case GetAttribute(source=Name(name="var"), name=name):
            return name
    return ""


def _bare(node: Expression) -> Expression:
    while isinstance(node, Parentheses | Wrap):
        node = node.inner
    return node
