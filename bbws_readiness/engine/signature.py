"""What a check with parameters takes, and what it gives to the wordings of a rule: data for whoever loads rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from bbws_readiness.engine.rule import Kind
from bbws_readiness.errors import near_name

TYPES: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "text": ("text", lambda value: isinstance(value, str)),
    "texts": ("text or a list of texts", lambda value: isinstance(value, str) or _all(value, str)),
    "words": ("text, a list of texts, or a mapping of environments to such", lambda value: _is_words(value)),
    "mapping": ("a mapping", lambda value: isinstance(value, dict)),
    "number": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "pattern": ("a regular expression", lambda value: isinstance(value, str)),
    "value": ("text, a whole number, true or false", lambda value: isinstance(value, str | int)),
    "values": ("a list of values", lambda value: isinstance(value, str | int) or _all(value, str, int)),
    "filters": ("a list of filters", lambda value: _all(value, dict)),
}
"""Types of parameters by the word that rule files use: in words, and whether a value is one."""


def type_of(value: object) -> str:
    """The type of a parameter that is declared by its example alone."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "number"
        case str():
            return "text"
        case dict():
            return "mapping"
    return "words"


def _is_words(value: object) -> bool:
    if isinstance(value, dict):
        return all(_is_words(one) and not isinstance(one, dict) for one in value.values())
    return isinstance(value, str) or _all(value, str)


def _all(value: object, *kinds: type) -> bool:
    return isinstance(value, list) and all(isinstance(one, kinds) for one in value)


class Fault(Struct, frozen=True):
    """What is wrong with one parameter, or with all of them together when `path` is empty."""

    path: tuple[str | int, ...]
    text: str
    hint: str = ""


Judge: TypeAlias = Callable[[Mapping[str, object]], Iterable[Fault]]


def _content(_: Mapping[str, object]) -> Iterable[Fault]:
    return ()


class Signature(Struct, frozen=True):
    """One check as a rule of a project may use it."""

    kinds: frozenset[Kind]
    """The kinds of rules whose meaning the check can carry."""
    parameters: Mapping[str, str]
    """Name to a key of `TYPES`."""
    required: frozenset[str] = frozenset()
    says: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Placeholders of the messages `pass` and `fail`, each beside those that every message has."""
    sums_up: frozenset[str] = frozenset()
    """Placeholders of title and remedy, beside those that every text has."""
    content: Judge = field(default=_content)
    """The faults that types alone cannot tell."""


def parameter_faults(
    parameters: Mapping[str, object], types: Mapping[str, str], signature: Signature | None
) -> list[Fault]:
    """Everything that is wrong with the parameters, each fault with the path of its place among them."""
    found = []
    for name, value in parameters.items():
        if name not in types:
            near = near_name(name, list(types))
            known = f"known are {', '.join(sorted(types))}" if types else "the rule takes none"
            found.append(Fault((name,), f'unknown parameter "{name}"', f'did you mean "{near}"?' if near else known))
            continue
        words, fits = TYPES[types[name]]
        if not fits(value):
            found.append(Fault((name,), f"the parameter {name} is not {words}"))
    if found or signature is None:
        return found
    missing = sorted(signature.required - set(parameters))
    if missing:
        return [Fault((), f"the parameter {name} is missing") for name in missing]
    return list(signature.content(parameters))
