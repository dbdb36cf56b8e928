"""Which provider configuration a resource uses, through the modules it stands in."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.terraform.instances import ModuleInstance
from bbws_readiness.terraform.modules import Key
from bbws_readiness.terraform.nodes import BlockNode, Expression, GetAttribute, Literal, Name, ObjectCons


class Configured(Struct, frozen=True):
    """A `provider` block and the module instance it stands in."""

    instance: ModuleInstance
    key: Key
    """`("provider", name, alias)`, the alias empty for the default configuration."""


def provider_name(block: BlockNode) -> str:
    """The provider configuration a resource names by `provider`, or by the first word of its type."""
    node = block.body.attribute("provider")
    return (spelt(node.expression) if node else None) or block.labels[0].split("_", 1)[0]


def spelt(node: Expression) -> str | None:
    """A provider configuration as it is written: `aws`, `aws.replica`."""
    match node:
        case Name(name=name):
            return name
        case GetAttribute(source=Name(name=name), name=alias):
            return f"{name}.{alias}"
        case Literal(value=str(name)):
            return name
    return None


def configured(instance: ModuleInstance, wanted: str) -> Configured | None:
    """The `provider` block that `wanted`, a name in this module, stands for; None when nothing configures it."""
    current: ModuleInstance | None = instance
    while current is not None:
        name, _, alias = wanted.partition(".")
        key = ("provider", name, alias)
        if key in current.module.provider_blocks and not _is_proxy(current, key):
            return Configured(current, key)
        passed = passed_providers(current)
        if wanted in passed:
            wanted = passed[wanted]
        elif alias:
            # Only the default configuration reaches a module without being passed.
            return None
        current = current.parent
    return None


def passed_providers(instance: ModuleInstance) -> dict[str, str]:
    """What the call of this module passes as `providers`: names inside, and what they stand for outside."""
    node = instance.call.body.attribute("providers") if instance.call else None
    if node is None or not isinstance(node.expression, ObjectCons):
        return {}
    found = {}
    for key, value in node.expression.items:
        inside, outside = spelt(key), spelt(value)
        if inside and outside:
            found[inside] = outside
    return found


def _is_proxy(instance: ModuleInstance, key: Key) -> bool:
    """Whether an empty block only announces a configuration that the caller passes, as before Terraform 0.15."""
    block = instance.module.provider_blocks[key]
    wanted = key[1] if not key[2] else f"{key[1]}.{key[2]}"
    empty = not block.body.blocks and all(attribute.name == "alias" for attribute in block.body.attributes)
    return empty and instance.parent is not None and wanted in passed_providers(instance)
