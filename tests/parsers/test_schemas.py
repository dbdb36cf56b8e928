"""Schema files: what is read, what is refused, and where it stands."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.model.tables import Table
from bbws_readiness.parsers.schemas import parse_schema
from bbws_readiness.reader import Reader
from bbws_readiness.source import Source
from tests.cases import each
from tests.parsers.said import said

EXAMPLE = Path(__file__).parents[2] / "examples" / "dynamodb_schemas"
ENVIRONMENTS = ("dev", "sit", "prod")

PARCELS = """{
  "tableName": "parcels",
  "primaryKey": {
    "partitionKey": {"name": "PK", "type": "S", "pattern": "PARCEL#{id}"},
    "sortKey": {"name": "SK", "type": "S"}
  },
  "attributes": [
    {"name": "weight", "type": "N", "required": true}
  ],
  "globalSecondaryIndexes": [
    {"indexName": "ByWeight", "partitionKey": "weight", "sortKey": null, "projectionType": "ALL"},
    {"indexName": "ByDate", "partitionKey": {"name": "day", "type": "S"}, "sortKey": "SK",
     "projectionType": "keys-only"}
  ],
  "capacityMode": "ON_DEMAND",
  "pitr": {"enabled": true},
  "backup": {
    "sit": {"frequency": "daily", "retention": 14},
    "PROD": {"frequency": "hourly", "retention": 90, "crossRegion": true}
  },
  "streams": {"enabled": true, "viewType": "NEW_AND_OLD_IMAGES"},
  "tags": {
    "Owner": "parcels-team",
    "Environment": "{environment}"
  }
}
"""


def source(text: str, path: str = "schemas/parcels.schema.json") -> Source:
    return Source(path, text, len(text), "")


def read(text: str):
    return parse_schema(source(text), environments=ENVIRONMENTS)


def table_of(text: str) -> Table:
    table, diagnostics = read(text)
    assert diagnostics == ()
    assert table is not None
    return table


def test_every_field_is_read_with_its_line() -> None:
    table = table_of(PARCELS)
    assert (table.name, said(table.full_name)) == ("parcels", ("parcels", 2))
    assert table.partition_key and table.sort_key
    assert said(table.partition_key.name) == ("PK", 4)
    assert said(table.partition_key.pattern) == ("PARCEL#{id}", 4)
    assert (said(table.sort_key.name), table.sort_key.pattern) == (("SK", 5), None)
    assert [(said(one.name), said(one.type), said(one.required)) for one in table.attributes or ()] == [
        (("weight", 8), ("N", 8), (True, 8))
    ]
    weight, date = table.indexes or ()
    assert (said(weight.name), weight.sort_key, weight.speaks_of_keys) == (("ByWeight", 11), None, True)
    assert weight.partition_key and said(weight.partition_key.name) == ("weight", 11)
    assert date.sort_key and said(date.sort_key.name) == ("SK", 12)
    assert said(date.projection) == ("KEYS_ONLY", 13)
    assert said(table.billing_mode) == ("PAY_PER_REQUEST", 15)
    assert said(table.recovery) == (True, 16)
    assert table.streams and said(table.streams.view_type) == ("NEW_AND_OLD_IMAGES", 21)
    assert list(table.backups) == ["sit", "prod"]
    assert said(table.backups["sit"].retention_days) == (14, 18)
    assert said(table.backups["prod"].cross_region) == (True, 19)
    assert table.tags and said(table.tags["Owner"]) == ("parcels-team", 23)
    assert not table.tags["Environment"].known


@each(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", 1, "Git LFS pointer"),
        ('{\n  "tableName": "a",\n}', 3, "comma before the closing bracket"),
        ('{\n  "a": [1,\n 2,]}', 3, "comma before the closing bracket"),
        ('{"a": 1,\n "b": NaN}', 2, "NaN is not a JSON number"),
        ('{"a":\n -Infinity}', 2, "-Infinity is not a JSON number"),
        ('{\n "tableName": "a",\n "tableName": "b"}', 3, '"tableName" is set twice (first at line 2)'),
        ("tableName: parcels\n", 1, "not valid JSON"),
        ('{"tableName": "a"', 1, "ends too early"),
        ('{\n// hello\n"tableName": "a"}', 2, "no comments"),
        ("[" * 65 + "]" * 65, 1, "nesting deeper than 64"),
        ("[" * 1_000_000, 1, "nesting deeper than 64"),
        ('["parcels"]', 1, "a table schema is a JSON object"),
        ('{\n"streams": {}}', 1, "neither tableName nor primaryKey"),
        ("{'tableName': 'a'}", 1, "not valid JSON"),
    ],
)
def test_what_is_no_schema_gives_one_diagnostic(text: str, line: int, words: str) -> None:
    table, diagnostics = read(text)
    assert table is None
    (fault,) = diagnostics
    assert words in fault.summary
    assert (fault.at.path, fault.at.line) == ("schemas/parcels.schema.json", line)


BROKEN: list[list[str]] = json.loads((Path(__file__).parent / "cases" / "broken_schemas.json").read_text())
"""Texts, and the first thing that is told of each, with its line, column and code."""


@each(("text", "told"), BROKEN, ids=lambda text: repr(text[:40]))
def test_what_is_wrong_is_told_in_these_words(text: str, told: str) -> None:
    fault = read(text)[1][0]
    code = fault.code.value[0]
    words = f"{fault.summary}; {fault.detail}" if fault.detail else fault.summary
    assert f"{fault.at.line}:{fault.at.column} {code} {words}" == told


@each(
    ("word", "letter"),
    [("string", "S"), ("Integer", "N"), ("boolean", "BOOL"), ("binary", "B"), ("string set", "SS"), ("money", "money")],
)
def test_types_are_given_in_the_letters_of_dynamodb(word: str, letter: str) -> None:
    key = f'{{"partitionKey": {{"name": "PK", "type": "{word}"}}}}'
    attribute = f'{{"name": "PK", "type": "{word}", "pattern": "A#"}}'
    table = table_of(f'{{"tableName": "a", "primaryKey": {key}, "attributes": [{attribute}]}}')
    (read_attribute,) = table.attributes or ()
    assert (said(read_attribute.type), said(read_attribute.pattern)) == ((letter, 1), ("A#", 1))
    assert table.partition_key and said(table.partition_key.type) == (letter, 1)


def test_local_indexes_and_included_attributes() -> None:
    table = table_of(
        """{"tableName": "a", "primaryKey": {"partitionKey": "PK", "sortKey": "SK"},
        "localSecondaryIndexes": [{"indexName": "ByDay", "sortKey": "day", "projectionType": "INCLUDE",
          "nonKeyAttributes": ["b", "a"]}]}"""
    )
    (local,) = table.local_indexes
    assert (said(local.name), local.partition_key, local.speaks_of_keys) == (("ByDay", 2), None, False)
    assert said(local.included) == (frozenset({"a", "b"}), 3)
    assert table.indexes == ()


@pytest.mark.parametrize("attributes", ['{"depot": "S"}', '["depot"]'])
def test_attributes_that_are_no_list_of_objects_are_not_known(attributes: str) -> None:
    table, diagnostics = read(
        f'{{"tableName": "a", "primaryKey": {{"partitionKey": "PK"}}, "attributes": {attributes}}}'
    )
    assert table is not None
    assert [one.name.known for one in table.attributes or ()] == [False]
    assert len(diagnostics) == 1


def test_json_about_something_else_is_no_fault() -> None:
    assert read('{"type": "object", "properties": {}}') == (None, ())


@each(
    ("change", "line", "words"),
    [
        (('"ON_DEMAND"', '"FAST"'), 15, "capacityMode must be one of ON_DEMAND, PAY_PER_REQUEST, PROVISIONED"),
        (('{"enabled": true}', '{"enabled": "yes"}'), 16, "enabled must be true or false"),
        (('"retention": 14', '"retention": "two weeks"'), 18, "retention must be a whole number"),
        (('"retention": 14', '"retention": 1e400'), 18, "retention must be a whole number"),
        (('"parcels"', "7"), 2, "tableName must be text"),
        (('"tableName": "parcels",', ""), 1, "tableName is missing"),
        (('"ByWeight"', "null"), 11, "indexName is missing"),
        (('"partitionKey": "weight"', '"partitionKey": 5'), 11, "partitionKey must be text"),
        (('"Owner": "parcels-team"', '"Owner": ["parcels-team"]'), 23, "Owner must be text"),
        (('"enabled": true, "viewType"', '"viewType"'), 21, "streams.enabled is missing"),
        (('{"frequency": "daily", "retention": 14}', '"daily"'), 18, "backup.sit must be an object"),
        (('"{environment}"', '{"$ref": "http://example.org/x"}'), 24, "$ref outside this document is not fetched"),
    ],
)
def test_a_field_of_the_wrong_shape_leaves_the_rest(change: tuple[str, str], line: int, words: str) -> None:
    table, diagnostics = read(PARCELS.replace(*change))
    assert table is not None
    assert table.name == "parcels"
    assert words in [fault.summary for fault in diagnostics]
    assert line in [fault.at.line for fault in diagnostics]
    assert table.recovery_days is None
    assert [index.name.at.line for index in table.indexes or ()] == [11, 12]


@each(("written", "logical"), [("parcels-sit", "parcels"), ("parcels", "parcels"), ("-sit", "-sit")])
def test_logical_name(written: str, logical: str) -> None:
    assert table_of(PARCELS.replace('"parcels"', f'"{written}"')).name == logical


def test_terms_without_an_environment_hold_for_all() -> None:
    table = table_of('{"tableName": "a", "backup": {"frequency": "daily", "retention": 3}}')
    assert [(name, said(terms.retention_days)) for name, terms in table.backups.items()] == [
        ("dev", (3, 1)),
        ("sit", (3, 1)),
        ("prod", (3, 1)),
    ]


@each(
    "member",
    [
        '"primaryKey": 3',
        '"attributes": {"a": 1}',
        '"attributes": [1]',
        '"pitr": []',
        '"backup": {"sit": 7}',
        '"tags": [1]',
    ],
)
def test_a_member_of_another_shape_is_an_error(member: str) -> None:
    table, diagnostics = parse_schema(source(f'{{"tableName": "parcels", {member}}}'), environments=("sit",))
    assert table is not None
    assert [found.severity.name for found in diagnostics] == ["ERROR"]


def test_silence() -> None:
    table = table_of('{"tableName": "a"}')
    assert table.indexes == ()
    assert (table.attributes, table.streams, table.recovery, table.tags, table.billing_mode) == (None,) * 5


def test_escapes_of_json_are_read() -> None:
    name = json.dumps("päckchen 📦 \\ud83d\\udce6")
    assert table_of(f'{{"tableName": {name}}}').full_name.get() == json.loads(name)


@each("name", ["tenants", "products", "campaigns"])
def test_every_fact_of_the_example_stands_on_its_line(name: str) -> None:
    schema = Reader(EXAMPLE).read(f"schemas/{name}.schema.json")
    assert isinstance(schema, Source)
    table, diagnostics = parse_schema(schema, environments=ENVIRONMENTS)
    assert diagnostics == ()
    assert table is not None
    facts = [table.full_name, *(table.tags or {}).values(), *(attribute.name for attribute in table.attributes or ())]
    for key in (table.partition_key, table.sort_key):
        assert key
        facts += [key.name, key.type, key.pattern]
    for index in table.indexes or ():
        assert index.partition_key
        facts += [index.name, index.partition_key.name, index.projection]
    for terms in table.backups.values():
        facts += [terms.frequency, terms.retention_days]
    for fact in facts:
        if fact and fact.known:
            assert str(fact.get()) in schema.lines[fact.at.line - 1]
    assert {env: terms.retention_days and terms.retention_days.get() for env, terms in table.backups.items()} == {
        "dev": 7,
        "sit": 14,
        "prod": 90,
    }


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(
                        ["tableName", "primaryKey", "partitionKey", "globalSecondaryIndexes", "tags", "backup"]
                    ),
                    inner,
                )
            ),
            max_leaves=12,
        ).map(json.dumps),
    )
)
def test_any_text_gives_a_table_or_a_diagnostic(text: str) -> None:
    table, diagnostics = read(text)
    assert table is None or isinstance(table, Table)
    for fault in diagnostics:
        assert 1 <= fault.at.line <= text.count("\n") + 1
