"""Reads the statements of one policy as IAM understands them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.model.access import HOLE, Condition, Pattern, Principal, Statement
from bbws_readiness.patterns import regex
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location

MAX_PATTERN = 2048
"""Characters of an ARN; what is longer is not looked into."""

MAX_STATEMENTS = 300
"""Statements of a policy, of which AWS takes some ten thousand characters; one with more is not looked into."""

_PLACEHOLDER = regex(
    r"\$\{(?P<dollar>[^{}]{0,200})\}|\{\{(?P<braces>[^{}]{0,200})\}\}|<(?P<angle>[A-Za-z][\w .-]{0,80})>"
    r"|__(?P<under>[A-Z][A-Z0-9_]{0,60}?)__|\b(?P<bare>(?:YOUR|MY)_[A-Z0-9_]{1,60}|(?:AWS_)?ACCOUNT_ID)\b"
)
_ENVIRONMENT = regex(r"(?:(?:var|local)\.)?(?:env|environment|stage)(?:_name)?", re.IGNORECASE)
_ESCAPED = {"*": "*", "?": "?", "$": "$"}
_SET = regex(r"for(?P<which>any|all)values?:")


class Told(Struct, frozen=True):
    """What stands around a policy."""

    role: str = ""
    boundary: str = ""


def read_statements(document: Node, environment: str) -> tuple[Statement, ...]:
    """The statements in the order written. A placeholder for the environment is taken for the assessed one."""
    found = document.get("Statement")
    if found is None:
        return ()
    nodes = [found] if found.shape == "mapping" else list(found.elements())
    if len(nodes) > MAX_STATEMENTS:
        return (Statement(found.at, allows=True, doubt=f"it has more than {MAX_STATEMENTS} statements"),)
    return tuple(_statement(node, environment) for node in nodes)


def _statement(node: Node, environment: str) -> Statement:
    effect = node.get("Effect")
    word = effect.text if effect else None
    actions, but_actions = _either(node, "Action", environment)
    resources, but_resources = _either(node, "Resource", environment)
    principals = node.get("Principal") or node.get("NotPrincipal")
    doubts = [name for name in ("Action", "Resource") if _unclear(node, name)]
    doubts += ["Effect"] if word not in ("Allow", "Deny") else []
    doubts += ["Condition"] if _unclear_condition(node.get("Condition")) else []
    sid = node.get("Sid")
    return Statement(
        at=node.at,
        allows=word != "Deny",
        actions=actions,
        all_actions_but=but_actions,
        resources=resources,
        all_resources_but=but_resources,
        principals=tuple(_principals(principals, environment)),
        all_principals_but=node.get("Principal") is None and principals is not None,
        conditions=tuple(_conditions(node.get("Condition"), environment)),
        doubt=f"what {doubts[0]} is cannot be read" if doubts else "",
        sid=(sid.text if sid else "") or "",
    )


def _either(node: Node, member: str, environment: str) -> tuple[tuple[Pattern, ...], bool]:
    named, but = node.get(member), node.get(f"Not{member}")
    chosen = named if named is not None else but
    return tuple(_patterns(chosen, environment)), named is None and but is not None


def _unclear(node: Node, member: str) -> bool:
    found = node.get(member) or node.get(f"Not{member}")
    if found is None:
        return False
    listed = [found] if found.shape != "sequence" else list(found.elements())
    return any(one.text is None or len(one.text) > MAX_PATTERN for one in listed)


def _unclear_condition(node: Node | None) -> bool:
    """Whether a condition holds something that is no operator with keys: without it the statement would look open."""
    if node is None:
        return False
    return node.shape != "mapping" or any(keys.shape != "mapping" for _, keys in node.pairs())


def _principals(node: Node | None, environment: str) -> Iterator[Principal]:
    if node is None:
        return
    if node.shape != "mapping":
        yield from (Principal("*", one) for one in _patterns(node, environment))
    for kind, names in node.pairs():
        yield from (Principal(kind.raw, one) for one in _patterns(names, environment))


def _conditions(node: Node | None, environment: str) -> Iterator[Condition]:
    for operator, keys in node.pairs() if node else ():
        word = operator.raw.lower()
        match = _SET.match(word)
        word = word[match.end() :] if match else word
        optional = word.endswith("ifexists")
        word = word.removesuffix("ifexists")
        literal = not (word.endswith("like") or word.startswith("arn"))
        for key, values in keys.pairs():
            patterns = tuple(_patterns(values, environment, literal=literal))
            yield Condition(
                word, key.raw.lower(), patterns, key.at, optional or bool(match and match["which"] == "all")
            )


def _patterns(node: Node | None, environment: str, *, literal: bool = False) -> Iterator[Pattern]:
    if node is None:
        return
    for one in [node] if node.shape != "sequence" else node.elements():
        if one.text is not None and len(one.text) <= MAX_PATTERN:
            yield pattern(one.text, one.at, environment, literal=literal)


def pattern(text: str, at: Location, environment: str, *, literal: bool = False) -> Pattern:
    """The text with holes for what is filled in, and the assessed environment where its placeholder stands."""

    def fill(match: re.Match[str]) -> str:
        inside = next(group for group in match.groups() if group is not None).strip()
        if match["dollar"] is not None and inside in _ESCAPED:
            return _ESCAPED[inside]
        return environment if _ENVIRONMENT.fullmatch(inside) else HOLE

    return Pattern(_PLACEHOLDER.sub(fill, text.replace(HOLE, "")), text, at, literal)
