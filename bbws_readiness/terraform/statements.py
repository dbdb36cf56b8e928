"""Checks what a module says about its resources beside their arguments: order, lifecycle, moves, imports, providers."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, near_name
from bbws_readiness.terraform.addresses import Reference, instance_key_text, module_prefix
from bbws_readiness.terraform.diagnostics import error
from bbws_readiness.terraform.instances import ModuleInstance
from bbws_readiness.terraform.modules import Key
from bbws_readiness.terraform.nodes import (
    AttributeNode,
    BlockNode,
    Expression,
    GetAttribute,
    Index,
    Literal,
    Name,
    TupleCons,
)
from bbws_readiness.terraform.providers import configured, passed_providers, provider_name
from bbws_readiness.terraform.scope import flatten, leading_words, reference_of, references

_STILL = {
    "moved": "is said to have moved, and is still declared",
    "removed": "is said to be removed, and is still declared",
}


def check_statements(instance: ModuleInstance) -> Iterator[Diagnostic]:
    """What refers to something that is not there, or says of something there that it is gone."""
    for key, block in instance.module.blocks.items():
        if key[0] in ("managed", "data", "module", "output"):
            yield from _undeclared(instance, block.body.attribute("depends_on"))
        if key[0] in ("managed", "data"):
            for lifecycle in block.body.blocks_of("lifecycle"):
                yield from _undeclared(instance, lifecycle.body.attribute("replace_triggered_by"))
            yield from _provider(instance, block)
    yield from _moves(instance)


def moves(instance: ModuleInstance) -> Iterator[tuple[str, str]]:
    """What each `moved` block says: the address before and the one it has now, both in full."""
    prefix = module_prefix(instance.steps)
    for block in instance.module.blocks_of("moved"):
        ends = [_written(block.body.attribute(name)) for name in ("from", "to")]
        if ends[0] and ends[1]:
            yield f"{prefix}{ends[0]}", f"{prefix}{ends[1]}"


def released(instance: ModuleInstance) -> Iterator[str]:
    """The addresses that a `removed` block takes out of the state without destroying anything, in full."""
    prefix = module_prefix(instance.steps)
    for block in instance.module.blocks_of("removed"):
        kept = [lifecycle.body.attribute("destroy") for lifecycle in block.body.blocks_of("lifecycle")]
        address = _written(block.body.attribute("from"))
        if address and any(
            node and isinstance(node.expression, Literal) and not node.expression.value for node in kept
        ):
            yield f"{prefix}{address}"


def ignored_changes(block: BlockNode) -> tuple[str, ...]:
    """The arguments whose changes a resource block ignores; `*` stands for all of them."""
    found: list[str] = []
    for lifecycle in block.body.blocks_of("lifecycle"):
        match lifecycle.body.attribute("ignore_changes"):
            case AttributeNode(expression=Name(name="all")):
                found.append("*")
            case AttributeNode(expression=TupleCons(items=items)):
                found += [name.partition(".")[0] for item in items if (name := _spelt(item)) and "[" not in name]
    return tuple(found)


def _written(node: AttributeNode | None) -> str | None:
    """The address that an attribute spells out; None when it is none."""
    return _spelt(node.expression) if node else None


def _spelt(expression: Expression) -> str | None:
    base, steps = flatten(expression)
    if not isinstance(base, Name):
        return None
    text = base.name
    for step in steps:
        if isinstance(step, GetAttribute):
            text += f".{step.name}"
        elif isinstance(step.key, Literal) and isinstance(step.key.value, str | int):
            text += instance_key_text(step.key.value, known=True)
        else:
            return None
    return text


def _undeclared(instance: ModuleInstance, node: AttributeNode | None) -> Iterator[Diagnostic]:
    for reference in references(node.expression) if node else ():
        if problem := instance.undeclared(reference):
            yield problem


def _provider(instance: ModuleInstance, block: BlockNode) -> Iterator[Diagnostic]:
    wanted = provider_name(block)
    node = block.body.attribute("provider")
    if node is None or "." not in wanted or configured(instance, wanted) is not None:
        return
    if instance.parent is not None and wanted in passed_providers(instance):
        return
    known = [f"{key[1]}.{key[2]}" for key in instance.module.provider_blocks if key[2]] + list(
        passed_providers(instance)
    )
    near = near_name(wanted, known)
    where = f"; module.{'.module.'.join(instance.steps)} is not given one" if instance.steps else ""
    hint = f'did you mean "{near}"?' if near else ""
    yield error(f'there is no provider configuration "{wanted}"{where}', node.at, hint, code=Code.PROVIDER)


def _moves(instance: ModuleInstance) -> Iterator[Diagnostic]:
    for kind, text in _STILL.items():
        for block in instance.module.blocks_of(kind):
            node = block.body.attribute("from")
            reference = _whole(node) if node else None
            if node and reference and instance.module.declares(_key(reference)):
                yield error(
                    f"{reference} {text}",
                    node.at,
                    f"remove this {kind} block or the declaration",
                    code=Code.STILL_DECLARED,
                )
    for block in instance.module.blocks_of("import"):
        node = block.body.attribute("to")
        for reference in references(node.expression) if node else ():
            if problem := instance.undeclared(reference):
                yield problem


def _whole(node: AttributeNode) -> Reference | None:
    """The resource or module that an address names as a whole; None when it names an instance or lies in a module."""
    base, steps = flatten(node.expression)
    if not isinstance(base, Name) or any(isinstance(step, Index) for step in steps):
        return None
    reference, taken = reference_of(base, leading_words(steps))
    rest = steps[taken:]
    return None if reference is None or any(isinstance(step, GetAttribute) for step in rest) else reference


def _key(reference: Reference) -> Key:
    return reference.key[:2] if reference.kind == "module" else reference.key
