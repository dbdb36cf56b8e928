"""The checks that take their field as a parameter, each on the project `shipments`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.pipeline import shipped_rulebook
from bbws_readiness.project import discover
from tests.rules.cases import PROJECTS

PASS, FAIL, _, NOT_APPLICABLE = Outcome


@cache
def shipments() -> Model:
    return build_model(discover(PROJECTS / "shipments", Config()), "sit")


def asked(check: str, parameters: Mapping[str, object]) -> Question:
    rule = replace(shipped_rulebook().rules[0], check=check, parameters=parameters)
    return Question(rule, shipments(), Config(), date(2026, 3, 4))


@pytest.mark.parametrize(
    ("check", "parameters", "outcome"),
    [
        ("same-names", {}, PASS),
        ("same-names", {"sources": ["terraform", "readme"]}, PASS),
        ("same-names", {"sources": ["terraform"]}, NOT_APPLICABLE),
        ("same-value", {"field": "billing_mode"}, PASS),
        ("same-value", {"field": "streams", "sources": ["terraform", "schemas"]}, PASS),
        ("same-value", {"field": "streams", "sources": "terraform"}, NOT_APPLICABLE),
        ("present", {"field": "billing_mode"}, PASS),
        ("present", {"field": "recovery_days"}, FAIL),
        ("equals", {"field": "recovery", "value": True}, PASS),
        ("equals", {"field": "deletion_protection", "value": True}, FAIL),
        ("one-of", {"field": "encryption", "values": ["aws-managed", "customer-managed"]}, PASS),
        ("one-of", {"field": "encryption", "values": "customer-managed"}, FAIL),
        ("matches", {"field": "full_name", "pattern": "[a-z]+-sit"}, PASS),
        ("matches", {"field": "full_name", "pattern": "[a-z]+"}, FAIL),
        ("at-least", {"field": "recovery_days", "minimum": 7}, FAIL),
    ],
)
def test_answer(check: str, parameters: Mapping[str, object], outcome: Outcome) -> None:
    observations = CHECKS[check](asked(check, parameters)).observations
    assert {seen.outcome for seen in observations} == {outcome}
    if outcome is not NOT_APPLICABLE:
        assert [seen.subject for seen in observations] == ["carriers", "parcels"]


@pytest.mark.parametrize(
    ("check", "parameters"),
    [
        ("equals", {"field": "colour", "value": "red"}),
        ("same-value", {}),
        ("matches", {"field": "full_name", "pattern": "("}),
        ("at-least", {"field": "recovery_days", "minimum": "many"}),
    ],
)
def test_senseless_parameter(check: str, parameters: Mapping[str, object]) -> None:
    with pytest.raises(Undetermined, match="the parameter"):
        CHECKS[check](asked(check, parameters))
