"""Fills the snippets of tasks: complete Terraform or shell that fits this project, with nothing left to replace."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.fact import Fact
from bbws_readiness.model.tables import BackupTerms
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.render.encode.characters import legible
from bbws_readiness.render.encode.markdown import Markdown, fenced
from bbws_readiness.render.frame import Frame
from bbws_readiness.resources import data_root
from bbws_readiness.source import SourceKind

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGES = {"tf": "hcl", "sh": "bash", "py": "python", "md": "markdown"}
"""The language of a code block by the middle part of the template's name: `backup.tf.j2`."""

FREQUENCIES = ("hourly", "daily", "weekly")
"""The words for which a snippet knows a schedule."""

NEEDED = {"backup.tf.j2": "tables", "terraform_plan.sh.j2": "directory"}
"""The field of `Facts` without which a snippet would not be valid, and is left out."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ADDRESS = re.compile(r'aws_dynamodb_table\.[A-Za-z_][A-Za-z0-9_-]*(\[(\d+|"[A-Za-z0-9_.-]+")\])?')
_MODULE = re.compile(r"module\.[A-Za-z_][A-Za-z0-9_-]*")
_WORD = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_./:@=,+ -]*")


@dataclass(frozen=True, slots=True)
class SnippetTable:
    """A declared table that a snippet may refer to."""

    address: str
    full_name: str
    """In the assessed environment; empty when it is not known."""


@dataclass(frozen=True, slots=True)
class BackupSetting:
    """The terms that the authority asks for in one environment."""

    environment: str
    frequency: str
    """One of `FREQUENCIES`."""
    retention_days: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a snippet template may use, as `facts`. Every text is one harmless line; what is not known is empty."""

    environment: str
    directory: str
    """Of the Terraform root, relative to the repository."""
    var_files: tuple[str, ...]
    """Relative to `directory`."""
    plan_file: str
    backend: tuple[str, ...]
    """What the pipeline passes to `init`: `region=eu-west-1`; `key=$KEY` where the files do not tell the value."""
    tables: tuple[SnippetTable, ...]
    beyond: tuple[str, ...]
    """Modules with tables of their own: another file can refer to them only through an output of the module."""
    backups: tuple[BackupSetting, ...]
    """Per environment, as the authority asks; empty while the terms are a decision."""


def snippet(frame: Frame, name: str, *, indent: str = "") -> Markdown:
    """The code block of the template `name`; empty without a name, or when the project lacks what it would need."""
    if not name:
        return Markdown("")
    language = LANGUAGES.get(name.split(".")[1], "text")
    text = rendered(name, facts(frame.assessment))
    return fenced(language, text, indent=indent) if text.strip() else Markdown("")


def rendered(template: str, known: Facts) -> str:
    """A snippet as plain text; empty when the project lacks what it would need."""
    if template in NEEDED and not getattr(known, NEEDED[template]):
        return ""
    text = _environment().get_template(template).render(facts=known)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def facts(assessment: Assessment) -> Facts:
    """What is known about the project. Names that Terraform or a shell could read as more than a name are left out."""
    configuration = assessment.model.configuration
    environment = _harmless(assessment.environment)
    return Facts(
        environment=environment,
        directory=_harmless(configuration.directory or ".") if configuration else "",
        var_files=_var_files(assessment),
        plan_file=f"{environment}.tfplan",
        backend=tuple(_backend(assessment)),
        tables=_tables(assessment),
        beyond=_beyond(assessment),
        backups=_backups(assessment),
    )


def _value(fact: Fact[str] | None) -> str:
    return (fact.or_none() or "") if fact else ""


def _harmless(text: str) -> str:
    """`text` when it is one line of letters, digits and harmless marks, else nothing."""
    return text if _WORD.fullmatch(text) else ""


def _commands(assessment: Assessment, verb: str) -> Iterator[TerraformCommand]:
    workflow = assessment.model.workflow
    for job in workflow.jobs if workflow else ():
        for step in job.steps:
            yield from (command for command in step.terraform if command.verb == verb)


def _backend(assessment: Assessment) -> Iterator[str]:
    """The settings of the first `init` of the environment's workflow."""
    init = next(_commands(assessment, "init"), None)
    for name, fact in init.backend.items() if init else ():
        if _NAME.fullmatch(name):
            yield f"{name}={_harmless(_value(fact)) or '$' + name.upper().replace('-', '_')}"


def _var_files(assessment: Assessment) -> tuple[str, ...]:
    """The files that the pipeline's plan uses, else those that were evaluated; relative to the Terraform root."""
    plan = next(_commands(assessment, "plan"), None)
    passed = [_harmless(_value(one)) for one in plan.var_files] if plan else []
    configuration = assessment.model.configuration
    prefix = f"{configuration.directory}/" if configuration else ""
    evaluated = [_harmless(one.removeprefix(prefix)) for one in configuration.var_files] if configuration else []
    return tuple(filter(None, passed)) or tuple(filter(None, evaluated))


def _tables(assessment: Assessment) -> tuple[SnippetTable, ...]:
    return tuple(
        SnippetTable(table.address, _harmless(_value(table.full_name)))
        for table in assessment.model.terraform_tables or ()
        if table.address and _ADDRESS.fullmatch(table.address)
    )


def _beyond(assessment: Assessment) -> tuple[str, ...]:
    addresses = [table.address or "" for table in assessment.model.terraform_tables or ()]
    modules = [found[0] for address in addresses if (found := _MODULE.match(address))]
    return tuple(dict.fromkeys(modules))


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
    days = terms.retention_days.or_none() if terms.retention_days else None
    return BackupSetting(environment, frequency, days) if frequency in FREQUENCIES and days is not None else None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(data_root() / "templates" / "snippets"),
        undefined=StrictUndefined,
        finalize=_one_line,
        autoescape=False,  # noqa: S701 - plain text, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(hcl=_hcl_string, shell=shlex.quote)
    return environment


def _one_line(value: object) -> str:
    """What no filter has quoted stays within its line, whatever it holds."""
    return legible(str(value))


def _hcl_string(text: str) -> str:
    """A quoted Terraform string in which nothing is a template."""
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{")
