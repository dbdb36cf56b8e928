"""Evaluates a root module with everything below it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.source import Location
from bbws_readiness.terraform.addresses import (
    Reference,
    address_order,
    instance_key_text,
    module_prefix,
    resource_address,
)
from bbws_readiness.terraform.conditions import caller_conditions, check_conditions
from bbws_readiness.terraform.data_sources import DataSources
from bbws_readiness.terraform.diagnostics import Collector, Fault, error, warning
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.expand import BodyEvaluator, Expansion, Instance, expand
from bbws_readiness.terraform.graph import Order
from bbws_readiness.terraform.host import ProjectHost
from bbws_readiness.terraform.instances import (
    CALL_ARGUMENTS,
    META_ARGUMENTS,
    Environment,
    GraphNode,
    ModuleCall,
    ModuleInstance,
    call_step,
)
from bbws_readiness.terraform.limits import MAX_INSTANCES, MAX_MODULE_DEPTH
from bbws_readiness.terraform.modules import Key, Module, is_local, load_module, local_directory
from bbws_readiness.terraform.nodes import BlockNode, Literal
from bbws_readiness.terraform.outlines import with_arn
from bbws_readiness.terraform.provider.plan import plan_resource
from bbws_readiness.terraform.provider.schema import resource_schema
from bbws_readiness.terraform.provider.tags import NO_TAG_RULES, read_tag_rules
from bbws_readiness.terraform.providers import configured, provider_name
from bbws_readiness.terraform.results import (
    Attribute,
    Body,
    Evaluation,
    FileReader,
    RemoteModule,
    ResourceInstance,
    TfvarsEntry,
    VariableState,
)
from bbws_readiness.terraform.scope import Scope, references
from bbws_readiness.terraform.settings import constraints, read_settings
from bbws_readiness.terraform.statements import check_statements, ignored_changes, moves, released
from bbws_readiness.terraform.switches import switches
from bbws_readiness.terraform.types import DYNAMIC
from bbws_readiness.terraform.validation import check_validations
from bbws_readiness.terraform.values import Sensitive, Value, unknown
from bbws_readiness.terraform.variables import (
    Declaration,
    Passed,
    fit,
    gather_settings,
    provenance,
    read_declaration,
    seen,
    settle,
    told_inputs,
    told_undeclared,
    undeclared_entries,
    workspace_value,
)


def evaluate_configuration(
    files: FileReader,
    directory: str,
    *,
    var_files: Sequence[str] = (),
    variables: Mapping[str, str | Passed] | None = None,
    workspace: str | Passed = "default",
) -> Evaluation:
    """The root module in `directory`, as far as the files tell.

    `var_files` are paths relative to the reader's root, in order of precedence; `variables` are `-var` values, which
    win over everything; `Passed` tells where one stands, or why it is unknown. Nothing is raised for what the
    configuration contains.
    """
    return Run(files, directory, workspace).run(var_files, variables or {})


class Run:
    """One evaluation; the plan that `graph.Order` follows."""

    def __init__(self, files: FileReader, directory: str, workspace: str | Passed) -> None:
        self.root = posixpath.normpath(directory or ".")
        # Not the run itself, which holds the instances: a circle would keep all of it until somebody looks for circles.
        self._environment = Environment(self.root, workspace_value(workspace))
        self._files = files
        self._collector = Collector()
        host = ProjectHost(files, self.root)
        self._evaluator = host.evaluator = Evaluator(self._collector, host)
        self._bodies = BodyEvaluator(self._evaluator, self._collector)
        self._data_sources = DataSources(self._collector)
        self._modules: dict[str, Module] = {}
        self._declarations: dict[tuple[str, str], Declaration] = {}
        self._instances: list[ModuleInstance] = []
        self.root_module: ModuleInstance | None = None
        """The names of the root module, once they are evaluated."""
        self._remote: list[RemoteModule] = []
        self._complete = True
        self._created = 0

    # -- the whole ---------------------------------------------------------------------------------------------------

    def run(self, var_files: Sequence[str], variables: Mapping[str, str | Passed]) -> Evaluation:
        """Evaluate everything there is, used or not."""
        module = self._module(self.root)
        root = self.root_module = ModuleInstance(self._environment, module)
        states, undeclared = self._root_variables(root, var_files, variables)
        self._instances.append(root)
        order = Order(self)
        for instance in self._instances:
            # The list grows while modules are expanded.
            for key in [*instance.module.blocks, *(("local", name) for name in instance.module.locals)]:
                order.demand(GraphNode(instance, key))
        failed = [
            check_validations(instance, self._declared(instance), self._evaluator, self._collector)
            for instance in self._instances
        ]
        states = tuple(replace(s, errors=(*s.errors, *failed[0].get(s.name, ()))) for s in states)
        for instance in self._instances:
            check_conditions(instance, self._evaluator, self._collector)
            self._collector.add(*check_statements(instance))
        settings = read_settings(root, self._bodies, self._collector)
        resources = [found for instance in self._instances for each in instance.resources.values() for found in each]
        return Evaluation(
            directory=self.root,
            files=module.files,
            resources=tuple(sorted(resources, key=lambda resource: address_order(resource.address))),
            variables=states,
            undeclared=undeclared,
            outputs=self._attributes(root, "output"),
            locals=self._attributes(root, "local"),
            providers=settings.providers,
            backend=settings.backend,
            required_version=settings.required_version,
            required_providers=constraints(settings, (one.module for one in self._instances)),
            remote_modules=tuple(sorted(self._remote)),
            diagnostics=self._collector.all(),
            complete=self._complete,
            switches=switches(module),
            caller_conditions=tuple(at for instance in self._instances for at in caller_conditions(instance)),
            moved=tuple(move for instance in self._instances for move in moves(instance)),
            released=tuple(address for instance in self._instances for address in released(instance)),
        )

    def _root_variables(
        self, root: ModuleInstance, var_files: Sequence[str], variables: Mapping[str, str | Passed]
    ) -> tuple[tuple[VariableState, ...], tuple[TfvarsEntry, ...]]:
        places = gather_settings(self._files, self.root, var_files, variables, self._collector)
        declared = self._declared(root)
        states = []
        for name in sorted(declared):
            state = settle(declared[name], places.get(name, ()), self._evaluator)
            root.values["var", name] = seen(declared[name], state.value)
            self._collector.add(*state.errors)
            states.append(state)
        undeclared = undeclared_entries(places, list(declared))
        self._collector.add(*told_undeclared(undeclared, places))
        return tuple(states), undeclared

    def _declared(self, instance: ModuleInstance) -> dict[str, Declaration]:
        found = {}
        for key, block in instance.module.blocks.items():
            if key[0] == "var":
                place = (instance.module.directory, key[1])
                if place not in self._declarations:
                    self._declarations[place] = read_declaration(block, self._evaluator)
                found[key[1]] = self._declarations[place]
        return found

    def _attributes(self, root: ModuleInstance, kind: str) -> dict[str, Attribute]:
        found = {}
        if kind == "local":
            for name, node in root.module.locals.items():
                value = root.values["local", name]
                found[name] = Attribute(value, node.at, value.via)
        else:
            for key, block in root.module.blocks.items():
                if key[0] == "output":
                    found[key[1]] = Attribute(root.values[key], block.at, root.values[key].via)
        return dict(sorted(found.items()))

    # -- the plan ----------------------------------------------------------------------------------------------------

    def needs(self, node: GraphNode) -> Iterator[GraphNode]:
        """What a name needs before it can be evaluated; undeclared references are told here, used or not."""
        instance, key = node.instance, node.key
        if key[0] == "var":
            parent = instance.parent
            given = instance.inputs.get(key[1])
            if parent is not None and given is not None:
                yield from self._needs_of(parent, references(given.expression))
            return
        if key[0] == "managed" and (provider := configured(instance, provider_name(instance.module.blocks[key]))):
            yield GraphNode(provider.instance, provider.key)
        yield from self._needs_of(instance, instance.references_of(key))

    def _needs_of(self, instance: ModuleInstance, found: Iterable[Reference]) -> Iterator[GraphNode]:
        for reference in found:
            if problem := instance.undeclared(reference):
                self._collector.add(problem)
                continue
            if reference.kind in ("var", "local", "managed", "data", "ephemeral"):
                yield GraphNode(instance, reference.key)
            elif reference.kind == "module":
                yield GraphNode(instance, reference.key[:2])
                call = instance.calls.get(reference.words[0])
                for child in call.children if call else ():
                    for output in child.module.blocks:
                        if output[0] == "output" and output[1:] == (reference.words[1:] or output[1:]):
                            yield GraphNode(child, output)

    def report_cycle(self, cycle: Sequence[GraphNode]) -> None:
        """Tell the cycle once, beginning with its first name in alphabetical order."""
        names = [str(node) for node in cycle]
        first = names.index(min(names))
        chain = [*names[first:], *names[:first], names[first]]
        start = cycle[first]
        for node in cycle:
            node.instance.cyclic.add(node.key)
        self._collector.add(error(f"reference cycle: {' -> '.join(chain)}", self._place(start), code=Code.CYCLE))

    def _place(self, node: GraphNode) -> Location:
        module = node.instance.module
        if node.key[0] == "local":
            return module.locals[node.key[1]].at
        return (module.provider_blocks if node.key[0] == "provider" else module.blocks)[node.key].at

    # -- one node ----------------------------------------------------------------------------------------------------

    def evaluate(self, node: GraphNode) -> None:
        """Evaluate one name; what it needs is done."""
        instance, key = node.instance, node.key
        match key[0]:
            case "local":
                local = instance.module.locals[key[1]]
                value = self._evaluator.attempt(local.expression, instance.scope, instance.name_of(key))
                instance.values[key] = value.reached_through(local.at)
            case "var":
                if instance.parent is not None:
                    instance.values[key] = self._input(instance, self._declared(instance)[key[1]])
            case "output":
                instance.values[key] = self._output(instance, key)
            case "managed" | "data":
                self._resource(instance, key)
            case "ephemeral":
                reason = f"{instance.name_of(key)} exists only while Terraform runs"
                instance.values[key] = unknown(DYNAMIC, reason, instance.module.blocks[key].at)
            case "provider":
                body = self._bodies.body(instance.module.provider_blocks[key].body, instance.scope, of=key[1])
                instance.tag_rules[key] = read_tag_rules(body)
            case "module":
                self._call(instance, key[1])

    def _input(self, instance: ModuleInstance, declaration: Declaration) -> Value:
        given = instance.inputs.get(declaration.name)
        if given is None or instance.parent is None:
            if declaration.default is not None:
                return provenance(declaration, declaration.default, declaration.default_at)
            return provenance(declaration, unknown(DYNAMIC, f'input "{declaration.name}" is not given'), None)
        scope = instance.parent.scope.binding(instance.bound)
        value = self._evaluator.attempt(given.expression, scope, declaration.name)
        try:
            value = fit(declaration, value, given.at)
        except Fault as fault:
            self._collector.add(fault.diagnostic())
            value = unknown(DYNAMIC, fault.summary, fault.at)
        return seen(declaration, provenance(declaration, value, given.at))

    def _output(self, instance: ModuleInstance, key: Key) -> Value:
        block = instance.module.blocks[key]
        node = block.body.attribute("value")
        if node is None:
            self._collector.add(error(f'output "{key[1]}" has no value', block.at, code=Code.OUTPUT_VALUE))
            return unknown(DYNAMIC, f"{instance.name_of(key)} has no value", block.at)
        value = self._evaluator.attempt(node.expression, instance.scope, instance.name_of(key))
        sensitive = block.body.attribute("sensitive")
        if sensitive and isinstance(sensitive.expression, Literal) and sensitive.expression.value is True:
            value = value.marked((Sensitive(),))
        return value.reached_through(node.at)

    def _resource(self, instance: ModuleInstance, key: Key) -> None:
        mode, kind, name = key
        block = instance.module.blocks[key]
        address = resource_address(instance.steps, mode, kind, name, "")
        expansion = self._expand(instance, block, address)
        found = []
        for each in expansion.instances:
            own = resource_address(instance.steps, mode, kind, name, instance_key_text(each.key, known=each.known))
            body = self._bodies.body(block.body, instance.scope.binding(each.bound), skip=META_ARGUMENTS, of=own)
            found.append(
                ResourceInstance(
                    own,
                    mode,
                    kind,
                    name,
                    instance.steps,
                    each.key,
                    each.known,
                    body,
                    block.at,
                    provider_name(block),
                    self._prevents_destroy(block, instance.scope),
                    self._planned(instance, block, body, own),
                    self._data_sources.computed(block, body, own),
                    ignored_changes(block),
                )
            )
        instance.resources[key] = found
        instance.expansions[key] = expansion
        instance.values[key] = instance.resource_value(key, expansion)

    def _planned(self, instance: ModuleInstance, block: BlockNode, body: Body, address: str) -> Value | None:
        schema = resource_schema(block.labels[0]) if block.type == "resource" else None
        if schema is None:
            return None
        provider = configured(instance, provider_name(block))
        rules = provider.instance.tag_rules.get(provider.key, NO_TAG_RULES) if provider else NO_TAG_RULES
        planned = plan_resource(schema, body, address, rules)
        self._collector.add(*planned.problems)
        return with_arn(block.labels[0], planned.value)

    def _prevents_destroy(self, block: BlockNode, scope: Scope) -> bool:
        for lifecycle in block.body.blocks_of("lifecycle"):
            if node := lifecycle.body.attribute("prevent_destroy"):
                return self._evaluator.attempt(node.expression, scope).raw is True
        return False

    def _expand(self, instance: ModuleInstance, block: BlockNode, address: str) -> Expansion:
        expansion = expand(block, instance.scope, self._evaluator, self._collector, address)
        self._created += len(expansion.instances)
        if self._created <= MAX_INSTANCES:
            return expansion
        reason = f"more than {MAX_INSTANCES} instances"
        self._collector.add(error(reason, block.at, code=Code.INSTANCES))
        return Expansion(expansion.mode, (Instance(None, False),), reason)

    def _call(self, instance: ModuleInstance, name: str) -> None:
        block = instance.module.blocks["module", name]
        address = f"{module_prefix(instance.steps)}module.{name}"
        expansion = self._expand(instance, block, address)
        module, absent = self._called(instance, block, address)
        if module is None:
            instance.calls[name] = ModuleCall(expansion, [], absent)
            return
        children = [self._child(instance, module, block, each) for each in expansion.instances]
        instance.calls[name] = ModuleCall(expansion, children)
        self._instances.extend(children)
        if children:
            declared = self._declared(children[0])
            self._collector.add(*told_inputs(block, children[0].inputs, declared))

    def _called(self, instance: ModuleInstance, block: BlockNode, address: str) -> tuple[Module | None, Value]:
        node = block.body.attribute("source")
        if node is None or not isinstance(node.expression, Literal):
            what = "needs a source" if node is None else "needs a source that is written out"
            self._collector.add(error(f"{address} {what}", node.at if node else block.at, code=Code.MODULE_SOURCE))
            return None, unknown(DYNAMIC, f"{address} {what}", block.at)
        source = str(node.expression.value)
        if not is_local(source):
            self._remote.append(RemoteModule(address, source, node.at))
            self._collector.add(
                warning("remote module source is not fetched", node.expression.at, code=Code.MODULE_REMOTE)
            )
            return None, unknown(DYNAMIC, f"{address} comes from {source}, which is not in the project", node.at)
        directory = local_directory(instance.module.directory, source)
        if directory is None or len(instance.steps) >= MAX_MODULE_DEPTH:
            what = "path leaves the project" if directory is None else f"modules nest deeper than {MAX_MODULE_DEPTH}"
            self._complete = False
            self._collector.add(
                error(what, node.expression.at, code=Code.MODULE_OUTSIDE if directory is None else Code.MODULE_DEPTH)
            )
            return None, unknown(DYNAMIC, f"{address}: {what}", node.at)
        return self._module(directory), unknown()

    def _child(self, parent: ModuleInstance, module: Module, block: BlockNode, each: Instance) -> ModuleInstance:
        step = call_step(block.labels[0], each.key, known=each.known)
        inputs = {node.name: node for node in block.body.attributes if node.name not in CALL_ARGUMENTS}
        return ModuleInstance(self._environment, module, (*parent.steps, step), parent, each.bound, inputs, block)

    def _module(self, directory: str) -> Module:
        if directory not in self._modules:
            module = load_module(self._files, directory)
            self._collector.add(*module.diagnostics)
            self._complete = self._complete and module.complete
            self._modules[directory] = module
        return self._modules[directory]
