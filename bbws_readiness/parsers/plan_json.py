"""Reads a plan that `terraform show -json` printed into the nouns that every source uses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.model.changes import Change, Effect, PlanOutput
from bbws_readiness.parsers.plan_resources import tables_of
from bbws_readiness.parsers.plan_secrets import PlanSecrets
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Refused, Source

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 64

HINT = "write it with `terraform show -json PLAN > plan.json`"

SHOWN = ("name", "bucket", "identifier", "cluster_identifier", "hash_key", "range_key", "billing_mode", "region")
"""The arguments whose values are told; the first of them that a resource has is its name."""
_NAMES = SHOWN[:4]

_EFFECTS: Mapping[frozenset[str], Effect] = {
    frozenset({"no-op"}): Effect.NOTHING,
    frozenset({"read"}): Effect.NOTHING,
    frozenset({"create"}): Effect.CREATE,
    frozenset({"update"}): Effect.UPDATE,
    frozenset({"delete"}): Effect.DESTROY,
    frozenset({"delete", "create"}): Effect.REPLACE,
    frozenset({"forget"}): Effect.FORGET,
    frozenset({"create", "forget"}): Effect.CREATE,
}

_PLACE = regex(r"(?:^|_)(?:account|env|environment|stage)(?:_|$)")
"""In the name of a variable: what it tells is where a plan belongs."""
_PLACE_VALUE = regex(r"[0-9A-Za-z_-]{1,64}")

_TOKEN = regex(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_ADDRESS = regex(r'"address"\s*+:\s*+("(?:[^"\\]|\\.)*+")')
_VERSION = regex(r"1\.\d+")
_STATE = "is a Terraform state, not a plan; states hold secrets and are not read"
_BINARY = (Code.NOT_TEXT, Code.NOT_UTF8, Code.NUL)


def parse_plan_json(read: Source | Refused, environment: str) -> PlanOutput:
    """The plan in a JSON file; nothing of it is executed. Raises `UsageError` for what is no finished plan."""
    if isinstance(read, Refused):
        if read.code in _BINARY or read.at.path.endswith(".tfplan"):
            raise _refused("is a binary plan, not JSON", read)
        if read.at.path.endswith((".tfstate", ".tfstate.backup")):
            raise _refused(_STATE, read, code=Code.PLAN_STATE)
        raise UsageError(read.summary, at=read.at, hint=read.detail, code=read.code)
    data = _data(read)
    _check_is_plan(data, read)
    at = Location(read.path, 1)
    changes = _list(data, "resource_changes", read)
    lines = _lines(read.text)
    secrets = PlanSecrets(data)
    managed = [(number, secrets.masked(change)) for number, change in enumerate(changes) if _is_managed(change)]
    found = [_change(change, f"resource_changes[{number}]", lines, read) for number, change in managed]
    return PlanOutput(
        at=at,
        changes=tuple(sorted(found, key=lambda change: change.address)),
        tables=tables_of([change for _, change in managed], environment, lambda address: _at(read, lines, address)),
        complete=data.get("complete") is not False,
        place=dict(_place(data)),
    )


def _data(source: Source) -> dict[str, Any]:
    depth = 0
    for token in _TOKEN.finditer(source.text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _refused(f"is nested deeper than {MAX_DEPTH} levels", source)
        elif token[0] in "]}":
            depth -= 1
    try:
        data = json.loads(source.text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _refused("is not valid JSON", source) from None
    if not isinstance(data, dict):
        raise _refused("is not a Terraform plan", source)
    return data


def _no_number(word: str) -> None:
    raise ValueError(word)


def _check_is_plan(data: Mapping[str, Any], source: Source) -> None:
    if "lineage" in data or ("values" in data and "resource_changes" not in data):
        raise _refused(_STATE, source, code=Code.PLAN_STATE)
    version = data.get("format_version")
    if not isinstance(version, str) or "planned_values" not in data:
        raise _refused("is not a Terraform plan", source)
    if not _VERSION.fullmatch(version):
        shown = version if len(version) <= 20 else f"{version[:19]}…"
        raise _refused(f'has the format version "{shown}"; known is 1.x', source, code=Code.PLAN_VERSION)
    if data.get("errored") is True:
        raise UsageError(
            "Terraform could not finish this plan",
            at=Location(source.path, 0),
            hint="mend it, plan again",
            code=Code.PLAN_ERRORED,
        )


def _change(entry: object, place: str, lines: Mapping[str, int], source: Source) -> Change:
    data = _mapping(entry)
    address, kind, change = data.get("address"), data.get("type"), data.get("change")
    if not (isinstance(address, str) and isinstance(kind, str) and isinstance(change, dict)):
        raise _refused(f"is damaged: {place} needs address, type and change", source)
    actions = change.get("actions")
    effect = _EFFECTS.get(frozenset(actions)) if isinstance(actions, list) and all(map(_is_text, actions)) else None
    if effect is None:
        raise _refused(f"is damaged: {place} has unknown actions", source)
    before, after = _Side(change, "before"), _Side(change, "after")
    return Change(
        address=address,
        type=kind,
        effect=effect,
        at=_at(source, lines, address),
        name=before.name() or after.name(),
        forced_by=dict(_forced(change, before, after)),
    )


def _place(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The variables that name an environment or an account, unless the configuration calls them sensitive."""
    declared = _mapping(_mapping(_mapping(data.get("configuration")).get("root_module")).get("variables"))
    for name, given in _mapping(data.get("variables")).items():
        value = _mapping(given).get("value")
        secret = _mapping(declared.get(name)).get("sensitive") is True
        if _PLACE.search(name) and isinstance(value, str) and _PLACE_VALUE.fullmatch(value) and not secret:
            yield name, value


class _Side:
    """The attributes of a resource before or after the change, as far as they may be shown."""

    def __init__(self, change: Mapping[str, Any], side: str) -> None:
        self._values = _mapping(change.get(side))
        self._unknown = _mapping(change.get("after_unknown")) if side == "after" else {}
        hidden = change.get(f"{side}_sensitive")
        self._sensitive = _mapping(hidden)
        self._all_sensitive = hidden is True

    def text(self, name: str) -> str:
        """The value of an argument in words; empty when it may not be shown."""
        if name not in SHOWN or self._all_sensitive or self._sensitive.get(name):
            return ""
        if self._unknown.get(name):
            return "known after apply"
        value = self._values.get(name)
        return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else "none" if value is None else ""

    def name(self) -> str:
        """The physical name; empty when there is none to show."""
        texts = (self.text(name) for name in _NAMES if isinstance(self._values.get(name), str))
        return next((str(json.loads(text)) for text in texts if text.startswith('"')), "")


def _forced(change: Mapping[str, Any], before: _Side, after: _Side) -> Iterator[tuple[str, str]]:
    paths = change.get("replace_paths")
    for path in paths if isinstance(paths, list) else ():
        if isinstance(path, list) and path and isinstance(path[0], str):
            old, new = before.text(path[0]), after.text(path[0])
            inner = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path[1:])
            yield path[0] + inner, f"{old} → {new}" if old and new and len(path) == 1 else ""


def _lines(text: str) -> dict[str, int]:
    """The line of every address in the list of changes; a plan on one line has them all on line 1."""
    start = max(text.find('"resource_changes"'), 0)
    line, position = text.count("\n", 0, start) + 1, start
    found: dict[str, int] = {}
    for match in _ADDRESS.finditer(text, start):
        line += text.count("\n", position, match.start())
        position = match.start()
        try:
            found.setdefault(str(json.loads(match[1])), line)
        except ValueError:
            continue
    return found


def _at(source: Source, lines: Mapping[str, int], address: str) -> Location:
    return Location(source.path, lines.get(address, 1))


def _list(data: Mapping[str, Any], key: str, source: Source) -> list[Any]:
    found = data.get(key, [])
    if not isinstance(found, list):
        raise _refused(f"is damaged: {key} is no list", source)
    return found


def _is_managed(change: object) -> bool:
    return not isinstance(change, dict) or change.get("mode", "managed") == "managed"


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _refused(what: str, read: Source | Refused, *, code: Code = Code.PLAN_JSON) -> UsageError:
    path = read.path if isinstance(read, Source) else read.at.path
    return UsageError(f"this {what}", at=Location(path, 0), hint=HINT, code=code)
