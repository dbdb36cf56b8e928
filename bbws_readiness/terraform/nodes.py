"""The syntax tree of a configuration file: our own nodes, each with its place."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.source import Location


class Literal(Struct, frozen=True, gc=False):
    """A string without interpolation, a number, `true`, `false` or `null`."""

    at: Location
    value: str | bool | int | Fraction | None


class Name(Struct, frozen=True, gc=False):
    """The first word of a reference: `var`, `local`, `aws_s3_bucket`, or a name bound by `for`."""

    at: Location
    name: str


class GetAttribute(Struct, frozen=True, gc=False):
    """`source.name`."""

    at: Location
    source: Expression
    name: str


class Index(Struct, frozen=True, gc=False):
    """`source[key]`, also written `source.0`."""

    at: Location
    source: Expression
    key: Expression


class Splat(Struct, frozen=True, gc=False):
    """`source[*].each` or `source.*.each`."""

    at: Location
    source: Expression
    each: Expression
    """What is taken from every element; `SplatItem` stands for the element."""


class SplatItem(Struct, frozen=True, gc=False):
    """The element that the enclosing splat has reached."""

    at: Location


class Template(Struct, frozen=True, gc=False):
    """Text with interpolations and directives; the parts are joined into one string."""

    at: Location
    parts: tuple[Expression, ...]


class Wrap(Struct, frozen=True, gc=False):
    """`"${inner}"`: nothing but one interpolation, which keeps the type of what is inside."""

    at: Location
    inner: Expression


class TemplateIf(Struct, frozen=True, gc=False):
    """`%{if condition}then%{else}otherwise%{endif}`."""

    at: Location
    condition: Expression
    then: Template
    otherwise: Template


class TemplateFor(Struct, frozen=True, gc=False):
    """`%{for key, value in collection}body%{endfor}`."""

    at: Location
    key_name: str | None
    value_name: str
    collection: Expression
    body: Template


class TupleCons(Struct, frozen=True, gc=False):
    """`[a, b]`."""

    at: Location
    items: tuple[Expression, ...]


class ObjectCons(Struct, frozen=True, gc=False):
    """`{ key = value }`; a bare word as key is already a `Literal`."""

    at: Location
    items: tuple[tuple[Expression, Expression], ...]


class ForExpression(Struct, frozen=True, gc=False):
    """`[for k, v in c : value if condition]` and `{for k, v in c : key => value... if condition}`."""

    at: Location
    key_name: str | None
    value_name: str
    collection: Expression
    key: Expression | None
    """Present exactly when the result is an object."""
    value: Expression
    condition: Expression | None
    grouped: bool
    """Whether values with the same key are collected (`...`)."""


class Conditional(Struct, frozen=True, gc=False):
    """`condition ? then : otherwise`."""

    at: Location
    condition: Expression
    then: Expression
    otherwise: Expression


class Binary(Struct, frozen=True, gc=False):
    """`left operator right`; the place is the operator's."""

    at: Location
    operator: str
    left: Expression
    right: Expression


class Unary(Struct, frozen=True, gc=False):
    """`-operand` or `!operand`."""

    at: Location
    operator: str
    operand: Expression


class Call(Struct, frozen=True, gc=False):
    """`name(arguments)`."""

    at: Location
    name: str
    arguments: tuple[Expression, ...]
    expands: bool
    """Whether `...` follows the last argument."""


class Parentheses(Struct, frozen=True, gc=False):
    """`(inner)`; kept because `{ (a) = 1 }` differs from `{ a = 1 }`."""

    at: Location
    inner: Expression


Expression: TypeAlias = (
    Literal
    | Name
    | GetAttribute
    | Index
    | Splat
    | SplatItem
    | Template
    | Wrap
    | TemplateIf
    | TemplateFor
    | TupleCons
    | ObjectCons
    | ForExpression
    | Conditional
    | Binary
    | Unary
    | Call
    | Parentheses
)


class AttributeNode(Struct, frozen=True, gc=False):
    """`name = expression`; the place is the name's."""

    at: Location
    name: str
    expression: Expression


class BodyNode(Struct, frozen=True, gc=False):
    """What stands between the braces of a block, or in a whole file."""

    at: Location
    attributes: tuple[AttributeNode, ...] = ()
    """In source order, every name once."""
    blocks: tuple[BlockNode, ...] = ()
    """In source order."""

    def attribute(self, name: str) -> AttributeNode | None:
        """The attribute of that name."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        return None

    def blocks_of(self, kind: str) -> tuple[BlockNode, ...]:
        """The blocks of that type, in source order."""
        return tuple([block for block in self.blocks if block.type == kind]) if self.blocks else ()


class BlockNode(Struct, frozen=True, gc=False):
    """`type "label" { … }`; the place is the type's."""

    at: Location
    type: str
    labels: tuple[str, ...]
    body: BodyNode


def children(node: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside `node`, in source order."""
    match node:
        case Literal():
            # First, because most expressions are one.
            return ()
        case GetAttribute():
            return (node.source,)
        case Index():
            return (node.source, node.key)
        case Splat():
            return (node.source, node.each)
        case Template():
            return node.parts
        case Wrap() | Parentheses():
            return (node.inner,)
        case TemplateIf():
            return (node.condition, node.then, node.otherwise)
        case TemplateFor():
            return (node.collection, node.body)
        case TupleCons():
            return node.items
        case ObjectCons():
            return tuple(part for item in node.items for part in item)
        case ForExpression():
            return tuple(part for part in (node.collection, node.key, node.value, node.condition) if part is not None)
        case Conditional():
            return (node.condition, node.then, node.otherwise)
        case Binary():
            return (node.left, node.right)
        case Unary():
            return (node.operand,)
        case Call():
            return node.arguments
        case _:
            return ()
