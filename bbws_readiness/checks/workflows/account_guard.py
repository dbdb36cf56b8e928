"""Whether anything compares the AWS account that is signed in to before something is applied to it."""

from __future__ import annotations

import re

from bbws_readiness.checks.unknown import terraform_gap, undetermined
from bbws_readiness.checks.workflows.doors import obeyed
from bbws_readiness.checks.workflows.runs import Apply, Visit, applies_in_question
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.workflows import ShellCommand, Step, called_path
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_ASKS = "get-caller-identity"
_MAY_COMPARE = regex(
    r"\bexit\s++(?!0\b)|\bexit\s*$|\breturn\s++(?!0\b)|\bfalse\b|\bgrep\b|\bcase\b|\bdiff\b|\bcmp\b|\bjq -\w*e"
    r"|^[ \t]*(?:\[\[? |test\b)(?!.*\|\|\s*(?:true|:|echo)\b)|\bpython3?\b",
    re.MULTILINE,
)
"""What can end a step with an error. A test that nothing follows from but a message cannot."""
_TESTS = frozenset({"[", "[[", "test"})
_SIGNED_IN = regex(rf"{_ASKS}(?:(?!{_ASKS})[^\n|&;])*+\|\|\s*+(?:\{{[^{{}}\n]*+\}}|exit\b[^\n;]*+)")
"""Ending where nobody is signed in at all compares no account."""
_VALUE = r"\[\[?\s++{0}\s++\"?\$\{{?\w++\}}?\"?\s++\]\]?"
_ENDING = r"(?:\{[^{}]*+\}|exit\b[^\n;]*+)"
_EMPTY = regex(
    rf"\bif\s++{_VALUE.format('-z')}\s*+;?\s*+then\b(?:(?!\b(?:if|elif|else|fi|case)\b).)*+\bfi\b"
    rf"|{_VALUE.format('-z')}\s*+&&\s*+{_ENDING}|{_VALUE.format('-n')}\s*+\|\|\s*+{_ENDING}",
    re.DOTALL,
)
"""Ending where nothing was found out at all compares no account either."""
_OUTPUT = regex(r"outputs\.[\w-]*account", re.IGNORECASE)
"""The account as another step gives it out, the action that signs in among them."""
_ENDS = regex(r"\b(?:exit|return)\s++[\"']?+(?!0\b)|\b(?:exit|return)\s*$|\bfalse\b|core\.setFailed", re.MULTILINE)
_SCRIPT = regex(r"^(?:bash|sh|python3?|source|\.)\s+[^-\s]|^\./")


def unasserted_account(question: Question) -> CheckResult:
    """ENV008: one answer where Terraform guards the account itself, else one per job that applies."""
    configuration = question.model.configuration
    if configuration and configuration.allowed_accounts:
        at, how = configuration.allowed_accounts[0].at, "allowed_account_ids"
        return CheckResult((Observation(Outcome.PASS, question.environment, at, {"how": how}),))
    if configuration and configuration.caller_conditions:
        at, how = configuration.caller_conditions[0], "a condition on the caller identity"
        return CheckResult((Observation(Outcome.PASS, question.environment, at, {"how": how}),))
    found = applies_in_question(question)
    if isinstance(found, CheckResult):
        return found
    return CheckResult(tuple(_asserted(question, own[0]) for own in found))


def _asserted(question: Question, apply: Apply) -> Observation:
    """An assertion of the applying job before its apply, or of a job whose success it needs."""
    visit, at = apply.visit, apply.command.at
    passed_over: list[Location] = []
    for before in (visit, *apply.before):
        for job, place in before.workflow.account_assertions:
            if job != before.job.id or not _counts(apply, before, place):
                continue
            step = _step_at(before, place)
            if step and _tolerated(step):
                passed_over.append(place)
            elif not (step and step.condition):
                values = {"how": f"a comparison in job {job}"}
                return Observation(Outcome.PASS, visit.label, place, values)
    if gap := terraform_gap(question.model):
        return undetermined(visit.label, gap)
    if unclear := _unclear(apply):
        return undetermined(visit.label, unclear)
    printed, tested = _printed(apply)
    said = f"printed at {printed}, compared nowhere" if printed else "no step compares it"
    if tested:
        said = f"compared at {printed}, and a difference does not end the run"
    if passed_over:
        said = f"compared at {passed_over[0]}, and a difference does not end the run (continue-on-error)"
    place = passed_over[0] if passed_over else printed or at
    return Observation(Outcome.FAIL, visit.label, place, {"said": said}, "a comparison that ends the run", said)


def _counts(apply: Apply, before: Visit, place: Location) -> bool:
    if before.path == apply.visit.path:
        if place.path == apply.command.at.path:
            return place.line < apply.command.at.line
        # In an action or script: what counts is where its steps stand in the job.
        step = _step_at(before, place)
        return step is not None and apply.visit.job.steps.index(step) < apply.position
    return _binds(apply, before)


def _step_at(visit: Visit, place: Location) -> Step | None:
    """The step of the job in which that line stands."""
    steps = (step for step in reversed(visit.job.steps) if step.at.path == place.path and step.at.line <= place.line)
    return next(steps, None)


def _tolerated(step: Step) -> bool:
    """Whether the job goes on when the step fails."""
    return step.continue_on_error or (step.tolerated is not None and step.tolerated.or_none() is True)


def _binds(apply: Apply, before: Visit) -> bool:
    """Whether the applying job stays undone when that earlier one fails, as far as their workflow tells."""
    if before.job.continue_on_error:
        return False
    return before.workflow.path != apply.visit.workflow.path or obeyed(apply.visit, before.workflow, before.job.id)


def _steps_before(apply: Apply) -> list[Step]:
    """The steps whose failure keeps the apply from starting."""
    binding = [before for before in apply.before if _binds(apply, before)]
    earlier = [step for before in binding for step in before.job.steps]
    return [step for step in (*earlier, *apply.visit.job.steps[: apply.position]) if not _tolerated(step)]


def _unclear(apply: Apply) -> Undetermined | None:
    """A step that may compare the account in a way that is not followed."""
    for step in _steps_before(apply):
        text = step.script
        asked = (step.condition, *step.environment_variables.values()) if step.run else ()
        given = any(_OUTPUT.search(fact.or_none() or "") for fact in (*asked, step.run) if fact)
        if (_ASKS in text and _MAY_COMPARE.search(_EMPTY.sub("", _SIGNED_IN.sub("", text)))) or (
            given and _ENDS.search(text)
        ):
            return Undetermined(
                "a step works with the account; whether it ends on a difference is not followed", step.at
            )
        if called_path(step.uses) or any(_SCRIPT.search(command.text) for command in step.commands):
            return Undetermined("a script or action of the project may compare the account, and is not read", step.at)
    hidden = next((before for before in apply.before if before.hidden), None)
    return Undetermined(hidden.hidden, hidden.job.at) if hidden else None


def _compares(command: ShellCommand) -> bool:
    """Whether it is a test of two values, and not of one that may be empty."""
    return command.words[0] in _TESTS and command.words[1:2] not in (("-z",), ("-n",))


def _printed(apply: Apply) -> tuple[Location | None, bool]:
    """Where a step asks for the account, and whether a test stands beside it."""
    for step in _steps_before(apply):
        for command in step.commands:
            if _ASKS in command.text:
                return command.at, any(map(_compares, step.commands))
    return None, False
