"""What a plan says about one resource of a recorded type: its arguments, defaults, and what is computed."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, near_name
from bbws_readiness.terraform.accessors import computed
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.diagnostics import error, warning
from bbws_readiness.terraform.provider.json_text import rewritten
from bbws_readiness.terraform.provider.schema import AttributeSchema, BlockSchema, NestedSchema
from bbws_readiness.terraform.provider.tags import NO_TAG_RULES, TagRules
from bbws_readiness.terraform.results import Attribute, Block, Body
from bbws_readiness.terraform.types import ListType, MapType, ObjectType, SetType
from bbws_readiness.terraform.values import UNKNOWN, Sensitive, Value, map_of, null, set_of, unknown


class Planned(Struct, frozen=True):
    """The planned object with all its attributes, and what is wrong with the arguments."""

    value: Value
    problems: tuple[Diagnostic, ...] = ()


def plan_resource(schema: BlockSchema, body: Body, address: str, tags: TagRules = NO_TAG_RULES) -> Planned:
    """The planned object of the resource at `address`, as the provider's recorded plans show it."""
    planner = _Planner()
    members = planner.members(schema, body, address)
    if "tags" in members and "tags_all" in members and "tags_all" not in body.attributes:
        own_rules = bool(body.blocks_of("override_provider"))
        gap = unknown(members["tags_all"].type, computed(address, "tags_all"))
        members["tags_all"] = gap if own_rules else tags.merged(members["tags"], legacy=schema.legacy, otherwise=gap)
    return Planned(Value(schema.type, dict(sorted(members.items()))), tuple(planner.problems))


class _Planner:
    """Plans block after block and gathers problems."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []

    def members(self, schema: BlockSchema, body: Body, address: str) -> dict[str, Value]:
        """Every attribute and nested block of one block."""
        found: dict[str, Value] = {}
        blocks = body.grouped()
        for name, attribute in schema.attributes.items():
            written = body.attributes.get(name)
            if name in blocks:
                reason = f"{address}.{name} is an argument that is written as blocks"
                found[name] = unknown(attribute.type, reason, body.at)
            elif written is None or written.value.is_null:
                found[name] = _left_out(attribute, address, name)
                if written is not None:
                    found[name] = found[name].marked(written.value.marks)
            else:
                found[name] = self._given(attribute, written, f"{address}.{name}", legacy=schema.legacy)
        for name, attribute in schema.null_with.items():
            if found[attribute.null_with].is_null:
                found[name] = null(attribute.type)
        for name, inner in schema.blocks.items():
            found[name] = self._blocks(inner, blocks.get(name, ()), address, name)
        self._check_names(schema, body, address)
        for name in schema.sensitive:
            found[name] = found[name].marked((Sensitive(),))
        return found

    def _given(self, attribute: AttributeSchema, written: Attribute, path: str, *, legacy: bool) -> Value:
        try:
            value = convert(written.value.reached_through(written.at), attribute.type)
        except ConversionError as problem:
            self.problems.append(error(f"{path} does not fit: {problem}", written.at, code=Code.PROVIDER_ARGUMENT))
            return unknown(attribute.type, f"{path} does not fit: {problem}", written.at)
        if attribute.reads_as_left_out is not None and value.raw == attribute.reads_as_left_out:
            return (attribute.default or null(attribute.type)).marked(value.marks)
        if attribute.json and isinstance(value.raw, str):
            value = rewritten(value, attribute.json, path)
        return _as_legacy(value, attribute, path) if legacy else value

    def _blocks(self, schema: NestedSchema, blocks: tuple[Block, ...], address: str, name: str) -> Value:
        path = f"{address}.{name}"
        if not blocks:
            return _no_blocks(schema, address, name)
        gap = next((block for block in blocks if block.unknown), None)
        if gap is not None:
            reason = f"{path}: how many blocks there are is not known"
            first = next((a.value.first_reason for a in gap.body.attributes.values() if a.value.first_reason), "")
            return unknown(schema.type, f"{reason}: {first}" if first else reason, gap.at)
        if schema.content.legacy and any(_is_empty(block.body) for block in blocks):
            return unknown(schema.type, f"{path}: the provider may leave out an empty block", blocks[0].at)
        inner = schema.content.type
        objects = [
            Value(inner, dict(sorted(self.members(schema.content, block.body, path).items()))) for block in blocks
        ]
        if schema.nesting == "single":
            return objects[0]
        return set_of(inner, objects) if schema.nesting == "set" else Value(ListType(inner), tuple(objects))

    def _check_names(self, schema: BlockSchema, body: Body, address: str) -> None:
        names = [(name, attribute.at) for name, attribute in body.attributes.items()]
        names += [(block.type, block.at) for block in body.blocks]
        for name, at in names:
            if name in schema.attributes or name in schema.blocks:
                continue
            # Another version of the provider may know more names; one that is spelt almost like this one is a slip.
            if near := near_name(name, [*schema.attributes, *schema.blocks]):
                self.problems.append(
                    warning(
                        f'{address} has no argument "{name}"',
                        at,
                        f'did you mean "{near}"?',
                        code=Code.PROVIDER_ARGUMENT,
                    )
                )


def _left_out(attribute: AttributeSchema, address: str, name: str) -> Value:
    if attribute.computed:
        return unknown(attribute.type, computed(address, name))
    if attribute.untold:
        return unknown(attribute.type, f"what the provider sets for {address}.{name} is not recorded")
    return attribute.default if attribute.default is not None else null(attribute.type)


def _no_blocks(schema: NestedSchema, address: str, name: str) -> Value:
    if schema.computed:
        return unknown(schema.type, computed(address, name))
    if schema.untold:
        return unknown(schema.type, f"what the provider sets for {address}.{name} is not recorded")
    return null(schema.type) if schema.nesting == "single" else Value(schema.type, ())


def _is_empty(body: Body) -> bool:
    """Whether nothing is set, or nothing but maps without elements."""
    return not body.blocks and all(
        attribute.value.is_null or attribute.value.raw == {} for attribute in body.attributes.values()
    )


def _as_legacy(value: Value, attribute: AttributeSchema, path: str) -> Value:
    """What the older toolkit makes of a value: it hardly tells empty from left out, and holds no null in a map."""
    if isinstance(value.type, MapType) and isinstance(value.raw, dict):
        kept = {key: part for key, part in value.raw.items() if not part.is_null}
        value = map_of(value.type.element, kept).marked(value.marks)
    if value.raw in ("", (), {}):
        empty = unknown(attribute.type, f"{path}: the provider may read an empty value as one that is left out")
        if attribute.computed or attribute.untold:
            return empty.marked(value.marks)
        if isinstance(value.type, SetType | MapType):
            return (attribute.default or null(attribute.type)).marked(value.marks)
        return empty.marked(value.marks) if attribute.default is not None and value.raw == "" else value
    if value.known and not value.wholly_known and not isinstance(value.type, ObjectType):
        # A gap in a collection makes it a gap as a whole.
        return Value(value.type, UNKNOWN, value.deep_marks())
    return value
