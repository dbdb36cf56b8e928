"""Whether what a project consumes is made under that name, and whether what it lacks is made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bbws_readiness.checks.portfolio.dependencies import producer
from bbws_readiness.checks.unknown import neighbours_in_question, undetermined
from bbws_readiness.checks.wording import listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side
from bbws_readiness.fact import Undetermined, Unknown
from bbws_readiness.model.footprint import Claim, Footprint, Need, Neighbours
from bbws_readiness.source import SourceKind

_USUAL = ("dev", "test", "sit", "qa", "uat", "staging", "prod")


def unproduced_name(question: Question) -> CheckResult:
    """POR003: one answer per table, index and bucket that the project consumes."""
    around = neighbours_in_question(question)
    if isinstance(around, CheckResult):
        return around
    if not around.own.needs:
        return question.not_applicable("it names no table, index or bucket as something that it consumes")
    environments = environments_of(question.model.environments)
    observations = []
    for need in around.own.needs:
        seen = _index(need, around) if need.kind == "index" else _named(need, around, environments)
        observations += [seen] if seen else []
    return CheckResult(tuple(observations))


def _named(need: Need, around: Neighbours, environments: Sequence[str]) -> Observation:
    projects = (around.own, *around.others)
    if isinstance(need.name.value, Unknown):
        return undetermined(f"{need.kind} of {need.how}", Undetermined(need.name.value.reason, need.name.at))
    if made := producer(need, projects):
        return _made(need, *made)
    wanted = core_of(need.name.get(), environments)
    for project in projects:
        for claim in project.claims:
            name = claim.name.or_none()
            if claim.kind == need.kind and name and core_of(name, environments) == wanted:
                return _other_name(need, project, claim, name)
    return undetermined(_subject(need), _nobody(need, around, wanted, environments))


def environments_of(known: Iterable[str]) -> tuple[str, ...]:
    """The environments whose names are no part of a name, for a project that knows these."""
    return tuple(dict.fromkeys((*known, *_USUAL)))


def label_of(claim: Claim) -> str:
    """What its declaration calls it, which stands in for a name that is unknown."""
    return claim.address.split("[")[0].rpartition(".")[2]


def core_of(name: str, environments: Sequence[str]) -> str:
    """The name in one spelling, without an environment before or behind it."""
    text = name.casefold().replace("_", "-").replace(".", "-")
    for environment in environments:
        text = text.removesuffix(f"-{environment}").removeprefix(f"{environment}-")
    return text


def _nobody(need: Need, around: Neighbours, wanted: str, environments: Sequence[str]) -> Undetermined:
    """Why it cannot be told whether anybody makes it."""
    for project in around.others:
        for claim in project.claims:
            if claim.kind == need.kind and not claim.name.known and core_of(label_of(claim), environments) == wanted:
                return Undetermined(f"what {claim.address} of {project.name} is called is unknown", claim.at)
    for project in around.others:
        if project.gap and isinstance(project.gap.value, Unknown):
            return Undetermined(f"{project.name} may make it, and {project.gap.value.reason}", project.gap.at)
    return Undetermined("its producer is not among the projects that are known", need.name.at)


def _index(need: Need, around: Neighbours) -> Observation | None:
    """The answer about an index; None where the answer about its table says enough."""
    if isinstance(need.name.value, Unknown):
        return undetermined(f"index of {need.how}", Undetermined(need.name.value.reason, need.name.at))
    projects = (around.own, *around.others)
    consumed = [one for one in around.own.needs if one.kind == "table" and need.table in ("", one.name.or_none())]
    tables = [made for one in consumed if (made := producer(one, projects))]
    if not need.table:
        tables += [(around.own, claim) for claim in around.own.claims if claim.kind == "table"]
    if not tables:
        unknown = Undetermined("the table that it belongs to is not among what the known projects make", need.name.at)
        return None if need.table else undetermined(_subject(need), unknown)
    for project, claim in tables:
        if claim.indexes and need.name.get() in claim.indexes:
            return _made(need, project, claim)
    if hidden := next((claim for _, claim in tables if claim.indexes is None), None):
        unknown = Undetermined(f"the indexes of {hidden.name.or_none()} are not all known", hidden.at)
        return undetermined(_subject(need), unknown)
    project, claim = tables[0]
    has = f"{claim.name.or_none()} with {listed(claim.indexes or ())}"
    return _other_name(need, project, claim, has)


def _subject(need: Need) -> str:
    return f"{need.kind} {need.name.or_none()}"


def _made(need: Need, project: Footprint, claim: Claim) -> Observation:
    values = {"producer": project.name if project.folder else "this project", "there": str(claim.at), "how": need.how}
    related = (Related(claim.at, f"made as {claim.name.or_none()}"),)
    return Observation(Outcome.PASS, _subject(need), need.name.at, values, related=related)


def _other_name(need: Need, project: Footprint, claim: Claim, name: str) -> Observation:
    consuming = SourceKind.PLAN if need.planned else SourceKind.TERRAFORM
    return Observation(
        Outcome.FAIL,
        _subject(need),
        need.name.at,
        {"produced": name, "producer": project.name, "there": str(claim.at), "how": need.how},
        expected=name,
        actual=need.name.get(),
        sides=(
            Side(consuming, f"consumes {need.name.get()}", f"{need.name.get()} consumed", (need.name.at,)),
            Side(SourceKind.TERRAFORM, f"makes {name}", f"{name} made by {project.name}", (claim.at,)),
        ),
        related=(Related(claim.at, f"{project.name} makes {name}"),),
    )


def owners(around: Neighbours, missing: Iterable[str]) -> dict[str, tuple[Footprint, Claim]]:
    """Who declares the tables of these logical names, as far as another project does."""
    found: dict[str, tuple[Footprint, Claim]] = {}
    for name in missing:
        for project in around.others:
            for claim in project.claims:
                if claim.kind == "table" and name in (claim.logical_name, claim.name.or_none()):
                    found.setdefault(name, (project, claim))
    return found
