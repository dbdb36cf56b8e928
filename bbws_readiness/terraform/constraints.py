"""Reads type constraints: `list(object({ name = string, size = optional(number, 1) }))`."""

from __future__ import annotations

from collections.abc import Callable

from bbws_readiness.codes import Code
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.nodes import Call, Expression, Literal, Name, ObjectCons, Parentheses, TupleCons
from bbws_readiness.terraform.scope import Scope
from bbws_readiness.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from bbws_readiness.terraform.values import Value

_PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
_COLLECTIONS: dict[str, Callable[[Type], Type]] = {"list": ListType, "map": MapType, "set": SetType}
_SHORT: dict[str, Type] = {"list": ListType(DYNAMIC), "map": MapType(DYNAMIC), "set": SetType(DYNAMIC)}


def parse_constraint(node: Expression, evaluator: Evaluator, scope: Scope) -> Type:
    """The type that `node` spells. Raises `Fault`. `scope` needs no names: defaults are constants."""
    match node:
        case Parentheses():
            return parse_constraint(node.inner, evaluator, scope)
        case Name() if node.name in _PRIMITIVES:
            return _PRIMITIVES[node.name]
        case Name() if node.name in _SHORT:
            return _SHORT[node.name]
        case Literal(value=str(name)) if name in ("string", "list", "map"):
            # The quoted form of Terraform 0.11, still read.
            return _SHORT.get(name, STRING) if name != "string" else STRING
        case Call(name="list" | "set" | "map", arguments=(inner,)):
            element = parse_constraint(inner, evaluator, scope)
            return _COLLECTIONS[node.name](element)
        case Call(name="tuple", arguments=(TupleCons() as items,)):
            return TupleType(tuple(parse_constraint(item, evaluator, scope) for item in items.items))
        case Call(name="object", arguments=(ObjectCons() as members,)):
            return _object(members, evaluator, scope)
    raise Fault(
        "not a type",
        node.at,
        "types are string, number, bool, any, list(…), set(…), map(…), object({…})",
        code=Code.TYPE_CONSTRAINT,
    )


def _object(members: ObjectCons, evaluator: Evaluator, scope: Scope) -> ObjectType:
    attributes: dict[str, Type] = {}
    optional: dict[str, Value | None] = {}
    for key, node in members.items:
        if not isinstance(key, Literal):
            raise Fault("an attribute name must be a plain word", key.at, code=Code.TYPE_CONSTRAINT)
        name = str(key.value)
        if isinstance(node, Call) and node.name == "optional":
            attributes[name], optional[name] = _optional(node, evaluator, scope)
        else:
            attributes[name] = parse_constraint(node, evaluator, scope)
    return ObjectType(tuple(sorted(attributes.items())), tuple(sorted(optional.items(), key=lambda item: item[0])))


def _optional(node: Call, evaluator: Evaluator, scope: Scope) -> tuple[Type, Value | None]:
    if not 1 <= len(node.arguments) <= 2:
        raise Fault("optional takes a type and a default", node.at, code=Code.TYPE_CONSTRAINT)
    kind = parse_constraint(node.arguments[0], evaluator, scope)
    if len(node.arguments) == 1:
        return kind, None
    default = evaluator.evaluate(node.arguments[1], scope)
    try:
        return kind, convert(default, kind)
    except ConversionError as error:
        raise Fault(
            f"the default does not fit its type: {error}", node.arguments[1].at, code=Code.VARIABLE_DEFAULT
        ) from None
