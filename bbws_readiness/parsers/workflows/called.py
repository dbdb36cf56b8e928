"""Finds what a step calls in the same repository: a composite action, or a plain shell script."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact, Unknown, known_text
from bbws_readiness.memory import Read
from bbws_readiness.model.workflows import MAKEFILES, Fate, Status, Step
from bbws_readiness.parsers.workflows import shell
from bbws_readiness.parsers.workflows.scope import WORKSPACE, Scope
from bbws_readiness.parsers.workflows.situations import Situated, enter, situate
from bbws_readiness.patterns import regex
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.source import Source

if TYPE_CHECKING:
    from bbws_readiness.parsers.workflows.makefiles import Recipe

MAX_DEPTH = 10
"""How deep GitHub lets composite actions use each other."""
MAX_STEPS = 1_000
"""Steps of actions and scripts that are put into the jobs of one workflow."""
MAX_CHARACTERS = 128 * 1024
"""Of all actions and scripts that are put into the jobs of one workflow, each as often as it is called."""
MAX_COMMANDS = 300
"""A longer script is not followed."""

_NAME = regex(r"[A-Za-z_]\w*")
_TARGET = regex(r"[A-Za-z0-9_][\w./-]*")
_WRAPPED = regex(r"(?<![\w.$-])(?:env|sudo|exec|command|nohup|nice|ionice|stdbuf|builtin|time|timeout)\s")
_HARMLESS_OPTIONS = frozenset({"-s", "--silent", "--quiet", "--no-print-directory", "-w", "--print-directory"})
_INTERPRETERS = frozenset({"bash", "sh", "dash"})
_FOLLOWED = regex(r"#!\s*(?:/usr/bin/env(?:\s+-S)?\s+|/\S*/)?(?P<shell>bash|sh|dash)\b(?P<options>[^\n]*)")


class Action(Struct, frozen=True):
    """A composite action as one step uses it."""

    source: Source
    document: Node
    scope: Scope
    """Of its steps: its inputs, and the variables of the step."""
    within: Callees


class CalledScript(Struct, frozen=True):
    """A shell script as one command starts it."""

    call: Situated
    source: Source
    shell: str
    """As a step would name it: `bash -e {0}`."""
    situated: tuple[Situated, ...]
    first_line: int = 1
    """Where it begins: a makefile holds several."""


class _Left(Struct):
    steps: int = MAX_STEPS
    characters: int = MAX_CHARACTERS

    def takes(self, source: Source) -> bool:
        """Whether the file can still be followed, which uses up its length."""
        self.characters -= len(source.text)
        return self.characters >= 0


class Callees(Struct, frozen=True):
    """The files of the repository, and the way by which they came to be called."""

    read: Read
    chain: tuple[str, ...] = ()
    left: _Left = field(default_factory=_Left)

    def action(self, step: Step, scope: Scope) -> Action | None:
        """The composite action that the step uses; None for any other, and beyond GitHub's limits."""
        uses = known_text(step.uses)
        if not uses.startswith("./") or len(self.chain) >= MAX_DEPTH:
            return None
        folder = posixpath.normpath(uses)
        for name in ("action.yml", "action.yaml"):
            path = posixpath.join(folder, name)
            source = self.read(path) if path not in self.chain and not path.startswith("..") else None
            if source is not None:
                return self._composite(source, step, scope)
        return None

    def _composite(self, source: Source, step: Step, scope: Scope) -> Action | None:
        document = read_yaml(source) if self.left.takes(source) else None
        if document is None or isinstance(document, Diagnostic) or document.shape != "mapping":
            return None
        using, steps = document.find("runs", "using"), document.find("runs", "steps")
        if using is None or using.text != "composite" or steps is None or steps.shape != "sequence":
            return None
        self.left.steps -= len(list(steps.elements()))
        if self.left.steps < 0:
            return None
        inner = scope.calling(_handed(document, step), _variables(step, scope))
        folder = posixpath.join(WORKSPACE, posixpath.dirname(source.path))
        inner = inner.with_bound({"github.action_path": Fact(folder, source.at(1))})
        inner = inner.with_variables({"GITHUB_ACTION_PATH": Fact(folder, source.at(1))})
        return Action(source, document, inner, replace(self, chain=(*self.chain, source.path)))

    def scripts(self, situated: Sequence[Situated], source: Source) -> list[CalledScript]:
        """The scripts that the commands of `source` start, in order; makefiles only when all calls can be followed."""
        if not situated:
            return []
        lines = source.lines
        # What `env` or `sudo` does to the variables of make is not followed.
        made = {
            id(found): None if _WRAPPED.search("".join(lines[found.command.line - 1 :][:1])) else self._made(found)
            for found in situated
            if _is_make(found.command)
        }
        follow = all(one is not None for one in made.values())
        called: list[CalledScript] = []
        for found in situated:
            if id(found) in made:
                called += (made[id(found)] or ()) if follow else ()
            elif script := self.script(found):
                called.append(script)
        return called

    def _made(self, found: Situated) -> list[CalledScript] | None:
        """What make runs for the targets of the command, target by target; None when that is not told."""
        call = _make_call(found)
        folder = call.directory.or_none() if call else None
        if call is None or folder is None or len(self.chain) >= MAX_DEPTH:
            return None
        paths = [posixpath.normpath(posixpath.join(folder, name)) for name in call.files]
        source = next((one for path in paths if not path.startswith("..") and (one := self.read(path))), None)
        if source is None or source.path in self.chain or not self.left.takes(source):
            return None
        given = {name: fact.or_none() for name, fact in call.given.items()}
        scope = found.scope.with_variables(_in_front(found))
        around = frozenset(scope.variables)
        from bbws_readiness.parsers.workflows.makefiles import recipes

        made = recipes(
            source.text,
            call.targets,
            given=given,
            environment=around,
            exists=lambda name: self.read(posixpath.normpath(posixpath.join(folder, name))) is not None,
        )
        if made is None or "MAKEFLAGS" in around:
            return None
        scope = scope.with_variables(call.given)
        followed = [self._recipe(found, replace(source, text=one.script), one, call.directory, scope) for one in made]
        return None if None in followed else [one for one in followed if one is not None]

    def _recipe(
        self, found: Situated, source: Source, recipe: Recipe, directory: Fact[str], scope: Scope
    ) -> CalledScript | None:
        read = shell.read(source.text)
        self.left.steps -= 1
        if not read.commands or read.unread or read.refused or len(read.commands) > MAX_COMMANDS or self.left.steps < 0:
            return None
        if any(_is_terraform(one) and one.conditional for one in read.commands):
            return None
        situated = situate(read.commands, source, directory, scope)
        return CalledScript(found, source, "bash -e {0}", situated, recipe.first_line)

    def script(self, found: Situated) -> CalledScript | None:
        """The script that the command starts, when all of it can be followed.

        None for another program, for one whose path or folder is not known, and for a script in which a condition
        decides whether Terraform runs: what its arguments choose is not worked out.
        """
        words = list(found.command.words)
        started = found.command.name in _INTERPRETERS
        if not words or not (started or _is_path(words[0])):
            return None
        if any(word.open for word in words) or len(self.chain) >= MAX_DEPTH:
            return None
        options = ""
        while started and len(words) > 1 and words[1].raw.startswith("-"):
            options += f" {words.pop(1).raw}"
        path = self._path(words[1] if started and len(words) > 1 else words[0], found, plain=started)
        source = self.read(path) if path and path not in self.chain else None
        if source is None or " -c" in options or not self.left.takes(source):
            return None
        first = _FOLLOWED.match(source.text)
        # A text without a first line for the kernel is read by the shell that starts it.
        plain = path.endswith((".sh", ".bash")) and not source.text.startswith("#!")
        if not (started or first or plain):
            return None
        read = shell.read(source.text)
        self.left.steps -= 1
        if not read.commands or read.unread or read.refused or len(read.commands) > MAX_COMMANDS or self.left.steps < 0:
            return None
        if any(_is_terraform(one) and one.conditional for one in read.commands):
            return None
        arguments = words[2:] if started else words[1:]
        given = {
            str(number): found.scope.resolve(word.raw, found.directory.at, in_shell=True)
            for number, word in enumerate(arguments, start=1)
        }
        named = words[0].text if started else (first["shell"] if first else "bash")
        own = options if started else (first["options"] if first else "")
        situated = situate(read.commands, source, found.directory, found.scope.with_variables(given))
        return CalledScript(found, source, f"{named}{own.rstrip()} {{0}}", situated)

    def _path(self, word: shell.Word, found: Situated, *, plain: bool) -> str:
        if not plain and not _is_path(word):
            return ""
        fact = found.scope.resolve(word.raw, found.directory.at, in_shell=True)
        folder = found.directory.or_none()
        text = fact.or_none()
        if not text or folder is None or ("/" not in text and not plain):
            return ""
        path = posixpath.normpath(posixpath.join(WORKSPACE, folder, text))
        return path.removeprefix(WORKSPACE + "/") if path.startswith(WORKSPACE + "/") else ""


class _MakeCall(Struct, frozen=True):
    directory: Fact[str]
    files: tuple[str, ...]
    targets: tuple[str, ...]
    given: dict[str, Fact[str]]


def _is_path(word: shell.Word) -> bool:
    """Whether a command that begins with the word can be a file of the repository, and not a program of the system."""
    return "/" in word.raw or "$" in word.raw


def _is_make(command: shell.Command) -> bool:
    return command.name.endswith("make") and posixpath.basename(command.name) in ("make", "gmake")


def _in_front(found: Situated) -> dict[str, Fact[str]]:
    """The variables that stand in front of the command, resolved."""
    split = (word.raw.partition("=") for word in found.command.assignments)
    return {name: found.scope.resolve(value, found.directory.at, in_shell=True) for name, _, value in split}


def _make_call(found: Situated) -> _MakeCall | None:
    """What the command asks make for; None for options that change what is run, and for targets that are not known."""
    directory = found.directory
    files: tuple[str, ...] = MAKEFILES
    targets: list[str] = []
    given: dict[str, Fact[str]] = {}
    words = list(found.command.words[1:])
    if any(word.open for word in words):
        return None
    while words:
        word = words.pop(0)
        fact = found.scope.resolve(word.raw, found.directory.at, in_shell=True)
        text = fact.or_none() or ""
        name, equals, raw = word.raw.partition("=")
        if word.text in ("-C", "--directory", "-f", "--file", "--makefile") and words:
            value = found.scope.resolve(words.pop(0).raw, found.directory.at, in_shell=True)
            if word.text in ("-C", "--directory"):
                directory = enter(directory, value)
            elif value.known:
                files = (value.get(),)
            else:
                return None
        elif equals and _NAME.fullmatch(name):
            given[name] = found.scope.resolve(raw, found.directory.at, in_shell=True)
        elif word.text in _HARMLESS_OPTIONS:
            continue
        elif _TARGET.fullmatch(text):
            targets.append(text)
        else:
            return None
    return _MakeCall(directory, files, tuple(targets), given)


def _is_terraform(command: shell.Command) -> bool:
    return posixpath.basename(command.name) in ("terraform", "tofu", "terragrunt")


def _handed(document: Node, step: Step) -> dict[str, Fact[str]]:
    """Every input of the action, by its name in lower case: as the step gives it, else its default, else nothing."""
    declared = document.get("inputs")
    found: dict[str, Fact[str]] = {}
    given = {name.lower(): fact for name, fact in step.with_.items()}
    for key, node in declared.pairs() if declared and declared.shape == "mapping" else ():
        default = node.get("default")
        text = default.raw if default and default.shape == "scalar" and default.content is not None else ""
        found[key.raw.lower()] = given.get(key.raw.lower(), Fact(text, default.at if default else key.at))
    return found


def _variables(step: Step, scope: Scope) -> dict[str, Fact[str]]:
    """The variables of the step with their values: what they are written with means something else in the action."""
    inner = scope.with_variables(step.environment_variables)
    return {
        name: fact if isinstance(fact.value, Unknown) else inner.resolve(fact.value, fact.at)
        for name, fact in inner.variables.items()
    }


def _both(outer: Fact[str] | None, inner: Fact[str] | None) -> Fact[str] | None:
    """The condition of a step in an action whose step has one, too."""
    if outer is None or inner is None:
        return inner or outer
    texts = [fact.or_none() for fact in (outer, inner)]
    if None in texts:
        return outer if outer.known is False else inner
    bare = [str(text).strip().removeprefix("${{").removesuffix("}}").strip() for text in texts]
    return Fact(f"({bare[0]}) && ({bare[1]})", inner.at, (outer.at,))


def under(step: Step, inner: Step) -> Step:
    """A step of an action or script, on the terms of the step that calls it."""
    tolerated = inner.tolerated or step.tolerated
    condition, lax = _both(step.condition, inner.condition), inner.continue_on_error or step.continue_on_error
    return replace(inner, condition=condition, continue_on_error=lax, tolerated=tolerated)


def as_called(status: Status, step: Step, call: Situated) -> Status:
    """The status of a command of a script: what its own shell keeps may be lost where the script is called."""
    words = tuple(word.text for word in call.command.words)
    outer = next((one for one in step.statuses if one.words == words and one.at.line == call.command.line), None)
    if outer is None or outer.fate is Fate.KEPT or status.fate is not Fate.KEPT:
        return status
    return replace(status, fate=outer.fate, reason=f"{outer.reason} ({words[0][:40]} at {outer.at})")
