"""Functions that change the type or the marks of a value."""

from __future__ import annotations

from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Parameter, unknown_result
from bbws_readiness.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    Type,
)
from bbws_readiness.terraform.values import Sensitive, Value, boolean, unveiled


def _converting(name: str, target: Type) -> Function:
    def body(value: Value) -> Value:
        try:
            return convert(value, target)
        except ConversionError as error:
            raise FunctionError(str(error)) from None

    return Function(name, (Parameter("v", nullable=True),), body, target, unknowns=True, parts=True)


def _sensitive(value: Value) -> Value:
    return Value(value.type, value.raw, (Sensitive(), *(mark for mark in value.marks if mark != Sensitive())))


def _issensitive(value: Value) -> Value:
    if any(type(mark) is Sensitive for mark in value.marks):
        return boolean(True)
    # Once it is known it may turn out to be sensitive.
    return boolean(False) if value.known else unknown_result(BOOL, value)


_ANY = (Parameter("value", nullable=True),)

CONVERSION_FUNCTIONS = (
    _converting("tobool", BOOL),
    _converting("tolist", ListType(DYNAMIC)),
    _converting("tomap", MapType(DYNAMIC)),
    _converting("tonumber", NUMBER),
    _converting("toset", SetType(DYNAMIC)),
    _converting("tostring", STRING),
    Function("sensitive", _ANY, _sensitive, unknowns=True, parts=True),
    # Stricter than Terraform on purpose: what was once sensitive is never shown.
    Function("nonsensitive", _ANY, unveiled, unknowns=True, parts=True, passes_marks=False),
    Function("ephemeralasnull", _ANY, lambda value: value, unknowns=True, parts=True),
    Function("issensitive", _ANY, _issensitive, BOOL, unknowns=True, parts=True, passes_marks=False),
)
