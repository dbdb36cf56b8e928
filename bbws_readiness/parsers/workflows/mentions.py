"""Finds every expression of a workflow, with the line it stands on and what it is the condition of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.model.workflows import Input
from bbws_readiness.parsers.workflows import expressions
from bbws_readiness.parsers.workflows.expressions import Expression
from bbws_readiness.parsers.workflows.lines import place
from bbws_readiness.patterns import regex
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location, Source

_TEXTUAL = regex(r"\binputs(?:\.|\s*\[\s*['\"])([A-Za-z_][\w-]*)", re.IGNORECASE)
_COMPUTED = regex(r"\binputs\s*\[\s*(?!['\"])|\bGITHUB_EVENT_PATH\b|\bcontext\.payload\b(?!\.inputs\.)")
_COMPUTED_WORDS = ("inputs", "GITHUB_EVENT_PATH", "context.payload")
"""What a text has in which the pattern finds anything."""
_WHOLE = frozenset({"inputs", "inputs.*", "github.event.inputs", "github.event.inputs.*", "github.event", "github"})
_SCRIPTS = frozenset({"script", "run"})
"""Members whose text is a program: what it names counts without being an expression."""


class Mention(Struct, frozen=True):
    """An expression in the file."""

    text: str
    """What stands inside `${{ }}`, or in an `if`."""
    parsed: Expression | None
    """None when it is not understood."""
    at: Location
    owner: str
    """`job plan`, `step 2 of job plan` when it is a condition, else empty."""


class Mentions(Struct, frozen=True):
    """All expressions of a workflow, and the texts of programs in it."""

    found: tuple[Mention, ...]
    programs: tuple[tuple[str, Location], ...]

    def of_inputs(self) -> dict[str, tuple[Location, ...]]:
        """The places that name each input, by its name in lower case."""
        places: dict[str, dict[Location, None]] = {}
        for mention in self.found:
            for name in _named(mention):
                places.setdefault(name.lower(), {})[mention.at] = None
        for text, at in self.programs:
            # Beyond ASCII there are more letters that fit without their case.
            for match in _TEXTUAL.finditer(text) if not text.isascii() or "inputs" in text.lower() else ():
                places.setdefault(match[1].lower(), {}).setdefault(at, None)
        return {name: tuple(sorted(at)) for name, at in places.items()}

    def of_all_inputs(self) -> Location | None:
        """The first place that hands all inputs on, or that reads one under a computed name."""
        for mention in self.found:
            if mention.parsed and any(path in _WHOLE for path in expressions.names(mention.parsed)):
                return mention.at
            if mention.parsed is None and _is_computed(mention.text):
                return mention.at
        return next((at for text, at in self.programs if _is_computed(text)), None)

    def not_understood(self, inputs: Sequence[Input]) -> tuple[tuple[str, Location], ...]:
        """Conditions that name an input in a form which is not understood: whose, and where."""
        names = {given.name.lower() for given in inputs}
        return tuple(
            (mention.owner, mention.at)
            for mention in self.found
            if mention.owner and mention.parsed is None and names & {name.lower() for name in _named(mention)}
        )


def _is_computed(text: str) -> bool:
    """Whether a program reads inputs in another way than by their names."""
    return any(word in text for word in _COMPUTED_WORDS) and _COMPUTED.search(text) is not None


def _named(mention: Mention) -> Iterator[str]:
    if mention.parsed is None:
        yield from (match[1] for match in _TEXTUAL.finditer(mention.text))
        return
    for path in expressions.names(mention.parsed):
        context, _, name = path.partition(".")
        if path.startswith("github.event.inputs."):
            yield path.removeprefix("github.event.inputs.")
        elif context == "inputs" and name:
            yield name


def read_mentions(source: Source, document: Node) -> Mentions:
    """Every `${{ }}` and every `if` of the workflow, in the order of the file."""
    found: list[Mention] = []
    programs: list[tuple[str, Location]] = []
    scalars: list[tuple[str, Node, str]] = []
    _scalars(document, "", "", scalars)
    for key, node, owner in scalars:
        if key in _SCRIPTS:
            programs.append((node.raw, node.at))
        if owner and "${{" not in node.raw:
            found.append(Mention(node.raw.strip(), expressions.parse_condition(node.raw), node.at, owner))
        elif "${{" in node.raw:
            found += _embedded(source, node, owner)
    return Mentions(tuple(found), tuple(programs))


def _embedded(source: Source, node: Node, owner: str) -> Iterator[Mention]:
    """The expressions inside a text; an `if` that says more than one expression is not understood."""
    if owner and expressions.parse_condition(node.raw) is None:
        yield Mention(node.raw.strip(), None, node.at, owner)
        return
    placed = place(source, node) if "\n" in node.raw else None
    starts = [match.start() for match in re.finditer(r"\$\{\{", placed.text)] if placed else []
    for number, (_, _, inside) in enumerate(expressions.embedded(node.raw)):
        at = node.at
        if placed and number < len(starts):
            line = placed.first_line + placed.text.count("\n", 0, starts[number])
            at = source.at(min(line, placed.last_line))
        yield Mention(inside, expressions.parse(inside), at, owner)


def _scalars(node: Node, key: str, within: str, found: list[tuple[str, Node, str]]) -> None:
    """Adds every text with the key it stands under and, for an `if`, whose condition it is."""
    if node.shape == "scalar":
        if node.text:
            found.append((key, node, within if key == "if" else ""))
        return
    for member, value in node.pairs():
        inner = within
        if key == "jobs":
            inner = f"job {member.raw}"
        elif member.raw == "steps" and within:
            for position, step in enumerate(value.elements(), start=1):
                name = step.get("name")
                said = f'"{name.text[:60]}"' if name and name.text else str(position)
                _scalars(step, "", f"step {said} of {within}", found)
            continue
        _scalars(value, member.raw, inner, found)
    for element in node.elements():
        _scalars(element, key, within, found)
