"""What the names in an expression stand for: names bound by `for`, `dynamic` and `each`, and references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from msgspec import Struct, field

from bbws_readiness.terraform.addresses import Reference
from bbws_readiness.terraform.nodes import (
    BlockNode,
    BodyNode,
    Call,
    Expression,
    ForExpression,
    GetAttribute,
    Index,
    Literal,
    Name,
    TemplateFor,
    children,
)
from bbws_readiness.terraform.values import Value

_ONE_WORD = frozenset({"var", "local", "path", "terraform", "each", "count"})


class Resolver(Protocol):
    """Knows what references stand for; everything asked for has been evaluated before."""

    def resolve(self, reference: Reference) -> Value:
        """The value; unknown with a reason when there is none. Raises `Fault` for what cannot be referred to."""


class Scope(Struct, frozen=True):
    """Bound names in front of a resolver."""

    resolver: Resolver
    bound: Mapping[str, Value] = field(default_factory=dict)
    """`for` variables, iterators, and `each`, `count`, `self` as objects."""
    splat_item: Value | None = None

    def binding(self, names: Mapping[str, Value]) -> Scope:
        """The same scope with more names bound."""
        return Scope(self.resolver, {**self.bound, **names}, self.splat_item)

    def with_item(self, item: Value) -> Scope:
        """The same scope inside a splat that has reached `item`."""
        return Scope(self.resolver, self.bound, item)


def reference_of(name: Name, words: list[str]) -> tuple[Reference | None, int]:
    """The reference that begins with `name` and goes on with `words`, and how many words it takes.

    None when too few words follow to make one.
    """
    match name.name:
        case root if root in _ONE_WORD:
            kind, skip, needed = root, 0, 1
        case "module":
            kind, skip, needed = "module", 0, 1
        case "data":
            kind, skip, needed = "data", 0, 2
        case "ephemeral":
            kind, skip, needed = "ephemeral", 0, 2
        case "resource":
            kind, skip, needed = "managed", 0, 2
        case "self":
            return Reference("self", (), name.at), 0
        case _:
            if not words:
                return None, 0
            return Reference("managed", (name.name, words[0]), name.at), 1
    taken = words[skip : skip + needed]
    if len(taken) < needed:
        return None, 0
    return Reference(kind, tuple(taken), name.at), skip + needed


def flatten(node: Expression) -> tuple[Expression, list[GetAttribute | Index]]:
    """The innermost source of a chain of accessors, and the accessors from left to right."""
    steps: list[GetAttribute | Index] = []
    while isinstance(node, GetAttribute | Index):
        steps.append(node)
        node = node.source
    return node, steps[::-1]


def leading_words(steps: list[GetAttribute | Index]) -> list[str]:
    """The names of the attribute accessors before the first index."""
    words = []
    for step in steps:
        if not isinstance(step, GetAttribute):
            break
        words.append(step.name)
    return words


def references(node: Expression, bound: frozenset[str] = frozenset()) -> Iterator[Reference]:
    """Every reference in an expression, whether or not it would be evaluated; a module's names the output too."""
    pending = [(node, bound)]
    while pending:
        current, names = pending.pop()
        match current:
            case Literal():
                pass
            case Name() | GetAttribute() | Index():
                base, steps = flatten(current)
                pending.extend((step.key, names) for step in steps if isinstance(step, Index))
                if not isinstance(base, Name):
                    pending.append((base, names))
                elif base.name not in names:
                    yield from _reference_of_chain(base, steps)
            case ForExpression() | TemplateFor():
                pending.append((current.collection, names))
                inner = names | {current.value_name} | ({current.key_name} if current.key_name else set())
                pending.extend((part, inner) for part in children(current) if part is not current.collection)
            case Call() if current.name == "templatestring":
                pending.extend((part, names) for part in current.arguments)
            case _:
                pending.extend((part, names) for part in children(current))


def _reference_of_chain(base: Name, steps: list[GetAttribute | Index]) -> Iterator[Reference]:
    reference, taken = reference_of(base, leading_words(steps))
    if reference is None:
        return
    if reference.kind == "module":
        following = steps[taken:]
        if following and isinstance(following[0], Index):
            following = following[1:]
        if following and isinstance(following[0], GetAttribute):
            reference = Reference("module", (*reference.words, following[0].name), reference.at)
    yield reference


def body_references(
    body: BodyNode, bound: frozenset[str] = frozenset(), *, skip: frozenset[str] = frozenset()
) -> Iterator[Reference]:
    """Every reference in a body, the contents of its blocks included; `skip` names what does not count."""
    for attribute in body.attributes:
        if attribute.name not in skip and not isinstance(attribute.expression, Literal):
            yield from references(attribute.expression, bound)
    for block in body.blocks:
        if block.type not in skip:
            yield from _block_references(block, bound)


def _block_references(block: BlockNode, bound: frozenset[str]) -> Iterator[Reference]:
    if block.type != "dynamic" or not block.labels:
        yield from body_references(block.body, bound)
        return
    inside = bound | {iterator_name(block)}
    for attribute in block.body.attributes:
        if attribute.name == "for_each":
            yield from references(attribute.expression, bound)
        elif attribute.name == "labels":
            yield from references(attribute.expression, inside)
    for content in block.body.blocks:
        yield from body_references(content.body, inside)


def iterator_name(block: BlockNode) -> str:
    """The name under which a `dynamic` block's content sees the current element."""
    iterator = block.body.attribute("iterator")
    if iterator and isinstance(iterator.expression, Name):
        return iterator.expression.name
    return block.labels[0]
