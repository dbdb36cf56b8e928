"""Says what the members of a JSON object are: arguments or blocks, and how their strings are to be read.

Native syntax shows the difference; in JSON only the schema of a body does. Terraform's own blocks are listed here,
resource types come from the recorded provider schemas, and of any other body an object is taken for a block unless
its name is known for a map.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from bbws_readiness.terraform.provider.schema import BlockSchema, resource_schema


class Shape(Struct, frozen=True):
    """What the members of one kind of body are."""

    blocks: Mapping[str, Nested] = field(default_factory=dict)
    references: frozenset[str] = frozenset()
    """Arguments whose strings name something, as `depends_on`, and are no templates."""
    literals: frozenset[str] = frozenset()
    """Arguments whose strings stand for themselves, because nothing is evaluated there."""
    all_literal: bool = False
    guesses: bool = False
    """Whether unlisted objects are taken for blocks."""


class Nested(Struct, frozen=True):
    """A type of block that a body may hold."""

    labels: int
    shape: Shape
    resource: bool = False
    """Whether the first label is a resource type, which then tells the shape."""


_UNKNOWN = Shape(guesses=True)
_CONDITION = Nested(0, Shape())
_META = frozenset({"depends_on", "provider"})
_LIFECYCLE = Nested(
    0,
    Shape(
        {"precondition": _CONDITION, "postcondition": _CONDITION}, frozenset({"ignore_changes", "replace_triggered_by"})
    ),
)
_CONNECTION = Nested(0, Shape())
_RESOURCE_BLOCKS = {
    "lifecycle": _LIFECYCLE,
    "connection": _CONNECTION,
    "provisioner": Nested(1, Shape({"connection": _CONNECTION})),
}
_RESOURCE = Nested(2, Shape(_RESOURCE_BLOCKS, _META, guesses=True), resource=True)
_DATA = Nested(2, Shape({"lifecycle": _LIFECYCLE}, _META, guesses=True))

MAPS = frozenset(
    {
        *("annotations", "data", "environment_variables", "headers", "input", "keepers", "labels", "match_labels"),
        *("metadata", "parameters", "query", "tags", "tags_all", "triggers", "triggers_replace", "variables", "vars"),
    }
)
"""Arguments that hold maps in bodies whose schema is not known."""

ROOT = Shape(
    {
        "variable": Nested(
            1,
            Shape(
                {"validation": _CONDITION},
                references=frozenset({"type"}),
                literals=frozenset({"default", "description"}),
            ),
        ),
        "output": Nested(
            1,
            Shape(
                {"precondition": _CONDITION}, references=frozenset({"depends_on"}), literals=frozenset({"description"})
            ),
        ),
        "locals": Nested(0, Shape()),
        "module": Nested(
            1, Shape(references=frozenset({"depends_on", "providers"}), literals=frozenset({"source", "version"}))
        ),
        "resource": _RESOURCE,
        "data": _DATA,
        "ephemeral": _DATA,
        "provider": Nested(1, Shape(literals=frozenset({"alias", "version"}), guesses=True)),
        "terraform": Nested(
            0,
            Shape(
                {
                    "backend": Nested(1, Shape(all_literal=True)),
                    "cloud": Nested(0, Shape({"workspaces": Nested(0, Shape(all_literal=True))}, all_literal=True)),
                    "required_providers": Nested(0, Shape(all_literal=True)),
                    "provider_meta": Nested(1, Shape()),
                },
                all_literal=True,
            ),
        ),
        "moved": Nested(0, Shape(references=frozenset({"from", "to"}))),
        "import": Nested(0, Shape(references=frozenset({"to", "provider"}))),
        "removed": Nested(0, Shape({"lifecycle": _CONDITION}, references=frozenset({"from"}))),
        "check": Nested(1, Shape({"data": _DATA, "assert": _CONDITION})),
    }
)
"""A configuration file."""
VALUES = Shape(all_literal=True)
"""A file of variable values."""


def shape_of(nested: Nested, labels: tuple[str, ...]) -> Shape:
    """The shape of a block's body; of a resource as its provider's schema tells, where that is recorded."""
    schema = resource_schema(labels[0]) if nested.resource and labels else None
    if schema is None:
        return nested.shape
    return Shape({**_nested_of(schema), **_RESOURCE_BLOCKS}, _META)


def dynamic(content: Nested) -> Shape:
    """The shape of a `dynamic` block for blocks like `content`."""
    return Shape({"content": Nested(0, content.shape)}, references=frozenset({"iterator"}))


def nested_of(shape: Shape, name: str) -> Nested | None:
    """The type of block that `name` is in a body, when it may be one."""
    if found := shape.blocks.get(name):
        return found
    return Nested(0, _UNKNOWN) if shape.guesses and name not in MAPS else None


def _nested_of(schema: BlockSchema) -> dict[str, Nested]:
    blocks = {name: Nested(0, Shape(_nested_of(nested.content))) for name, nested in schema.blocks.items()}
    if "timeouts" not in blocks:
        blocks["timeouts"] = Nested(0, Shape())
    return blocks
