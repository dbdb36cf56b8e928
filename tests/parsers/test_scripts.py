"""Validation scripts: what they expect, what they look at, and that none of them ever runs."""

import ast
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.parsers.scripts import parse_script
from bbws_readiness.parsers.scripts.nodes import nodes_of
from bbws_readiness.reader import Reader
from bbws_readiness.source import Source
from tests.cases import each
from tests.parsers.said import said

EXAMPLE = Path(__file__).parents[2] / "examples" / "dynamodb_schemas"
ENVIRONMENTS = ("dev", "sit", "prod")
LOOK = "\nclient.describe_table(TableName=name)\n"


def read(text: str, path: str = "scripts/validate_tables.py"):
    return parse_script(Source(path, text, len(text), ""), environments=ENVIRONMENTS)


def script_of(text: str, path: str = "scripts/validate_tables.py") -> ValidationScript:
    script, diagnostics = read(text + LOOK, path)
    assert diagnostics == ()
    assert script is not None
    return script


def example() -> tuple[ValidationScript, Source]:
    source = Reader(EXAMPLE).read("scripts/validate_dynamodb_dev.py")
    assert isinstance(source, Source)
    script, diagnostics = parse_script(source, environments=ENVIRONMENTS)
    assert diagnostics == ()
    assert script is not None
    return script, source


def test_example() -> None:
    script, _ = example()
    assert [fact and fact.get() for fact in (script.environment, script.account, script.region)] == [
        "dev",
        "536580886816",
        "eu-west-1",
    ]
    assert not script.takes_environment
    assert {table.name: [index.name.get() for index in table.indexes or ()] for table in script.tables} == {
        "tenants": ["EmailIndex", "TenantStatusIndex", "ActiveIndex"],
        "products": ["ProductActiveIndex", "ActiveIndex"],
        "campaigns": ["CampaignActiveIndex", "CampaignProductIndex", "ActiveIndex"],
    }
    for table in script.tables:
        assert table.partition_key and table.sort_key and table.streams and table.recovery and table.billing_mode
        assert (table.partition_key.name.get(), table.sort_key.name.get()) == ("PK", "SK")
        assert table.streams.enabled.get() and table.recovery.get()
        assert table.billing_mode.get() == "PAY_PER_REQUEST"
    assert [tag.get() for tag in script.required_tags] == [
        *("Environment", "Project", "Owner", "CostCenter"),
        *("ManagedBy", "Component", "Application"),
    ]
    assert [fact.get() for fact in script.verifies] == [
        *("existence", "status", "keys", "indexes"),
        *("recovery", "streams", "billing", "tags"),
    ]
    assert script.not_constant == ()


TOKENS = {
    "existence": "describe_table",
    "status": "TableStatus",
    "keys": "KeySchema",
    "indexes": "GlobalSecondaryIndexes",
    "recovery": "describe_continuous_backups",
    "streams": "StreamSpecification",
    "billing": "BillingMode",
    "tags": "list_tags_of_resource",
}


def facts_in(noun: object):
    if isinstance(noun, Fact):
        yield noun
    elif isinstance(noun, Struct):
        for field in noun.__struct_fields__:
            yield from facts_in(getattr(noun, field))
    elif isinstance(noun, tuple):
        for element in noun:
            yield from facts_in(element)


def test_every_fact_of_the_example_stands_on_its_line() -> None:
    script, source = example()
    for fact in facts_in(script):
        line = source.lines[fact.at.line - 1]
        if fact.get() is True:
            assert "StreamEnabled" in line or '"ENABLED"' in line
        else:
            assert TOKENS.get(str(fact.get()), str(fact.get())) in line


@each(
    ("written", "expected"),
    [
        ('TABLES = [{"name": "a", "partition_key": "PK", "sort_key": "SK", "gsis": ["X"]}]', ("PK", "SK", ["X"])),
        ('TABLES = ({"table_name": "a", "hash_key": "PK", "range_key": "SK", "indexes": {"X"}},)', ("PK", "SK", ["X"])),
        ('TABLES = {"a": {"pk": "PK", "sk": "SK", "global_secondary_indexes": ("X",)}}', ("PK", "SK", ["X"])),
        ('TABLES = {"a": ["X"]}', (None, None, ["X"])),
        ('TABLES = ["a"]', (None, None, None)),
        ('TABLES = [{"TableName": "a-sit", "keys": ("PK", "SK"), "gsis": []}]', ("PK", "SK", [])),
        ('TABLES = [dict(name="a", keys={"HASH": "PK", "RANGE": "SK"})]', ("PK", "SK", None)),
        ('TABLES = [Spec(name="a", partition_key=("PK", "S"), indexes=[{"name": "X"}])]', ("PK", None, ["X"])),
        ('TABLES = [{"name": "a", "gsis": {"X": {"hash_key": "email"}, "Y": ("b", "c")}}]', (None, None, ["X", "Y"])),
        ('N = "a"\nX = ["X"]\nTABLES: list = [{"name": N, "gsis": X}]', (None, None, ["X"])),
        ('C = {"pk": "PK"}\nTABLES = [{"name": "a", **C}]', ("PK", None, None)),
        ('TABLES = ["a"]\nINDEXES = {"a": ["X"]}', (None, None, ["X"])),
        ('class Expected:\n    TABLES = frozenset(["a"])', (None, None, None)),
        ('EXPECTED_TABLE = {"name": "a"}', (None, None, None)),
    ],
)
def test_spellings_of_expected_tables(written: str, expected: tuple[str | None, str | None, list[str] | None]) -> None:
    (table,) = script_of(written).tables
    assert table.name == "a"
    names = None if table.indexes is None else [index.name.get() for index in table.indexes]
    keys = [key.name.get() if key else None for key in (table.partition_key, table.sort_key)]
    assert (*keys, names) == expected


def test_index_keys() -> None:
    (table,) = script_of('TABLES = [{"name": "a", "gsis": {"X": {"hash": "email"}, "Y": ("b", "c")}}]').tables
    first, second = table.indexes or ()
    assert first.partition_key and second.partition_key and second.sort_key
    assert (first.partition_key.name.get(), first.sort_key) == ("email", None)
    assert (second.partition_key.name.get(), second.sort_key.name.get()) == ("b", "c")


BUILT = "the name is put together when the script runs"
LISTED = 'TABLES = {"carriers": {}, "parcels-sit": {}}\n'


@each(
    ("written", "carriers"),
    [
        ("", "carriers"),
        ('ENVIRONMENT = "sit"\nx = [f"{name}-{ENVIRONMENT}" for name in TABLES]', "carriers-sit"),
        ('ENV = "sit"\ndef f():\n    env = ENV\n    g(f"{env}_{name}")', "sit_carriers"),
        ('def f(name, environment):\n    g(f"{name}-{environment}")', BUILT),
        ('ENV = "sit"\nf(f"{a}-{ENV}", f"{ENV}-{a}")', BUILT),
        ('ENV = "sit"\nprint(f"{name}-{ENV}")', "carriers"),
        ('ENV = "sit"\nf(f"{name}-{ENV} is missing", f"{name}-{REGION}")', "carriers"),
    ],
)
def test_names_that_are_put_together(written: str, carriers: str) -> None:
    first, second = script_of(f"{LISTED}{written}").tables
    assert (first.name, second.name) == ("carriers", "parcels")
    value = first.full_name.value
    assert (value.reason if isinstance(value, Unknown) else value) == carriers
    assert second.full_name.value == "parcels-sit"


def test_keys_listed_by_index_name_are_no_tables() -> None:
    (table,) = script_of('TABLES = [{"name": "a", "gsis": ["X", "Y"]}]\nINDEX_KEYS = {"X": ["b", "c"]}').tables
    first, second = table.indexes or ()
    assert first.partition_key and first.sort_key
    assert (first.partition_key.name.get(), first.sort_key.name.get()) == ("b", "c")
    assert second.partition_key is None


@each(
    ("written", "reason"),
    [
        ("TABLES = load()", "TABLES: the result of load(), known when the script runs"),
        ("EXPECTED_TABLES = [x] * 10**9", "EXPECTED_TABLES: computed when the script runs"),
        ('TABLES = [f"a-{env}"]', "a table whose description is computed when the script runs"),
        ('TABLES = [{"name": f"a-{env}"}]', "an f-string, put together when the script runs"),
        ('TABLES = [{"name": "a", "gsis": names()}]', "index names that are computed when the script runs"),
        ('TABLES = [{"name": "a", "gsis": ["X" + "Y"]}]', "computed when the script runs"),
        ('TABLES = {"a": load()}', "the description of a is computed when the script runs"),
        ('TABLES = ["a"]\nTABLES = ["b"]', "TABLES: TABLES is set more than once"),
        ('TABLES = ["a"]\nTABLES.append("b")', "TABLES: TABLES is changed at line 2"),
        ('TABLES = {}\nTABLES["a"] = 1', "TABLES: TABLES is changed at line 2"),
        ('if x:\n    TABLES = ["a"]', "TABLES: TABLES is set inside a condition or a loop"),
        ("REQUIRED_TAGS = tags()", "REQUIRED_TAGS is computed when the script runs"),
    ],
)
def test_what_is_computed_is_unknown(written: str, reason: str) -> None:
    (fact,) = script_of(written).not_constant
    assert fact.value == Unknown(reason)


@each(
    ("written", "path", "environment", "takes"),
    [
        ('ENVIRONMENT = "sit"', "validate.py", ("sit", 1), False),
        ("", "scripts/validate_tables_sit.py", ("sit", 0), False),
        ("", "scripts/validate-products.py", None, False),
        ('import os\nENV = os.environ["ENV"]', "validate.py", (None, 2), False),
        ('parser.add_argument("--env", required=True)', "validate_sit.py", None, True),
        ('@click.option("--environment")\ndef main(environment): ...', "validate.py", None, True),
        ('parser.add_argument("--verbose")', "validate.py", None, False),
        ("import sys\nenvironment = sys.argv[1]", "validate.py", (None, 2), True),
    ],
)
def test_environment(written: str, path: str, environment: tuple[str | None, int] | None, takes: bool) -> None:
    script = script_of(written, path)
    if written.startswith("import sys"):
        assert script.takes_environment
        return
    assert (said(script.environment), script.takes_environment) == (environment, takes)


def test_constants() -> None:
    script = script_of('ACCOUNT_ID = 536580886816\nsession = boto3.Session(region_name="eu-west-1")\nGSI_COUNT = 8')
    assert (said(script.account), said(script.region)) == (("536580886816", 1), ("eu-west-1", 2))
    assert [said(count) for count in script.counts] == [(8, 3)]


@each(
    ("written", "words"),
    [
        ('if t["TableStatus"] != "ACTIVE": fail()', ["status"]),
        ('print(t["TableStatus"])', []),
        ("print(f\"{t['TableStatus']}\")", []),
        ('for gsi in t["GlobalSecondaryIndexes"]:\n    check(gsi["KeySchema"])', ["indexes", "index-keys"]),
        (
            'found = t.get("GlobalSecondaryIndexes", [])\nx = {i["IndexName"]: i["KeySchema"] for i in found}',
            ["indexes", "index-keys"],
        ),
        (
            'def keys(one):\n    return one["KeySchema"]\n'
            'for i in t["GlobalSecondaryIndexes"]:\n    check(keys(i))\ncheck(keys(t))',
            ["keys", "indexes", "index-keys"],
        ),
        (
            'found = {i["IndexName"]: i for i in t.get("GlobalSecondaryIndexes", [])}\n'
            'for name in wanted:\n    one = found.get(name)\n    check(one["KeySchema"])',
            ["indexes", "index-keys"],
        ),
        (
            'one = next((i for i in t["GlobalSecondaryIndexes"] if i["IndexName"] == n), None)\n'
            'check(one["KeySchema"])',
            ["indexes", "index-keys"],
        ),
        (
            'names = {i["IndexName"] for i in t["GlobalSecondaryIndexes"]}\n'
            'other = find(names)\ncheck(other["KeySchema"])',
            ["keys", "indexes"],
        ),
        ('client.get_waiter("table_exists").wait(TableName="a")', ["status"]),
        ("assert table.key_schema == 1", ["keys"]),
        ('client.get_paginator("list_tags_of_resource")', ["tags"]),
        ('note = "GlobalSecondaryIndexes"', []),
    ],
)
def test_what_is_verified(written: str, words: list[str]) -> None:
    assert [fact.get() for fact in script_of(written).verifies] == ["existence", *words]


def test_demands_on_every_table_and_on_one() -> None:
    text = """TABLES = [{"name": "a", "streams": False, "billing_mode": "ON_DEMAND"}, {"name": "b"}]
VIEW = "NEW_AND_OLD_IMAGES"
status = description["PointInTimeRecoveryStatus"]
if status != "ENABLED":
    fail()
stream = table["StreamSpecification"]
if stream["StreamEnabled"] and stream["StreamViewType"] == VIEW:
    fine()
"""
    first, second = script_of(text).tables
    assert first.streams and second.streams
    assert (said(first.streams.enabled), said(first.billing_mode)) == ((False, 1), ("PAY_PER_REQUEST", 1))
    assert (said(first.recovery), said(second.recovery)) == ((True, 4), (True, 4))
    assert (said(second.streams.enabled), said(second.streams.view_type)) == ((True, 7), ("NEW_AND_OLD_IMAGES", 7))
    assert second.billing_mode is None


@each(
    ("test", "asked"),
    [
        ("if not table.get('StreamSpecification', {}).get('StreamEnabled'):", True),
        ("if not table['StreamSpecification'] or not table['StreamSpecification']['StreamEnabled']:", True),
        ("if table['StreamSpecification']['StreamEnabled'] is not True:", True),
        ("if name != 'a' and not table['StreamSpecification']['StreamEnabled']:", None),
        ("if table['StreamSpecification']['StreamEnabled']:", None),
    ],
)
def test_streams_are_asked_of_every_table_only_without_conditions(test: str, asked: bool | None) -> None:
    (table,) = script_of(f"TABLES = ['a']\n{test}\n    fail()\n").tables
    assert table.streams
    assert table.streams.enabled.or_none() is asked


@each(
    ("text", "path"),
    [
        ("print('hello')", "scripts/validate.py"),
        ("client.describe_table(TableName='a')", "scripts/migrate.py"),
        ("TABLES = ['a']", "scripts/report.py"),
        ("", "scripts/validate.py"),
    ],
)
def test_other_scripts_are_none(text: str, path: str) -> None:
    assert read(text, path) == (None, ())


@each(
    ("text", "line", "words"),
    [
        ("# coding: utf-7\n", 1, 'encoding "utf-7" is not accepted'),
        ("#!/usr/bin/python\n# -*- coding: latin-1 -*-\n", 2, 'encoding "latin-1" is not accepted'),
        ("# vim: set fileencoding=nope :\n", 1, 'encoding "nope" is not accepted'),
        ("x = 1\ny = (\n", 2, "not valid Python"),
        ("x = 1\nprint 'a'\n", 2, "not valid Python"),
        ("x = " + "9" * 5000, 1, "too complex to read"),
        ("".join(" " * depth + "if x:\n" for depth in range(102)), 101, "too complex to read"),
        ("x = " + "(" * 300 + ")" * 300, 1, "too complex to read"),
        ("x = [" + "1," * 200_000 + "]", 1, "too complex to read"),
        ("x = " + "-" * 200_000 + "1", 1, "too complex to read"),
        ("x = a" + ".b" * 100_000, 1, "too complex to read"),
        ("if x:\n  pass\n" + "elif x:\n  pass\n" * 3000, 1, "too complex to read"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_refusals(text: str, line: int, words: str) -> None:
    script, (fault,) = read(text)
    assert script is None
    assert words in fault.summary
    assert fault.at.line == line


@each("cookie", ["# coding: utf-8", "# -*- coding: UTF_8 -*-", "# coding=ascii", "'coding: utf-7'"])
def test_accepted_encodings(cookie: str) -> None:
    assert script_of(cookie + "\nTABLES = ['a']").tables


def test_the_script_never_runs(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    text = f"open({json.dumps(str(marker))}, 'w').close()\nTABLES = ['a']\nimport sys\nsys.exit(3)"
    assert script_of(text).tables
    assert not marker.exists()


def test_an_invalid_escape_is_the_scripts_own_business() -> None:
    assert script_of('TABLES = ["a"]\nX = "\\d"').tables


STATEMENTS = st.lists(
    st.sampled_from(
        [
            'TABLES = [{"name": "a", **TABLES}]',
            "A = A",
            "A = B",
            "B = A",
            "TABLES = A",
            "TABLES = {**A, **B, 'x': A}",
            "TABLES = [A, *B, {A: 1}, {'name': A, 'keys': A, 'gsis': {'x': A}}]",
            "REQUIRED_TAGS = {A, 'x'}",
            "for TABLES in A: pass",
            "GSI_COUNT = True",
            "INDEXES = {'a': B}",
            "A = {'a': {'pk': None}, 'b': []}",
            "client.describe_table()",
            "for i in t['GlobalSecondaryIndexes']: i['KeySchema']",
        ]
    ),
    max_size=8,
).map("\n".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), STATEMENTS, STATEMENTS.map(lambda text: text + LOOK)))
def test_any_text_gives_a_script_or_a_diagnostic_or_neither(text: str) -> None:
    script, diagnostics = read(text)
    assert script is None or isinstance(script, ValidationScript)
    for fault in diagnostics:
        assert 1 <= fault.at.line <= text.count("\n") + 1


def test_nodes_come_in_the_order_of_the_library() -> None:
    module = ast.parse(Path(__file__).read_text())
    assert nodes_of(module) == tuple(ast.walk(module))
