"""Whether the settings files of all environments set the same names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.checks.terraform.settings import NOT_WHOLE
from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.wording import amount, joined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import EnvironmentFile, Model
from bbws_readiness.model.resources import Configuration
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.source import Location

_PREFIX = "TF_VAR_"


class _Use(Struct, frozen=True):
    """A plan or an apply, and what it may be run for."""

    command: TerraformCommand
    environments: frozenset[str | None]
    """Those that its workflow deploys or offers; None for one that is not known."""
    called: bool
    """Others may call its workflow, for whatever environment."""
    passed: Mapping[str, Location]

    def serves(self, file: EnvironmentFile) -> bool:
        """Whether it is given the file, or may be run for its environment."""
        return self.called or file.environment in self.environments or file.at.path in self.passed

    def further(self, file: EnvironmentFile) -> dict[str, Location]:
        """The files that it is given beside this one; none where it is given one file only."""
        if len(self.passed) < 2:
            return {}
        return {path: at for path, at in self.passed.items() if path != file.at.path}


class _Settings(Struct, frozen=True):
    """What one environment sets."""

    file: EnvironmentFile
    own: Mapping[str, Location]
    """The names that its file sets."""
    beside: frozenset[str]
    """The names that it gets otherwise: from a file for all, or from the workflow."""
    gap: Undetermined | None
    """Why it may set more."""

    @property
    def environment(self) -> str:
        return self.file.environment


def uneven_variable(question: Question) -> CheckResult:
    """ENV004: one answer for the names that all environments set, and one for each that only some of them set.

    A name that an environment leaves to the default of its variable is no difference. Left out are files of roots
    that serve one environment alone, files that git passes by, and an empty file of the assessed environment, which
    another rule tells.
    """
    model = question.model
    configuration = model.configuration
    if configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    uses, named = list(_uses(model, configuration)), _by_path(model, configuration)
    compared = [_settings(model, configuration, file, uses, named) for file in _files(model, uses)]
    if len(compared) < 2:
        return question.not_applicable("fewer than two environments have settings files to compare")
    names = dict.fromkeys(name for one in compared for name in one.own)
    uneven = [seen for name in names if (seen := _uneven(name, compared, configuration))]
    even = len(names) - len(uneven)
    everywhere = joined([one.environment for one in compared])
    observations = list(uneven)
    if even or not any(one.gap for one in compared):
        values = {"count": amount(even, "name"), "environments": everywhere}
        observations.insert(0, Observation(Outcome.PASS, "settings files", compared[0].file.at, values))
    return CheckResult(tuple(observations or _unknown(compared)))


def _files(model: Model, uses: Sequence[_Use]) -> Iterator[EnvironmentFile]:
    """The files to compare; one that an environment is given beside its own is no environment's own."""
    roots = dict(model.layout.own_roots) if model.layout else {}
    shared = {
        path for file in model.environment_files for use in uses if use.serves(file) for path in use.further(file)
    }
    for file in model.environment_files:
        assessed = file.environment == model.environment
        apart = file.at.path in shared or _passed_by(model, file.at.path)
        left_out = file.readable and not file.settings if assessed else apart
        if file.environment and file.environment not in roots and not left_out:
            yield file


def _passed_by(model: Model, path: str) -> bool:
    """Whether an ignore file keeps the file out of the repository: it is somebody's own then."""
    tracked = model.tracked_files
    return model.ignores.rule_for(path) is not None and path not in (tracked or ())


def _settings(
    model: Model,
    configuration: Configuration,
    file: EnvironmentFile,
    uses: Sequence[_Use],
    named: Mapping[str, set[str]],
) -> _Settings:
    own = {setting.name: setting.value.at for setting in file.settings}
    beside, gap = set(_of_all(model, named)), None
    if not file.readable:
        gap = Undetermined(f"the settings file of {file.environment} could not be read or parsed", file.at)
    for use in (use for use in uses if use.serves(file)):
        beside |= use.command.variables.keys()
        beside |= {name.removeprefix(_PREFIX) for name in use.command.environment if name.startswith(_PREFIX)}
        for path, at in use.further(file).items():
            beside |= named.get(path, set())
            if path not in named:
                gap = gap or Undetermined(f"the workflow of {file.environment} passes a further settings file", at)
    if file.environment == model.environment:
        gap = None if file.readable else gap
        beside |= {variable.name for variable in configuration.variables if variable.set_at}
    return _Settings(file, own, frozenset(beside), gap)


def _by_path(model: Model, configuration: Configuration) -> dict[str, set[str]]:
    """The names that each file sets, of the files that were read."""
    found = {one.at.path: {setting.name for setting in one.settings} for one in model.environment_files if one.readable}
    applied = {file.path for file in model.layout.var_files} if model.layout else set()
    for path in applied - found.keys():
        found[path] = set()
        for variable in configuration.variables:
            places = (*((variable.set_at,) if variable.set_at else ()), *variable.value.via)
            if any(at.path == path for at in places):
                found[path].add(variable.name)
    return found


def _of_all(model: Model, named: Mapping[str, set[str]]) -> Iterator[str]:
    """The variables that are set in files which Terraform takes up by itself, whatever the environment is."""
    applied = model.layout.var_files if model.layout else ()
    own = {file.at.path for file in model.environment_files}
    for file in applied:
        if file.at is None and file.path not in own:
            yield from named[file.path]


def _uses(model: Model, configuration: Configuration) -> Iterator[_Use]:
    """The plans and applies of this configuration."""
    for workflow in model.workflows or ():
        stated = (*workflow.offered_environments, *((workflow.environment,) if workflow.environment else ()))
        environments = frozenset(one.or_none() for one in stated)
        called = any(one.or_none() == "workflow_call" for one in workflow.triggers)
        for job in workflow.jobs:
            for step in job.steps:
                for command in step.terraform:
                    here = command.directory.or_none() in (None, configuration.directory)
                    if here and command.verb in ("plan", "apply"):
                        yield _Use(command, environments, called, _passed(command, configuration))


def _passed(command: TerraformCommand, configuration: Configuration) -> dict[str, Location]:
    """The files of values that the command is given, each with its place; an empty path for one that is not known."""
    return {
        posixpath.normpath(posixpath.join(configuration.directory, name)) if (name := file.or_none()) else "": file.at
        for file in command.var_files
    }


def _uneven(name: str, compared: Sequence[_Settings], configuration: Configuration) -> Observation | None:
    """The answer on a name that not every environment sets; None for one that all set."""
    setting = [one for one in compared if name in one.own]
    lacking = [one for one in compared if name not in one.own and name not in one.beside]
    if not lacking:
        return None
    at = setting[0].own[name]
    variable = next((one for one in configuration.variables if one.name == name), None)
    said = joined([one.environment for one in setting])
    values = {"set": said, "lacking": joined([one.environment for one in lacking])}
    if variable and variable.has_default:
        return Observation(Outcome.PASS, name, at, values, wording="default")
    certain = [one for one in lacking if one.gap is None]
    if not certain and (gap := lacking[0].gap):
        return undetermined(name, gap)
    if variable is None and not configuration.complete:
        return undetermined(name, Undetermined(NOT_WHOLE, at))
    missing = joined([one.environment for one in certain])
    notes = tuple(Related(one.file.at, f"does not set {name}") for one in certain)
    return Observation(
        Outcome.FAIL,
        name,
        at,
        {**values, "lacking": missing},
        expected="set in all environments, or a default",
        actual=f"{said}; not {missing}",
        related=notes,
    )


def _unknown(compared: Sequence[_Settings]) -> Iterator[Observation]:
    """The answer where nothing that could be read is set by several environments."""
    for one in compared:
        if one.gap:
            yield undetermined(one.environment, one.gap)
