"""Tells which Terraform workspace the workflows select for an environment."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from bbws_readiness.fact import Fact, Unknown, known_text
from bbws_readiness.model.workflows import Job, Step, TerraformCommand, Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

DEFAULT = "default"
"""The workspace of Terraform when none is selected."""

_SETUP = "hashicorp/setup-terraform"
_TOOL = regex(r"terraform|tofu|terragrunt", re.IGNORECASE)
_SELECTION = regex(r"\bworkspace[ \t]+(?:select|new)\b")
_RUNNERS = frozenset({"make", "just", "task", "source", ".", "eval", "bash", "sh", "zsh", "terragrunt"})
"""Commands that run others which are not seen."""


def selected_workspace(workflows: Sequence[Workflow], directory: str) -> Fact[str]:
    """The workspace in which `workflows` plan the Terraform in `directory`; unknown when they do not show it."""
    found = [fact for workflow in workflows for job in workflow.jobs for fact in _of_job(job, directory)]
    if not found:
        return Fact(Unknown("no workflow shows which workspace is selected"), Location(directory or ".", 0))
    if unknown := next((fact for fact in found if not fact.known), None):
        return unknown
    other = next((fact for fact in found if fact.value != found[0].value), None)
    if other:
        return Fact(Unknown(f"one run selects another workspace than {found[0].at}"), other.at)
    return found[0]


def _of_job(job: Job, directory: str) -> Iterator[Fact[str]]:
    """The workspace of each plan, and of each apply, of the job in `directory`."""
    selections: list[tuple[Step, TerraformCommand]] = []
    hidden: Fact[str] | None = None
    for step in job.steps:
        hidden = hidden or _hidden(step)
        for command in step.terraform:
            if command.verb in ("workspace", "env"):
                if _may_be_in(command, directory) and _selects(command):
                    selections.append((step, command))
            elif command.verb in ("plan", "apply") and _is_in(command, directory):
                yield hidden or _before(command, selections)


def _hidden(step: Step) -> Fact[str] | None:
    """What in the step may select a workspace unseen, or None when all of it can be followed."""
    action = known_text(step.uses)
    foreign = _TOOL.search(action) and not action.lower().startswith(_SETUP)
    if (action.startswith("./") or foreign) and not step.follows:
        return Fact(Unknown("an action before it may select a workspace"), step.at)
    script = step.script
    if not step.commands and _TOOL.search(script):
        return Fact(Unknown("a script in a shell that is not read may select a workspace"), step.at)
    for command in step.commands:
        name = posixpath.basename(command.words[0])
        if any(posixpath.basename(word) in map(posixpath.basename, step.follows) for word in command.words):
            continue
        if name in _RUNNERS or command.words[0].startswith("./") or name.endswith(".sh"):
            return Fact(Unknown(f"{name[:40]} runs before it and may select a workspace"), command.at)
        if name != "export" and any("TF_WORKSPACE" in word for word in command.words):
            return Fact(Unknown("TF_WORKSPACE is changed in a way that is not followed"), command.at)
    seen = sum(command.verb in ("workspace", "env") and _selects(command) for command in step.terraform)
    if len(_SELECTION.findall(script)) > seen or ".terraform/environment" in script:
        return Fact(Unknown("a workspace is selected in a way that is not followed"), step.at)
    return None


def _selects(command: TerraformCommand) -> bool:
    first = command.operands[0] if command.operands else None
    return first is not None and first.or_none() in ("select", "new", None)


def _before(command: TerraformCommand, selections: Sequence[tuple[Step, TerraformCommand]]) -> Fact[str]:
    """The workspace in which `command` runs, after these selections of its job."""
    variable = command.environment.get("TF_WORKSPACE")
    if variable and variable.value != "":
        return _literal(variable)
    if not selections:
        return Fact(DEFAULT, command.at)
    names = [_name(selection) for _, selection in selections]
    if unknown := next((fact for fact in names if not fact.known), None):
        return unknown
    last, (step, selection) = names[-1], selections[-1]
    guarded = _guarded(step, selection)
    if all(fact.value == last.value for fact in names) and (len(names) > 1 or not guarded):
        # `select … || new …` names one workspace twice; a single guarded selection may be left out.
        return names[0]
    if guarded:
        return Fact(Unknown("the workspace is selected under a condition"), last.at)
    return last


def _guarded(step: Step, selection: TerraformCommand) -> bool:
    """Whether the selection may be left out, although the job goes on."""
    if step.condition is not None or selection.conditional:
        return True
    before = [command for command in step.commands if command.at <= selection.at and command.text != selection.text]
    previous = before[-1] if before else None
    if previous is None or previous.operator not in ("&&", "||"):
        return False
    return previous.operator == "||" or previous.words[0] not in ("terraform", "cd")


def _name(command: TerraformCommand) -> Fact[str]:
    if not command.directory.known:
        return Fact(Unknown("a workspace is selected in a folder that cannot be told"), command.at)
    if len(command.operands) < 2:
        return Fact(Unknown("the workspace that is selected is not named"), command.at)
    return _literal(command.operands[1])


def _literal(fact: Fact[str]) -> Fact[str]:
    text = fact.or_none()
    if text is not None and ("${{" in text or "$" in text):
        return Fact(Unknown("the workspace is an expression"), fact.at, fact.via)
    return fact


def _is_in(command: TerraformCommand, directory: str) -> bool:
    where = command.directory.or_none()
    return where is not None and posixpath.normpath(where or ".") == posixpath.normpath(directory or ".")


def _may_be_in(command: TerraformCommand, directory: str) -> bool:
    return not command.directory.known or _is_in(command, directory)
