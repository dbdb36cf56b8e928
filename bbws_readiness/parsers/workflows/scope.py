"""What expressions and variables stand for at one place of a workflow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Input
from bbws_readiness.parsers.workflows import expressions
from bbws_readiness.parsers.workflows.evaluation import ANYTHING, Anything, Value, text_of, value_of
from bbws_readiness.parsers.workflows.expressions import Name
from bbws_readiness.parsers.workflows.words import LITERAL_DOLLAR
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

WORKSPACE = "/github/workspace"
"""Where GitHub checks the repository out; only ever an intermediate value."""
MAX_DEPTH = 10
MAX_LENGTH = 10_000
MAX_STEPS = 100
"""No value comes through more variables and inputs than this."""
_SHELL_NAME = regex(r"\$(?:\{([A-Za-z_]\w*+|[0-9]++)\}|([A-Za-z_]\w*+|[0-9]))", re.ASCII)


class Scope(Struct, frozen=True):
    """Environment variables as written, innermost wins, and inputs; `with_…` gives a new scope."""

    inputs: Mapping[str, Input]
    variables: Mapping[str, Fact[str]] = field(default_factory=dict)
    """As written, not yet resolved; Unknown with a reason that names its origin where a script sets it."""
    bound: Mapping[str, Fact[str]] = field(default_factory=dict)
    """What inputs and names of the matrix stand for in one run: `inputs.environment`, `matrix.environment`."""
    caller: Scope | None = None
    """Inside an action: the scope of the step that uses it."""
    handed: Mapping[str, Fact[str]] = field(default_factory=dict)
    """Inside an action: its inputs by their names in lower case, as written by its caller."""

    def with_variables(self, variables: Mapping[str, Fact[str]]) -> Scope:
        """The scope inside a job, a step or after an assignment."""
        return replace(self, variables={**self.variables, **variables}) if variables else self

    def with_bound(self, bound: Mapping[str, Fact[str]]) -> Scope:
        """The scope of a run in which these contexts stand for these values."""
        return replace(self, bound={**self.bound, **bound}) if bound else self

    def calling(self, handed: Mapping[str, Fact[str]], variables: Mapping[str, Fact[str]]) -> Scope:
        """The scope inside an action that is handed these inputs, written in this scope, and finds these variables."""
        bound = {name: fact for name, fact in self.bound.items() if not name.startswith("inputs.")}
        return Scope({}, variables, bound, caller=self, handed=handed)

    def resolve(self, text: str, at: Location, *, in_shell: bool = False) -> Fact[str]:
        """`text` with everything known put in; unknown with the first reason otherwise.

        `via` names the lines that gave the values. `$X` counts only in a shell.
        """
        via: list[Location] = []
        try:
            value = self._expand(text, via, in_shell=in_shell, depth=0)
        except _Unresolved as unresolved:
            return Fact(Unknown(unresolved.reason), at, tuple(via))
        return Fact(value.replace(LITERAL_DOLLAR, "$"), at, tuple(via))

    def mentioned(self, text: str, *, in_shell: bool = False) -> Iterator[str]:
        """Every context path that `text` depends on, through variables too, and the words of commands it runs.

        Where a variable is unknown its reason is given, which names what it depends on.
        """
        yield from self._mentioned(text, set(), in_shell=in_shell)

    def _mentioned(self, text: str, seen: set[str], *, in_shell: bool) -> Iterator[str]:
        if "$(" in text or "`" in text:
            yield text
        for _, _, inside in expressions.embedded(text):
            parsed = expressions.parse(inside)
            for path in expressions.names(parsed) if parsed else ():
                yield path
                if self.caller and (given := self.handed.get(path.removeprefix("inputs.").lower())):
                    yield from self.caller._mentioned(given.or_none() or "", seen, in_shell=False)
                if path.startswith("env."):
                    yield from self._mentioned_by(path.removeprefix("env."), seen)
        for name in _shell_names(text) if in_shell else ():
            yield f"${name}"
            yield from self._mentioned_by(name, seen)

    def _mentioned_by(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in seen or len(seen) >= MAX_DEPTH:
            return
        seen.add(name)
        fact = self.variables.get(name)
        if fact is None:
            yield {"GITHUB_REF": "github.ref", "GITHUB_REF_NAME": "github.ref_name"}.get(name, name)
        elif isinstance(fact.value, Unknown):
            yield fact.value.reason
        else:
            yield from self._mentioned(fact.value, seen, in_shell=True)

    def _expand(self, text: str, via: list[Location], *, in_shell: bool, depth: int) -> str:
        if depth > MAX_DEPTH or len(text) > MAX_LENGTH or len(via) > MAX_STEPS:
            raise _Unresolved("the value is nested too deeply")
        if "$" not in text and not (in_shell and "`" in text):
            return text
        if "${{" not in text:
            return self._expand_shell(text, via, depth) if in_shell else text
        parts, done = [], 0
        for start, end, inside in expressions.embedded(text):
            parts += [self._expand_shell(text[done:start], via, depth) if in_shell else text[done:start]]
            parts.append(self._value(inside, via, depth))
            done = end
        parts.append(self._expand_shell(text[done:], via, depth) if in_shell else text[done:])
        return "".join(parts)

    def _value(self, inside: str, via: list[Location], depth: int) -> str:
        parsed = expressions.parse(inside)
        if isinstance(parsed, Name):
            return self._named(parsed.path, via, depth)
        found = value_of(parsed, lambda path: self._typed(path, via, depth)) if parsed else ANYTHING
        if not isinstance(found, Anything):
            return text_of(found)
        raise _Unresolved(f"${{{{ {inside[:80]} }}}} is computed when the workflow runs")

    def _typed(self, path: str, via: list[Location], depth: int) -> Value | Anything:
        """The value of a context path with its type, on which comparisons depend."""
        text = self._named(path, via, depth)
        context, _, name = path.partition(".")
        declared = self._declared(name) if context == "inputs" else None
        if declared and declared.type == "boolean":
            return text == "true" if text in ("true", "false") else ANYTHING
        if context == "matrix" and (text in ("true", "false", "null") or text[:1].isdigit()):
            # Its YAML may mean a text or not.
            return ANYTHING
        return text

    def _named(self, path: str, via: list[Location], depth: int) -> str:
        context, _, member = path.partition(".")
        if path.startswith("github.event.inputs."):
            context, member = "inputs", path.removeprefix("github.event.inputs.")
        if bound := self.bound.get(f"{context}.{member}"):
            via += [bound.at, *bound.via]
            if isinstance(bound.value, Unknown):
                raise _Unresolved(bound.value.reason)
            return bound.value
        if context == "inputs" and self.caller is not None:
            return self._handed(member, via, depth)
        if context == "inputs":
            return self._input(member, via)
        if context == "env":
            return self._variable(member, via, depth)
        if path == "github.workspace":
            return WORKSPACE
        if context == "secrets":
            raise _Unresolved(f"the secret {member} is known to GitHub only")
        if context == "vars":
            raise _Unresolved(f"the repository variable {member} is known to GitHub only")
        raise _Unresolved(f"{path} is known only when the workflow runs")

    def _handed(self, name: str, via: list[Location], depth: int) -> str:
        """The input of an action; one that it does not have is empty."""
        fact = self.handed.get(name.lower())
        if fact is None or self.caller is None:
            return ""
        via.append(fact.at)
        if isinstance(fact.value, Unknown):
            raise _Unresolved(fact.value.reason)
        return self.caller._expand(fact.value, via, in_shell=False, depth=depth + 1)

    def _declared(self, name: str) -> Input | None:
        """The input of that name, whose letters may be of either case."""
        return self.inputs.get(name) or next(
            (one for key, one in self.inputs.items() if key.lower() == name.lower()), None
        )

    def _input(self, name: str, via: list[Location]) -> str:
        """The one value an input can have, or its default where it is free text."""
        known = self._declared(name)
        if known is None:
            raise _Unresolved(f"the input {name} is not declared")
        via.append(known.value_at or known.at)
        if len(known.options) == 1:
            return known.options[0]
        if known.options:
            raise _Unresolved(f"the input {name} may be {', '.join(known.options[:8])}")
        if known.default is None:
            raise _Unresolved(f"the input {name} is given when the workflow is started")
        return known.default

    def _variable(self, name: str, via: list[Location], depth: int) -> str:
        fact = self.variables.get(name)
        if fact is None:
            if name == "GITHUB_WORKSPACE":
                return WORKSPACE
            if name.isdigit():
                raise _Unresolved(f"the argument ${name} is known when the workflow runs")
            raise _Unresolved(f"the variable {name} is set when the workflow runs")
        via += [fact.at, *fact.via]
        if isinstance(fact.value, Unknown):
            raise _Unresolved(fact.value.reason)
        return self._expand(fact.value, via, in_shell=False, depth=depth + 1)

    def _expand_shell(self, text: str, via: list[Location], depth: int) -> str:
        if "`" in text:
            raise _Unresolved(f"the output of {_line(text[:200])} is known when the workflow runs")
        parts, done = [], 0
        while (start := text.find("$", done)) >= 0:
            parts.append(text[done:start])
            name, done = _shell_name(text, start)
            if not name:
                command = text.startswith("$(", start)
                what = f"the output of {_line(text[start + 2 : start + 200])}" if command else text[start : start + 40]
                raise _Unresolved(f"{what} is known when the workflow runs")
            parts.append(self._variable(name, via, depth))
        return "".join(parts) + text[done:]


class _Unresolved(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def _line(text: str) -> str:
    return " ".join(text.replace("\\\n", " ").split())


def _shell_name(text: str, start: int) -> tuple[str, int]:
    """The variable named at the dollar at `start` and where it ends; an empty name for anything but `$X` and `${X}`."""
    # `$12` is the first argument and a 2.
    match = _SHELL_NAME.match(text, start)
    return (match[1] or match[2], match.end()) if match else ("", start + 1)


def _shell_names(text: str) -> Iterator[str]:
    done = 0
    while (start := text.find("$", done)) >= 0:
        name, done = _shell_name(text, start)
        if name:
            yield name
