"""Fills the snippets of tasks: complete Terraform or shell that fits this project, with nothing left to replace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.errors import ReadinessError
from bbws_readiness.fact import Fact, known_text
from bbws_readiness.model.scripts import script_path
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.markdown import Markdown, fenced
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.generate.backup import BackupFacts, backup_facts
from bbws_readiness.render.generate.terms import BackupSetting
from bbws_readiness.render.generate.text import filled
from bbws_readiness.render.generate.validation_script import excerpt

LANGUAGES = {"tf": "hcl", "sh": "bash", "py": "python", "md": "markdown"}
"""The language of a code block by the middle part of the template's name: `backup.tf.j2`."""

NEEDED = {
    "backup.tf.j2": "backs_up",
    "terraform_plan.sh.j2": "directory",
    "validation_script.sh.j2": "script",
    "validation_script.py.j2": "script",
}
"""The field of `Facts` without which a snippet would not be valid, and is left out."""

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_-]*")
_WORD = regex(r"[A-Za-z0-9_.][A-Za-z0-9_./:@=,+ -]*")


class Facts(Struct, frozen=True):
    """What a snippet template may use, as `facts`. Every text is one harmless line; what is not known is empty."""

    environment: str
    directory: str
    """Of the Terraform root, relative to the repository."""
    var_files: tuple[str, ...]
    """Relative to `directory`."""
    plan_file: str
    backend: tuple[str, ...]
    """What the pipeline passes to `init`: `region=eu-west-1`; `key=$KEY` where the files do not tell the value."""
    backup: BackupFacts
    script: str
    """Where the validation script lies or would lie; empty when none can be made yet."""
    script_lines: tuple[str, ...]
    """What the script will begin with: the guard and the first table."""

    @property
    def backs_up(self) -> bool:
        """Whether there is a table that the snippet of backups can refer to."""
        return bool(self.backup.single or self.backup.several)

    @property
    def backups(self) -> tuple[BackupSetting, ...]:
        """Per environment, as the authority asks; empty while the terms are a decision."""
        return self.backup.settings


def snippet(frame: Frame, name: str, *, indent: str = "") -> Markdown:
    """The code block of the template `name`; empty without a name, or when the project lacks what it would need."""
    if not name:
        return Markdown("")
    language = LANGUAGES.get(name.split(".")[1], "text")
    text = rendered(name, frame.once(facts))
    return fenced(language, text, indent=indent) if text.strip() else Markdown("")


def rendered(template: str, known: Facts) -> str:
    """A snippet as plain text; empty when the project lacks what it would need."""
    if template in NEEDED and not getattr(known, NEEDED[template]):
        return ""
    return re.sub(r"\n{3,}", "\n\n", filled(f"snippets/{template}", facts=known, backup=known.backup))


def facts(assessment: Assessment) -> Facts:
    """What is known about the project. Names that Terraform or a shell could read as more than a name are left out."""
    configuration = assessment.model.configuration
    environment = _harmless(assessment.environment)
    lines = _script_lines(assessment)
    scripts = assessment.model.scripts
    return Facts(
        environment=environment,
        directory=_harmless(configuration.directory or ".") if configuration else "",
        var_files=_var_files(assessment),
        plan_file=f"{environment}.tfplan",
        backend=tuple(_backend(assessment)),
        backup=backup_facts(assessment.model, assessment.config),
        script=_harmless(script_path(assessment.model.script, scripts, assessment.environment)) if lines else "",
        script_lines=lines,
    )


def _value(fact: Fact[str] | None) -> str:
    return known_text(fact)


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


def _script_lines(assessment: Assessment) -> tuple[str, ...]:
    """Nothing while a file that the command would refuse to make keeps the reader from making one."""
    try:
        return excerpt(assessment.model, assessment.config)
    except ReadinessError:
        return ()
