"""Runs the cases of every rule: a project, an edit, and what the rule says about it; near misses run elsewhere."""

from bbws_readiness.rule_cases.case import Case
from tests.cases import each
from tests.rules.cases import all_cases, result, suite

OWN = [case for case in all_cases() if case.near_miss is None]


@each("case", OWN, ids=lambda case: f"{case.code}: {case.name}", by=lambda case: case.code)
def test_case(case: Case) -> None:
    found = result(suite(), case)
    assert found.kept, "\n".join(f"{one.what}: expected {one.expected}; found {one.actual}" for one in found.mismatches)
