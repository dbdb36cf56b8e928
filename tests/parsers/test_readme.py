"""What a README claims, in the wording of the example and in others."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.model.readmes import Readme
from bbws_readiness.parsers.readme import parse_readme
from bbws_readiness.source import Source
from tests.cases import each

EXAMPLE = Path(__file__).parents[2] / "examples/dynamodb_schemas/README.md"
ENVIRONMENTS = ("dev", "sit", "prod", "dr")


def read(text: str) -> Readme:
    return parse_readme(Source("README.md", text, len(text), ""), environments=ENVIRONMENTS)


TEXT = EXAMPLE.read_text()
LINES = TEXT.split("\n")
README = read(TEXT)


def test_example_tables_with_their_index_counts() -> None:
    counts = {table.name: table.index_count.get() for table in README.tables if table.index_count}
    assert counts == {"tenants": 3, "products": 2, "campaigns": 3}
    for table in README.tables:
        assert table.index_count is not None
        assert f"| {table.name} |" in LINES[table.full_name.at.line - 1]
        assert LINES[table.index_count.at.line - 1].endswith(f"| {table.index_count.get()} |")
        assert not table.names_environment


def test_example_counts_in_prose() -> None:
    assert [(count.noun, count.number.get()) for count in README.counts] == [("indexes", 8), ("tables", 3)]
    for count in README.counts:
        assert "8 Global Secondary Indexes across 3 tables" in LINES[count.number.at.line - 1]


def test_example_environments() -> None:
    assert [
        (found.name, found.account and found.account.get(), found.region and found.region.get(), found.region_role)
        for found in README.environments
    ] == [
        ("dev", "536580886816", "eu-west-1", ""),
        ("sit", "815856636111", "eu-west-1", ""),
        ("prod", "093646564004", "af-south-1", "primary"),
        ("dr", "093646564004", "eu-west-1", "failover"),
    ]


def test_example_features_promise_no_backup() -> None:
    assert [fact.get() for fact in README.features] == ["on-demand", "recovery", "streams"]
    assert README.stream_view_type
    assert README.stream_view_type.get() == "NEW_AND_OLD_IMAGES"
    assert README.title == "DynamoDB Schemas"


def test_example_layout_names_what_is_there() -> None:
    root = EXAMPLE.parent
    workflows = [path.name for path in (root / ".github/workflows").iterdir()]
    settings = [path.name for path in (root / "terraform/dynamodb/environments").iterdir()]
    scripts = [path.name for path in (root / "scripts").iterdir() if path.is_file()]
    for name in (*workflows, *settings, *scripts):
        assert any(line.rstrip().endswith(f"── {name}") for line in LINES), name


TABLES = [
    pytest.param(
        "## Tables\n\n- **carriers**: 2 GSIs\n- `routes` (1 index)\n", {"carriers": 2, "routes": 1}, id="list"
    ),
    pytest.param("| Table Name | GSIs |\n|-|-|\n| `carriers` | 2 |\n", {"carriers": 2}, id="code-in-table"),
    pytest.param("| Table | GSIs |\n|-|-|\n| carriers | 2 (ByName, ByCity) |\n", {"carriers": 2}, id="count-and-names"),
    pytest.param("| Table | Purpose |\n|-|-|\n| carriers | Who carries |\n", {"carriers": None}, id="no-count"),
    pytest.param("| Table | GSIs |\n|-|-|\n| parcels-${env} | 1 |\n", {"parcels": 1}, id="placeholder"),
    pytest.param("| Table | GSIs |\n|-|-|\n| parcels-sit | 1 |\n", {"parcels": 1}, id="environment"),
    pytest.param("| Table | GSIs |\n|-|-|\n| parcels | none |\n", {"parcels": None}, id="word-instead-of-count"),
    pytest.param("## Tables\n\n- Run the script\n- See below: it is long\n", {}, id="prose-is-no-table"),
    pytest.param("| Command | Purpose |\n|-|-|\n| make | 2 |\n", {}, id="another-table"),
    pytest.param("- **carriers**: 2 GSIs\n", {}, id="list-elsewhere"),
]


@each(("text", "expected"), TABLES)
def test_tables_in_other_wording(text: str, expected: dict[str, int | None]) -> None:
    found = read("# Shipments\n\n" + text)
    assert {table.name: table.index_count.get() if table.index_count else None for table in found.tables} == expected


def test_index_names_of_a_table() -> None:
    found = read("| Table | Indexes |\n|-|-|\n| carriers | 2 (ByName, ByCity) |\n| routes | ByDepot |\n")
    assert [table.index_names for table in found.tables] == [{"ByName", "ByCity"}, {"ByDepot"}]


def test_a_total_row_is_a_count() -> None:
    found = read("| Table | GSIs |\n|-|-|\n| carriers | 2 |\n| **Total** | 2 |\n")
    assert [table.name for table in found.tables] == ["carriers"]
    assert [(count.noun, count.number.get()) for count in found.counts] == [("indexes", 2)]


COUNTS = [
    ("Four tables and 6 GSIs.", [("indexes", 6)]),
    ("It has 4 DynamoDB tables with 6 indexes.", [("tables", 4), ("indexes", 6)]),
    ("The first 2 tables are small.", []),
    ("Any of 4 tables.", []),
    ("Version 1.4 tables", []),
    ("```\n4 tables\n```", []),
]


@each(("text", "expected"), COUNTS)
def test_counts_in_other_wording(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(count.noun, count.number.get()) for count in read(text).counts] == expected


def test_environments_in_other_wording() -> None:
    found = read("| Env | Account ID | AWS Region |\n|-|-|-|\n| Development | 011122223333 | eu-west-1 |\n")
    assert [(entry.name, entry.account and entry.account.get()) for entry in found.environments] == [
        ("dev", "011122223333")
    ]


FEATURES = [
    ("## Features\n\n- Pay-per-request\n- PITR (continuous backups)\n", ["on-demand", "recovery"]),
    ("## Key features\n\n- Daily backups\n- No streams\n", ["backup"]),
    ("## Features\n\n| Streams | NEW_IMAGE |\n|-|-|\n| Streams | NEW_IMAGE |\n", ["streams"]),
    ("- Point-in-time recovery\n", ["recovery"]),
    ("Streams are discussed elsewhere.\n", []),
    ("## Features\n\n- Fast\n\n## Notes\n\n- Streams cost money\n", []),
]


@each(("text", "expected"), FEATURES)
def test_features_in_other_wording(text: str, expected: list[str]) -> None:
    assert [fact.get() for fact in read("# Shipments\n\n" + text).features] == expected


@each("text", ["", "\r\n", "# ", "|", "```"])
def test_an_empty_readme_claims_nothing(text: str) -> None:
    found = read(text)
    assert (found.tables, found.counts, found.environments, found.features) == ((), (), (), ())


PIECES = st.sampled_from(
    ["# ", "- ", "| Table | GSIs |\n|-|-|\n", "| a | 3 |", "\n", "\n\n", "```", "3 tables", "(", "*"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join))
def test_any_text_is_read(text: str) -> None:
    lines = Source("README.md", text, len(text), "").lines
    for table in read(text).tables:
        assert 1 <= table.at.line <= len(lines)
