"""Whether a table that is missing here is one that another project makes."""

from __future__ import annotations

from msgspec.structs import replace

from bbws_readiness.checks.portfolio.produced_names import owners
from bbws_readiness.checks.tables.presence import missing_tables
from bbws_readiness.checks.unknown import neighbours_in_question, undetermined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Undetermined, Unknown
from bbws_readiness.model.footprint import Claim, Footprint, Neighbours
from bbws_readiness.source import SourceKind


def owned_elsewhere(question: Question) -> CheckResult:
    """POR004: one answer per table that documents name and this project does not declare."""
    around = neighbours_in_question(question)
    if isinstance(around, CheckResult):
        return around
    named = missing_tables(question)
    missing = [seen for seen in named.observations if seen.outcome is Outcome.FAIL]
    if not missing:
        unknown = [seen for seen in named.observations if seen.outcome is Outcome.UNDETERMINED]
        if unknown:
            return CheckResult(tuple(unknown))
        return question.not_applicable("no table that anybody names is missing here")
    found = owners(around, [seen.subject for seen in missing])
    observations = tuple(_answer(seen, found.get(seen.subject), around) for seen in missing)
    return CheckResult(observations, named.votes, named.summary)


def _answer(seen: Observation, owner: tuple[Footprint, Claim] | None, around: Neighbours) -> Observation:
    if owner is None:
        if doubt := _doubt(around):
            return undetermined(seen.subject, doubt)
        return Observation(Outcome.PASS, seen.subject, seen.at, {"count": str(around.count)})
    project, claim = owner
    made = f"declared by {project.name} ({claim.at})"
    code = next((side for side in seen.sides if side.source is SourceKind.TERRAFORM), None)
    sides = tuple(
        replace(side, text=f"{side.text}; {made}") if code and side.agrees_with(code) else side for side in seen.sides
    )
    return replace(
        seen,
        values={"owner": project.name, "there": str(claim.at), "named": seen.values["named"]},
        expected=f"named as a table of {project.name}",
        actual="named as a table of this project",
        sides=sides,
        related=(*seen.related, Related(claim.at, f"{project.name} declares {claim.name.or_none()}")),
    )


def _doubt(around: Neighbours) -> Undetermined | None:
    """Why another project may declare more tables than are known of it."""
    for project in around.others:
        if project.gap and isinstance(project.gap.value, Unknown):
            return Undetermined(f"{project.name} may declare it, and {project.gap.value.reason}", project.gap.at)
        for claim in project.claims:
            if claim.kind == "table" and isinstance(claim.name.value, Unknown):
                reason = f"what {claim.address} of {project.name} is called is unknown"
                return Undetermined(reason, claim.name.at)
    return None
