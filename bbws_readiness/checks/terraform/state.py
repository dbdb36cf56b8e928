"""Whether it is said where state lives and how it is kept, and whether any of it gets into the repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import NO_TERRAFORM, terraform_gap, undetermined
from bbws_readiness.checks.workflows.runs import deployments, visits, without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.leftovers import Ignores, WrittenFile, patterns
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Backend, Configuration
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.patterns import regex
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
        return question.not_applicable(NO_TERRAFORM)
    backend = configuration.backend
    if backend is None or backend.type == "local":
        gap = terraform_gap(model)
        return CheckResult((undetermined("backend", gap) if gap else _no_backend(configuration),))
    if backend.type != "s3":
        return question.not_applicable(f'the settings of a backend "{backend.type}" are not looked at', backend.at)
    inits = inits_of_state(model, configuration.directory)
    observations = tuple(_setting(name, backend, inits) for name in SETTINGS)
    if not inits and any(seen.outcome is Outcome.UNDETERMINED for seen in observations):
        # What is not in the block is passed by a workflow: without one there is nothing to look at.
        return without_deployment(question) or CheckResult(observations)
    return CheckResult(observations)


def _no_backend(configuration: Configuration) -> Observation:
    files = configuration.files
    at = configuration.backend.at if configuration.backend else Location(files[0] if files else ".", 0)
    return Observation(Outcome.FAIL, "backend", at, expected="a remote backend", actual="none", wording="no-backend")


def inits_of_state(model: Model, directory: str) -> tuple[TerraformCommand, ...]:
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
    if told := _told(name, stated):
        return told
    if not stated and init.backend_files:
        listed = ", ".join(file.or_none() or "a file" for file in init.backend_files)
        return undetermined(name, Undetermined(f"it may be set in {listed}, which init is given", init.at))
    problem = _problem(stated) or "set neither in the backend block nor by the workflow's init"
    return Observation(
        Outcome.FAIL, name, init.at, {"problem": problem}, expected=" or ".join(SETTINGS[name]), actual=problem
    )


def _unopened(name: str, backend: Backend) -> Observation:
    """The answer where no init can be seen, so that the block alone speaks."""
    stated = [(argument, backend.settings[argument]) for argument in SETTINGS[name] if argument in backend.settings]
    if told := _told(name, stated):
        return told
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
    return undetermined(name, Undetermined(reason, backend.at))


def _told(name: str, stated: Sequence[tuple[str, Fact[str]]]) -> Observation | None:
    """The answer where one argument is good, or where one is unknown; None where neither is."""
    for argument, fact in stated:
        value = fact.or_none()
        if value and (argument not in SWITCHES or value.lower() == "true"):
            shown = value if argument not in SWITCHES else "on" if argument == name else argument
            return Observation(Outcome.PASS, name, fact.at, {"value": shown})
    for _, fact in stated:
        try:
            fact.get()
        except Undetermined as unknown:
            return undetermined(name, unknown)
    return None


def _problem(stated: Sequence[tuple[str, Fact[str]]]) -> str:
    """Why what is stated does not count, or empty when nothing is stated."""
    for argument, fact in stated:
        return f"{argument} is {fact.or_none() or 'empty'}"
    return ""


_VARIABLE = regex(r"\$\{\{.{1,200}?\}\}|\$\{\w{1,60}\}|\$\w{1,60}|<[\w -]{1,60}>")
_IGNORED, _COMMITTED = "ignored", "would be committed"


def tracked_state(question: Question) -> CheckResult:
    """STA004: one answer for what git tracks, one per file that a command creates or that lies in the checkout."""
    model = question.model
    if model.configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    kinds = patterns(texts(question, "files"), question.rule.at)
    tracked = model.tracked_files
    observations = [*_tracked(model, kinds)]
    told = {seen.subject for seen in observations}
    for written in model.written:
        if written.path not in told:
            told.add(written.path)
            observations.append(_created(question, written))
    for path in model.files:
        if path not in told and path not in (tracked or ()) and kinds.rule_for(path):
            observations.append(_lying(model, path))
    return CheckResult(tuple(observations))


def _tracked(model: Model, kinds: Ignores) -> Iterator[Observation]:
    if model.repository is None:
        return
    try:
        tracked = model.repository.tracked.get()
    except Undetermined as unknown:
        yield undetermined("tracked files", unknown)
        return
    written = {file.path for file in model.written}
    leaked = [path for path in tracked if path in written or kinds.rule_for(path)]
    for path in leaked:
        yield Observation(Outcome.FAIL, path, Location(path, 0), {}, "not tracked", "tracked")
    if not leaked:
        yield Observation(Outcome.PASS, "tracked files", model.repository.tracked.at)


def _created(question: Question, written: WrittenFile) -> Observation:
    """Whether the file is ignored under every name that it may have."""
    model, path = question.model, written.path
    names = {_VARIABLE.sub(word, path) for word in (question.environment, "x0")}
    rules = [model.ignores.rule_for(name) for name in names]
    if all(rules):
        rule = next(rule for rule in rules if rule)
        return Observation(Outcome.PASS, path, rule.at, {"rule": rule.text}, wording="ignored")
    if any(rules):
        reason = "whether an ignore file covers it depends on a name that is known only when the command runs"
        return undetermined(path, Undetermined(reason, written.at))
    return _not_ignored(model, path, written.at)


def _lying(model: Model, path: str) -> Observation:
    """A file that lies in the checkout, made by a run on this machine."""
    rule = model.ignores.rule_for(path)
    if rule is None:
        return _not_ignored(model, path, Location(path, 0))
    backend = model.configuration.backend if model.configuration else None
    remote = backend is not None and backend.type != "local"
    values = {"rule": rule.text, "note": " beside a remote backend, whose state is another" if remote else ""}
    return Observation(Outcome.PASS, path, Location(path, 0), values, wording="local")


def _not_ignored(model: Model, path: str, at: Location) -> Observation:
    if model.ignores.unread:
        return undetermined(path, Undetermined("an ignore file could not be read", model.ignores.unread))
    if model.ignores.more_above:
        reason = "no ignore file of the project covers it, and those of the checkout it lies in are not read"
        return undetermined(path, Undetermined(reason, at))
    return Observation(Outcome.FAIL, path, at, {}, _IGNORED, _COMMITTED, wording="not-ignored")
