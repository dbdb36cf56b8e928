"""Reads YAML, and JSON as its subset, into plain data that remembers the place of every node.

Scalars follow the YAML 1.2 core schema, as GitHub and every JSON reader take them: `on`, `no` and `1:30` are text.
Duplicate keys, merge keys, tags of any language and nesting beyond `MAX_DEPTH` are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from math import isfinite
from typing import Any, TypeAlias

from msgspec import Struct

from bbws_readiness import codes, errors
from bbws_readiness.cache.codec import Codec, classes_of
from bbws_readiness.cache.results import recalled
from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.memory import read_once
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Source

MAX_DEPTH = 50
MAX_EVENTS = 100_000
MAX_ALIASES = 100
MAX_NODES = 50_000
"""Nodes of a document, an alias counted with all that it stands for."""

Scalar: TypeAlias = str | int | float | bool | None


class Node(Struct, frozen=True, dict=True):
    """A scalar, a sequence or a mapping, with the place where it starts."""

    at: Location
    content: Scalar | tuple[Node, ...] | tuple[tuple[Node, Node], ...]
    shape: str
    """`scalar`, `sequence` or `mapping`."""
    raw: str = ""
    """A scalar's text as written, without quotes: `0123` where the content is a number."""

    @cached_property
    def entries(self) -> Mapping[str, Node]:
        """The values of a mapping by their keys, in the order written; nothing for other shapes."""
        return {key.raw: value for key, value in self.pairs()}

    @cached_property
    def _keys(self) -> Mapping[str, Node]:
        return {key.raw: key for key, _ in self.pairs()}

    def pairs(self) -> tuple[tuple[Node, Node], ...]:
        """Key and value nodes of a mapping in the order written; nothing for other shapes."""
        return self.content if self.shape == "mapping" else ()  # type: ignore[return-value]

    def elements(self) -> tuple[Node, ...]:
        """The nodes of a sequence in order; nothing for other shapes."""
        return self.content if self.shape == "sequence" else ()  # type: ignore[return-value]

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None when this is no mapping or has no such key."""
        return self.entries.get(key)

    def key(self, key: str) -> Node | None:
        """The key node itself, whose place is where the key is written."""
        return self._keys.get(key)

    def find(self, *keys: str) -> Node | None:
        """The value at the end of a chain of keys, or None when one of them is missing."""
        node: Node | None = self
        for key in keys:
            if node is None:
                return None
            node = node.entries.get(key)
        return node

    def walk(self) -> Iterator[Node]:
        """The node and everything in it but keys; of what lies side by side the last first."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(node.elements())
            pending.extend([value for _, value in node.pairs()])

    @property
    def text(self) -> str | None:
        """A scalar as text (numbers and booleans as written), or None for null and for other shapes."""
        return self.raw if self.shape == "scalar" and self.content is not None else None

    def to_python(self) -> Any:  # noqa: ANN401 - plain data of any shape
        """Plain dicts, lists and scalars; mapping keys become text."""
        if self.shape == "mapping":
            return {key.raw: value.to_python() for key, value in self.pairs()}
        if self.shape == "sequence":
            return [element.to_python() for element in self.elements()]
        return self.content

    def locate(self, path: Sequence[str | int]) -> Location:
        """The place of the node at `path` (as jsonschema gives it), or of its nearest ancestor that exists.

        For a mapping entry this is the place of its key, because that is the word a person looks for.
        """
        node, place = self, self.at
        for part in path:
            if isinstance(part, int):
                elements = node.elements()
                if part >= len(elements):
                    break
                node = elements[part]
                place = node.at
            else:
                key = node.key(part)
                if key is None:
                    break
                place, node = key.at, node.entries[part]
        return place


@read_once
def read_yaml(source: Source, *, max_aliases: int = MAX_ALIASES, max_depth: int = MAX_DEPTH) -> Node | Diagnostic:
    """The document of `source` as a node, or the first thing that is wrong with it. An empty file is a null scalar.

    No node lies in more than `max_depth` lists and mappings, aliases followed; what recurses over nodes may rely on it.
    """
    try:
        return _Composer(source, max_aliases, max_depth).document()
    except _Fault as fault:
        return Diagnostic(DiagnosticSeverity.ERROR, fault.summary, fault.at, fault.detail, code=fault.code)


def read_policy(source: Source) -> Node | Diagnostic:
    """As `read_yaml` without any alias, of a file that every run reads and that seldom changes."""
    return recalled("policy", _codec, source, "", lambda: read_yaml(source, max_aliases=0))


@cache
def _codec() -> Codec:
    return Codec([Node, *classes_of(codes, errors)])


class _Fault(Exception):
    def __init__(self, summary: str, at: Location, detail: str = "", *, code: Code) -> None:
        self.summary, self.at, self.detail, self.code = summary, at, detail, code
        super().__init__(summary)


def _too_many(what: str, at: Location) -> _Fault:
    return _Fault(what, at, "split the file, or write fewer aliases", code=Code.YAML_SIZE)


class _Anchored(Struct, frozen=True):
    """A node that aliases may repeat."""

    node: Node
    size: int
    """How many nodes it is, its own aliases followed."""
    height: int
    """How many lists and mappings lie inside one another in it, itself included."""


class _Composer:
    """Builds nodes from parser events, because the library's own composer recurses and forgets scalar spellings."""

    def __init__(self, source: Source, max_aliases: int, max_depth: int) -> None:
        # Loaded for a file that is read as YAML.
        import yaml

        self._yaml = yaml
        # What is asked for at every node.
        self._alias_event, self._scalar_event = yaml.AliasEvent, yaml.ScalarEvent
        self._sequence_end, self._mapping_end = yaml.SequenceEndEvent, yaml.MappingEndEvent
        self._path = source.path
        self._source = source
        self._max_aliases = max_aliases
        self._max_depth = max_depth
        self._aliases = 0
        self._events = 0
        self._nodes = 0
        self._deepest = 0
        """How many lists and mappings lie around the deepest node of the one being read."""
        self._anchors: dict[str, _Anchored] = {}

    def document(self) -> Node:
        self._refuse_odd_line_ends()
        try:
            return self._document()
        except self._yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = self._source.at(mark.line + 1, mark.column + 1) if mark else self._source.at(1)
            raise _Fault(
                "not valid YAML or JSON", at, "check indentation, quotes and brackets before this place", code=Code.YAML
            ) from None
        except (self._yaml.YAMLError, ValueError):
            raise _Fault(
                "not valid YAML or JSON", self._source.at(1), "remove control characters", code=Code.YAML
            ) from None

    def _document(self) -> Node:
        yaml = self._yaml
        self._read_event = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self._source.text).get_event
        event = self._next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return Node(self._source.at(1), None, "scalar")
        node = self._node(event, 0)
        while not isinstance(event := self._next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                raise _Fault(
                    "more than one YAML document in the file",
                    self._at(event),
                    "keep the first one only",
                    code=Code.YAML_DOCUMENTS,
                )
        return node

    def _next(self) -> Any:  # noqa: ANN401 - an event of the library
        event = self._read_event()
        self._events += 1
        if self._events > MAX_EVENTS:
            raise _Fault(f"more than {MAX_EVENTS} YAML nodes", self._at(event), "split the file", code=Code.YAML_SIZE)
        return event

    def _refuse_odd_line_ends(self) -> None:
        if odd := odd_line_end(self._source):
            raise _Fault(f"a line ends with {odd[0]}", odd[1], "end lines with LF or CRLF", code=Code.CARRIAGE_RETURN)

    def _at(self, event: Any) -> Location:  # noqa: ANN401 - an event of the library
        mark = event.start_mark
        return Location(self._path, mark.line + 1, mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:  # noqa: ANN401 - an event of the library
        mark, kind = event.start_mark, type(event)
        at = Location(self._path, mark.line + 1, mark.column + 1)
        if kind is self._alias_event:
            return self._alias(event, at, depth)
        nodes, height, tag = self._nodes, 0, event.tag
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _too_many(_TOO_MANY, at)
        if tag is not None and tag != "!" and not tag.startswith("tag:yaml.org,2002:str"):
            raise _Fault("a YAML tag is not allowed here", at, "write the plain value", code=Code.YAML_TAG)
        if kind is self._scalar_event:
            text = event.value
            plain = tag is None and event.implicit[0]
            node = Node(at, resolve_scalar(text) if plain else text, "scalar", text)
        else:
            node, height = self._collection(event, depth, at)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(node, self._nodes - nodes, height)
        return node

    def _collection(self, event: Any, depth: int, at: Location) -> tuple[Node, int]:  # noqa: ANN401 - see above
        """A list or mapping, and how many of them lie inside one another in it, itself included."""
        around, self._deepest = self._deepest, depth
        self._reach(depth + 1, at)
        if isinstance(event, self._yaml.SequenceStartEvent):
            elements = []
            while type(event := self._next()) is not self._sequence_end:
                elements.append(self._node(event, depth + 1))
            node = Node(at, tuple(elements), "sequence")
        else:
            node = Node(at, self._pairs(depth), "mapping")
        height = self._deepest - depth
        self._deepest = max(self._deepest, around)
        return node, height

    def _reach(self, depth: int, at: Location) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > self._max_depth:
            raise _Fault(f"nesting deeper than {self._max_depth}", at, "flatten the file", code=Code.YAML_DEPTH)

    def _alias(self, event: Any, at: Location, depth: int) -> Node:  # noqa: ANN401 - an event of the library
        self._aliases += 1
        if self._aliases > self._max_aliases:
            what = f"more than {self._max_aliases} YAML aliases" if self._max_aliases else "a YAML alias in this file"
            raise _Fault(what, at, "write the values out", code=Code.YAML_ALIAS)
        if event.anchor not in self._anchors:
            raise _Fault(
                f"the alias *{event.anchor} refers to itself or to nothing",
                at,
                "write the value out",
                code=Code.YAML_ALIAS,
            )
        target = self._anchors[event.anchor]
        self._nodes += target.size
        if self._nodes > MAX_NODES:
            raise _too_many("the aliases expand to too many YAML nodes", at)
        self._reach(depth + target.height, at)
        return target.node

    def _pairs(self, depth: int) -> tuple[tuple[Node, Node], ...]:
        pairs: dict[str, tuple[Node, Node]] = {}
        while type(event := self._next()) is not self._mapping_end:
            key = self._node(event, depth + 1)
            if key.shape != "scalar":
                raise _Fault("a mapping key must be plain text", key.at, code=Code.YAML_KEY)
            if key.raw == "<<":
                raise _Fault(
                    "merge keys are not supported (nor by GitHub)", key.at, "write the keys out", code=Code.YAML_MERGE
                )
            if key.raw in pairs:
                raise _Fault(
                    f'the key "{key.raw[:80]}" is set twice (first at line {pairs[key.raw][0].at.line})',
                    key.at,
                    code=Code.KEY_TWICE,
                )
            pairs[key.raw] = key, self._node(self._next(), depth + 1)
        return tuple(pairs.values())


def odd_line_end(source: Source) -> tuple[str, Location] | None:
    """The first character such as `U+0085`, with its line, at which YAML 1.1 breaks lines and no editor does.

    Places after one of them would be wrong, so a file that has one is not to be read as YAML. None when all is well.
    """
    plain = source.text.isascii() and "\r" not in source.text
    odd = None if plain else _ODD_LINE_END.search(source.text)
    if odd is None:
        return None
    return f"U+{ord(odd[0]):04X}", source.at(source.text.count("\n", 0, odd.start()) + 1)


_TOO_MANY = f"more than {MAX_NODES} YAML nodes"
_ODD_LINE_END = regex("\r(?!\n)|[\u0085\u2028\u2029]")
_WORDS: Mapping[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = regex(r"[-+]?[0-9]{1,300}")
_OCTAL_OR_HEX = regex(r"0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100}")
_FLOAT = regex(r"[-+]?(?:\.[0-9]{1,300}|[0-9]{1,300}(?:\.[0-9]{0,300})?)(?:[eE][-+]?[0-9]{1,3})?")


def resolve_scalar(text: str) -> Scalar:
    """What a plain scalar means in the YAML 1.2 core schema (yaml.org, 10.3.2)."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-+.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0)
    # What is beyond the numbers of JSON stays text: an infinity cannot be written into any output.
    if _FLOAT.fullmatch(text) and isfinite(number := float(text)):
        return number
    return text
