"""Reads every input of a project once and puts what they say together as one model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os.path import commonpath
from typing import TypeVar

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.backups import Backup
from bbws_readiness.model.changes import PlanOutput
from bbws_readiness.model.model import EnvironmentFile, Model, SchemaSet
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.readmes import Readme
from bbws_readiness.model.repository import Repository
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.model.tables import Table
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers import PARSERS, Known, Parser
from bbws_readiness.parsers.git import read_repository
from bbws_readiness.parsers.passing import Passed, placed
from bbws_readiness.parsers.plan_difference import differences
from bbws_readiness.parsers.root import EvaluatedRoot, evaluate_root
from bbws_readiness.parsers.terraform import TerraformDescription, describe_settings, describe_terraform
from bbws_readiness.project import Project, lies_in
from bbws_readiness.source import Location, Refused, Source, SourceKind

T = TypeVar("T")

MAX_DIAGNOSTICS = 100
"""Diagnostics told of one file; the rest are counted."""


def build_model(
    project: Project, environment: str, *, given: Passed | None = None, plan_output: PlanOutput | None = None
) -> Model:
    """Everything the files say about `project` for `environment`.

    `given` is what somebody sets beside the files and the workflow. `plan_output` is a plan that
    Terraform made of it; where it differs from the files is told as a warning.

    Raises `UnknownEnvironment` when nothing mentions the environment. Whatever is wrong with a file is a diagnostic
    of the model, and its kind stands in `Model.unread`; the rest is read on.
    """
    environment = environment.strip().lower()
    readings = {
        parser.kind: _read_kind(project, parser, Known(project.environments, environment)) for parser in PARSERS
    }
    environments = _environments(project, readings)
    if environment not in environments:
        project.require_environment(environment)
    workflows = readings[SourceKind.WORKFLOWS].all_of(Workflow)
    terraform = _terraform(project, environment, workflows, given)
    settings = _settings(project, environment, terraform)
    diagnostics = [*project.diagnostics, *settings.diagnostics]
    diagnostics += terraform.configuration.diagnostics if terraform else ()
    diagnostics += (found for reading in readings.values() for found in reading.diagnostics)
    if plan_output:
        plan_output = replace(plan_output, differences=differences(terraform, plan_output))
        diagnostics += plan_output.differences
    return Model(
        environment=environment,
        environments=environments,
        configuration=terraform.configuration if terraform else None,
        terraform_tables=terraform.tables if terraform else None,
        backup=terraform.backup if terraform else Backup(),
        environment_files=settings.all_of(EnvironmentFile),
        schemas=_schema_set(project, readings[SourceKind.SCHEMAS]),
        workflows=None if project.workflows is None else workflows,
        scripts=readings[SourceKind.SCRIPT].all_of(ValidationScript),
        plan=next(iter(readings[SourceKind.PLAN].all_of(Plan)), None),
        readme=next(iter(readings[SourceKind.README].all_of(Readme)), None),
        repository=_repository(project),
        plan_output=plan_output,
        files=project.files,
        diagnostics=tuple(sorted(set(diagnostics), key=lambda found: (found.at, found.summary, found.detail))),
        unread=_unread(project, terraform, {**readings, SourceKind.TFVARS: settings}),
    )


def evaluate_environment(project: Project, environment: str, *, given: Passed | None = None) -> EvaluatedRoot | None:
    """The Terraform root as `build_model` evaluates it, or None when the project has none.

    Raises `UnknownEnvironment` when the project names environments and this is none of them.
    """
    environment = environment.strip().lower()
    known = Known(project.environments, environment)
    kinds = (SourceKind.WORKFLOWS, SourceKind.PLAN)
    readings = {parser.kind: _read_kind(project, parser, known) for parser in PARSERS if parser.kind in kinds}
    environments = _environments(project, readings)
    if environments and environment not in environments:
        project.require_environment(environment)
    workflows = readings[SourceKind.WORKFLOWS].all_of(Workflow)
    return evaluate_root(project, environment, workflows=workflows, given=given)


@dataclass
class _Reading:
    """What the files of one kind gave."""

    nouns: list[object] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    broken: list[Location] = field(default_factory=list)
    """The files that could not be read as a whole."""

    def all_of(self, noun: type[T]) -> tuple[T, ...]:
        return tuple(found for found in self.nouns if isinstance(found, noun))

    def add(self, noun: object | None, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics += _shown(diagnostics)
        if noun is not None:
            self.nouns.append(noun)
        # What is wrong with a part of a noun is an unknown fact in it; only without the noun its silence is empty.
        if noun is None or (isinstance(noun, EnvironmentFile) and not noun.readable):
            self.broken += (found.at for found in diagnostics if found.severity is DiagnosticSeverity.ERROR)


def _shown(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The first `MAX_DIAGNOSTICS` of one file, and how many more there are."""
    shown = list(diagnostics[:MAX_DIAGNOSTICS])
    if more := len(diagnostics) - len(shown):
        shown.append(Diagnostic(DiagnosticSeverity.WARNING, f"and {more} more", shown[-1].at, code=Code.MORE))
    return shown


def _read_kind(project: Project, parser: Parser, known: Known) -> _Reading:
    reading = _Reading()
    for read in _files(project, parser.kind):
        if isinstance(read, Refused):
            reading.add(None, [Diagnostic.of_refusal(read)])
        else:
            reading.add(*parser.parse(read, known))
    return reading


def _files(project: Project, kind: SourceKind) -> Iterable[Source | Refused]:
    if kind is SourceKind.PLAN:
        return [project.plan.read()] if project.plan else []
    paths: Mapping[SourceKind, tuple[str, ...]] = {
        SourceKind.SCHEMAS: project.schemas,
        SourceKind.WORKFLOWS: project.workflows or (),
        SourceKind.SCRIPT: project.scripts,
        SourceKind.README: (project.readme,) if project.readme else (),
    }
    return [project.reader.read(path) for path in paths[kind]]


def _environments(project: Project, readings: Mapping[SourceKind, _Reading]) -> tuple[str, ...]:
    """The names discovery found, then those that only a closer reading gives."""
    names = dict.fromkeys(project.environments)
    for workflow in readings[SourceKind.WORKFLOWS].all_of(Workflow):
        name = workflow.environment.or_none() if workflow.environment else None
        names.update({name: None} if name else {})
    for plan in readings[SourceKind.PLAN].all_of(Plan):
        names.update(dict.fromkeys(described.name for described in plan.environments))
    return tuple(names)


def _terraform(
    project: Project, environment: str, workflows: Sequence[Workflow], given: Passed | None
) -> TerraformDescription | None:
    """The chosen root as nouns, evaluated with what its files and the workflow of the environment give it."""
    evaluated = evaluate_root(project, environment, workflows=workflows, given=given)
    if evaluated is None:
        return None
    described = describe_terraform(
        evaluated.evaluation,
        environment=environment,
        var_files=evaluated.var_files,
        lock_file=evaluated.root.lock_file,
    )
    described = placed(described, evaluated.passed)
    if {SourceKind.TERRAFORM, SourceKind.TFVARS} & project.unread.keys() or _lost_settings(described):
        return replace(described, configuration=replace(described.configuration, complete=False))
    return described


def _lost_settings(described: TerraformDescription) -> bool:
    """Whether a tfvars file has an error: what it sets may be lost, and a default is no answer then."""
    return any(
        found.severity is DiagnosticSeverity.ERROR and found.at.path.endswith((".tfvars", ".tfvars.json"))
        for found in described.configuration.diagnostics
    )


def _settings(project: Project, environment: str, terraform: TerraformDescription | None) -> _Reading:
    """The tfvars of every environment, in the order of promotion."""
    reading = _Reading()
    root = project.terraform_root(environment)
    if root is None:
        return reading
    variables = terraform.configuration.variables if terraform else ()
    sensitive = frozenset(variable.name for variable in variables if variable.sensitive)
    for name in sorted(root.environment_files, key=project.environments.index):
        path = root.environment_files[name][0]
        reading.add(*describe_settings(name, project.reader.read(path), sensitive=sensitive))
    return reading


def _repository(project: Project) -> Repository:
    """What git says, without our own documents: they would make every second run find an unclean checkout."""
    repository = read_repository(project.root, project.reader)
    changed = repository.changed_files.map(
        lambda paths: tuple(path for path in paths if not lies_in(path, project.outputs))
    )
    return replace(repository, changed_files=changed)


def _schema_set(project: Project, reading: _Reading) -> SchemaSet | None:
    tables = reading.all_of(Table)
    if not tables and not reading.broken:
        return None
    directory = commonpath([path.rpartition("/")[0] for path in project.schemas])
    complete = not reading.broken and SourceKind.SCHEMAS not in project.unread
    return SchemaSet(directory, Location(directory or ".", 0), tables, complete)


def _unread(
    project: Project, terraform: TerraformDescription | None, readings: Mapping[SourceKind, _Reading]
) -> dict[SourceKind, Location]:
    """Per kind the first place that could not be read, in the order of `SourceKind`."""
    found = dict(project.unread)
    for kind, reading in readings.items():
        if reading.broken:
            found.setdefault(kind, reading.broken[0])
    if terraform and not terraform.configuration.complete:
        errors = [one.at for one in terraform.configuration.diagnostics if one.severity is DiagnosticSeverity.ERROR]
        found.setdefault(SourceKind.TERRAFORM, next(iter(errors), Location(terraform.configuration.directory, 0)))
    return {kind: found[kind] for kind in SourceKind if kind in found}
