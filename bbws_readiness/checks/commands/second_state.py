"""Whether the commands of plan and README work on the state that the pipeline works on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from bbws_readiness.checks.commands.said import TerraformSaid, answered, terraform_folders, terraform_said
from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.workflows.runs import without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.source import Location, SourceKind

DEFAULT = "default"
_USES_STATE = frozenset({"plan", "apply", "destroy", "refresh", "import", "state", "output"})
_SELECTING = frozenset({"select", "new"})
_VARIABLE = "TF_WORKSPACE="


def second_state(question: Question) -> CheckResult:
    """STA003: one answer per document and environment, about the workspace of its commands."""
    model = question.model
    if model.configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    if nothing := without_deployment(question):
        return nothing
    return answered(question, _answers(model), "no terraform command of plan or README uses a state")


def _answers(model: Model) -> Iterator[Observation]:
    folders, root = terraform_folders(model), model.configuration.directory if model.configuration else ""
    selected: dict[tuple[SourceKind, str], Fact[str]] = {}
    for one in terraform_said(model):
        if one.directory in folders and one.directory != root:
            continue
        key = (one.said.kind, one.environment)
        if selection := _selection(one):
            selected[key] = selection
        elif one.use.verb not in _USES_STATE:
            continue
        used = _of_variable(one) or selected.get(key) or Fact(DEFAULT, one.said.command.at)
        yield _compared(model, one, used, _pipeline(model, one.environment or model.environment))


def _selection(one: TerraformSaid) -> Fact[str] | None:
    """The workspace that the command selects; None when it selects none."""
    words = [word for word in one.said.command.words if not word.startswith("-")]
    if one.use.verb != "workspace" or len(words) < 3 or words[2] not in _SELECTING:
        return None
    at = one.said.command.at
    return one.use.workspace or Fact(Unknown("the workspace that it selects is known only to the shell"), at)


def _of_variable(one: TerraformSaid) -> Fact[str] | None:
    """What TF_WORKSPACE says, set for the command or exported before it in the document."""
    said = one.said
    number = bisect_left(said.doings.workspaces, (said.position, ""))
    position, value = said.doings.workspaces[number - 1] if number else (said.position, "")
    for word in said.command.assignments:
        if word.startswith(_VARIABLE):
            position, value = said.position, word.removeprefix(_VARIABLE)
    if not value:
        return None
    known = value.replace("-", "a").replace("_", "a").isalnum()
    reason = Unknown("what TF_WORKSPACE is set to is known only to the shell")
    return Fact(value if known else reason, said.commands[position].at)


def _pipeline(model: Model, environment: str) -> Fact[str]:
    """The workspace in which the workflows work on that environment."""
    nowhere = Location(model.configuration.directory or "." if model.configuration else ".", 0)
    own = model.layout.workspace if model.layout and model.layout.workspace else None
    if environment == model.environment:
        return own or Fact(Unknown("no workflow shows which workspace is selected"), nowhere)
    commands = list(_workflow_commands(model, environment))
    selections = [command for command in commands if _selects(command)]
    variables = [command for command in commands if "TF_WORKSPACE" in command.environment]
    if not commands or variables:
        return Fact(Unknown(f"no workflow shows which workspace {environment} uses"), nowhere)
    if not selections:
        return Fact(DEFAULT, commands[0].at)
    names = {selection.operands[1].or_none() for selection in selections if len(selection.operands) > 1}
    name = names.pop() if len(names) == 1 else None
    if name is None or "$" in name:
        return Fact(Unknown(f"which workspace the workflow of {environment} selects is not followed"), selections[0].at)
    return Fact(name, selections[0].at)


def _workflow_commands(model: Model, environment: str) -> Iterator[TerraformCommand]:
    for workflow in model.workflows or ():
        if workflow.environment and workflow.environment.or_none() == environment:
            for job in workflow.jobs:
                for step in job.steps:
                    yield from step.terraform


def _selects(command: TerraformCommand) -> bool:
    return command.verb == "workspace" and bool(command.operands) and command.operands[0].or_none() in _SELECTING


def _compared(model: Model, one: TerraformSaid, used: Fact[str], pipeline: Fact[str]) -> Observation:
    environment = one.environment or model.environment
    subject = f"{one.said.kind}: workspace for {environment}"
    try:
        mine, theirs = used.get(), pipeline.get()
    except Undetermined as unknown:
        return undetermined(subject, unknown)
    if mine == theirs:
        return Observation(Outcome.PASS, subject, used.at, {"workspace": theirs, "pipeline": str(pipeline.at)})
    does = "runs in" if used.at == one.said.command.at and not one.use.workspace else "selects"
    values = {"where": f"{one.said.kind}:{used.at.line}", "does": does, "mine": mine, "theirs": theirs}
    return Observation(Outcome.FAIL, subject, used.at, values, f"workspace {theirs}", f"workspace {mine}")
