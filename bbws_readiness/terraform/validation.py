"""The `validation` blocks of variables, judged when everything else is evaluated."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.errors import Diagnostic
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.diagnostics import Collector, error
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.instances import ModuleInstance
from bbws_readiness.terraform.nodes import BlockNode
from bbws_readiness.terraform.types import BOOL
from bbws_readiness.terraform.variables import Declaration


def check_validations(
    instance: ModuleInstance, declared: Mapping[str, Declaration], evaluator: Evaluator, collector: Collector
) -> dict[str, tuple[Diagnostic, ...]]:
    """The failed conditions under the variables' names; they are collected too. An unknown condition says nothing."""
    found: dict[str, tuple[Diagnostic, ...]] = {}
    for name, declaration in declared.items():
        failed = []
        for block in declaration.block.body.blocks_of("validation"):
            if problem := _check(instance, name, block, evaluator):
                failed.append(problem)
        collector.add(*failed)
        if failed:
            found[name] = tuple(failed)
    return found


def _check(instance: ModuleInstance, name: str, block: BlockNode, evaluator: Evaluator) -> Diagnostic | None:
    condition = block.body.attribute("condition")
    if condition is None:
        return error(f'a validation of variable "{name}" has no condition', block.at)
    what = f'a validation of variable "{name}"'
    value = evaluator.attempt(condition.expression, instance.scope, what)
    try:
        answer = convert(value, BOOL)
    except ConversionError as problem:
        return error(f"the condition of {what} is not a bool: {problem}", condition.at)
    if answer.raw is not False:
        return None
    place = instance.values["var", name].via
    return error(
        f'the value of variable "{name}" is not valid: {_message(instance, block, evaluator)}',
        place[-1] if place else block.at,
        f"the condition stands at {condition.at}",
    )


def _message(instance: ModuleInstance, block: BlockNode, evaluator: Evaluator) -> str:
    node = block.body.attribute("error_message")
    if node is None:
        return "its condition is false"
    value = evaluator.attempt(node.expression, instance.scope, "error_message")
    if isinstance(value.raw, str) and not value.sensitive:
        return " ".join(value.raw.split())
    return "its condition is false"
