"""Whether the commands of plan and README ask DynamoDB for keys, indexes and attributes that the tables have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.checks.commands.said import Said, answered, said_commands
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.plan_commands import TableUse
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.source import SourceKind

_SHELL = "what it gives is known in part to the shell only"


def wrong_test_data(question: Question) -> CheckResult:
    """CMD004: one answer per document, operation and table."""
    model = question.model
    if model.terraform_tables is None and model.schemas is None:
        return question.not_applicable("neither Terraform nor schemas describe tables")
    nothing = "no command of plan or README gives keys, items or indexes of a table that is declared"
    return answered(question, _answers(model), nothing)


def _answers(model: Model) -> Iterator[Observation]:
    for said in said_commands(model):
        use = said.command.table
        if use is None or len(said.command.words) < 3 or said.command.words[1] != "dynamodb":
            continue
        if not (use.has_key or use.has_item or use.index or use.queried or use.unaliased):
            continue
        operation = said.command.words[2]
        if not use.tables:
            reason = "which table it is about is known only to the shell"
            yield undetermined(f"{said.kind}: {operation}", Undetermined(reason, said.command.at))
        for name in use.tables:
            # A table that nobody declares is an issue of its own (TBL001, NAM001).
            if table := _table(model, name.or_none() or ""):
                yield _answer(said, use, table, f"{said.kind}: {operation} on {name.or_none()}")


def _table(model: Model, name: str) -> Table | None:
    """The table of that name: as declared here, else under the name of another environment."""
    kind = SourceKind.TERRAFORM if model.terraform_tables is not None else SourceKind.SCHEMAS
    tables = model.tables_of(kind) or ()
    stem, dash, last = name.rpartition("-")
    logical = stem if dash and last in model.environments else name
    exact = next((table for table in tables if table.full_name.or_none() == name), None)
    return exact or next((table for table in tables if table.name == logical), None)


def _answer(said: Said, use: TableUse, table: Table, subject: str) -> Observation:
    at = said.command.at
    problems: list[str] = []
    unknown: Undetermined | None = None
    for part in (_keys, _item, _index, _queried):
        try:
            problems += part(use, table)
        except Undetermined as found:
            unknown = unknown or found
    problems += [f"{word} is reserved" for word in use.unaliased if _is_reserved(word)]
    if problems:
        told = "; ".join(problems)
        values = {"where": said.where, "problems": told}
        declared = (Related(table.at, f"{table.name} as it is declared"),)
        return Observation(Outcome.FAIL, subject, at, values, _wanted(table), told, related=declared)
    if unknown:
        return undetermined(subject, unknown)
    if use.partly or any(name.startswith("#") for name in use.queried):
        return undetermined(subject, Undetermined(_SHELL, at))
    return Observation(Outcome.PASS, subject, at, {"where": said.where, "table": table.name})


def _wanted(table: Table) -> str:
    names = [key.name.or_none() or "?" for key in (table.partition_key, table.sort_key) if key]
    return f"key {', '.join(names)}"


def _names(*keys: Key | None) -> list[str]:
    """The names of keys, in order; raises `Undetermined` when one is unknown."""
    return [key.name.get() for key in keys if key is not None]


def _table_key(table: Table) -> list[str]:
    names = _names(table.partition_key, table.sort_key)
    if not names:
        raise Undetermined(f"the key of {table.name} is not told", table.at)
    return names


def _keys(use: TableUse, table: Table) -> Iterator[str]:
    """`--key` is the whole key and nothing else."""
    if not use.has_key:
        return
    wanted = _table_key(table)
    wrong = [name for name in use.key if name not in wanted]
    lacking = [name for name in wanted if name not in use.key and not use.partly]
    if wrong or lacking:
        yield f"key {', '.join(use.key) or 'without attributes'}; table key is {', '.join(wanted)}"


def _item(use: TableUse, table: Table) -> Iterator[str]:
    """`--item` holds the whole key."""
    if use.has_item and not use.partly:
        lacking = [name for name in _table_key(table) if name not in use.item]
        if lacking:
            yield f"item without {', '.join(lacking)}; table key is {', '.join(_table_key(table))}"


def _index(use: TableUse, table: Table) -> Iterator[str]:
    if use.index and table.indexes is not None:
        known = [index.name for index in table.all_indexes]
        if use.index.or_none() not in [name.or_none() for name in known]:
            names = [name.get() for name in known]
            yield f"index {use.index.get()} is not declared (declared: {listed(names)})"


def _queried(use: TableUse, table: Table) -> Iterator[str]:
    """A key condition compares the keys of the table or the index, the partition key among them."""
    compared = [name for name in use.queried if not name.startswith("#")]
    if not compared:
        return
    owner, keys = table.name, _table_key(table)
    if use.index:
        index = _named(table.all_indexes, use.index)
        if index is None:
            return
        owner = f"index {use.index.get()}"
        # The partition key of a local index is that of its table.
        keys = _names(index.partition_key or table.partition_key, index.sort_key)
    wrong = [name for name in compared if name not in keys]
    if wrong:
        yield f"condition on {', '.join(wrong)}; the key of {owner} is {', '.join(keys)}"
    elif keys and keys[0] not in compared and len(compared) == len(use.queried):
        yield f"no condition on {keys[0]}, the partition key of {owner}"


def _named(indexes: Sequence[Index], name: Fact[str]) -> Index | None:
    return next((index for index in indexes if index.name.or_none() == name.or_none()), None)


def _is_reserved(word: str) -> bool:
    from bbws_readiness.checks.tables.reserved_words import RESERVED

    return word.upper() in RESERVED
