"""Reads what `make` runs for a target, as far as a makefile tells that without being run.

Anything that is not followed (conditions, functions, pattern rules, included files) makes the whole answer None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct, field

from bbws_readiness.patterns import regex

MAX_LINES = 1_000
MAX_TARGETS = 20
MAX_TEXT = 4_000
"""Characters of a line after its variables are put in."""
MAX_DEPTH = 10

_VARIABLE = regex(r"(?P<export>export\s+)?(?P<name>[A-Za-z_]\w*)\s*(?P<sign>\?=|::?=|\+=|=)\s*(?P<value>.*)")
_RULE = regex(r"(?P<targets>[^\s:=#;$%][^:=#;$%]*):(?P<needs>[^:=;#$%]*)")
_REFUSED = frozenset({"include", "-include", "sinclude", "define", "override", "vpath", "unexport", "undefine", "load"})
_GOAL = regex(r"\.DEFAULT_GOAL\s*[:?]?=.*")
_SHELLS = frozenset({"sh", "bash", "/bin/sh", "/bin/bash", "/usr/bin/bash", "/usr/bin/env bash"})
_REFERENCE = regex(r"\$(?:\$|@|\((\w+)\)|\{(\w+)\}|)")
_PREFIX = regex(r"[@+\-\s]*")
_DECIDES = regex(r"\bexit\b|\[|\btest\b|\breturn\b")


class _Rule(Struct):
    needs: list[str] = field(default_factory=list)
    recipe: list[tuple[int, str]] = field(default_factory=list)
    """Physical lines without their tab, each with its number from 1."""


class _Makefile(Struct):
    rules: dict[str, _Rule] = field(default_factory=dict)
    values: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Sign and value of each variable as written."""
    phony: set[str] = field(default_factory=set)


class Recipe(Struct, frozen=True):
    """What make runs for one target, as a script in which every line stands where it does in the makefile."""

    target: str
    first_line: int
    script: str


def recipes(
    text: str,
    targets: Sequence[str],
    *,
    given: Mapping[str, str | None],
    environment: AbstractSet[str],
    exists: Callable[[str], bool],
) -> tuple[Recipe, ...] | None:
    """What `make` runs for the targets in their order, what they need first; None when that is not told.

    `given` are the variables of the command line (None where the value is not known), `environment` the names of the
    variables that are set around it; both reach the commands as variables of the shell.
    """
    makefile = _parsed(text) if text.count("\n") < MAX_LINES else None
    if makefile is None or not targets:
        return None
    order: list[str] = []
    if not all(_ordered(makefile, target, exists, order, 0) for target in targets):
        return None
    expand = _Expansion(makefile, given, environment)
    found = [_script(name, makefile.rules[name], expand, text.count("\n") + 1) for name in order]
    written = [one for one in found if one is not None and one.script]
    in_order = [one.first_line for one in written] == sorted(one.first_line for one in written)
    return tuple(written) if None not in found and in_order else None


def _parsed(text: str) -> _Makefile | None:
    found = _Makefile()
    rules: list[_Rule] = []
    for number, line in _logical(text):
        if line.startswith("\t") and rules:
            for rule in rules:
                rule.recipe += [
                    (number + offset, part.removeprefix("\t")) for offset, part in enumerate(line.split("\n"))
                ]
            continue
        bare = " ".join(part.removesuffix("\\").strip() for part in line.split("\n")).partition("#")[0].strip()
        if not bare:
            continue
        rules = []
        if bare.split()[0] in _REFUSED or not _taken(found, bare, rules):
            return None
    return found


def _taken(makefile: _Makefile, line: str, rules: list[_Rule]) -> bool:
    """Whether the line is understood; the rule that it begins is put into `rules`."""
    if _GOAL.fullmatch(line):
        return True
    if variable := _VARIABLE.fullmatch(line):
        if variable["name"] == "SHELL":
            return variable["value"] in _SHELLS
        makefile.values[variable["name"]] = (variable["sign"], variable["value"])
        return variable["export"] is None
    rule = _RULE.fullmatch(line)
    if rule is None:
        return False
    targets, needs = rule["targets"].split(), rule["needs"].split()
    if targets == [".PHONY"]:
        makefile.phony |= {*needs}
        return True
    if any(target.startswith(".") for target in targets) or "|" in needs or len(targets) > 1:
        return False
    known = makefile.rules.setdefault(targets[0], _Rule())
    known.needs += needs
    if known.recipe:
        return False
    rules.append(known)
    return True


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """The lines with those that a backslash joins to them, each with the number of its first."""
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        first, joined = number, lines[number]
        while (len(joined) - len(joined.rstrip("\\"))) % 2 and number + 1 < len(lines):
            number += 1
            joined += "\n" + lines[number]
        number += 1
        yield first + 1, joined


def _ordered(makefile: _Makefile, target: str, exists: Callable[[str], bool], order: list[str], depth: int) -> bool:
    """Puts the target behind what it needs; False when it is not known whether make would run it."""
    if target in order:
        return True
    rule = makefile.rules.get(target)
    if rule is None:
        # Of something without a rule make only asks whether it is there.
        return depth > 0 and exists(target)
    if target not in makefile.phony or depth > MAX_DEPTH or len(order) >= MAX_TARGETS:
        return False
    if not all(_ordered(makefile, need, exists, order, depth + 1) for need in rule.needs):
        return False
    order.append(target)
    return True


class _Expansion(Struct, frozen=True):
    makefile: _Makefile
    given: Mapping[str, str | None]
    environment: AbstractSet[str]
    known: dict[str, str | None] = field(default_factory=dict)
    """What the variables of the makefile come to, each worked out once."""

    def line(self, text: str, target: str, depth: int = 0) -> str | None:
        """The text with what make puts in; variables that only the shell knows as `${NAME}`. None: not told."""
        parts, done = [], 0
        for match in _REFERENCE.finditer(text):
            parts.append(text[done : match.start()])
            done = match.end()
            name = match[1] or match[2]
            put = self._value(name, target, depth) if name else {"$$": "$", "$@": target}.get(match[0])
            if put is None:
                return None
            parts.append(put)
        expanded = "".join(parts) + text[done:]
        return expanded if len(expanded) <= MAX_TEXT else None

    def _value(self, name: str, target: str, depth: int) -> str | None:
        if name in self.given:
            value = self.given[name]
            return f"${{{name}}}" if value is None else value
        if name not in self.makefile.values:
            return None if name in ("MAKE", "MAKEFLAGS", "CURDIR", "SHELL", "MAKEFILE_LIST") else f"${{{name}}}"
        sign, written = self.makefile.values[name]
        if sign == "?=" and name in self.environment:
            return f"${{{name}}}"
        if name not in self.known:
            # For one that is made of itself.
            self.known[name] = None
            followed = sign != "+=" and depth < MAX_DEPTH and "$@" not in written
            self.known[name] = self.line(written, target, depth + 1) if followed else None
        return self.known[name]


def _script(target: str, rule: _Rule, expand: _Expansion, length: int) -> Recipe | None:
    """Each line of the recipe in a shell of its own, which ends make where it fails; None when one is not told."""
    lines = [""] * length
    first = min((number for number, _ in rule.recipe), default=0)
    going_on = failing = ""
    for number, text in rule.recipe:
        if not going_on:
            prefix = _PREFIX.match(text)
            text = text[prefix.end() :] if prefix else text
            ignored = "-" in (prefix[0] if prefix else "")
            failing = "true" if ignored else "exit 2"
            if not text or text.startswith("#"):
                continue
            if ignored and _DECIDES.search(text):
                return None
        expanded = expand.line(text, target)
        if expanded is None or re.search(r"\s#", expanded) or ("'" in expanded and "${" in expanded):
            return None
        opening = "" if going_on else "( set +e; "
        going_on = "yes" if (len(text) - len(text.rstrip("\\"))) % 2 else ""
        lines[number - 1] = f"{opening}{expanded}" + ("" if going_on else f" ) || {failing}")
    if going_on or any(re.search(r"\bmake\b", line) for line in lines):
        return None
    return Recipe(target, first, "\n".join(lines) if any(lines) else "")
