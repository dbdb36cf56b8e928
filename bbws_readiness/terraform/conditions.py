"""Conditions that a configuration states: of resources, outputs and `check` blocks, judged when all is evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

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
from bbws_readiness.terraform.nodes import Binary, BlockNode, Expression, Literal, Parentheses, Unary
from bbws_readiness.terraform.scope import Scope, references
from bbws_readiness.terraform.types import BOOL


class Failure(Struct, frozen=True):
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
    if expansion is None or not (lifecycles := block.body.blocks_of("lifecycle")):
        return
    for each, found in zip(expansion.instances, instance.resources[key], strict=True):
        scope = instance.scope.binding(each.bound)
        with_self = scope.binding({"self": resource_object(found)})
        name = instance.name_of(key) + instance_key_text(each.key, known=each.known)
        for lifecycle in lifecycles:
            for stated in lifecycle.body.blocks_of("precondition"):
                yield stated, scope, f"a precondition of {name}"
            for stated in lifecycle.body.blocks_of("postcondition"):
                yield stated, with_self, f"a postcondition of {name}"


CALLER = "aws_caller_identity"
MAX_LOCALS = 20


def caller_conditions(instance: ModuleInstance) -> Iterator[Location]:
    """Where a condition of one module instance compares who is signed in to AWS, directly or through locals.

    That somebody is signed in at all (`account_id != ""`) compares nothing.
    """
    of_callers = [
        stated
        for key, block in instance.module.blocks.items()
        if key[:2] == ("data", CALLER)
        for stated in _postconditions(block)
    ]
    for block, _, _ in _conditions(instance):
        condition = block.body.attribute("condition")
        if condition is None:
            continue
        of_caller = any(block is one for one in of_callers)
        if any(_reaches_caller(instance, part, of_caller=of_caller) for part in _parts(condition.expression)):
            yield condition.at


def _postconditions(block: BlockNode) -> Iterator[BlockNode]:
    for lifecycle in block.body.blocks_of("lifecycle"):
        yield from lifecycle.body.blocks_of("postcondition")


def _parts(expression: Expression) -> Iterator[Expression]:
    """The comparisons that a condition is made of, without those that only ask whether there is a value."""
    pending = [expression]
    while pending:
        match pending.pop():
            case Parentheses(inner=inner) | Unary(operator="!", operand=inner):
                pending.append(inner)
            case Binary(operator="&&" | "||", left=left, right=right):
                pending += (right, left)
            case Binary(left=left, right=right) if any(_is_empty(side) for side in (left, right)):
                continue
            case part:
                yield part


def _is_empty(side: Expression) -> bool:
    """Whether a side of a comparison is `""`, `null`, or the number that a length is compared with."""
    return isinstance(side, Literal) and not isinstance(side.value, bool) and side.value in ("", None, *range(13))


def _reaches_caller(instance: ModuleInstance, expression: Expression, *, of_caller: bool) -> bool:
    pending, seen = [expression], set[str]()
    while pending:
        for reference in references(pending.pop()):
            if CALLER in reference.words or (of_caller and reference.kind == "self"):
                return True
            name = reference.words[0] if reference.kind == "local" else ""
            found = instance.module.locals.get(name)
            if found is not None and name not in seen and len(seen) < MAX_LOCALS:
                seen.add(name)
                pending.append(found.expression)
    return False


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
