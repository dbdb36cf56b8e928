"""Cases that are not as expected, cases that cannot be run, and cases that are not well written."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.config import Config
from bbws_readiness.errors import RulebookError
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.run import run_case
from bbws_readiness.rule_cases.suite import Suite, own_suite
from bbws_readiness.rulebooks import project_rules
from bbws_readiness.source import Location
from tests.cases import each

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom_rules"
BESIDE = "readiness/rules/ACM002-short-log-retention.cases.yaml"


@pytest.fixture(scope="module")
def suite() -> Suite:
    return own_suite(project_rules(EXAMPLE, Config()), EXAMPLE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "project")


def ran(suite: Suite, expect: Mapping[str, Any], **data: object) -> list[tuple[str, str, str]]:
    case = Case("ACM002", "one", Location("cases.yaml", 1), {"base": ".", **data, "expect": expect})
    return [(one.what, one.expected, one.actual) for one in run_case(suite, case).mismatches]


def test_what_is_expected_is_kept(suite: Suite) -> None:
    assert ran(suite, {"outcome": "fail", "severity": "high", "facet": "resources", "standing": "defect"}) == []


@each(
    ("expect", "what", "expected", "actual"),
    [
        ({"outcome": "pass"}, "the answer", "outcome pass", "fail defect terraform/main.tf:61"),
        ({"outcome": "fail", "subjects": ["x"]}, "the subjects", "x", "aws_cloudwatch_log_group.orders"),
        ({"outcome": "fail", "severity": "low"}, "the severity", "low", "high"),
        ({"outcome": "fail", "message": "nothing"}, "the message", "nothing", "for 14 days"),
        ({"outcome": "fail", "at": "main.tf:1"}, "the place", "main.tf:1", "terraform/main.tf:61"),
        ({"outcome": "fail", "title": "Logs"}, "the title", "Logs", "less than wanted"),
        ({"outcome": "fail", "votes": ["plan: 30"]}, "the votes", "plan: 30", ""),
        ({"outcome": "fail", "explained-by": True}, "being explained", "True", "fail"),
    ],
)
def test_what_is_not_as_expected_is_told(
    suite: Suite, expect: Mapping[str, Any], what: str, expected: str, actual: str
) -> None:
    told = ran(suite, expect)
    first = told[0]
    assert first[:2] == (what, expected)
    assert actual in first[2]


@each(
    ("data", "told"),
    [
        ({"edit": [{"path": "terraform/main.tf", "replace": "nowhere", "with": ""}]}, "does not hold the text"),
        ({"remove": ["nowhere"]}, "there is no nowhere to remove"),
        ({"base": "nowhere"}, "there is nothing in the folder nowhere"),
        ({"project": "shipments"}, "names the projects of this tool"),
        ({"environment": "moon"}, 'environment "moon" is not known'),
        ({"config": "rules: {ACM002: {enabled: false}}"}, "the rule is switched off"),
        ({"config": "rules: {ACM003: {enabled: maybe}}"}, "expected true or false"),
        ({"as-of": "2026-99-99"}, "as-of is no day"),
        ({"files": {"a": "", "a/b": ""}}, "a/b cannot be a file"),
        ({"files": {".": ""}}, '"." is not a path inside the project'),
        ({"remove": ["."]}, '"." is not a path inside the project'),
        ({"git": {"branch": "a..b"}}, "git cannot make its branch and tags"),
        ({"git": {"tags": ["v1", "v1"]}}, "git cannot make its branch and tags"),
        (
            {"edit": [{"path": "terraform/main.tf", "replace": "a", "with": "b" * 100_000}]},
            "terraform/main.tf would have more than",
        ),
    ],
)
def test_a_case_that_cannot_be_run_is_not_as_expected(suite: Suite, data: Mapping[str, Any], told: str) -> None:
    (mismatch,) = ran(suite, {"outcome": "fail"}, **data)
    assert mismatch[0] == "the case cannot be run"
    assert told in mismatch[2]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: a fortnight", "name: thirty days", 'two cases are called "thirty days"'),
        ("path: terraform/main.tf", "path: ../main.tf", "expected a path inside the project"),
        ("path: terraform/main.tf", "path: /etc/passwd", "expected a path inside the project"),
        ("terraform/days.tf:", ".git/config:", "is not a path inside the project"),
        ("terraform/days.tf:", "a/.GIT/config:", "is not a path inside the project"),
        ("terraform/days.tf:", '"a\\n../../x":', "is not a path inside the project"),
        ("terraform/days.tf:", '"a\\0":', "is not a path inside the project"),
        ("base: .\n    expect:", "base: ..\n    expect:", "expected a path inside the project"),
        ("outcome: fail", "outcome: broken", "expected one of pass, fail, undetermined, not-applicable"),
        ("base: .", "case: .", 'unknown key "case"'),
    ],
)
def test_a_case_that_is_not_well_written_is_told(project: Path, old: str, new: str, told: str) -> None:
    path = project / BESIDE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(RulebookError, match=told) as raised:
        own_suite(project_rules(project, Config()), project)
    assert raised.value.code.code == "E316"
    assert raised.value.at is not None
    assert raised.value.at.path == BESIDE


@each("path", ["../../x", "a\n/../../../x", "a/../../../x", ".Git/config", ".g\u200cit/config"])
@each("how", ["files", "edit", "remove", "changed"])
def test_nothing_outside_of_the_folder_of_a_case_is_touched(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, path: str
) -> None:
    # The schema refuses such paths already; this is what holds when a pattern lets one through.
    (tmp_path / "temporary").mkdir()
    (tmp_path / "x").write_text("kept")
    (tmp_path / "temporary" / "x").write_text("kept")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    asked: dict[str, Any] = {
        "files": {"files": {path: "broken"}},
        "edit": {"edit": [{"path": path, "replace": "kept", "with": "broken"}]},
        "remove": {"remove": [path]},
        "changed": {"git": {"changed": {path: "broken"}}},
    }
    (mismatch,) = ran(suite, {"outcome": "fail"}, **asked[how])
    assert "is not a path inside the project" in mismatch[2]
    assert [one.read_text() for one in (tmp_path / "x", tmp_path / "temporary" / "x")] == ["kept", "kept"]


def test_cases_beside_no_rule(project: Path) -> None:
    (project / BESIDE).rename(project / "readiness/rules/other.cases.yaml")
    with pytest.raises(RulebookError, match=r"there is no rule beside these cases, other\.yaml"):
        own_suite(project_rules(project, Config()), project)


def test_a_case_can_be_a_checkout(suite: Suite) -> None:
    git = {"branch": "main", "tags": ["v1"], "changed": {"terraform/main.tf": "broken {"}}
    assert ran(suite, {"outcome": "undetermined"}, git=git) == []
