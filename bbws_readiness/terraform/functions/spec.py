"""What a function is: data plus one body. Arity, conversion, null, unknowns and marks are handled here, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Protocol

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.source import Location, Refused, Source
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.limits import check_elements, check_string
from bbws_readiness.terraform.strings import normalize
from bbws_readiness.terraform.types import DYNAMIC, STRING, DynamicType, Type
from bbws_readiness.terraform.values import (
    Marks,
    Sensitive,
    Unknown,
    Value,
    from_python,
    is_open,
    is_sensitive,
    merge_marks,
    unknown,
)


class FunctionError(Exception):
    """The arguments do not suit the function; the message does not name it."""

    def __init__(
        self, message: str, *, at: Location | None = None, hint: str = "", code: Code = Code.FUNCTION_REFUSED
    ) -> None:
        self.message = message
        self.code = code
        self.at = at
        self.hint = hint
        super().__init__(message)


class Withheld(FunctionError):
    """What Terraform would look at and we may not; `try` and `can` do not catch it, as there it may be no fault."""


class NotEvaluated(Exception):
    """The result cannot be told, for the reason given; it becomes an unknown."""


class PathPattern(Protocol):
    """Tells which paths are wanted."""

    def matches(self, path: str) -> bool:
        """Whether this path is wanted."""

    def reaches(self, folder: str) -> bool:
        """Whether a path below `folder` may be wanted."""


class Host(Protocol):
    """What functions may ask of the evaluation they run in."""

    def read(self, path: str) -> Source | Refused:
        """The file at a path as `file` takes it: relative to the root module."""

    def exists(self, path: str) -> bool:
        """Whether a regular file lies there. Raises `FunctionError` for a folder, `Withheld` when it is not told."""

    def files_below(self, path: str, wanted: PathPattern) -> list[str]:
        """The regular files in and below a folder that are wanted, with paths like `path`.

        Raises `Withheld` for a path outside the project and when not all of the files can be seen.
        """

    def render(self, source: Source, names: dict[str, Value], at: Location) -> Value:
        """The text of `source` as a template in which `names` are bound. Raises `Fault`."""


class Parameter(Struct, frozen=True):
    """One parameter."""

    name: str
    type: Type = DYNAMIC
    nullable: bool = False
    """Whether null reaches the body; otherwise it is an error."""


Body = Callable[..., Any]


class Function(Struct, frozen=True):
    """A function of the language.

    An ordinary body gets plain data (str, int, Fraction, bool, list, dict, None) and runs only when everything is
    wholly known; what it returns is plain data of the type `result`, or a `Value`. A body with `parts` gets values,
    of which only the outermost must be known; the marks of the parts then stay where they are. A body with
    `unknowns` gets whatever there is.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: Body
    result: Type = DYNAMIC
    variadic: Parameter | None = None
    optional: int = 0
    """How many of the last parameters may be left out."""
    parts: bool = False
    unknowns: bool = False
    passes_marks: bool = True
    """Whether the result is marked like the arguments."""
    hides_parts: bool = False
    """With `parts`: whether one sensitive part makes the whole result sensitive."""
    hosted: bool = False
    """Whether the body gets the host and the place of the call first."""


def call(function: Function, arguments: Sequence[Value], host: Host, at: Location) -> Value:
    """The value of a call. Raises `BudgetExceeded` and `FunctionError`, which tells nothing of a sensitive argument."""
    _check_arity(function, len(arguments))
    try:
        return _called(function, arguments, host, at)
    except FunctionError as error:
        if any(value.sensitive for value in arguments):
            raise FunctionError("a sensitive argument does not suit", code=error.code) from None
        raise


def _called(function: Function, arguments: Sequence[Value], host: Host, at: Location) -> Value:
    values = [_argument(function, index, value) for index, value in enumerate(arguments)]
    marks = _marks(function, values)
    if not function.unknowns and not all(_suffices(function, value) for value in values):
        return unknown(function.result, _reason(function, values), marks=marks)
    given: list[Any] = values if function.parts or function.unknowns else [plain_data(value) for value in values]
    first = (host, at) if function.hosted else ()
    try:
        result = function.body(*first, *given)
        return _result(function, result).marked(marks)
    except NotEvaluated as reason:
        told = f"{function.name} of a sensitive value" if any(value.sensitive for value in values) else str(reason)
        return unknown(function.result, told, at, marks=marks)
    except ConversionError as problem:
        raise FunctionError(str(problem)) from None


def plain_data(value: Value) -> Any:  # noqa: ANN401 - data of any shape
    """The content of a wholly known value; numbers stay exact."""
    match value.raw:
        case tuple():
            return [plain_data(part) for part in value.raw]
        case dict():
            return {key: plain_data(part) for key, part in value.raw.items()}
    return value.raw


def _check_arity(function: Function, given: int) -> None:
    most = len(function.parameters)
    least = most - function.optional
    if given < least:
        missing = function.parameters[given].name
        raise FunctionError(
            f'expected {_count(least, function)}, got {given}: "{missing}" is missing', code=Code.FUNCTION_ARGUMENTS
        )
    if given > most and function.variadic is None:
        raise FunctionError(f"expected {_count(most, function)}, got {given}", code=Code.FUNCTION_ARGUMENTS)


def _count(number: int, function: Function) -> str:
    at_least = "at least " if function.variadic or function.optional else ""
    return f"{at_least}{number} argument{'' if number == 1 else 's'}"


def _argument(function: Function, index: int, value: Value) -> Value:
    parameter = function.parameters[index] if index < len(function.parameters) else function.variadic
    if parameter is None:
        raise FunctionError("too many arguments", code=Code.FUNCTION_ARGUMENTS)
    if value.is_null and not parameter.nullable:
        raise FunctionError(f'argument "{parameter.name}" must not be null', code=Code.NULL_VALUE)
    try:
        return convert(value, parameter.type)
    except ConversionError as error:
        raise FunctionError(f'argument "{parameter.name}": {error}', code=Code.WRONG_TYPE) from None


def _marks(function: Function, values: list[Value]) -> Marks:
    if not function.passes_marks:
        return ()
    found: Marks = ()
    if function.hides_parts and any(is_sensitive(value) for value in values):
        found = (Sensitive(),)
    for value in values:
        found = merge_marks(found, value.marks if function.parts else value.deep_marks())
    return found


def _suffices(function: Function, value: Value) -> bool:
    if is_open(value):
        return False
    return value.known if function.parts else value.wholly_known and not _has_open_part(value)


def _has_open_part(value: Value) -> bool:
    return any(is_open(part) or _has_open_part(part) for _, part in value.elements())


def _reason(function: Function, values: list[Value]) -> str:
    """Only for what is unknown without saying so in its marks: a resource as a whole."""
    for value in values:
        if value.wholly_known and not _suffices(function, value):
            return f"{function.name} of a whole resource, which has attributes that the provider computes"
    return ""


def _result(function: Function, result: Any) -> Value:  # noqa: ANN401 - plain data or a value
    if isinstance(result, Value):
        if isinstance(result.raw, tuple | dict):
            check_elements(len(result.raw))
        return result
    value = _from_data(result)
    if isinstance(function.result, DynamicType):
        return value
    return convert(value, function.result)


def _from_data(data: Any) -> Value:  # noqa: ANN401
    if isinstance(data, str):
        return Value(STRING, normalize(check_string(data)))
    if isinstance(data, list | dict):
        check_elements(len(data))
    return from_python(data)


def whole(amount: int | Fraction, what: str) -> int:
    """`amount` as an int. Raises `FunctionError` when it is not whole."""
    if isinstance(amount, int):
        return amount
    raise FunctionError(f"{what} must be a whole number")


def unknown_result(kind: Type, *values: Value) -> Value:
    """An unknown of type `kind` for the reasons that `values` are unknown."""
    return unknown(kind, marks=merge_marks((), *(value.deep_marks() for value in values)))


def is_unknown(value: Value) -> bool:
    """Whether nothing is known of the value but its type."""
    return isinstance(value.raw, Unknown)
