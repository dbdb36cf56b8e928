"""The `validation` blocks of variables, judged when everything else is evaluated."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic
from bbws_readiness.terraform.conditions import judge
from bbws_readiness.terraform.diagnostics import Collector, error
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.instances import ModuleInstance
from bbws_readiness.terraform.nodes import BlockNode
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
    for reference in instance.references_in(block.body):
        if problem := instance.undeclared(reference):
            return problem
    failure = judge(block, instance.scope, evaluator, f'a validation of variable "{name}"')
    if failure is None:
        return None
    if not failure.stated:
        return error(failure.message, failure.at, code=Code.CONDITION_WRONG)
    place = instance.values["var", name].via
    return error(
        f'the value of variable "{name}" is not valid: {failure.message}',
        place[-1] if place else block.at,
        f"the condition stands at {failure.at}",
        code=Code.VALIDATION,
    )
