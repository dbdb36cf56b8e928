"""Whether a deployment run can collide, hang, wait too long for its plan, hold too wide a token or go out untested."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import amount
from bbws_readiness.checks.workflows.runs import Apply, applies_in_question, file_name
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.workflows import Artifact, Job, Step, Workflow
from bbws_readiness.patterns import regex

_DIFFERENT_EVERY_RUN = regex(r"\bgithub\.(?:run_id|run_number|run_attempt|sha)\b", re.IGNORECASE)
_BY_BRANCH = regex(r"\bgithub\.(?:ref|ref_name|head_ref|event_name|actor)\b", re.IGNORECASE)
_TEST_FILE = regex(
    r"(?:^|/)(?:test_[^/]+\.py|[^/]+_test\.(?:py|go)|[^/]+\.tftest\.(?:hcl|json)|[^/]+\.(?:test|spec)\.[jt]sx?)$"
)
_TEST_RUNNERS = frozenset({"pytest", "py.test", "tox", "nox", "unittest", "jest", "vitest", "ctest"})
_TEST_TASK = regex(r"(?:[\w-]+:)?(?:tests?|check)(?::[\w-]+)?")
_TASK_RUNNERS = frozenset(
    {"make", "npm", "yarn", "pnpm", "go", "terraform", "tofu", "cargo", "mvn", "gradle", "gradlew", "hatch", "just"}
)
_WRITES = regex(
    r"\bgit\s+push\b|\bgh\s|\bapi\.github\.com\b|\bGITHUB_TOKEN\b|\bgithub\.token\b|\bACTIONS_ID_TOKEN", re.IGNORECASE
)
_TOKEN = "id-token"  # noqa: S105 - the name of a permission, not a password
_EARLY = frozenset({"pull_request", "push", "merge_group"})


def fragile_run(question: Question) -> CheckResult:
    """WFL015: one answer per workflow that applies and term: concurrency, time limits, token, plan artifact, tests."""
    found = applies_in_question(question)
    if isinstance(found, CheckResult):
        return found
    observations: dict[str, Observation] = {}
    for own in found:
        apply = own[0]
        for seen in (*_concurrency(apply), *_limits(apply), *_tokens(question, apply), *_kept(question, apply)):
            observations.setdefault(seen.subject, seen)
        for seen in _tested(question, apply):
            observations.setdefault(seen.subject, seen)
    return CheckResult(tuple(observations.values()))


def _starter(apply: Apply) -> Workflow:
    return apply.visit.chain[0][0]


def _concurrency(apply: Apply) -> Iterator[Observation]:
    """One group for all runs on the environment, of the applying job, or of anything around it."""
    subject = f"{file_name(_starter(apply))}: concurrency"
    groups: list[tuple[Fact[str], str]] = []
    for workflow, job in apply.visit.chain:
        for fact, written in (
            (workflow.concurrency, workflow.concurrency_written),
            (job.concurrency, job.concurrency_written),
        ):
            if fact is not None:
                groups.append((fact, written))
    shared = [(fact, written) for fact, written in groups if not _DIFFERENT_EVERY_RUN.search(written)]
    expected = "one run at a time"
    if not shared:
        at, absent = (
            (groups[0][0].at, "its group differs in every run") if groups else (_starter(apply).at, "no concurrency")
        )
        yield Observation(Outcome.FAIL, subject, at, {"absent": absent}, expected, absent)
    elif all(_BY_BRANCH.search(written) for _, written in shared):
        reason = "the group differs by branch or event; whether two can reach the environment is not told"
        yield undetermined(subject, Undetermined(reason, shared[0][0].at))
    else:
        fact = next(fact for fact, written in shared if not _BY_BRANCH.search(written))
        yield Observation(Outcome.PASS, subject, fact.at, {"how": "one run at a time"})


def _limits(apply: Apply) -> Iterator[Observation]:
    subject = f"{file_name(_starter(apply))}: time limits"
    jobs = [visit for visit in apply.run if visit.job.steps]
    open_ended = [visit for visit in jobs if visit.job.timeout_minutes is None]
    if open_ended:
        absent = "no timeout-minutes on " + ", ".join(dict.fromkeys(visit.job.id for visit in open_ended))
        at = open_ended[0].job.at
        yield Observation(Outcome.FAIL, subject, at, {"absent": absent}, "timeout-minutes", "none")
    else:
        how = f"on {amount(len(jobs), 'job')}"
        yield Observation(Outcome.PASS, subject, jobs[0].job.at, {"how": how})


def _tokens(question: Question, apply: Apply) -> Iterator[Observation]:
    """The token of every job: stated, and no wider than what its steps are known to do."""
    subject = f"{file_name(_starter(apply))}: token"
    harmless = frozenset(texts(question, "actions-without-token"))
    jobs = [visit for visit in apply.run if visit.job.steps]
    wide = [(visit, scope) for visit in jobs for scope in _too_wide(visit.job, harmless)]
    silent = [visit for visit in jobs if not any(job.states_permissions for _, job in visit.chain)]
    if wide:
        visit, scope = wide[0]
        absent = "; ".join(f"{one.job.id} holds {scope}, which no step of it uses" for one, scope in wide[:5])
        yield Observation(Outcome.FAIL, subject, visit.job.at, {"absent": absent}, "what the job needs", scope)
    elif silent:
        absent = "no permissions stated for " + ", ".join(dict.fromkeys(visit.job.id for visit in silent))
        yield Observation(Outcome.FAIL, subject, silent[0].job.at, {"absent": absent}, "permissions", "none")
    else:
        yield Observation(Outcome.PASS, subject, jobs[0].job.at, {"how": "no wider than the steps need"})


def _too_wide(job: Job, harmless: frozenset[str]) -> Iterator[str]:
    """The rights to write that the job holds and nothing in it can use; none where a step is not known."""
    if any(_may_write(step, harmless) for step in job.steps):
        return
    signs = any("role-to-assume" in step.with_ for step in job.steps)
    for scope, right in job.permissions.items():
        if right == "write" and not (scope == _TOKEN and signs):
            yield "write-all" if scope == "*" else f"{scope}: write"


def _may_write(step: Step, harmless: frozenset[str]) -> bool:
    if step.uses is not None:
        return step.action not in harmless
    said = " ".join(fact.or_none() or "" for fact in (step.run, *step.environment_variables.values()) if fact)
    return bool(_WRITES.search(said)) or any("/" in command.words[0] for command in step.commands)


def _kept(question: Question, apply: Apply) -> Iterator[Observation]:
    """The artifacts of the jobs that plan, where an approval comes between them and the apply."""
    subject = f"{file_name(_starter(apply))}: plan artifact"
    days = question.parameters["approval-days"]
    planning = [visit for visit in apply.before if any(plan.plan_file for _, plan in visit.commands("plan"))]
    kept = [artifact for visit in planning for artifact in visit.workflow.artifacts if artifact.job == visit.job.id]
    if not kept or not isinstance(days, int):
        return
    for artifact in kept:
        if (seen := _long_enough(subject, artifact, days)) is not None:
            yield seen
            return
    yield Observation(Outcome.PASS, subject, kept[0].at, {"how": f"kept at least {amount(days, 'day')}"})


def _long_enough(subject: str, artifact: Artifact, days: int) -> Observation | None:
    """What is wrong with how long it is kept; without a figure GitHub keeps it as long as the repository says."""
    kept = artifact.retention_days
    if kept is None:
        return None
    if isinstance(kept.value, Unknown):
        return undetermined(subject, Undetermined(kept.value.reason, kept.at))
    if 0 < kept.value < days:
        actual = f"kept {amount(kept.value, 'day')}"
        absent = f"{actual}, an approval may wait {days}"
        return Observation(Outcome.FAIL, subject, kept.at, {"absent": absent}, f"{days} days", actual)
    return None


def _tested(question: Question, apply: Apply) -> Iterator[Observation]:
    """Whether the project's tests run before the apply: in the run, or in a workflow that runs on every change."""
    model = question.model
    tests = [path for path in model.files if ("test" in path or "spec" in path) and _TEST_FILE.search(path)]
    if not tests:
        return
    subject = f"{file_name(_starter(apply))}: tests"
    before: list[Step] = [step for visit in apply.before for step in visit.job.steps]
    before += apply.visit.job.steps[: apply.position]
    early = [flow for flow in model.workflows or () if {one.or_none() for one in flow.triggers} & _EARLY]
    before += [step for flow in early for job in flow.jobs for step in job.steps]
    if step := next((step for step in before if _tests(step, tests)), None):
        yield Observation(Outcome.PASS, subject, step.at, {"how": "run before apply"})
    elif hidden := next((visit for visit in apply.before if visit.hidden), None):
        yield undetermined(subject, Undetermined(hidden.hidden, hidden.job.at))
    else:
        absent = f"{amount(len(tests), 'test file')}, none is run before apply"
        yield Observation(Outcome.FAIL, subject, apply.command.at, {"absent": absent}, "tests before apply", "none")


def _tests(step: Step, tests: Sequence[str]) -> bool:
    names = {posixpath.basename(path) for path in tests}
    for command in step.commands:
        program, *others = (posixpath.basename(word) for word in command.words)
        if program in ("echo", "printf", "test", "[", "[[", "ls", "cat"):
            continue
        if program in _TASK_RUNNERS and any(_TEST_TASK.fullmatch(word) for word in others):
            return True
        if {program, *others} & (names | _TEST_RUNNERS):
            return True
    return False
