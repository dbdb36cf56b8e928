"""What the page of a rule shows of its cases."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bbws_readiness.config import Config
from bbws_readiness.render.rule_pages import Example, Fragment
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.examples import LONG, examples_of
from bbws_readiness.rule_cases.suite import own_suite
from bbws_readiness.rulebooks import project_rules
from bbws_readiness.source import Location

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom_rules"
SUITE = own_suite(project_rules(EXAMPLE, Config()), EXAMPLE)
LOGS = 'resource "aws_cloudwatch_log_group" "a" {\n  retention_in_days = 7\n}\n'
WORKFLOW = ".github/workflows/deploy-sit.yml"
EMPTY_SETTINGS = {"sit.tfvars": ""}


def shown(outcome: str, *cases: dict[str, object]) -> Example | None:
    """The example of ACM002 that is taken from the cases."""
    made = [
        Case("ACM002", f"number {number}", Location("cases.yaml", 1), {"expect": {"outcome": outcome}, **data})
        for number, data in enumerate(cases)
    ]
    rule = next(rule for rule in SUITE.book.rules if rule.code == "ACM002")
    examples = examples_of(replace(SUITE, cases=tuple(made)), rule)
    return examples.bad if outcome == "fail" else examples.good


def test_what_a_case_writes_is_shown_whole() -> None:
    bad = shown("fail", {"files": {"./main.tf": LOGS, **EMPTY_SETTINGS}, "environment": "sit"})
    assert bad is not None
    assert bad.fragments == (Fragment("main.tf", LOGS), Fragment("sit.tfvars", ""))
    assert bad.circumstances == ("The environment is sit.",)
    assert [message.startswith("main.tf:2: ") for message in bad.messages] == [True]


def test_what_a_case_changes_is_shown_as_a_difference() -> None:
    edit = {"path": "terraform/main.tf", "replace": "var.log_retention_days", "with": "7"}
    bad = shown("fail", {"base": ".", "edit": [edit], "remove": [WORKFLOW]})
    assert bad is not None
    told = {fragment.path: (fragment.how, fragment.text.splitlines()) for fragment in bad.fragments}
    assert {path: how for path, (how, _) in told.items()} == {
        "terraform/main.tf": "is changed",
        WORKFLOW: "is removed",
    }
    assert "+  retention_in_days = 7" in told["terraform/main.tf"][1]
    assert all(line.startswith(("-", "…")) for line in told[WORKFLOW][1])


def test_of_a_project_as_it_is_the_place_is_shown() -> None:
    bad = shown("fail", {"base": "."})
    assert bad is not None
    (fragment,) = bad.fragments
    assert (fragment.path, fragment.how) == ("terraform/main.tf", "from line 59")
    assert bad.messages[0].startswith("terraform/main.tf:61: ")


def test_no_difference_is_looked_for_in_a_long_file() -> None:
    text = "# a\n" * (LONG + 1)
    bad = shown("fail", {"base": ".", "edit": [{"path": WORKFLOW, "replace": "jobs:", "with": text + "jobs:"}]})
    assert bad is not None
    assert bad.fragments[0] == Fragment(WORKFLOW, f"… (more than {LONG} lines)", "is changed")


@pytest.mark.parametrize("outcome", ["fail", "pass"])
def test_no_case_no_example(outcome: str) -> None:
    assert shown(outcome) is None
