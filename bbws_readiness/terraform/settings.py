"""The settings of a root module: providers, backend, versions."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from bbws_readiness.codes import Code
from bbws_readiness.terraform.diagnostics import Collector, error
from bbws_readiness.terraform.expand import BodyEvaluator
from bbws_readiness.terraform.instances import ModuleInstance
from bbws_readiness.terraform.modules import Module
from bbws_readiness.terraform.nodes import AttributeNode, BlockNode, Literal, ObjectCons
from bbws_readiness.terraform.results import Attribute, BackendSettings, ProviderConfiguration, RequiredProvider
from bbws_readiness.terraform.values import from_python

_PROVIDER_META = frozenset({"alias", "version"})


class Settings(Struct):
    """What `terraform` and `provider` blocks say."""

    providers: tuple[ProviderConfiguration, ...] = ()
    backend: BackendSettings | None = None
    required_version: Attribute | None = None
    required_providers: dict[str, RequiredProvider] = field(default_factory=dict)


def read_settings(root: ModuleInstance, bodies: BodyEvaluator, collector: Collector) -> Settings:
    """Read them; the names a provider configuration refers to have been evaluated."""
    settings = Settings(tuple(_provider(root, block, bodies, collector) for block in root.module.providers))
    for block in root.module.terraform:
        if version := block.body.attribute("required_version"):
            settings.required_version = bodies.attribute(version, root.scope, "terraform")
        for required in block.body.blocks_of("required_providers"):
            for node in required.body.attributes:
                settings.required_providers[node.name] = _required(node)
        for backend in (*block.body.blocks_of("backend"), *block.body.blocks_of("cloud")):
            kind = backend.labels[0] if backend.labels else backend.type
            body = bodies.body(backend.body, root.scope, of=f"backend.{kind}")
            settings.backend = BackendSettings(kind, body.attributes, backend.at)
    return settings


def constraints(settings: Settings, modules: Iterable[Module]) -> dict[str, RequiredProvider]:
    """The required providers of the root, with the constraints of `modules` where it has none: all of them hold."""
    found = dict(settings.required_providers)
    for module in modules:
        for block in module.terraform:
            for required in block.body.blocks_of("required_providers"):
                for node in required.body.attributes:
                    here = _required(node)
                    if here.version and not (node.name in found and found[node.name].version):
                        found[node.name] = here
    return found


def _provider(
    root: ModuleInstance, block: BlockNode, bodies: BodyEvaluator, collector: Collector
) -> ProviderConfiguration:
    alias = block.body.attribute("alias")
    value = alias.expression.value if alias and isinstance(alias.expression, Literal) else None
    if alias and not isinstance(value, str):
        collector.add(error("an alias must be written out", alias.at, code=Code.PROVIDER))
    for reference in root.references_in(block.body):
        if problem := root.undeclared(reference):
            collector.add(problem)
    body = bodies.body(block.body, root.scope, skip=_PROVIDER_META, of=f"provider.{block.labels[0]}")
    return ProviderConfiguration(block.labels[0], value if isinstance(value, str) else None, body, block.at)


def _required(node: AttributeNode) -> RequiredProvider:
    """Only constants can stand here; anything else reads as empty."""
    match node.expression:
        case Literal():
            return RequiredProvider("", str(from_python(node.expression.value).raw), node.at)
        case ObjectCons():
            entries = {
                str(key.value): str(value.value)
                for key, value in node.expression.items
                if isinstance(key, Literal) and isinstance(value, Literal)
            }
            return RequiredProvider(entries.get("source", ""), entries.get("version", ""), node.at)
    return RequiredProvider("", "", node.at)
