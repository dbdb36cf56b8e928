"""Whether Terraform and its providers are held to versions, and whether the workflow sets up one of them."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.checks.terraform.versions import is_exact, parse_constraint, parse_version
from bbws_readiness.checks.unknown import NO_TERRAFORM, terraform_gap, undetermined
from bbws_readiness.checks.workflows.runs import Visit, deployments, file_name, visits
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.resources import Configuration
from bbws_readiness.model.workflows import Step, Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_SETUP = "hashicorp/setup-terraform"
_TERRAFORM = "terraform"
_INPUT = regex(r"\$\{\{\s{0,9}inputs\.([\w-]{1,100})\s{0,9}\}\}")


def unpinned_version(question: Question) -> CheckResult:
    """TFC002: one answer for Terraform itself, one per provider, one per workflow that sets Terraform up."""
    configuration = question.model.configuration
    if configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    gap = terraform_gap(question.model)
    observations = [_required(configuration, gap)]
    observations.extend(
        _constrained(name, fact, gap) for name, fact in sorted(configuration.required_providers.items())
    )
    for workflow in deployments(question.model):
        run = visits(question.model, workflow)
        parts = {visit.workflow.path: visit.workflow for visit in run}
        observations.extend(
            seen for part in parts.values() if (seen := _set_up(part, _of(part, run), configuration.required_version))
        )
    return CheckResult(tuple(observations))


def _required(configuration: Configuration, gap: Undetermined | None) -> Observation:
    required = configuration.required_version
    if required is None or required.or_none() == "":
        if gap:
            return undetermined(_TERRAFORM, gap)
        # Cited is the folder: there is no line for what nobody wrote.
        at = required.at if required else Location(configuration.directory or ".", 0)
        return Observation(Outcome.FAIL, _TERRAFORM, at, {}, "required_version", "none", wording="no-version")
    return _readable(_TERRAFORM, required)


def _constrained(name: str, constraint: Fact[str], gap: Undetermined | None) -> Observation:
    subject = f"{name} provider"
    if constraint.or_none() == "":
        if gap:
            return undetermined(subject, gap)
        return Observation(Outcome.FAIL, subject, constraint.at, {}, "a version constraint", "none")
    return _readable(subject, constraint)


def _readable(subject: str, constraint: Fact[str]) -> Observation:
    try:
        text = constraint.get()
    except Undetermined as unknown:
        return undetermined(subject, unknown)
    values = {"constraint": text}
    if parse_constraint(text) is None:
        expected = "a version constraint"
        return Observation(Outcome.FAIL, subject, constraint.at, values, expected, text, wording="malformed")
    return Observation(Outcome.PASS, subject, constraint.at, values)


def _of(workflow: Workflow, run: tuple[Visit, ...]) -> list[Visit]:
    return [visit for visit in run if visit.workflow.path == workflow.path and not visit.hidden]


def _set_up(workflow: Workflow, own: list[Visit], required: Fact[str] | None) -> Observation | None:
    """How the workflow sets Terraform up, or None when none of its jobs runs Terraform."""
    subject = file_name(workflow)
    jobs = [visit.job for visit in own if any(step.terraform for step in visit.job.steps)]
    setups = [step for job in jobs for step in job.steps if _is_setup(step)]
    if not jobs:
        return None
    if not setups:
        at = next(step.at for job in jobs for step in job.steps if step.terraform)
        return undetermined(subject, Undetermined("no step sets Terraform up; the runner brings a version", at))
    if open_step := next((step for step in setups if "terraform_version" not in step.with_), None):
        if any(name.startswith("terraform_version") for name in open_step.with_):
            reason = "the version stands in a file that the step is given"
            return undetermined(subject, Undetermined(reason, open_step.at))
        expected = "terraform_version"
        return Observation(Outcome.FAIL, subject, open_step.at, {}, expected, "latest", wording="not-set")
    if differing := _differing(setups):
        return _differs(subject, *differing)
    versions = _handed(own, setups) or [workflow.terraform_version or setups[0].with_["terraform_version"]]
    answers = [_satisfies(subject, version, required) for version in versions]
    return next((one for one in answers if one.outcome is not Outcome.PASS), answers[0])


def _handed(own: list[Visit], setups: list[Step]) -> list[Fact[str]]:
    """The versions that callers of the workflow hand to the input its first set-up takes."""
    taken = _INPUT.fullmatch(setups[0].with_["terraform_version"].or_none() or "")
    callers = [visit.chain[-2][1] for visit in own if len(visit.chain) > 1]
    return [caller.handed[taken[1]] for caller in callers if taken and taken[1] in caller.handed]


def _is_setup(step: Step) -> bool:
    return step.action == _SETUP


def _differing(setups: list[Step]) -> tuple[Fact[str], Fact[str]] | None:
    """The first two steps that set up different versions, both written out."""
    written = list(_written(setups))
    return next(((written[0], other) for other in written[1:] if other.get() != written[0].get()), None)


def _written(setups: list[Step]) -> Iterator[Fact[str]]:
    for step in setups:
        fact = step.with_["terraform_version"]
        if "${{" not in (fact.or_none() or "${{"):
            yield fact


def _differs(subject: str, first: Fact[str], other: Fact[str]) -> Observation:
    values = {"version": first.get(), "other": f"{other.get()} at {other.at}"}
    actual = f"{first.get()}, {other.get()}"
    return Observation(Outcome.FAIL, subject, first.at, values, "one version", actual, wording="two-versions")


def _satisfies(subject: str, stated: Fact[str], required: Fact[str] | None) -> Observation:
    try:
        text = stated.get().strip()
        constraint = required.get() if required else ""
    except Undetermined as unknown:
        return undetermined(subject, unknown)
    values = {"version": text, "constraint": constraint}
    if not is_exact(text):
        return Observation(Outcome.FAIL, subject, stated.at, values, "one version", text, wording="range")
    conditions = parse_constraint(constraint) if constraint else ()
    version = parse_version(text)
    if conditions is None or version is None:
        reason = f"required_version {constraint} cannot be read as a version constraint"
        return undetermined(subject, Undetermined(reason, required.at if required else stated.at))
    if not all(condition.admits(version) for condition in conditions):
        return Observation(Outcome.FAIL, subject, stated.at, values, constraint, text, wording="not-satisfied")
    wording = "satisfied" if constraint else "set-up"
    return Observation(Outcome.PASS, subject, stated.at, values, wording=wording)
