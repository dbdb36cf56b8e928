"""Withholds strings that are secrets by their name or their look, though nothing marks them sensitive."""

from __future__ import annotations

from msgspec.structs import replace

from bbws_readiness.disclosure import WITHHELD, answered, disclosed, names_secret
from bbws_readiness.terraform.paths import key_of, steps_of
from bbws_readiness.terraform.values import Value


def says_secret(path: str) -> bool:
    """Whether a path names a secret: `environment[0].variables["KEY"]`, `settings.db_password`."""
    return names_secret(" ".join(step for step in map(key_of, steps_of(path)) if isinstance(step, str)))


def is_secret(value: Value, path: str) -> bool:
    """Whether the value is a string that must not be shown at `path`."""
    return isinstance(value.raw, str) and value.raw != "" and (says_secret(path) or disclosed(value.raw) != value.raw)


def guarded(value: Value, path: str, *, asked: bool = False) -> Value:
    """`value`, found at `path`, with `(withheld)` in place of every string that is a secret.

    With `asked` a string that merely looks random is kept: it may have been computed on request.
    """
    match value.raw:
        case str():
            shown = answered(value.raw) if asked else disclosed(value.raw)
            return replace(value, raw=WITHHELD if value.raw and says_secret(path) else shown)
        case tuple():
            return replace(value, raw=tuple(guarded(part, path, asked=asked) for part in value.raw))
        case dict():
            inner = {key: guarded(part, f"{path}.{_word(key)}", asked=asked) for key, part in value.raw.items()}
            return replace(value, raw=inner)
    return value


def _word(key: str) -> str:
    """A key as a step of a path."""
    return "".join(character if character.isalnum() else "_" for character in f"_{key}")
