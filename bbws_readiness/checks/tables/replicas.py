"""Whether tables are replicated to the second region that somebody claims there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bbws_readiness.checks.tables.declared import tables_in_question
from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.checks.wording import amount, listed, places, related
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side
from bbws_readiness.fact import Fact, Undetermined, known_text
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.model import Model
from bbws_readiness.model.tables import Table
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, SourceKind

CLAIMING = (SourceKind.PLAN, SourceKind.README, SourceKind.TFVARS, SourceKind.WORKFLOWS)
GLOBAL_TABLE = "aws_dynamodb_global_table"
"""The older kind of replication: a resource of its own that names a table and its regions."""

_REGION = regex(
    r"(?<![\w-])[a-z]{2}(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central)(?:east|west)?-\d{1,2}(?![\w-])"
)
_SECOND = regex(
    r"(?i)(?<![a-z])(?:dr|disaster[ _-]?recovery|fail[ _-]?over|replica(?:s|tes?|ted|tion)?|secondary|stand-?by"
    r"|second region|multi-?region|global tables?)(?![a-z])"
)
_SOME_REGION = regex(r"(?i)(?:second(?:ary)?|fail-?over|dr|stand-?by|another|multi)[ -]region|global tables?")
"""A claim that names no region."""
_DENIED = regex(r"(?i)(?<![a-z])(?:no|not|none|never|without|instead of|formerly|removed|later|todo|dropped)(?![a-z])")
_LATER = regex(
    r"(?i)(?<![a-z])(?:planned|future|optional(?:ly)?|out of scope|consider(?:ed)?|if needed|could|may)(?![a-z])"
)
_ELSEWHERE = regex(r"(?i)bucket|(?<![a-z])(?:s3|state|lock|image|artifact|log|certificate|dns|domain)s?(?![a-z])")
"""A sentence with one of these is about something else than tables."""


class _Claim(Struct, frozen=True):
    source: SourceKind
    region: str
    """Empty when it names none."""
    at: Location


def replicas_as_claimed(question: Question) -> CheckResult:
    """DUR005: where somebody claims a second region, every declared table has a replica or copied backups there."""
    claims = _told_once(_claims(question.model))
    if not claims:
        return nothing_said(question, CLAIMING, "nobody claims a second region")
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    return CheckResult(tuple(_replicated(question.model, table, claims) for table in declared.all))


def _told_once(claims: Iterable[_Claim]) -> tuple[_Claim, ...]:
    """Each claim once; where some name the region, those without its name say no more."""
    every = tuple(dict.fromkeys(claims))
    return tuple(claim for claim in every if claim.region) or every


def _replicated(model: Model, table: Table, claims: Iterable[_Claim]) -> Observation:
    facts = [*(table.replicas or ()), *_of_global_tables(model, table)]
    regions = {fact.value for fact in facts if isinstance(fact.value, str)}
    lacking = [claim for claim in claims if (claim.region not in regions if claim.region else not regions)]
    if not lacking:
        at = facts[0].at
        return Observation(Outcome.PASS, table.name, at, {"regions": listed(regions)})
    try:
        for fact in facts:
            fact.get()
        copied = _copied(model, table)
    except Undetermined as unknown:
        return undetermined(table.name, unknown)
    if copied:
        return Observation(Outcome.PASS, table.name, copied, wording="copied")
    asked = listed({claim.region or "no name" for claim in lacking})
    sides = tuple(Side(claim.source, claim.region, claim.region or "a second region", (claim.at,)) for claim in lacking)
    number = amount(len(regions), "replica")
    return Observation(
        Outcome.FAIL,
        table.name,
        table.at,
        {"places": places(claim.at for claim in lacking), "asked": asked, "number": number},
        expected=f"a replica in the second region ({asked})",
        actual=f"{number}{f' ({listed(regions)})' if regions else ''}",
        sides=sides,
        related=related(sides, besides=table.at),
    )


def _of_global_tables(model: Model, table: Table) -> Iterator[Fact[str]]:
    """The regions that a global table of the older kind adds."""
    name = table.full_name.or_none()
    for resource in model.configuration.resources if model.configuration else ():
        if resource.type == GLOBAL_TABLE and name is not None and resource.name.or_none() == name:
            for path, fact in resource.attributes.items():
                if path.startswith("replica."):
                    yield fact.map(str)


def _copied(model: Model, table: Table) -> Location | None:
    """Where backups of the table are copied to another region; raises `Undetermined` when that cannot be told."""
    copies = [terms.cross_region for terms in model.backup.terms if terms.cross_region]
    if not any(fact.or_none() is not False for fact in copies):
        return None
    if model.backup.coverage_unknown:
        raise Undetermined(model.backup.coverage_unknown, copies[0].at)
    if table.name not in model.backup.covered:
        return None
    if found := next((fact.at for fact in copies if fact.or_none()), None):
        return found
    for fact in copies:
        fact.get()
    return None


def _claims(model: Model) -> Iterator[_Claim]:
    """Every claim of a second region, in the order of `CLAIMING`."""
    primary = _primary(model)
    rows = {
        SourceKind.PLAN: model.plan.environments if model.plan else (),
        SourceKind.README: model.readme.environments if model.readme else (),
    }
    for kind, listed_rows in rows.items():
        for row in listed_rows:
            status = known_text(row.status)
            if (_SECOND.search(row.name) or _SECOND.search(row.region_role)) and not _DENIED.search(status):
                yield from _of_row(kind, row, primary)
    for fact in _planned(model):
        yield from _of_sentence(SourceKind.PLAN, fact, primary)
    for fact in model.readme.second_regions if model.readme else ():
        yield from _of_sentence(SourceKind.README, fact, primary)
    for file in model.environment_files:
        if file.environment == model.environment:
            for comment in file.comments:
                yield from _of_sentence(SourceKind.TFVARS, comment, primary)
            for setting in file.settings:
                yield from _of_value(SourceKind.TFVARS, setting.name, setting.value, primary)
    if model.workflow:
        yield from _of_workflow(model.workflow, primary)


def _planned(model: Model) -> Iterator[Fact[str]]:
    """What the plan says in words: notes, entries and criteria of this environment or of none."""
    plan = model.plan
    if plan is None:
        return
    yield from plan.notes
    for section in plan.checklists:
        if section.environment in ("", model.environment):
            yield from (Fact(item.text, item.at) for item in section.items)
    for criterion in plan.success:
        if criterion.environment in ("", model.environment):
            yield Fact(criterion.text, criterion.at)


def _primary(model: Model) -> str | None:
    """The region that the environment is deployed to, as far as anybody tells."""
    fact = model.configuration.provider_region if model.configuration else None
    if fact and (region := fact.or_none()):
        return region
    described = (model.described_environment(kind) for kind in (SourceKind.PLAN, SourceKind.README))
    return next((row.region.or_none() for row in described if row and row.region), None)


def _of_row(kind: SourceKind, row: Environment, primary: str | None) -> Iterator[_Claim]:
    region = row.region.or_none() if row.region else None
    if region is None or region != primary:
        yield _Claim(kind, region or "", row.region.at if row.region else row.at)


def _of_sentence(kind: SourceKind, fact: Fact[str], primary: str | None) -> Iterator[_Claim]:
    text = fact.or_none() or ""
    if not _SECOND.search(text) or any(one.search(text) for one in (_DENIED, _LATER, _ELSEWHERE)):
        return
    regions = _REGION.findall(text)
    for region in regions:
        if region != primary:
            yield _Claim(kind, region, fact.at)
    if not regions and _SOME_REGION.search(text):
        yield _Claim(kind, "", fact.at)


def _of_value(kind: SourceKind, name: str, fact: Fact[object], primary: str | None) -> Iterator[_Claim]:
    """A name like `replica_region` or `DR_REGION` beside the names of regions."""
    words = name.replace("_", " ").replace("-", " ")
    if not _SECOND.search(words) or _ELSEWHERE.search(words):
        return
    value = fact.or_none()
    entries = value if isinstance(value, list | tuple) else [value]
    for entry in entries:
        if isinstance(entry, str) and _REGION.fullmatch(entry) and entry != primary:
            yield _Claim(kind, entry, fact.at)


def _of_workflow(workflow: Workflow, primary: str | None) -> Iterator[_Claim]:
    kind = SourceKind.WORKFLOWS
    names = [Fact(workflow.name, workflow.at)]
    variables: list[Mapping[str, Fact[str]]] = [workflow.constants]
    for job in workflow.jobs:
        names.append(Fact(job.name, job.at))
        variables.append(job.environment_variables)
        for step in job.steps:
            names.append(Fact(step.name, step.at))
            variables.append(step.environment_variables)
    for text in names:
        yield from _of_sentence(kind, text, primary)
    for group in variables:
        for name, fact in group.items():
            yield from _of_value(kind, name, fact.map(lambda value: value), primary)
