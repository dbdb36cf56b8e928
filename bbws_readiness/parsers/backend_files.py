"""Reads the files that `terraform init -backend-config=…` is given."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from msgspec.structs import replace

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Job, Step, TerraformCommand, Workflow
from bbws_readiness.parsers.terraform.facts import plain
from bbws_readiness.reader import Reader
from bbws_readiness.source import Refused
from bbws_readiness.terraform import parse_tfvars

SETTINGS = frozenset({"bucket", "key", "region", "dynamodb_table", "use_lockfile", "encrypt", "workspace_key_prefix"})
"""What is taken from such a file; it may hold credentials as well, which nobody needs here."""


def with_backend_files(
    workflows: Sequence[Workflow], reader: Reader, files: Sequence[str]
) -> tuple[tuple[Workflow, ...], tuple[Diagnostic, ...]]:
    """The workflows with the settings of those files among their inits' own, and what is wrong with the files.

    A file that is not in the project, or whose name is not known, stays in `backend_files`.
    """
    faults: list[Diagnostic] = []

    def command(one: TerraformCommand) -> TerraformCommand:
        return _completed(one, reader, files, faults) if one.verb == "init" and one.backend_files else one

    def step(one: Step) -> Step:
        return replace(one, terraform=tuple(map(command, one.terraform))) if one.terraform else one

    def job(one: Job) -> Job:
        return replace(one, steps=tuple(map(step, one.steps)))

    changed = tuple(replace(one, jobs=tuple(map(job, one.jobs))) if _asks(one) else one for one in workflows)
    return changed, tuple(dict.fromkeys(faults))


def _asks(workflow: Workflow) -> bool:
    return any(one.backend_files for job in workflow.jobs for step in job.steps for one in step.terraform)


def _completed(
    command: TerraformCommand, reader: Reader, files: Sequence[str], faults: list[Diagnostic]
) -> TerraformCommand:
    directory = command.directory.or_none()
    settings: dict[str, Fact[str]] = {}
    left = []
    for named in command.backend_files:
        name = named.or_none()
        path = posixpath.normpath(posixpath.join(directory or "", name)) if name and directory is not None else ""
        if path not in files:
            left.append(named)
            continue
        read = reader.read(path)
        if isinstance(read, Refused):
            faults.append(Diagnostic.of_refusal(read))
            left.append(named)
            continue
        entries, found = parse_tfvars(read)
        faults += found
        for entry in entries:
            if entry.name in SETTINGS:
                value = _text(plain(entry.value, entry.at))
                settings[entry.name] = replace(value, via=(named.at,))
    # The order of options among each other is not kept: what both set, differently, is not known.
    for name, own in command.backend.items():
        other = settings.get(name)
        settings[name] = own
        if other and other.value != own.value:
            settings[name] = Fact(Unknown(f"init is given two values of {name}"), own.at, (other.at,))
    return replace(command, backend=settings, backend_files=tuple(left))


def _text(fact: Fact[object]) -> Fact[str]:
    if isinstance(fact.value, Unknown):
        return Fact(fact.value, fact.at, fact.via)
    text = str(fact.value).lower() if isinstance(fact.value, bool) else str(fact.value)
    return Fact(text, fact.at, fact.via)
