"""A role widens itself by every known way, and by nothing that only looks like one."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Question
from bbws_readiness.model.access import Access, Attached, Document
from bbws_readiness.parsers.access.managed import allows_more, granted_by
from bbws_readiness.parsers.access.statements import read_statements
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.source import Location, Source
from tests.cases import each
from tests.checks.access.access import project
from tests.data import data

HERE = Path(__file__).parent
CASES = data(HERE / "escalation.yaml")
RULE = next(rule for rule in shipped_rulebook().rules if rule.code == "IAM001")
AT = Location("iam/sit/permissions.json", 1)


def document(case: dict[str, Any]) -> Document:
    text = yaml.safe_dump({"Statement": case["statements"]})
    node = read_yaml(Source(AT.path, text, len(text), ""))
    assert isinstance(node, Node)
    attached = [Attached(arn, AT) for arn in case.get("attached", ())]
    return Document(
        AT.path,
        AT,
        (*read_statements(node, "sit"), *(said for one in attached for said in granted_by(one))),
        role=case.get("role", ""),
        boundary=case.get("boundary", ""),
        attached=tuple(filter(allows_more, attached)),
    )


def test_enough_of_each() -> None:
    outcomes = [case["outcome"] for case in CASES]
    assert min(map(outcomes.count, ("pass", "fail", "undetermined"))) >= 10


@each("case", CASES, ids=lambda case: case["name"])
def test_statements(case: dict[str, Any]) -> None:
    model = replace(project(), access=Access((document(case),)))
    (seen,) = CHECKS[RULE.check](Question(RULE, model, Config(), date(2026, 3, 4))).observations
    assert (seen.outcome.value, seen.subject) == (case["outcome"], ": ".join(filter(None, (AT.path, case.get("role")))))
    assert case.get("says", "") in f"{seen.values.get('grant', '')}{seen.values.get('reason', '')}"
