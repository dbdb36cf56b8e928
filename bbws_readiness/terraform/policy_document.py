"""Renders `data "aws_iam_policy_document"`, which is a function of its arguments alone, as the AWS provider 5 does."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import Location
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.policy_text import Mixed, NotTold, Refusal, parsed, written
from bbws_readiness.terraform.results import Attribute, Block, Body
from bbws_readiness.terraform.types import STRING, ListType, SetType, Type
from bbws_readiness.terraform.values import Sensitive, Unveiled, Value, merge_marks, string

MAX_DOCUMENT = 256 * 1024
"""Characters of a document with all that is mixed in; AWS takes some ten thousand."""
SOURCES, OVERRIDES = "source_policy_documents", "override_policy_documents"
_VERSIONS = ("2008-10-17", "2012-10-17")
_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_HOLDERS = {"principals": "Principal", "not_principals": "NotPrincipal"}
_SET: Type = SetType(STRING)
_LIST: Type = ListType(STRING)

Texts: TypeAlias = "str | list[str]"


class Rendered(Struct, frozen=True):
    """What the provider computes of a document; nothing when that is not told by the files."""

    members: Mapping[str, Value] = field(default_factory=dict)
    """`id`, `json`, `minified_json` and `version`."""
    problems: tuple[Diagnostic, ...] = ()


def render_policy_document(body: Body, address: str) -> Rendered:
    """The document that `body` describes; a problem for each that the provider refuses, at most one."""
    if not _is_known(body):
        return Rendered()
    try:
        document = _document(body, address)
        text = written(document, indent=2)
    except NotTold:
        return Rendered()
    except Fault as fault:
        return Rendered(problems=(fault.diagnostic(),))
    if len(text) > MAX_DOCUMENT:
        return Rendered()
    texts = {
        "id": _checksum(text),
        "json": text,
        "minified_json": written(document),
        "version": _version(body, address),
    }
    # The provider forgets that an argument is sensitive; what is shown to people does not.
    marks = tuple(Unveiled() if type(one) is Sensitive else one for one in _marks(body))
    return Rendered({name: string(one).marked(marks).reached_through(body.at) for name, one in texts.items()})


def _is_known(body: Body) -> bool:
    """Whether the provider reads the data source when it plans."""
    return all(one.value.wholly_known for one in body.attributes.values()) and all(
        not block.unknown and _is_known(block.body) for block in body.blocks
    )


def _marks(body: Body) -> tuple[Any, ...]:
    own = [one.value.deep_marks() for one in body.attributes.values()]
    return merge_marks((), *own, *(_marks(block.body) for block in body.blocks))


def _document(body: Body, address: str) -> Mixed:
    mixed = Mixed()
    if any(_text(body, name, address) for name in ("source_json", "override_json")):
        raise NotTold("arguments of older providers")
    sids: set[str] = set()
    for text, at in _documents(body, SOURCES, address):
        source = _parsed(text, at, address)
        for sid in (statement["Sid"] for statement in source.statements if statement.get("Sid")):
            if sid in sids:
                raise _fault(address, f"mixes in two statements with the Sid {_shown(sid)}", at)
            sids.add(sid)
        mixed.merge(source)
    mixed.merge(_own(body, address))
    for text, at in _documents(body, OVERRIDES, address):
        mixed.merge(_parsed(text, at, address))
    return mixed


def _parsed(text: str, at: Location, address: str) -> Mixed:
    try:
        return parsed(text)
    except Refusal as refusal:
        raise _fault(address, f"mixes in what is no policy: {refusal}", at) from None


def _documents(body: Body, name: str, address: str) -> Iterator[tuple[str, Location]]:
    """The texts to mix in; an empty one counts for nothing."""
    attribute = body.attribute(name)
    if attribute is None or attribute.value.is_null:
        return
    texts = _strings(attribute, _LIST, f"{address}.{name}")
    if sum(map(len, texts)) > MAX_DOCUMENT:
        raise NotTold("too long")
    yield from ((text, attribute.at) for text in texts if text)


def _version(body: Body, address: str) -> str:
    return _text(body, "version", address) or "2012-10-17"


def _own(body: Body, address: str) -> Mixed:
    version = _version(body, address)
    if version not in _VERSIONS:
        at = body.attributes["version"].at
        raise _fault(address, "has a version that is no version of policies", at, f"it is {' or '.join(_VERSIONS)}")
    document = Mixed(version, _text(body, "policy_id", address))
    sids: set[str] = set()
    for block in body.blocks_of("statement"):
        statement = _Statement(block, f"{address}.statement", old=version == "2008-10-17").members()
        sid = statement.get("Sid", "")
        if sid in sids:
            raise _fault(address, f"has two statements with the Sid {_shown(sid)}", block.at)
        sids |= {sid} if sid else set()
        document.statements.append(statement)
    return document


class _Statement(Struct, frozen=True):
    """One `statement` block on its way to the members of a policy's statement."""

    block: Block
    path: str
    old: bool
    """The version of its document knows no variables."""

    def members(self) -> dict[str, Any]:
        """In the order of the provider's text, without what is empty."""
        body = self.block.body
        effect = _text(body, "effect", self.path) or "Allow"
        if effect not in ("Allow", "Deny"):
            at = body.attributes["effect"].at
            raise _fault(self.path, "has an effect that is none", at, "it is Allow or Deny, in these letters")
        found: dict[str, Any] = {"Sid": _text(body, "sid", self.path), "Effect": effect}
        for name, member in _LISTS.items():
            texts = self._set(body, name)
            # Variables are replaced in what a statement is about, and not in what it is about doing.
            found[member] = _single(self._replaced(texts, body) if "resources" in name else texts)
        for name, member in _HOLDERS.items():
            found[member] = _holders(self._principals(name))
        found["Condition"] = _conditions(self._conditions())
        return {member: value for member, value in found.items() if value not in ("", None, {})}

    def _set(self, body: Body, name: str) -> list[str]:
        attribute = body.attribute(name)
        if attribute is None or attribute.value.is_null:
            return []
        return sorted(_strings(attribute, _SET, f"{self.path}.{name}"), reverse=True)

    def _replaced(self, texts: Iterable[str], body: Body) -> list[str]:
        listed = list(texts)
        if self.old and any("&{" in text for text in listed):
            hint = 'it needs version = "2012-10-17"'
            raise _fault(self.path, "uses a variable in a document of the old version", body.at, hint)
        return [text.replace("&{", "${") for text in listed]

    def _principals(self, name: str) -> list[tuple[str, list[str]]]:
        found = {}
        for block in self.block.blocks_of(name):
            kind = self._required(block, "type")
            identifiers = self._set(block.body, "identifiers")
            self._require(block, "identifiers")
            hashed = "".join(f"{one};" for one in _by_hash({f"{text};": text for text in identifiers}))
            found[f"identifiers:{{{hashed}}};type:{kind};"] = (kind, self._replaced(identifiers, block.body))
        return _by_hash(found)

    def _conditions(self) -> list[tuple[str, str, list[str]]]:
        found = {}
        for block in self.block.blocks_of("condition"):
            test, variable = self._required(block, "test"), self._required(block, "variable")
            values = _strings(self._require(block, "values"), _LIST, f"{self.path}.condition.values")
            hashed = "".join(f"{value};" for value in values)
            replaced = self._replaced(values, block.body)
            found[f"test:{test};values:({hashed});variable:{variable};"] = (test, variable, replaced)
        return _by_hash(found)

    def _required(self, block: Block, name: str) -> str:
        self._require(block, name)
        return _text(block.body, name, f"{self.path}.{block.type}")

    def _require(self, block: Block, name: str) -> Attribute:
        attribute = block.attribute(name)
        if attribute is None or attribute.value.is_null:
            raise _fault(f"{self.path}.{block.type}", f"has no {name}", block.at)
        return attribute


def _by_hash(found: Mapping[str, Any]) -> list[Any]:
    """The values in the provider's order of a set: by the digits of a checksum of what identifies each."""
    return [found[key] for key in sorted(found, key=lambda key: _checksum(key))]


def _checksum(text: str) -> str:
    return str(zlib.crc32(text.encode("utf-8", "surrogatepass")))


def _holders(blocks: Iterable[tuple[str, list[str]]]) -> Texts | dict[str, Texts] | None:
    listed = list(blocks)
    if listed == [("*", ["*"])]:
        return "*"
    found: dict[str, Texts] = {}
    for kind, names in listed:
        before = found.get(kind)
        if before is None:
            found[kind] = _single(names) or []
        else:
            found[kind] = [*([before] if isinstance(before, str) else before), *names]
    return dict(sorted(found.items()))


def _conditions(blocks: Iterable[tuple[str, str, list[str]]]) -> dict[str, dict[str, Texts]]:
    gathered: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in blocks:
        gathered.setdefault(test, {}).setdefault(variable, []).extend(values)
    return {
        test: {key: _single(one) or one for key, one in sorted(keys.items())} for test, keys in sorted(gathered.items())
    }


def _single(texts: list[str]) -> Texts | None:
    """One text stands for itself; none at all is left out."""
    return texts[0] if len(texts) == 1 else texts or None


def _text(body: Body, name: str, path: str) -> str:
    """An argument as text; empty when it is not stated."""
    attribute = body.attribute(name)
    if attribute is None or attribute.value.is_null:
        return ""
    try:
        return str(convert(attribute.value, STRING).raw)
    except ConversionError as problem:
        raise _fault(path, f"has a {name} that does not fit: {problem}", attribute.at) from None


def _strings(attribute: Attribute, kind: Type, path: str) -> list[str]:
    """A list or set of texts in its order."""
    try:
        value = convert(attribute.value, kind)
    except ConversionError as problem:
        raise _fault(path, f"does not fit: {problem}", attribute.at) from None
    parts = [part for _, part in value.elements()]
    if any(part.is_null for part in parts):
        raise _fault(path, "holds null", attribute.at)
    return [str(part.raw) for part in parts]


def _fault(path: str, what: str, at: Location, hint: str = "") -> Fault:
    return Fault(f"{path} {what}", at, hint, code=Code.PROVIDER_ARGUMENT)


def _shown(sid: str) -> str:
    return sid if re.fullmatch(r"[\w -]{1,60}", sid) else "that is the same"
