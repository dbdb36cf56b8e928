"""Whether everything that the environment's workflow refers to exists when the run needs it."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.checks.terraform.settings import own_file
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.runs import Visit, deployments, visits, without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.workflows import ShellCommand, Step, called_path
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_SCRIPT = regex(r"\.(?:sh|bash|py|js|mjs|ts|rb|pl)$")
_MAKES_FOLDERS = regex(r"\b(?:mkdir|unzip|tar|git clone|cp|mv)\b")
_MADE_DURING_RUN = frozenset({"node_modules", ".venv", "venv", "dist", "build", "target", "bin"})
"""Folders that installing or building makes."""
MAX_NEAR = 20
"""How many missing paths are compared with all others for a near one; a long list is one mistake anyway."""

_FILES = frozenset({"working-directory", "var file", "script", "action", "called workflow"})
"""The kinds of references that are paths of the project."""


class Reference(Struct, frozen=True):
    """One thing that a job uses, and whether it is there."""

    kind: str
    text: str
    at: Location
    found: bool
    unknown: str = ""
    """Why it cannot be told; empty when it can."""
    wording: str = ""

    @property
    def identity(self) -> str:
        """`script scripts/check.sh`, the same for every step that uses it."""
        return f"{self.kind} {self.text}".strip()


def missing_reference(question: Question) -> CheckResult:
    """WFL009: one answer per thing that the environment's workflows refer to."""
    if nothing := without_deployment(question):
        return nothing
    grouped: dict[str, list[Reference]] = {}
    for workflow in deployments(question.model):
        run = visits(question.model, workflow)
        for visit in run:
            for reference in _references(question, visit, run):
                subject = f"{posixpath.basename(visit.workflow.path)}: {reference.identity}"
                grouped.setdefault(subject, []).append(reference)
    if not grouped:
        return question.not_applicable("the workflow refers to nothing in the repository")
    observations = []
    looked = 0
    for subject, references in grouped.items():
        missing = [reference for reference in references if not reference.found and not reference.unknown]
        looked += bool(missing)
        near = _near(question.model, missing[0]) if missing and looked <= MAX_NEAR else ""
        observations.append(_observed(subject, references, missing, near))
    return CheckResult(tuple(observations))


def _near(model: Model, reference: Reference) -> str:
    """What the missing path may have been meant for, in parentheses."""
    near = model.near_path(reference.text) if reference.kind in _FILES else None
    return f" (near: {near})" if near else ""


def _observed(subject: str, references: list[Reference], missing: list[Reference], near: str) -> Observation:
    """The worst answer of all uses, at its first place."""
    if missing:
        first = missing[0]
        values = {"uses": f" ({len(missing)} times)" if len(missing) > 1 else "", "near": near}
        return Observation(Outcome.FAIL, subject, first.at, values, "it exists", "missing", wording=first.wording)
    if unknown := next((reference for reference in references if reference.unknown), None):
        return undetermined(subject, Undetermined(unknown.unknown, unknown.at))
    first = references[0]
    exists = "set up before" if first.wording == "not-set-up" else "exists"
    return Observation(Outcome.PASS, subject, first.at, {"exists": exists})


def _references(question: Question, visit: Visit, run: tuple[Visit, ...]) -> Iterator[Reference]:
    model, job = question.model, visit.job
    for need in job.needs:
        name = need.or_none() or ""
        yield Reference("needed job", name, need.at, visit.workflow.job(name) is not None)
    if job.uses is not None and (path := called_path(job.uses)):
        yield Reference("called workflow", path, job.uses.at, path in model.paths)
    elsewhere = ""
    for position, step in enumerate(job.steps):
        earlier = job.steps[:position]
        elsewhere = elsewhere or _checked_out_elsewhere(earlier[-1:])
        for reference in _of_step(question, step):
            yield _excused(reference, earlier, elsewhere)
        yield from _artifact(step, visit, position, run)
    yield from _setup(question, visit)


def _of_step(question: Question, step: Step) -> Iterator[Reference]:
    model = question.model
    if step.uses is not None and (path := called_path(step.uses)):
        there = any(f"{path}/{name}" in model.paths for name in ("action.yml", "action.yaml", "Dockerfile"))
        yield Reference("action", path, step.uses.at, there or path in model.paths)
    if step.working_directory is not None and step.run is not None:
        yield _folder(model, step.working_directory)
    for command in step.terraform:
        if command.directory.at != (step.working_directory.at if step.working_directory else None):
            yield _folder(model, command.directory)
        if _folder(model, command.directory).found:
            files = (file for file in command.var_files if not _told_elsewhere(model, file))
            yield from (_var_file(model, command.directory, file) for file in files)
    yield from _scripts(question, step)


def _told_elsewhere(model: Model, file: Fact[str]) -> bool:
    """Whether it is the settings file that the environment lacks, which is an issue of its own (ENV001)."""
    return own_file(model) is None and model.environment in (file.or_none() or "")


def _folder(model: Model, directory: Fact[str]) -> Reference:
    try:
        path = directory.get()
    except Undetermined as unknown:
        return Reference("working-directory", f"at line {unknown.at.line}", unknown.at, False, unknown.reason)
    there = path in ("", ".") or path in model.folders
    return Reference("working-directory", path or ".", directory.at, there)


def _var_file(model: Model, directory: Fact[str], file: Fact[str]) -> Reference:
    try:
        path = posixpath.normpath(posixpath.join(directory.get(), file.get()))
    except Undetermined as unknown:
        text = file.or_none() or f"at line {unknown.at.line}"
        return Reference("var file", text, file.at, False, unknown.reason)
    there = path in model.paths
    return Reference("var file", path, file.at, there)


def _scripts(question: Question, step: Step) -> Iterator[Reference]:
    moved = any(command.words[:1] in (("cd",), ("pushd",)) for command in step.commands)
    for command in step.commands:
        written = _script_word(question, command)
        if written is None:
            continue
        if "$" in written or "`" in written:
            yield Reference("script", written, command.at, False, "its path is known only when the workflow runs")
            continue
        yield _script(question.model, step, command, written, moved=moved)


def _script(model: Model, step: Step, command: ShellCommand, written: str, *, moved: bool) -> Reference:
    base = step.working_directory.or_none() if step.working_directory else ""
    path = posixpath.normpath(posixpath.join(base or "", written))
    if base is None:
        return Reference("script", written, command.at, False, "its folder is known only when the workflow runs")
    if path in model.paths:
        return Reference("script", path, command.at, True)
    if path.split("/")[0] in _MADE_DURING_RUN:
        return Reference("script", path, command.at, False, "installing or building may make it")
    ending = "/" + posixpath.normpath(written).lstrip("./")
    if moved and any(f"/{file}".endswith(ending) for file in model.files):
        return Reference("script", path, command.at, True)
    return Reference("script", path, command.at, False)


def _script_word(question: Question, command: ShellCommand) -> str | None:
    """The script that the command starts, as written; None when it starts a program that is installed."""
    if not command.words:
        return None
    first, *rest = command.words
    listed = question.parameters.get("interpreters")
    if isinstance(listed, list | tuple) and first in listed:
        if not rest or rest[0].startswith("-") or not _SCRIPT.search(rest[0]):
            return None
        return None if rest[0].startswith("/") else rest[0]
    if "/" not in first or first.startswith(("/", "~", "$", "`")) or "://" in first:
        return None
    return first


def _artifact(step: Step, visit: Visit, position: int, run: tuple[Visit, ...]) -> Iterator[Reference]:
    """A fetched artifact has to be kept by an earlier job, or earlier in the same one."""
    if step.action != "actions/download-artifact" or "run-id" in step.with_:
        return
    name, pattern = step.with_.get("name"), step.with_.get("pattern")
    wanted = name or pattern
    if wanted is None or not wanted.known:
        return
    kept = [upload for other in run if other.precedes(visit) for upload in _uploads(other.job.steps)]
    kept += _uploads(visit.job.steps[:position])
    text = wanted.get()
    there = any(fnmatch.fnmatchcase(upload, text) if name is None else upload == text for upload in kept)
    unknown = ""
    if not there and any("${{" in word for word in (text, *kept)):
        unknown = "its name is known only when the workflow runs"
    if not there and any(other.hidden and other.precedes(visit) for other in run):
        unknown = "a called workflow of another repository may keep it"
    yield Reference("artifact", text, wanted.at, there, unknown, wording="not-made")


def _uploads(steps: tuple[Step, ...]) -> list[str]:
    return [
        (step.with_["name"].or_none() or "") if "name" in step.with_ else "artifact"
        for step in steps
        if step.action == "actions/upload-artifact"
    ]


def _setup(question: Question, visit: Visit) -> Iterator[Reference]:
    """Terraform is on no runner of GitHub: a step of the same job has to bring it."""
    actions = question.parameters.get("terraform-setup")
    installers = question.parameters.get("terraform-installers")
    steps = visit.job.steps
    first = next((position for position, step in enumerate(steps) if step.terraform), None)
    if first is None or not isinstance(actions, list | tuple) or not isinstance(installers, list | tuple):
        return
    text = f"in job {visit.job.id}"
    at = steps[first].terraform[0].at
    earlier = steps[: first + 1]
    done = any(
        step.action in actions or any(str(word) in (step.run.or_none() or "") for word in installers if step.run)
        for step in earlier
    )
    unknown = ""
    if not done and any(called_path(step.uses) for step in earlier):
        unknown = "a local action before it may set it up"
    yield Reference("Terraform", text, at, done, unknown, wording="not-set-up")


def _excused(reference: Reference, earlier: tuple[Step, ...], elsewhere: str) -> Reference:
    """The same reference, unknown instead of missing when the run itself may bring what it names."""
    if reference.found or reference.unknown:
        return reference
    name = posixpath.basename(reference.text)
    reason = elsewhere
    for step in earlier:
        if step.action == "actions/download-artifact" and _may_bring(step, reference.text):
            reason = "an artifact fetched before may bring it"
        elif step.run is not None and _may_make(reference.kind, name, step.run.or_none() or ""):
            reason = "an earlier step of the job may make it"
    return Reference(reference.kind, reference.text, reference.at, False, reason, reference.wording)


def _may_bring(download: Step, path: str) -> bool:
    """Whether what is fetched may hold the path: it is laid down in or above its folder, or nobody knows where."""
    given = download.with_.get("path")
    target = posixpath.normpath((given.or_none() or ".") if given else ".")
    return "${{" in target or target == "." or path == target or path.startswith(f"{target}/")


def _may_make(kind: str, name: str, run: str) -> bool:
    """Whether a script may bring a file it mentions; a folder has to be made or unpacked in so many words."""
    return name in run and (kind != "working-directory" or _MAKES_FOLDERS.search(run) is not None)


def _checked_out_elsewhere(steps: tuple[Step, ...]) -> str:
    """Why the folders of the job are not those of this repository; empty when they are."""
    for step in steps:
        if step.action == "actions/checkout" and ("path" in step.with_ or "repository" in step.with_):
            return "the job checks out into a folder of its own, or another repository"
    return ""
