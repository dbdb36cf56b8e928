"""What policy documents of evaluated Terraform say, statement by statement, known wholly or in part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from bbws_readiness.model.access import Condition, Pattern, Statement
from bbws_readiness.parsers.access.statements import read_statements
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.source import Location, Source
from bbws_readiness.terraform import Attribute, Body, Evaluation, ResourceInstance
from bbws_readiness.terraform.accessors import computed
from bbws_readiness.terraform.data_sources import POLICY_DOCUMENT
from bbws_readiness.terraform.outlines import GAP, outline_of
from bbws_readiness.terraform.policy_document import OVERRIDES, SOURCES
from bbws_readiness.terraform.policy_text import NotTold, Refusal, parsed, written
from bbws_readiness.terraform.results import Block
from bbws_readiness.terraform.values import Value

_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_BLOCKS = {
    "Principal": ("principals", "type", "", "identifiers"),
    "NotPrincipal": ("not_principals", "type", "", "identifiers"),
    "Condition": ("condition", "test", "variable", "values"),
}
"""Member of a statement to the block that writes it: its name, its key, a second key below, its values."""
_UNKNOWN = "${unknown}"
"""What stands for a value that Terraform knows later: it is read as a hole."""
_TEXTS = ("json", "minified_json")
NO_POLICY = "its text is no policy"


class PolicyDocuments:
    """The policy documents of one evaluation."""

    def __init__(self, evaluation: Evaluation | None, environment: str) -> None:
        self._environment = environment
        found = evaluation.resources if evaluation else ()
        self._documents = {one.address: one for one in found if one.mode == "data" and one.type == POLICY_DOCUMENT}
        self._bodies = {one.address: one.body for one in found}
        self._by_text: dict[str, str] = {}
        self._by_reason: dict[str, str] = {}
        for address, one in self._documents.items():
            for name in _TEXTS:
                if name in one.computed:
                    self._by_text.setdefault(str(one.computed[name].raw), address)
                self._by_reason[computed(address, name)] = address
        self._read: dict[str, tuple[Statement, ...]] = {}

    def of_text(self, text: str, at: Location) -> tuple[Statement, ...]:
        """The statements of a policy at the lines of the document that renders it, else all at `at`.

        One without any content for a text that is no policy.
        """
        address = self._by_text.get(text)
        return self._of(address) if address else self._of_json(text, at)

    def of_unknown(self, reason: str, at: Location, value: Value | None = None) -> tuple[Statement, ...]:
        """The statements of a text that is unknown for `reason`, as far as a document is that reason.

        `value` is the text, of which some may be known.
        """
        address = self._by_reason.get(reason)
        if address and not (value and value.outline):
            return self._of(address)
        outline = outline_of(value).replace(GAP, _UNKNOWN) if value else ""
        found = self._of_json(outline, at) if outline.startswith("{") else ()
        return found if found and not found[0].doubt else (Statement(at, allows=True, doubt=reason),)

    def value_of(self, address: str, path: str) -> Value | None:
        """An argument as it was evaluated, by the dotted path of a resource; None when there is none."""
        found = self._bodies.get(address)
        *blocks, name = path.split(".")
        for kind, number in zip(blocks[::2], blocks[1::2], strict=True):
            listed = found.blocks_of(kind) if found else ()
            found = listed[int(number)].body if int(number) < len(listed) else None
        attribute = found.attribute(name) if found else None
        return attribute.value if attribute else None

    def _of_json(self, text: str, at: Location) -> tuple[Statement, ...]:
        node = _node(text, at)
        if node is None or node.get("Statement") is None:
            return (Statement(at, allows=True, doubt=NO_POLICY),)
        return tuple(_placed(one, at) for one in read_statements(node, self._environment))

    def _of(self, address: str) -> tuple[Statement, ...]:
        if address not in self._read:
            # For a cycle, which Terraform refuses.
            at = self._documents[address].at
            self._read[address] = (Statement(at, allows=True, doubt="it is mixed from itself"),)
            self._read[address] = tuple(self._merged(self._documents[address]))
        return self._read[address]

    def _merged(self, document: ResourceInstance) -> list[Statement]:
        if not document.key_known:
            doubt = f"how often {document.address} is read is unknown"
            return [Statement(document.at, allows=True, doubt=doubt)]
        found: list[Statement] = []
        _merge(found, self._mixed(document.body, "source_json", SOURCES))
        _merge(found, self._own(document))
        _merge(found, self._mixed(document.body, OVERRIDES, "override_json"))
        return found

    def _mixed(self, body: Body, *names: str) -> Iterator[Statement]:
        for attribute in filter(None, map(body.attribute, names)):
            value, at = attribute.value, attribute.at
            if not value.known:
                yield Statement(at, allows=True, doubt=value.reason)
                continue
            listed = [part for _, part in value.elements()] if isinstance(value.raw, tuple) else [value]
            for part in listed:
                yield from self._part(part, at) if part.raw else ()

    def _part(self, part: Value, at: Location) -> Sequence[Statement]:
        if not part.known:
            return self.of_unknown(part.reason, at, part)
        text = str(part.raw)
        if text in self._by_text:
            return self._of(self._by_text[text])
        try:
            mixed = parsed(text)
        except (NotTold, Refusal):
            return self._of_json(text, at)
        return self._of_json(written(mixed), at) if mixed.statements else ()

    def _own(self, document: ResourceInstance) -> Iterator[Statement]:
        for block in document.body.blocks_of("statement"):
            if block.unknown:
                yield Statement(block.at, allows=True, doubt="its statements come from a dynamic block over unknowns")
                continue
            at = min((one.at for one in block.body.attributes.values()), default=block.at)
            node = _node(json.dumps({"Statement": [_members(block)]}), at)
            if node is None:
                yield Statement(at, allows=True, doubt=NO_POLICY)
                continue
            yield from (_placed(one, at) for one in read_statements(node, self._environment))


def _merge(found: list[Statement], others: Iterable[Statement]) -> None:
    """A statement replaces the first one of the same Sid."""
    places = {one.sid: place for place, one in reversed([*enumerate(found)]) if one.sid}
    for one in others:
        if one.sid in places:
            found[places[one.sid]] = one
            continue
        if one.sid:
            places[one.sid] = len(found)
        found.append(one)


def _node(text: str, at: Location) -> Node | None:
    node = read_yaml(Source(at.path, text, len(text), ""))
    return node if isinstance(node, Node) and node.shape == "mapping" else None


def _members(block: Block) -> dict[str, object]:
    """A statement's arguments as the provider renders them: what is allowed when no effect is written."""
    effect, sid = _texts(block.attribute("effect")), _texts(block.attribute("sid"))
    said: dict[str, object] = {"Effect": effect[0] if effect else "Allow"}
    said |= {"Sid": sid[0]} if sid and sid[0] not in ("", _UNKNOWN) else {}
    for name, member in _LISTS.items():
        texts = _texts(block.attribute(name))
        said |= {member: _replaced(texts) if "resources" in name else texts} if texts else {}
    for member, (kind, outer, inner, values) in _BLOCKS.items():
        nested: dict[str, dict[str, list[str]]] = {}
        flat: dict[str, list[str]] = {}
        for one in block.blocks_of(kind):
            key = next(iter(_texts(one.attribute(outer))), _UNKNOWN)
            given = [_UNKNOWN] if one.unknown else _replaced(_texts(one.attribute(values)))
            into = nested.setdefault(key, {}) if inner else flat
            into.setdefault(next(iter(_texts(one.attribute(inner))), _UNKNOWN) if inner else key, []).extend(given)
        said |= {member: nested or flat} if nested or flat else {}
    return said


def _texts(attribute: Attribute | None) -> list[str]:
    """The values as text; a hole for what is unknown or must not be shown, nothing for what is not stated."""
    if attribute is None or attribute.value.is_null:
        return []
    value = attribute.value
    if not value.known:
        return [_text(value)]
    listed = [part for _, part in value.elements()] if isinstance(value.raw, tuple) else [value]
    return [_text(part) for part in listed]


def _replaced(texts: Iterable[str]) -> list[str]:
    """The provider writes variables of IAM as `&{...}`, and not in all places."""
    return [text.replace("&{", "${") for text in texts]


def _text(value: Value) -> str:
    if not value.known or value.sensitive:
        return outline_of(value).replace(GAP, _UNKNOWN)
    plain = value.to_python()
    return ("true" if plain else "false") if isinstance(plain, bool) else str(plain)


def _placed(statement: Statement, at: Location) -> Statement:
    """The statement with every part of it at one place: a text within an expression has no lines of its own."""

    def moved(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
        return tuple(replace(one, at=at) for one in patterns)

    def moved_condition(one: Condition) -> Condition:
        return replace(one, at=at, values=moved(one.values))

    return replace(
        statement,
        at=at,
        actions=moved(statement.actions),
        resources=moved(statement.resources),
        principals=tuple(replace(one, name=replace(one.name, at=at)) for one in statement.principals),
        conditions=tuple(map(moved_condition, statement.conditions)),
    )
