"""Reads the tables, indexes and tags that a script expects from its module-level constants."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.tables import Index, Key, Streams, Table, logical_name
from bbws_readiness.parsers.scripts.built_names import BuiltNames
from bbws_readiness.parsers.scripts.constants import Constants, constant, described
from bbws_readiness.source import Source

NAME = ("name", "tablename", "table")
PARTITION_KEY = ("partitionkey", "hashkey", "pk", "hash", "partition")
SORT_KEY = ("sortkey", "rangekey", "sk", "range", "sort")
KEYS = ("keys", "keyschema", "primarykey", "key")
INDEXES = ("gsis", "gsi", "indexes", "indices", "globalsecondaryindexes", "indexnames", "gsinames", "expectedgsis")
INDEX_NAME = ("name", "indexname", "gsiname")
INDEX_COUNT = ("indexcount", "gsicount", "expectedgsicount", "expectedindexcount")
STREAMS = ("streams", "stream", "streamenabled", "streamsenabled")
RECOVERY = ("recovery", "pitr", "pitrenabled", "pointintimerecovery")
VIEW_TYPE = ("streamviewtype", "viewtype")
RECOVERY_DAYS = ("recoverydays", "recoveryperiodindays")
BILLING = ("billingmode", "billing", "capacitymode")
TAGS = ("tags",)
PROJECTION = ("projection", "projectiontype")
TYPE = ("type", "attributetype")

Members = dict[str, tuple[ast.expr, ast.expr | None]]


class Expectations:
    """The expectations of one script; spellings of the members are compared without case, `_` and `-`."""

    def __init__(self, source: Source, constants: Constants, environments: Sequence[str]) -> None:
        self._source = source
        self._constants = constants
        self._environments = tuple(environments)
        self._built = BuiltNames(constants)
        self._unknown: list[Fact[str]] = []
        self._tables: dict[str, Table] = {}
        self.required_tags: tuple[Fact[str], ...] = ()
        self.counts: tuple[Fact[int], ...] = ()
        # Tables come first: a list of indexes by table name adds to them, wherever it stands.
        for name, node in sorted(constants.bound.items(), key=lambda bound: _subject(bound[0]) == "indexes"):
            match _subject(name):
                case "tables":
                    self._read_tables(name, node)
                case "indexes":
                    self._read_indexes(node)
                case "tags":
                    self._read_tags(name, node)
                case "counts":
                    self._read_count(node)
        self.tables = tuple(self._tables.values())
        self.not_constant = tuple(self._unknown)

    @property
    def found(self) -> bool:
        """Whether any table is expected, be it a computed one."""
        return bool(self._tables or self._unknown)

    def _read_tables(self, name: str, node: ast.expr) -> None:
        """A list of dicts or names, or a dict by table name; a single text or number is something else."""
        found = self._constants.named(name)
        if found is None or isinstance(found.node, ast.Constant):
            return
        elements = None if found.problem else self._constants.elements(node)
        entries = None if found.problem or elements is not None else self._constants.entries(node)
        if elements is not None:
            for element in elements:
                self._read_element(element)
        elif isinstance(found.node, ast.Dict) and entries is not None:
            if _member(entries, NAME) is not None:
                self._read_element(node)
                return
            for key, (value, key_node) in entries.items():
                self._read_keyed(key, key_node or value, value)
        elif found.problem or "EXPECTED" in name.upper() or name.upper().endswith("TABLES"):
            self._not_constant(node, f"{name}: {found.problem or described(found.node)}")

    def _read_element(self, node: ast.expr) -> None:
        if isinstance(constant(self._constants.resolve(node).node), str):
            self._add(self._constants.text(node), {})
            return
        members = self._constants.entries(node)
        name = _member(members or {}, NAME)
        if members is None or name is None:
            self._not_constant(node, "a table whose description is computed when the script runs")
            return
        self._add(self._constants.text(name), members)

    def _read_keyed(self, key: str, key_node: ast.expr, value: ast.expr) -> None:
        """`"tenants": {…}` or `"tenants": ["EmailIndex", …]`."""
        name = Fact(key, self._source.at(key_node.lineno, key_node.col_offset + 1))
        members = self._constants.entries(value)
        if members is None and self._constants.elements(value) is not None:
            members = {"indexes": (value, None)}
        if members is None:
            self._not_constant(value, f"the description of {key} is computed when the script runs")
        self._add(name, members or {})

    def _add(self, name: Fact[str], members: Members) -> None:
        if isinstance(name.value, Unknown):
            self._unknown.append(name)
            return
        partition, sort = self._keys(members)
        logical = logical_name(name.value, self._environments)
        streams = self._flag(members, STREAMS)
        billing, view = _member(members, BILLING), _member(members, VIEW_TYPE)
        table = Table(
            name=logical,
            full_name=self._built.of(name) if logical == name.value else name,
            at=name.at,
            partition_key=partition,
            sort_key=sort,
            speaks_of_keys=partition is not None,
            indexes=self._indexes(members),
            index_count=self._number(members, INDEX_COUNT),
            billing_mode=self._constants.text(billing).map(_billing) if billing else None,
            recovery=self._flag(members, RECOVERY),
            recovery_days=self._number(members, RECOVERY_DAYS),
            streams=Streams(streams, self._constants.text(view) if view else None) if streams else None,
            tags=self._tags(members),
        )
        self._tables.setdefault(logical, table)

    def _keys(self, members: Members) -> tuple[Key | None, Key | None]:
        """Partition and sort key, written beside the name or inside `keys`, as a dict or a pair."""
        inner = _member(members, KEYS)
        if inner is not None and _member(members, PARTITION_KEY) is None:
            pair = self._constants.elements(inner)
            if pair is not None and 0 < len(pair) <= 2:
                return self._key(pair[0]), self._key(pair[1]) if len(pair) == 2 else None
            members = self._constants.entries(inner) or {}
        return self._key(_member(members, PARTITION_KEY)), self._key(_member(members, SORT_KEY))

    def _key(self, node: ast.expr | None) -> Key | None:
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return None
        members = self._constants.entries(node)
        if members and (name := _member(members, ("name", "attributename", "attribute"))):
            kind = _member(members, TYPE)
            return Key(self._constants.text(name), self._constants.text(kind) if kind else None)
        pair = self._constants.elements(node)
        if pair and len(pair) == 2:
            return Key(self._constants.text(pair[0]), self._constants.text(pair[1]))
        return Key(self._constants.text(node))

    def _indexes(self, members: Members) -> tuple[Index, ...] | None:
        node = _member(members, INDEXES)
        if node is None:
            return None
        listed = self._constants.elements(node)
        if listed is not None:
            return tuple(self._index(element) for element in listed)
        by_name = self._constants.entries(node)
        if by_name is None:
            self._not_constant(node, "index names that are computed when the script runs")
            return None
        return tuple(self._keyed_index(name, key or value, value) for name, (value, key) in by_name.items())

    def _tags(self, members: Members) -> dict[str, Fact[str]] | None:
        """The tags of one table, key by key; a list of keys alone says nothing of a single table."""
        node = _member(members, TAGS)
        tags = self._constants.entries(node) if node else None
        return {key: self._constants.text(value) for key, (value, _) in tags.items()} if tags else None

    def _index(self, node: ast.expr) -> Index:
        members = self._constants.entries(node)
        name = _member(members or {}, INDEX_NAME)
        if members is None or name is None:
            text = self._constants.text(node)
            if not text.known:
                self._unknown.append(text)
            return Index(text, text.at)
        return self._with_keys(self._constants.text(name), members)

    def _keyed_index(self, name: str, key: ast.expr, value: ast.expr) -> Index:
        fact = Fact(name, self._source.at(key.lineno, key.col_offset + 1))
        members = self._constants.entries(value)
        pair = self._constants.elements(value)
        if members is None and pair and len(pair) <= 2:
            sort = self._key(pair[1]) if len(pair) == 2 else None
            return Index(fact, fact.at, self._key(pair[0]), sort, speaks_of_keys=True)
        return self._with_keys(fact, members or {})

    def _with_keys(self, name: Fact[str], members: Members) -> Index:
        partition, sort = self._keys(members)
        projection = _member(members, PROJECTION)
        return Index(
            name,
            name.at,
            partition,
            sort,
            self._constants.text(projection) if projection else None,
            speaks_of_keys=partition is not None,
        )

    def _read_indexes(self, node: ast.expr) -> None:
        """`EXPECTED_INDEXES = {"tenants": […]}` beside a plain list of tables, or `INDEX_KEYS = {"ByEmail": […]}`."""
        found = self._constants.resolve(node).node
        members = self._constants.entries(node) if isinstance(found, ast.Dict) else None
        for key, (value, key_node) in (members or {}).items():
            logical = logical_name(key, self._environments)
            if self._names_an_index(key):
                self._add_index_keys(self._keyed_index(key, key_node or value, value))
            elif logical not in self._tables:
                self._read_keyed(key, key_node or value, value)
            elif self._tables[logical].indexes is None:
                indexes = self._indexes({"indexes": (value, None)})
                self._tables[logical] = replace(self._tables[logical], indexes=indexes)

    def _names_an_index(self, name: str) -> bool:
        return any(index.name.or_none() == name for table in self._tables.values() for index in table.indexes or ())

    def _add_index_keys(self, described: Index) -> None:
        """Gives the keys to the index of that name, of whatever table, where nothing was said of them."""
        for logical, table in self._tables.items():
            indexes = tuple(
                described if index.name.or_none() == described.name.or_none() and not index.speaks_of_keys else index
                for index in table.indexes or ()
            )
            if table.indexes:
                self._tables[logical] = replace(table, indexes=indexes)

    def _read_tags(self, name: str, node: ast.expr) -> None:
        listed = self._constants.elements(node)
        if listed is None and (members := self._constants.entries(node)):
            listed = [key for _, key in members.values() if key is not None]
        if listed is not None:
            self.required_tags += tuple(self._constants.text(element) for element in listed)
        elif not isinstance(self._constants.resolve(node).node, ast.Constant):
            self._not_constant(node, f"{name} is computed when the script runs")

    def _read_count(self, node: ast.expr) -> None:
        if fact := self._whole(node):
            self.counts += (fact,)

    def _number(self, members: Members, spellings: tuple[str, ...]) -> Fact[int] | None:
        node = _member(members, spellings)
        return self._whole(node) if node else None

    def _whole(self, node: ast.expr) -> Fact[int] | None:
        found = self._constants.resolve(node)
        value = constant(found.node)
        if found.problem or not isinstance(value, int) or isinstance(value, bool):
            return None
        return Fact(value, self._source.at(node.lineno, node.col_offset + 1), found.via)

    def _flag(self, members: Members, spellings: tuple[str, ...]) -> Fact[bool] | None:
        node = _member(members, spellings)
        return self._constants.flag(node) if node else None

    def _not_constant(self, node: ast.expr, reason: str) -> None:
        self._unknown.append(Fact(Unknown(reason), self._source.at(node.lineno, node.col_offset + 1)))


def _subject(name: str) -> str:
    """What a constant is about, by the words of its name; the empty string for anything else."""
    words = set(name.upper().split("_"))
    if "COUNT" in words:
        return "counts"
    if words & {"TAG", "TAGS"}:
        return "tags"
    if words & {"INDEX", "INDEXES", "INDICES", "GSI", "GSIS"}:
        return "indexes"
    return "tables" if words & {"TABLE", "TABLES"} else ""


def _member(members: Members, spellings: tuple[str, ...]) -> ast.expr | None:
    """The value under the first of the spellings that the dict has."""
    plain = {name.lower().replace("_", "").replace("-", ""): value for name, (value, _) in members.items()}
    return next((plain[spelling] for spelling in spellings if spelling in plain), None)


def _billing(text: str) -> str:
    upper = text.upper().replace("-", "_")
    return "PAY_PER_REQUEST" if upper == "ON_DEMAND" else upper
