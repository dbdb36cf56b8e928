"""Reads one table schema in JSON, with the place of every statement."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.tables import Attribute, BackupTerms, Index, Key, Streams, Table, logical_name
from bbws_readiness.parsers.plain_json import read_plain_json
from bbws_readiness.patterns import regex
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.source import Location, Source

MAX_DEPTH = 64
"""Brackets nested deeper than this are refused before anything recurses into them."""

BILLING_MODES: Final[Mapping[str, str]] = MappingProxyType(
    {"ON_DEMAND": "PAY_PER_REQUEST", "PAY_PER_REQUEST": "PAY_PER_REQUEST", "PROVISIONED": "PROVISIONED"}
)
OTHER_MEMBERS = ("attributes", "globalSecondaryIndexes", "capacityMode", "pitr", "streams")
"""What a file without name and key must have to count as a table schema at all."""
PROJECTIONS = ("ALL", "KEYS_ONLY", "INCLUDE")
TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("S", "STRING", "STR", "TEXT"), "S"),
        **dict.fromkeys(("N", "NUMBER", "INTEGER", "INT", "LONG", "FLOAT", "DOUBLE", "DECIMAL"), "N"),
        **dict.fromkeys(("B", "BINARY", "BYTES"), "B"),
        **dict.fromkeys(("BOOL", "BOOLEAN"), "BOOL"),
        **dict.fromkeys(("L", "LIST", "ARRAY"), "L"),
        **dict.fromkeys(("M", "MAP", "OBJECT"), "M"),
        **dict.fromkeys(("SS", "STRING_SET"), "SS"),
        **dict.fromkeys(("NS", "NUMBER_SET"), "NS"),
        **dict.fromkeys(("BS", "BINARY_SET"), "BS"),
        "NULL": "NULL",
    }
)
"""What schemas call the types of DynamoDB; any other word stays as it is."""
DIALECTS = ("http://json-schema.org/", "https://json-schema.org/")
STREAM_VIEWS = ("NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY")


def parse_schema(source: Source, *, environments: Sequence[str]) -> tuple[Table | None, tuple[Diagnostic, ...]]:
    """The table that `source` describes, and what is wrong with the file.

    A file that is not JSON yields no table and one diagnostic; JSON that describes something else yields nothing. A
    field of the wrong shape yields a diagnostic and an unknown fact, and the rest is read. A schema lists its indexes
    completely: without that member there are none. `environments` are the names that a table name may end with and
    that one set of backup terms stands for.
    """
    document = read_plain_json(source, max_depth=MAX_DEPTH) or _read_closely(source)
    if isinstance(document, Diagnostic):
        return None, (document,)
    if document.shape != "mapping":
        return None, (_error("a table schema is a JSON object", document.at, "wrap it in { }"),)
    if document.get("tableName") is None and document.get("primaryKey") is None:
        if not any(document.get(member) for member in OTHER_MEMBERS):
            return None, ()
        return None, (_error("the schema has neither tableName nor primaryKey", document.at, "add both"),)
    reading = _Reading(source, tuple(environments))
    table = reading.table(document)
    return table, tuple(reading.diagnostics)


def _read_closely(source: Source) -> Node | Diagnostic:
    """The document, or the first thing that is wrong with the file."""
    return _not_json(source) or read_yaml(
        replace(source, text=_without_surrogate_pairs(source.text)), max_depth=MAX_DEPTH
    )


def _not_json(source: Source) -> Diagnostic | None:
    """Why the text is no JSON document that may be read on, or None when it is one."""
    text = source.text
    if not text.strip():
        return _error(
            "the file is empty", source.at(1), "write the table schema, or remove the file", code=Code.EMPTY_FILE
        )
    if text.startswith("version https://git-lfs.github.com/spec/"):
        return _error(
            "a Git LFS pointer stands in place of the schema",
            source.at(1),
            "fetch it: git lfs pull",
            code=Code.LFS_POINTER,
        )
    depth = 0
    for word, offset in _bare_words(text):
        if word in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                return _error(
                    f"nesting deeper than {MAX_DEPTH}", _place(source, offset), "flatten the file", code=Code.YAML_DEPTH
                )
        elif word in "}]":
            depth -= 1
        elif word.lstrip("-") in ("NaN", "Infinity"):
            return _error(
                f"{word} is not a JSON number", _place(source, offset), "write a number or null", code=Code.JSON_NUMBER
            )
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        return _error(*_explain(source, error.pos), code=Code.JSON)
    return None


_BARE_WORD = regex(r'"(?:[^"\\\n]|\\.)*+"?|(?P<word>[{}\[\]]|-?[A-Za-z]+)')


def _bare_words(text: str) -> Iterator[tuple[str, int]]:
    """Brackets and unquoted words with their offsets."""
    for match in _BARE_WORD.finditer(text):
        if word := match["word"]:
            yield word, match.start("word")


def _explain(source: Source, offset: int) -> tuple[str, Location, str]:
    """What breaks the JSON at `offset`, in words that say what to change."""
    text, at = source.text, _place(source, min(offset, len(source.text) - 1))
    before = text[:offset].rstrip()
    if text[offset : offset + 1] in ("}", "]") and before.endswith(","):
        return "not valid JSON: a comma before the closing bracket", at, "remove the comma"
    if before.endswith(",") and text[offset : offset + 1] == '"':
        return "not valid JSON: a comma before the closing bracket", at, "remove the comma"
    if not text[offset:].strip():
        return "not valid JSON: the file ends too early", at, "close every quote and bracket"
    if text.lstrip()[:1] not in ("{", "["):
        return "not valid JSON: the file starts with something else than { or [", at, "YAML is not accepted here"
    if text.startswith(("#", "//", "/*"), offset):
        return "not valid JSON: JSON has no comments", at, "remove the comment"
    return "not valid JSON", at, "check commas, quotes and brackets before this place"


def _place(source: Source, offset: int) -> Location:
    return source.at(source.text.count("\n", 0, offset) + 1, offset - source.text.rfind("\n", 0, offset))


_SURROGATE_PAIR = regex(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _without_surrogate_pairs(text: str) -> str:
    """The same JSON with `\\ud83d\\ude00` written as one escape, because YAML knows no surrogates."""

    def join(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"

    return _SURROGATE_PAIR.sub(join, text)


_PLACEHOLDER = regex(r"\$?\{[^{}]*\}|<[^<>]*>")


class _Reading:
    """Turns nodes into facts and gathers what is wrong with them."""

    def __init__(self, source: Source, environments: tuple[str, ...]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._source = source
        self._environments = environments

    def table(self, document: Node) -> Table:
        self._refuse_outer_references(document)
        full_name = self._text(document, "tableName") or self._missing("tableName", document)
        primary = self._mapping(document, "primaryKey")
        return Table(
            name=logical_name(full_name.or_none() or self._file_stem(), self._environments),
            full_name=full_name,
            at=full_name.at,
            partition_key=self._key(primary, "partitionKey") if primary else None,
            sort_key=self._key(primary, "sortKey") if primary else None,
            speaks_of_keys=primary is not None and primary.get("partitionKey") is not None,
            attributes=self._attributes(document),
            indexes=self._indexes(document, "globalSecondaryIndexes"),
            local_indexes=self._indexes(document, "localSecondaryIndexes") or (),
            billing_mode=self._word(document, "capacityMode", BILLING_MODES),
            recovery=self._flag(self._mapping(document, "pitr"), "enabled"),
            streams=self._streams(document),
            tags=self._tags(document),
            backups=MappingProxyType(self._backups(document)),
        )

    def _file_stem(self) -> str:
        """What stands in for a name that the schema does not give."""
        return self._source.path.rsplit("/", 1)[-1].removesuffix(".json").removesuffix(".schema")

    def _attributes(self, document: Node) -> tuple[Attribute, ...] | None:
        """None without that member. What is no attribute is one of unknown name: the list is not whole then."""
        member = document.get("attributes")
        if member is None:
            return None
        nodes = self._list(document, "attributes")
        if nodes is None:
            return (Attribute(Fact(Unknown("attributes is not a list"), member.at)),)
        found = []
        for node in nodes:
            if node.shape != "mapping":
                found.append(Attribute(self._wrong("attributes", "a list of objects", node)))
                continue
            name = self._text(node, "name") or self._missing("name", node)
            required, pattern = self._flag(node, "required"), self._text(node, "pattern")
            found.append(Attribute(name, self._type(node), required, pattern))
        return tuple(found)

    def _type(self, owner: Node) -> Fact[str] | None:
        """The type in DynamoDB's letters where the schema's word for it is known."""
        fact = self._text(owner, "type")
        return fact and fact.map(lambda word: TYPES.get(word.upper().replace("-", "_").replace(" ", "_"), word))

    def _indexes(self, document: Node, member: str) -> tuple[Index, ...] | None:
        if document.get(member) is None:
            return ()
        nodes = self._list(document, member)
        if nodes is None:
            return None
        return tuple(self._index(node, member) for node in nodes)

    def _index(self, node: Node, member: str) -> Index:
        if node.shape != "mapping":
            return Index(self._wrong(member, "a list of objects", node), node.at)
        return Index(
            name=self._text(node, "indexName") or self._missing("indexName", node),
            at=node.at,
            partition_key=self._key(node, "partitionKey"),
            sort_key=self._key(node, "sortKey"),
            projection=self._word(node, "projectionType", {word: word for word in PROJECTIONS}),
            speaks_of_keys=node.get("partitionKey") is not None,
            included=self._included(node),
        )

    def _included(self, node: Node) -> Fact[frozenset[str]] | None:
        listed = node.get("nonKeyAttributes")
        if listed is None or (listed.shape == "scalar" and listed.content is None):
            return None
        if listed.shape == "sequence" and all(isinstance(one.content, str) for one in listed.elements()):
            return Fact(frozenset(one.raw for one in listed.elements()), listed.at)
        return Fact(self._unknown("nonKeyAttributes", "a list of names", listed), listed.at)

    def _key(self, owner: Node, member: str) -> Key | None:
        """A key given as an object or as a plain name; None when it is null or absent."""
        node = owner.get(member)
        if node is None or (node.shape == "scalar" and node.content is None):
            return None
        if node.shape == "mapping":
            name = self._text(node, "name") or self._missing(f"{member}.name", node)
            return Key(name, self._type(node), self._text(node, "pattern"))
        return Key(self._text(owner, member) or self._missing(member, owner))

    def _streams(self, document: Node) -> Streams | None:
        node = self._mapping(document, "streams")
        if node is None:
            return None
        enabled = self._flag(node, "enabled")
        if enabled is None:
            enabled = Fact(self._absent("streams.enabled", node), node.at)
        return Streams(enabled, self._word(node, "viewType", {word: word for word in STREAM_VIEWS}))

    def _tags(self, document: Node) -> Mapping[str, Fact[str]] | None:
        node = self._mapping(document, "tags")
        if node is None:
            return None
        tags = {}
        for key, value in node.pairs():
            fact = self._text(node, key.raw)
            if fact is None:
                fact = Fact(Unknown(f"the tag {key.raw} is null"), value.at)
            elif _PLACEHOLDER.search(fact.or_none() or ""):
                fact = Fact(Unknown(f"{value.raw} is a placeholder, filled in per environment"), fact.at)
            tags[key.raw] = fact
        return MappingProxyType(tags)

    def _backups(self, document: Node) -> dict[str, BackupTerms]:
        """Per environment; terms written without an environment hold for every known one."""
        node = self._mapping(document, "backup")
        if node is None:
            return {}
        if node.get("frequency") or node.get("retention"):
            terms = self._terms(node)
            return dict.fromkeys(self._environments, terms)
        found = {}
        for key, value in node.pairs():
            if value.shape == "mapping":
                found[key.raw.lower()] = replace(self._terms(value), at=key.at)
            elif value.content is not None:
                self._unknown(f"backup.{key.raw}", "an object", value)
        return found

    def _terms(self, node: Node) -> BackupTerms:
        return BackupTerms(
            node.at, self._text(node, "frequency"), self._number(node, "retention"), self._flag(node, "crossRegion")
        )

    def _mapping(self, owner: Node, member: str) -> Node | None:
        node = owner.get(member)
        if node is None or (node.shape == "scalar" and node.content is None):
            return None
        if node.shape != "mapping":
            self._unknown(member, "an object", node)
            return None
        return node

    def _list(self, owner: Node, member: str) -> tuple[Node, ...] | None:
        node = owner.get(member)
        if node is None:
            return None
        if node.shape != "sequence":
            self._unknown(member, "a list", node)
            return None
        return tuple(node.elements())

    def _text(self, owner: Node, member: str) -> Fact[str] | None:
        node = owner.get(member)
        if node is None or (node.shape == "scalar" and node.content is None):
            return None
        if isinstance(node.content, str) and node.raw.strip():
            return Fact(node.raw, node.at)
        return self._wrong(member, "text", node)

    def _word(self, owner: Node, member: str, words: Mapping[str, str]) -> Fact[str] | None:
        """One of a few words, whatever its case and separators, as `words` spells it."""
        fact = self._text(owner, member)
        if fact is None or isinstance(fact.value, Unknown):
            return fact
        known = words.get(fact.value.upper().replace("-", "_").replace(" ", "_"))
        if known is None:
            return self._wrong(member, "one of " + ", ".join(words), owner.get(member) or owner)
        return Fact(known, fact.at)

    def _flag(self, owner: Node | None, member: str) -> Fact[bool] | None:
        node = owner.get(member) if owner else None
        if node is None:
            return None
        if isinstance(node.content, bool):
            return Fact(node.content, node.at)
        return Fact(self._unknown(member, "true or false", node), node.at)

    def _number(self, owner: Node, member: str) -> Fact[int] | None:
        node = owner.get(member)
        if node is None:
            return None
        if isinstance(node.content, int) and not isinstance(node.content, bool) and node.content >= 0:
            return Fact(node.content, node.at)
        return Fact(self._unknown(member, "a whole number", node), node.at)

    def _missing(self, member: str, owner: Node) -> Fact[str]:
        return Fact(self._absent(member, owner), owner.at)

    def _absent(self, member: str, owner: Node) -> Unknown:
        self.diagnostics.append(_error(f"{member} is missing", owner.at, "add it"))
        return Unknown(f"{member} is missing")

    def _wrong(self, member: str, wanted: str, node: Node) -> Fact[str]:
        return Fact(self._unknown(member, wanted, node), node.at)

    def _unknown(self, member: str, wanted: str, node: Node) -> Unknown:
        self.diagnostics.append(_error(f"{member} must be {wanted}", node.at, f"write {wanted}"))
        return Unknown(f"{member} is not {wanted}")

    def _refuse_outer_references(self, document: Node) -> None:
        """A `$ref` that leaves the document is reported, because nothing is ever fetched; so is a foreign `$schema`."""
        dialect = document.get("$schema")
        if dialect and not (dialect.text or "").startswith(DIALECTS):
            summary = "$schema names no JSON Schema that is known; nothing is fetched"
            self.diagnostics.append(
                Diagnostic(DiagnosticSeverity.WARNING, summary, dialect.at, code=Code.SCHEMA_REFERENCE)
            )
        text = self._source.text
        pending = [document] if '"$ref"' in text or "\\u" in text else []
        while pending:
            node = pending.pop()
            reference = node.get("$ref") if node.shape == "mapping" else None
            if reference and reference.text and not reference.text.startswith("#"):
                self.diagnostics.append(
                    _error("$ref outside this document is not fetched", reference.at, code=Code.SCHEMA_REFERENCE)
                )
            within = (*node.elements(), *(value for _, value in node.pairs()))
            pending.extend(value for value in within if value.shape != "scalar")


def _error(summary: str, at: Location, detail: str = "", *, code: Code = Code.TABLE_SCHEMA) -> Diagnostic:
    return Diagnostic(DiagnosticSeverity.ERROR, summary, at, detail, code=code)
