"""How Terraform names things: references in expressions, instance keys, resource addresses and their order."""

from __future__ import annotations

import json
import re

from msgspec import Struct

from bbws_readiness.source import Location

UNKNOWN_KEY = "[*]"
"""Stands in an address for an instance key that cannot be told."""


class Reference(Struct, frozen=True):
    """What an expression refers to, as far as the configuration can be asked for it."""

    kind: str
    """`var`, `local`, `module`, `managed`, `data`, `path`, `terraform`, `each`, `count` or `self`."""
    words: tuple[str, ...]
    """The name; type and name of a resource; call and output (when given) of a module."""
    at: Location

    @property
    def key(self) -> tuple[str, ...]:
        """What the reference points at, without the place it stands at."""
        return (self.kind, *self.words)

    def __str__(self) -> str:
        return ".".join(self.words if self.kind == "managed" else (self.kind, *self.words))


def key_text(key: str | int) -> str:
    """An instance key as it stands in an address: `[0]`, `["a"]`."""
    return f"[{key}]" if isinstance(key, int) else f"[{quoted(key)}]"


def quoted(text: str) -> str:
    """`text` as a string literal of the language, escaped as Terraform does in addresses."""
    plain = json.dumps(text, ensure_ascii=False).replace("\\b", "\\u0008").replace("\\f", "\\u000c")
    return re.sub("([$%])(?=\\{)", r"\1\1", plain)


def instance_key_text(key: str | int | None, *, known: bool) -> str:
    """The part of an address that names the instance; empty for a resource without `count` and `for_each`."""
    if not known:
        return UNKNOWN_KEY
    return "" if key is None else key_text(key)


def module_prefix(path: tuple[str, ...]) -> str:
    """What stands before everything in a module: `module.a["x"].`, or nothing in the root module."""
    return "".join(f"module.{step}." for step in path)


def resource_address(module: tuple[str, ...], mode: str, kind: str, name: str, key: str) -> str:
    """The full address of an instance, `key` as `instance_key_text` gives it."""
    data = "data." if mode == "data" else ""
    return f"{module_prefix(module)}{data}{kind}.{name}{key}"


def address_order(address: str) -> tuple[tuple[int, int, str], ...]:
    """Orders addresses alphabetically and their number keys by size."""
    parts = re.split(r"\[(\d+)\]", address)
    return tuple((1, int(part), "") if index % 2 else (0, 0, part) for index, part in enumerate(parts))
