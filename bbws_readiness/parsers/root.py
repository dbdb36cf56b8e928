"""Evaluates the Terraform root of a project for an environment, with what its files and its workflow set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers.passing import Passed, known, not_applied, passed_by
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
    project: Project, environment: str, *, workflows: Sequence[Workflow] = (), given: Passed | None = None
) -> EvaluatedRoot | None:
    """The chosen root for `environment`, or None when the project has no Terraform.

    `workflows` are those of the project: the one that deploys `environment` may pass variables. `given` is what
    somebody sets beside it: tfvars and arguments that win over all others, environment variables that win over none.
    """
    given = given or Passed()
    root = project.terraform_root(environment)
    if root is None:
        return None
    workflow = next((one for one in workflows if one.environment and one.environment.or_none() == environment), None)
    passed = passed_by(workflow, root.directory, project.files)
    arguments = {**passed.arguments, **given.arguments}
    own = root.environment_file(environment)
    # Terraform takes up the shared files by itself, and so does its evaluation.
    named = (*(passed.var_files or ((own,) if own else ())), *given.var_files)
    session = Session(project.reader, root.directory, var_files=named, variables=known(arguments))
    unset = {
        state.name for state in session.evaluation.variables if state.set_at is None and state.name not in arguments
    }
    environment_variables = {**passed.environment, **given.environment}
    variables = {name: fact for name, fact in environment_variables.items() if name in unset} | arguments
    if set(variables) - set(arguments):
        session = Session(project.reader, root.directory, var_files=named, variables=known(variables))
    return EvaluatedRoot(root, session, tuple(dict.fromkeys((*root.shared_var_files, *named))), variables)


def empty_root(project: Project, given: Passed | None = None) -> EvaluatedRoot:
    """A root without any file, in the project's folder: functions and constants can still be asked for."""
    var_files = given.var_files if given else ()
    return EvaluatedRoot(TerraformRoot("", ()), Session(project.reader, "", var_files=var_files), var_files, {})
