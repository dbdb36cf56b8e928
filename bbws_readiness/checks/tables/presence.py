"""Which tables are named and which are declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from bbws_readiness.checks.statements import Opinion, votes
from bbws_readiness.checks.tables.declared import (
    Declared,
    declared_tables,
    nameless_observations,
    silence_counts,
)
from bbws_readiness.checks.unknown import NO_TERRAFORM, nothing_said, undetermined, unheard
from bbws_readiness.checks.wording import (
    amount,
    counted,
    documents_in_words,
    few,
    joined,
    listed,
    related,
    sources_in_words,
)
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side, Vote
from bbws_readiness.model.model import TABLE_SOURCES, Model
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location, SourceKind

if TYPE_CHECKING:
    from bbws_readiness.model.footprint import Claim, Footprint

Voices = Mapping[SourceKind, Mapping[str, Table]]


def missing_tables(question: Question) -> CheckResult:
    """TBL001: every table that any source names is declared in Terraform."""
    model = question.model
    declared = declared_tables(model)
    if declared is None:
        return question.not_applicable(NO_TERRAFORM)
    heard = model.named_tables
    if not any(kind is not SourceKind.TERRAFORM for kind in heard):
        return nothing_said(question, TABLE_SOURCES, "no document lists tables")
    named = frozenset(name for tables in heard.values() for name in tables)
    observations = nameless_observations(declared)
    silences = _silences(model, heard)
    known = few(declared.names)
    for name in sorted(named):
        observations.append(_is_declared(declared, known, _Voice(heard, silences, name), named))
    for kind in TABLE_SOURCES:
        if kind is not SourceKind.TERRAFORM and (unknown := unheard(model, [kind])):
            observations.append(undetermined(f"further tables of the source {kind}", unknown))
    return CheckResult(tuple(observations), _votes(model, heard), _summary(model, declared, heard))


def unplanned_tables(question: Question) -> CheckResult:
    """TBL002: every declared table is named by the authority, or by the plan where nobody else is declared right."""
    model = question.model
    declared = declared_tables(model)
    if declared is None:
        return question.not_applicable(NO_TERRAFORM)
    heard = model.named_tables
    asked = [*question.config.authority_of(question.rule.facet), SourceKind.PLAN]
    planners = [kind for kind in dict.fromkeys(asked) if kind in heard and kind is not SourceKind.TERRAFORM]
    if not planners:
        return nothing_said(question, asked, "no plan lists tables")
    observations = nameless_observations(declared)
    asking = {kind: heard[kind] for kind in (SourceKind.TERRAFORM, *planners)}
    silences = _silences(model, asking)
    for name in sorted(declared.tables):
        observations.append(_is_planned(_Voice(asking, silences, name), planners))
    summary = _summary(model, declared, asking)
    return CheckResult(tuple(observations), _votes(model, heard), summary)


class _Voice(Struct, frozen=True):
    """All sources, asked about one table."""

    heard: Voices
    silences: Mapping[SourceKind, Side]
    name: str

    @property
    def sides(self) -> tuple[Side, ...]:
        """Who names the table and who does not; a source whose silence proves nothing is no side when it is silent."""
        found = []
        for kind, tables in self.heard.items():
            if self.name in tables:
                found.append(Side(kind, says=True, text="listed", at=(tables[self.name].at,)))
            elif kind in self.silences:
                found.append(self.silences[kind])
        return tuple(found)


def _silences(model: Model, heard: Voices) -> dict[SourceKind, Side]:
    """What the sources that list all their tables say of one that they do not list."""
    found = {}
    for kind, tables in heard.items():
        if silence_counts(model, kind):
            at = tuple(table.at for table in tables.values()) or (_origin(model, kind),)
            found[kind] = Side(kind, says=False, text=f"not listed ({few(tables)})", at=at)
    return found


def _is_declared(declared: Declared, known: str, voice: _Voice, named: frozenset[str]) -> Observation:
    name = voice.name
    if name in declared.tables:
        table = declared.tables[name]
        return Observation(Outcome.PASS, name, table.at, {"total": amount(len(named), "table")})
    if doubt := declared.doubt(name, named):
        return undetermined(name, doubt)
    sides = voice.sides
    naming = [side for side in sides if side.says is True]
    at = naming[0].at[0]
    silent = [side.source for side in sides if side.says is False]
    return Observation(
        Outcome.FAIL,
        name,
        at,
        {
            "named": ", ".join(f"{side.source} ({side.at[0]})" for side in naming),
            "silent": sources_in_words(silent),
            "declared": known,
        },
        expected=f"declared: named by {sources_in_words(side.source for side in naming)}",
        actual=f"not declared ({known})",
        sides=sides,
        related=related(sides, besides=at),
    )


def _is_planned(voice: _Voice, planners: Sequence[SourceKind]) -> Observation:
    name, sides = voice.name, voice.sides
    table = voice.heard[SourceKind.TERRAFORM][name]
    silent = [side.source for side in sides if side.says is False]
    planned = [side.source for side in sides if side.says is True and side.source is not SourceKind.TERRAFORM]
    if silent:
        return Observation(
            Outcome.FAIL,
            name,
            table.at,
            {"silent": sources_in_words(silent)},
            expected=f"named by {sources_in_words(silent)}",
            actual=f"declared as {table.address or name}",
            sides=sides,
            related=related(sides, besides=table.at),
        )
    if not planned:
        reason = f"the list of tables in {sources_in_words(planners)} is open or was not read whole"
        return Observation(Outcome.UNDETERMINED, name, table.at, {"reason": reason})
    return Observation(
        Outcome.PASS, name, table.at, {"planned": sources_in_words(planned)}, related=related(sides, besides=table.at)
    )


def _origin(model: Model, kind: SourceKind) -> Location:
    """The place of a source that lists no table at all."""
    if kind is SourceKind.SCHEMAS and model.schemas:
        return model.schemas.at
    return Location(model.configuration.directory or "." if model.configuration else ".", 0)


def _amount(model: Model, kind: SourceKind, tables: Iterable[str]) -> str:
    """How many tables and which; a lower bound where the source was not read whole."""
    return f"at least {counted(tables)}" if kind in model.unread else counted(tables)


def _votes(model: Model, heard: Voices) -> tuple[Vote, ...]:
    return votes(
        Opinion(kind, frozenset(tables), _amount(model, kind, tables), min(table.at for table in tables.values()))
        for kind, tables in heard.items()
        if tables
    )


def _summary(model: Model, declared: Declared, heard: Voices) -> dict[str, str]:
    """Both table rules share a remedy, so both fill the same words; what another project makes is declared nowhere."""
    documents = {kind: set(tables) for kind, tables in heard.items() if kind is not SourceKind.TERRAFORM}
    named = set().union(*documents.values())
    missing = named - declared.names
    naming = documents_in_words(kind for kind, names in documents.items() if names & missing)
    unplanned = declared.names - named if documents else set()
    code, words = [], []
    owned = _owners(model, missing)
    if here := missing - owned.keys():
        code.append(f"declare {listed(here)}")
        words.append(f"take {listed(here)} out of {naming}")
    words += [f"name {owner.name} as the owner of {name} in {naming}" for name, (owner, _) in sorted(owned.items())]
    if unplanned:
        code.append(f"remove {listed(unplanned)}")
        words.append(f"add {listed(unplanned)} to {documents_in_words(documents)}")
    unchanged = "nothing, as it would collide there" if owned else "nothing"
    return {
        "in_question": listed(missing | unplanned),
        "declared": listed(declared.names),
        "code_change": joined(code) or unchanged,
        "document_change": joined(words) or "nothing",
        "removal": f"Where it is deployed, removing {listed(unplanned)} destroys the data." if unplanned else "",
    }


def _owners(model: Model, missing: Iterable[str]) -> Mapping[str, tuple[Footprint, Claim]]:
    if model.neighbours is None:
        return {}
    from bbws_readiness.checks.portfolio.produced_names import owners

    return owners(model.neighbours, missing)
