"""The plan of the example says what the example's facts say, each on the line that says it."""

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from msgspec import Struct

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import Moment, Plan
from bbws_readiness.parsers.promotion_plan import is_plan, parse_plan
from bbws_readiness.source import Source
from tests.cases import each

EXAMPLE = Path(__file__).parents[2] / "examples/dynamodb_schemas"
PATH = "promotions/04_dynamodb_schemas_promotion.md"


def source_of(text: str, path: str = PATH) -> Source:
    return Source(path, text, len(text), "")


TEXT = (EXAMPLE / PATH).read_text()
SOURCE = source_of(TEXT)
PLAN, DIAGNOSTICS = parse_plan(SOURCE)


def values(facts: tuple[Fact[str], ...]) -> list[str]:
    return [fact.get() for fact in facts]


def test_it_is_a_plan_without_faults_of_form() -> None:
    assert is_plan(SOURCE)
    assert DIAGNOSTICS == ()
    assert PLAN.missing == ()
    assert SOURCE.line_count >= 450


@each(
    ("name", "expected"),
    [
        ("project", "2_1_bbws_dynamodb_schemas"),
        ("plan_id", "PROM-DDB-004"),
        ("created", date(2026, 1, 7)),
        ("owner", "DevOps Engineer"),
        ("status", "READY FOR EXECUTION"),
        ("footer_status", "READY FOR REVIEW"),
        ("wave", "Wave 2 (Infrastructure Foundation)"),
        ("backup_vault", "bbws-dynamodb-backup-vault-sit"),
    ],
)
def test_single_values(name: str, expected: object) -> None:
    assert getattr(PLAN, name).get() == expected


def test_progress_is_claimed_and_no_box_is_ticked() -> None:
    assert PLAN.overview["current status"].percent == 100
    assert PLAN.ticked == 0
    assert PLAN.open_boxes == TEXT.count("- [ ] ")


@each(
    ("table", "indexes"),
    [
        ("campaigns", ["CampaignsByStatus", "CampaignsByDate"]),
        ("orders", ["OrdersByCustomer", "OrdersByStatus", "OrdersByDate"]),
        ("products", ["ProductsByCategory", "ProductsByPriceRange", "ProductsByAvailability"]),
        ("tenants", ["TenantsByOrganization"]),
        ("users", ["UsersByEmail", "UsersByOrganization"]),
    ],
)
def test_tables_are_listed_with_their_indexes(table: str, indexes: list[str]) -> None:
    found = next(entry for entry in PLAN.tables if entry.name == table)
    assert found.full_name.get() == f"{table}-sit"
    assert found.names_environment
    assert [index.name.get() for index in found.indexes or ()] == indexes


def test_five_tables_and_eleven_indexes_are_listed() -> None:
    assert [table.name for table in PLAN.tables] == ["campaigns", "orders", "products", "tenants", "users"]
    assert sum(len(table.indexes or ()) for table in PLAN.tables) == 11


def test_eight_indexes_are_stated_at_four_places() -> None:
    stated = [(count.number.get(), count.scope) for count in PLAN.counts if count.noun == "indexes"]
    assert stated == [(8, ""), (8, "sit"), (8, "prod"), (8, "sit")]
    lines = [SOURCE.lines[count.number.at.line - 1] for count in PLAN.counts if count.noun == "indexes"]
    assert lines == [
        "| **GSIs** | 8 (across all tables) |",
        "# - Confirm 8 GSIs across all tables",
        "# - Confirm 8 GSIs across all tables",
        "- [ ] All 8 GSIs ACTIVE",
    ]


def test_every_other_count_agrees_with_its_list() -> None:
    stated = {(count.noun, count.number.get()) for count in PLAN.counts if count.noun != "indexes"}
    assert stated == {("tables", 5), ("workflows", 3)}
    assert values(PLAN.workflows) == ["deploy-dev", "deploy-sit", "deploy-prod"]


@each(
    ("name", "account", "region", "role", "status"),
    [
        ("dev", "536580886816", "eu-west-1", "", "Deployed"),
        ("sit", "815856636111", "eu-west-1", "", "Target"),
        ("prod", "093646564004", "af-south-1", "primary", "Planned"),
        ("dr", "093646564004", "eu-west-1", "failover", "Planned"),
    ],
)
def test_environments(name: str, account: str, region: str, role: str, status: str) -> None:
    found = next(entry for entry in PLAN.environments if entry.name == name)
    assert (found.account and found.account.get(), found.region and found.region.get()) == (account, region)
    assert (found.region_role, found.domain, found.status and found.status.get()) == (role, None, status)


def moment(month: int, start: int, end: int | None = None, *times: str) -> tuple[date, date, time | None, time | None]:
    clocks = [*(time.fromisoformat(text) for text in times), None, None]
    return date(2026, month, start), date(2026, month, end or start), clocks[0], clocks[1]


def parts(found: Moment | None) -> tuple[date, date, time | None, time | None]:
    assert found is not None
    return found.start, found.end, found.start_time, found.end_time


@each(
    ("environment", "part", "expected"),
    [
        ("sit", "preparation", moment(1, 11, 12)),
        ("sit", "deployment", moment(1, 13, None, "09:00")),
        ("sit", "validation", moment(1, 13, None, "09:30", "11:00")),
        ("sit", "sign_off", moment(1, 13, None, "16:00")),
        ("sit", "period", moment(1, 14, 31)),
        ("sit", "final_sign_off", moment(1, 31)),
        ("prod", "preparation", moment(2, 20, 23)),
        ("prod", "deployment", moment(2, 24, None, "08:00")),
        ("prod", "disaster_recovery", moment(2, 24, None, "10:00")),
        ("prod", "validation", moment(2, 24, None, "11:00", "13:00")),
        ("prod", "sign_off", moment(2, 27)),
    ],
)
def test_planned_days(environment: str, part: str, expected: object) -> None:
    assert parts(getattr(PLAN.dates[environment], part)) == expected


def test_days_fall_on_the_weekdays_that_the_findings_name() -> None:
    sit = PLAN.dates["sit"]
    assert sit.preparation and sit.preparation.start.strftime("%a") == "Sun"
    assert sit.deployment and sit.deployment.start.strftime("%a") == "Tue"
    assert sit.final_sign_off and sit.final_sign_off.start.strftime("%a") == "Sat"


def test_what_is_called_a_week_is_one() -> None:
    assert PLAN.weeks == ()
    text = TEXT.replace("### Performance Testing", "### Week 1: Performance Testing")
    plan, _ = parse_plan(source_of(text.replace("### Recovery Testing", "### Week 2 : Recovery Testing")))
    assert plan is not None
    assert plan.missing == ()
    spans = [(week.moment.end - week.moment.start).days + 1 for week in plan.weeks if week.moment]
    assert spans == [5, 2]


def test_the_integration_test_stands_below_the_second_phase_with_or_without_its_week() -> None:
    for heading in ("Integration Testing", "Week 1: Integration Testing", "Test of the Integration"):
        plan, _ = parse_plan(source_of(TEXT.replace("### Integration Testing", f"### {heading}")))
        assert plan is not None
        found = [what for what, _ in plan.missing]
        assert found == ([] if heading.endswith("Testing") else ["heading Integration Testing below Phase 2"])


def test_timeline_and_headings_agree() -> None:
    for heading in PLAN.dated_headings:
        if heading.part:
            assert heading.moment is not None
            assert parts(heading.moment) == parts(getattr(PLAN.dates[heading.environment], heading.part))


def test_backup_terms_and_who_is_asked_for_what() -> None:
    assert {
        name: (terms.frequency and terms.frequency.get(), terms.retention_days and terms.retention_days.get())
        for name, terms in PLAN.backup.items()
    } == {"sit": ("hourly", 7), "prod": ("hourly", 30)}
    assert PLAN.backup["prod"].cross_region and PLAN.backup["prod"].cross_region.get() is True
    assert PLAN.backup["sit"].cross_region is None
    asked = [SOURCE.lines[place.line - 1] for place in PLAN.backup_asked_at]
    assert any("vault" in line for line in asked)
    assert any("service role" in line for line in asked)


def test_fourteen_days_are_said_by_others_only() -> None:
    """The digits occur in days of January and nowhere else."""
    assert TEXT.replace("Jan 14-", "Jan -").count("14") == 0


@each(("flag", "demanded"), [("on-demand", True), ("recovery", True), ("encryption-kms", True), ("streams", False)])
def test_requirements(flag: str, demanded: bool) -> None:
    assert {found.demanded for found in PLAN.requirements if found.flag == flag} == {demanded}


def test_approvers_are_the_same_four_everywhere() -> None:
    four = ["Tech Lead", "DevOps Lead", "DBA", "FinOps Lead"]
    assert values(PLAN.approvers) == four
    assert [values(step.approvers) for step in PLAN.steps if step.approvers] == [four, four]
    assert values(PLAN.sign_off_roles) == four


def test_seven_contacts_without_a_name() -> None:
    assert [(contact.role, contact.contact) for contact in PLAN.contacts] == [
        (role, None)
        for role in (
            "DevOps Engineer",
            "DBA",
            "Tech Lead",
            "Product Owner",
            "On-Call SRE",
            "FinOps Lead",
            "AWS Support",
        )
    ]


def test_what_it_depends_on_and_what_it_blocks() -> None:
    assert PLAN.dependencies == ()
    assert [(blocked.name, blocked.remark) for blocked in PLAN.blocks] == [
        ("campaigns_lambda", "Wave 1"),
        ("order_lambda", "Wave 1"),
        ("product_lambda", "Wave 1"),
    ]


def test_release_mark() -> None:
    assert PLAN.release.tag and PLAN.release.tag.get() == "v1.0.0-sit"
    assert PLAN.release.changelog_at


def test_no_alarm_and_no_dashboard_is_planned() -> None:
    assert (PLAN.alarms, PLAN.dashboards, PLAN.resources, PLAN.consumed_tables) == ((), (), (), ())


def test_each_environment_has_validation_rollback_and_criteria() -> None:
    assert set(PLAN.validations) == set(PLAN.rollback) == {"sit", "prod"}
    assert {criterion.environment for criterion in PLAN.success} == {"sit", "prod"}


def test_terraform_runs_after_an_init_in_its_directory_with_its_settings() -> None:
    plans = [command for command in PLAN.commands if command.words[:2] == ("terraform", "plan")]
    assert [(command.directory, command.environment) for command in plans] == [
        ("terraform/dynamodb", "sit"),
        ("terraform/dynamodb", "prod"),
    ]
    for command in plans:
        assert (EXAMPLE / command.directory / f"environments/{command.environment}.tfvars").is_file()
        assert f"-var-file=environments/{command.environment}.tfvars" in command.words
    assert not any("workspace" in command.words for command in PLAN.commands)


def test_commands_name_only_the_table_that_all_sources_agree_on() -> None:
    assert set(values(PLAN.named_tables)) == {"products-sit"}


def test_change_log() -> None:
    assert [(day.get().isoformat(), phase, status) for day, phase, status in PLAN.change_log] == [
        ("2026-01-07", "Planning", "Complete"),
        ("2026-01-13", "SIT Deploy", "Scheduled"),
        ("2026-02-24", "PROD Deploy", "Planned"),
    ]


def facts(value: object) -> Iterator[Fact[object]]:
    if isinstance(value, Fact):
        yield value
    elif isinstance(value, Struct):
        for entry in value.__struct_fields__:
            yield from facts(getattr(value, entry))
    elif isinstance(value, tuple):
        for part in value:
            yield from facts(part)
    elif isinstance(value, dict):
        yield from facts(tuple(value.values()))


def check_that_lines_hold_tokens(plan: Plan, source: Source) -> int:
    """Each fact's value stands at its place; a cross-region flag, the only truth value, stands where its word does."""
    checked = 0
    for fact in facts(plan):
        rest = source.lines[fact.at.line - 1][fact.at.column - 1 :]
        value = "cross-region" if fact.get() is True else str(fact.get())
        assert rest.casefold().startswith(value.casefold()), (fact, rest)
        checked += 1
    return checked


def test_every_fact_stands_where_it_says() -> None:
    assert check_that_lines_hold_tokens(PLAN, SOURCE) > 80
    for period in (*PLAN.phases, *PLAN.timeline, *PLAN.dated_headings):
        assert period.moment and period.moment.text in SOURCE.lines[period.moment.at.line - 1]


@pytest.mark.parametrize(("environment", "expected"), [("sit", True), ("prod", False)])
def test_names_speak_for_their_own_environment(environment: str, expected: bool) -> None:
    plan, _ = parse_plan(SOURCE, environment=environment)
    assert {table.names_environment for table in plan.tables} == {expected}


def test_line_ends_make_no_difference() -> None:
    plan, diagnostics = parse_plan(source_of(TEXT.replace("\n", "\r\n")))
    assert plan == PLAN
    assert diagnostics == DIAGNOSTICS
