"""The quick look at data and its schema never says that something fits which the library refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bbws_readiness.schema_fit import fits

ROOT = Path(__file__).parent.parent
SCHEMAS = sorted([*ROOT.glob("bbws_readiness/**/*.schema.json"), *ROOT.glob("rules/*.schema.json")])
VALUES: list[Any] = [None, True, False, 0, 1, -1, 1.0, 0.5, 10**9, "", "a", "x" * 3000, "2026-01-07", [], ["a", "a"]]
VALUES += [{}, {"": 1}, [{}], [1, 1.0], "a\n"]

KEYWORDS = [
    {"type": "integer"},
    {"type": ["string", "null"]},
    {"type": "number", "minimum": 0, "maximum": 1},
    {"enum": [0, "a", None]},
    {"enum": [False]},
    {"const": 1},
    {"const": [1]},
    {"pattern": "^a$"},
    {"minLength": 1, "maxLength": 1},
    {"minItems": 1, "maxItems": 1, "items": {"type": "object"}},
    {"uniqueItems": True},
    {"required": [""], "maxProperties": 1},
    {"properties": {"": {"type": "string"}}},
    {"additionalProperties": False},
    {"patternProperties": {".*": False}, "additionalProperties": True},
    {"prefixItems": [{"type": "string"}], "items": {"type": "number"}},
    {"propertyNames": {"minLength": 1}},
    {"oneOf": [{"type": "string"}, {"maxLength": 2}]},
    {"anyOf": [{"type": "string"}, {"const": 1.0}]},
    {"not": {}},
    {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}},
    {"$ref": "#"},
]


@pytest.mark.parametrize("schema", KEYWORDS, ids=json.dumps)
def test_what_fits_is_valid(schema: dict[str, Any]) -> None:
    if schema == {"$ref": "#"}:
        assert not fits(schema, {})
        return
    library = Draft202012Validator(schema)
    for value in VALUES:
        if schema.get("pattern") and value == "a\n":
            assert not fits(schema, value)
        assert not fits(schema, value) or library.is_valid(value), value


VALID = {
    "config.schema.json": "examples/dynamodb_schemas/readiness.yaml",
    "rule.schema.json": "rules/BKP001-backup-missing.yaml",
}
"""Schema to a document of ours that is valid."""


@pytest.mark.parametrize(("name", "file"), VALID.items())
def test_a_valid_document_needs_no_library(name: str, file: str) -> None:
    data = json.loads(json.dumps(yaml.safe_load((ROOT / file).read_text()), default=str))
    assert fits(_schema(name), data)


def _schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(next(path for path in SCHEMAS if path.name == name).read_text())
    return loaded


@settings(max_examples=30)
@given(st.data())
def test_a_broken_document_never_fits(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([path.name for path in SCHEMAS]))
    schema = _schema(name)
    document = data.draw(_of_schema(schema, schema))
    assert not fits(schema, document) or Draft202012Validator(schema).is_valid(document)


def _of_schema(schema: dict[str, Any], root: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Data that nearly fits: of the right kinds, with any values and now and then another kind."""
    if depth > 4:
        return st.sampled_from(VALUES)
    if "$ref" in schema:
        return _of_schema(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, depth)
    if "enum" in schema:
        return st.sampled_from([*schema["enum"], *VALUES])
    if "oneOf" in schema:
        return st.one_of([_of_schema(one, root, depth) for one in schema["oneOf"]])
    if schema.get("type") == "object" and "properties" in schema:
        required = schema.get("required", ())
        members = {key: _of_schema(value, root, depth + 1) for key, value in schema["properties"].items()}
        return st.fixed_dictionaries(
            {key: value for key, value in members.items() if key in required},
            optional={key: value for key, value in members.items() if key not in required},
        )
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        return st.lists(_of_schema(schema["items"], root, depth + 1), max_size=2)
    return st.sampled_from(VALUES)
