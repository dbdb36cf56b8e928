"""Reviews the workflows of the environment and the validation scripts."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.model.tables import Table
from bbws_readiness.model.workflows import Input, Job, Workflow
from bbws_readiness.render.encode.markdown import Markdown, code, codes, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import statuses
from bbws_readiness.render.views.checks import checks_table
from bbws_readiness.render.views.report import facts
from bbws_readiness.render.views.workflow import SETTINGS
from bbws_readiness.render.wording import NOT_STATED
from bbws_readiness.source import Location


class WorkflowView(Struct, frozen=True):
    """One workflow that deploys the environment."""

    title: str
    facts: Markdown
    inputs: Markdown
    jobs: Markdown
    backend: Markdown
    artifacts: Markdown


class ScriptView(Struct, frozen=True):
    """One validation script and its expectations."""

    title: Markdown
    facts: Markdown
    expectations: Markdown


def workflow_views(frame: Frame) -> tuple[WorkflowView, ...]:
    """The workflows that deploy the environment, or let the operator choose it."""
    return tuple(_workflow(frame, one) for one in workflows_of(frame))


def workflows_of(frame: Frame) -> tuple[Workflow, ...]:
    """All workflows that can reach the environment, by path."""
    wanted = frame.assessment.environment
    return tuple(
        one
        for one in frame.assessment.model.workflows or ()
        if (one.environment and one.environment.or_none() == wanted)
        or any(offered.or_none() == wanted for offered in one.offered_environments)
    )


def workflow_checks(frame: Frame) -> Markdown:
    """The checks of the workflow area, and those of other areas that point into one of these files."""
    paths = {one.path for one in workflows_of(frame)}
    found = (
        group if group[0].rule.area == "WFL" else [one for one in group if one.at.path in paths]
        for group in frame.once(statuses.by_rule).values()
    )
    return checks_table(frame, filter(None, found))


def _workflow(frame: Frame, workflow: Workflow) -> WorkflowView:
    asserted = workflow.account_assertion
    rows = (
        ("File", frame.path(workflow.path), frame.place(workflow.at)),
        ("Trigger", joined(map(facts.value, workflow.triggers)) or NOT_STATED, _at(frame, *workflow.triggers)),
        ("Branch guard", joined(map(facts.value, workflow.branches)) or "none", _at(frame, *workflow.branches)),
        ("Account", facts.value(workflow.account), _at(frame, workflow.account)),
        ("Region", facts.value(workflow.region), _at(frame, workflow.region)),
        ("Identity", _identity(frame, workflow), _at(frame, workflow.role_secret)),
        (
            "Account compared before work",
            "yes" if asserted else "no",
            frame.place(asserted) if asserted else Markdown(""),
        ),
        ("Terraform", facts.value(workflow.terraform_version), _at(frame, workflow.terraform_version)),
        ("Plan hand-over", _hand_over(frame, workflow), ""),
        ("Validation after apply", _validation(workflow), ""),
    )
    return WorkflowView(
        title=workflow.name,
        facts=table(("What", "Value", "Source"), rows),
        inputs=table(
            ("Input", "Type", "Required", "Values", "Used at", "Declared"),
            [_input(frame, one) for one in workflow.inputs],
        ),
        jobs=table(
            ("Job", "Needs", "Environment (gate)", "Terraform", "Steps", "Source"),
            [_job(frame, one) for one in workflow.jobs],
            right=frozenset({4}),
        ),
        backend=_backend(frame, workflow),
        artifacts=table(
            ("Artifact", "Job", "Kept, days", "Source"),
            [
                (facts.value(one.name), code(one.job), facts.value(one.retention_days), frame.place(one.at))
                for one in workflow.artifacts
            ],
        ),
    )


def _at(frame: Frame, *stated: object) -> Markdown:
    places = [getattr(fact, "at", None) for fact in stated]
    return frame.places(at for at in places if at is not None)


def _backend(frame: Frame, workflow: Workflow) -> Markdown:
    """Every setting that an `init` of the workflow passes, each value once with its places."""
    passed: dict[tuple[str, Markdown], list[Location]] = {}
    for job in workflow.jobs:
        for step in job.steps:
            for command in step.terraform:
                for name, fact in command.backend.items():
                    passed.setdefault((name, facts.value(fact)), []).append(fact.at)
    rows = [(code(name), told, frame.places(places)) for (name, told), places in passed.items() if name in SETTINGS]
    return table(("Setting", "Passed value", "Source"), rows)


def _identity(frame: Frame, workflow: Workflow) -> Markdown:
    if workflow.static_keys_at:
        return say("long-lived access keys ({})", frame.place(workflow.static_keys_at))
    if workflow.role_secret is None:
        return Markdown("no sign-in found")
    return say("role from {}", facts.value(workflow.role_secret))


def _hand_over(frame: Frame, workflow: Workflow) -> Markdown:
    """Which plan file each apply uses."""
    shown = []
    for job in workflow.jobs:
        for step in job.steps:
            for command in step.terraform:
                if command.verb == "apply":
                    used = facts.value(command.plan_file) if command.plan_file else Markdown("no saved plan")
                    shown.append(say("{} applies {} ({})", code(job.id), used, frame.place(command.at)))
    return joined(shown, "; ") or Markdown("nothing is applied")


def applying_jobs(workflow: Workflow) -> tuple[str, ...]:
    """Ids of the jobs with a `terraform apply`."""
    return tuple(
        job.id
        for job in workflow.jobs
        if any(command.verb == "apply" for step in job.steps for command in step.terraform)
    )


def jobs_after_apply(workflow: Workflow) -> tuple[str, ...]:
    """Ids of the jobs that start only when something was applied, in the order written."""
    waiting: dict[str, list[str]] = {}
    for job in workflow.jobs:
        for need in job.needs:
            waiting.setdefault(need.or_none() or "", []).append(job.id)
    reached: set[str] = set()
    pending = [*applying_jobs(workflow)]
    for name in pending:
        later = [one for one in waiting.get(name, ()) if one not in reached]
        reached.update(later)
        pending += later
    return tuple(job.id for job in workflow.jobs if job.id in reached)


def _validation(workflow: Workflow) -> Markdown:
    after = jobs_after_apply(workflow)
    if not after:
        return Markdown("no job follows the apply")
    return say("jobs after the apply: {}", codes(after))


def _input(frame: Frame, one: Input) -> tuple[object, ...]:
    values = codes(one.options or ((one.default,) if one.default else ()), nothing="free text")
    used = frame.places(one.used_at) if one.used_at else Markdown("nowhere")
    return (code(one.name), one.type, "yes" if one.required else "no", values, used, frame.place(one.at))


def _job(frame: Frame, job: Job) -> tuple[object, ...]:
    verbs = [command.verb for step in job.steps for command in step.terraform]
    needs = joined(map(facts.value, job.needs)) or Markdown("nothing")
    gate = facts.value(job.environment) if job.environment else Markdown("none")
    return (code(job.id), needs, gate, codes(dict.fromkeys(verbs)), len(job.steps), frame.place(job.at))


def script_views(frame: Frame) -> tuple[ScriptView, ...]:
    """All validation scripts; the expectations are held against Terraform's names."""
    return tuple(_script(frame, one) for one in frame.assessment.model.scripts)


def _script(frame: Frame, script: ValidationScript) -> ScriptView:
    wanted = Markdown("taken as an argument") if script.takes_environment else facts.value(script.environment)
    verifies = joined(map(facts.value, script.verifies)) or NOT_STATED
    computed = joined(map(facts.value, script.not_constant), "; ") or "none"
    rows = (
        ("Environment", wanted, _at(frame, script.environment)),
        ("Account", facts.value(script.account), _at(frame, script.account)),
        ("Region", facts.value(script.region), _at(frame, script.region)),
        ("Verifies", verifies, _at(frame, *script.verifies)),
        ("Required tags", joined(map(facts.value, script.required_tags)) or "none", _at(frame, *script.required_tags)),
        ("Expectations computed at run time", computed, _at(frame, *script.not_constant)),
    )
    built = {one.name: one for one in frame.assessment.model.terraform_tables or ()}
    expectations = [_expectation(frame, one, built.get(one.name)) for one in script.tables]
    return ScriptView(
        frame.path(script.path),
        table(("What", "Value", "Source"), rows),
        table(("Table", "Indexes expected", "Indexes in terraform", "Difference by name", "Source"), expectations),
    )


def _expectation(frame: Frame, said: Table, built: Table | None) -> tuple[object, ...]:
    expected = said.index_names
    actual = built.index_names if built else None
    return (
        code(said.name),
        facts.named(expected),
        Markdown("table not declared") if built is None else facts.named(actual),
        facts.difference(expected, actual),
        frame.place(said.at),
    )


def script_checks(frame: Frame) -> Markdown:
    """The checks of the validation area."""
    return checks_table(frame, statuses.findings_of_areas(frame, "VAL"))
