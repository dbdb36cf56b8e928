"""Reads the terraform commands of a script: options, files, variables, and the directory each one runs in."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.parsers.workflows.shell import Command
from bbws_readiness.parsers.workflows.shell import read as read_shell
from bbws_readiness.parsers.workflows.situations import Situated, enter
from bbws_readiness.parsers.workflows.words import LITERAL_DOLLAR, Word
from bbws_readiness.source import Source

_TAKES_VALUE = frozenset(
    {"-backend-config", "-var-file", "-var", "-out", "-target", "-replace", "-lock-timeout", "-parallelism", "-state"}
)
"""Options whose value may stand in the next word; all others are switches or use `=`."""


def terraform_commands(situated: Sequence[Situated], source: Source) -> tuple[TerraformCommand, ...]:
    """The terraform commands among them; `terraform` without a subcommand is left out."""
    found = []
    for place in situated:
        name = place.command.name
        if name.endswith("terraform") and posixpath.basename(name) == "terraform":
            command = _Options(place, source).command()
            if command:
                found.append(command)
    return tuple(found)


class _Options(Struct):
    """Reads the words of one terraform command."""

    place: Situated
    source: Source
    backend: dict[str, Fact[str]] = field(default_factory=dict)
    backend_files: list[Fact[str]] = field(default_factory=list)
    var_files: list[Fact[str]] = field(default_factory=list)
    variables: dict[str, Fact[str]] = field(default_factory=dict)
    out: Fact[str] | None = None
    operands: list[Fact[str]] = field(default_factory=list)
    switches: set[str] = field(default_factory=set)
    environment: dict[str, Fact[str]] = field(default_factory=dict)

    def command(self) -> TerraformCommand | None:
        words = list(self.place.command.words[1:])
        directory = self.place.directory
        while words and words[0].text.startswith("-"):
            name, _, value = words[0].raw.partition("=")
            if name.lstrip("-") == "chdir":
                directory = enter(directory, self._resolve(value, words[0]))
            words = words[1:]
        if not words:
            return None
        verb = words[0].text
        self.environment = self._variables()
        for name in ("TF_CLI_ARGS", f"TF_CLI_ARGS_{verb}"):
            self._read(self._further(name))
        self._read(words[1:])
        saved = self.out if verb == "plan" else (self.operands[0] if self.operands and verb == "apply" else None)
        return TerraformCommand(
            verb=verb,
            at=self.source.at(self.place.command.words[0].line),
            directory=directory,
            backend=_frozen(self.backend),
            backend_files=tuple(self.backend_files),
            var_files=tuple(self.var_files),
            variables=_frozen(self.variables),
            plan_file=saved,
            auto_approve="-auto-approve" in self.switches,
            text=" ".join(self.place.command.texts),
            operands=tuple(self.operands),
            environment=_frozen(self.environment),
            conditional=self.place.command.conditional,
        )

    def _variables(self) -> dict[str, Fact[str]]:
        """The variables `TF_…` in force, its own leading assignments included."""
        found = {}
        for name, fact in self.place.scope.variables.items():
            if name.startswith("TF_"):
                known = isinstance(fact.value, str)
                found[name] = self.place.scope.resolve(fact.value, fact.at) if known else fact  # type: ignore[arg-type]
        for word in self.place.command.assignments:
            name, _, value = word.raw.partition("=")
            if name.startswith("TF_"):
                found[name] = self._resolve(value, word)
        return found

    def _further(self, name: str) -> Sequence[Word]:
        """The options that a variable adds in front of those that are written."""
        fact = self.environment.get(name)
        text = fact.or_none() if fact else None
        if not fact or not text:
            return ()
        # Behind a program: a command that begins with `-backend-config=…` would be read as an assignment.
        commands = read_shell(f"terraform {text}", first_line=fact.at.line).commands
        return [Word(word.raw, fact.at.line) for command in commands[:1] for word in command.words[1:]]

    def _read(self, words: Sequence[Word]) -> None:
        pending = list(reversed(words))
        while pending:
            word = pending.pop()
            if not word.raw.startswith("-"):
                operand = self._resolve(word.raw, word)
                if further := _options_in(operand, word):
                    pending += reversed(further)
                else:
                    self.operands.append(operand)
                continue
            name, equals, value = word.raw.partition("=")
            name = "-" + name.lstrip("-")
            if not equals and name in _TAKES_VALUE and pending:
                word = pending.pop()
                equals, value = "=", word.raw
            if equals:
                self._option(name, value, word)
                self.switches |= {name} if value == "true" else set()
            else:
                self.switches.add(name)

    def _option(self, name: str, value: str, word: Word) -> None:
        key, equals, setting = value.partition("=")
        match name:
            case "-backend-config" if equals:
                self.backend[key.strip()] = self._resolve(setting.strip(), word)
            case "-backend-config":
                self.backend_files.append(self._resolve(value, word))
            case "-var-file":
                self.var_files.append(self._resolve(value, word))
            case "-var" if equals:
                self.variables[key.strip()] = self._resolve(setting.strip(), word)
            case "-out":
                self.out = self._resolve(value, word)

    def _resolve(self, raw: str, word: Word) -> Fact[str]:
        if word.open:
            reason = f"the shell puts something in place of {word.text[:60]}"
            return Fact(Unknown(reason), self.source.at(word.line))
        return self.place.scope.resolve(raw, self.source.at(word.line), in_shell=True)


def _options_in(operand: Fact[str], word: Word) -> list[Word]:
    """The words of a variable or expression that begins with an option: `$ARGS`, `${{ inputs.arguments }}`."""
    text = operand.or_none() or ""
    return [Word(part.replace("$", LITERAL_DOLLAR), word.line) for part in text.split()] if text[:1] == "-" else []


def _frozen(settings: dict[str, Fact[str]]) -> Mapping[str, Fact[str]]:
    return MappingProxyType(settings)


def clamp(command: Command, last_line: int) -> Command:
    """The same command with no line beyond `last_line`."""
    if command.line <= last_line and all(word.line <= last_line for word in command.words):
        return command
    words = tuple(replace(word, line=min(word.line, last_line)) for word in command.words)
    assignments = tuple(replace(word, line=min(word.line, last_line)) for word in command.assignments)
    return replace(command, words=words, assignments=assignments, line=min(command.line, last_line))
