"""Every way of writing whom a role trusts is judged by what AWS makes of it."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.rule import Rule
from bbws_readiness.model.access import Access, Document
from bbws_readiness.parsers.access.statements import read_statements
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.source import Location, Source
from tests.cases import each
from tests.checks.access.access import project
from tests.data import data

HERE = Path(__file__).parent
CASES = data(HERE / "trusts.yaml")
RULES = {rule.code: rule for rule in shipped_rulebook().rules}
PROVIDER = "token.actions.githubusercontent.com"
AT = Location("iam/sit/trust.json", 1)


def asked(rule: Rule, condition: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """The outcome, and the reason where there is one."""
    spelt = {
        test: {key if key.startswith("aws:") else f"{PROVIDER}:{key}": value for key, value in keys.items()}
        for test, keys in condition.items()
    }
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{PROVIDER}"},
        "Condition": spelt,
    }
    text = yaml.safe_dump({"Statement": [statement]})
    node = read_yaml(Source(AT.path, text, len(text), ""))
    assert isinstance(node, Node)
    model = replace(project(), access=Access((Document(AT.path, AT, read_statements(node, "sit")),)))
    config = replace(Config(), repository="acme/depots_schemas")
    (seen,) = CHECKS[rule.check](Question(rule, model, config, date(2026, 3, 4))).observations
    return seen.outcome.value, str(seen.values)


@each("case", CASES, ids=lambda case: case["name"])
def test_wide(case: dict[str, Any]) -> None:
    outcome, values = asked(RULES["IAM002"], case["condition"])
    assert outcome == case["wide"], values


@each("case", CASES, ids=lambda case: case["name"])
def test_own_repository(case: dict[str, Any]) -> None:
    outcome, values = asked(RULES["IAM003"], case["condition"])
    assert outcome == case["own"], values
