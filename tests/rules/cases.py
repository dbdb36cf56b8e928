"""The cases of our own rules, with the projects that they begin with; the engine is `bbws_readiness.rule_cases`."""

from functools import cache
from pathlib import Path

from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.run import CaseResult, run_case
from bbws_readiness.rule_cases.suite import Suite, shipped_suite
from bbws_readiness.rulebooks import shipped_rulebook

HERE = Path(__file__).parent
PROJECTS = HERE / "projects"
PLANS = HERE / "plans"
"""What a real Terraform planned of the project `shipments` against several states: see `make_plans.py` there."""


@cache
def suite() -> Suite:
    """The suite of this checkout."""
    found = shipped_suite(shipped_rulebook())
    assert found is not None
    return found


def all_cases() -> tuple[Case, ...]:
    """Every case of every file, in order."""
    return suite().cases


def result(cases: Suite, case: Case) -> CaseResult:
    """What came of a case of `cases`, this checkout's suite; it is run once in a process."""
    assert cases is suite()
    found = _RESULTS.get((case.code, case.name))
    if found is None:
        found = _RESULTS[case.code, case.name] = run_case(cases, case)
    return found


_RESULTS: dict[tuple[str, str], CaseResult] = {}
