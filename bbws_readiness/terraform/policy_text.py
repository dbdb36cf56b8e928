"""Reads, merges and writes the text of IAM policies as the provider does, which is as Go does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from bbws_readiness.patterns import regex

_STATEMENT = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource")
_HOLDERS = ("Principal", "NotPrincipal")
_HALF = regex("[\ud800-\udfff]")


class NotTold(Exception):
    """What the provider makes of a text is not worked out."""


class Refusal(Exception):
    """The provider refuses a text; the message is part of a sentence and holds nothing of the text."""


class Mixed(Struct):
    """A policy that grows as others are mixed in; its statements have their members in the provider's order."""

    version: str = ""
    id: str = ""
    statements: list[dict[str, Any]] = field(default_factory=list)

    def merge(self, other: Mixed) -> None:
        """The later id and version hold; a statement replaces the first one of the same Sid, in its place."""
        self.id = other.id or self.id
        self.version = max(self.version, other.version)
        places = {statement["Sid"]: i for i, statement in reversed([*enumerate(self.statements)]) if "Sid" in statement}
        for statement in other.statements:
            place = places.get(statement.get("Sid", ""))
            if place is not None:
                self.statements[place] = statement
                continue
            if "Sid" in statement:
                places[statement["Sid"]] = len(self.statements)
            self.statements.append(statement)


def written(document: Mixed, *, indent: int | None = None) -> str:
    """The text of a policy, on one line without `indent`."""
    found = {"Version": document.version, "Id": document.id, "Statement": document.statements}
    told = {member: value for member, value in found.items() if value}
    plain = json.dumps(told, ensure_ascii=False, indent=indent, separators=(",", ": " if indent else ":"))
    return re.sub("[<>&\u2028\u2029]", lambda sign: f"\\u{ord(sign[0]):04x}", plain)


class _Members(dict[str, Any]):
    """A JSON object; `keys_twice` when a name comes twice, in whatever letters."""

    keys_twice = False


def parsed(text: str) -> Mixed:
    """The policy in a JSON text. Raises `Refusal` and `NotTold`."""
    try:
        # Which number it is makes no difference, and a long one takes long.
        data = json.loads(text, object_pairs_hook=_members, parse_constant=_no_constant, parse_int=len, parse_float=len)
    except RecursionError:
        raise NotTold("nested too deep") from None
    except ValueError:
        raise Refusal("not valid JSON") from None
    if _HALF.search(text) or "\\ud" in text.lower():
        raise NotTold("half a character")
    members = _object(data)
    statements = members.get("statement")
    if statements is not None and not isinstance(statements, list):
        raise Refusal("its Statement is no list")
    return Mixed(
        _word(members, "version"), _word(members, "id"), [_statement(_object(one)) for one in statements or ()]
    )


def _members(pairs: list[tuple[str, Any]]) -> _Members:
    found = _Members(pairs)
    found.keys_twice = len({name.casefold() for name, _ in pairs}) < len(pairs)
    return found


def _no_constant(_: str) -> None:
    raise ValueError("not valid JSON")


def _object(data: object) -> dict[str, Any]:
    """The members under names in small letters, as Go finds them in any."""
    if data is None:
        raise NotTold("null in place of an object")
    if not isinstance(data, _Members):
        raise Refusal("a list or a text stands where an object is expected")
    if data.keys_twice:
        raise NotTold("a name comes twice")
    return {name.casefold(): value for name, value in data.items()}


def _word(members: dict[str, Any], name: str) -> str:
    found = members.get(name.casefold())
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Refusal(f"its {name} is no text")
    return found


def _statement(members: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _STATEMENT:
        plain = name in ("Sid", "Effect")
        found[name] = _word(members, name) if plain else _kept(members.get(name.casefold()))
    for name in _HOLDERS:
        found[name] = _holders(members[name.casefold()]) if name.casefold() in members else None
    found["Condition"] = _conditions(members.get("condition"))
    return {name: value for name, value in found.items() if value not in ("", None, {})}


def _kept(value: object) -> object:
    """Actions and resources are passed on as they stand."""
    if value is None or isinstance(value, str) or _is_texts(value):
        return value
    raise NotTold("neither text nor texts")


def _holders(value: object) -> object:
    if isinstance(value, str):
        return "*"
    if not isinstance(value, _Members) or not all(map(_is_words, value.values())):
        raise NotTold("holders of another form")
    if value == {"*": "*"} or value == {"*": ["*"]}:
        return "*"
    return {kind: _each(names, lambda texts: sorted(texts, reverse=True)) for kind, names in sorted(value.items())}


def _conditions(value: object) -> dict[str, dict[str, object]]:
    if value is None:
        return {}
    if not isinstance(value, _Members):
        raise Refusal("its Condition is no object")
    found: dict[str, dict[str, object]] = {}
    for test, keys in sorted(value.items()):
        if not isinstance(keys, _Members):
            raise NotTold("a test of another form")
        for key, values in sorted(keys.items()):
            if isinstance(values, bool):
                found.setdefault(test, {})[key] = "true" if values else "false"
            elif isinstance(values, int | float):
                # The provider loses numbers, and so the condition.
                continue
            elif _is_words(values):
                found.setdefault(test, {})[key] = _each(values, lambda texts: texts[0] if len(texts) == 1 else texts)
            else:
                raise NotTold("values of another form")
    return found


def _each(value: Any, of_list: Callable[[list[str]], object]) -> object:  # noqa: ANN401 - text or texts
    return of_list(value) if isinstance(value, list) else value


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_words(value: object) -> bool:
    return isinstance(value, str) or _is_texts(value)
