"""Calls of functions, with `...`, and of `try` and `can`, which look at faults themselves."""

from __future__ import annotations

from typing import Protocol

from bbws_readiness.codes import Code
from bbws_readiness.errors import near_name
from bbws_readiness.source import Location
from bbws_readiness.terraform.diagnostics import BudgetFault, Fault, StaticFault
from bbws_readiness.terraform.functions import FUNCTIONS
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Host, Withheld, call
from bbws_readiness.terraform.limits import BudgetExceeded
from bbws_readiness.terraform.loops import iterable_known
from bbws_readiness.terraform.nodes import (
    Call,
    Expression,
    ForExpression,
    GetAttribute,
    Index,
    Name,
    TemplateFor,
    children,
)
from bbws_readiness.terraform.outlines import json_outline, outlined
from bbws_readiness.terraform.scope import Scope
from bbws_readiness.terraform.types import BOOL, DYNAMIC, DynamicType, ListType, SetType, TupleType
from bbws_readiness.terraform.values import UNKNOWN, Value, boolean, null, unknown, unveiled


class Evaluates(Protocol):
    """What calls need of the evaluator."""

    def evaluate(self, node: Expression, scope: Scope) -> Value:
        """The value of `node`. Raises `Fault`."""

    def traversal(self, node: Name | GetAttribute | Index, scope: Scope) -> Value:
        """What a reference with its accessors stands for. Raises `Fault`."""


class Calls:
    """Evaluates calls; `host` is what functions may ask of the project."""

    def __init__(self, evaluates: Evaluates, host: Host) -> None:
        self._evaluates = evaluates
        self._host = host

    def call(self, node: Call, scope: Scope) -> Value:
        """The value of a call. Raises `Fault`."""
        name = node.name.removeprefix("core::")
        if name in ("try", "can"):
            return self._try(node, scope, name)
        function = FUNCTIONS.get(name)
        if function is None and "::" in name:
            return unknown(DYNAMIC, f"function {name} belongs to a provider", node.at)
        if function is None:
            raise self._no_such_function(name, node.at)
        if (
            name == "templatestring"
            and node.arguments
            and not isinstance(node.arguments[0], Name | GetAttribute | Index)
        ):
            # Terraform wants to be sure that the template is meant as one.
            raise Fault("templatestring: the template must be a reference to a string", node.at, code=Code.TEMPLATE)
        arguments = [self._evaluates.evaluate(argument, scope) for argument in node.arguments]
        if node.expands:
            expanded = self._expanded(arguments.pop(), node)
            if expanded is None:
                return unknown(DYNAMIC, "the number of arguments is not known", node.at)
            arguments.extend(expanded)
        value = self._apply(function, arguments, node.at)
        return outlined(value, json_outline(arguments[0])) if name == "jsonencode" and not value.known else value

    def _apply(self, function: Function, arguments: list[Value], at: Location) -> Value:
        try:
            return call(function, arguments, self._host, at)
        except Withheld as refused:
            raise StaticFault(f"{function.name}: {refused.message}", at, refused.hint, code=refused.code) from None
        except FunctionError as error:
            raise Fault(f"{function.name}: {error.message}", error.at or at, error.hint, code=error.code) from None
        except BudgetExceeded as exceeded:
            raise BudgetFault(f"{function.name}: {exceeded}", at, code=exceeded.code) from None

    def _no_such_function(self, name: str, at: Location) -> Fault:
        near = near_name(name, [*FUNCTIONS, "try", "can"])
        return Fault(
            f'there is no function "{name}"', at, f'did you mean "{near}"?' if near else "", code=Code.UNKNOWN_FUNCTION
        )

    def _expanded(self, value: Value, node: Call) -> list[Value] | None:
        """The elements of the argument that `...` follows; None when they are not known."""
        if value.is_null or not isinstance(value.type, ListType | SetType | TupleType | DynamicType):
            raise Fault(f'"..." of {node.name} needs a list, set or tuple', node.at, code=Code.FUNCTION_ARGUMENTS)
        if not iterable_known(value):
            return None
        return [item for _, item in value.elements()]

    def _try(self, node: Call, scope: Scope, name: str) -> Value:
        """`try` gives the first argument without a fault, `can` whether its argument has none."""
        if not node.arguments or (name == "can" and len(node.arguments) > 1):
            wanted = "one argument is" if name == "can" else "at least one argument is"
            raise StaticFault(f"{name}: {wanted} required", node.at, code=Code.FUNCTION_ARGUMENTS)
        last: Fault | None = None
        for argument in node.arguments:
            try:
                value = self._evaluates.evaluate(argument, scope)
            except (BudgetFault, StaticFault):
                raise
            except Fault as fault:
                last = fault
                value = self._unknown_inside(argument, scope) or null()
                if value.known:
                    continue
            if name == "try":
                return value
            if value.wholly_known:
                return boolean(True).marked(unveiled(value).marks)
            return unveiled(Value(BOOL, UNKNOWN, value.deep_marks()))
        if name == "can":
            return boolean(False)
        detail = f"the last one: {last.summary}" if last else ""
        raise Fault("try: no argument could be evaluated", node.at, detail, code=Code.NOTHING_LEFT)

    def _unknown_inside(self, node: Expression, scope: Scope) -> Value | None:
        """An unknown that a faulty expression refers to: with its value there might be no fault."""
        pending: list[Expression] = [node]
        while pending:
            current = pending.pop()
            if isinstance(current, Name | GetAttribute | Index):
                try:
                    value = self._evaluates.traversal(current, scope)
                except Fault:
                    pending.extend(children(current))
                    continue
                if not value.wholly_known:
                    return Value(DYNAMIC, UNKNOWN, value.deep_marks())
            elif not isinstance(current, ForExpression | TemplateFor):
                pending.extend(children(current))
        return None
