"""Asks a source of the model what it says about a noun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from bbws_readiness.config import Config
from bbws_readiness.decisions.claims.said import Noun, Said, Stated, Subject
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.model.tables import BackupTerms, Count, Index, Key, Table
from bbws_readiness.source import Location, SourceKind

_OF_TABLES = frozenset({Noun.TABLES, Noun.INDEXES, Noun.KEYS, Noun.RECOVERY, Noun.STREAMS, Noun.ENCRYPTION, Noun.NAMES})


def ask(kind: SourceKind, noun: Noun, model: Model) -> Said:
    """What the source says; a silent `Said` when it is not there or does not speak of the noun."""
    return ask_all(kind, noun, model)[0]


def ask_all(kind: SourceKind, noun: Noun, model: Model) -> tuple[Said, ...]:
    """The same from every file of a source that has several voices: the chosen validation script, then the others."""
    whole = kind not in model.unread
    if noun in _OF_TABLES:
        return tuple(
            replace(_about_tables(kind, noun, tables, model), whole=whole) for tables in _table_lists(kind, model)
        )
    answers = {
        Noun.BACKUPS: _backups,
        Noun.ENVIRONMENTS: _environments,
        Noun.OUTPUTS: _outputs,
        Noun.WORKFLOWS: _workflows,
    }
    return (replace(answers[noun](kind, model), whole=whole),)


def in_force(noun: Noun, model: Model, config: Config) -> SourceKind:
    """Who is asked when a claim names no source: the facet's first authority that speaks, else what is deployed."""
    for kind in config.authority_of(noun.facet):
        if not ask(kind, noun, model).silent:
            return kind
    return SourceKind.WORKFLOWS if noun is Noun.WORKFLOWS else SourceKind.TERRAFORM


def known_tables(model: Model) -> frozenset[str]:
    """Every name that any source gives to a table, logical and full."""
    names = {table.name for one in model.compared_tables() for table in one.sides.values()}
    full = {table.full_name.or_none() for one in model.compared_tables() for table in one.sides.values()}
    return frozenset(names | {name for name in full if name})


def logical_name(name: str, model: Model) -> str | None:
    """The logical name of a table that is called by it or by a full name; None when no source has such a table."""
    for one in model.compared_tables():
        if name == one.name or any(table.full_name.or_none() == name for table in one.sides.values()):
            return one.name
    return None


def _table_lists(kind: SourceKind, model: Model) -> Iterator[tuple[Table, ...] | None]:
    chosen = model.tables_of(kind)
    yield chosen
    if kind is SourceKind.SCRIPT:
        for script in model.scripts:
            if script.tables and script.tables != chosen:
                yield script.tables


def _about_tables(kind: SourceKind, noun: Noun, tables: tuple[Table, ...] | None, model: Model) -> Said:
    found = _in_table_list(kind, noun, tables or (), model)
    if tables is None and not found.numbers:
        return Said(kind, noun)
    nameless = next((table for table in tables or () if table.name == table.address), None)
    unknown = f"the name of {nameless.name} is unknown" if nameless else ""
    if kind is SourceKind.TERRAFORM and model.configuration and not model.configuration.complete:
        unknown = "the configuration could not be read whole"
    if kind is SourceKind.PLAN and model.plan and (entry := model.plan.overview.get("tables")) and entry.open_list:
        unknown = unknown or "the plan's list of tables is open"
    return replace(found, unknown=unknown, origin=_origin(kind, model))


def _in_table_list(kind: SourceKind, noun: Noun, tables: tuple[Table, ...], model: Model) -> Said:
    match noun:
        case Noun.TABLES:
            subjects = {table.name: Subject(table.at, table=table.name) for table in tables}
            return Said(kind, noun, subjects, listed=bool(tables), numbers=_counts(kind, noun, model))
        case Noun.INDEXES:
            return _indexes(kind, tables, model)
        case Noun.KEYS:
            return Said(kind, noun, dict(_keys(tables)))
        case Noun.NAMES:
            named = {
                table.name: Subject.of(table.full_name.at, table.name, name=table.full_name)
                for table in tables
                if table.names_environment
            }
            return Said(kind, noun, named, listed=bool(named))
        case Noun.RECOVERY:
            return Said(kind, noun, dict(_recovery(kind, tables, model)))
        case Noun.STREAMS:
            return Said(kind, noun, dict(_streams(kind, tables, model)))
        case _:
            return Said(kind, noun, dict(_encryption(kind, tables, model)))


def _indexes(kind: SourceKind, tables: tuple[Table, ...], model: Model) -> Said:
    subjects: dict[str, Subject] = {}
    unknown = ""
    for table in tables:
        for position, index in enumerate(table.indexes or ()):
            name = index.name.or_none()
            unknown = unknown or ("" if name else f"the name of an index of {table.name} is unknown")
            subjects[f"{table.name}.{name or position}"] = _index(table.name, index)
    stated = [
        Stated(number, table.index_count.at, table.name)
        for table in tables
        if table.index_count and (number := table.index_count.or_none()) is not None
    ]
    listed = any(table.indexes is not None for table in tables)
    numbers = (*stated, *_counts(kind, Noun.INDEXES, model))
    return Said(kind, Noun.INDEXES, subjects, listed=listed, numbers=numbers, unknown=unknown)


def _index(table: str, index: Index) -> Subject:
    facts = {**_key_facts("partition", index.partition_key), **_key_facts("sort", index.sort_key)}
    found = Subject.of(index.name.at, table, projection=index.projection, **facts)
    if index.speaks_of_keys and index.sort_key is None:
        found = replace(found, aspects={**found.aspects, "sort": "none"})
    return found


def _keys(tables: Iterable[Table]) -> Iterator[tuple[str, Subject]]:
    for table in tables:
        facts = {**_key_facts("partition", table.partition_key), **_key_facts("sort", table.sort_key)}
        if facts:
            found = Subject.of(table.partition_key.name.at if table.partition_key else table.at, table.name, **facts)
            silent_sort = table.speaks_of_keys and table.sort_key is None
            yield table.name, replace(found, aspects={**found.aspects, "sort": "none"}) if silent_sort else found
        for index in table.indexes or ():
            described = _index(table.name, index)
            if described.aspects.keys() - {"projection"} and (name := index.name.or_none()):
                yield f"{table.name}.{name}", described


def _key_facts(role: str, key: Key | None) -> dict[str, Fact[str] | None]:
    return {role: key.name, f"{role}_type": key.type} if key else {}


def _recovery(kind: SourceKind, tables: tuple[Table, ...], model: Model) -> Iterator[tuple[str, Subject]]:
    asked = _feature(kind, "recovery", model)
    for table in tables:
        state = table.recovery or asked
        if state or table.recovery_days:
            at = state.at if state else table.at
            yield table.name, Subject.of(at, table.name, state=state, window=table.recovery_days)


def _streams(kind: SourceKind, tables: tuple[Table, ...], model: Model) -> Iterator[tuple[str, Subject]]:
    asked = _feature(kind, "streams", model)
    for table in tables:
        if table.streams:
            view = table.streams.view_type if table.streams.enabled.or_none() else None
            yield table.name, Subject.of(table.streams.enabled.at, table.name, state=table.streams.enabled, view=view)
        elif asked:
            yield table.name, Subject.of(asked.at, table.name, state=asked)


def _encryption(kind: SourceKind, tables: tuple[Table, ...], model: Model) -> Iterator[tuple[str, Subject]]:
    asked = _feature(kind, "encryption-kms", model)
    for table in tables:
        if table.encryption:
            key = table.encryption.or_none()
            found = Subject.of(table.encryption.at, table.name, key=table.encryption)
            if key is not None:
                kms = "off" if key == "aws-owned" else "on"
                found = replace(found, aspects={"state": kms, **({} if key == "kms" else {"key": key})})
            yield table.name, found
        elif asked:
            yield table.name, Subject.of(asked.at, table.name, state=asked)


def _feature(kind: SourceKind, flag: str, model: Model) -> Fact[bool] | None:
    """A claim about every table: a feature that the README lists, a requirement of the plan."""
    if kind is SourceKind.README and model.readme:
        return next((Fact(True, one.at) for one in model.readme.features if one.or_none() == flag), None)
    if kind is SourceKind.PLAN:
        return next((Fact(True, one.at) for one in model.requirements if one.flag == flag and one.demanded), None)
    return None


def _backups(kind: SourceKind, model: Model) -> Said:
    """Terms by environment, of the plan and of each schema; which tables Terraform has selected."""
    if kind is SourceKind.TERRAFORM and model.terraform_tables is not None:
        covered = {
            table.name: Subject(table.at, {"state": "on" if table.name in model.backup.covered else "off"}, table.name)
            for table in model.terraform_tables
        }
        terms = {f"{model.environment} terms": _terms(one) for one in model.backup.terms}
        unknown = model.backup.coverage_unknown
        return Said(kind, Noun.BACKUPS, {**covered, **terms}, unknown=unknown, origin=_origin(kind, model))
    if kind is SourceKind.PLAN and model.plan:
        return Said(kind, Noun.BACKUPS, {f"{name} terms": _terms(one) for name, one in model.plan.backup.items()})
    if kind is SourceKind.SCHEMAS and model.schemas:
        subjects: dict[str, Subject] = {}
        for table in model.schemas.tables:
            for name, asked in table.backups.items():
                told = _terms(asked)
                same = subjects.setdefault(f"{name} terms", told).aspects == told.aspects
                if not same:
                    subjects[f"{name} terms of {table.name}"] = replace(told, table=table.name)
        return Said(kind, Noun.BACKUPS, subjects)
    return Said(kind, Noun.BACKUPS)


def _terms(terms: BackupTerms) -> Subject:
    at = (terms.retention_days or terms.frequency or Fact("", terms.at)).at
    return Subject.of(at, frequency=terms.frequency, retention=terms.retention_days, copy=terms.cross_region)


def _environments(kind: SourceKind, model: Model) -> Said:
    subjects: dict[str, Subject] = {}
    described = {SourceKind.PLAN: model.plan, SourceKind.README: model.readme}.get(kind)
    if described:
        for one in described.environments:
            subjects[one.name] = Subject.of(one.at, account=one.account, region=one.region)
    if kind is SourceKind.TERRAFORM:
        subjects = {one.environment: Subject(one.at) for one in model.environment_files}
    if kind is SourceKind.WORKFLOWS:
        for workflow in model.workflows or ():
            if workflow.environment and (name := workflow.environment.or_none()):
                at = workflow.environment.at
                subjects[name] = Subject.of(at, account=workflow.account, region=workflow.region)
    return Said(kind, Noun.ENVIRONMENTS, subjects, listed=bool(subjects))


def _outputs(kind: SourceKind, model: Model) -> Said:
    if kind is not SourceKind.TERRAFORM or model.configuration is None:
        return Said(kind, Noun.OUTPUTS)
    subjects = {name: Subject(fact.at) for name, fact in sorted(model.configuration.outputs.items())}
    unknown = "" if model.configuration.complete else "the configuration could not be read whole"
    return Said(kind, Noun.OUTPUTS, subjects, listed=True, unknown=unknown, origin=_origin(kind, model))


def _workflows(kind: SourceKind, model: Model) -> Said:
    numbers = _counts(kind, Noun.WORKFLOWS, model)
    named: Mapping[str, Subject] = {}
    if kind is SourceKind.WORKFLOWS:
        named = {_stem(one.path): Subject(one.at) for one in model.workflows or ()}
    if kind is SourceKind.PLAN and model.plan:
        named = {name: Subject(one.at) for one in model.plan.workflows if (name := one.or_none())}
    return Said(kind, Noun.WORKFLOWS, named, listed=bool(named), numbers=numbers)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _counts(kind: SourceKind, noun: Noun, model: Model) -> tuple[Stated, ...]:
    """The numbers that a document states of the noun, for the assessed environment or for all."""
    documents = {SourceKind.PLAN: model.plan, SourceKind.README: model.readme}
    document = documents.get(kind)
    counts: Iterable[Count] = document.counts if document else ()
    tables = {table.name for table in document.tables} if document else set()
    others = set(model.environments) - {model.environment}
    found = []
    for count in counts:
        number = count.number.or_none()
        if count.noun == noun.value and number is not None and count.scope.lower() not in others:
            found.append(Stated(number, count.number.at, count.scope if count.scope in tables else ""))
    return tuple(found)


def _origin(kind: SourceKind, model: Model) -> Location | None:
    if kind is SourceKind.TERRAFORM and model.configuration:
        return Location(model.configuration.directory or ".", 0)
    return None
