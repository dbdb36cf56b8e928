"""Whether what a person chooses when starting a workflow has any effect on its conditions and steps."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import amount
from bbws_readiness.checks.workflows.runs import file_name, hidden_parts, taking_part, without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.workflows import FixedComparison, Workflow


def dead_condition(question: Question) -> CheckResult:
    """WFL007: one answer per comparison that is fixed, one per workflow that has none."""
    if nothing := without_deployment(question):
        return nothing
    observations = [one for workflow in taking_part(question.model) for one in _conditions(workflow)]
    return CheckResult((*observations, *hidden_parts(question.model)))


def _conditions(workflow: Workflow) -> Iterator[Observation]:
    name = file_name(workflow)
    told: set[str] = set()
    for fixed in workflow.fixed_comparisons:
        subject = f"{name}: {fixed.owner or fixed.text}"
        if subject not in told:
            told.add(subject)
            yield _fixed(subject, fixed)
    for owner, at in workflow.unread_conditions:
        yield undetermined(f"{name}: {owner}", Undetermined("the condition is not understood", at))
    if not told and not workflow.unread_conditions:
        count = sum(bool(job.condition) + sum(bool(step.condition) for step in job.steps) for job in workflow.jobs)
        yield Observation(Outcome.PASS, name, workflow.at, {"count": amount(count, "condition")})


def _fixed(subject: str, fixed: FixedComparison) -> Observation:
    always = "always" if fixed.outcome else "never"
    effect = ": it is always skipped" if fixed.never_runs else ""
    values = {"text": fixed.text, "always": always, "effect": effect, "input": fixed.input}
    if fixed.because:
        values |= {"because": fixed.because}
        actual = f"{fixed.text}, {always} true"
        return Observation(Outcome.FAIL, subject, fixed.at, values, fixed.because, actual, wording="context")
    expected = f"inputs.{fixed.input}"
    return Observation(Outcome.FAIL, subject, fixed.at, values, expected, f"{fixed.text}, {always} true")


def unused_input(question: Question) -> CheckResult:
    """WFL008: one answer per input of the workflows that deploy the environment."""
    if nothing := without_deployment(question):
        return nothing
    workflows = taking_part(question.model)
    observations = [one for workflow in workflows for one in _inputs(workflow)]
    if not observations:
        return question.not_applicable("no workflow that deploys it has inputs", workflows[0].at)
    return CheckResult(tuple(observations))


def _inputs(workflow: Workflow) -> Iterator[Observation]:
    for given in workflow.inputs:
        subject = f"{file_name(workflow)}: {given.name}"
        if given.used_at:
            values = {"count": amount(len(given.used_at), "line")}
            yield Observation(Outcome.PASS, subject, given.at, values)
        elif workflow.inputs_handed_on:
            reason = "all inputs are handed on at once, or one by a computed name, which is not followed"
            yield undetermined(subject, Undetermined(reason, workflow.inputs_handed_on))
        else:
            yield Observation(Outcome.FAIL, subject, given.at, {}, "a reference", "declared, 0 references")
