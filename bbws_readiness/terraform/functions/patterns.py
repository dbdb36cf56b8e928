"""Functions with regular expressions, which Terraform means in the dialect of RE2 and which run on RE2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from bbws_readiness import linear
from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.terraform.functions.spec import (
    Function,
    FunctionError,
    NotEvaluated,
    Parameter,
    is_unknown,
    unknown_result,
)
from bbws_readiness.terraform.limits import (
    MAX_PATTERN,
    MAX_PATTERN_MEMORY,
    MAX_SUBJECT,
    BudgetExceeded,
    check_elements,
    check_length,
)
from bbws_readiness.terraform.types import DYNAMIC, STRING, ListType, TupleType, Type, object_type
from bbws_readiness.terraform.values import Value, list_of, object_of, string, tuple_of

if TYPE_CHECKING:
    _Match: TypeAlias = Any
    _Pattern: TypeAlias = Any

_ESCAPES = regex(r"\\Q.*?(?:\\E|\Z)|\\(.)", re.DOTALL)
_NAME = regex(r"\(\?P?<([^>]*)>")
_REFERENCE = regex(r"\$(?:\$|\{(\w+)\}|(\w+))")


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> _Pattern:
    """The pattern, ready for use. Raises `FunctionError` for what Terraform refuses."""
    if len(pattern) > MAX_PATTERN:
        raise FunctionError(f"pattern longer than {MAX_PATTERN} characters", code=Code.PATTERN_LENGTH)
    # Go's RE2 knows no \C and wants names of ASCII, unlike the one in use here.
    if any(escape[1] == "C" for escape in _ESCAPES.finditer(pattern)):
        raise FunctionError("the pattern is not a valid RE2 expression", code=Code.PATTERN)
    if not all(name[1].isascii() for name in _NAME.finditer(_ESCAPES.sub("", pattern))):
        raise FunctionError("the pattern is not a valid RE2 expression", code=Code.PATTERN)
    compiled = linear.compiled(pattern, memory=MAX_PATTERN_MEMORY)
    if compiled is None:
        raise FunctionError("the pattern is not a valid RE2 expression", code=Code.PATTERN)
    return compiled


def matches(pattern: str, text: str) -> Iterator[_Match]:
    """All matches from left to right, as Go finds them: an empty one never touches the match before."""
    if len(text.encode()) > MAX_SUBJECT:
        raise BudgetExceeded(f"pattern for a text of more than {MAX_SUBJECT} bytes", Code.STRING_BYTES)
    end = -1
    for match in compile_pattern(pattern).finditer(text):
        if match.start() < match.end() or match.end() != end:
            yield match
        end = match.end()


def _groups(match: _Match) -> Value:
    """The whole match, or its groups; a group that took no part is a null string."""
    if match.re.groupindex:
        return object_of({name: Value(STRING, match[name]) for name in match.re.groupindex})
    if match.re.groups:
        return tuple_of(Value(STRING, text) for text in match.groups())
    return string(match.group())


def _result_type(pattern: str) -> Type:
    compiled = compile_pattern(pattern)
    names = compiled.groupindex
    if len(_NAME.findall(pattern)) > len(names):
        raise NotEvaluated("the pattern has two groups of one name")
    if names and len(names) != compiled.groups:
        raise FunctionError("the pattern mixes named and unnamed groups", code=Code.PATTERN)
    if names:
        return object_type(dict.fromkeys(names, STRING))
    return TupleType((STRING,) * compiled.groups) if compiled.groups else STRING


def _regex(pattern: Value, text: Value) -> Value:
    if is_unknown(pattern):
        return unknown_result(DYNAMIC, pattern, text)
    kind = _result_type(str(pattern.raw))
    if is_unknown(text):
        return unknown_result(kind, pattern, text)
    for match in matches(str(pattern.raw), str(text.raw)):
        return _groups(match)
    raise FunctionError("the pattern does not match", code=Code.PATTERN)


def _regexall(pattern: Value, text: Value) -> Value:
    if is_unknown(pattern):
        return unknown_result(DYNAMIC, pattern, text)
    kind = _result_type(str(pattern.raw))
    if is_unknown(text):
        return unknown_result(ListType(kind), pattern, text)
    found: list[Value] = []
    for match in matches(str(pattern.raw), str(text.raw)):
        found.append(_groups(match))
        check_elements(len(found))
    return list_of(kind, found)


def _replace(text: str, substring: str, replacement: str) -> str:
    if len(substring) > 1 and substring.startswith("/") and substring.endswith("/"):
        return _replace_pattern(text, substring[1:-1], replacement)
    check_length(len(text) + text.count(substring) * max(len(replacement) - len(substring), 0))
    return text.replace(substring, replacement)


def _replace_pattern(text: str, pattern: str, replacement: str) -> str:
    pieces: list[str] = []
    position = size = 0
    for match in matches(pattern, text):
        pieces += (text[position : match.start()], _expand(replacement, match))
        size += len(pieces[-1]) + len(pieces[-2])
        check_length(size)
        position = match.end()
    return "".join((*pieces, text[position:]))


def _expand(template: str, match: _Match) -> str:
    """Go's expansion of `$1`, `$name` and `${name}`; what names no group is empty."""

    def group(reference: re.Match[str]) -> str:
        if reference[0] == "$$":
            return "$"
        name = reference[1] or reference[2]
        if name in match.re.groupindex:
            return match[name] or ""
        if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0") and int(name) <= match.re.groups:
            return match[int(name)] or ""
        return ""

    return _REFERENCE.sub(group, template)


_PATTERN = Parameter("pattern", STRING)
_SUBJECT = Parameter("string", STRING)

PATTERN_FUNCTIONS = (
    Function("regex", (_PATTERN, _SUBJECT), _regex, parts=True, unknowns=True),
    Function("regexall", (_PATTERN, _SUBJECT), _regexall, parts=True, unknowns=True),
    Function("replace", (_SUBJECT, Parameter("substring", STRING), Parameter("replace", STRING)), _replace, STRING),
)
