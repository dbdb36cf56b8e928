"""Reads the YAML of a decision log entry by entry into plain lists, mappings and texts that know their lines.

The reader of all other YAML keeps every node of a document; a log only grows, and is read in one pass that keeps none.
It takes less: no aliases, no tags, `MAX_DEPTH` levels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.positioned import odd_line_end
from bbws_readiness.source import Location, Source

MAX_DEPTH = 8
"""Lists and mappings inside one another."""
KEY = "decisions"
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class Text(str):
    """A scalar as written, without its quotes."""

    __slots__ = ("mark", "plain")
    mark: Any
    """Where it begins, as the library says it: line and column from 0."""
    plain: bool
    """Without quotes, so that it may be a null."""

    @property
    def null(self) -> bool:
        """Whether it says that nothing is there."""
        return self.plain and self in _NULLS


class Items(list["Value"]):
    """A list with the place where it begins."""

    __slots__ = ("mark",)
    mark: Any


class Members(dict[Text, "Value"]):
    """A mapping with the place where it begins; its keys have their places too."""

    __slots__ = ("mark", "twice")
    mark: Any
    twice: Text | None
    """The first key that is set for a second time; the last of the values is kept."""

    def of(self, name: str) -> Value | None:
        """The value under that name; None when there is none."""
        return next((value for key, value in self.items() if key == name), None)


Value: TypeAlias = Text | Items | Members


class Fault(Exception):
    """What makes the log as a whole unreadable."""

    def __init__(self, summary: str, at: Location, detail: str = "", *, code: Code) -> None:
        self.diagnostic = Diagnostic(DiagnosticSeverity.ERROR, summary, at, detail, code=code)
        super().__init__(summary)


def place_of(source: Source, mark: Any) -> Location:  # noqa: ANN401 - a mark of the library
    """Where a value of `source` begins."""
    return source.at(mark.line + 1, mark.column + 1)


def read_items(source: Source) -> Iterator[Value]:
    """The items of the list `decisions`, in order; nothing for an empty file. Raises `Fault`."""
    import yaml

    if odd := odd_line_end(source):
        raise Fault(f"a line ends with {odd[0]}", odd[1], "end lines with LF or CRLF", code=Code.CARRIAGE_RETURN)
    try:
        yield from _Stream(source).items()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = place_of(source, mark) if mark else source.at(1)
        hint = "check indentation, quotes and brackets before this place"
        raise Fault("not valid YAML", at, hint, code=Code.YAML) from None
    except (yaml.YAMLError, ValueError):
        raise Fault("not valid YAML", source.at(1), "remove control characters", code=Code.YAML) from None


class _Stream:
    def __init__(self, source: Source) -> None:
        import yaml

        self._source = source
        self._next = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(source.text).get_event
        self._scalar = yaml.ScalarEvent
        self._list, self._list_end = yaml.SequenceStartEvent, yaml.SequenceEndEvent
        self._mapping, self._mapping_end = yaml.MappingStartEvent, yaml.MappingEndEvent
        self._opening = (yaml.StreamStartEvent, yaml.DocumentStartEvent)
        self._closing = (yaml.StreamEndEvent, yaml.DocumentEndEvent)

    def items(self) -> Iterator[Value]:
        event = self._next()
        while type(event) in self._opening:
            event = self._next()
        if type(event) in self._closing:
            return
        top = event
        if type(event) is self._mapping:
            yield from self._top()
        elif not (type(event) is self._scalar and self._text(event).null):
            raise self._no_log(event)
        while (event := self._next()) is not None:
            if type(event) in self._opening:
                at = self._at(event if event.start_mark.line else top)
                raise Fault("more than one YAML document", at, "keep the first only", code=Code.YAML_DOCUMENTS)

    def _top(self) -> Iterator[Value]:
        found = False
        while type(event := self._next()) is not self._mapping_end:
            key = self._value(event, 1)
            if key != KEY:
                raise self._no_log(event)
            if found:
                raise Fault(f'the key "{KEY}" is set twice', self._at(event), "keep one list", code=Code.KEY_TWICE)
            found = True
            event = self._next()
            if type(event) is self._list:
                self._plain(event)
                while type(event := self._next()) is not self._list_end:
                    yield self._value(event, 2)
                continue
            listed = self._value(event, 1)
            if not (isinstance(listed, Text) and listed.null):
                raise self._no_log(event)

    def _no_log(self, event: Any) -> Fault:  # noqa: ANN401 - an event of the library
        summary = f"this is no decision log: it holds one key, `{KEY}`, with a list"
        return Fault(summary, self._at(event), "docs/decision-log.md shows one", code=Code.DECISION_LOG)

    def _at(self, event: Any) -> Location:  # noqa: ANN401 - an event of the library
        return place_of(self._source, event.start_mark)

    def _plain(self, event: Any) -> None:  # noqa: ANN401 - an event of the library
        """Raises `Fault` for an anchor, an alias or a tag, which no log needs."""
        if event.anchor is not None:
            raise Fault("a YAML alias is not allowed here", self._at(event), "write it out", code=Code.YAML_ALIAS)
        if event.tag not in (None, "!"):
            raise Fault("a YAML tag is not allowed here", self._at(event), "write the plain value", code=Code.YAML_TAG)

    def _value(self, event: Any, depth: int) -> Value:  # noqa: ANN401 - an event of the library
        kind = type(event)
        if kind is self._scalar:
            return self._text(event)
        self._plain(event)
        if depth >= MAX_DEPTH:
            raise Fault(f"nesting deeper than {MAX_DEPTH}", self._at(event), "flatten the file", code=Code.YAML_DEPTH)
        if kind is self._mapping:
            return self._members(event, depth + 1)
        items = Items()
        items.mark = event.start_mark
        while type(event := self._next()) is not self._list_end:
            items.append(self._value(event, depth + 1))
        return items

    def _members(self, event: Any, depth: int) -> Members:  # noqa: ANN401 - an event of the library
        members = Members()
        members.mark, members.twice = event.start_mark, None
        while type(event := self._next()) is not self._mapping_end:
            key = self._value(event, depth)
            if not isinstance(key, Text):
                raise Fault("a mapping key must be plain text", self._at(event), "write a word", code=Code.YAML_KEY)
            if key == "<<":
                raise Fault("merge keys are not supported", self._at(event), "write it out", code=Code.YAML_MERGE)
            if key in members:
                members.twice = members.twice or key
            members[key] = self._value(self._next(), depth)
        return members

    def _text(self, event: Any) -> Text:  # noqa: ANN401 - an event of the library
        if event.anchor is not None or event.tag is not None:
            self._plain(event)
        text = Text(event.value)
        text.mark, text.plain = event.start_mark, event.implicit[0]
        return text
