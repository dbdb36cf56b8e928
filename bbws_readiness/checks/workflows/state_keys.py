"""Whether everything that opens the state of an environment opens the same one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import amount
from bbws_readiness.checks.workflows.runs import deployments, hidden_parts, serves_others, visits, without_deployment
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Backend
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.patterns import regex

SETTINGS = ("bucket", "key")
_REPOSITORY = regex(r"(?i:\$\{\{\s*github\.repository\s*\}\})|\$\{GITHUB_REPOSITORY\}|\$GITHUB_REPOSITORY\b")
_NAME = regex(r"(?i:\$\{\{\s*github\.event\.repository\.name\s*\}\})|\$\{GITHUB_REPOSITORY##?\*/\}")
_SLUG = regex(r"[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")


class Opened(Struct, frozen=True):
    """A setting of the state that one init opens."""

    label: str
    value: Fact[str]
    written: str
    """As the workflow writes it, with what is known of the repository put in."""

    @property
    def known(self) -> str | None:
        """The value, or None while an expression is left in it."""
        if not isinstance(self.value.value, Unknown):
            return self.value.value
        return self.written if self.written and "$" not in self.written else None

    @property
    def shown(self) -> str:
        """For a message: the value, or as it is written."""
        return self.known or self.written or "a value that is not known"

    @property
    def by_repository(self) -> bool:
        """Whether all that is unknown about it is the repository's name."""
        rest = _NAME.sub("", _REPOSITORY.sub("", self.written))
        return rest != self.written and "$" not in rest


def diverging_state_key(question: Question) -> CheckResult:
    """STA002: one answer per folder and setting, over every init of the environment's workflows."""
    model = question.model
    if nothing := without_deployment(question):
        return nothing
    backend = model.configuration.backend if model.configuration else None
    if backend and backend.type != "s3":
        return question.not_applicable(f'the settings of a backend "{backend.type}" are not looked at', backend.at)
    directory = model.configuration.directory if model.configuration else ""
    observations: list[Observation] = []
    for folder, inits in _inits(question).items():
        for name in SETTINGS:
            opened = list(_opened(question, name, inits, backend if folder == directory else None))
            if opened:
                observations.append(_judged(f"{folder or '.'}: {name}", opened))
    observations += _unplaced(question)
    if not observations:
        hidden = hidden_parts(model)
        return (
            CheckResult(hidden)
            if hidden
            else question.not_applicable("no job opens the state with settings of its own")
        )
    return CheckResult((*observations, *hidden_parts(model)))


def _commands(question: Question) -> Iterator[tuple[str, TerraformCommand]]:
    for workflow in deployments(question.model):
        for visit in visits(question.model, workflow):
            if serves_others(question.model, visit.job):
                continue
            for _, command in visit.commands("init"):
                if "-backend=false" not in command.text:
                    yield visit.label, command


def _inits(question: Question) -> dict[str, list[tuple[str, TerraformCommand]]]:
    found: dict[str, list[tuple[str, TerraformCommand]]] = {}
    for label, command in _commands(question):
        folder = command.directory.or_none()
        if folder is not None:
            found.setdefault(folder, []).append((label, command))
    return found


def _unplaced(question: Question) -> Iterator[Observation]:
    """The inits whose folder is not known: nobody can tell whose state they open."""
    for label, command in _commands(question):
        if isinstance(command.directory.value, Unknown):
            yield undetermined(label, Undetermined(command.directory.value.reason, command.directory.at))


def _opened(
    question: Question, name: str, inits: list[tuple[str, TerraformCommand]], backend: Backend | None
) -> Iterator[Opened]:
    for label, command in inits:
        fact = command.backend.get(name) or (backend.settings.get(name) if backend else None)
        if fact is not None:
            yield Opened(label, fact, written_option(repository_of(question.config, question.model), name, command))
        elif command.backend_files:
            yield Opened(label, Fact(Unknown("it may be set in a file that init is given"), command.at), "")


def written_option(repository: str, name: str, command: TerraformCommand) -> str:
    """The option `-backend-config` as written, with the repository put in where it is known; empty without one."""
    match = re.search(rf"-backend-config=?\s*[\"']?{name}=((?:\$\{{\{{.*?\}}\}}|[^\s\"'])*)", command.text)
    written = match[1] if match else ""
    if repository:
        written = _REPOSITORY.sub(repository, written)
        written = _NAME.sub(repository.rpartition("/")[2], written)
    return written


def repository_of(config: Config, model: Model) -> str:
    """`owner/name`, where configuration or git tells it; else empty."""
    if config.repository:
        return config.repository
    remote = model.repository.remote.or_none() if model.repository else None
    match = _SLUG.search(remote or "")
    return match[1] if match else ""


def _judged(subject: str, opened: list[Opened]) -> Observation:
    """Two that differ are a failure; a repository's name equals a literal only when it is proven to."""
    first = next((one for one in opened if one.known), opened[0])
    for other in opened:
        if other is first or _same(first, other):
            continue
        if (first.known or first.by_repository) and (other.known or other.by_repository):
            values = {"first": first.shown, "second": other.shown, "here": first.label, "there": other.label}
            note = (Related(first.value.at, f"opens {first.shown}"),)
            return Observation(Outcome.FAIL, subject, other.value.at, values, first.shown, other.shown, related=note)
    if unknown := next((one for one in opened if not one.known and not one.by_repository), None):
        reason = unknown.value.value.reason if isinstance(unknown.value.value, Unknown) else "not known"
        return undetermined(subject, Undetermined(reason, unknown.value.at))
    values = {"count": amount(len(opened), "init"), "value": first.shown}
    return Observation(Outcome.PASS, subject, first.value.at, values)


def _same(one: Opened, other: Opened) -> bool:
    if one.known and other.known:
        return one.known == other.known
    return bool(one.written) and one.written == other.written and not one.known and not other.known
