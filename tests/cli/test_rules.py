"""`readiness rules` and its subcommands."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_assess import assert_one_complaint, run

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom_rules"
CODES = ["ACM001", "ACM002", "ACM003", "ACM004"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "project")


def test_alone_it_lists() -> None:
    assert run("rules").stdout == run("rules", "list").stdout


def test_list_filters_and_names_the_origin() -> None:
    lines = run("rules", "list", str(EXAMPLE), "--severity", "high", "--facet", "resources").stdout.splitlines()
    assert "ACM002" in [line.split()[0] for line in lines]
    assert all(line.split()[2] == "high" for line in lines)
    assert lines[-1].endswith("Platform Team  readiness/rules/ACM002-short-log-retention.yaml")


def test_list_tells_what_is_switched_off(project: Path) -> None:
    (project / "readiness.yaml").write_text("rules: {ACM001: {enabled: false}}\n")
    listed = json.loads(run("rules", "list", str(project), "-f", "json").stdout)
    assert [rule["code"] for rule in listed if not rule["enabled"]] == ["ACM001"]
    assert [rule["code"] for rule in listed if rule["own"]] == CODES
    on = run("rules", "list", str(project), "--enabled").stdout
    assert "ACM001" not in on
    assert "ACM002" in on


def test_show_tells_settings_and_where_they_come_from() -> None:
    shown = run("rules", "show", "short-log-retention", str(EXAMPLE)).stdout
    assert "How to settle" in shown
    assert "owners: Platform Team  (readiness.yaml:4)" in shown
    assert "parameters.minimum (number): 30  (readiness.yaml:4)" in shown
    assert 'parameters.where (filters): [{"field": "type", "equals": "aws_cloudwatch_log_group"}]' in shown
    assert "enabled: true, cannot be switched off  (the rule itself)" in run("rules", "show", "TFC001").stdout
    assert_one_complaint(run("rules", "show", "missing-tabel"), 2, 'did you mean "missing-table"')


def test_cases_of_the_example_are_as_expected() -> None:
    result = run("rules", "test", str(EXAMPLE), "--strict")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1] == "14 cases of 4 rules: none not as expected"


def test_a_case_that_is_not_as_expected(project: Path) -> None:
    path = project / "readiness" / "rules" / "ACM003-foreign-region.yaml"
    path.write_text(path.read_text().replace("message: the region is eu-west-1", "message: the region is eu-west-2"))
    result = run("rules", "test", str(project), "--rule", "foreign-region")
    assert result.returncode == 1
    assert result.stdout.splitlines()[:4] == [
        "ACM003 foreign-region: 1 of 3 NOT AS EXPECTED (1 pass, 1 fail, 1 undetermined)",
        "  readiness/rules/ACM003-foreign-region.yaml:31: the default is approved: the message",
        "    expected the region is eu-west-2",
        "    found    the region is eu-west-1",
    ]
    told = json.loads(run("rules", "test", str(project), "--rule", "ACM003", "-f", "json").stdout)
    assert told["kept"] is False
    assert [case["kept"] for case in told["rules"][0]["cases"]] == [False, True, True]


def test_a_rule_without_all_kinds_of_case(project: Path) -> None:
    path = project / "readiness" / "rules" / "ACM003-foreign-region.yaml"
    path.write_text(path.read_text().partition("cases:")[0])
    result = run("rules", "test", str(project), "--rule", "ACM003")
    assert result.returncode == 0
    assert "  no case is pass, fail, undetermined" in result.stdout
    assert run("rules", "test", str(project), "--rule", "ACM003", "--strict").returncode == 1


def test_cases_of_one_of_our_rules() -> None:
    result = run("rules", "test", "--rule", "TBL004")
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("TBL004 capacity-mode-differs: ok (")


def test_a_project_without_rules_has_nothing_to_test(tmp_path: Path) -> None:
    assert_one_complaint(run("rules", "test", str(tmp_path)), 3, "brings no rules of its own")


def test_docs_writes_a_page_per_rule(tmp_path: Path) -> None:
    result = run("rules", "docs", str(EXAMPLE), "--output-dir", str(tmp_path / "pages"))
    assert result.returncode == 0, result.stderr
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert [name[:6] for name in names] == [*CODES, "README"]
    page = (tmp_path / "pages" / "ACM002-short-log-retention.md").read_text()
    assert "keeps its events for 14 days; expected at least 30" in page
    assert "default = 30" in page
    assert "[ACM001](ACM001-foreign-name.md)" in (tmp_path / "pages" / "README.md").read_text()


def test_assess_shows_what_the_rules_of_the_project_find(tmp_path: Path) -> None:
    result = run("assess", "sit", str(EXAMPLE), "--as-of", "2026-01-07", "-f", "json")
    issues = {issue["rule"]: issue for issue in json.loads(result.stdout)["issues"]}
    assert {code: issues[code]["severity"] for code in CODES} == {
        "ACM001": "medium",
        "ACM002": "high",
        "ACM003": "critical",
        "ACM004": "high",
    }
    assert issues["ACM001"]["title"] == "Tables without the team's prefix: drafts"


def test_assess_shows_which_rules_are_switched_off(project: Path) -> None:
    (project / "readiness.yaml").write_text("rules:\n  foreign-name: {enabled: false}\n")
    arguments = ("assess", "sit", str(project), "--as-of", "2026-01-07", "--fail-on", "never")
    assert "The rule foreign-name is switched off (readiness.yaml:2)." in run(*arguments).stdout
    (report,) = (project / "deployments").glob("*_readiness_report.md")
    assert "Switched off by the configuration: `foreign-name`" in report.read_text()
    told = json.loads(run(*arguments, "-f", "json").stdout)
    assert told["switched_off"] == [{"rule": "foreign-name", "at": "readiness.yaml:2"}]


def test_text_of_a_rule_is_inert(project: Path) -> None:
    path = project / "readiness" / "rules" / "ACM001-foreign-name.yaml"
    evil = '"Names <script>alert(1)</script> @team [x](https://e.example) \\e[31m"'
    path.write_text(path.read_text().replace("name: Tables without the team's prefix", f"name: {evil}"))
    assert "\x1b" not in run("rules", "show", "ACM001", str(project)).stdout
    run("rules", "docs", str(project), "--output-dir", str(project.parent / "pages"))
    page = (project.parent / "pages" / "ACM001-foreign-name.md").read_text()
    assert "<script>" not in page.replace("\\<script>", "")
    assert "[x](https" not in page
    assert "`@team`" in page
