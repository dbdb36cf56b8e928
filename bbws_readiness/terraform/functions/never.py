"""Functions that are never evaluated: what they give changes from run to run, or is not implemented yet."""

from __future__ import annotations

from typing import Any

from bbws_readiness.terraform.functions.spec import Function, NotEvaluated, Parameter
from bbws_readiness.terraform.types import DYNAMIC, STRING, Type

_ANYTHING = Parameter("arguments", nullable=True)


def _never(name: str, reason: str, result: Type = DYNAMIC) -> Function:
    def body(*_: Any) -> None:  # noqa: ANN401
        raise NotEvaluated(reason)

    return Function(name, (), body, result, variadic=_ANYTHING, parts=True, unknowns=True)


_IMPURE = tuple(
    _never(name, f"{name} gives another value in every run", STRING)
    for name in ("bcrypt", "plantimestamp", "timestamp", "uuid")
)
NEVER_EVALUATED = _IMPURE
