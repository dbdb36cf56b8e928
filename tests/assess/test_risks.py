"""What is at stake: one risk per open issue and decision, rated by the organisation before the rule."""

from msgspec.structs import replace

from bbws_readiness.assess.risks import open_risks, rating
from bbws_readiness.config import Config, RiskRating
from bbws_readiness.engine.rule import Risk
from tests.cases import each
from tests.example import READINGS, assessed
from tests.render import sample

RATED = [
    ("the rule alone", {}, ("HIGH", "LOW"), ("HIGH", "LOW")),
    ("nobody", {}, (None, None), ("", "")),
    ("the organisation by code", {"TBL001": RiskRating("low", "high")}, ("HIGH", "LOW"), ("LOW", "HIGH")),
    (
        "the organisation by name, in part",
        {"missing-table": RiskRating("", "medium")},
        ("high", None),
        ("HIGH", "MEDIUM"),
    ),
]


@each(("configured", "ruled", "expected"), [case[1:] for case in RATED], ids=[case[0] for case in RATED])
def test_rating(configured: dict[str, RiskRating], ruled: tuple[str | None, str | None], expected: object) -> None:
    rule = replace(sample.TBL001, risk=Risk("It breaks.", *ruled))
    assert rating(Config(risk_ratings=configured), rule) == expected


@each("reading", READINGS)
def test_every_open_issue_and_decision_with_a_risk_has_one(reading: str) -> None:
    assessment = assessed(reading)
    expected = [(one.rule.code, one.title, one.severity) for one in assessment.issues if one.rule.risk]
    expected += [(one.rules[0].code, one.question, None) for one in assessment.decisions if one.rules[0].risk]
    assert [(one.rule.code, one.about, one.severity) for one in open_risks(assessment)] == expected
    assert all(assessment.action(one.action) for one in open_risks(assessment))
