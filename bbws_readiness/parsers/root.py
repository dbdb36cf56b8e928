"""Evaluates the Terraform root of a project for an environment, with what its files and its workflow set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers.passing import known, not_applied, passed_by
from bbws_readiness.project import Project, TerraformRoot
from bbws_readiness.source import Location
from bbws_readiness.terraform import Evaluation, Session


@dataclass(frozen=True)
class EvaluatedRoot:
    """A root module with the settings it was evaluated with."""

    root: TerraformRoot
    session: Session
    var_files: tuple[str, ...]
    """Every tfvars file that was applied, relative to the project, in the order in which later ones win."""
    passed: Mapping[str, Fact[str]]
    """What the workflow passes beside the files, by variable; those not known were not applied."""

    @property
    def evaluation(self) -> Evaluation:
        """The result."""
        return self.session.evaluation

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the root, and what was passed to it that is not known."""
        told = (not_applied(name, fact) for name, fact in self.passed.items() if not fact.known)
        return (*self.evaluation.diagnostics, *told)

    def place(self, at: Location) -> Location:
        """`at`, or the workflow's line for what the evaluation only knows as a command line."""
        name = at.path.removeprefix("-var ")
        return self.passed[name].at if at.path.startswith("-var ") and name in self.passed else at


def evaluate_root(
    project: Project, environment: str, *, workflows: Sequence[Workflow] = (), var_files: Sequence[str] = ()
) -> EvaluatedRoot | None:
    """The chosen root for `environment`, or None when the project has no Terraform.

    `workflows` are those of the project: the one that deploys `environment` may pass variables. `var_files` are further
    tfvars, relative to the project, applied after all others.
    """
    root = project.terraform_root(environment)
    if root is None:
        return None
    workflow = next((one for one in workflows if one.environment and one.environment.or_none() == environment), None)
    passed = passed_by(workflow, root.directory, project.files)
    own = root.environment_file(environment)
    # Terraform takes up the shared files by itself, and so does its evaluation.
    named = (*(passed.var_files or ((own,) if own else ())), *var_files)
    session = Session(project.reader, root.directory, var_files=named, variables=known(passed.arguments))
    unset = {
        state.name
        for state in session.evaluation.variables
        if state.set_at is None and state.name not in passed.arguments
    }
    variables = {name: fact for name, fact in passed.environment.items() if name in unset} | dict(passed.arguments)
    if set(variables) - set(passed.arguments):
        session = Session(project.reader, root.directory, var_files=named, variables=known(variables))
    return EvaluatedRoot(root, session, tuple(dict.fromkeys((*root.shared_var_files, *named))), variables)


def empty_root(project: Project, var_files: Sequence[str] = ()) -> EvaluatedRoot:
    """A root without any file, in the project's folder: functions and constants can still be asked for."""
    session = Session(project.reader, "", var_files=var_files)
    return EvaluatedRoot(TerraformRoot("", ()), session, tuple(var_files), {})
