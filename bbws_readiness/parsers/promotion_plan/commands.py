"""Reads the commands in the fences of a plan, with the directory and the environment each one runs in."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import Command
from bbws_readiness.parsers.promotion_plan.markdown import Fence, Line, Section
from bbws_readiness.parsers.promotion_plan.reading import Reading
from bbws_readiness.parsers.workflows import shell

SHELL = frozenset({"bash", "sh", "shell", "console"})
SOMEWHERE = "<absolute path>"
"""Stands for the part of a path that is true on one desk only."""

_DESK = re.compile(r"(?<![\w.:/~])(?:~|/(?:Users|home|root)|[A-Za-z]:[\\/]Users)[\\/][^\s\"';]*")
_UNKNOWN = re.compile(r"[$<>`*{}]")
_PROFILE = re.compile(r"AWS_PROFILE=([\w.-]+)")
_TABLE_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_COMMENT = re.compile(r"\s*#+\s*(\S.*)")


@dataclass
class _Place:
    """Where and as whom the commands of one fence run."""

    directory: str = ""
    known: bool = True
    profile: str = ""


def read_commands(reading: Reading, section: Section, project_folder: str) -> tuple[Command, ...]:
    """The commands of a section's shell fences in order; `cd` and profiles hold to the end of their fence."""
    found: list[Command] = []
    for fence in section.fences:
        if fence.language in SHELL:
            found += _fence_commands(reading, section, fence, project_folder)
    return tuple(found)


def read_table_names(reading: Reading, section: Section) -> Iterator[Fact[str]]:
    """Full table names that the fences of a section give to commands and loops; placeholders are none."""
    for fence in section.fences:
        if fence.language in SHELL:
            for command in _script(fence).commands:
                for word in _table_words(reading, command):
                    yield reading.document.fact(word.text, word.line)


def read_vaults(reading: Reading) -> Iterator[Fact[str]]:
    """Backup vault names that commands are given, in order."""
    for section in reading.document.sections:
        for fence in section.fences:
            for command in _script(fence).commands if fence.language in SHELL else ():
                for option in ("--by-backup-vault-name", "--backup-vault-name"):
                    for word in _option_words(command, option):
                        yield reading.document.fact(word.text, word.line)


def comments(section: Section) -> Iterator[Line]:
    """The comment lines in the shell fences of a section, without their marks."""
    for fence in section.fences:
        if fence.language in SHELL:
            for line in fence.lines:
                if found := _COMMENT.fullmatch(line.text):
                    yield Line(found[1], line.number)


def _script(fence: Fence) -> shell.Script:
    return shell.read("\n".join(line.text for line in fence.lines), first_line=fence.line + 1)


def _fence_commands(reading: Reading, section: Section, fence: Fence, project_folder: str) -> Iterator[Command]:
    place = _Place()
    for command in _script(fence).commands:
        words = tuple(_redacted(word.text, project_folder) for word in command.words)
        assignments = tuple(word.text for word in command.assignments)
        profile = _profile(words, assignments)
        if profile and (not words or words[0] == "export"):
            place.profile = profile
        if words[:1] == ("cd",):
            _change_directory(place, command, project_folder)
        line = command.line
        first = (*assignments, *words, "")[0]
        yield Command(
            text=" ".join(_quoted(word) for word in (*assignments, *words)),
            at=reading.document.place(line, first),
            environment=reading.environment(section) or _environment_of(reading, profile or place.profile),
            directory=place.directory,
            directory_known=place.known,
            words=words,
            assignments=assignments,
        )


def _profile(words: tuple[str, ...], assignments: tuple[str, ...]) -> str:
    for word in (*assignments, *words):
        if found := _PROFILE.fullmatch(word):
            return found[1]
    for option, value in pairwise(words):
        if option == "--profile":
            return value
    return ""


def _environment_of(reading: Reading, profile: str) -> str:
    tokens = re.split(r"[-_.]", profile.casefold())
    return next((name for name in reading.environments if name in tokens), "")


def _change_directory(place: _Place, command: shell.Command, project_folder: str) -> None:
    target = command.words[1].text if len(command.words) > 1 else "~"
    inside = _below_project(target, project_folder)
    if inside is not None:
        place.directory, place.known = inside, True
    elif target.startswith(("/", "~", "-")) or _UNKNOWN.search(target):
        place.directory, place.known = "", False
    else:
        joined = posixpath.normpath(posixpath.join(place.directory, target))
        if joined.startswith(".."):
            place.directory, place.known = "", False
        else:
            place.directory = "" if joined == "." else joined


def _below_project(target: str, project_folder: str) -> str | None:
    """What follows the last component that is the project's folder, or None when there is no such component."""
    parts = [part for part in re.split(r"[\\/]", target) if part]
    if not project_folder or project_folder not in parts:
        return None
    last = len(parts) - 1 - parts[::-1].index(project_folder)
    below = "/".join(parts[last + 1 :])
    return None if _UNKNOWN.search(below) else below


def _redacted(word: str, project_folder: str) -> str:
    def replacement(found: re.Match[str]) -> str:
        below = _below_project(found[0], project_folder)
        return SOMEWHERE if not below else f"{SOMEWHERE}/{below}"

    return _DESK.sub(replacement, word)


def _quoted(word: str) -> str:
    return shlex.quote(word) if not word or any(sign.isspace() or sign in "'\"" for sign in word) else word


def _table_words(reading: Reading, command: shell.Command) -> Iterator[shell.Word]:
    yield from _option_words(command, "--table-name")
    words = [word.text for word in command.words]
    if words[:1] == ["for"] and len(words) > 3 and words[2] == "in":
        # A loop may run over anything; names of tables are told by their environment.
        for word in command.words[3:]:
            if reading.environment_of_name(word.text) and _TABLE_NAME.fullmatch(word.text):
                yield word


def _option_words(command: shell.Command, option: str) -> Iterator[shell.Word]:
    for position, word in enumerate(command.words):
        if word.text == option and position + 1 < len(command.words):
            following = command.words[position + 1]
            if _TABLE_NAME.fullmatch(following.text):
                yield following
        elif word.text.startswith(f"{option}="):
            value = word.text[len(option) + 1 :]
            if _TABLE_NAME.fullmatch(value):
                yield shell.Word(value, word.line)
