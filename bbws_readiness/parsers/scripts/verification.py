"""Tells what a script looks at when it runs, from the calls it makes and the answers it takes apart."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.tables import Streams, Table
from bbws_readiness.parsers.scripts.constants import Constants, constant
from bbws_readiness.parsers.scripts.index_names import index_names, member_of
from bbws_readiness.parsers.scripts.nodes import children_of, nodes_of
from bbws_readiness.source import Location, Source

CALLS = {
    "describe_table": "existence",
    "list_tables": "existence",
    "describe_continuous_backups": "recovery",
    "list_tags_of_resource": "tags",
    # Both wait until the table is ACTIVE, and fail when it does not become so.
    "table_exists": "status",
    "wait_until_exists": "status",
}
MEMBERS = {
    "TableStatus": "status",
    "table_status": "status",
    "KeySchema": "keys",
    "key_schema": "keys",
    "GlobalSecondaryIndexes": "indexes",
    "global_secondary_indexes": "indexes",
    "ContinuousBackupsDescription": "recovery",
    "PointInTimeRecoveryDescription": "recovery",
    "PointInTimeRecoveryStatus": "recovery",
    "StreamSpecification": "streams",
    "stream_specification": "streams",
    "StreamEnabled": "streams",
    "StreamViewType": "streams",
    "BillingModeSummary": "billing",
    "billing_mode_summary": "billing",
    "BillingMode": "billing",
}
ORDER = ("existence", "status", "keys", "indexes", "index-keys", "recovery", "streams", "billing", "tags")
STREAM_MEMBERS = ("StreamSpecification", "stream_specification", "StreamEnabled", "StreamViewType")
STREAM_VIEWS = ("NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY")
BILLING_MODES = ("PAY_PER_REQUEST", "PROVISIONED")
ENVIRONMENT_ARGUMENTS = frozenset({"environment", "env", "stage"})
_SPEAKING = frozenset({"print", "debug", "info", "warning", "error", "exception", "echo", "log"})


class Access(Struct, frozen=True):
    """A call of AWS or a member of its answer that the script uses."""

    word: str
    line: int
    node: ast.AST
    inside_index: bool = False
    """The member belongs to an index, not to the table."""


def accesses(module: ast.Module) -> tuple[Access, ...]:
    """Every access in the order of lines; members that are only printed are left out.

    In a function that is given both tables and indexes a member is accessed twice, once of each.
    """
    names = index_names(module)
    found = []
    walked = list(_walk(module))
    told = _only_told(walked)
    for node, printed in walked:
        printed = printed or id(node) in told
        for word in _called(node):
            found.append(Access(word, getattr(node, "lineno", 1), node))
        owner, member = member_of(node)
        if owner is not None and member in MEMBERS and not printed:
            line = getattr(node, "end_lineno", None) or 1
            found += [Access(member, line, node, inside) for inside in names.kinds(owner)]
    return tuple(sorted(found, key=lambda access: access.line))


def _walk(module: ast.Module) -> Iterator[tuple[ast.AST, bool]]:
    """Every node, and whether it only serves a message."""
    pending: list[tuple[ast.AST, bool]] = [(module, False)]
    while pending:
        node, printed = pending.pop()
        yield node, printed
        match node:
            case ast.JoinedStr():
                printed = True
            case ast.Call(ast.Name(name) | ast.Attribute(_, name)) if name in _SPEAKING:
                printed = True
        pending.extend((child, printed) for child in children_of(node))


def spoken(module: ast.Module) -> frozenset[int]:
    """The ids of all nodes inside of a call that prints or logs."""
    found: set[int] = set()
    pending: list[tuple[ast.AST, bool]] = [(module, False)]
    while pending:
        node, told = pending.pop()
        if told:
            found.add(id(node))
        match node:
            case ast.Call(ast.Name(name) | ast.Attribute(_, name)) if name in _SPEAKING:
                told = True
        pending.extend((child, told) for child in children_of(node))
    return frozenset(found)


def _only_told(walked: Iterable[tuple[ast.AST, bool]]) -> frozenset[int]:
    """The ids of values that are given a name which then only serves messages."""
    named: dict[str, list[int]] = {}
    used: set[str] = set()
    for node, printed in walked:
        match node:
            case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
                named.setdefault(name, []).append(id(value))
            case ast.Name(name, ast.Load()) if not printed:
                used.add(name)
    return frozenset(one for name, values in named.items() if name not in used for one in values)


def computed_member(module: ast.Module, source: Source) -> Location | None:
    """Where the script takes a member of a described table whose name it computes; None where it does not."""
    described = {name for node in nodes_of(module) for name in _described(node)}
    for node in nodes_of(module):
        match node:
            case ast.Subscript(ast.Name(name), key) | ast.Call(ast.Attribute(ast.Name(name), "get"), [key, *_]):
                if name in described and not isinstance(key, ast.Constant):
                    return source.at(node.lineno)
    return None


def _described(node: ast.AST) -> Iterator[str]:
    """The name that is given to the answer of `describe_table`, or to its table."""
    match node:
        case ast.Assign([ast.Name(name)], ast.Subscript(value) | (ast.Call() as value)):
            match value:
                case ast.Call(ast.Attribute(_, "describe_table")):
                    yield name


def _called(node: ast.AST) -> Iterator[str]:
    """The AWS operation that a call is, or that it names as `get_paginator("…")` does."""
    match node:
        case ast.Call(ast.Attribute(_, name)) if name in CALLS:
            yield name
        case ast.Call(ast.Attribute(_, "get_paginator" | "get_waiter"), [ast.Constant(str(name)), *_]) if name in CALLS:
            yield name


def verified(found: Sequence[Access], source: Source) -> tuple[Fact[str], ...]:
    """What is looked at, each once with its first line, in the order of `ORDER`; `index-keys` are keys of indexes."""
    first: dict[str, Location] = {}
    for access in found:
        word = CALLS.get(access.word) or MEMBERS[access.word]
        if word == "keys" and access.inside_index:
            word = "index-keys"
        first.setdefault(word, source.at(access.line))
    return tuple(Fact(word, first[word]) for word in ORDER if word in first)


class Demands:
    """What the script asks of every table alike, because its code and not its list says so."""

    def __init__(self, source: Source, constants: Constants, found: Sequence[Access]) -> None:
        self._source = source
        self._constants = constants
        self._found = found
        self._compared = self._comparisons()

    def put_on(self, table: Table) -> Table:
        """The table with the demands that its own entry does not speak of."""
        return replace(
            table,
            recovery=table.recovery or self._recovery,
            streams=table.streams or self._streams,
            billing_mode=table.billing_mode or self._billing,
        )

    def _comparisons(self) -> dict[str, int]:
        """Constants that anything is compared with, and the first line of each comparison."""
        found: dict[str, int] = {}
        for node in nodes_of(self._constants.module):
            if isinstance(node, ast.Compare):
                for side in (node.left, *node.comparators):
                    value = constant(self._constants.resolve(side).node)
                    if isinstance(value, str):
                        found.setdefault(value, side.lineno)
        return found

    def _first(self, *members: str) -> int | None:
        return next((access.line for access in self._found if access.word in members), None)

    @cached_property
    def _recovery(self) -> Fact[bool] | None:
        if self._first("PointInTimeRecoveryStatus", "describe_continuous_backups") is None:
            return None
        line = self._compared.get("ENABLED") or self._first("PointInTimeRecoveryStatus")
        return Fact(True, self._source.at(line)) if line else None

    @cached_property
    def _streams(self) -> Streams | None:
        line = self._first("StreamEnabled") or self._first("StreamSpecification", "stream_specification")
        if line is None:
            return None
        if self._hedged(STREAM_MEMBERS):
            reason = "the script asks about streams under a condition of its own"
            return Streams(Fact(Unknown(reason), self._source.at(line)))
        view = next((name for name in STREAM_VIEWS if name in self._compared), None)
        return Streams(
            Fact(True, self._source.at(line)), Fact(view, self._source.at(self._compared[view])) if view else None
        )

    def _hedged(self, members: Collection[str]) -> bool:
        """Whether a test of these members asks something else as well, or does something when they are set only."""
        nodes = {access.node for access in self._found if access.word in members}

        def asks(test: ast.expr) -> bool:
            return any(inner in nodes for inner in ast.walk(test))

        for branch in nodes_of(self._constants.module):
            if isinstance(branch, ast.If) and asks(branch.test):
                match branch.test:
                    case ast.BoolOp(ast.And(), parts) if not all(map(asks, parts)):
                        return True
                    case ast.Call() | ast.Subscript() | ast.Attribute() if not branch.orelse:
                        return True
        return False

    @cached_property
    def _billing(self) -> Fact[str] | None:
        mode = next((name for name in BILLING_MODES if name in self._compared), None)
        return Fact(mode, self._source.at(self._compared[mode])) if mode else None


def takes_environment(module: ast.Module) -> bool:
    """Whether a command-line argument (argparse, click, typer) or `sys.argv` gives the environment."""
    for node in nodes_of(module):
        match node:
            case ast.Call(ast.Attribute(_, "add_argument" | "option" | "argument"), arguments):
                if any(_names_environment(constant(argument)) for argument in arguments):
                    return True
            case ast.Assign([ast.Name(name)], ast.Subscript(ast.Attribute(ast.Name("sys"), "argv"))):
                if _names_environment(name):
                    return True
    return False


def _names_environment(argument: object) -> bool:
    return isinstance(argument, str) and argument.lstrip("-").lower() in ENVIRONMENT_ARGUMENTS


def imports(module: ast.Module, source: Source) -> tuple[Fact[str], ...]:
    """Every module that is imported, in the order of the tree."""
    found: list[Fact[str]] = []
    for node in nodes_of(module):
        match node:
            case ast.Import(names):
                found += [Fact(one.name, source.at(node.lineno)) for one in names]
            case ast.ImportFrom(name, names, level):
                named = [name] if name else [one.name for one in names]
                found += [Fact("." * (level or 0) + one, source.at(node.lineno)) for one in named]
    return tuple(found)


def region_argument(module: ast.Module, source: Source) -> Fact[str] | None:
    """A region written straight into a client or session, when no constant holds it."""
    for node in nodes_of(module):
        if isinstance(node, ast.keyword) and node.arg == "region_name" and isinstance(constant(node.value), str):
            return Fact(str(constant(node.value)), source.at(node.value.lineno, node.value.col_offset + 1))
    return None
