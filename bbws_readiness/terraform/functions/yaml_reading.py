"""`yamldecode`: YAML 1.1 as Terraform reads it, which takes some scalars by the rules of YAML 1.2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.functions.instants import instant
from bbws_readiness.terraform.functions.spec import FunctionError, NotEvaluated
from bbws_readiness.terraform.limits import MAX_NESTING, MAX_YAML, MAX_YAML_EVENTS, BudgetExceeded, check_elements
from bbws_readiness.terraform.numbers import NumberTooLong, parse_number
from bbws_readiness.terraform.strings import normalize
from bbws_readiness.terraform.types import BOOL, NUMBER, STRING
from bbws_readiness.terraform.values import Value, boolean, null, number, object_of, string, tuple_of

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_TAG + "int": NUMBER, _TAG + "float": NUMBER, _TAG + "bool": BOOL, _TAG + "timestamp": STRING}
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTHS = {
    word: truth
    for truth, words in ((True, ("y", "yes", "true", "on")), (False, ("n", "no", "false", "off")))
    for lower in words
    for word in (lower, lower.title(), lower.upper())
}
_INTEGER = regex(r"[-+]?[0-9]++\Z")
_FLOAT = regex(r"[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?\Z")
_INFINITE = regex(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_TIMESTAMP = regex(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)"
    r"| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d{1,9})?)?\Z",
    re.ASCII,
)


def from_yaml(text: str) -> Value:
    """The value of a YAML document. Raises `FunctionError`, `NotEvaluated` and `BudgetExceeded`."""
    if len(text) > MAX_YAML:
        raise BudgetExceeded(f"YAML longer than {MAX_YAML} characters", Code.STRING_BYTES)
    try:
        return _Reader(text).document()
    except (yaml.YAMLError, ValueError):
        if "\t" in text:
            # The library minds tabs in places where Terraform does not.
            raise NotEvaluated("this YAML with tabs is not read") from None
        raise FunctionError("not valid YAML") from None


class _Reader:
    """Builds values straight from the events, so that the budgets hold before anything is built."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
        self._anchors: dict[str, tuple[Value, int]] = {}
        """Values that aliases may repeat, with the levels of lists and mappings in them."""
        self._deepest = 0
        self._left = MAX_YAML_EVENTS

    def document(self) -> Value:
        """The one document there must be."""
        self._next()
        start = self._next()
        if not isinstance(start, yaml.DocumentStartEvent):
            raise FunctionError("the YAML document is missing")
        if start.version not in (None, (1, 1)):
            raise FunctionError("not a version of YAML that Terraform reads")
        if start.tags:
            raise NotEvaluated("tag directives are not evaluated")
        value = self._value(self._next(), 0)
        self._next()
        if not isinstance(self._next(), yaml.StreamEndEvent):
            raise FunctionError("more than one YAML document")
        return value

    def _next(self) -> Any:  # noqa: ANN401 - an event of the library
        self._left -= 1
        if self._left < 0:
            raise BudgetExceeded(f"YAML with more than {MAX_YAML_EVENTS} parts, aliases written out", Code.VALUE_PARTS)
        return next(self._events)

    def _value(self, event: Any, depth: int) -> Value:  # noqa: ANN401
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise FunctionError("an alias refers to nothing that is complete before it")
            repeated, height = self._anchors[event.anchor]
            self._left -= _size(repeated)
            self._reach(depth + height)
            return repeated
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        around, self._deepest = self._deepest, depth
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(event, depth)
        else:
            value = self._mapping(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = value, self._deepest - depth
        self._deepest = max(self._deepest, around)
        return value

    def _reach(self, depth: int) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > MAX_NESTING:
            raise BudgetExceeded(f"YAML nested deeper than {MAX_NESTING} levels", Code.NESTING)

    def _sequence(self, start: Any, depth: int) -> Value:  # noqa: ANN401
        _check_tag(start.tag, "seq")
        self._reach(depth + 1)
        items: list[Value] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
            check_elements(len(items))
        return tuple_of(items)

    def _mapping(self, start: Any, depth: int) -> Value:  # noqa: ANN401
        _check_tag(start.tag, "map")
        self._reach(depth + 1)
        members: dict[str, Value] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            merges = isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.style is None
            key = self._value(event, depth + 1)
            following = self._next()
            if isinstance(following, yaml.AliasEvent) and following.anchor == event.anchor:
                raise FunctionError("an alias refers to the key in front of it")
            value = self._value(following, depth + 1)
            if merges:
                if not isinstance(value.raw, dict):
                    raise FunctionError('"<<" needs a mapping')
                # Unlike what YAML says, the later one wins.
                members.update(value.raw)
            else:
                members[_key(key)] = value
            check_elements(len(members))
        return object_of(members)


def _size(value: Value) -> int:
    match value.raw:
        case tuple():
            return 1 + sum(map(_size, value.raw))
        case dict():
            return 1 + sum(map(_size, value.raw.values()))
    return 1


def _check_tag(tag: str | None, kind: str) -> None:
    if tag is not None and tag != _TAG + kind:
        raise FunctionError("the YAML document has a tag that Terraform does not know")


def _key(key: Value) -> str:
    if key.is_null:
        raise FunctionError("a key of the YAML document is null")
    try:
        return str(convert(key, STRING).raw)
    except ConversionError:
        raise FunctionError("a key of the YAML document is not a string") from None


def _scalar(event: Any) -> Value:  # noqa: ANN401
    text, tag = event.value, event.tag
    if event.style == '"':
        _check_escapes(event)
    if tag is None or (event.style is None and tag in _PLAIN_TAGS):
        value = _plain(text) if event.style is None else string(normalize(text))
        if tag is not None and value.type != _PLAIN_TAGS[tag]:
            raise NotEvaluated("tags in YAML documents that do not suit the value are not evaluated")
        return value
    if tag == _TAG + "str":
        return string(normalize(text))
    if not tag.startswith(_TAG):
        raise FunctionError("the YAML document has a tag that Terraform does not know")
    raise NotEvaluated("this tag in a YAML document is not evaluated")


_ESCAPED_SLASH = regex(r"(?<!\\)(?:\\\\)*\\/")


def _check_escapes(event: Any) -> None:  # noqa: ANN401
    """Refuse what the library reads and Terraform does not."""
    written = (
        event.start_mark.buffer[event.start_mark.pointer : event.end_mark.pointer] if event.start_mark.buffer else ""
    )
    if _ESCAPED_SLASH.search(written) or any("\ud800" <= character <= "\udfff" for character in event.value):
        raise FunctionError("the YAML document has an escape that Terraform does not know")


def _plain(text: str) -> Value:
    if text in _NULLS:
        return null()
    if text in _TRUTHS:
        return boolean(_TRUTHS[text])
    if _INFINITE.match(text):
        raise NotEvaluated("an infinite number is not evaluated")
    if re.match(r"0x[0-9a-fA-F]+\Z", text):
        return number(int(text[2:], 16))
    if re.match(r"0o[0-7]+\Z", text):
        return number(int(text[2:], 8))
    if _INTEGER.match(text) or _FLOAT.match(text):
        try:
            amount = parse_number(text)
        except NumberTooLong as error:
            raise BudgetExceeded(str(error), Code.DIGITS) from None
        if amount is not None:
            return number(amount)
    return string(_timestamp(text) or normalize(text))


def _timestamp(text: str) -> str:
    """A timestamp in the one form that Terraform gives it; empty for everything else."""
    match = _TIMESTAMP.match(text)
    if match is None:
        return ""
    time = match.group(4, 5, 6) if match[4] else match.group(8, 9, 10)
    zone, offset = match[7] or "Z", 0
    if zone != "Z":
        offset = (int(zone[1:3]) * 3600 + int(zone[4:]) * 60) * (-1 if zone[0] == "-" else 1)
    year, month, day = (int(part) for part in match.group(1, 2, 3))
    hour, minute, second = (int(part or 0) for part in time)
    try:
        return str(instant(year, month, day, hour, minute, second, offset=offset))
    except FunctionError:
        return ""
