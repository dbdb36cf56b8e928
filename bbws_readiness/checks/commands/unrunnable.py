"""Whether the terraform commands of plan and README find a configuration and an init that opens its state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.checks.commands.said import (
    Paths,
    TerraformSaid,
    answered,
    may_have_made,
    terraform_folders,
    terraform_said,
    within,
)
from bbws_readiness.checks.unknown import NO_TERRAFORM, terraform_gap, undetermined
from bbws_readiness.checks.wording import joined
from bbws_readiness.checks.workflows.runs import deployments, visits
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Backend
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

_REGION_NAMES = ("AWS_REGION", "AWS_DEFAULT_REGION")
_WORDS = regex(r"[^\s\"'=]+")
NO_COMMANDS = "neither plan nor README has terraform commands"


def unrunnable_command(question: Question) -> CheckResult:
    """CMD001: one answer per document, terraform verb, environment and directory."""
    if question.model.configuration is None and SourceKind.TERRAFORM not in question.model.unread:
        return question.not_applicable(NO_TERRAFORM)
    spoken = terraform_said(question.model)
    return answered(question, _answers(question.model, spoken), NO_COMMANDS)


def _answers(model: Model, spoken: Sequence[TerraformSaid]) -> Iterator[Observation]:
    folders = terraform_folders(model)
    passed, paths = _workflow_inits(model), Paths(model)
    inits: dict[SourceKind, _Inits] = {}
    for one in spoken:
        before = inits.setdefault(one.said.kind, _Inits())
        if unknown := one.unplaced:
            yield undetermined(one.subject, unknown)
        elif one.directory not in folders:
            yield _no_files(model, one, paths)
        elif one.use.verb == "init":
            yield _init(model, one, passed)
        else:
            yield _after_init(one, before)
        if one.use.verb == "init":
            before.add(one)


class _Inits:
    """The inits of one document so far, the last of each directory and environment."""

    def __init__(self) -> None:
        self.nowhere = False
        """One of them runs in a place that is unknown."""
        self._last: dict[str, dict[tuple[str, bool], TerraformSaid]] = {}

    def add(self, init: TerraformSaid) -> None:
        """Takes up the next one."""
        self.nowhere = self.nowhere or not init.directories
        for directory in init.directories:
            self._last.setdefault(directory, {})[init.environment, init.use.without_backend] = init

    def fitting(self, one: TerraformSaid, *, without_backend: bool) -> TerraformSaid | None:
        """The last init in a directory of the command, for its environment."""
        found = [
            init
            for directory in one.directories
            for (environment, without), init in self._last.get(directory, {}).items()
            if without is without_backend and "" in (environment, one.environment, *_same(environment, one))
        ]
        return max(found, key=lambda init: init.said.position, default=None)


def _same(environment: str, one: TerraformSaid) -> tuple[str, ...]:
    return ("",) if environment == one.environment else ()


def _no_files(model: Model, one: TerraformSaid, paths: Paths) -> Observation:
    at = one.said.command.at
    if unread := model.unread.get(SourceKind.TERRAFORM):
        return undetermined(one.subject, Undetermined("a Terraform file could not be read", unread))
    there = one.directory in paths.folders or not one.directory
    clone = one.said.command.directory_assumed
    if (not there or clone) and (made := may_have_made(one.said)):
        return undetermined(one.subject, made)
    root = model.configuration.directory if model.configuration else ""
    values = {
        "where": one.said.where,
        "directory": f"{one.directory}/" if one.directory else "the root of the project",
        "root": f" (root: {root})" if root else "",
    }
    expected = f"cd {root}" if root else "a directory with .tf files"
    return Observation(Outcome.FAIL, one.subject, at, values, expected, "no .tf files")


def _after_init(one: TerraformSaid, inits: _Inits) -> Observation:
    at = one.said.command.at
    values = {"where": one.said.where, "directory": one.directory or "."}
    closed = inits.fitting(one, without_backend=True)
    init = inits.fitting(one, without_backend=False) or (closed if one.use.verb == "validate" else None)
    if init:
        values["init"] = f"init at line {init.said.command.at.line}"
        return Observation(Outcome.PASS, one.subject, at, values)
    if inits.nowhere:
        return undetermined(one.subject, Undetermined("the init before it runs in a place that is unknown", at))
    if runner := one.said.before("inits"):
        reason = f"{runner.words[0]} may have run the init before it"
        return undetermined(one.subject, Undetermined(reason, runner.at))
    wording = "no-backend" if closed else "no-init"
    return Observation(Outcome.FAIL, one.subject, at, values, "terraform init before it", "none", wording=wording)


def _init(model: Model, one: TerraformSaid, passed: Sequence[TerraformCommand]) -> Observation:
    """Whether what the init passes completes the backend block."""
    at, where = one.said.command.at, one.said.where
    values = {"where": where, "directory": one.directory or ".", "init": "init"}
    good = Observation(Outcome.PASS, one.subject, at, values)
    configuration = model.configuration
    if configuration is None or one.directory != configuration.directory or one.use.without_backend:
        return good
    if gap := terraform_gap(model):
        return undetermined(one.subject, gap)
    backend = configuration.backend
    if backend is None or backend.type != "s3":
        return good
    if missing := _missing_file(model, one):
        values["file"] = missing
        return Observation(Outcome.FAIL, one.subject, at, values, missing, "missing", wording="no-file")
    return _completed(passed, one, backend) or good


def _missing_file(model: Model, one: TerraformSaid) -> str:
    for file in one.use.backend_files:
        written = file.or_none() or ""
        if (
            within(one.directory, written) not in model.files
            and not one.said.before("makes", written)
            and not written.startswith("/")
        ):
            return written
    return ""


def _completed(passed: Sequence[TerraformCommand], one: TerraformSaid, backend: Backend) -> Observation | None:
    """What is still open after the init; None when it completes the backend."""
    at = one.said.command.at
    given = {*backend.settings, *one.use.backend}
    for file in one.use.backend_files:
        same = [init for init in passed if file.or_none() in _WORDS.findall(init.text) and not init.backend_files]
        if not same:
            reason = f"what {file.or_none() or 'a file'} gives to the backend is not read"
            return undetermined(one.subject, Undetermined(reason, at))
        given |= same[0].backend.keys()
    lacking = [name for name in ("bucket", "key") if name not in given]
    if one.use.partly and (lacking or "region" not in given):
        return undetermined(one.subject, Undetermined("part of what it passes is known only to the shell", at))
    if lacking:
        init = next(iter(passed), None)
        values = {"where": one.said.where, "settings": joined(lacking)}
        wanted = f"the settings that the init at {init.at} passes" if init else joined(lacking)
        return Observation(Outcome.FAIL, one.subject, at, values, wanted, f"no {joined(lacking)}", wording="partial")
    if "region" not in given and not _region_set(one):
        reason = "it passes no region, which the profile of the reader may give"
        return undetermined(one.subject, Undetermined(reason, at))
    return None


def _region_set(one: TerraformSaid) -> bool:
    own = (word.partition("=")[0] for word in one.said.command.assignments)
    return any(one.said.before("exports", name) for name in _REGION_NAMES) or any(name in _REGION_NAMES for name in own)


def _workflow_inits(model: Model) -> list[TerraformCommand]:
    found = (visit for workflow in deployments(model) for visit in visits(model, workflow))
    return [init for visit in found for _, init in visit.commands("init")]
