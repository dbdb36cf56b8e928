"""One instance of a module: its names, what they stand for, and what each needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, near_name
from bbws_readiness.terraform.accessors import computed
from bbws_readiness.terraform.addresses import Reference, instance_key_text, module_prefix
from bbws_readiness.terraform.diagnostics import Fault, error
from bbws_readiness.terraform.expand import Expansion
from bbws_readiness.terraform.modules import Key, Module
from bbws_readiness.terraform.nodes import AttributeNode, BlockNode, BodyNode
from bbws_readiness.terraform.provider.tags import TagRules
from bbws_readiness.terraform.results import Body, ResourceInstance
from bbws_readiness.terraform.scope import Scope, body_references, references
from bbws_readiness.terraform.types import DYNAMIC
from bbws_readiness.terraform.values import Because, Value, object_of, string, tuple_of, unknown

META_ARGUMENTS = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"})
"""What in a resource block is Terraform's own."""
CALL_ARGUMENTS = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})
"""What in a module block is Terraform's own."""
_REPETITION = frozenset({"each", "count", "self", "path", "terraform"})


class Environment(Struct, frozen=True):
    """What is the same for all instances."""

    root: str
    """The root module's directory."""
    workspace: Value
    """The selected one."""


class ModuleCall(Struct):
    """An evaluated `module` block."""

    expansion: Expansion
    children: list[ModuleInstance]
    """In the order of the expansion's instances; empty when the source is not in the project."""
    unknown: Value | None = None
    """What stands for all outputs when there are no children."""


class ModuleInstance(Struct, eq=False):
    """A module with one set of inputs. The root module is one without a parent."""

    environment: Environment
    module: Module
    steps: tuple[str, ...] = ()
    parent: ModuleInstance | None = None
    bound: Mapping[str, Value] = field(default_factory=dict)
    """`each` and `count` in the parent, with which the inputs are evaluated."""
    inputs: Mapping[str, AttributeNode] = field(default_factory=dict)
    """The arguments of the call."""
    call: BlockNode | None = None
    """The `module` block; None for the root module."""
    values: dict[Key, Value] = field(default_factory=dict)
    tag_rules: dict[Key, TagRules] = field(default_factory=dict)
    """Of the evaluated `provider` blocks."""
    calls: dict[str, ModuleCall] = field(default_factory=dict)
    resources: dict[Key, list[ResourceInstance]] = field(default_factory=dict)
    expansions: dict[Key, Expansion] = field(default_factory=dict)
    """Of the resources, under the same keys."""
    cyclic: set[Key] = field(default_factory=set)

    @property
    def scope(self) -> Scope:
        """The scope of expressions in this module outside every repetition."""
        return Scope(self)

    def name_of(self, key: Key) -> str:
        """How messages name what `key` stands for."""
        words = key[1:] if key[0] == "managed" else tuple(word for word in key if word)
        return module_prefix(self.steps) + ".".join(words)

    def resolve(self, reference: Reference) -> Value:
        """What a reference in this module stands for; everything needed has been evaluated."""
        match reference.kind:
            case "path":
                return self._path(reference)
            case "terraform":
                return self._terraform(reference)
            case "each" | "count" | "self":
                where = {"each": "where for_each is set", "count": "where count is set"}.get(reference.kind)
                raise Fault(
                    f'"{reference.kind}" is known only {where or "in provisioners"}', reference.at, code=Code.NOT_HERE
                )
            case "module":
                return self._module(reference)
        found = self.values.get(reference.key)
        if found is not None:
            return found
        if reference.key in self.cyclic:
            return unknown(DYNAMIC, f"{reference} is part of a reference cycle", reference.at)
        return unknown(DYNAMIC, f"{reference} is not declared", reference.at)

    def undeclared(self, reference: Reference) -> Diagnostic | None:
        """What is wrong with a reference to something the module does not declare."""
        if reference.kind in _REPETITION:
            return None
        key: Key = reference.key[:2] if reference.kind == "module" else reference.key
        if self.module.declares(key):
            return None
        what = {"var": "variable", "local": "local value", "module": "module call", "data": "data source"}
        name = ".".join(key[1:])
        near = near_name(name, self.module.names(reference.kind))
        where = f" in module.{'.module.'.join(self.steps)}" if self.steps else ""
        return error(
            f'there is no {what.get(reference.kind, "resource")} "{name}"{where}',
            reference.at,
            f'did you mean "{near}"?' if near else "",
            code=Code.UNDECLARED,
        )

    def references_of(self, key: Key) -> Iterator[Reference]:
        """Every reference in what this module declares under `key`."""
        if key[0] == "local":
            yield from references(self.module.locals[key[1]].expression)
            return
        if key[0] == "provider":
            yield from body_references(self.module.provider_blocks[key].body, skip=frozenset({"alias", "version"}))
            return
        block = self.module.blocks[key]
        if key[0] == "module":
            for name in ("count", "for_each"):
                if node := block.body.attribute(name):
                    yield from references(node.expression)
        elif key[0] == "output":
            if node := block.body.attribute("value"):
                yield from references(node.expression)
        else:
            skip = META_ARGUMENTS - {"count", "for_each"}
            yield from body_references(block.body, skip=skip)

    def references_in(self, body: BodyNode) -> Iterator[Reference]:
        """Every reference in a body of this module."""
        return body_references(body)

    def resource_value(self, key: Key, expansion: Expansion) -> Value:
        """What `type.name` stands for: one object, or all instances under their keys."""
        instances = self.resources[key]
        if expansion.reason:
            return unknown(DYNAMIC, expansion.reason, self.module.blocks[key].at)
        objects = [resource_object(instance) for instance in instances]
        if expansion.mode == "single":
            return objects[0]
        if expansion.mode == "count":
            return tuple_of(objects)
        return object_of({str(instance.key): value for instance, value in zip(instances, objects, strict=True)})

    def _path(self, reference: Reference) -> Value:
        match reference.words[0]:
            case "module":
                return string(_relative(self.module.directory, self.environment.root))
            case "root":
                return string(".")
            case "cwd":
                return unknown(DYNAMIC, "path.cwd depends on the machine Terraform runs on", reference.at)
        raise Fault(f'there is no "{reference}"', reference.at, "path has module, root and cwd", code=Code.UNDECLARED)

    def _terraform(self, reference: Reference) -> Value:
        if reference.words[0] == "workspace":
            return self.environment.workspace
        raise Fault(f'there is no "{reference}"', reference.at, "terraform has only workspace", code=Code.UNDECLARED)

    def _module(self, reference: Reference) -> Value:
        call = self.calls.get(reference.words[0])
        if call is None:
            return unknown(DYNAMIC, f"{reference} is not declared or part of a reference cycle", reference.at)
        if call.unknown is not None:
            return call.unknown
        outputs = [child.outputs() for child in call.children]
        if call.expansion.reason:
            return unknown(DYNAMIC, call.expansion.reason, reference.at)
        if call.expansion.mode == "single":
            return outputs[0]
        if call.expansion.mode == "count":
            return tuple_of(outputs)
        keys = [str(instance.key) for instance in call.expansion.instances]
        return object_of(dict(zip(keys, outputs, strict=True)))

    def outputs(self) -> Value:
        """All outputs as one object; those that nobody has asked for yet are unknown in it."""
        found = {}
        for key, block in self.module.blocks.items():
            if key[0] == "output":
                waiting = unknown(DYNAMIC, f"{self.name_of(key)} is part of a reference cycle", block.at)
                found[key[1]] = self.values.get(key, waiting)
        return object_of(found)


def resource_object(instance: ResourceInstance) -> Value:
    """A resource as an expression sees it: as planned where its type is recorded."""
    return instance.planned if instance.planned is not None else _open_object(instance)


def _open_object(instance: ResourceInstance) -> Value:
    """What is written, and an open end for what the provider computes."""
    members: dict[str, Value] = {}
    for name, attribute in instance.body.attributes.items():
        # Null leaves it to the provider, which may fill in a default.
        if not attribute.value.is_null:
            members[name] = attribute.value.reached_through(attribute.at)
    for kind in dict.fromkeys(block.type for block in instance.body.blocks):
        members[kind] = _blocks_value(instance, kind)
    return object_of({**members, **instance.computed}, computed_of=instance.address)


def _blocks_value(instance: ResourceInstance, kind: str) -> Value:
    """A nested block as a list of one object; with several, the schema decides their order, so nothing is told."""
    blocks = instance.body.blocks_of(kind)
    address = f"{instance.address}.{kind}"
    if len(blocks) != 1 or blocks[0].unknown:
        return unknown(DYNAMIC, f"the order of the {kind} blocks of {instance.address} is not told by the files")
    return tuple_of((_block_object(blocks[0].body, address),))


def _block_object(body: Body, address: str) -> Value:
    members = {
        name: attribute.value.reached_through(attribute.at)
        for name, attribute in body.attributes.items()
        if not attribute.value.is_null
    }
    for kind in dict.fromkeys(block.type for block in body.blocks):
        reason = computed(address, kind)
        members[kind] = Value(DYNAMIC, unknown().raw, (Because(reason, body.at),))
    return object_of(members, computed_of=address)


def call_step(name: str, key: str | int | None, *, known: bool) -> str:
    """One step of a module path, as it stands in an address."""
    return name + instance_key_text(key, known=known)


def _relative(directory: str, root: str) -> str:
    if directory == root:
        return "."
    base = "" if root in ("", ".") else f"{root}/"
    return directory.removeprefix(base) if directory.startswith(base) else _upwards(directory, root)


def _upwards(directory: str, root: str) -> str:
    parts, base = directory.split("/"), root.split("/")
    shared = 0
    while shared < min(len(parts), len(base)) and parts[shared] == base[shared]:
        shared += 1
    return "/".join([".."] * (len(base) - shared) + parts[shared:])


class GraphNode(Struct, frozen=True):
    """One name in one module instance."""

    instance: ModuleInstance
    key: Key

    def __str__(self) -> str:
        return self.instance.name_of(self.key)
