"""Reads every input of a project once and puts what they say together as one model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os.path import commonpath
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.access import Access
from bbws_readiness.model.backups import Backup
from bbws_readiness.model.changes import PlanOutput
from bbws_readiness.model.earlier import Earlier
from bbws_readiness.model.model import EnvironmentFile, Model, SchemaSet
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.portfolio import PortfolioDocument
from bbws_readiness.model.readmes import Readme
from bbws_readiness.model.repository import Repository
from bbws_readiness.model.resources import Configuration
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.model.tables import Table
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers import PARSERS, Known, Parser
from bbws_readiness.parsers.access import declared_access, read_access
from bbws_readiness.parsers.backend_files import with_backend_files
from bbws_readiness.parsers.called_programs import with_called_programs
from bbws_readiness.parsers.deployment import deployed
from bbws_readiness.parsers.formats import read_formats
from bbws_readiness.parsers.git import changelog_in, read_repository
from bbws_readiness.parsers.layout import describe_layout, settings_files
from bbws_readiness.parsers.leftovers import read_ignores, written_files
from bbws_readiness.parsers.passing import Passed, placed
from bbws_readiness.parsers.root import EvaluatedRoot, evaluate_root
from bbws_readiness.parsers.secrets import search
from bbws_readiness.parsers.terraform import TerraformDescription, describe_settings, describe_terraform
from bbws_readiness.parsers.workflows.repository import repository_files
from bbws_readiness.project import Project, lies_in
from bbws_readiness.project.survey import kind_of
from bbws_readiness.source import Location, Refused, Source, SourceKind

if TYPE_CHECKING:
    from bbws_readiness.parsers.ahead import Ahead
    from bbws_readiness.parsers.earlier import Since
    from bbws_readiness.parsers.handlers import Code as HandlerCode

T = TypeVar("T")

MAX_DIAGNOSTICS = 100
"""Diagnostics told of one file; the rest are counted."""


def build_model(
    project: Project,
    environment: str,
    *,
    given: Passed | None = None,
    plan_output: PlanOutput | None = None,
    since: Since | None = None,
    ahead: Ahead | None = None,
) -> Model:
    """Everything the files say about `project` for `environment`.

    `given` is what somebody sets beside the files and the workflow. `plan_output` is a plan that
    Terraform made of it; where it differs from the files is told as a warning. `since` is an earlier version of it.
    `ahead` reads documents meanwhile.

    Raises `UnknownEnvironment` when nothing mentions the environment, `UsageError` for a plan that Terraform made for
    another environment or account. Whatever is wrong with a file is a diagnostic of the model, and its kind stands
    in `Model.unread`; the rest is read on.
    """
    environment = environment.strip().lower()
    readings = _readings(project, _known(project, environment), ahead)
    environments = _environments(project, readings)
    if environment not in environments:
        project.require_environment(environment)
    workflows, faults = _workflows(project, environment, environments, readings[SourceKind.WORKFLOWS])
    evaluated = evaluate_root(project, environment, workflows=workflows, given=given)
    terraform = _terraform(project, environment, evaluated)
    layout = describe_layout(project, environment, evaluated)
    settings = _settings(project, environment, evaluated, terraform)
    code = _handlers(project, terraform)
    repository = _repository(project)
    access, unread_policies = _access(project, environment, environments, terraform, evaluated)
    diagnostics = [*project.diagnostics, *settings.diagnostics, *faults, *unread_policies]
    diagnostics += [problem] if (problem := project.choice(environment).problem) else []
    diagnostics += terraform.configuration.diagnostics if terraform else ()
    diagnostics += (found for reading in readings.values() for found in reading.diagnostics)
    diagnostics += _shown([Diagnostic.of_refusal(refused) for refused in project.reader.beyond_limits])
    if plan_output:
        from bbws_readiness.parsers.plan_difference import differences, require_same_place

        if terraform:
            require_same_place(terraform, plan_output, environment)
        plan_output = replace(plan_output, differences=differences(terraform, plan_output))
        diagnostics += plan_output.differences
    return Model(
        environment=environment,
        environments=environments,
        configuration=terraform.configuration if terraform else None,
        terraform_tables=terraform.tables if terraform else None,
        backup=terraform.backup if terraform else Backup(),
        formats=tuple(read_formats(project.reader, terraform.configuration.files)) if terraform else (),
        environment_files=settings.all_of(EnvironmentFile),
        schemas=_schema_set(project, readings[SourceKind.SCHEMAS]),
        workflows=None if project.workflows is None else workflows,
        layout=layout,
        scripts=readings[SourceKind.SCRIPT].all_of(ValidationScript),
        plan=next(iter(readings[SourceKind.PLAN].all_of(Plan)), None),
        portfolio=readings[SourceKind.PORTFOLIO].all_of(PortfolioDocument),
        readme=next(iter(readings[SourceKind.README].all_of(Readme)), None),
        repository=repository,
        ignores=read_ignores(project),
        written=written_files(workflows, _documents(project), terraform.configuration.directory if terraform else ""),
        secrets=search(project, repository.tracked.or_none()),
        access=access,
        plan_output=plan_output,
        earlier=_earlier(since, evaluated, environment) if since else None,
        files=project.files,
        handlers=tuple(code.handlers) if code else (),
        code_unread=tuple(code.unread) if code else (),
        diagnostics=tuple(sorted(set(diagnostics), key=lambda found: (found.at, found.summary, found.detail))),
        unread=_unread(project, terraform, {**readings, SourceKind.TFVARS: settings}),
        sources={source.path: source for source in project.inputs},
    )


def _access(
    project: Project,
    environment: str,
    environments: Sequence[str],
    terraform: TerraformDescription | None,
    evaluated: EvaluatedRoot | None,
) -> tuple[Access, Sequence[Diagnostic]]:
    """The policies of files and of evaluated Terraform together."""
    access, faults = read_access(project.reader, project.files, environment=environment, environments=environments)
    evaluation = evaluated.evaluation if evaluated else None
    declared = declared_access(terraform.configuration if terraform else None, evaluation, environment)
    return replace(access, documents=(*access.documents, *declared)), faults


def evaluate_environment(project: Project, environment: str, *, given: Passed | None = None) -> EvaluatedRoot | None:
    """The Terraform root as `build_model` evaluates it, or None when the project has none.

    Raises `UnknownEnvironment` when the project names environments and this is none of them.
    """
    environment = environment.strip().lower()
    known = _known(project, environment)
    kinds = (SourceKind.WORKFLOWS, SourceKind.PLAN)
    readings = {parser.kind: _read_kind(project, parser, known) for parser in PARSERS if parser.kind in kinds}
    environments = _environments(project, readings)
    if environments and environment not in environments:
        project.require_environment(environment)
    workflows, _ = _workflows(project, environment, environments, readings[SourceKind.WORKFLOWS])
    return evaluate_root(project, environment, workflows=workflows, given=given)


def _known(project: Project, environment: str) -> Known:
    """What readers of files are told; the repository only where configuration names it, as git is not asked yet."""
    repository, at = project.config.repository, project.config.at("repository")
    read = repository_files(project.reader)
    if not repository or at is None:
        return Known(project.environments, environment, read=read)
    owner, _, name = repository.partition("/")
    values = {"repository": repository, "repository_owner": owner, "event.repository.name": name}
    expressions = {f"github.{key}": Fact(value, at) for key, value in values.items()}
    return Known(project.environments, environment, expressions, read)


def _workflows(
    project: Project, environment: str, environments: Sequence[str], reading: _Reading
) -> tuple[tuple[Workflow, ...], tuple[Diagnostic, ...]]:
    """The workflows as a run for `environment` finds them, and what is wrong with the files they give to init."""
    known = _known(project, environment)
    workflows = reading.all_of(Workflow)
    filled = deployed(workflows, environment, project.reader, known.environments, known.expressions)
    filled = with_called_programs(filled, project.reader, project.files)
    return with_backend_files(filled, project.reader, project.files)


class _Reading(Struct):
    """What the files of one kind gave."""

    nouns: list[object] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    broken: list[Location] = field(default_factory=list)
    """Where a file could not be read as a whole."""

    def all_of(self, noun: type[T]) -> tuple[T, ...]:
        return tuple(found for found in self.nouns if isinstance(found, noun))

    def add(self, noun: object | None, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics += _shown(diagnostics)
        if noun is not None:
            self.nouns.append(noun)
        # Whatever else could be read of the file: what the faulty part would have asked, or another job done past every
        # gate, is not known.
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


def _readings(project: Project, known: Known, ahead: Ahead | None) -> dict[SourceKind, _Reading]:
    """Of all kinds, in the order of `PARSERS`."""
    if ahead:
        # By readers of their own: which files still fit into the limits must not depend on who reads first.
        anew = project.anew()
        ahead.ask(known, ((kind, read) for kind in ahead.kinds for read in _files(anew, kind)))
    readings = {}
    for parser in PARSERS:
        if ahead and parser.kind in ahead.kinds:
            ahead.take()
            ahead = None
        readings[parser.kind] = _read_kind(project, parser, known)
    return readings


def _files(project: Project, kind: SourceKind) -> Iterable[Source | Refused]:
    if kind is SourceKind.PLAN:
        return [project.plan.read()] if project.plan else []
    if kind is SourceKind.PORTFOLIO:
        return [document.read() for document in project.portfolio]
    if kind is SourceKind.GIT:
        changelog = changelog_in(project.reader)
        return [project.reader.read(changelog)] if changelog else []
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


def _terraform(project: Project, environment: str, evaluated: EvaluatedRoot | None) -> TerraformDescription | None:
    """The chosen root as nouns; where none is chosen, one of which nothing is known."""
    if evaluated is None:
        problem = project.choice(environment).problem
        if problem is None:
            return None
        nothing = Configuration(directory="", files=(), complete=False, diagnostics=(problem,))
        return TerraformDescription(nothing, (), Backup())
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


def _settings(
    project: Project, environment: str, evaluated: EvaluatedRoot | None, terraform: TerraformDescription | None
) -> _Reading:
    """The tfvars of every environment, in the order of promotion."""
    reading = _Reading()
    variables = terraform.configuration.variables if terraform else ()
    sensitive = frozenset(variable.name for variable in variables if variable.sensitive)
    for name, path in settings_files(project, environment, evaluated):
        reading.add(*describe_settings(name, project.reader.read(path), sensitive=sensitive))
    return reading


def _repository(project: Project) -> Repository:
    """What git says, without our own documents: they would make every second run find an unclean checkout."""
    repository = read_repository(project.root, project.reader, outputs=project.outputs)
    changed = repository.changed_files.map(
        lambda paths: tuple(path for path in paths if not lies_in(path, project.outputs))
    )
    return replace(repository, changed_files=changed)


def _documents(project: Project) -> list[tuple[SourceKind, Source]]:
    """README and plan, as far as they could be read."""
    read = [(SourceKind.README, project.reader.read(project.readme))] if project.readme else []
    read += [(SourceKind.PLAN, project.plan.read())] if project.plan else []
    return [(kind, source) for kind, source in read if isinstance(source, Source)]


def _handlers(project: Project, terraform: TerraformDescription | None) -> HandlerCode | None:
    """The handlers in the code, which is looked into only where functions are declared."""
    resources = terraform.configuration.resources if terraform else ()
    if not any(resource.type == "aws_lambda_function" for resource in resources):
        return None
    from bbws_readiness.parsers.handlers import read_handlers

    known = {*project.scripts, *(path for path in project.files if lies_in(path, project.outputs))}
    return read_handlers(project.reader, [path for path in project.files if path not in known])


def _earlier(since: Since, evaluated: EvaluatedRoot | None, environment: str) -> Earlier | None:
    # Few runs have one.
    from bbws_readiness.parsers.earlier import earlier_version

    return earlier_version(since, evaluated, environment)


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
    for refused in project.reader.beyond_limits:
        if hidden := kind_of(refused):
            found.setdefault(hidden, refused.at)
    return {kind: found[kind] for kind in SourceKind if kind in found}
