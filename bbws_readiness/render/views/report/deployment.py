"""Tells how the environment is deployed: the workflow's own jobs, what to check afterwards, and the way back."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.model.workflows import Input, Job, Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, codes, fenced, joined, say
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views.report.workflows import jobs_after_apply
from bbws_readiness.render.views.workflow import in_order

IRREVERSIBLE = Markdown(
    "**Deleting a table is irreversible: its items are lost unless a backup or an export holds them.**"
)
EMPTIED = Markdown("**Deleting a bucket is irreversible: its objects are lost unless a copy holds them.**")
READ_ONLY_CALLS = {
    "aws_dynamodb_table": "aws dynamodb describe-table --table-name {name}{place} --query Table.TableStatus",
    "aws_s3_bucket": "aws s3api head-bucket --bucket {name}{place}",
    "aws_lambda_function": "aws lambda get-function-configuration --function-name {name}{place} --query State",
}
"""What tells whether a resource is there, by type; any other type has no call of its own."""
NO_ROLLBACK = Markdown("No rollback section found for this environment.")

_PLAIN_NAME = regex(r"[A-Za-z0-9_.-]{3,255}")


class DeploymentView(Struct, frozen=True):
    """How to deploy, check and go back."""

    steps: tuple[Markdown, ...]
    """In order; empty when no workflow deploys the environment."""
    afterwards: Markdown
    rollback: Markdown
    duration: str


def deployment(frame: Frame) -> DeploymentView:
    """The process for the assessed environment, as its workflow and the plan state it."""
    minutes = frame.assessment.config.deployment_minutes
    duration = f"{minutes[0]}-{minutes[1]} minutes" if minutes else "Not stated"
    return DeploymentView(tuple(steps(frame)), afterwards(frame), _rollback(frame), duration)


def steps(frame: Frame) -> Iterator[Markdown]:
    """What a person does, one step per sentence: start the workflow, then one step per job in dependency order."""
    workflow = frame.assessment.model.workflow
    if workflow is None:
        return
    yield say("Open the repository: {}", _repository(frame))
    yield say("Open **Actions** and select the workflow **{}** ({})", workflow.name, frame.place(workflow.at))
    if _is_manual(workflow):
        yield say("Choose **Run workflow** with the branch {}", _branch(frame, workflow))
        for one in workflow.inputs:
            yield say("Set the input {} to {}", code(one.name), _input_value(frame, one))
    else:
        triggers = codes(trigger.or_none() or "unknown" for trigger in workflow.triggers)
        yield say("It starts by itself on {}, branch {}", triggers, _branch(frame, workflow))
    after = jobs_after_apply(workflow)
    for job in in_order(workflow):
        yield say("Job {} ({}): {}", code(job.id), frame.place(job.at), _part(job, after=job.id in after))


def _repository(frame: Frame) -> Markdown:
    repository = frame.assessment.model.repository
    remote = repository.remote.or_none() if repository else None
    known = remote or frame.assessment.config.repository
    return code(known) if known else Markdown("repository URL unknown")


def _is_manual(workflow: Workflow) -> bool:
    return any(trigger.or_none() == "workflow_dispatch" for trigger in workflow.triggers)


def _branch(frame: Frame, workflow: Workflow) -> Markdown:
    known = [branch for branch in workflow.branches if branch.known]
    if known:
        return frame.cited(codes(branch.or_none() for branch in known), *(branch.at for branch in known))
    return Markdown("the default branch (the workflow names none)")


def _input_value(frame: Frame, one: Input) -> Markdown:
    if len(one.options) == 1:
        return frame.cited(code(one.options[0]), one.value_at or one.at)
    if one.options:
        default = say(", default {}", code(one.default)) if one.default else Markdown("")
        return frame.cited(say("one of {}{}", codes(one.options), default), one.at)
    if one.default is not None:
        return frame.cited(code(one.default), one.value_at or one.at)
    need = "required" if one.required else "may stay empty"
    return frame.cited(say("your own words ({})", Markdown(need)), one.at)


def _part(job: Job, *, after: bool) -> Markdown:
    """What a person does while the job runs, told from what the job does."""
    verbs = {command.verb for step in job.steps for command in step.terraform}
    parts = []
    if job.environment:
        parts.append(say("approve at {}, where that environment asks for it", code(job.environment.or_none() or "?")))
    if "plan" in verbs:
        parts.append(Markdown("read the plan: nothing may be destroyed or replaced that is not meant to be"))
    if "apply" in verbs:
        parts.append(Markdown("watch the apply until it has finished"))
    if not verbs and after:
        parts.append(Markdown("read the result: it looks at what was applied"))
    return joined(parts, "; ") or Markdown("wait until it has finished")


def afterwards(frame: Frame) -> Markdown:
    """The environment's validation script, else read-only calls with the evaluated names."""
    model = frame.assessment.model
    if model.script:
        return say("Run {} and read its exit code.", frame.path(model.script.path))
    region = frame.assessment.region.or_none() if frame.assessment.region else None
    place = f" --region {region}" if region and _PLAIN_NAME.fullmatch(region) else ""
    resources = model.configuration.resources if model.configuration else ()
    commands = [
        call.format(name=name, place=place)
        for type_, call in READ_ONLY_CALLS.items()
        for resource in resources
        if resource.type == type_
        and resource.key_known
        and _PLAIN_NAME.fullmatch(name := resource.name.or_none() or "")
    ]
    if not commands:
        return Markdown("No validation script for this environment, and no resource whose name is known.")
    intro = say("No validation script is for {}. Read-only calls with the evaluated names:", frame.environment)
    return joined([intro, fenced("bash", "\n".join(commands))], "\n\n")


def _rollback(frame: Frame) -> Markdown:
    plan = frame.assessment.model.plan
    rollback = plan.rollback if plan else {}
    lines = rollback.get(frame.assessment.environment) or rollback.get("", ())
    if not plan or not lines:
        return joined([NO_ROLLBACK, *_lost(frame)], "\n\n")
    source = say("As the plan states it ({}):", frame.path(plan.path))
    return joined([source, bullets(code(line) for line in lines), *_lost(frame)], "\n\n")


def _lost(frame: Frame) -> Iterator[Markdown]:
    """What cannot be brought back when a rollback deletes it."""
    model = frame.assessment.model
    if model.has_tables:
        yield IRREVERSIBLE
    if any(
        resource.type == "aws_s3_bucket" for resource in (model.configuration.resources if model.configuration else ())
    ):
        yield EMPTIED
