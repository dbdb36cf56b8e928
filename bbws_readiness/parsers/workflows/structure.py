"""Reads triggers, inputs, jobs and steps of a workflow as they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Input, Job, ShellCommand, Step
from bbws_readiness.parsers.workflows import shell
from bbws_readiness.parsers.workflows.commands import Situated, clamp, enter, situate, terraform_commands
from bbws_readiness.parsers.workflows.lines import place, starts_block
from bbws_readiness.parsers.workflows.matrix import chosen, read_matrix
from bbws_readiness.parsers.workflows.scope import Scope
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location, Source

MAX_COMMANDS = 2_000
"""A longer `run` block is refused: following its variables would take too long."""
MAX_SCRIPT = 100_000
POSIX_SHELLS = ("bash", "sh", "dash", "zsh")


@dataclass(frozen=True)
class ReadStep:
    """A step with what is needed to judge it further: its job, its variables and its commands in place."""

    job: str
    step: Step
    scope: Scope
    situated: tuple[Situated, ...]

    def setting(self, name: str) -> Fact[str] | None:
        """What `with:` gives the action, resolved; None when it does not give it."""
        fact = self.step.with_.get(name)
        if fact is None or isinstance(fact.value, Unknown):
            return fact
        return self.scope.resolve(fact.value, fact.at)

    def uses(self, action: str) -> bool:
        """Whether it runs that action, in any version."""
        name = self.step.uses.or_none() if self.step.uses else None
        return name is not None and name.partition("@")[0].lower() == action


@dataclass(frozen=True)
class _Defaults:
    """What a job or workflow sets for all its `run` steps."""

    directory: Fact[str] | None = None
    shell: str = ""


class Structure:
    """Turns the nodes of one workflow into nouns and gathers what is wrong with their shape."""

    def __init__(self, source: Source, document: Node, given: Mapping[str, Fact[str]]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.steps: list[ReadStep] = []
        self._source = source
        self._document = document
        self._mentions = _input_mentions(source)
        self.inputs = self._inputs()
        self.constants = self.variables(document)
        scope = Scope({found.name: found for found in self.inputs}, bound=given)
        self.scope = scope.with_variables(self.constants)

    def triggers(self) -> tuple[Fact[str], ...]:
        node = self._document.get("on")
        if node is None:
            return ()
        if node.shape == "mapping":
            return tuple(Fact(key.raw, key.at) for key, _ in node.pairs())
        return tuple(fact for element in _one_or_many(node) if (fact := self.text(element, "on")) is not None)

    def _inputs(self) -> tuple[Input, ...]:
        found: dict[str, Input] = {}
        for event in ("workflow_dispatch", "workflow_call"):
            declared = self._document.find("on", event, "inputs")
            for key, node in declared.pairs() if declared else ():
                found.setdefault(key.raw, self._input(key, node))
        return tuple(found.values())

    def _input(self, key: Node, node: Node) -> Input:
        listed = node.get("options")
        options = [(element.raw, element.at) for element in listed.elements()] if listed else []
        default = node.get("default")
        given = default.text if default else None
        value_at = options[0][1] if len(options) == 1 else (default.at if default and given is not None else None)
        kind, required = node.get("type"), node.get("required")
        return Input(
            name=key.raw,
            at=key.at,
            type=(kind.text if kind else None) or "string",
            required=bool(required and required.content is True),
            default=given,
            options=tuple(option for option, _ in options),
            used_at=self._mentions.get(key.raw, ()),
            value_at=value_at,
        )

    def variables(self, owner: Node) -> Mapping[str, Fact[str]]:
        """The `env` of workflow, job or step, as written."""
        node = owner.get("env")
        if node is None or (node.shape == "scalar" and node.content is None):
            return MappingProxyType({})
        if node.shape != "mapping":
            self._fault("env must be a mapping of names to texts", node.at)
            return MappingProxyType({})
        return MappingProxyType({key.raw: self._scalar(value, f"env.{key.raw}") for key, value in node.pairs()})

    def jobs(self) -> tuple[Job, ...]:
        node = self._document.get("jobs")
        if node is None or not any(True for _ in node.pairs()):
            place = node.at if node else self._document.at
            # GitHub refuses such a file or runs nothing of it, so it can be no way past a gate.
            self._fault(
                "the workflow has no jobs",
                place,
                "add a mapping of jobs under jobs:",
                severity=DiagnosticSeverity.WARNING,
            )
            return ()
        found = []
        for key, job in node.pairs():
            if job.shape == "mapping":
                found.append(self._job(key, job))
            else:
                self._fault(f"the job {key.raw} must be a mapping", job.at)
        return tuple(found)

    def _job(self, key: Node, node: Node) -> Job:
        variables = self.variables(node)
        matrix = read_matrix(node)
        scope = self.scope.with_variables(variables).with_bound(chosen(node, matrix, self.scope.bound))
        with_ = self._given(node)
        needs = node.get("needs")
        timeout, name = node.get("timeout-minutes"), node.get("name")
        return Job(
            id=key.raw,
            at=key.at,
            name=(name.text if name else None) or "",
            needs=tuple(fact for need in _one_or_many(needs) if (fact := self.text(need, "needs")) is not None),
            environment=self._named(node, "environment", "name", scope),
            condition=self.text(node.get("if"), "if"),
            permissions=self._permissions(node),
            steps=self._steps(key.raw, node, scope),
            uses=self.text(node.get("uses"), "uses"),
            with_=with_,
            environment_variables=variables,
            matrix=matrix,
            handed={
                name: scope.resolve(fact.value, fact.at) for name, fact in with_.items() if isinstance(fact.value, str)
            }
            if node.get("uses")
            else {},
            continue_on_error=_is_true(node.get("continue-on-error")),
            timeout_minutes=whole_number(timeout, scope) if timeout else None,
            concurrency=self._named(node, "concurrency", "group", scope),
        )

    def concurrency(self) -> Fact[str] | None:
        return self._named(self._document, "concurrency", "group", self.scope)

    def _named(self, owner: Node, member: str, inner: str, scope: Scope) -> Fact[str] | None:
        """A member given as text, or as a mapping with the text under `inner`; resolved. An empty one is none."""
        node = owner.get(member)
        if node and node.shape == "mapping":
            node = node.get(inner)
        fact = self.text(node, member)
        if fact is None or isinstance(fact.value, Unknown):
            return fact
        resolved = scope.resolve(fact.value, fact.at)
        return resolved if isinstance(resolved.value, Unknown) or resolved.value.strip() else None

    def _permissions(self, job: Node) -> Mapping[str, str]:
        node = job.get("permissions") or self._document.get("permissions")
        if node is None:
            return MappingProxyType({})
        if node.text:
            return MappingProxyType({"*": node.text.removesuffix("-all")})
        return MappingProxyType({key.raw: value.text or "none" for key, value in node.pairs()})

    def _steps(self, job: str, node: Node, scope: Scope) -> tuple[Step, ...]:
        listed = node.get("steps")
        if listed is None:
            if node.get("uses") is None:
                self._fault(f"the job {job} has no steps", node.at, "add steps:, or uses: for a reusable workflow")
            return ()
        if listed.shape != "sequence":
            self._fault(f"the steps of {job} must be a list", listed.at)
            return ()
        defaults = self._defaults(node, scope)
        found = []
        for step in listed.elements():
            if step.shape == "mapping":
                found.append(self._step(job, step, scope, defaults))
            else:
                self._fault(f"a step of {job} must be a mapping", step.at)
        return tuple(found)

    def _defaults(self, job: Node, scope: Scope) -> _Defaults:
        """The job's defaults, each completed from the workflow's, and the shell of its runner."""
        owners = (job, self._document)
        directory = next(
            (node for owner in owners if (node := owner.find("defaults", "run", "working-directory"))), None
        )
        named = next((node for owner in owners if (node := owner.find("defaults", "run", "shell"))), None)
        runner = job.get("runs-on")
        windows = bool(runner and (runner.text or "").startswith("windows"))
        return _Defaults(
            self._directory(directory, scope), (named.text if named else None) or ("pwsh" if windows else "")
        )

    def _directory(self, node: Node | None, scope: Scope) -> Fact[str] | None:
        fact = self.text(node, "working-directory")
        if fact is None or isinstance(fact.value, Unknown):
            return fact
        return enter(Fact("", fact.at), scope.resolve(fact.value, fact.at))

    def _step(self, job: str, node: Node, scope: Scope, defaults: _Defaults) -> Step:
        variables = self.variables(node)
        scope = scope.with_variables(variables)
        directory = self._directory(node.get("working-directory"), scope) or defaults.directory
        name, own_shell = node.get("name"), node.get("shell")
        shell_name = (own_shell.text if own_shell else None) or defaults.shell
        run = self.text(node.get("run"), "run")
        situated = self._situated(node, directory or Fact("", node.at), scope, shell_name) if run and run.known else ()
        commands = (found.command for found in situated)
        step = Step(
            name=(name.text if name else None) or "",
            at=node.at,
            uses=self.text(node.get("uses"), "uses"),
            run=run,
            working_directory=directory,
            with_=self._given(node),
            environment_variables=variables,
            condition=self.text(node.get("if"), "if"),
            continue_on_error=_is_true(node.get("continue-on-error")),
            terraform=terraform_commands(situated, self._source),
            commands=tuple(self._noun(command) for command in commands if command.words),
            shell=shell_name,
        )
        self.steps.append(ReadStep(job, step, scope, situated))
        return step

    def _given(self, node: Node) -> Mapping[str, Fact[str]]:
        given = node.get("with")
        pairs = given.pairs() if given else ()
        return MappingProxyType({key.raw: self._scalar(value, key.raw) for key, value in pairs})

    def _situated(self, node: Node, directory: Fact[str], scope: Scope, shell_name: str) -> tuple[Situated, ...]:
        run = node.get("run")
        if run is None or (shell_name and shell_name.split()[0].rpartition("/")[2] not in POSIX_SHELLS):
            return ()
        if len(run.raw) > MAX_SCRIPT:
            self._fault(
                f"a script longer than {MAX_SCRIPT} characters is not read",
                run.at,
                "move it to a file",
                code=Code.WORKFLOW_SCRIPT,
            )
            return ()
        placed = place(self._source, run)
        script = shell.read(placed.text, first_line=placed.first_line)
        if script.unread:
            line = min(script.unread, placed.last_line)
            self._fault(
                "a quote or parenthesis is never closed in this script",
                self._source.at(line),
                "nothing after it is read",
                code=Code.WORKFLOW_SCRIPT,
            )
        if len(script.commands) > MAX_COMMANDS:
            self._fault(
                f"a script of more than {MAX_COMMANDS} commands is not read",
                run.at,
                "move it to a file",
                code=Code.WORKFLOW_SCRIPT,
            )
            return ()
        commands = [clamp(command, placed.last_line) for command in script.commands]
        return tuple(situate(commands, self._source, directory, scope))

    def _noun(self, command: shell.Command) -> ShellCommand:
        words = tuple(word.text for word in command.words)
        return ShellCommand(words, self._source.at(command.words[0].line), command.operator, command.conditional)

    def text(self, node: Node | None, member: str) -> Fact[str] | None:
        """A scalar as written, placed where its first word stands; None when it is absent or null."""
        if node is None or (node.shape == "scalar" and node.content is None):
            return None
        return self._scalar(node, member)

    def _scalar(self, node: Node, member: str) -> Fact[str]:
        if node.shape != "scalar":
            self._fault(f"{member} must be text", node.at)
            return Fact(Unknown(f"{member} is not text"), node.at)
        return Fact(node.raw, self._first_word(node))

    def _first_word(self, node: Node) -> Location:
        if "\n" not in node.raw and not starts_block(self._source, node):
            return node.at
        placed = place(self._source, node)
        blank = len(placed.text) - len(placed.text.lstrip())
        line = placed.first_line + placed.text.count("\n", 0, blank)
        return self._source.at(min(line, placed.last_line))

    def _fault(
        self,
        summary: str,
        at: Location,
        detail: str = "",
        *,
        code: Code = Code.WORKFLOW,
        severity: DiagnosticSeverity = DiagnosticSeverity.ERROR,
    ) -> None:
        self.diagnostics.append(Diagnostic(severity, summary, at, detail, code=code))


_INPUT = re.compile(r"\binputs(?:\.|\[')([A-Za-z_][\w-]*)")


def _input_mentions(source: Source) -> dict[str, tuple[Location, ...]]:
    """Lines outside comments that name an input, by its name."""
    found: dict[str, dict[Location, None]] = {}
    for number, line in enumerate(source.lines, start=1):
        if not line.lstrip().startswith("#"):
            for match in _INPUT.finditer(line):
                found.setdefault(match[1], {})[source.at(number)] = None
    return {name: tuple(places) for name, places in found.items()}


def _one_or_many(node: Node | None) -> Sequence[Node]:
    """The elements of a list, or the node itself where one text stands for a list of one."""
    if node is None:
        return ()
    return tuple(node.elements()) if node.shape == "sequence" else (node,)


def _is_true(node: Node | None) -> bool:
    return node is not None and node.content is True


def whole_number(node: Node, scope: Scope) -> Fact[int]:
    """A number that may be written as an expression."""
    if node.shape != "scalar":
        return Fact(Unknown("not a number"), node.at)
    return as_number(scope.resolve(node.raw, node.at))


def as_number(fact: Fact[str]) -> Fact[int]:
    """The same statement as a whole number, unknown when it is none."""
    if isinstance(fact.value, Unknown):
        return Fact(fact.value, fact.at, fact.via)
    text = fact.value.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return Fact(int(text), fact.at, fact.via)
    return Fact(Unknown(f'"{text[:40]}" is no whole number'), fact.at, fact.via)
