"""Whether terraform commands of plan and README set every variable that needs a value, and none that is undeclared."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.checks.commands.said import (
    Paths,
    TerraformSaid,
    answered,
    terraform_folders,
    terraform_said,
    within,
)
from bbws_readiness.checks.unknown import NO_TERRAFORM, terraform_gap, undetermined
from bbws_readiness.checks.wording import amount, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import EnvironmentFile, Model
from bbws_readiness.model.resources import Configuration
from bbws_readiness.patterns import regex

_VERBS = frozenset({"plan", "apply", "destroy", "refresh", "import"})
_EXPORTED = regex(r"TF_VAR_(\w{1,100})=.*", re.DOTALL)
_SETTERS = frozenset({"source", ".", "eval", "direnv"})
"""Commands that may set variables of the environment."""


class _Given(Struct):
    """What one command gives to Terraform."""

    names: set[str]
    missing: list[str] = field(default_factory=list)
    """Var files that do not exist, as written."""
    unseen: str = ""
    """Why it may give more; empty when it cannot."""
    told: bool = False
    """A missing file is the settings file that its environment lacks, which is an issue of its own."""


def wrong_command_variables(question: Question) -> CheckResult:
    """CMD002: one answer per document, terraform verb, environment and directory."""
    model = question.model
    if model.configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    configuration, folders = model.configuration, terraform_folders(model)
    spoken = (
        one
        for one in terraform_said(model)
        if one.use.verb in _VERBS and not (one.use.verb == "apply" and one.use.plan_file)
    )
    paths = Paths(model)
    automatic = tuple(path for path in model.files if _taken_up(path, configuration))
    answers = (_answer(model, configuration, _meant(one, configuration, folders), paths, automatic) for one in spoken)
    nothing = "neither plan nor README has commands that take variables"
    return answered(question, (seen for seen in answers if seen), nothing)


def _meant(one: TerraformSaid, configuration: Configuration, folders: Collection[str]) -> TerraformSaid:
    """The command with the root added to its directories where it runs in a folder without Terraform (CMD001)."""
    if not one.directories or one.directory in folders:
        return one
    return replace(one, directories=(*one.directories, configuration.directory))


def _answer(
    model: Model, configuration: Configuration, one: TerraformSaid, project: Paths, automatic: Sequence[str]
) -> Observation | None:
    at, where = one.said.command.at, one.said.where
    if unknown := one.unplaced:
        return undetermined(one.subject, unknown)
    if gap := terraform_gap(model):
        return undetermined(one.subject, gap)
    if configuration.directory not in one.directories:
        reason = f"the variables of {one.directory or 'the root'} are not read for this environment"
        return undetermined(one.subject, Undetermined(reason, at))
    given = _given(model, configuration, one, project)
    for path in automatic:
        _take_file(configuration, _file_of(model, path), path, given)
    declared = [variable.name for variable in configuration.variables]
    lacking = [
        variable.name
        for variable in configuration.variables
        if not variable.has_default and variable.name not in given.names
    ]
    names = [name for fact in one.use.variables if (name := fact.or_none()) and name not in declared]
    problems = [f"-var {name}: undeclared{project.near_variable(name, declared)}" for name in names]
    problems += [f"-var-file {file}: no such file{project.near(within(one.directory, file))}" for file in given.missing]
    if lacking and not (given.missing or given.unseen or given.told):
        has = "has" if len(lacking) == 1 else "have"
        problems.append(f"{_lacks_what(one)}: {listed(lacking)} {has} no value")
    if problems:
        values = {"where": where, "problems": "; ".join(problems)}
        expected = _expected(model, one, lacking) if lacking else _without(project, names, declared)
        return Observation(Outcome.FAIL, one.subject, at, values, expected, values["problems"])
    if lacking and given.told:
        return None
    if lacking:
        return undetermined(one.subject, Undetermined(f"{given.unseen} may set {listed(lacking)}", at))
    required = sum(not variable.has_default for variable in configuration.variables)
    values = {"where": where, "count": amount(required, "required variable")}
    return Observation(Outcome.PASS, one.subject, at, values)


def _lacks_what(one: TerraformSaid) -> str:
    return "in no -var-file" if one.use.var_files else "no -var-file"


def _without(project: Paths, names: Sequence[str], declared: Sequence[str]) -> str:
    """What to write for variables that are not declared."""
    wanted = [f"no -var {name}{project.near_variable(name, declared)}" for name in names]
    return ", ".join(wanted) or "a -var-file that exists"


def _expected(model: Model, one: TerraformSaid, lacking: list[str]) -> str:
    """The option that sets what is lacking, where a settings file of that environment does."""
    environment = one.environment or model.environment
    file = next((file for file in model.environment_files if file.environment == environment), None)
    prefix = f"{one.directory}/" if one.directory else ""
    if not lacking or file is None or not file.at.path.startswith(prefix):
        return "declared variables, each with a value"
    return f"-var-file={file.at.path.removeprefix(prefix)}"


def _given(model: Model, configuration: Configuration, one: TerraformSaid, project: Paths) -> _Given:
    given = _Given({name for fact in one.use.variables if (name := fact.or_none())})
    _take_environment(one, configuration, given)
    for fact in one.use.var_files:
        written = fact.or_none() or ""
        paths = [within(directory, written) for directory in one.directories]
        path = next((path for path in paths if path in project.files), paths[0])
        if path in project.files:
            _take_file(configuration, _file_of(model, path), path, given)
        elif one.said.before("makes", written) or written.startswith("/") or path.startswith(".."):
            given.unseen = f"{written}, which is not in the repository,"
        elif _is_settings_file(model, path):
            given.told = True
        else:
            given.missing.append(written)
    if one.use.partly:
        given.unseen = given.unseen or "an argument that only the shell knows"
    return given


def _taken_up(path: str, configuration: Configuration) -> bool:
    """Whether Terraform takes the file up by itself."""
    folder, _, name = path.rpartition("/")
    automatic = name.endswith((".auto.tfvars", ".auto.tfvars.json"))
    return folder == configuration.directory and (automatic or name in ("terraform.tfvars", "terraform.tfvars.json"))


def _file_of(model: Model, path: str) -> EnvironmentFile | None:
    return next((file for file in model.environment_files if file.at.path == path), None)


def _take_environment(one: TerraformSaid, configuration: Configuration, given: _Given) -> None:
    """Takes what variables of the shell set, here or in a command before."""
    given.names |= {found[1] for word in one.said.command.assignments if (found := _EXPORTED.fullmatch(word))}
    given.names |= {
        variable.name for variable in configuration.variables if one.said.before("exports", f"TF_VAR_{variable.name}")
    }
    own = {word.partition("=")[0] for word in one.said.command.assignments}
    for name in ("TF_CLI_ARGS", f"TF_CLI_ARGS_{one.use.verb}"):
        if name in own or one.said.before("exports", name):
            given.unseen = name
    settings = one.said.doings.settings
    if settings is not None and settings < one.said.position:
        given.unseen = f"the file that line {one.said.commands[settings].at.line} makes"
    for setter in _SETTERS:
        if command := one.said.before("runs", setter):
            given.unseen = f"{setter} at line {command.at.line}"


def _take_file(configuration: Configuration, file: EnvironmentFile | None, path: str, given: _Given) -> None:
    """Takes what a var file sets: from the file, else from what the evaluation took from it."""
    if file is not None:
        given.names |= {setting.name for setting in file.settings}
        given.unseen = given.unseen if file.readable else path
    elif path in configuration.var_files:
        for variable in configuration.variables:
            set_by = (variable.set_at, *variable.value.via)
            given.names |= {variable.name} if any(at and at.path == path for at in set_by) else set()
    else:
        given.unseen = path


def _is_settings_file(model: Model, path: str) -> bool:
    """Whether it would be the settings file of an environment that has none (ENV001)."""
    having = {file.environment for file in model.environment_files}
    stem = path.rpartition("/")[2].partition(".")[0]
    return stem == model.environment and model.environment not in having
