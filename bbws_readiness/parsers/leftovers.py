"""Reads the ignore files of a project, and finds the state, plan and output files that its commands create."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bbws_readiness.cache.results import kept
from bbws_readiness.errors import Diagnostic
from bbws_readiness.memory import read_once
from bbws_readiness.model.leftovers import IgnoreRule, Ignores, WrittenFile
from bbws_readiness.model.workflows import Step, TerraformCommand, Workflow
from bbws_readiness.parsers.kept import codec
from bbws_readiness.patterns import regex
from bbws_readiness.project import Project
from bbws_readiness.source import Location, Refused, Source, SourceKind

if TYPE_CHECKING:
    from bbws_readiness.parsers.promotion_plan.markdown import Fence

IGNORE_FILE = ".gitignore"
MAX_RULES = 5000
"""Lines of all ignore files that are taken up."""
MAX_PATTERN = 1024

_OUT = regex(r"\s-?-out(?:=|\s)((?:\$\{\{.{1,200}?\}\}|[^\s])+)")
_PRINTS = frozenset({"show", "output", "state"})
_PRINTING = regex(
    r"(?<![\w./-])terraform(?:\s+-chdir=\S{1,300})?\s+(?:show|output|state\s+pull|state)\b"
    r"(?P<words>[^\n|;&>]{0,160})"
    r"(?:(?:>>?|\|\s{0,9}tee(?:\s+-a)?)\s{0,9}(?P<target>\"[^\"\n]{1,300}\"|'[^'\n]{1,300}'"
    r"|(?:\$\{\{.{1,200}?\}\}|[^\s;|&)\"'<>])+))?"
)
"""A command that prints state, plan or outputs, and the file that its output goes to."""
_ELSEWHERE = regex(r"/|~|\.\./|&|\$\{?(?:RUNNER_TEMP|TMPDIR|TEMP|HOME|GITHUB_\w+)|\$\{\{\s*(?:runner|github)\.\w*temp")


def read_ignores(project: Project) -> Ignores:
    """Every line of every ignore file of the project."""
    files = [path for path in project.files if path.rpartition("/")[2] == IGNORE_FILE]
    rules: list[IgnoreRule] = []
    unread = None
    for path in sorted(files, key=lambda path: (path.count("/"), path)):
        source = project.reader.read(path)
        if isinstance(source, Refused):
            unread = unread or source.at
        else:
            rules.extend(_rules(source, path.rpartition("/")[0]))
    above = project.git_root is not None and not _is_root(project)
    return Ignores(tuple(rules[:MAX_RULES]), above, unread)


def _is_root(project: Project) -> bool:
    return project.git_root is not None and project.git_root.resolve() == project.root.resolve()


def _rules(source: Source, base: str) -> Iterator[IgnoreRule]:
    for number, line in enumerate(source.lines, start=1):
        text = line.rstrip("\t ")
        if text.endswith("\\") and text != line:
            text += " "
        if text and not text.startswith("#") and text != "!" and len(text) <= MAX_PATTERN:
            yield IgnoreRule(text, source.at(number), base)


def written_files(
    workflows: Sequence[Workflow], documents: Sequence[tuple[SourceKind, Source]], directory: str
) -> tuple[WrittenFile, ...]:
    """The files that commands of workflows and documents write into the checkout, each path once, ordered by it.

    Commands of documents are taken to run in the Terraform root `directory`.
    """
    found: dict[str, WrittenFile] = {}
    for workflow in workflows:
        for job in workflow.jobs:
            for step in job.steps:
                if not step.terraform:
                    continue
                for path, at in _of_step(step):
                    found.setdefault(path, WrittenFile(path, at, SourceKind.WORKFLOWS))
    for kind, source in documents:
        for target, at in written_by_document(source):
            if path := _placed(directory, target):
                found.setdefault(path, WrittenFile(path, at, kind))
    return tuple(file for _, file in sorted(found.items()))


def _of_step(step: Step) -> Iterator[tuple[str, Location]]:
    for command in step.terraform:
        if command.verb == "plan" and (match := _OUT.search(command.text)):
            known = command.plan_file.or_none() if command.plan_file else None
            if path := _placed(command.directory.or_none(), known or match[1]):
                yield path, command.at
    printing = [command for command in step.terraform if command.verb in _PRINTS]
    targets = list(_targets(step.run.or_none() or "")) if step.run and printing else []
    if len(targets) == len(printing):
        for command, (_, target) in zip(printing, targets, strict=True):
            yield from _printed(command, target)


def _printed(command: TerraformCommand, target: str) -> Iterator[tuple[str, Location]]:
    if target and (path := _placed(command.directory.or_none(), target)):
        yield path, command.at


def _targets(script: str) -> Iterator[tuple[int, str]]:
    """Per printing command the line it stands at, from 0, and where its output goes (empty for the terminal)."""
    line, counted = 0, 0
    for found in _PRINTING.finditer(script.replace("\\\n", "  ")):
        line += script.count("\n", counted, found.start())
        counted = found.start()
        yield line, (found["target"] or "").strip("\"'")


@read_once
@kept("written", codec)
def written_by_document(source: Source) -> tuple[tuple[str, Location], ...]:
    """The files that commands in the fences of a document write, as they name them, with their places in order."""
    return tuple(_of_document(source))


def _of_document(source: Source) -> Iterator[tuple[str, Location]]:
    # Only for a document that was not read before.
    from bbws_readiness.parsers.promotion_plan.commands import SHELL
    from bbws_readiness.parsers.promotion_plan.markdown import read_markdown

    document = read_markdown(source)
    if isinstance(document, Diagnostic):
        return
    for section in document.sections:
        for fence in section.fences:
            if fence.language in SHELL:
                yield from _of_fence(source, fence)


def _of_fence(source: Source, fence: Fence) -> Iterator[tuple[str, Location]]:
    from bbws_readiness.parsers.workflows import shell

    script = "\n".join(line.text for line in fence.lines)
    for command in shell.read_lines(script, first_line=fence.line + 1).commands:
        words = " ".join(word.text for word in command.words)
        out = _OUT.search(words) if command.name == "terraform" and " plan" in words else None
        if out:
            yield out[1], source.at(command.words[0].line)
    for line, target in _targets(script):
        if target:
            yield target, source.at(fence.lines[line].number)


def _placed(directory: str | None, target: str) -> str:
    """The path in the project, or empty for a place outside of it or one that cannot be told."""
    if directory is None or not target or _ELSEWHERE.match(target):
        return ""
    path = posixpath.normpath(posixpath.join(directory, target))
    return "" if path.startswith("..") or path in (".", "-") else path
