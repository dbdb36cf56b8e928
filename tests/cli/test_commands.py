"""The smaller commands."""

import json

from bbws_readiness import __version__
from tests.cases import each
from tests.cli.test_assess import assert_one_complaint, run


def test_version() -> None:
    assert run("--version").stdout == f"readiness, version {__version__}\n"


def test_no_command_is_one_line() -> None:
    assert_one_complaint(run(), 2, "no command is named; try `")
    assert_one_complaint(run("config"), 2, "no command is named; try `", " config --help`")


@each("name", ["IDX001", "idx001", "index-set-differs"])
def test_explain_tells_what_why_how_to_fix_and_how_to_settle(name: str) -> None:
    result = run("explain", name)
    assert result.returncode == 0
    headings = [line for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert headings[0].startswith("IDX001 index-set-differs")
    assert [line for line in headings if line in ("What must hold", "Why", "How to fix", "How to settle")] == [
        "What must hold",
        "Why",
        "How to fix",
        "How to settle",
    ]


def test_explain_shows_how_to_record_a_decision_where_one_counts() -> None:
    told = run("explain", "TBL001").stdout
    assert "`readiness decide TBL001` records it" in " ".join(told.split())
    assert "A: Change the code: …\n" in told
    assert "readiness decide" not in run("explain", "SEC001").stdout


def test_explain_unknown_rule_suggests_a_near_one() -> None:
    assert_one_complaint(run("explain", "missing-tabel"), 2, 'did you mean "missing-table"')


def test_rules_lists_every_rule_in_catalogue_order() -> None:
    lines = run("rules").stdout.splitlines()
    listed = json.loads(run("rules", "-f", "json").stdout)
    assert [line.split()[0] for line in lines] == [rule["code"] for rule in listed]
    assert len(lines) >= 36


def test_unknown_schema() -> None:
    assert_one_complaint(run("schema", "nothing"), 2)


@each("name", ["assessment", "config", "diff", "portfolio"])
def test_schemas_are_json(name: str) -> None:
    assert json.loads(run("schema", name).stdout)["$schema"].endswith("2020-12/schema")


def test_no_command_shows_help_and_every_command_has_its_own() -> None:
    for command in ("assess", "diff", "decisions", "trace", "inventory", "console", "explain", "rules", "schema"):
        result = run(command, "--help")
        assert result.returncode == 0
        assert result.stdout.startswith("Usage:")
