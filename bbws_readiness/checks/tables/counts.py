"""The numbers that documents state, held against the sets they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bbws_readiness.checks.tables.declared import Declared, declared_tables
from bbws_readiness.checks.tables.indexes import index_pairs
from bbws_readiness.checks.unknown import NO_TERRAFORM, nothing_said, undetermined
from bbws_readiness.checks.wording import amount, counted, places
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location, SourceKind

FACETS: Mapping[str, str] = {"tables": "tables", "indexes": "indexes", "buckets": "resources", "functions": "resources"}
"""Nouns whose sets can be counted, with the facet that each belongs to."""

RESOURCE_TYPES = {"buckets": "aws_s3_bucket", "functions": "aws_lambda_function"}


class _Figures(Struct, frozen=True):
    """All numbers that one document states for one noun within one scope."""

    source: SourceKind
    noun: str
    scope: str
    """A table, or empty for the whole project."""
    numbers: tuple[Fact[int], ...]

    @property
    def subject(self) -> str:
        return f"{self.noun} of {self.scope} in {self.source}" if self.scope else f"{self.noun} in {self.source}"


def stated_counts(question: Question) -> CheckResult:
    """CNT001: every number that plan or README state is the size of the authority's set, else of Terraform's."""
    model = question.model
    declared = declared_tables(model)
    if declared is None:
        return question.not_applicable(NO_TERRAFORM)
    observations = []
    for figures in _stated(model):
        reference = _reference(question, figures)
        if reference is figures.source:
            # Within one document it is a contradiction of the document itself.
            continue
        try:
            observations.append(_held_against(figures, _set(model, declared, reference, figures), reference))
        except Undetermined as unknown:
            observations.append(undetermined(figures.subject, unknown))
    if not observations:
        documents = [SourceKind.PLAN, SourceKind.README]
        return nothing_said(question, documents, "no document states a number of tables, indexes, buckets or functions")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    return CheckResult(tuple(observations), summary={"figures": "; ".join(seen.values["words"] for seen in failed)})


def _stated(model: Model) -> Iterator[_Figures]:
    """Every number about the assessed environment, grouped by document, noun and scope."""
    found: dict[tuple[SourceKind, str, str], list[Fact[int]]] = {}
    tables = _named(model)
    for kind, counts in (
        (SourceKind.PLAN, model.plan.counts if model.plan else ()),
        (SourceKind.README, model.readme.counts if model.readme else ()),
    ):
        for count in counts:
            scope = "" if count.scope == model.environment else count.scope
            if count.noun in FACETS and (not scope or scope in tables):
                found.setdefault((kind, count.noun, scope), []).append(count.number)
    for kind, listed in model.named_tables.items():
        for name, table in listed.items():
            if table.index_count is not None and table.indexes is None:
                found.setdefault((kind, "indexes", name), []).append(table.index_count)
    for (kind, noun, scope), numbers in found.items():
        yield _Figures(kind, noun, scope, tuple(numbers))


def _named(model: Model) -> frozenset[str]:
    """Every table name that any source uses."""
    return frozenset(name for listed in model.named_tables.values() for name in listed)


def _reference(question: Question, figures: _Figures) -> SourceKind:
    """The first declared authority that gives the set by names, else Terraform."""
    for kind in question.config.authority_of(FACETS[figures.noun]):
        tables = question.model.named_tables.get(kind)
        if kind is SourceKind.TERRAFORM:
            break
        if tables and (figures.noun == "tables" or any(table.indexes is not None for table in tables.values())):
            return kind
    return SourceKind.TERRAFORM


def _set(
    model: Model, declared: Declared, reference: SourceKind, figures: _Figures
) -> tuple[frozenset[str], tuple[Location, ...]]:
    """The names that the reference gives, and where; raises `Undetermined` when they cannot all be told."""
    if reference is SourceKind.TERRAFORM:
        if declared.gap:
            raise declared.gap
        for unsure in declared.uncounted:
            raise unsure
        if (
            figures.scope
            and figures.scope not in declared.names
            and (doubt := declared.doubt(figures.scope, _named(model)))
        ):
            raise doubt
    if figures.noun in RESOURCE_TYPES:
        wanted = RESOURCE_TYPES[figures.noun]
        resources = [r for r in (model.configuration.resources if model.configuration else ()) if r.type == wanted]
        for resource in resources:
            if not resource.key_known:
                raise Undetermined(f"how often {resource.address} is declared is unknown", resource.at)
        return frozenset(r.address for r in resources), tuple(r.at for r in resources)
    listed = declared.tables if reference is SourceKind.TERRAFORM else model.named_tables[reference]
    nameless = declared.nameless if reference is SourceKind.TERRAFORM else ()
    if figures.noun == "tables":
        tables = (*listed.values(), *nameless)
        return frozenset(table.name for table in tables), tuple(table.at for table in tables)
    if figures.scope:
        named = [listed[figures.scope]] if figures.scope in listed else []
        tables = (*named, *(table for table in nameless if table.name == figures.scope))
    else:
        tables = (*listed.values(), *nameless)
    pairs = index_pairs(tables) or frozenset()
    at = tuple(index.name.at for table in tables for index in table.indexes or ()) or tuple(t.at for t in tables)
    return frozenset(name if figures.scope else f"{table}.{name}" for table, name in pairs), at


def _held_against(
    figures: _Figures, known: tuple[frozenset[str], tuple[Location, ...]], reference: SourceKind
) -> Observation:
    names, at = known
    said = [(fact, fact.get()) for fact in figures.numbers]
    wrong = [(fact, number) for fact, number in said if number != len(names)]
    first, number = wrong[0] if wrong else said[0]
    where = places(fact.at for fact, _ in (wrong or said))
    singular = "index" if figures.noun == "indexes" else figures.noun.removesuffix("s")
    words = f"{figures.source} says {amount(number, singular)}" + (f" for {figures.scope}" if figures.scope else "")
    values = {"words": words, "said": f"{words} ({where})", "reference": reference.value, "names": counted(names)}
    if not wrong:
        return Observation(Outcome.PASS, figures.subject, first.at, values, facet=FACETS[figures.noun])
    return Observation(
        Outcome.FAIL,
        figures.subject,
        first.at,
        values,
        expected=f"{counted(names)} ({reference})",
        actual=f"{number} ({figures.source})",
        sides=(
            Side(reference, names, counted(names), at or (first.at,)),
            Side(figures.source, number, str(number), tuple(fact.at for fact, _ in wrong)),
        ),
        related=tuple(Related(fact.at, f"{figures.source}: {value}") for fact, value in wrong[1:]),
        facet=FACETS[figures.noun],
    )
