"""Whether the Terraform files keep the canonical layout."""

from __future__ import annotations

from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.wording import amount, places
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.formats import FileFormat
from bbws_readiness.source import Location

MAX_SHOWN = 10
"""Lines of a file that are named; the rest is counted."""


def unformatted_code(question: Question) -> CheckResult:
    """TFC003: one answer per file of the root."""
    model = question.model
    if model.configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    if not model.formats:
        return question.not_applicable("the Terraform root has no files in Terraform's own language")
    broken = {error.at.path for error in model.configuration.errors if not model.configuration.complete}
    return CheckResult(tuple(_seen(file, broken=file.path in broken) for file in model.formats))


def _seen(file: FileFormat, *, broken: bool) -> Observation:
    if broken:
        return undetermined(file.path, Undetermined("the file is not valid configuration", file.at))
    try:
        lines = file.lines.get()
    except Undetermined as unknown:
        return undetermined(file.path, unknown)
    if not lines:
        return Observation(Outcome.PASS, file.path, file.at)
    shown = [Location(file.path, line) for line in lines[:MAX_SHOWN]]
    more = "" if len(lines) <= MAX_SHOWN else ", …"
    values = {"count": amount(len(lines), "line"), "lines": places(shown).removeprefix(file.path) + more}
    related = tuple(Related(at, "terraform fmt writes it otherwise") for at in shown[1:])
    return Observation(Outcome.FAIL, file.path, shown[0], values, "formatted", values["count"], related=related)
