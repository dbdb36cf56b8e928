"""What a workflow passes to Terraform beside the files: variables on the command line and in the environment."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.environments import Variable
from bbws_readiness.model.workflows import TerraformCommand, Workflow
from bbws_readiness.parsers.terraform import TerraformDescription
from bbws_readiness.source import Location

T = TypeVar("T")

_PREFIX = "TF_VAR_"


class Passed(Struct, frozen=True):
    """The settings of one `terraform plan` (or of an `apply` without a saved plan)."""

    var_files: tuple[str, ...] = ()
    """Relative to the project; only those that exist."""
    var_files_at: Mapping[str, Location] = field(default_factory=dict)
    """The line that names each of them."""
    arguments: Mapping[str, Fact[str]] = field(default_factory=dict)
    """`-var`, which wins over every file."""
    environment: Mapping[str, Fact[str]] = field(default_factory=dict)
    """`TF_VAR_…` without the prefix, which every file wins over."""


def passed_by(workflows: Sequence[Workflow], directory: str, files: Sequence[str]) -> Passed:
    """What the first of `workflows` passes that plans the Terraform in `directory`; nothing when that is not seen."""
    for command in _commands(workflows):
        where = command.directory.or_none()
        if where is None or posixpath.normpath(where or ".") != posixpath.normpath(directory or "."):
            continue
        named = {
            posixpath.normpath(posixpath.join(directory, name)): file.at
            for file in command.var_files
            if (name := file.or_none())
        }
        return Passed(
            var_files=tuple(path for path in named if path in files),
            var_files_at=named,
            arguments=command.variables,
            environment={
                name.removeprefix(_PREFIX): _substituted(fact)
                for name, fact in command.environment.items()
                if name.startswith(_PREFIX)
            },
        )
    return Passed()


def known(passed: Mapping[str, Fact[str]]) -> dict[str, str]:
    """The values that are known, as text."""
    return {name: fact.value for name, fact in passed.items() if isinstance(fact.value, str)}


def not_applied(variable: str, passed: Fact[str]) -> Diagnostic:
    """The warning that a variable has another value, which cannot be told, than the one it was evaluated with."""
    return Diagnostic(
        DiagnosticSeverity.WARNING,
        f'the value passed for variable "{variable}" is not known; what depends on it is assessed without it',
        passed.at,
        "pass a literal, or set it in the environment's tfvars",
        code=Code.PASSED_VALUE,
    )


def placed(described: TerraformDescription, passed: Mapping[str, Fact[str]]) -> TerraformDescription:
    """The description with the workflow's lines in place of the evaluator's word for a command line.

    A variable whose passed value is not known is not missing: its value is unknown, with the workflow's reason.
    Where it has a default, what was derived from that is kept, and a warning says so.
    """
    places = {Location(f"-var {name}", 0): fact.at for name, fact in passed.items()}
    described = _relocated(described, places) if passed else described
    unknown = {name: fact for name, fact in passed.items() if isinstance(fact.value, Unknown)}
    if not unknown:
        return described
    configuration = described.configuration
    concerned = [variable for variable in configuration.variables if variable.name in unknown]
    missing = {variable.at for variable in concerned if variable.missing}
    told = [one for one in configuration.diagnostics if one.at not in missing]
    told += [not_applied(variable.name, unknown[variable.name]) for variable in concerned if not variable.missing]
    variables = [
        _without_value(variable, unknown[variable.name]) if variable in concerned else variable
        for variable in configuration.variables
    ]
    changed = replace(configuration, variables=tuple(variables), diagnostics=tuple(told))
    return replace(described, configuration=changed)


def _commands(workflows: Sequence[Workflow]) -> Iterator[TerraformCommand]:
    """Every plan, then every apply that makes its own, in the order of the files."""
    for verb in ("plan", "apply"):
        for workflow in workflows:
            for job in workflow.jobs:
                for step in job.steps:
                    for command in step.terraform:
                        if command.verb == verb and not (verb == "apply" and command.plan_file):
                            yield command


def _substituted(fact: Fact[str]) -> Fact[str]:
    """The value, or Unknown where an expression of GitHub remains in it."""
    text = fact.or_none()
    if text is None or "${{" not in text:
        return fact
    return Fact(Unknown("the workflow passes an expression"), fact.at, fact.via)


def _without_value(variable: Variable, passed: Fact[str]) -> Variable:
    reason = passed.value if isinstance(passed.value, Unknown) else Unknown("passed by the workflow")
    return replace(variable, value=Fact(reason, passed.at, passed.via), set_at=passed.at, missing=False, problem="")


def _relocated(noun: T, places: Mapping[Location, Location]) -> T:
    """`noun` with every location that is a key of `places` replaced, however deep it stands."""
    found: Any = noun
    match found:
        case Location():
            found = places.get(found, found)
        case tuple():
            found = tuple(_relocated(part, places) for part in found)
        case dict():
            found = {key: _relocated(part, places) for key, part in found.items()}
        case _ if isinstance(found, Struct):
            changes = {name: _relocated(getattr(found, name), places) for name in found.__struct_fields__}
            found = replace(found, **changes)
    return found  # type: ignore[no-any-return]
