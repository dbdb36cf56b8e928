"""Whether a workflow deploys the environment, with what identity, and only when somebody confirms it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.runs import (
    Visit,
    deployments,
    file_name,
    undecided_environment,
    visits,
    without_deployment,
)
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.workflows import Input, Job, Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, SourceKind

TOKEN = "id-token"  # noqa: S105 - the name of a permission, not a password


def missing_workflow(question: Question) -> CheckResult:
    """WFL001: one answer for the environment."""
    model, environment = question.model, question.environment
    unread = model.unread.get(SourceKind.WORKFLOWS)
    if not model.workflows and unread is None:
        return question.not_applicable("the project has no workflows")
    named = sorted({name for workflow in model.workflows or () for name in _environments(workflow)} - {environment})
    summary = {"environment": environment, "others": ", ".join(named)}
    if found := deployments(model):
        return CheckResult((_deployed(environment, found[0]),), summary=summary)
    unclear = Undetermined("a workflow could not be read", unread) if unread else undecided_environment(model)
    if unclear:
        return CheckResult((undetermined(environment, unclear),), summary=summary)
    folder = (model.workflows or ())[0].path.rpartition("/")[0]
    values = {"others": ", ".join(named) or "no environment"}
    missing = Observation(Outcome.FAIL, environment, Location(folder, 0), values, expected="a workflow", actual="none")
    return CheckResult((missing,), summary=summary)


def _deployed(environment: str, workflow: Workflow) -> Observation:
    own = workflow.environment
    if own and own.or_none() == environment:
        return Observation(Outcome.PASS, environment, own.at, {"file": workflow.path})
    handed = (fact for job in workflow.jobs for fact in job.handed.values() if not fact.via)
    if literal := next((fact for fact in handed if (fact.or_none() or "").lower() == environment), None):
        return Observation(Outcome.PASS, environment, literal.at, {"file": workflow.path})
    rows = (value for job in workflow.jobs for values in job.matrix.values() for value in values)
    if row := next((value for value in rows if value.or_none() == environment), None):
        return Observation(Outcome.PASS, environment, row.at, {"file": workflow.path}, wording="in-matrix")
    return Observation(Outcome.PASS, environment, workflow.at, {"file": workflow.path}, wording="offered")


def _environments(workflow: Workflow) -> Iterator[str]:
    for fact in (workflow.environment, *workflow.offered_environments):
        name = fact.or_none() if fact else None
        if name:
            yield name


def long_lived_credentials(question: Question) -> CheckResult:
    """WFL013: one answer per job that works in AWS, and one per workflow that uses access keys."""
    if nothing := without_deployment(question):
        return nothing
    observations: dict[str, Observation] = {}
    for workflow in deployments(question.model):
        for visit in visits(question.model, workflow):
            if keys := visit.workflow.static_keys_at:
                name = file_name(visit.workflow)
                expected = "a role by OIDC"
                found = Observation(Outcome.FAIL, name, keys, expected=expected, actual="access keys")
                observations.setdefault(name, found)
            elif observation := _identity(question, visit):
                observations.setdefault(observation.subject, observation)
    if not observations:
        at = deployments(question.model)[0].at
        return question.not_applicable("no job of the workflow works in AWS", at)
    return CheckResult(tuple(observations.values()))


def _identity(question: Question, visit: Visit) -> Observation | None:
    """How the job signs in, or None when it has nothing to do in AWS."""
    action = str(question.parameters.get("sign-in-action", ""))
    signs = list(visit.job.using(action))
    if not signs:
        if visit.hidden:
            return undetermined(visit.label, Undetermined(visit.hidden, visit.job.at))
        if at := _works_in_aws(visit.job):
            reason = "no step of the job signs in; its runner may bring an identity"
            return undetermined(visit.label, Undetermined(reason, at))
        return None
    step = signs[0]
    role = step.with_.get("role-to-assume")
    expected = "a role by OIDC"
    if role is None:
        return Observation(Outcome.FAIL, visit.label, step.at, {}, expected, "no role", wording="no-role")
    secret = visit.workflow.role_secret
    values = {"role": (secret.or_none() if secret else None) or role.or_none() or "a role"}
    if not _may_identify(visit):
        return Observation(
            Outcome.FAIL, visit.label, visit.job.at, values, "id-token: write", "not permitted", wording="no-token"
        )
    return Observation(Outcome.PASS, visit.label, role.at, values)


def _may_identify(visit: Visit) -> bool:
    """Whether GitHub gives the job an identity token: it has to be permitted, by every caller too."""
    permitted = False
    for _, job in visit.chain:
        if job.permissions:
            permitted = "write" in (job.permissions.get(TOKEN), job.permissions.get("*"))
            if not permitted:
                return False
    return permitted


def _works_in_aws(job: Job) -> Location | None:
    for step in job.steps:
        for command in step.terraform:
            if command.verb in ("init", "plan", "apply", "destroy") and "-backend=false" not in command.text:
                return command.at
        for shell in step.commands:
            if shell.words[:1] == ("aws",):
                return shell.at
    return None


_MANUAL = "workflow_dispatch"
_OTHER_COMPARISON = regex(r"\bcase\s|\bgrep\b|=~|\bpython3?\b|\bcmp\b|[!=]=")
"""Ways to compare a text that are not followed."""


def missing_confirmation(question: Question) -> CheckResult:
    """WFL014: one answer per workflow that deploys the environment and can be started by hand."""
    if nothing := without_deployment(question):
        return nothing
    observations = []
    for workflow in deployments(question.model):
        if any(trigger.or_none() in (_MANUAL, None) for trigger in workflow.triggers):
            observations.append(_confirmed(question, workflow))
    if not observations:
        at = deployments(question.model)[0].at
        return question.not_applicable("no workflow that deploys it is started by hand", at)
    return CheckResult(tuple(observations))


def _confirmed(question: Question, workflow: Workflow) -> Observation:
    run = visits(question.model, workflow)
    taking_part = list({visit.workflow.path: visit.workflow for visit in run}.values())
    name = file_name(workflow)
    for part in taking_part:
        if part.confirmation and part.confirmation.known:
            at = part.confirmation.at
            return Observation(Outcome.PASS, name, at, {"input": part.confirmation.get()})
    typed = [given for given in workflow.inputs if given.type == "string" and not given.options]
    meant = [given for given in workflow.inputs if "confirm" in given.name.lower()]
    for given in (*(one for one in meant if one in typed), *(one for one in typed if one not in meant)):
        if place := _compared_otherwise(given, run):
            reason = f"a step works with the input {given.name}, but how it compares it is not followed"
            return undetermined(name, Undetermined(reason, place))
    if hidden := next((visit for visit in run if visit.hidden), None):
        return undetermined(name, Undetermined(hidden.hidden, hidden.job.at))
    return _unconfirmed(name, workflow, meant)


def _unconfirmed(name: str, workflow: Workflow, meant: list[Input]) -> Observation:
    expected = "a typed text that is compared"
    if not meant:
        return Observation(Outcome.FAIL, name, workflow.at, {}, expected, "no confirmation input")
    given = meant[0]
    wording, actual = "not-compared", "never compared before apply"
    if given.options or given.type != "string":
        wording, actual = "not-typed", f"an input of type {given.type}"
    return Observation(Outcome.FAIL, name, given.at, {"input": given.name}, expected, actual, wording=wording)


def _compared_otherwise(given: Input, run: tuple[Visit, ...]) -> Location | None:
    """Where a script that could compare the input reads it, in a form that is not followed."""
    expression = re.compile(rf"\binputs\.{re.escape(given.name)}(?![\w-])")
    for visit in run:
        for step in visit.job.steps:
            script = step.script
            scopes = (visit.workflow.constants, visit.job.environment_variables, step.environment_variables)
            holders = [
                name for scope in scopes for name, fact in scope.items() if expression.search(fact.or_none() or "")
            ]
            reads = expression.search(script) or any(f"${name}" in script or f"${{{name}" in script for name in holders)
            if reads and _OTHER_COMPARISON.search(script):
                return step.at
    return None
