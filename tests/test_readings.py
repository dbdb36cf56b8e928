"""The readings of the example: who is declared right decides what the same disagreements mean."""

from datetime import datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.assess.gate import Threshold, exit_code
from bbws_readiness.assess.people import downstream
from bbws_readiness.decisions.entry import State
from bbws_readiness.engine.finding import Outcome, Standing
from bbws_readiness.engine.rule import Scope, Severity
from tests.cases import each
from tests.example import AS_OF, assessed

CRITICAL, HIGH, MEDIUM, LOW = Severity
APPROVERS = ("Tech Lead", "DevOps Lead", "DBA", "FinOps Lead")

ACTIONS_B = [
    (1, "Resolve missing tables", CRITICAL, "Tech Lead + Product Owner", 240, []),
    (2, "Reconcile index names", CRITICAL, "Backend Developer + DevOps Engineer", 120, []),
    (3, "Standardize table names", CRITICAL, "DevOps Engineer", 60, []),
    (4, "Add backup vault, plan, selection", CRITICAL, "DevOps Engineer + DBA", 180, [1, 3]),
    (5, "Create the SIT validation script", CRITICAL, "DevOps Engineer", 60, [1, 2, 3]),
    (6, "Create the release tag and changelog", HIGH, "DevOps Engineer", 15, [4, 5, 7]),
    (7, "Run the Terraform plan", HIGH, "DevOps Engineer", 30, [1, 2, 3, 4, 8]),
    (8, "Review streams", MEDIUM, "Backend Developer + Architect", 60, []),
    (9, "Update documentation", MEDIUM, "DevOps Engineer", 60, [1, 2, 3, 4, 8]),
    (10, "Verify AWS resources", MEDIUM, "DevOps Engineer", 30, []),
    (11, "Cost review", MEDIUM, "FinOps Lead + DevOps Engineer", 60, [1, 4]),
    (12, "Security review", MEDIUM, "Security Team + DBA", 120, [4]),
]


def issues(assessment: Assessment, severity: Severity) -> list[str]:
    return [issue.rule.code for issue in assessment.issues_of(severity)]


def test_b_is_blocked_by_five_critical_issues() -> None:
    assessment = assessed("b")
    assert assessment.verdict is Verdict.BLOCKED
    assert assessment.score.value == 0
    assert issues(assessment, CRITICAL) == ["TBL001", "IDX001", "NAM001", "BKP001", "VAL001"]
    assert issues(assessment, HIGH) == ["REL001"]
    assert {"DUR002", "PLN001"} == set(issues(assessment, MEDIUM))
    assert set(issues(assessment, LOW)) >= {"PLN002", "PLN004", "CAL001"}
    assert assessment.decisions == ()
    titles = {issue.rule.code: issue.title for issue in assessment.issues}
    assert titles["TBL001"] == "Missing tables: orders, users"
    for figure in ("8 stated", "11 listed", "7"):
        assert figure in titles["IDX001"]


def test_b_names_are_one_issue_with_the_mixed_suffix_as_evidence() -> None:
    (names,) = [issue for issue in assessed("b").issues if issue.rule.code == "NAM001"]
    assert {finding.rule.code for finding in names.evidence} == {"NAM002"}
    assert set(names.subjects) == {"tenants", "campaigns"}


def test_b_has_twelve_actions_with_owners_estimates_and_order() -> None:
    assessment = assessed("b")
    found = [
        (
            action.number,
            action.title,
            action.priority,
            " + ".join(action.owners),
            action.minutes,
            sorted(assessment.action(one.action).number for one in action.after if one.action),
        )
        for action in assessment.actions
    ]
    assert found == ACTIONS_B


def test_b_external_access_is_a_prerequisite_of_the_verifications() -> None:
    waiting = [action.number for action in assessed("b").actions if any(one.external for one in action.after)]
    assert waiting == [7, 10]


def test_b_schedule() -> None:
    assessment = assessed("b")
    schedule = assessment.schedule

    def numbers(chain: tuple[str, ...]) -> list[int]:
        return [assessment.action(key).number for key in chain]

    assert schedule.effort_minutes == 1035
    assert (schedule.ready_minutes, numbers(schedule.ready_chain)) == (465, [1, 4, 7, 6])
    assert schedule.ready_at == datetime(2026, 1, 8, 16, 45)
    assert (schedule.all_minutes, numbers(schedule.all_chain)) == (540, [1, 4, 12])
    assert schedule.all_done_at == datetime(2026, 1, 9, 10)
    assert schedule.planned.moment is not None
    assert schedule.planned.moment.begins() == datetime(2026, 1, 13, 9)
    assert (schedule.planned.kept, schedule.planned.slack_days, schedule.planned.delay_days) == (True, 2, 0)
    phases = {phase.name: sorted(numbers(phase.actions)) for phase in schedule.phases}
    assert phases == {
        "decide": [1, 2, 3, 8],
        "build": [4, 5, 9],
        "verify": [7, 10, 11, 12],
        "release": [6],
        "deploy": [],
    }


def test_b_cost_people_and_downstream() -> None:
    assessment = assessed("b")
    assert (assessment.cost.low, assessment.cost.high) == (Decimal(22), Decimal(50))
    assert tuple(one.role for one in assessment.approvers) == APPROVERS
    waiting = {one.name: (one.needs, one.defined_here) for one in assessment.downstream}
    assert waiting == {
        "campaigns_lambda": ("campaigns", True),
        "order_lambda": ("orders", False),
        "product_lambda": ("products", True),
    }


def test_what_may_stand_in_unread_configuration_is_not_said_to_be_missing() -> None:
    model = assessed("b").model
    assert model.configuration
    partly = replace(model, configuration=replace(model.configuration, complete=False))
    assert {one.name: one.defined_here for one in downstream(partly)} == {
        "campaigns_lambda": True,
        "order_lambda": None,
        "product_lambda": True,
    }


def test_b_drifts_belong_to_the_documents() -> None:
    drifts = {
        (finding.rule.code, finding.document.value)
        for finding in assessed("b").findings
        if finding.standing is Standing.DRIFT and finding.document
    }
    assert {("TBL001", "schemas"), ("TBL001", "readme"), ("TBL001", "script")} <= drifts
    assert ("BKP002", "schemas") in drifts
    assert {("DUR003", "readme"), ("DUR003", "script")} <= drifts
    assert not {document for _, document in drifts} & {"plan", "terraform"}


def test_a_is_conditional_with_five_decisions() -> None:
    assessment = assessed("a")
    assert assessment.verdict is Verdict.CONDITIONAL
    assert exit_code(assessment, Threshold.DECISION) == 1
    assert issues(assessment, CRITICAL) == []
    assert issues(assessment, HIGH) == []
    assert set(issues(assessment, MEDIUM)) == {"PLN001", "DUR002"}
    assert set(issues(assessment, LOW)) == {"VAL001", "NAM002", "REL001", "PLN002", "PLN004", "CAL001"}
    decided = {decision.key: tuple(rule.code for rule in decision.rules) for decision in assessment.decisions}
    assert decided == {
        "tables": ("TBL001",),
        "indexes": ("IDX001",),
        "names": ("NAM001",),
        "streams": ("DUR003",),
        "backup": ("BKP001", "BKP002"),
    }
    owners = {decision.key: (" + ".join(decision.owners), decision.minutes) for decision in assessment.decisions}
    assert owners == {
        "tables": ("Tech Lead + Product Owner", 240),
        "indexes": ("Backend Developer + DevOps Engineer", 120),
        "names": ("DevOps Engineer", 60),
        "streams": ("Backend Developer + Architect", 60),
        "backup": ("DevOps Engineer + DBA", 180),
    }


def test_a_shows_votes_and_two_options_for_each_decision() -> None:
    for decision in assessed("a").decisions:
        assert len(decision.votes) >= 2, decision.question
        assert [option.key for option in decision.options] == ["A", "B"]
    tables = next(decision for decision in assessed("a").decisions if decision.key == "tables")
    assert [tuple(kind.value for kind in vote.sources) for vote in tables.votes] == [
        ("plan",),
        ("terraform", "schemas", "readme", "script"),
    ]
    assert [vote.text.split()[0] for vote in tables.votes] == ["5", "3"]


def test_a_time_and_cost() -> None:
    assessment = assessed("a")
    assert assessment.schedule.ready_minutes == 420
    assert assessment.schedule.ready_chain == ("tables", "backup")
    assert assessment.schedule.ready_at == datetime(2026, 1, 8, 16)
    assert (assessment.cost.low, assessment.cost.high) == (Decimal(12), Decimal(30))
    assert [(line.low, line.high) for line in assessment.cost.lines if not line.counted] == [(Decimal(10), Decimal(20))]


DECISIONS_C = [
    ("D1", "not-required", ["TBL001"], ["Tech Lead", "Product Owner"], "", 2),
    ("D2", "by-design", ["IDX001"], ["Backend Developer"], "", 5),
    ("D3", "accepted-risk", ["BKP002", "BKP001"], ["DBA"], "2026-03-31", 3),
    ("D4", "by-design", ["NAM001"], ["Tech Lead"], "", 2),
    ("D5", "by-design", ["DUR002", "DUR003"], ["Architect"], "", 3),
    ("D6", "accepted-risk", ["PLN001", "PLN002", "PLN004", "CAL001"], ["DevOps Lead"], "2026-01-31", 6),
]


def test_c_is_ready_with_two_minor_items() -> None:
    assessment = assessed("c")
    assert assessment.verdict is Verdict.READY
    assert exit_code(assessment, Threshold.DECISION) == 0
    assert assessment.decisions == ()
    assert {severity: issues(assessment, severity) for severity in Severity} == {
        CRITICAL: [],
        HIGH: [],
        MEDIUM: [],
        LOW: ["NAM002", "VAL001"],
    }
    assert all(issue.standing is Standing.DEFECT for issue in assessment.issues)
    assert assessment.score.value == 95
    assert [(line.key, line.points) for line in assessment.score.ledger] == [
        ("NAM002", Decimal("2.5")),
        ("VAL001", Decimal("2.5")),
    ]


def test_c_six_decisions_are_in_force() -> None:
    decided = assessed("c").decided
    found = [
        (one.key, one.kind, list(one.rules), list(one.entry.by), one.entry.until, len(one.settles))
        for one in decided.listed
    ]
    assert found == DECISIONS_C
    for one in decided.listed:
        assert one.state is State.IN_FORCE
        assert one.note == ""
        assert one.on == AS_OF.date()
        assert one.evidence
        assert all(claim.at for claim in one.evidence)
    assert decided.notices == ()


def test_c_what_a_settled_drift_explains_stays_with_it() -> None:
    counts = [one for one in assessed("c").findings if one.rule.code == "CNT001" and one.outcome is Outcome.FAIL]
    assert counts
    assert not any(one.open for one in counts)


def test_c_release_mark_is_asked_by_nobody_in_force() -> None:
    (release,) = [finding for finding in assessed("c").findings if finding.rule.code == "REL001"]
    assert release.outcome is Outcome.NOT_APPLICABLE


def test_c_time_actions_and_cost() -> None:
    assessment = assessed("c")
    assert assessment.schedule.ready_minutes == 0
    minor = {action.key: action.minutes for action in assessment.actions if action.priority is LOW}
    assert minor == {"names": 60, "validation-script": 60}
    others = {action.title: action.minutes for action in assessment.actions if action.key not in minor}
    assert others == {
        "Run the Terraform plan": 30,
        "Verify AWS resources": 30,
        "Cost review": 60,
        "Security review": 120,
    }
    assert (assessment.cost.low, assessment.cost.high) == (Decimal(12), Decimal(30))
    assert assessment.config.deployment_minutes == (15, 20)


def test_c_checks_of_production_do_not_apply() -> None:
    production = [one for one in assessed("c").findings if one.rule.scope is Scope.PRODUCTION]
    assert production
    assert {one.outcome for one in production} == {Outcome.NOT_APPLICABLE}


@pytest.mark.parametrize("reading", ["a", "b"])
def test_only_c_has_decisions(reading: str) -> None:
    assert assessed(reading).decided.listed == ()
    assert not any(finding.settled_by for finding in assessed(reading).findings)


@each("reading", ["a", "b", "c"])
def test_the_facts_are_the_same_in_every_reading(reading: str) -> None:
    assessment = assessed(reading)
    configuration = assessment.model.configuration
    assert configuration is not None
    assert configuration.complete
    assert [resource.address for resource in configuration.resources] == [
        "aws_dynamodb_table.campaigns",
        "aws_dynamodb_table.products",
        "aws_dynamodb_table.tenants",
    ]
    names = {table.full_name.get() for table in assessment.model.terraform_tables or ()}
    assert names == {"tenants", "campaigns", "products-sit"}
    assert tuple(one.role for one in assessment.approvers) == APPROVERS


@each("reading", ["a", "b", "c"])
def test_ledger_adds_up_and_fixing_never_costs(reading: str) -> None:
    score = assessed(reading).score
    assert score.value == max(Decimal(0), 100 - sum(line.points for line in score.ledger))
    assert all(line.points > 0 for line in score.ledger)


def test_recovery_window_is_never_invented() -> None:
    for table in assessed("b").model.terraform_tables or ():
        assert table.recovery is not None
        assert table.recovery.get() is True
        assert table.recovery_days is None
