"""Whether a validation script exists for the environment, and whether its workflow looks at the result."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from bbws_readiness.checks.scripts.expectations import expectations
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.runs import Apply, Visit, applies_in_question, file_name
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side
from bbws_readiness.fact import Undetermined, known_text
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.model.workflows import Job, Step, called_path
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

_DECIDES = regex(r"\bexit [1-9]|\btest\b|\[\[? |\bgrep -q|\bjq -e|\bdiff\b|\bcmp\b")
_IGNORED = regex(r"\|\|\s*(?:true|:|echo\b[^|&;]*)$")
_NEVER = ("false", "${{false}}")
"""Conditions that never hold, without their blanks."""
_OUTPUTS = regex(r"\bterraform\b[^\n]{0,200}?\b(?:output|show)\b")
_NOT_A_CALL = regex(r"^\s*(?:#|echo\b|printf\b)")


def missing_validation_script(question: Question) -> CheckResult:
    """VAL001: one answer for the environment. Sides are the sources that ask; only the plan can."""
    model, environment = question.model, question.environment
    summary = expectations(question)
    if script := model.script:
        argument = ", told the environment when it is started" if script.takes_environment else ""
        values = {"file": script.path, "argument": argument}
        return CheckResult((Observation(Outcome.PASS, environment, script.at, values),), summary=summary)
    unclear = _unclear_script(question)
    if unclear:
        return CheckResult((undetermined(environment, unclear),), summary=summary)
    asking = _asking(question)
    if not asking and not model.scripts:
        return question.not_applicable("nobody asks for a validation, and no environment has a script")
    declared = question.config.authority_of(question.rule.facet)
    if not model.scripts and declared and SourceKind.PLAN not in declared:
        return question.not_applicable("asked only by the plan, which is not the declared authority")
    asked = f"; validation asked at {asking[0].at[0]}" if asking else ""
    others = [script.environment.at if script.environment else script.at for script in model.scripts]
    at = (others or [place for side in asking for place in side.at])[0]
    related = tuple(Related(place, "plan: validation after deployment") for side in asking for place in side.at)
    missing = Observation(
        Outcome.FAIL,
        environment,
        at,
        {"scripts": summary["scripts"], "asked": asked},
        expected=f"a script for {environment}",
        actual=summary["scripts"],
        sides=asking,
        related=tuple(note for note in related if note.at != at),
        wording="" if model.scripts else "no-script",
    )
    return CheckResult((missing,), summary=summary)


def _asking(question: Question) -> tuple[Side, ...]:
    plan = question.model.plan
    places = plan.validations.get(question.environment, ()) if plan else ()
    return (Side(SourceKind.PLAN, True, "validation after deployment", tuple(places)),) if places else ()


def _unclear_script(question: Question) -> Undetermined | None:
    if unread := question.model.unread.get(SourceKind.SCRIPT):
        return Undetermined("a script could not be read", unread)
    for script in question.model.scripts:
        if unknown := _unknown_environment(script):
            return Undetermined(f"{script.path}: {unknown.reason}", unknown.at)
    return None


def _unknown_environment(script: ValidationScript) -> Undetermined | None:
    if script.environment is None:
        return Undetermined("neither its constants nor its name tell its environment", script.at)
    try:
        script.environment.get()
    except Undetermined as unknown:
        return unknown
    return None


def unvalidated_deployment(question: Question) -> CheckResult:
    """VAL002: one answer per workflow that applies to the environment."""
    found = applies_in_question(question)
    if isinstance(found, CheckResult):
        return found
    last = {own[-1].run[0].chain[0][0].path: own[-1] for own in found}
    return CheckResult(tuple(_validated(question, apply) for apply in last.values()))


def _validated(question: Question, apply: Apply) -> Observation:
    workflow = apply.run[0].chain[0][0]
    subject = file_name(workflow)
    ignored: tuple[str, Step] | None = None
    for visit, step, unheeded in _steps_after(apply):
        if not _checks(question, step):
            continue
        where = f"job {visit.job.id}" + (f", step {step.name}" if step.name else "")
        if not unheeded and not step.continue_on_error and not _ignores(step):
            return Observation(Outcome.PASS, subject, step.at, {"validation": where})
        ignored = ignored or (where, step)
    jobs = ", ".join(job.id for job in workflow.jobs)
    expected = "a check after apply that can fail"
    if ignored:
        where, step = ignored
        values = {"validation": where, "jobs": jobs}
        return Observation(
            Outcome.FAIL, subject, step.at, values, expected, "a failure is ignored", wording="cannot-fail"
        )
    if hidden := _hidden_after(apply):
        return undetermined(subject, hidden)
    return Observation(Outcome.FAIL, subject, apply.command.at, {"jobs": jobs}, expected, "none")


def _steps_after(apply: Apply) -> Iterator[tuple[Visit, Step, bool]]:
    """Every step that runs after the apply, with whether the failure of its job is ignored.

    What only runs when something failed reports, it does not validate; what never runs does neither.
    """
    for step in apply.visit.job.steps[apply.position :]:
        if not _only_on_failure(step):
            yield apply.visit, step, apply.visit.job.continue_on_error
    for visit in apply.after:
        if not _only_on_failure(visit.job):
            for step in visit.job.steps:
                if not _only_on_failure(step):
                    yield visit, step, any(job.continue_on_error for _, job in visit.chain)


def _only_on_failure(part: Step | Job) -> bool:
    text = "".join(known_text(part.condition).split())
    return text.lower() in _NEVER or ("failure()" in text and "!failure()" not in text)


def _checks(question: Question, step: Step) -> bool:
    """Whether the step looks at what was deployed: calls that read, a script of the project, Terraform's outputs."""
    if step.run is None:
        return False
    lines = [line for line in (step.run.or_none() or "").splitlines() if not _NOT_A_CALL.match(line)]
    text = "\n".join(lines)
    if "aws" in text and _reading_call(question).search(text):
        return True
    if _OUTPUTS.search(text) and _DECIDES.search(text):
        return True
    if "-detailed-exitcode" in text:
        return True
    words = [str(word) for word in _listed(question, "script-words")]
    return any(any(part in name for part in words) for name in _started(step))


def _reading_call(question: Question) -> re.Pattern[str]:
    verbs = "|".join(re.escape(str(verb)) for verb in _listed(question, "read-verbs"))
    other = "|".join(re.escape(str(service)) for service in _listed(question, "not-results"))
    return re.compile(rf"\baws\s+(?:--\S+\s+(?:[^-\s]\S*\s+)?)*(?!(?:{other})\b)[a-z0-9-]+\s+(?:{verbs})\b")


def _started(step: Step) -> Iterator[str]:
    """The names of scripts and test programs that the step starts."""
    for command in step.commands:
        if posixpath.basename(command.words[0]) in ("echo", "printf", "cat", "chmod", "ls"):
            continue
        for word in command.words[:3]:
            if word.endswith((".py", ".sh", ".js")) or word in ("pytest",):
                yield posixpath.basename(word).lower()


def _ignores(step: Step) -> bool:
    """Whether the last thing the script does hides the failure of what it checked."""
    text = (step.run.or_none() or "").strip() if step.run else ""
    last = text.splitlines()[-1].rstrip() if text else ""
    return bool(_IGNORED.search(last)) and not re.search(r"\bexit [1-9]", text)


def _hidden_after(apply: Apply) -> Undetermined | None:
    """A part of the run after the apply that cannot be seen into."""
    for visit in apply.after:
        if visit.hidden:
            return Undetermined(visit.hidden, visit.job.at)
    steps = [*apply.visit.job.steps[apply.position + 1 :], *(step for v in apply.after for step in v.job.steps)]
    for step in steps:
        if path := called_path(step.uses):
            return Undetermined(f"what the local action {path} does is not looked at", step.at)
    return None


def _listed(question: Question, name: str) -> list[object]:
    listed = question.parameters.get(name)
    return list(listed) if isinstance(listed, list | tuple) else []
