"""What functions on collections ask of their arguments before they take them apart."""

from __future__ import annotations

from bbws_readiness.terraform.functions.spec import FunctionError, NotEvaluated
from bbws_readiness.terraform.types import ListType, MapType, ObjectType, SetType, TupleType
from bbws_readiness.terraform.values import Value

SEQUENCES = (ListType, SetType, TupleType)
KEYED = (MapType, ObjectType)


def items_of(value: Value, what: str = "list, set or tuple") -> tuple[Value, ...]:
    """The elements of a known sequence of a kind that `what` names. Raises `FunctionError` for anything else."""
    allowed = SEQUENCES if "set" in what else (ListType, TupleType)
    if not isinstance(value.type, allowed) or not isinstance(value.raw, tuple):
        raise FunctionError(f"argument must be a {what}")
    return value.raw


def require_known(*values: Value) -> None:
    """Raises `NotEvaluated` unless everything in `values` is known."""
    for value in values:
        if not value.wholly_known:
            raise NotEvaluated(value.first_reason)
