"""The texts of rules that a project brings: placeholders from a closed set, and nothing else in braces."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from bbws_readiness.engine.rule import Remedy
from bbws_readiness.errors import near_name

SUMMARY = frozenset(
    {"environment", "ENV", "account", "region", "directory", "workflow", "workflow_file", "plan", "to_add"}
)
"""What titles and remedies of every rule may name: the figures of the assessment."""
MESSAGE = frozenset({"subject", "expected", "actual", "environment", "place"})
"""What every message may name."""
REASON = frozenset({"reason"})
"""What a message may name besides where there is no answer, or none is wanted."""


def text_faults(text: str, allowed: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the braces of a text, each with a way out."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        yield "a brace is opened or closed alone", "write {{ or }} for a brace itself"
        return
    for _, name, specification, conversion in parts:
        if name is None:
            continue
        if specification or conversion or not name.replace("_", "").isalpha():
            yield f'"{{{name}}}" is no plain placeholder', "write {name}, with letters only"
        elif name not in allowed:
            near = near_name(name, sorted(allowed))
            known = f"known are {', '.join(sorted(allowed))}"
            yield f'there is no placeholder "{name}" here', f'did you mean "{near}"?' if near else known


def placeholders(text: str) -> frozenset[str]:
    """The names in braces of a text that has no fault."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def texts_of(remedy: Remedy) -> Iterator[str]:
    """Every text of a remedy that may hold placeholders."""
    yield from (remedy.title, remedy.question, remedy.deliverable, *(task.text for task in remedy.tasks))
    for option in remedy.options:
        yield from (option.title, option.changes, option.pro, option.con, option.irreversible, *option.tasks)
