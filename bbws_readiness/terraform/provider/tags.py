"""How a provider's `default_tags` and `ignore_tags` change the tags that a resource gets."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.results import Attribute, Body
from bbws_readiness.terraform.types import STRING, MapType
from bbws_readiness.terraform.values import UNKNOWN, Value, map_of, merge_marks, null, string, unknown

_TAGS = MapType(STRING)


class TagRules(Struct, frozen=True):
    """What a provider configuration says about tags."""

    defaults: Value
    """A map of string; null when there are none."""
    ignored: Value
    """The keys to leave out; null when there are none."""
    ignored_prefixes: Value
    """The beginnings of keys to leave out; null when there are none."""

    def merged(self, tags: Value, *, legacy: bool, otherwise: Value) -> Value:
        """`tags_all`: the defaults, and `tags` over them; `otherwise` where the provider tells only when applied."""
        parts = (self.defaults, tags, self.ignored, self.ignored_prefixes)
        marks = merge_marks(*(part.deep_marks() for part in parts))
        if not all(part.wholly_known for part in parts):
            return Value(_TAGS, UNKNOWN, marks)
        kept = {
            str(key): string("") if value.is_null else value
            for source in (self.defaults, tags)
            for key, value in source.elements()
            if not self._is_ignored(str(key)) and not (value.is_null and (legacy or source is self.defaults))
        }
        if legacy and (not kept or any(value.raw == "" for value in kept.values())):
            # The provider compares with what is there already before it tells.
            return otherwise
        return map_of(STRING, kept).marked(marks)

    def _is_ignored(self, key: str) -> bool:
        if self.ignored.is_null and self.ignored_prefixes.is_null:
            return False
        if any(item.raw == key for _, item in self.ignored.elements()):
            return True
        return any(key.startswith(str(item.raw)) for _, item in self.ignored_prefixes.elements())


NO_TAG_RULES = TagRules(null(_TAGS), null(), null())


def read_tag_rules(body: Body) -> TagRules:
    """What the `default_tags` and `ignore_tags` blocks of a `provider` block say."""
    defaults = _argument(body, "default_tags", "tags")
    if not defaults.is_null:
        try:
            defaults = convert(defaults, _TAGS)
        except ConversionError as problem:
            defaults = unknown(_TAGS, f"default_tags do not fit: {problem}", body.at)
    return TagRules(defaults, _argument(body, "ignore_tags", "keys"), _argument(body, "ignore_tags", "key_prefixes"))


def _argument(body: Body, kind: str, name: str) -> Value:
    blocks = body.blocks_of(kind)
    if not blocks:
        return null(_TAGS)
    if blocks[0].unknown:
        return unknown(_TAGS, f"the {kind} block is not known", blocks[0].at)
    found: Attribute | None = blocks[0].attribute(name)
    return found.value.reached_through(found.at) if found else null(_TAGS)
