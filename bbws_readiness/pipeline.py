"""The whole way from a folder to an assessment: discover, parse, evaluate, describe, model, judge, assess."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

import bbws_readiness
from bbws_readiness.assess.assess import assess
from bbws_readiness.assess.assessment import Assessment, Input
from bbws_readiness.checks import CHECKS
from bbws_readiness.codes import Code
from bbws_readiness.config import Config, load_config, policy_source
from bbws_readiness.decisions.apply import apply_log
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.engine.run import run_rules
from bbws_readiness.errors import ConfigurationError, NothingToAssess, UsageError
from bbws_readiness.fact import Fact
from bbws_readiness.model.changes import PlanOutput
from bbws_readiness.model.footprint import Footprint
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model, evaluate_environment
from bbws_readiness.parsers.passing import Passed
from bbws_readiness.parsers.root import EvaluatedRoot, empty_root
from bbws_readiness.project import Project, discover
from bbws_readiness.reader import PLAN_JSON, Reader
from bbws_readiness.rulebooks import project_rules, shipped_digest
from bbws_readiness.settings import Settings
from bbws_readiness.siblings import Sibling, among_siblings, read_siblings, with_neighbours
from bbws_readiness.source import EntryKind, Location, Refused, Source, SourceKind
from bbws_readiness.waivers.notices import held_by_base, with_changes
from bbws_readiness.waivers.read import read_waivers
from bbws_readiness.waivers.waiver import Waivers

if TYPE_CHECKING:
    from bbws_readiness.parsers.ahead import Ahead
    from bbws_readiness.parsers.earlier import Since


def assess_project(
    root: Path,
    environment: str,
    *,
    as_of: datetime,
    config: Config | None = None,
    plan: Path | None = None,
    settings: Settings | None = None,
    plan_json: Path | None = None,
    since: str | None = None,
    outputs: str = "",
    ahead: Ahead | None = None,
) -> Assessment:
    """The assessment of the project in `root` for one environment, as of a moment in local time.

    `config` None finds readiness.yaml upward of `root`. `plan_json` is a plan of it as `terraform show -json` prints
    it; like the promotion plan it may lie anywhere. `since` is a revision, or the path of an earlier assessment's JSON,
    to compare the resources with; a base of the configuration counts as one, else what its `since` names. `outputs` is
    where documents are written, relative to the root, or empty when that is outside: what lies there is no input.
    `ahead` reads documents meanwhile.

    Raises `UsageError`, `ConfigurationError` or `NothingToAssess`; faults of the project itself never raise, they are
    in the result.
    """
    read = read_project(
        root,
        environment,
        config=config,
        plan=plan,
        settings=settings,
        plan_json=plan_json,
        since=since,
        outputs=outputs,
        ahead=ahead,
    )
    return judge_project(read, as_of=as_of)


class ReadProject(Struct, frozen=True):
    """A project that was read for one environment and is not judged yet."""

    project: Project
    model: Model
    """Among the projects that its configuration names beside it."""
    config: Config
    rulebook: Rulebook
    """With the settings of the configuration."""
    siblings: tuple[Sibling, ...]
    printed: Source | Refused | None
    """The plan JSON."""


def read_project(
    root: Path,
    environment: str,
    *,
    config: Config | None = None,
    plan: Path | None = None,
    settings: Settings | None = None,
    plan_json: Path | None = None,
    since: str | None = None,
    outputs: str = "",
    ahead: Ahead | None = None,
) -> ReadProject:
    """The first half of `assess_project`, which takes the same and raises the same."""
    config = load_config(root) if config is None else config
    own = project_rules(root, config)
    config = replace(config, inputs=(*config.inputs, *own.sources))
    rulebook = own.book.configured(config)
    project = discover(root, config, plan=plan, outputs=outputs)
    printed = _json_file(plan_json, project, "the plan JSON") if plan_json else None
    plan_output = _planned(printed, environment) if printed else None
    given = _given(settings, project)
    earlier = _since(since, root, config, project, environment)
    model = build_model(project, environment, given=given, plan_output=plan_output, since=earlier, ahead=ahead)
    siblings = read_siblings(project, model.environment)
    model = among_siblings(model, project, siblings)
    return ReadProject(project, model, config, rulebook, siblings, printed)


def _planned(printed: Source | Refused, environment: str) -> PlanOutput:
    # Few runs have a plan.
    from bbws_readiness.parsers.plan_json import parse_plan_json

    return parse_plan_json(printed, environment.strip().lower())


def judge_project(
    read: ReadProject, *, as_of: datetime, others: Sequence[Footprint] = (), further: int = 0
) -> Assessment:
    """The assessment of a project that was read, among the projects that it names and the `others` beside it.

    `further` projects besides have nothing in common with it.
    """
    project, config, rulebook, root = read.project, read.config, read.rulebook, read.project.root
    named = [sibling.footprint for sibling in read.siblings]
    known = {other.folder for other in named}
    beside = [*named, *(other for other in others if other.folder not in known)]
    model = with_neighbours(read.model, project, beside, further)
    answers, waivers = run_rules(model, rulebook, CHECKS, config, as_of.date()), Waivers()
    written = read_waivers(project.inputs)
    if written[0]:
        # Few projects have waivers, and to load what judges them takes a while.
        from bbws_readiness.waivers.apply import apply_waivers

        stands = held_by_base(root, config)
        waived = apply_waivers(written, answers, rulebook.rules, as_of.date(), stands=stands)
        answers, waivers = waived.answers, waived.waivers
        config = with_changes(config, waivers)
    decided = apply_log(project.root, answers, rulebook.rules, model, config, as_of.date())
    return assess(
        decided.model,
        decided.answers,
        rulebook,
        decided.config,
        as_of=as_of,
        identity=(_named(project, model), project.slug, project.component(model.environment), project.title),
        inputs=tuple(_inputs(read, decided.source)),
        tool=(bbws_readiness.__version__, shipped_digest()),
        waivers=waivers,
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


def _since(named: str | None, root: Path, config: Config, project: Project, environment: str) -> Since | None:
    """The earlier version: as named, else the base of the configuration, else what the configuration names."""
    if named is None and config.policy is None:
        return _configured_since(config, project, environment) if config.since else None
    # Few runs have one.
    from bbws_readiness.parsers.earlier import AssessmentSince, CommitSince

    if named is None:
        assert config.policy is not None  # noqa: S101 - narrows the type
        source = policy_source(root, config.policy.commit)
        return CommitSince(source.base, source.project, replace(source.revision, name=config.policy.ref))
    if named.endswith(".json"):
        return AssessmentSince(_json_file(Path(named), project, "the earlier assessment"), project.slug)
    source = policy_source(root, named, option="--since")
    return CommitSince(source.base, source.project, source.revision)


def _configured_since(config: Config, project: Project, environment: str) -> Since | None:
    """The assessment that `since` of readiness.yaml names; None where one of this environment is not there yet."""
    path = config.since.replace("{environment}", environment.strip().lower()).removeprefix("./")
    at = config.at("since")
    read = Reader(project.root, limits=PLAN_JSON).read(path)
    if isinstance(read, Refused) and read.code is Code.MISSING:
        if path != config.since.removeprefix("./"):
            return None
        raise ConfigurationError(f'since: "{path}" is not in the project', at=at, code=Code.CONFIGURED_SOURCE)
    from bbws_readiness.parsers.earlier import AssessmentSince

    return AssessmentSince(read, project.slug, named_at=at)


def _json_file(path: Path, project: Project, what: str) -> Source | Refused:
    """A JSON file, by a reader that sees nothing but its folder; raises `UsageError` when it is not there."""
    folder = Path(os.path.realpath(path.parent))
    shown = Path(os.path.relpath(folder, project.root)).as_posix()
    prefix = "" if shown == "." else f"{shown}/"
    read = Reader(folder, prefix=prefix, limits=PLAN_JSON).read(path.name)
    if isinstance(read, Refused) and read.code is Code.MISSING:
        raise UsageError(f'{what} "{path.name}" does not exist', hint="name an existing file", code=Code.NAMED_FILE)
    return read


def _inputs(read: ReadProject, log: Source | None) -> Iterator[Input]:
    """Every file that was read, the plan JSON and the decision log too, with the kind of thing it was read as."""
    project, model, printed = read.project, read.model, read.printed
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
    kinds |= dict.fromkeys((one.path for one in model.access.documents if not one.declared), SourceKind.POLICIES)
    if model.earlier:
        kinds[model.earlier.at.path] = SourceKind.EARLIER
    if model.repository and model.repository.changelog:
        kinds[model.repository.changelog.at.path] = SourceKind.GIT
    also = {}
    if isinstance(printed, Source):
        kinds[printed.path] = SourceKind.PLAN_JSON
        also[printed.path] = printed
    if log and log.path not in (one.path for one in project.inputs):
        kinds[log.path] = SourceKind.CONFIGURATION
        also[log.path] = log
    for sibling in read.siblings:
        kinds |= {source.path: SourceKind.PORTFOLIO for source in sibling.sources}
        also |= {source.path: source for source in sibling.sources}
    for _, source in sorted({**{one.path: one for one in project.inputs}, **also}.items()):
        kind = kinds.get(source.path) or _usual_kind(source.path)
        yield Input(source.path, kind, source.size, source.line_count, source.sha256)


def _usual_kind(path: str) -> SourceKind:
    if path.startswith(".github/"):
        return SourceKind.WORKFLOWS
    return SourceKind.TFVARS if path.endswith(".tfvars") else SourceKind.TERRAFORM
