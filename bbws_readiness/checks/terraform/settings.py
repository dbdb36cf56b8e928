"""Whether the environment's settings file exists, fills every variable, and sets nothing in vain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.wording import amount, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined, Unknown
from bbws_readiness.model.environments import UndeclaredSetting, Variable
from bbws_readiness.model.model import EnvironmentFile, Model
from bbws_readiness.source import Location, SourceKind

NOT_WHOLE = "a file of the Terraform configuration could not be read, and it may stand there"


def own_file(model: Model) -> EnvironmentFile | None:
    """The settings file of the assessed environment, or None."""
    return next((file for file in model.environment_files if file.environment == model.environment), None)


def missing_settings(question: Question) -> CheckResult:
    """ENV001: one answer, about the environment's own settings file."""
    model = question.model
    others = [file for file in model.environment_files if file.environment not in ("", question.environment)]
    summary = {"nearest": others[-1].at.path if others else "", "environment": question.environment}
    if file := own_file(model):
        return CheckResult((_filled(question.environment, file),), summary=summary)
    if unread := model.unread.get(SourceKind.TFVARS):
        seen = undetermined(question.environment, Undetermined(f"{unread.path} could not be read", unread))
        return CheckResult((seen,), summary=summary)
    if elsewhere := _set_elsewhere(model, others):
        return CheckResult((elsewhere,), summary=summary)
    places = {file.environment: file.at.path for file in others} or _other_roots(model)
    if not places:
        return question.not_applicable("the project has no settings files of environments")
    expected = _renamed(*list(places.items())[-1], question.environment)
    # Cited is the folder: nobody can open a file that is missing.
    folder = Location(expected.rpartition("/")[0] or ".", 0)
    values = {"others": listed(places), "file": expected}
    missing = Observation(Outcome.FAIL, question.environment, folder, values, expected=expected, actual="none")
    return CheckResult((missing,), summary=summary)


def _filled(environment: str, file: EnvironmentFile) -> Observation:
    values = {"file": file.at.path, "size": str(file.size), "count": amount(len(file.settings), "value")}
    if not file.readable:
        values["reason"] = f"{file.at.path} could not be read or parsed"
        return Observation(Outcome.UNDETERMINED, environment, file.at, values)
    if file.settings:
        return Observation(Outcome.PASS, environment, file.at, values)
    wording = "nothing-set" if file.size else "empty"
    return Observation(
        Outcome.FAIL, environment, file.at, values, expected="values", actual="no value", wording=wording
    )


def _other_roots(model: Model) -> dict[str, str]:
    """Environment and folder of the roots that are named for other environments."""
    named = model.layout.own_roots if model.layout else ()
    return {name: folder for name, folder in named if name != model.environment}


def _set_elsewhere(model: Model, others: Sequence[EnvironmentFile]) -> Observation | None:
    """The answer where the environment needs no file: it has a root of its own, or the workflow passes the values."""
    layout = model.layout
    if layout is None or layout.root is None:
        return None
    if layout.own_root and (others or _other_roots(model)):
        at = Location(layout.root, 0)
        return Observation(Outcome.PASS, model.environment, at, {"file": layout.root}, wording="own-root")
    wanted = {setting.name for setting in others[-1].settings} if others else set()
    if wanted and wanted <= {name for name, _ in layout.passed}:
        values = {"count": amount(len(wanted), "value"), "nearest": others[-1].at.path}
        return Observation(Outcome.PASS, model.environment, layout.passed[0][1], values, wording="passed")
    return None


def _renamed(environment: str, path: str, wanted: str) -> str:
    """Where the file would lie if it were named like its sibling."""
    before, found, after = path.rpartition(environment)
    return f"{before}{wanted}{after}" if found else path


def unset_variable(question: Question) -> CheckResult:
    """ENV002: one answer per declared variable, about its effective value."""
    model = question.model
    configuration = model.configuration
    if configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    observations = [_value_of(question, variable) for variable in configuration.variables]
    if not configuration.complete:
        gap = Undetermined(
            "further variables may be declared in a file that could not be read",
            Location(configuration.directory or ".", 0),
        )
        observations.append(undetermined("other variables", gap))
    if not observations:
        return question.not_applicable("Terraform declares no variables")
    return CheckResult(tuple(observations))


def _value_of(question: Question, variable: Variable) -> Observation:
    name, model = variable.name, question.model
    file = own_file(model)
    values = {"file": file.at.path if file else "any settings file", "chain": _chain(variable)}
    if variable.missing:
        if unread := _unread_settings(model):
            return undetermined(name, unread)
        return Observation(Outcome.FAIL, name, variable.at, values, expected="a value", actual="none")
    if variable.problem:
        values["problem"] = variable.problem
        at = variable.set_at or variable.value.at
        return Observation(
            Outcome.FAIL,
            name,
            at,
            values,
            expected=f"a valid {variable.type}",
            actual=variable.problem,
            wording="invalid",
        )
    if isinstance(variable.value.value, Unknown) and not variable.sensitive:
        return undetermined(name, Undetermined(variable.value.value.reason, variable.value.at))
    return Observation(Outcome.PASS, name, variable.set_at or variable.value.at, values)


def _chain(variable: Variable) -> str:
    """Where the effective value comes from, with what it overrides; the value itself may be a secret."""
    if variable.set_at is None:
        return f"default at {variable.value.at}"
    overridden = ", ".join(str(at) for at in variable.value.via)
    return f"set at {variable.set_at}" + (f", which overrides {overridden}" if overridden else "")


def _unread_settings(model: Model) -> Undetermined | None:
    file = own_file(model)
    if file and not file.readable:
        return Undetermined("the settings file could not be read or parsed", file.at)
    unread = model.unread.get(SourceKind.TFVARS)
    return Undetermined("a settings file could not be read", unread) if unread and not file else None


def undeclared_variable(question: Question) -> CheckResult:
    """ENV003: one answer per name that the environment's settings file sets."""
    model = question.model
    configuration, file = model.configuration, own_file(model)
    if configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    if file is None and not configuration.undeclared:
        return question.not_applicable(f"{question.environment} has no settings file")
    if file and not file.readable:
        unknown = Undetermined("the settings file could not be read or parsed", file.at)
        return CheckResult((undetermined(file.at.path, unknown),))
    vain = {setting.name for setting in configuration.undeclared}
    observations = [
        Observation(Outcome.PASS, setting.name, setting.value.at)
        for setting in (file.settings if file else ())
        if setting.name not in vain
    ]
    observations.extend(_in_vain(configuration.undeclared, complete=configuration.complete))
    if not observations:
        return question.not_applicable(f"the settings file of {question.environment} sets nothing")
    return CheckResult(tuple(observations))


def _in_vain(undeclared: Sequence[UndeclaredSetting], *, complete: bool) -> Iterator[Observation]:
    for setting in undeclared:
        if not complete:
            yield undetermined(setting.name, Undetermined(NOT_WHOLE, setting.at))
            continue
        near = f" (near: {setting.near})" if setting.near else ""
        yield Observation(
            Outcome.FAIL, setting.name, setting.at, {"near": near}, expected="a declared variable", actual="none"
        )
