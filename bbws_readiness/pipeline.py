"""The whole way from a folder to an assessment: discover, parse, evaluate, describe, model, judge, assess."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import bbws_readiness
from bbws_readiness.assess.assess import assess
from bbws_readiness.assess.assessment import Assessment, Input
from bbws_readiness.checks import CHECKS, SIGNATURES
from bbws_readiness.codes import Code
from bbws_readiness.config import Config, PolicyFiles, load_config, policy_source
from bbws_readiness.decisions.apply import apply_log
from bbws_readiness.engine.own_rules import OwnRules, with_own_rules
from bbws_readiness.engine.rulebook import Rulebook, digest, load_rulebook
from bbws_readiness.engine.run import run_rules
from bbws_readiness.errors import NothingToAssess, UsageError
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model, evaluate_environment
from bbws_readiness.parsers.passing import Passed
from bbws_readiness.parsers.plan_json import parse_plan_json
from bbws_readiness.parsers.root import EvaluatedRoot, empty_root
from bbws_readiness.project import Project, discover
from bbws_readiness.reader import PLAN_JSON, Reader
from bbws_readiness.resources import data_root
from bbws_readiness.source import EntryKind, Location, Refused, Source, SourceKind
from bbws_readiness.waivers.apply import apply_waivers
from bbws_readiness.waivers.notices import held_by_base, with_changes
from bbws_readiness.waivers.read import read_waivers


@dataclass(frozen=True, slots=True)
class Settings:
    """What the caller sets beside the files and the workflow, as the options of `terraform plan` would."""

    var_files: tuple[Path, ...] = ()
    """Relative to the working directory, inside the project; applied after all others, in this order."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """As `-var` takes them: they win over every file."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """As `TF_VAR_` takes them, without the prefix: every file wins over them."""


@cache
def shipped_rulebook() -> Rulebook:
    """The rules and remedies that travel with the package, each bound to its check; raises `RulebookError`.

    Their files are held against the schemas by the tests, not by every run, and read once in a process.
    """
    return load_rulebook(data_root(), CHECKS, SIGNATURES, validate=False)


def project_rules(root: Path, config: Config) -> OwnRules:
    """The rules that travel with the package and those of the project in `root`, without the settings of `config`.

    With a base in the configuration the project's rules are those of the base. Raises `InvalidRules`.
    """
    files: PolicyFiles = Reader(root)
    project = "."
    if config.policy:
        source = policy_source(root, config.policy.commit)
        files, project = source.base, source.project
    return with_own_rules(shipped_rulebook(), CHECKS, data_root(), files, project)


def assess_project(
    root: Path,
    environment: str,
    *,
    as_of: datetime,
    config: Config | None = None,
    plan: Path | None = None,
    settings: Settings | None = None,
    plan_json: Path | None = None,
    outputs: str = "",
) -> Assessment:
    """The assessment of the project in `root` for one environment, as of a moment in local time.

    `config` None finds readiness.yaml upward of `root`. `plan_json` is a plan of it as `terraform show -json` prints
    it; like the promotion plan it may lie anywhere. `outputs` is where documents are written, relative to the root,
    or empty when that is outside: what lies there is no input. Raises `UsageError`, `ConfigurationError` or
    `NothingToAssess`; faults of the project itself never raise, they are in the result.
    """
    config = load_config(root) if config is None else config
    own = project_rules(root, config)
    config = replace(config, inputs=(*config.inputs, *own.sources))
    rulebook = own.book.configured(config)
    project = discover(root, config, plan=plan, outputs=outputs)
    printed = _plan_json(plan_json, project) if plan_json else None
    plan_output = parse_plan_json(printed, environment.strip().lower()) if printed else None
    given = _given(settings, project)
    model = build_model(project, environment, given=given, plan_output=plan_output)
    answers = run_rules(model, rulebook, CHECKS, config, as_of.date())
    stands = held_by_base(root, config)
    waived = apply_waivers(read_waivers(project.inputs), answers, rulebook.rules, as_of.date(), stands=stands)
    config = with_changes(config, waived.waivers)
    decided = apply_log(project.root, waived.answers, rulebook.rules, model, config, as_of.date())
    return assess(
        decided.model,
        decided.answers,
        rulebook,
        decided.config,
        as_of=as_of,
        identity=(_named(project, model), project.slug, project.component(model.environment), project.title),
        inputs=tuple(_inputs(project, model, printed, decided.source)),
        tool=(bbws_readiness.__version__, digest(own.book.rules)),
        waivers=waived.waivers,
        decisions=decided.decisions,
    )


def model_project(
    root: Path, environment: str, *, config: Config, settings: Settings | None = None, outputs: str = ""
) -> Model:
    """The project in `root` read for one environment and not judged; raises as `assess_project`."""
    project = discover(root, config, outputs=outputs)
    return build_model(project, environment, given=_given(settings, project))


def evaluate_project(
    root: Path,
    environment: str,
    *,
    config: Config | None = None,
    settings: Settings | None = None,
    outputs: str = "",
    may_be_empty: bool = False,
) -> tuple[Project, EvaluatedRoot]:
    """The Terraform root of the project in `root`, evaluated as for an assessment with the same arguments.

    Any environment will do when the project names none. Raises `UsageError`, `ConfigurationError`, or, unless it
    `may_be_empty`, `NothingToAssess` for a project without Terraform.
    """
    config = load_config(root) if config is None else config
    project = discover(root, config, outputs=outputs, may_be_empty=may_be_empty)
    given = _given(settings, project)
    evaluated = evaluate_environment(project, environment, given=given)
    problem = project.choice(environment.strip().lower()).problem
    if evaluated is None and problem and not may_be_empty:
        raise NothingToAssess(problem.summary, hint=problem.detail)
    if evaluated is None and not may_be_empty:
        raise NothingToAssess("there is no Terraform in this project", hint="name its folder as sources.terraform")
    return project, evaluated or empty_root(project, given)


def _given(settings: Settings | None, project: Project) -> Passed:
    settings = settings or Settings()
    return Passed(
        var_files=tuple(_inside(path, project) for path in settings.var_files),
        arguments={name: Fact(text, Location(f"--var {name}", 0)) for name, text in settings.variables.items()},
        environment={name: Fact(text, Location(f"TF_VAR_{name}", 0)) for name, text in settings.environment.items()},
    )


def _inside(path: Path, project: Project) -> str:
    """A tfvars file named on the command line, relative to the project; raises `UsageError` when it is not in it."""
    absolute = Path(os.path.realpath(path.parent)) / path.name
    root = Path(os.path.realpath(project.root))
    if not absolute.is_relative_to(root):
        raise UsageError(
            f'the var file "{path.name}" lies outside the project',
            hint="copy it into the project",
            code=Code.NAMED_FILE,
        )
    relative = absolute.relative_to(root).as_posix()
    found = project.reader.lies_at(relative)
    if isinstance(found, Refused) and found.code is not Code.MISSING:
        summary = f'the var file "{relative}" cannot be read: {found.summary}'
        raise UsageError(summary, hint=found.detail, code=found.code)
    if found is not EntryKind.FILE:
        raise UsageError(
            f'the var file "{relative}" does not exist', hint="name an existing tfvars file", code=Code.NAMED_FILE
        )
    return relative


def _named(project: Project, model: Model) -> str:
    """The project as its plan calls it, else the folder."""
    stated = model.plan.project.or_none() if model.plan and model.plan.project else None
    return stated or project.folder


def _plan_json(path: Path, project: Project) -> Source | Refused:
    """The plan JSON, by a reader that sees nothing but its folder; raises `UsageError` when it is not there."""
    folder = Path(os.path.realpath(path.parent))
    shown = Path(os.path.relpath(folder, project.root)).as_posix()
    prefix = "" if shown == "." else f"{shown}/"
    read = Reader(folder, prefix=prefix, limits=PLAN_JSON).read(path.name)
    if isinstance(read, Refused) and read.code is Code.MISSING:
        raise UsageError(
            f'the plan JSON "{path.name}" does not exist', hint="name an existing file", code=Code.NAMED_FILE
        )
    return read


def _inputs(project: Project, model: Model, printed: Source | Refused | None, log: Source | None) -> Iterator[Input]:
    """Every file that was read, the plan JSON and the decision log too, with the kind of thing it was read as."""
    kinds = dict.fromkeys((source.path for source in project.config.inputs), SourceKind.CONFIGURATION)
    kinds |= dict.fromkeys(project.schemas, SourceKind.SCHEMAS)
    kinds |= dict.fromkeys(project.workflows or (), SourceKind.WORKFLOWS)
    kinds |= dict.fromkeys(project.scripts, SourceKind.SCRIPT)
    if project.readme:
        kinds[project.readme] = SourceKind.README
    if project.plan:
        kinds[project.plan.shown] = SourceKind.PLAN
    kinds |= {document.shown: SourceKind.PORTFOLIO for document in project.portfolio}
    kinds |= dict.fromkeys({rule.at.path for rule in model.ignores.rules}, SourceKind.GIT)
    if model.repository and model.repository.changelog:
        kinds[model.repository.changelog.at.path] = SourceKind.GIT
    also = {}
    if isinstance(printed, Source):
        kinds[printed.path] = SourceKind.PLAN_JSON
        also[printed.path] = printed
    if log and log.path not in (one.path for one in project.inputs):
        kinds[log.path] = SourceKind.CONFIGURATION
        also[log.path] = log
    for _, source in sorted({**{one.path: one for one in project.inputs}, **also}.items()):
        usual = SourceKind.TFVARS if source.path.endswith(".tfvars") else SourceKind.TERRAFORM
        yield Input(source.path, kinds.get(source.path, usual), source.size, source.line_count, source.sha256)
