"""Input variables: what is declared, which place sets the value, and whether it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, near_name
from bbws_readiness.source import Location, Refused, Source
from bbws_readiness.terraform.addresses import Reference
from bbws_readiness.terraform.constraints import parse_constraint
from bbws_readiness.terraform.convert import ConversionError, convert, plain
from bbws_readiness.terraform.diagnostics import Collector, Fault, error, warning
from bbws_readiness.terraform.evaluate import Evaluator
from bbws_readiness.terraform.functions.spec import PathPattern
from bbws_readiness.terraform.nodes import AttributeNode, BlockNode
from bbws_readiness.terraform.results import FileReader, TfvarsEntry, VariableState
from bbws_readiness.terraform.scope import Scope
from bbws_readiness.terraform.syntax import parse_expression, parse_file
from bbws_readiness.terraform.types import DYNAMIC, STRING, DynamicType, PrimitiveType, Type
from bbws_readiness.terraform.values import Sensitive, Value, string, unknown


class Declaration(Struct, frozen=True):
    """One `variable` block, read."""

    name: str
    type: Type
    default: Value | None
    default_at: Location | None
    nullable: bool
    sensitive: bool
    ephemeral: bool
    block: BlockNode
    errors: tuple[Diagnostic, ...] = ()


class Passed(Struct, frozen=True):
    """What is passed for a variable from outside, and where: a text as on a command line, or nothing that is known."""

    at: Location
    text: str | None = None
    """None when it cannot be told."""
    reason: str = ""
    """Why it cannot be told."""


class Setting(Struct, frozen=True):
    """One place that sets a variable; `text` is what stands on a command line, not parsed yet."""

    at: Location
    value: Value | None = None
    text: str = ""
    on_command_line: bool = False


class Constants:
    """A resolver for places where only constants may stand."""

    def resolve(self, reference: Reference) -> Value:
        """Always a fault."""
        raise Fault(f"{reference} cannot be used here: only constants can", reference.at, code=Code.NOT_HERE)


CONSTANTS = Scope(Constants())


def parse_tfvars(source: Source) -> tuple[tuple[TfvarsEntry, ...], tuple[Diagnostic, ...]]:
    """The entries of a tfvars file, in source order, and what is wrong with it."""
    parsed = parse_file(source)
    if parsed.body is None:
        return (), parsed.diagnostics
    collector = Collector()
    evaluator = Evaluator(collector, NoHost())
    for block in parsed.body.blocks:
        collector.add(
            error(
                f'block "{block.type}" cannot stand in a file of values',
                block.at,
                'write "name = value"',
                code=Code.BLOCK,
            )
        )
    entries = tuple(
        TfvarsEntry(attribute.name, evaluator.attempt(attribute.expression, CONSTANTS), attribute.at)
        for attribute in parsed.body.attributes
    )
    return entries, collector.all()


class NoHost:
    """A host for files of values, where functions cannot be called for their surroundings."""

    def read(self, path: str) -> Source | Refused:
        """Nothing can be read."""
        return Refused("files cannot be read here", Location(path, 0), code=Code.NOT_HERE)

    def exists(self, path: str) -> bool:
        """Nothing is there."""
        return False

    def files_below(self, path: str, wanted: PathPattern) -> list[str]:
        """No files."""
        return []

    def render(self, source: Source, names: dict[str, Value], at: Location) -> Value:
        """Nothing is rendered."""
        raise Fault("templates cannot be used here", at, code=Code.NOT_HERE)


def read_declaration(block: BlockNode, evaluator: Evaluator) -> Declaration:
    """What a `variable` block declares; what cannot be read is left at its default and told in `errors`."""
    faults: list[Diagnostic] = []
    kind: Type = DYNAMIC
    default: Value | None = None
    type_node, default_node = block.body.attribute("type"), block.body.attribute("default")
    try:
        if type_node:
            kind = parse_constraint(type_node.expression, evaluator, CONSTANTS)
        if default_node:
            default = evaluator.evaluate(default_node.expression, CONSTANTS)
            default = convert(default, kind)
    except Fault as fault:
        faults.append(fault.diagnostic())
    except ConversionError as problem:
        at = default_node.at if default_node else block.at
        faults.append(
            error(
                f'the default of variable "{block.labels[0]}" does not fit its type: {problem}',
                at,
                code=Code.VARIABLE_DEFAULT,
            )
        )
        default = unknown(plain(kind), f'the default of variable "{block.labels[0]}" does not fit its type', at)
    nullable = _flag(block, "nullable", evaluator, default=True)
    if default_node and default is not None and default.is_null and not nullable:
        faults.append(
            error(
                f'the default of variable "{block.labels[0]}" is null, which nullable excludes',
                default_node.at,
                code=Code.VARIABLE_DEFAULT,
            )
        )
    return Declaration(
        block.labels[0],
        kind,
        default,
        default_node.at if default_node else None,
        nullable,
        _flag(block, "sensitive", evaluator, default=False),
        _flag(block, "ephemeral", evaluator, default=False),
        block,
        tuple(faults),
    )


def _flag(block: BlockNode, name: str, evaluator: Evaluator, *, default: bool) -> bool:
    node = block.body.attribute(name)
    if node is None:
        return default
    value = evaluator.attempt(node.expression, CONSTANTS)
    return value.raw if isinstance(value.raw, bool) else default


def gather_settings(
    files: FileReader,
    directory: str,
    var_files: Sequence[str],
    variables: Mapping[str, str | Passed],
    collector: Collector,
) -> dict[str, list[Setting]]:
    """Every place that sets a value, in Terraform's order of precedence, the winning one last."""
    settings: dict[str, list[Setting]] = {}
    present = files.listdir(directory)
    automatic: list[str] = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in present]
    automatic += sorted(name for name in present if name.endswith((".auto.tfvars", ".auto.tfvars.json")))
    prefix = "" if directory in ("", ".") else f"{directory}/"
    for path in [*(prefix + name for name in automatic), *var_files]:
        source = files.read(path)
        if isinstance(source, Refused):
            collector.add(Diagnostic.of_refusal(source))
            continue
        entries, diagnostics = parse_tfvars(source)
        collector.add(*diagnostics)
        for entry in entries:
            settings.setdefault(entry.name, []).append(Setting(entry.at, entry.value))
    for name, given in variables.items():
        passed = given if isinstance(given, Passed) else Passed(Location(f"-var {name}", 0), given)
        settings.setdefault(name, []).append(_setting(name, passed))
    return settings


def _setting(name: str, passed: Passed) -> Setting:
    if passed.text is not None:
        return Setting(passed.at, None, passed.text, on_command_line=True)
    reason = passed.reason or f'what is passed for variable "{name}" is not known'
    return Setting(passed.at, unknown(DYNAMIC, reason, passed.at), on_command_line=True)


def undeclared_entries(settings: Mapping[str, list[Setting]], declared: Sequence[str]) -> tuple[TfvarsEntry, ...]:
    """The settings of names that nothing declares, each with the declared name spelt most like it."""
    entries: list[TfvarsEntry] = []
    for name, places in settings.items():
        if name not in declared:
            near = near_name(name, declared)
            entries.extend(TfvarsEntry(name, p.value or string(p.text), p.at, near) for p in places)
    return tuple(sorted(entries, key=lambda entry: entry.at))


def settle(declaration: Declaration, places: Sequence[Setting], evaluator: Evaluator) -> VariableState:
    """The value a variable of the root module gets."""
    faults = list(declaration.errors)
    winner = places[-1] if places else None
    at = declaration.block.at
    if winner is None:
        value, via = _default(declaration), declaration.default_at
    else:
        value, via = _given(declaration, winner, evaluator, faults), winner.at
    missing = winner is None and declaration.default is None
    if missing and not faults:
        faults.append(
            error(f'variable "{declaration.name}" is required and nothing sets it', at, code=Code.VARIABLE_MISSING)
        )
    return VariableState(
        name=declaration.name,
        type_text=str(declaration.type),
        declared_at=at,
        default_at=declaration.default_at,
        set_at=winner.at if winner else None,
        overridden=tuple(place.at for place in places[:-1]),
        value=provenance(declaration, value, via),
        required=declaration.default is None and declaration.default_at is None,
        missing=missing,
        sensitive=declaration.sensitive,
        errors=tuple(faults),
    )


def provenance(declaration: Declaration, value: Value, via: Location | None) -> Value:
    """`value` marked with the lines it came through and with the variable's sensitivity."""
    value = value.reached_through(*((declaration.block.at, via) if via else (declaration.block.at,)))
    return value.marked((Sensitive(),)) if declaration.sensitive else value


def seen(declaration: Declaration, value: Value) -> Value:
    """What expressions see: an ephemeral value is never part of a plan, so nothing may be told that depends on it."""
    if not declaration.ephemeral:
        return value
    return unknown(plain(declaration.type), f'variable "{declaration.name}" is ephemeral', declaration.block.at)


def fit(declaration: Declaration, value: Value, at: Location) -> Value:
    """`value` as the variable's type. Raises `Fault`."""
    if value.is_null and not declaration.nullable:
        if declaration.default is None:
            raise Fault(f'variable "{declaration.name}" must not be null', at, code=Code.VARIABLE_VALUE)
        return declaration.default
    try:
        return convert(value, declaration.type)
    except ConversionError as problem:
        raise Fault(
            f'the value of variable "{declaration.name}" does not fit: {problem}', at, code=Code.VARIABLE_VALUE
        ) from None


def _default(declaration: Declaration) -> Value:
    if declaration.default is not None:
        return declaration.default
    reason = f'variable "{declaration.name}" is not set'
    return unknown(plain(declaration.type), reason, declaration.block.at)


def _given(declaration: Declaration, place: Setting, evaluator: Evaluator, faults: list[Diagnostic]) -> Value:
    try:
        value = place.value if place.value is not None else _from_text(declaration, place, evaluator)
        return fit(declaration, value, place.at)
    except Fault as fault:
        faults.append(fault.diagnostic())
        return unknown(plain(declaration.type), f'the value of variable "{declaration.name}" does not fit', place.at)


def _from_text(declaration: Declaration, place: Setting, evaluator: Evaluator) -> Value:
    """Text from a command line: as it stands for a simple type, an expression for any other."""
    if isinstance(declaration.type, PrimitiveType | DynamicType):
        return string(place.text.encode("utf-8", "replace").decode())
    return evaluator.evaluate(parse_expression(place.text, replace(place.at, line=1)), CONSTANTS)


def told_undeclared(entries: Sequence[TfvarsEntry], places: Mapping[str, Sequence[Setting]]) -> Iterator[Diagnostic]:
    """What Terraform says of values for variables that nobody declares."""
    for entry in entries:
        hint = f'did you mean "{entry.near}"?' if entry.near else "declare it or remove the line"
        # A line too many in a file is allowed; a `-var` too many is not.
        tell = error if any(p.at == entry.at and p.on_command_line for p in places[entry.name]) else warning
        yield tell(f'there is no variable "{entry.name}"', entry.at, hint, code=Code.UNDECLARED)


def told_inputs(
    block: BlockNode, inputs: Mapping[str, AttributeNode], declared: Mapping[str, Declaration]
) -> Iterator[Diagnostic]:
    """What Terraform says of the arguments that a `module` block passes to the variables declared in it."""
    for name, node in inputs.items():
        if name not in declared:
            summary = f'module "{block.labels[0]}" has no variable "{name}"'
            yield error(summary, node.at, code=Code.MODULE_ARGUMENT)
    for name, declaration in declared.items():
        yield from declaration.errors
        if name not in inputs and declaration.default is None and not declaration.errors:
            summary = f'module "{block.labels[0]}" needs the argument "{name}"'
            yield error(summary, block.at, code=Code.MODULE_ARGUMENT)


def workspace_value(given: str | Passed) -> Value:
    """The name of the selected workspace as expressions see it."""
    if isinstance(given, str):
        return string(given)
    if given.text is None:
        return unknown(STRING, given.reason or "the selected workspace is not known", given.at)
    return string(given.text).reached_through(given.at)
