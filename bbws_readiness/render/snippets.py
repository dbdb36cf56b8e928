"""Fills the snippets of tasks: complete Terraform or shell that fits this project, with nothing left to replace."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.fact import Fact
from bbws_readiness.model.tables import BackupTerms
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.markdown import Markdown, fenced
from bbws_readiness.resources import data_root
from bbws_readiness.source import SourceKind

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGES = {"tf": "hcl", "sh": "bash", "py": "python", "md": "markdown"}
"""The language of a code block by the middle part of the template's name: `backup.tf.j2`."""

SCHEDULES = {"hourly": "cron(0 * * * ? *)", "daily": "cron(0 2 * * ? *)", "weekly": "cron(0 2 ? * SUN *)"}
"""AWS Backup's own notation for the words that documents use."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ADDRESS = re.compile(r"aws_dynamodb_table\.[A-Za-z_][A-Za-z0-9_-]*")
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./:@*?()=,+ -]*")


@dataclass(frozen=True, slots=True)
class SnippetTable:
    """A declared table that a snippet may refer to."""

    label: str
    """The resource's own label: `tenants` of `aws_dynamodb_table.tenants`."""
    address: str
    full_name: str
    """In the assessed environment."""


@dataclass(frozen=True, slots=True)
class BackupSetting:
    """The terms that somebody asks for in one environment, ready for its settings file."""

    environment: str
    schedule: str
    retention_days: int
    cross_region: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What a snippet template may use, as `facts`. Every text is one harmless line; what is not known is empty."""

    environment: str
    account: str
    region: str
    project: str
    """The slug with dashes, for names of new resources."""
    directory: str
    """Of the Terraform root, relative to the repository."""
    var_file: str
    """Relative to `directory`."""
    plan_file: str
    backend: Mapping[str, str]
    """What the pipeline passes to `init`, in its order."""
    workspace: str
    """Empty: the pipeline uses the default workspace."""
    variables: frozenset[str]
    """Names of the declared input variables."""
    resources: frozenset[str]
    """Addresses of the declared resources."""
    tables: tuple[SnippetTable, ...]
    backups: tuple[BackupSetting, ...]
    """Per environment, as the authority asks; empty while the terms are a decision."""
    workflow: str
    """Path of the workflow that deploys the environment."""
    tag: str
    """The release tag that the plan asks for."""


def snippet(frame: Frame, name: str, *, indent: str = "") -> Markdown:
    """The code block of the template `name`; empty without a name, or when the project lacks what it would need."""
    if not name:
        return Markdown("")
    language = LANGUAGES.get(name.split(".")[1], "text")
    text = rendered(name, facts(frame.assessment))
    return fenced(language, text, indent=indent) if text.strip() else Markdown("")


def rendered(template: str, known: Facts) -> str:
    """A snippet as plain text, with single blank lines at most."""
    text = _environment().get_template(template).render(facts=known)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def facts(assessment: Assessment) -> Facts:
    """What is known about the project. Names that Terraform or a shell could read as more than a name are left out."""
    model = assessment.model
    configuration = model.configuration
    init = _command(assessment, "init")
    plan = _command(assessment, "plan")
    tag = model.plan.release.tag if model.plan else None
    return Facts(
        environment=_harmless(assessment.environment),
        account=_harmless(_value(assessment.account)),
        region=_harmless(_value(assessment.region)),
        project=re.sub(r"[^a-z0-9]+", "-", assessment.slug.casefold()).strip("-"),
        directory=_harmless(configuration.directory) if configuration else "",
        var_file=_var_file(assessment, plan),
        plan_file=f"{_harmless(assessment.environment)}.tfplan",
        backend={
            name: text
            for name, fact in (init.backend if init else {}).items()
            if _NAME.fullmatch(name) and (text := _harmless(_value(fact)))
        },
        workspace="",
        variables=frozenset(one.name for one in configuration.variables) if configuration else frozenset(),
        resources=frozenset(one.address for one in configuration.resources) if configuration else frozenset(),
        tables=_tables(assessment),
        backups=_backups(assessment),
        workflow=_harmless(model.workflow.path) if model.workflow else "",
        tag=_harmless(_value(tag)),
    )


def _value(fact: Fact[str] | None) -> str:
    return (fact.or_none() or "") if fact else ""


def _harmless(text: str) -> str:
    """`text` when it is one line of letters, digits and harmless marks, else nothing."""
    return text if _WORD.fullmatch(text) else ""


def _command(assessment: Assessment, verb: str) -> TerraformCommand | None:
    workflow = assessment.model.workflow
    for job in workflow.jobs if workflow else ():
        for step in job.steps:
            for command in step.terraform:
                if command.verb == verb:
                    return command
    return None


def _var_file(assessment: Assessment, plan: TerraformCommand | None) -> str:
    """The file the pipeline's plan uses, else the one that was evaluated; relative to the Terraform root."""
    passed = [_harmless(_value(one)) for one in plan.var_files] if plan else []
    configuration = assessment.model.configuration
    evaluated = configuration.var_files if configuration else ()
    directory = f"{configuration.directory}/" if configuration else ""
    chosen = [*filter(None, passed), *(_harmless(one.removeprefix(directory)) for one in evaluated)]
    return chosen[0] if chosen else ""


def _tables(assessment: Assessment) -> tuple[SnippetTable, ...]:
    return tuple(
        SnippetTable(table.address.rpartition(".")[2], table.address, _harmless(_value(table.full_name)))
        for table in assessment.model.terraform_tables or ()
        if table.address and _ADDRESS.fullmatch(table.address)
    )


def _backups(assessment: Assessment) -> tuple[BackupSetting, ...]:
    """The terms of the first source of the facet's authority that states any."""
    for kind in assessment.config.authority_of("backup"):
        stated = _stated_terms(assessment, kind)
        settings = [_setting(name, terms) for name, terms in stated.items() if _NAME.fullmatch(name)]
        if any(settings):
            return tuple(setting for setting in settings if setting)
    return ()


def _stated_terms(assessment: Assessment, kind: SourceKind) -> Mapping[str, BackupTerms]:
    model = assessment.model
    if kind is SourceKind.PLAN and model.plan:
        return model.plan.backup
    if kind is SourceKind.SCHEMAS and model.schemas and model.schemas.tables:
        return model.schemas.tables[0].backups
    return {}


def _setting(environment: str, terms: BackupTerms) -> BackupSetting | None:
    frequency = _value(terms.frequency)
    schedule = SCHEDULES.get(frequency, frequency if frequency.startswith(("cron(", "rate(")) else "")
    days = terms.retention_days.or_none() if terms.retention_days else None
    if not _harmless(schedule) or days is None:
        return None
    cross_region = bool(terms.cross_region and terms.cross_region.or_none())
    return BackupSetting(environment, schedule, days, cross_region)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(data_root() / "templates" / "snippets"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(hcl=_hcl_string, shell=shlex.quote)
    return environment


def _hcl_string(text: str) -> str:
    """A quoted Terraform string in which nothing is a template."""
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{")
