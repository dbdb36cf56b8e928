"""Whether the files and scripts that commands of plan and README read are there when they are read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from bbws_readiness.checks.commands.said import (
    Paths,
    Said,
    answered,
    aws_words,
    directories_of,
    may_have_made,
    said_commands,
    within,
)
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import Command
from bbws_readiness.patterns import regex

_FILE = regex(r"(?:^|=)fileb?://(?P<path>.+)", re.DOTALL)
_SCRIPT = regex(r"[^\s;|&]{1,300}\.(?:sh|bash|py|js|mjs|ts|rb|pl)")
_INTERPRETERS = frozenset({"bash", "sh", "python", "python3", "node", "source", ".", "ruby", "perl"})
_QUIET = frozenset({"-v", "-vv", "-q", "-s", "-x", "--verbose", "--quiet"})
"""Options of pytest that take no value."""
_COPIES = frozenset({"cp", "mv", "ln"})
_BUILDS = frozenset({"make", "npm", "yarn", "unzip", "tar", "task", "just", "docker"})
_FETCHERS = {"curl": regex(r"-[A-Za-z]*o|--output"), "wget": regex(r"-[A-Za-z]*O|--output-document")}
"""Programs that fetch a file, each with the option behind which its name stands."""
_CREATES = regex(r"-?[A-Za-z]*c[A-Za-z]*|--create")
_ARCHIVE = regex(r"\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz)$")
_UNDER_ITS_NAME = regex(r"-[A-Za-z]*O[A-Za-z]*|--remote-name(?:-all)?")
_MADE = frozenset({"node_modules", ".venv", "venv", "dist", "build", "target", "bin"})
"""Folders that installing or building makes."""
_PLACEHOLDER = regex(r"[$<>`*{}?]")
_VALIDATION = regex(r"valid|verif|smoke", re.IGNORECASE)


def missing_command_file(question: Question) -> CheckResult:
    """CMD003: one answer per document and path that its commands read."""
    return answered(question, _answers(question.model), "no command of plan or README reads a file")


def _answers(model: Model) -> Iterator[Observation]:
    made: dict[str, set[str]] = {}
    paths = Paths(model)
    for said in said_commands(model):
        here = made.setdefault(said.kind, set())
        directories = directories_of(said.command)
        for written in dict.fromkeys(_read(said.command)):
            yield _answer(said, written, here, paths)
        for path in _makes(said.command):
            here |= {within(directory, path) for directory in directories}


def _answer(said: Said, written: str, made: Collection[str], project: Paths) -> Observation:
    at, directories = said.command.at, directories_of(said.command)
    if _PLACEHOLDER.search(written):
        subject = f"{said.kind}: a file of {said.command.words[0]}"
        return undetermined(subject, Undetermined("part of its path is known only to the shell", at))
    if not directories:
        subject = f"{said.kind}: {written}"
        return undetermined(subject, Undetermined("the directory of the command is known only to the shell", at))
    paths = [within(directory, written) for directory in directories]
    there = (project.files, project.folders, made)
    found = next((path for path in paths if any(path in one for one in there)), None)
    path = found or paths[0]
    subject, values = f"{said.kind}: {path}", {"where": said.where, "path": path}
    if found:
        return Observation(Outcome.PASS, subject, at, values)
    if path.split("/")[0] in _MADE or set(path.split("/")) & {".venv", "node_modules"}:
        return undetermined(subject, Undetermined("installing or building may make it", at))
    if path.startswith(".."):
        return undetermined(subject, Undetermined("it lies outside of the project", at))
    if maker := may_have_made(said, _BUILDS):
        return undetermined(subject, maker)
    values["near"] = project.near(path)
    facet = "validation" if _VALIDATION.search(written.rpartition("/")[2]) else ""
    return Observation(Outcome.FAIL, subject, at, values, f"a file that exists{values['near']}", "missing", facet=facet)


def _read(command: Command) -> Iterator[str]:
    """The relative paths that the command reads, as written."""
    words = command.words
    found = [match["path"] for word in words if (match := _FILE.search(word))]
    if words and words[0] in _INTERPRETERS:
        found += [word for word in words[1:] if not word.startswith("-")][:1] if "-m" not in words else []
    elif words and "/" in words[0]:
        found.append(words[0])
    scripts = (word for word in found if word not in words or _SCRIPT.fullmatch(word))
    for path in (*scripts, *_tests(command)):
        if not path.startswith(("/", "~", "$HOME", "<absolute path>")) and "://" not in path:
            yield path


def _tests(command: Command) -> Iterator[str]:
    """The folders and files of tests that pytest is given."""
    words = command.words
    if "pytest" not in words[:1] and words[1:3] != ("-m", "pytest"):
        return
    for before, word in pairwise(words):
        behind_option = before.startswith("-") and "=" not in before and before not in _QUIET and before != "-m"
        path = word.partition("::")[0]
        if not word.startswith("-") and not behind_option and ("/" in path or path.endswith(".py")):
            yield path


def _makes(command: Command) -> Iterator[str]:
    yield from command.makes
    operands = [word for word in command.words[1:] if not word.startswith("-")]
    if command.words[:1] and command.words[0] in _COPIES and len(operands) > 1:
        yield operands[-1]
        yield f"{operands[-1]}/{operands[0].rpartition('/')[2]}"
    yield from _fetched(command.words)
    yield from _packed(command.words, operands)
    asked = aws_words(command.words)
    named = [word for word in asked[3:] if not word.startswith("-")]
    if asked[:3] == ("aws", "s3", "cp") and len(named) > 1:
        yield named[1]
    if asked[:3] == ("aws", "lambda", "invoke") and named:
        yield named[-1]


def _packed(words: Sequence[str], operands: Sequence[str]) -> Iterator[str]:
    """The archive that zip or tar writes; zip adds the ending where none is given."""
    if words[:1] == ("zip",) and operands:
        yield operands[0] if "." in operands[0].rpartition("/")[2] else f"{operands[0]}.zip"
    if words[:1] == ("tar",) and any(_CREATES.fullmatch(word) for word in words[1:]):
        yield from (word for word in operands if _ARCHIVE.search(word))


def _fetched(words: Sequence[str]) -> Iterator[str]:
    """The files that curl and wget save, under the name they are given or the last one of the address."""
    program = words[0] if words else ""
    if program not in _FETCHERS:
        return
    yield from (word for before, word in pairwise(words) if _FETCHERS[program].fullmatch(before))
    if program == "wget" or any(_UNDER_ITS_NAME.fullmatch(word) for word in words):
        yield from (word.rpartition("/")[2] for word in words[1:] if "://" in word)
