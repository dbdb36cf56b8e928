"""Runs the cases of every rule: a project, an edit, and what the rule says about it."""

import pytest

from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.run import run_case
from tests.rules.cases import all_cases, suite


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.code}: {case.name}")
def test_case(case: Case) -> None:
    result = run_case(suite(), case)
    assert result.kept, "\n".join(
        f"{one.what}: expected {one.expected}; found {one.actual}" for one in result.mismatches
    )
