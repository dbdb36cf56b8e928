"""Evaluates the Terraform root of a project for an environment, with what its files and its workflow set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.layouts import VarFile
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers.deployment import taking_part
from bbws_readiness.parsers.passing import Passed, known, not_applied, passed_by
from bbws_readiness.parsers.workspace import selected_workspace
from bbws_readiness.project import Project, TerraformRoot
from bbws_readiness.source import Location
from bbws_readiness.terraform import Evaluation, Session
from bbws_readiness.terraform import Passed as PassedValue


class EvaluatedRoot(Struct, frozen=True):
    """A root module with the settings it was evaluated with."""

    root: TerraformRoot
    session: Session
    var_files: tuple[str, ...]
    """Every tfvars file that was applied, relative to the project, in the order in which later ones win."""
    passed: Mapping[str, Fact[str]]
    """What the workflow passes beside the files, by variable; those not known were not applied."""
    applied: tuple[VarFile, ...] = ()
    """The same files, each with what applies it."""
    workspace: Fact[str] | None = None
    """The Terraform workspace it was evaluated in."""

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
    own_workflows = taking_part(workflows, environment)
    passed = passed_by(own_workflows, root.directory, project.files)
    arguments = {**passed.arguments, **given.arguments}
    var_files = _var_files(root, environment, passed, given)
    automatic = set(root.shared_var_files)
    # Terraform takes up the shared files by itself, and so does its evaluation.
    named = [file.path for file in var_files if file.path not in automatic]
    workspace = _workspace(project, environment, own_workflows, root)
    session = _session(project, root, named, known(arguments), workspace)
    if session.evaluation.backend and session.evaluation.backend.type in ("cloud", "remote"):
        kind = session.evaluation.backend.type
        workspace = Fact(Unknown(f"the workspace is chosen by the backend {kind}"), session.evaluation.backend.at)
        session = _session(project, root, named, known(arguments), workspace)
    unset = {
        state.name for state in session.evaluation.variables if state.set_at is None and state.name not in arguments
    }
    environment_variables = {**passed.environment, **given.environment}
    variables = {name: fact for name, fact in environment_variables.items() if name in unset} | arguments
    if set(variables) - set(arguments):
        session = _session(project, root, named, known(variables), workspace)
    return EvaluatedRoot(root, session, tuple(file.path for file in var_files), variables, var_files, workspace)


def _session(
    project: Project, root: TerraformRoot, named: Sequence[str], variables: Mapping[str, str], workspace: Fact[str]
) -> Session:
    text = workspace.or_none()
    reason = workspace.value.reason if isinstance(workspace.value, Unknown) else ""
    selected = PassedValue(workspace.at, text, reason)
    return Session(project.reader, root.directory, var_files=named, variables=variables, workspace=selected)


def _workspace(project: Project, environment: str, workflows: Sequence[Workflow], root: TerraformRoot) -> Fact[str]:
    """The workspace that readiness.yaml names, else the one that the workflows select."""
    own = project.config.environments.get(environment)
    if own and own.workspace:
        at = project.config.at(f"environments.{environment}.workspace")
        return Fact(own.workspace, at or Location("readiness.yaml", 0))
    return selected_workspace(workflows, root.directory)


def _var_files(root: TerraformRoot, environment: str, passed: Passed, given: Passed) -> tuple[VarFile, ...]:
    """Every tfvars file that is applied, in the order in which later ones win, with what applies it."""
    own = root.environment_file(environment)
    found = [VarFile(path, "Terraform takes it up by itself") for path in root.shared_var_files]
    if passed.var_files:
        found += [VarFile(path, "the workflow passes it", passed.var_files_at.get(path)) for path in passed.var_files]
    elif own and own not in root.shared_var_files:
        found.append(VarFile(own, f"it is named for {environment}"))
    found += [VarFile(path, "named with --var-file") for path in given.var_files]
    return tuple({file.path: file for file in found}.values())


def empty_root(project: Project, given: Passed | None = None) -> EvaluatedRoot:
    """A root without any file, in the project's folder: functions and constants can still be asked for."""
    var_files = given.var_files if given else ()
    return EvaluatedRoot(TerraformRoot("", ()), Session(project.reader, "", var_files=var_files), var_files, {})
