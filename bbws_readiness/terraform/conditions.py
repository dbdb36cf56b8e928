"""Conditions that a configuration states: of resources, outputs and `check` blocks, judged when all is evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bbws_readiness.codes import Code
from bbws_readiness.disclosure import names_secret
from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import Location
from bbws_readiness.terraform.addresses import instance_key_text
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.diagnostics import Collector, error, warning
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.instances import ModuleInstance, resource_object
from bbws_readiness.terraform.modules import Key
from bbws_readiness.terraform.nodes import BlockNode
from bbws_readiness.terraform.scope import Scope, references
from bbws_readiness.terraform.types import BOOL


@dataclass(frozen=True)
class Failure:
    """A condition that does not hold, or that cannot be judged because it is wrong itself."""

    message: str
    """What the author says, or what is wrong with the condition."""
    at: Location
    stated: bool = True
    """Whether it is the author's message."""


def judge(block: BlockNode, scope: Scope, evaluator: Evaluator, what: str) -> Failure | None:
    """The failure of a block with `condition` and `error_message`; None when it holds or is unknown."""
    condition = block.body.attribute("condition")
    if condition is None:
        return Failure(f"{what} has no condition", block.at, stated=False)
    value = evaluator.attempt(condition.expression, scope, what)
    try:
        answer = convert(value, BOOL)
    except ConversionError as problem:
        return Failure(f"the condition of {what} is not a bool: {problem}", condition.at, stated=False)
    if answer.is_null:
        return Failure(f"the condition of {what} is null", condition.at, stated=False)
    if answer.raw is not False:
        return None
    return Failure(_message(block, scope, evaluator), condition.at)


def check_conditions(instance: ModuleInstance, evaluator: Evaluator, collector: Collector) -> None:
    """Judge every condition of one module instance; what fails or refers to nothing becomes a diagnostic."""
    for block, scope, what in _conditions(instance):
        faults = list(_undeclared(instance, block))
        collector.add(*faults)
        if not faults and (failure := judge(block, scope, evaluator, what)):
            summary = f"{what} does not hold: {failure.message}" if failure.stated else failure.message
            # A failed check is told and nothing else; Terraform goes on.
            code = Code.CONDITION_FALSE if failure.stated else Code.CONDITION_WRONG
            collector.add((warning if block.type == "assert" else error)(summary, failure.at, code=code))


def _conditions(instance: ModuleInstance) -> Iterator[tuple[BlockNode, Scope, str]]:
    """Every block that states a condition, with the scope it is judged in and its name in messages."""
    for key, block in instance.module.blocks.items():
        if key[0] == "output":
            for stated in block.body.blocks_of("precondition"):
                yield stated, instance.scope, f"a precondition of {instance.name_of(key)}"
        elif key[0] in ("managed", "data"):
            yield from _of_resource(instance, key, block)
    for check in instance.module.blocks_of("check"):
        for stated in check.body.blocks_of("assert"):
            yield stated, instance.scope, f"the check {' '.join(check.labels)}"


def _of_resource(instance: ModuleInstance, key: Key, block: BlockNode) -> Iterator[tuple[BlockNode, Scope, str]]:
    expansion = instance.expansions.get(key)
    if expansion is None:
        return
    for each, found in zip(expansion.instances, instance.resources[key], strict=True):
        scope = instance.scope.binding(each.bound)
        with_self = scope.binding({"self": resource_object(found)})
        name = instance.name_of(key) + instance_key_text(each.key, known=each.known)
        for lifecycle in block.body.blocks_of("lifecycle"):
            for stated in lifecycle.body.blocks_of("precondition"):
                yield stated, scope, f"a precondition of {name}"
            for stated in lifecycle.body.blocks_of("postcondition"):
                yield stated, with_self, f"a postcondition of {name}"


def _undeclared(instance: ModuleInstance, block: BlockNode) -> Iterator[Diagnostic]:
    for reference in instance.references_in(block.body):
        if problem := instance.undeclared(reference):
            yield problem


def _message(block: BlockNode, scope: Scope, evaluator: Evaluator) -> str:
    node = block.body.attribute("error_message")
    if node is None:
        return "its condition is false"
    if any(names_secret(word) for reference in references(node.expression) for word in reference.words):
        return "its condition is false"
    value = evaluator.attempt(node.expression, scope, "error_message")
    if isinstance(value.raw, str) and not value.sensitive:
        return " ".join(value.raw.split())
    return "its condition is false"
