"""The cases of the shipped rules notice when a rule answers otherwise or looks for something else."""

import json
from collections.abc import Mapping

import pytest
from click.testing import CliRunner

from bbws_readiness.checks import CHECKS
from bbws_readiness.cli.main import readiness
from bbws_readiness.engine.rule import Rule
from bbws_readiness.rulebooks import shipped_rulebook
from tests.cases import each
from tests.rules.cases import suite
from tests.rules.mutants import Mutant, another, changed, flipped, survivors

BOOK = shipped_rulebook()

CANNOT_BE_UNDETERMINED: Mapping[str, str] = {}
"""Rules whose every fact is known as soon as their input is there, each with the reason."""

LEAST = 50
"""As many rules as are promised."""

PARAMETERS: Mapping[str, Mapping[str, object]] = {
    "TBL003": {"field": "billing_mode", "sources": ["terraform", "schemas"]},
    "TBL004": {"field": "primary_key"},
    "NAM001": {"field": "billing_mode", "sources": ["plan", "terraform"]},
    "TAG001": {"required": ["CostCenter"]},
    "DUR001": {"field": "deletion_protection"},
    "DUR003": {"field": "billing_mode", "sources": ["terraform", "schemas"]},
    "DUR004": {"field": "recovery"},
    "ENV006": {"pairs": ["enable_logging: nothing"]},
    "ENV007": {"also": ["ops@acme.test"]},
    "VAL002": {"read-verbs": ["list"]},
    "SEC001": {"exclude": ["*"]},
    "RES003": {"asked": ["replication"]},
    "RES004": {"open": ["*"]},
    "IAM004": {"without-resource": ["dynamodb:UpdateTimeToLive"]},
}
"""What parameters become where nothing, or another word, would not do: other fields and sources that are read too,
and something for lists that are empty."""

EACH = pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.code)


def test_as_many_rules_as_promised() -> None:
    told = CliRunner().invoke(readiness, ["rules", "list", "-f", "json"], standalone_mode=False).output
    assert len({rule["code"] for rule in json.loads(told)}) >= LEAST


@EACH
def test_rule_is_shown_passing_failing_and_undetermined(rule: Rule) -> None:
    wanted = {"pass", "fail", *(["undetermined"] if rule.code not in CANNOT_BE_UNDETERMINED else [])}
    assert wanted - {outcome for case in suite().of(rule.code) for outcome in case.outcomes} == set()


@EACH
def test_cases_notice_another_answer_and_another_parameter(rule: Rule) -> None:
    mutants = (*flipped(BOOK, rule), *changed(BOOK, rule, PARAMETERS.get(rule.code, {})))
    assert survivors(suite(), rule, mutants) == [], "write the case that tells them from the rule"


def test_cases_take_the_rule_for_itself() -> None:
    rule = next(rule for rule in BOOK.rules if rule.code == "WFL001")
    assert survivors(suite(), rule, [Mutant("nothing", BOOK, CHECKS)]) == ["nothing"]


def test_the_tables_name_rules_and_parameters_that_are_there() -> None:
    parameters = {rule.code: set(rule.parameters) for rule in BOOK.rules}
    assert set(CANNOT_BE_UNDETERMINED) <= set(parameters)
    assert [code for code, values in PARAMETERS.items() if not set(values) <= parameters.get(code, set())] == []


@each(("value", "other"), [(True, False), (7, 8), (["a", "b"], []), ({"a": 1}, {}), ("a", "a-other")])
def test_another_value_of_the_same_type(value: object, other: object) -> None:
    assert another(value) == other
