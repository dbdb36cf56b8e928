"""Looks into the project's own actions, scripts and makefiles that workflow steps run, for an apply that they hide."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bbws_readiness.fact import known_text
from bbws_readiness.model.workflows import MAKEFILES, Job, Step, Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.reader import Reader
from bbws_readiness.source import Refused

MAX_PROGRAMS = 30
"""Files that are looked into for one step."""
INTERPRETERS = frozenset({"bash", "sh", "dash", "zsh", "source", ".", "python", "python3", "node"})
_APPLIES = regex(r"\b(?:terraform|tofu|terragrunt)\b[^\n]{0,300}?\bapply\b")
_QUIET = regex(r"^\s*(?:#|//|echo\b|printf\b|@?echo\b)")
_PATH = regex(r"[\w./-]+")
_SCRIPTS = (".sh", ".bash", ".py", ".js")
_USES = regex(r"^[ \t]*(?:-[ \t]+)?uses:[ \t]*[\"']?\./([^\s\"'@]+)", re.MULTILINE)


def with_called_programs(workflows: Sequence[Workflow], reader: Reader, files: Sequence[str]) -> tuple[Workflow, ...]:
    """The same workflows; a step that runs a program of the project which applies names it in `applies_in`."""
    known = frozenset(files)

    def step(one: Step, programs: _Programs, followed: frozenset[str]) -> Step:
        others = programs.files
        pending = [*_called(one, others), *(_beside(one, others) if one.at.path in followed else ())]
        found = _applying(pending, programs)
        return replace(one, applies_in=found) if found else one

    def job(one: Job) -> Job:
        # What is followed command by command has its own steps in the job.
        followed = frozenset(path for found in one.steps for path in found.follows)
        if any(_makes(found) and not any(map(_is_makefile, found.follows)) for found in one.steps):
            # One call of make that is followed tells nothing of another one.
            followed = frozenset(path for path in followed if not _is_makefile(path))
        programs = _Programs(reader, known - followed)
        return replace(one, steps=tuple(step(found, programs, followed) for found in one.steps))

    return tuple(replace(one, jobs=tuple(map(job, one.jobs))) for one in workflows)


def _makes(step: Step) -> bool:
    return any(posixpath.basename(command.words[0]) in ("make", "gmake") for command in step.commands)


def _is_makefile(path: str) -> bool:
    return posixpath.basename(path) in MAKEFILES or path.endswith(".mk")


class _Programs:
    """The programs of the project, each looked through once."""

    def __init__(self, reader: Reader, files: frozenset[str]) -> None:
        self._reader = reader
        self.files = files
        self._known: dict[str, tuple[bool, tuple[str, ...]]] = {}

    def look(self, path: str) -> tuple[bool, tuple[str, ...]]:
        """Whether the program applies itself, else what it calls; nothing for one that cannot be read."""
        if path not in self._known:
            self._known[path] = self._looked(path)
        return self._known[path]

    def _looked(self, path: str) -> tuple[bool, tuple[str, ...]]:
        read = self._reader.read(path)
        if isinstance(read, Refused):
            return False, ()
        lines = [line for line in read.lines if not _QUIET.match(line)]
        if any(_APPLIES.search(line) for line in lines):
            return True, ()
        text = "\n".join(lines)
        actions = (found for match in _USES.finditer(text) for found in _action(match[1], self.files))
        return False, tuple(dict.fromkeys((*_named(text, path, self.files), *actions)))


def _applying(pending: list[str], programs: _Programs) -> str:
    """The first program that applies, itself or by another one that it calls; empty when none is seen."""
    seen: set[str] = set()
    while pending and len(seen) < MAX_PROGRAMS:
        path = pending.pop(0)
        if path in seen:
            continue
        seen.add(path)
        applies, calls = programs.look(path)
        if applies:
            return path
        pending += calls
    return ""


def _beside(step: Step, files: frozenset[str]) -> Iterator[str]:
    """The scripts that a step of an action or script names in any way."""
    return _named(step.script, step.at.path, files)


def _named(text: str, path: str, files: frozenset[str]) -> Iterator[str]:
    for called in _scripts(text):
        # Behind a variable only the end of the path is known: it is looked for beside the caller.
        for name in dict.fromkeys((called, posixpath.basename(called))):
            yield from _placed(name, ("", posixpath.dirname(path)), files)


def _scripts(text: str) -> Iterator[str]:
    """Every path of a script that stands in the text, as a path from some folder of the project."""
    for match in _PATH.finditer(text):
        path = match[0].rstrip("./-").lstrip("/")
        if path.endswith(_SCRIPTS):
            yield path


def _called(step: Step, files: frozenset[str]) -> Iterator[str]:
    uses = known_text(step.uses)
    if uses.startswith("./"):
        yield from _action(uses.removeprefix("./"), files)
    folders = ("", known_text(step.working_directory))
    for command in step.commands:
        program, *others = command.words
        if program in INTERPRETERS:
            named = [word for word in others if not word.startswith("-")][:1]
        elif posixpath.basename(program) in ("make", "gmake"):
            named = [*MAKEFILES]
        else:
            named = [program] if "/" in program else []
        for name in named:
            yield from _placed(name, folders, files)


def _action(folder: str, files: frozenset[str]) -> Iterator[str]:
    for name in ("action.yml", "action.yaml"):
        path = posixpath.normpath(posixpath.join(folder, name))
        if path in files:
            yield path


def _placed(name: str, folders: Sequence[str], files: frozenset[str]) -> Iterator[str]:
    for folder in dict.fromkeys(folders):
        path = posixpath.normpath(posixpath.join(folder, name))
        if path in files:
            yield path
