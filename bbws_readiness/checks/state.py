"""Whether backend block and workflow together say where state lives, how it is locked and encrypted."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.checks.configuration import terraform_gap
from bbws_readiness.checks.runs import deployments, unknown_answer, visits, without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Backend, Configuration
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.source import Location

SETTINGS = {
    "bucket": ("bucket",),
    "key": ("key",),
    "region": ("region",),
    "lock": ("dynamodb_table", "use_lockfile"),
    "encrypt": ("encrypt",),
}
"""What a complete S3 backend states, and the arguments that state it, any one of them."""

SWITCHES = frozenset({"use_lockfile", "encrypt"})
"""Arguments that state something only when they are true."""


def incomplete_backend(question: Question) -> CheckResult:
    """STA001: one answer per setting, over every init of the environment's workflows."""
    model = question.model
    configuration = model.configuration
    if configuration is None:
        return question.not_applicable("the project has no Terraform configuration")
    backend = configuration.backend
    if backend is None or backend.type == "local":
        gap = terraform_gap(model)
        return CheckResult((unknown_answer("backend", gap) if gap else _no_backend(configuration),))
    if backend.type != "s3":
        return question.not_applicable(f'the settings of a backend "{backend.type}" are not looked at', backend.at)
    inits = _inits(model, configuration.directory)
    observations = tuple(_setting(name, backend, inits) for name in SETTINGS)
    if not inits and any(seen.outcome is Outcome.UNDETERMINED for seen in observations):
        # What is not in the block is passed by a workflow: without one there is nothing to look at.
        return without_deployment(question) or CheckResult(observations)
    return CheckResult(observations)


def _no_backend(configuration: Configuration) -> Observation:
    files = configuration.files
    at = configuration.backend.at if configuration.backend else Location(files[0] if files else ".", 0)
    return Observation(Outcome.FAIL, "backend", at, expected="a remote backend", actual="none", wording="no-backend")


def _inits(model: Model, directory: str) -> tuple[TerraformCommand, ...]:
    """The inits with which the environment's workflows open the state of this configuration.

    One with `-backend=false` opens no state (it only prepares a validation); one in another folder opens another.
    """
    return tuple(
        command
        for workflow in deployments(model)
        for visit in visits(model, workflow)
        for _, command in visit.commands("init")
        if "-backend=false" not in command.text and command.directory.or_none() in (None, directory)
    )


def _setting(name: str, backend: Backend, inits: Sequence[TerraformCommand]) -> Observation:
    """The worst answer of all inits: a lack in one job is a lack."""
    answers = [_answer(name, backend, init) for init in inits] or [_unopened(name, backend)]
    for outcome in (Outcome.FAIL, Outcome.UNDETERMINED):
        if found := next((answer for answer in answers if answer.outcome is outcome), None):
            return found
    return answers[0]


def _answer(name: str, backend: Backend, init: TerraformCommand) -> Observation:
    merged = {**backend.settings, **init.backend}
    stated = [(argument, merged[argument]) for argument in SETTINGS[name] if argument in merged]
    if good := _good(name, stated):
        return good
    for _, fact in stated:
        try:
            fact.get()
        except Undetermined as unknown:
            return unknown_answer(name, unknown)
    if not stated and init.backend_files:
        listed = ", ".join(file.or_none() or "a file" for file in init.backend_files)
        return unknown_answer(name, Undetermined(f"it may be set in {listed}, which init is given", init.at))
    problem = _problem(stated) or "set neither in the backend block nor by the workflow's init"
    return Observation(
        Outcome.FAIL, name, init.at, {"problem": problem}, expected=" or ".join(SETTINGS[name]), actual=problem
    )


def _unopened(name: str, backend: Backend) -> Observation:
    """The answer where no init can be seen, so that the block alone speaks."""
    stated = [(argument, backend.settings[argument]) for argument in SETTINGS[name] if argument in backend.settings]
    if good := _good(name, stated):
        return good
    for _, fact in stated:
        try:
            fact.get()
        except Undetermined as unknown:
            return unknown_answer(name, unknown)
    if problem := _problem(stated):
        return Observation(
            Outcome.FAIL,
            name,
            stated[0][1].at,
            {"problem": problem},
            expected=" or ".join(SETTINGS[name]),
            actual=problem,
        )
    reason = "the backend block leaves it out, and no init of the workflow can be seen"
    return unknown_answer(name, Undetermined(reason, backend.at))


def _good(name: str, stated: Sequence[tuple[str, Fact[str]]]) -> Observation | None:
    for argument, fact in stated:
        value = fact.or_none()
        if value and (argument not in SWITCHES or value.lower() == "true"):
            shown = value if argument not in SWITCHES else "on" if argument == name else argument
            return Observation(Outcome.PASS, name, fact.at, {"value": shown})
    return None


def _problem(stated: Sequence[tuple[str, Fact[str]]]) -> str:
    """Why what is stated does not count, or empty when nothing is stated."""
    for argument, fact in stated:
        return f"{argument} is {fact.or_none() or 'empty'}"
    return ""
