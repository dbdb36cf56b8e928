"""Reads triggers, inputs, jobs and steps of a workflow as they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TypedDict

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Job, ShellCommand, Status, Step
from bbws_readiness.parsers.workflows import shell
from bbws_readiness.parsers.workflows.called import Action, CalledScript, Callees, as_called, under
from bbws_readiness.parsers.workflows.commands import clamp, terraform_commands
from bbws_readiness.parsers.workflows.handed_on import handed_on
from bbws_readiness.parsers.workflows.inputs import read_inputs
from bbws_readiness.parsers.workflows.lines import Placed, place, starts_block
from bbws_readiness.parsers.workflows.matrix import chosen, read_matrix
from bbws_readiness.parsers.workflows.mentions import read_mentions
from bbws_readiness.parsers.workflows.numbers import whole_number
from bbws_readiness.parsers.workflows.scope import Scope
from bbws_readiness.parsers.workflows.situations import Situated, enter, situate
from bbws_readiness.parsers.workflows.statuses import Unreadable, statuses
from bbws_readiness.parsers.workflows.terms import concurrency_written, late_context, states_permissions, tolerated
from bbws_readiness.parsers.workflows.waiting import binding, stopping
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location, Source

MAX_COMMANDS = 2_000
"""A longer `run` block is refused: following its variables would take too long."""


_NOTHING: Mapping[str, Fact[str]] = MappingProxyType({})


class ReadStep(Struct, frozen=True):
    """A step with what is needed to judge it further: its job, its variables and its commands in place."""

    job: str
    step: Step
    scope: Scope
    situated: tuple[Situated, ...]
    source: Source
    """The file that it stands in: the workflow, or an action or script that it runs."""

    def setting(self, name: str) -> Fact[str] | None:
        """What `with:` gives the action, resolved; None when it does not give it."""
        fact = self.step.with_.get(name)
        if fact is None or isinstance(fact.value, Unknown):
            return fact
        return self.scope.resolve(fact.value, fact.at)

    def uses(self, action: str) -> bool:
        """Whether it runs that action, in any version."""
        return self.step.uses is not None and self.step.action == action


class _Defaults(Struct, frozen=True):
    """What a job or workflow sets for all its `run` steps."""

    directory: Fact[str] | None = None
    shell: str = ""


class _Fates(TypedDict, total=False):
    """The fields of a step about what becomes of the status of its commands."""

    statuses: tuple[Status, ...]
    unread: str


class Structure:
    """Turns the nodes of one workflow into nouns and gathers what is wrong with their shape."""

    def __init__(
        self, source: Source, document: Node, given: Mapping[str, Fact[str]], callees: Callees | None = None
    ) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.steps: list[ReadStep] = []
        self._source = source
        self._document = document
        self._callees = callees
        self.mentions = read_mentions(source, document)
        self.inputs = read_inputs(document, self.mentions.of_inputs())
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

    def variables(self, owner: Node) -> Mapping[str, Fact[str]]:
        """The `env` of workflow, job or step, as written."""
        node = owner.get("env")
        if node is None or (node.shape == "scalar" and node.content is None):
            return _NOTHING
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
        if found := late_context(node):
            summary = f"the condition of a job cannot read {found[0]}, which is known only inside of it"
            self._fault(summary, found[1], "use inputs, vars, github or needs")
        timeout, name = node.get("timeout-minutes"), node.get("name")
        condition = self.text(node.get("if"), "if")
        needed = [fact for need in _one_or_many(node.get("needs")) if (fact := self.text(need, "needs")) is not None]
        return Job(
            id=key.raw,
            at=key.at,
            name=(name.text if name else None) or "",
            needs=tuple(needed),
            bound_to=binding(condition, needed),
            stopped_by=stopping(condition, needed),
            environment=self._named(node, "environment", "name", scope),
            condition=condition,
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
            tolerated=tolerated(node),
            states_permissions=states_permissions(node, self._document),
            concurrency_written=concurrency_written(node),
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
                first = len(self.steps)
                found += self._with_called(job, step, scope, defaults)
                for read in self.steps[first:]:
                    scope = scope.with_variables(handed_on(read.step, read.situated, read.source))
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

    def _with_called(self, job: str, node: Node, scope: Scope, defaults: _Defaults) -> list[Step]:
        """The step, and behind it those of the action that it uses, or of the scripts that it starts."""
        step = self._step(job, node, scope, defaults)
        position, read = len(self.steps) - 1, self.steps[-1]
        if self._callees is None:
            return [step]
        if action := self._callees.action(step, scope):
            inner = self._of_action(job, step, action)
        else:
            inner = [self._of_script(job, step, script) for script in self._callees.scripts(read.situated, read.source)]
        if not inner:
            return [step]
        step = replace(step, follows=tuple(dict.fromkeys(one.at.path for one in inner)))
        self.steps[position] = replace(read, step=step)
        return [step, *inner]

    def _of_action(self, job: str, step: Step, action: Action) -> list[Step]:
        structure = Structure(action.source, action.document, {}, action.within)
        listed = action.document.find("runs", "steps")
        inner = [
            one
            for node in (listed.elements() if listed else ())
            if node.shape == "mapping"
            for one in structure._with_called(job, node, action.scope, _Defaults())
        ]
        self.diagnostics += structure.diagnostics
        found = [under(step, one) for one in inner]
        self.steps += [replace(read, step=one) for read, one in zip(structure.steps, found, strict=True)]
        return found

    def _of_script(self, job: str, step: Step, script: CalledScript) -> Step:
        source = script.source
        commands = tuple(noun(found.command, source) for found in script.situated if found.command.words)
        said: _Fates = {}
        with suppress(Unreadable):
            last = source.line_count
            own = statuses(source.text, source, first_line=1, last_line=last, shell=script.shell)
            said["statuses"] = tuple(as_called(one, step, script.call) for one in own)
        found = Step(
            name=step.name,
            at=source.at(script.first_line),
            run=Fact(source.text, source.at(script.first_line)),
            terraform=terraform_commands(script.situated, source),
            commands=commands,
            shell=script.shell,
            **said,
        )
        found = under(step, found)
        self.steps.append(ReadStep(job, found, script.situated[0].scope, script.situated, source))
        return found

    def _step(self, job: str, node: Node, scope: Scope, defaults: _Defaults) -> Step:
        variables = self.variables(node)
        scope = scope.with_variables(variables)
        said = node.entries.get
        directory = self._directory(said("working-directory"), scope) or defaults.directory
        name, own_shell = said("name"), said("shell")
        shell_name = (own_shell.text if own_shell else None) or defaults.shell
        run = said("run")
        written = self.text(run, "run")
        script = self._script(run, shell_name)
        situated = self._situated(script, directory or Fact("", node.at), scope) if script else ()
        step = Step(
            name=(name.text if name else None) or "",
            at=node.at,
            uses=self.text(said("uses"), "uses"),
            run=written,
            working_directory=directory,
            with_=self._given(node),
            environment_variables=variables,
            condition=self.text(said("if"), "if"),
            continue_on_error=_is_true(said("continue-on-error")),
            terraform=terraform_commands(situated, self._source),
            commands=tuple([noun(found.command, self._source) for found in situated if found.command.words]),
            shell=shell_name,
            id=(identifier.text if (identifier := said("id")) else None) or "",
            tolerated=tolerated(node),
            **(self._statuses(script, shell_name) if script else {}),
        )
        self.steps.append(ReadStep(job, step, scope, situated, self._source))
        return step

    def _script(self, run: Node | None, shell_name: str) -> Placed | None:
        """What a POSIX shell runs in the step."""
        return place(self._source, run) if run and run.text and shell.is_posix(shell_name) else None

    def _statuses(self, placed: Placed, shell_name: str) -> _Fates:
        """What becomes of the status of every command, or why that is not told."""
        first, last = placed.first_line, placed.last_line
        try:
            return {"statuses": statuses(placed.text, self._source, first_line=first, last_line=last, shell=shell_name)}
        except Unreadable as unreadable:
            return {"unread": str(unreadable)}

    def _given(self, node: Node) -> Mapping[str, Fact[str]]:
        given = node.get("with")
        if given is None:
            return _NOTHING
        return MappingProxyType({key.raw: self._scalar(value, key.raw) for key, value in given.pairs()})

    def _situated(self, placed: Placed, directory: Fact[str], scope: Scope) -> tuple[Situated, ...]:
        script = shell.read(placed.text, first_line=placed.first_line)
        if script.refused:
            self._fault(script.refused, placed.at, "move it to a file", code=Code.WORKFLOW_SCRIPT)
            return ()
        if script.unread:
            line = self._source.at(min(script.unread, placed.last_line))
            summary = "the script is not understood from here on"
            if script.open:
                summary = "a quote or parenthesis is never closed in this script"
            severity = DiagnosticSeverity.ERROR if script.open else DiagnosticSeverity.WARNING
            self._fault(summary, line, "nothing after it is read", code=Code.WORKFLOW_SCRIPT, severity=severity)
        if len(script.commands) > MAX_COMMANDS:
            summary = f"a script of more than {MAX_COMMANDS} commands is not read"
            self._fault(summary, placed.at, "move it to a file", code=Code.WORKFLOW_SCRIPT)
            return ()
        commands: Sequence[shell.Command] = script.commands
        if placed.first_line + placed.text.count("\n") > placed.last_line:
            commands = [clamp(command, placed.last_line) for command in commands]
        return situate(commands, self._source, directory, scope)

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


def _one_or_many(node: Node | None) -> Sequence[Node]:
    """The elements of a list, or the node itself where one text stands for a list of one."""
    if node is None:
        return ()
    return tuple(node.elements()) if node.shape == "sequence" else (node,)


def noun(command: shell.Command, source: Source) -> ShellCommand:
    """The command as the model tells it."""
    return ShellCommand(command.texts, source.at(command.words[0].line), command.operator, command.conditional)


def _is_true(node: Node | None) -> bool:
    return node is not None and node.content is True
