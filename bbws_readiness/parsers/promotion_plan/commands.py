"""Reads the commands in the fences of a plan, with the directory and the environment each one runs in."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import Command
from bbws_readiness.parsers.promotion_plan.command_details import detailed
from bbws_readiness.parsers.promotion_plan.markdown import Fence, Line, Section
from bbws_readiness.parsers.promotion_plan.places import Place, below_project
from bbws_readiness.parsers.promotion_plan.platform_forms import platform_forms
from bbws_readiness.parsers.promotion_plan.reading import Reading
from bbws_readiness.parsers.promotion_plan.typed import Variables, without_prompts
from bbws_readiness.parsers.workflows import shell
from bbws_readiness.patterns import regex

SHELL = frozenset({"bash", "sh", "shell", "console"})
SOMEWHERE = "<absolute path>"
"""Stands for the part of a path that is true on one desk only."""

_DESK = regex(r"(?<![\w.:/~])(?:~|/(?:Users|home|root)|[A-Za-z]:[\\/]Users)[\\/][^\s\"';]*")
_WRITTEN = regex(
    r"(?:(?<![<=])>>?\s{0,5}|\|\s{0,5}tee\s+(?:-a\s+)?)[\"']?(?P<into>[\w./-]{1,200})"
    r"|(?:\btouch|\s-o|\s--output|\s-O|\s--zip-file-name)[\s=]{1,5}[\"']?(?P<given>[\w./-]{1,200})"
)
"""A file that comes into being."""
_BARE = regex(r"[^\s'\"]+")
_PROFILE = regex(r"AWS_PROFILE=([\w.-]+)")
_TABLE_NAME = regex(r"[A-Za-z0-9_.-]{3,255}")
_ALTERNATIVES = regex(r"\(([A-Za-z0-9][\w.-]*(?:\|[A-Za-z0-9][\w.-]*)+)\)-([a-z]+)\b")
_VARIANT = regex(r"-restored(?:-|$)|-dr$")
"""A copy of a table under another name is no table of the plan."""
_PLACEHOLDER = regex(r"(?<!<)<([A-Za-z][A-Za-z0-9 _-]{0,60})>")
_SHOWN = {0x2039: "<", 0x203A: ">"}
_COMMENT = regex(r"\s*#+\s*(\S.*)")


def read_commands(reading: Reading, section: Section, project_folder: str) -> tuple[Command, ...]:
    """The commands of a section's shell fences in order; `cd` and profiles hold to the end of their fence.

    `Command.carried` is where a command runs when the reader goes on in the shell of the fences before.
    """
    found: list[Command] = []
    place: Place | None = None
    for fence in section.fences:
        if fence.language in SHELL:
            place = place.next_fence() if place else Place(project_folder)
            found += _fence_commands(reading, section, fence, place)
    return tuple(found)


def read_table_names(reading: Reading, section: Section) -> Iterator[Fact[str]]:
    """Full table names that the fences of a section give to commands and loops; placeholders are none."""
    for fence in section.fences:
        if fence.language in SHELL:
            for name, token, line in _table_names(reading, _script(fence).commands):
                yield reading.document.fact(name, line, token)


def read_faults(reading: Reading) -> Iterator[Diagnostic]:
    """A warning for each fence whose commands are not read to its end."""
    for section in reading.document.sections:
        for fence in section.fences:
            line = _script(fence).unread if fence.language in SHELL else None
            if line is not None:
                summary = "the commands are not read from here on: a quote or parenthesis is never closed"
                at = reading.document.source.at(min(line, reading.document.source.line_count))
                yield Diagnostic(DiagnosticSeverity.WARNING, summary, at, "close it", code=Code.PLAN_PART)


def read_vaults(reading: Reading) -> Iterator[Fact[str]]:
    """Backup vault names that commands are given, in order."""
    for section in reading.document.sections:
        for fence in section.fences:
            for command in _script(fence).commands if fence.language in SHELL else ():
                if not any("vault-name" in text for text in command.texts):
                    continue
                for option in ("--by-backup-vault-name", "--backup-vault-name"):
                    for word in _option_words(command, option):
                        yield reading.document.fact(word.text, word.line)


def comments(section: Section) -> Iterator[Line]:
    """The comment lines in the shell fences of a section, without their marks."""
    for fence in section.fences:
        if fence.language in SHELL:
            for line in fence.lines:
                if "#" in line.text and (found := _COMMENT.fullmatch(line.text)):
                    yield Line(found[1], line.number)


@lru_cache(maxsize=512)
def _script(fence: Fence) -> shell.Script:
    """The commands of a fence; `<table-name>` stays the word it is meant as, and is no redirection.

    Several readers ask for the same fence.
    """
    typed = "\n".join(without_prompts([line.text for line in fence.lines]))
    text = _PLACEHOLDER.sub("\u2039\\1\u203a", typed)
    script = shell.read_lines(text, first_line=fence.line + 1)
    if not ("\u2039" in text or "\u203a" in text):
        return script
    return replace(script, commands=tuple(_with_placeholders(command) for command in script.commands))


def _with_placeholders(command: shell.Command) -> shell.Command:
    words, assignments = (
        tuple(replace(word, raw=word.raw.translate(_SHOWN)) for word in given)
        for given in (command.words, command.assignments)
    )
    return replace(command, words=words, assignments=assignments)


def _fence_commands(reading: Reading, section: Section, fence: Fence, place: Place) -> Iterator[Command]:
    made = _written(fence)
    commands = _script(fence).commands
    variables = Variables()
    for position, command in enumerate(commands):
        following = commands[position + 1].line if position + 1 < len(commands) else fence.line + len(fence.lines) + 1
        place.enter(command)
        shown = [shell.Word(_redacted(word.raw, place.folder), word.line) for word in command.words]
        words = tuple([word.text for word in shown])
        assignments = tuple([word.text for word in command.assignments])
        profile = _profile(words, assignments)
        if profile and (not words or words[0] == "export"):
            place.profile = profile
        place.follow(command)
        line = command.line
        first = (*assignments, *words, "")[0]
        plain = Command(
            text=" ".join(_quoted(word) for word in (*assignments, *words)),
            at=reading.document.place(line, first),
            environment=reading.environment(section) or _environment_of(reading, profile or place.profile),
            directory=place.spot.path,
            directory_known=place.spot.known,
            directory_assumed=place.spot.assumed,
            carried=place.carried.path if place.carried and place.carried.known else None,
            words=words,
            assignments=assignments,
            profile=profile or place.profile,
            workspace=place.workspace,
            forms=platform_forms([*command.texts, *assignments]),
            makes=tuple([path for number, path in made if line <= number < max(following, line + 1)]),
        )
        found = detailed(reading.document, plain, shown, _loops(command), variables.known)
        variables.follow(command)
        if found.terraform and found.terraform.workspace:
            place.workspace = found.terraform.workspace.or_none() or ""
        yield found


def _loops(command: shell.Command) -> dict[str, Sequence[shell.Word]]:
    """What each loop around the command runs over, where all of it is written out."""
    return {
        variable: values if all(_TABLE_NAME.fullmatch(word.text) for word in values) else ()
        for variable, values in command.loops.items()
    }


def _profile(words: tuple[str, ...], assignments: tuple[str, ...]) -> str:
    for word in (*assignments, *words):
        if found := _PROFILE.fullmatch(word):
            return found[1]
    for option, value in pairwise(words):
        if option == "--profile":
            return value
    return ""


def _environment_of(reading: Reading, profile: str) -> str:
    if not profile:
        return ""
    tokens = re.split(r"[-_.]", profile.casefold())
    return next((name for name in reading.environments if name in tokens), "")


def _written(fence: Fence) -> tuple[tuple[int, str], ...]:
    """The line and path of every file that a redirection or an option for the result names."""
    found = ((line.number, match) for line in fence.lines for match in _WRITTEN.finditer(line.text))
    return tuple((number, match["into"] or match["given"]) for number, match in found)


def _redacted(word: str, project_folder: str) -> str:
    # What a word has in which the pattern finds anything.
    if not ("~" in word or "Users" in word or "/home" in word or "/root" in word):
        return word

    def replacement(found: re.Match[str]) -> str:
        below = below_project(found[0], project_folder)
        return SOMEWHERE if not below else f"{SOMEWHERE}/{below}"

    return _DESK.sub(replacement, word)


def _quoted(word: str) -> str:
    return word if _BARE.fullmatch(word) else shlex.quote(word)


def _table_names(reading: Reading, commands: Sequence[shell.Command]) -> Iterator[tuple[str, str, int]]:
    """Each name with what is written for it and where, in order."""
    for position, command in enumerate(commands):
        words = [word.text for word in command.words]
        for word in _option_words(command, "--table-name"):
            yield word.text, word.text, word.line
        for word in command.words if words[:1] == ["grep"] else ():
            for found in _ALTERNATIVES.finditer(word.text):
                if found[2] in reading.environments:
                    yield from ((f"{stem}-{found[2]}", stem, word.line) for stem in found[1].split("|"))
        # A loop may run over anything; names of tables are told by their environment and by what is done to them.
        if words[:1] == ["for"] and len(words) > 3 and words[2] == "in" and _over_tables(words[1], commands[position:]):
            for word in command.words[3:]:
                name = word.text
                if reading.environment_of_name(name) and _TABLE_NAME.fullmatch(name) and not _VARIANT.search(name):
                    yield name, name, word.line


def _over_tables(variable: str, following: Sequence[shell.Command]) -> bool:
    """Whether a loop variable is called after tables, or given to a command as the name of one."""
    if "table" in variable.casefold():
        return True
    taken = {f"${variable}", f"${{{variable}}}"}
    spoken = ([word.text for word in command.words] for command in following)
    return any(option == "--table-name" and value in taken for words in spoken for option, value in pairwise(words))


def _option_words(command: shell.Command, option: str) -> Iterator[shell.Word]:
    for position, word in enumerate(command.words):
        if word.text == option and position + 1 < len(command.words):
            following = command.words[position + 1]
            if _TABLE_NAME.fullmatch(following.text) and not _VARIANT.search(following.text):
                yield following
        elif word.text.startswith(f"{option}="):
            value = word.text[len(option) + 1 :]
            if _TABLE_NAME.fullmatch(value) and not _VARIANT.search(value):
                yield shell.Word(value, word.line)
