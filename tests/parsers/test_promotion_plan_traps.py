"""Where a parser of plans goes wrong: one test for each trap, most of them on one invented plan."""

from datetime import date, time
from pathlib import Path

from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.plans import Command, Plan
from bbws_readiness.parsers.promotion_plan import is_plan, parse_plan, project_alias
from bbws_readiness.parsers.promotion_plan.dates import Anchor, parse_moment
from bbws_readiness.parsers.promotion_plan.markdown import Document, read_markdown
from bbws_readiness.parsers.promotion_plan.overview import read_value
from bbws_readiness.source import Location, Source
from tests.cases import each

CASE = Path(__file__).parent / "cases/promotion_plan/invoice_lambda.md"


def parse(text: str, **more: str) -> tuple[Plan, tuple[Diagnostic, ...]]:
    return parse_plan(Source("plan.md", text, len(text), ""), **more)


def plan_with(body: str, title: str = "shipments_schemas") -> Plan:
    return parse(f"# Promotion Plan: {title}\n\n{body}\n")[0]


TEXT = CASE.read_text()
LINES = TEXT.split("\n")
PLAN, DIAGNOSTICS = parse(TEXT)


def in_checklist(body: str) -> str:
    return f"## Phase 1: SIT Promotion\n\n### Pre-Deployment Checklist\n\n#### Infrastructure Planning\n\n{body}"


# 1


def test_only_a_parenthesis_that_says_so_is_an_index_list() -> None:
    plan = plan_with(
        in_checklist(
            "- [ ] Document all tables to be created:\n"
            "  - `parcels-sit` (GSI: ParcelsByStatus, ParcelsByDepot)\n"
            "  - `carriers-sit` (GSIs: CarriersByCountry)\n"
            "  - `routes-sit` (Printed labels)\n"
            "  - `depots-sit` (website hosting)\n"
        )
    )
    assert {table.name: table.index_names for table in plan.tables} == {
        "parcels": {"ParcelsByStatus", "ParcelsByDepot"},
        "carriers": {"CarriersByCountry"},
        "routes": None,
        "depots": None,
    }


def test_a_bucket_description_is_a_remark() -> None:
    buckets = [
        (found.name.get(), found.remark) for found in PLAN.resources if found.kind == "bucket" and not found.consumed
    ]
    assert buckets == [
        ("acme-labels-sit", "Printed labels"),
        ("acme-archive-sit", "website hosting"),
        ("acme-portal-sit", "website hosting"),
    ]


# 2, 3

VALUES = [
    ("4 (carriers, parcels, routes, depots)", 4, ("carriers", "parcels", "routes", "depots"), False, None),
    ("6 (across all tables)", 6, (), False, None),
    ("31 (modular infrastructure)", 31, (), False, None),
    ("2 (small, but fine ones)", 2, (), False, None),
    ("3 (a, b)", 3, (), False, None),
    ("9 (dispatch-notice, delivery-delay, etc.)", 9, ("dispatch-notice", "delivery-delay"), True, None),
    ("9 (dispatch-notice, …)", 9, ("dispatch-notice",), True, None),
    ("100% complete, Production Ready", None, (), False, 100),
    ("S3 bucket, CDN, functions", None, ("S3 bucket", "CDN", "functions"), False, None),
    ("Keys, values and everything else that a table may hold", None, (), False, None),
    ("12", 12, (), False, None),
    ("6 tables", 6, (), False, None),
    ("1.6.0", None, (), False, None),
    ("24/7", None, (), False, None),
    ("", None, (), False, None),
]


@each(("text", "count", "names", "open_list", "percent"), VALUES)
def test_overview_values(
    text: str, count: int | None, names: tuple[str, ...], open_list: bool, percent: int | None
) -> None:
    found = read_value(text)
    assert (found.count, found.names, found.open_list, found.percent) == (count, names, open_list, percent)


def test_no_resource_is_made_of_a_remark() -> None:
    names = {found.name.get() for found in PLAN.resources} | {table.name for table in PLAN.tables}
    assert names == {
        *("acme-invoices-sit", "acme-labels-sit", "acme-archive-sit", "acme-portal-sit"),
        *("dispatch-notice.html", "delivery-delay", "create", "read", "update", "remove"),
    }


# 4, 15


def test_both_colon_styles_and_damaged_symbols() -> None:
    assert PLAN.project and PLAN.project.get() == "4_2_acme_invoice_lambda"
    assert PLAN.owner and PLAN.owner.get() == "Backend Developer"
    assert PLAN.status and PLAN.status.get() == "READY FOR REVIEW"
    assert PLAN.footer_status and PLAN.footer_status.get() == "DRAFT"
    assert [entry.status and entry.status.get() for entry in PLAN.environments] == ["Target", "Planned"]
    assert [status for _, _, status in PLAN.change_log] == ["Complete", "Scheduled"]


def test_damaged_tree_markers() -> None:
    assert [row.title for row in PLAN.timeline[:4]] == ["Pre-deployment", "Deployment", "Validation", "Sign-off"]


# 5


def test_critical_as_key_as_paragraph_and_as_prefix() -> None:
    assert [fact.get() for fact in PLAN.criticals] == [
        "never apply two modules at once.",
        "Never on a Friday",
        "Tell support → first ✓",
    ]
    items = [item for section in PLAN.checklists for item in section.items if item.critical]
    assert [item.text for item in items] == [
        "Confirm the profile `acme-sit`",
        "Parcel schemas MUST be in SIT (for addresses)",
    ]
    assert items[0].codes == ("acme-sit",)


def test_a_key_behind_a_list_is_still_a_key() -> None:
    assert [fact.get() for fact in PLAN.approvers] == ["Tech Lead", "DBA", "CDN Specialist"]


# 6, 7, 17, 22


def test_fences_in_entries() -> None:
    smoke = next(section for section in PLAN.checklists if section.title == "Smoke Tests")
    assert [item.text for item in smoke.items] == ["Verify with the loop:", "A list goes on after the inner fence"]
    assert not any("Test 1" in section.title for section in PLAN.checklists)
    assert [count.number.get() for count in PLAN.counts if count.noun == "handlers"] == [4, 4]


def test_an_untagged_fence_in_an_entry_is_not_the_timeline() -> None:
    body = "## Promotion Timeline\n\n- see\n\n  ```\n  Network (3 files):\n  ```\n\n## Environments\n"
    plan = plan_with(body)
    assert plan.timeline == ()
    assert "timeline (an untagged fence)" in {what for what, _ in plan.missing}
    assert len(PLAN.phases) == 3


def test_a_bar_in_code_makes_no_table() -> None:
    commands = [command.words for command in PLAN.commands if "describe-table" in command.words]
    assert commands == [("aws", "dynamodb", "describe-table", "--table-name", "$table", "--query", "a | b")]


def test_placeholders_are_no_names() -> None:
    assert [fact.get() for fact in PLAN.named_tables] == ["invoices-sit"]


# 8


def test_ticks_in_either_case() -> None:
    assert PLAN.ticked == 2
    assert PLAN.open_boxes == TEXT.count("- [ ]")


# 9, 18


def test_domains_and_accounts_keep_their_signs() -> None:
    sit, prod = PLAN.environments
    assert sit.domain and sit.domain.get() == "api.sit.acme.invalid"
    assert prod.domain and prod.domain.get() == "*.acme.invalid"
    assert sit.account and sit.account.get() == "011122223333"
    assert (prod.region and prod.region.get(), prod.region_role) == ("us-east-1", "CloudFront")


# 10


def test_step_ranges_and_what_approval_steps_say() -> None:
    assert [step.number for step in PLAN.steps] == ["1", "3-15", "16"]
    assert [fact.get() for fact in PLAN.steps[2].approvers] == ["Tech Lead", "DBA"]


def test_steps_restart_and_headings_repeat() -> None:
    steps = "### Deployment Steps\n\n#### Step 1: Look\n\n#### Step 3: Go\n\n"
    twice = "#### Production Monitoring ({0})\n\n- [ ] Look\n\n"
    plan = plan_with(
        f"## Phase 1: SIT Promotion\n\n{steps}## Phase 3: PROD Promotion\n\n{steps}### Post-Deployment Validation\n\n"
        + twice.format("First 24 Hours")
        + twice.format("First Week")
    )
    assert [(step.number, step.environment) for step in plan.steps] == [
        ("1", "sit"),
        ("3", "sit"),
        ("1", "prod"),
        ("3", "prod"),
    ]
    assert [section.title for section in plan.checklists] == ["Production Monitoring"] * 2
    assert len(plan.validations["prod"]) == 2


# 11

WRITTEN = date(2026, 11, 30)
MOMENTS = [
    ("Mar 11, 2026", Anchor(WRITTEN, both_ways=False), (date(2026, 3, 11), date(2026, 3, 11), None, None)),
    ("Jan 8", Anchor(WRITTEN, both_ways=False), (date(2027, 1, 8), date(2027, 1, 8), None, None)),
    ("Oct 8", Anchor(WRITTEN, both_ways=False), (date(2026, 10, 8), date(2026, 10, 8), None, None)),
    ("Dec 30", Anchor(date(2027, 1, 12), both_ways=True), (date(2026, 12, 30), date(2026, 12, 30), None, None)),
    ("Mar 9-10", Anchor(date(2026, 3, 1), both_ways=False), (date(2026, 3, 9), date(2026, 3, 10), None, None)),
    ("Mar 30 – Apr 2", Anchor(date(2026, 3, 1), both_ways=False), (date(2026, 3, 30), date(2026, 4, 2), None, None)),
    ("Dec 30 - Jan 2", Anchor(WRITTEN, both_ways=False), (date(2026, 12, 30), date(2027, 1, 2), None, None)),
    ("March 9", Anchor(date(2026, 3, 1), both_ways=False), (date(2026, 3, 9), date(2026, 3, 9), None, None)),
    (
        "Mar 11, 9:00 AM",
        Anchor(date(2026, 3, 1), both_ways=False),
        (date(2026, 3, 11), date(2026, 3, 11), time(9), None),
    ),
    (
        "Mar 11, 12:00 AM",
        Anchor(date(2026, 3, 1), both_ways=False),
        (date(2026, 3, 11), date(2026, 3, 11), time(0), None),
    ),
    (
        "Mar 11, 9:30 AM - 12:15 PM",
        Anchor(date(2026, 3, 1), both_ways=False),
        (date(2026, 3, 11), date(2026, 3, 11), time(9, 30), time(12, 15)),
    ),
    (
        "Mar 11, 13:30",
        Anchor(date(2026, 3, 1), both_ways=False),
        (date(2026, 3, 11), date(2026, 3, 11), time(13, 30), None),
    ),
    ("2026-03-11", None, (date(2026, 3, 11), date(2026, 3, 11), None, None)),
    ("Feb 29", Anchor(date(2027, 12, 1), both_ways=False), (date(2028, 2, 29), date(2028, 2, 29), None, None)),
    ("Feb 30", Anchor(date(2026, 3, 1), both_ways=True), None),
    ("Mar 10-9", Anchor(date(2026, 3, 1), both_ways=True), None),
    ("Mar 9", None, None),
    ("next week", Anchor(WRITTEN, both_ways=False), None),
    ("Jan 1", Anchor(date(9999, 12, 31), both_ways=False), None),
]


@each(("text", "anchor", "expected"), MOMENTS)
def test_dates(text: str, anchor: Anchor | None, expected: tuple[date, date, time | None, time | None] | None) -> None:
    found = parse_moment(text, anchor, Location("plan.md", 1))
    assert (found and (found.start, found.end, found.start_time, found.end_time)) == expected


def test_dates_across_a_year_end() -> None:
    sit, prod = PLAN.dates["sit"], PLAN.dates["prod"]
    assert sit.deployment and sit.deployment.start == date(2026, 12, 28)
    assert sit.period and (sit.period.start, sit.period.end) == (date(2026, 12, 30), date(2027, 1, 8))
    assert sit.final_sign_off and sit.final_sign_off.start == date(2027, 1, 8)
    assert prod.preparation and prod.preparation.start == date(2027, 1, 11)
    assert prod.sign_off is None
    assert [str(found) for found in DIAGNOSTICS if "Feb 30" in found.summary] == [
        f"plan.md:{LINES.index('└─ Sign-off        (Feb 30)') + 1}:21: warning E504: "
        'the date "Feb 30" is not understood: no such day, or an end before its start'
    ]


def test_the_change_log_tells_the_year_when_the_header_does_not() -> None:
    plan = plan_with(
        "## Promotion Timeline\n\n```\nPHASE 1: SIT PROMOTION (Mar 11)\n├─ Deployment (Mar 11)\n```\n\n"
        "## Change Log\n\n| Date | Phase | Status | Notes |\n|-|-|-|-|\n| 2027-03-01 | Planning | Complete | |\n"
    )
    deployment = plan.dates["sit"].deployment
    assert deployment and deployment.start == date(2027, 3, 11)


# 12

NAMES = [
    ("parcels-sit", "parcels", True),
    ("parcels", "parcels", False),
    ("acme-prod-sit", "acme-prod", True),
    ("parcels-situation", "parcels-situation", False),
]


@each(("full", "logical", "named"), NAMES)
def test_one_suffix_is_removed(full: str, logical: str, named: bool) -> None:
    plan = plan_with(in_checklist(f"- [ ] Document all tables to be created:\n  - `{full}` (GSI: A)\n"))
    assert [(table.name, table.full_name.get(), table.names_environment) for table in plan.tables] == [
        (logical, full, named)
    ]


def test_restored_and_failover_variants_are_not_new() -> None:
    plan = plan_with(in_checklist("- [ ] Document all tables:\n  - `parcels-restored-0309`\n  - `parcels-dr`\n"))
    assert plan.tables == ()


# 13


def test_alias_and_full_name() -> None:
    overview = "## Project Overview\n\n| Attribute | Value |\n|-|-|\n| **Buckets** | 2 (labels, depots) |\n\n"
    full = "- [ ] Document all buckets to be created:\n  - `acme-labels-sit`\n  - `acme-depot-images-sit`\n"
    plan = plan_with(overview + in_checklist(full))
    assert [found.name.get() for found in plan.resources] == ["acme-labels-sit", "acme-depot-images-sit"]
    _, diagnostics = parse("# Promotion Plan: x\n\n" + overview + in_checklist(full + "  - `acme-labels-old-sit`\n"))
    assert [found.summary for found in diagnostics if "may mean" in found.summary] == [
        '"labels" may mean acme-labels-old-sit or acme-labels-sit'
    ]


# 14


def test_an_environment_word_in_the_id_or_the_title_says_nothing() -> None:
    plan = plan_with("**Plan ID**: PROM-PROD-012\n\n### Checklist\n\n- [ ] Look\n", title="PROD service (SIT and more)")
    assert plan.plan_id and plan.plan_id.get() == "PROM-PROD-012"
    assert [section.environment for section in plan.checklists] == [""]


# 16


def test_roles_are_kept_as_given() -> None:
    assert [fact.get() for fact in PLAN.sign_off_roles] == ["Product Owner", "DBA"]
    assert [(entry.role, entry.contact and entry.contact.get()) for entry in PLAN.contacts] == [
        ("Tech Lead", "tech-lead-team@acme.invalid"),
        ("DBA", None),
    ]


# 19


def test_post_deployment_is_not_its_validation() -> None:
    assert set(PLAN.validations) == {"sit"}
    assert [LINES[place.line - 1] for place in PLAN.validations["sit"]] == ["#### Smoke Tests"]


# 20

STRENGTHS = [
    ("Enable streams (if needed)", "streams", False),
    ("Enable versioning (if configured)", "versioning", False),
    ("Enable point-in-time recovery (optional)", "recovery", False),
    ("Encrypt at rest with a key (KMS)", "encryption-kms", True),
    ("**CRITICAL**: Enable streams", "streams", True),
    ("Enable streams (MUST be on)", "streams", True),
    ("Block public access on every bucket", "public-access-block", True),
    ("Use on-demand capacity", "on-demand", True),
    ("Set up cross-region replication", "replication", True),
    ("Require TLS", "tls", True),
]


@each(("text", "flag", "demanded"), STRENGTHS)
def test_parentheses_weaken(text: str, flag: str, demanded: bool) -> None:
    plan = plan_with(in_checklist(f"- [ ] {text}\n"))
    assert [(found.flag, found.demanded) for found in plan.requirements] == [(flag, demanded)]


@each("text", ["No streams", "Check upstream services", "Set quotas"])
def test_nothing_is_asked(text: str) -> None:
    assert plan_with(in_checklist(f"- [ ] {text}\n")).requirements == ()


# 21


def test_file_groups_go_on_over_lines() -> None:
    assert [(group.title, group.stated.get(), [name.get() for name in group.names]) for group in PLAN.file_groups] == [
        ("Network", 3, ["vpc.tf", "subnets.tf", "routes.tf"]),
        ("Storage", 2, ["buckets.tf"]),
    ]


# 23


@each("text", ["", "\r\n", "# Notes\n\n## Environments\n", "Promotion Plan: x\n"])
def test_another_file_is_one_error(text: str) -> None:
    plan, diagnostics = parse(text)
    assert not is_plan(Source("plan.md", text, len(text), ""))
    assert plan == Plan("plan.md", plan.at)
    assert [found.severity for found in diagnostics] == [DiagnosticSeverity.ERROR]
    assert diagnostics[0].at.line == (1 if text else 0)


def test_missing_parts_are_told_with_the_line_where_they_belong() -> None:
    told = {what: place.line for what, place in PLAN.missing}
    assert told["section Phase 3"] == LINES.index("## Rollback Procedures") + 1
    assert told["heading PROD Rollback below Rollback Procedures"] == LINES.index("## Rollback Procedures") + 1
    assert told["heading Step 3: Terraform Plan below Phase 1"] == LINES.index("## Phase 1: SIT Promotion") + 1
    assert all(found.severity is DiagnosticSeverity.WARNING for found in DIAGNOSTICS)
    assert {f"the plan has no {what}" for what in told} <= {found.summary for found in DIAGNOSTICS}


def test_a_plan_without_tables_and_timeline_is_read_on() -> None:
    plan, _ = parse(
        "# Promotion Plan: x\n\n## Project Overview\n\n## Promotion Timeline\n\n## Environments\n\n**Owner**: DBA\n"
    )
    told = {what for what, _ in plan.missing}
    assert {"table of Project Overview", "table of Environments", "timeline (an untagged fence)"} <= told
    assert {"header line Owner", "footer line Plan Status"} <= told


def test_a_plan_is_recognised_without_its_title() -> None:
    headings = ("Project Overview", "Environments", "Promotion Timeline", "Rollback Procedures", "Success Criteria")
    text = "# Shipments\n\n" + "\n\n".join(f"## {heading}" for heading in headings)
    assert is_plan(Source("plan.md", text, len(text), ""))


def test_a_rule_below_text_makes_no_heading() -> None:
    text = "# Promotion Plan: x\n\n**Plan Status:** DRAFT\n---\n**Wave:** Wave 3\n"
    document = read_markdown(Source("plan.md", text, len(text), ""))
    assert isinstance(document, Document)
    assert [section.heading.title for section in document.sections if section.heading] == ["Promotion Plan: x"]
    assert document.rules == (4,)
    plan, _ = parse(text)
    assert plan.wave and plan.wave.get() == "Wave 3"


# Backups


BACKUPS = [
    ("Set backup retention period (5 days SIT, 21 days PROD)", {"sit": (None, 5), "prod": (None, 21)}),
    ("Backup retention: SIT 5 days, PROD 21 days", {"sit": (None, 5), "prod": (None, 21)}),
    ("Backup retention: 5 days SIT and 21 days PROD", {"sit": (None, 5), "prod": (None, 21)}),
    ("Set backup retention period (5 days)", {"sit": (None, 5)}),
    ("Enable daily backups (21-day retention for PROD)", {"sit": ("daily", None), "prod": ("daily", 21)}),
    ("Verify hourly DynamoDB backups configured", {"sit": ("hourly", None)}),
    ("Transition backups to STANDARD_IA after 30 days (lifecycle, retention)", {}),
    ("Set log retention of the backup job (30 days)", {}),
    ("Keep point-in-time recovery backups 35 days (retention)", {}),
    ("No backup retention of 9 days", {}),
]


@each(("text", "expected"), BACKUPS)
def test_backup_terms(text: str, expected: dict[str, tuple[str | None, int | None]]) -> None:
    plan = plan_with(in_checklist(f"- [ ] {text}\n"))
    assert {
        name: (terms.frequency and terms.frequency.get(), terms.retention_days and terms.retention_days.get())
        for name, terms in plan.backup.items()
    } == expected


def test_backup_terms_in_comments_of_fences() -> None:
    comment = "# Create the backup vault (retention: 5 days SIT, 21 days PROD)"
    plan = plan_with(in_checklist(f"- [ ] Look:\n\n  ```bash\n  {comment}\n  ls\n  ```\n"))
    assert {name: terms.retention_days and terms.retention_days.get() for name, terms in plan.backup.items()} == {
        "sit": 5,
        "prod": 21,
    }
    assert plan.backup_asked_at == ()


# Names, dependencies and commands


def test_consumed_names_are_not_planned() -> None:
    assert PLAN.tables == ()
    assert [(table.full_name.get(), table.index_names) for table in PLAN.consumed_tables] == [
        ("invoices-sit", {"InvoicesByCustomer", "InvoicesByDate"})
    ]
    assert [found.name.get() for found in PLAN.resources if found.consumed] == ["acme-invoices-sit"]


def test_tables_of_the_overview_alone() -> None:
    rows = "| **Tables** | 3 (carriers, parcels, routes) |\n"
    overview = f"## Project Overview\n\n| Attribute | Value |\n|-|-|\n{rows}\n"
    listed = "- [ ] Document all tables to be created:\n  - `parcels-sit` (GSI: A)\n"
    plan = plan_with(overview + in_checklist(listed))
    assert [(table.name, table.full_name.get(), table.indexes is None) for table in plan.tables] == [
        ("parcels", "parcels-sit", False),
        ("carriers", "carriers", True),
        ("routes", "routes", True),
    ]


def test_dependencies_from_footer_and_checklist() -> None:
    assert [fact.get() for fact in PLAN.dependencies] == ["invoice_schemas", "identity", "Parcel schemas"]
    assert PLAN.blocks == ()


@each("name", ["Shipments schemas", "shipments-schemas", "shipments_schemas", "3_1_acme_shipments_schemas"])
def test_spellings_of_a_project(name: str) -> None:
    assert project_alias(name, "acme") == "shipments_schemas"


def test_blocked_services_from_the_checklist() -> None:
    body = "### Pre-Deployment Checklist\n\n#### Dependencies\n\n- [ ] {0}\n"
    named = plan_with(body.format("This is a dependency for Lambda services (invoice, parcel)"))
    assert [(found.name, found.remark) for found in named.blocks] == [
        ("invoice", "Lambda services"),
        ("parcel", "Lambda services"),
    ]
    assert named.dependencies == ()
    unnamed = plan_with(body.format("This is a BLOCKING dependency for all Lambda services"))
    assert [found.name for found in unnamed.blocks] == ["all Lambda services"]


def commands_of(*lines: str, folder: str = "shipments_schemas") -> list[Command]:
    body = "## Phase 1: SIT Promotion\n\n```bash\n" + "\n".join(lines) + "\n```\n"
    return list(parse(f"# Promotion Plan: x\n\n{body}", project_folder=folder)[0].commands)


DIRECTORIES = [
    (("cd terraform/tables", "ls"), "terraform/tables", True),
    (("cd terraform/tables", "cd ..", "ls"), "terraform", True),
    (("cd /Users/somebody/shipments_schemas/terraform", "ls"), "terraform", True),
    (("cd /srv/shipments_schemas", "ls"), "", True),
    (("cd ~/code/shipments_schemas/a/shipments_schemas/b && ls",), "b", True),
    (("cd ..", "ls"), "", False),
    (("cd $HOME", "ls"), "", False),
    (("cd /tmp", "ls"), "", False),
    (("cd", "ls"), "", False),
    (("cd <folder>", "ls"), "", False),
    (("cd terraform/tables", "```", "", "```bash", "ls"), "", True),
]


@each(("lines", "directory", "known"), DIRECTORIES)
def test_working_directories(lines: tuple[str, ...], directory: str, known: bool) -> None:
    last = commands_of(*lines)[-1]
    assert (last.words, last.directory, last.directory_known) == (("ls",), directory, known)


def test_absolute_paths_are_not_kept() -> None:
    texts = [command.text for command in PLAN.commands]
    assert texts[0] == "cd '<absolute path>/terraform/api'"
    assert not any("somebody" in text for text in texts)
    assert PLAN.steps[0].commands[-1].directory == "terraform/shared"


ENVIRONMENTS = [
    ("AWS_PROFILE=acme-prod aws s3 ls", "prod"),
    ("export AWS_PROFILE=sit-profile", "sit"),
    ("aws s3 ls --profile acme-dev", "dev"),
    ("aws s3 ls", ""),
    ("aws s3 ls --profile product", ""),
]


@each(("line", "environment"), ENVIRONMENTS)
def test_a_profile_tells_the_environment_when_no_heading_does(line: str, environment: str) -> None:
    assert [command.environment for command in plan_with(f"```bash\n{line}\n```\n").commands] == [environment]


def test_quoted_json_and_continuations_are_one_word() -> None:
    command = commands_of(
        "aws dynamodb get-item --table-name parcels-sit \\", '  --key \'{"PK":', '    {"S": "$(date +%s)"}}\''
    )[0]
    assert command.words[:5] == ("aws", "dynamodb", "get-item", "--table-name", "parcels-sit")
    assert command.words[5] == "--key"
    assert '"PK"' in command.words[6]
    assert command.at.line == 6


# Counts

CLAIMS = [
    ("All 4 tables created successfully", [("tables", 4)]),
    ("All 6 GSIs ACTIVE", [("indexes", 6)]),
    ("All 4 tables replicated to eu-west-1", [("tables", 4)]),
    ("Email templates uploaded (9 templates)", [("templates", 9)]),
    ("All 31 Terraform files deployed successfully", [("files", 31)]),
    ("6 Global Secondary Indexes across 4 tables", [("indexes", 6), ("tables", 4)]),
    ("List all 9 email templates:", [("templates", 9)]),
    ("Verify 3 S3 buckets and 2 Lambda functions are there", [("buckets", 3), ("functions", 2)]),
    ("Restore 1 table under another name", []),
    ("Verify the first 2 tables", []),
    ("Look at 2 of 4 tables", []),
    ("Response time p95 < 500ms", []),
    ("AWS SSO login to SIT account (111122223333)", []),
]


@each(("text", "expected"), CLAIMS)
def test_count_claims(text: str, expected: list[tuple[str, int]]) -> None:
    plan = plan_with(f"## Success Criteria\n\n### SIT Success\n\n- [ ] {text}\n")
    assert [(count.noun, count.number.get()) for count in plan.counts] == expected
    assert {count.scope for count in plan.counts} <= {"sit"}


def test_alarms_and_dashboards() -> None:
    assert [fact.get() for fact in PLAN.alarms] == ["Invoice errors", "Invoice latency"]
    assert [fact.get() for fact in PLAN.dashboards] == ["invoice-sit-dashboard"]


def test_workflows_lose_their_ending() -> None:
    assert [fact.get() for fact in PLAN.workflows] == ["deploy-sit", "deploy-prod"]


@each(
    "hidden",
    [
        "<!--\n- [ ] Unseen\n-->",
        "<!-- - [ ] Unseen -->",
        "- [ ] Seen <!-- Unseen\n  Unseen -->",
        "- a\n  <!--\n  - Unseen\n  -->",
        "> <!--\n> - [ ] Unseen",
        "| a |\n|---|\n| <!-- Unseen --> |",
        "text\n<!-- Unseen\n\nUnseen -->",
        "<!--\n\n## Unseen\n\nUnseen",
    ],
)
def test_a_comment_states_nothing(hidden: str) -> None:
    text = f"# Promotion Plan: one\n\n{hidden}\n"
    document = read_markdown(Source("plan.md", text, len(text), ""))
    assert isinstance(document, Document)
    assert "Unseen" not in repr(document.sections)


@each(
    "shown",
    [
        "<!-- a --> - Seen",
        "`<!-- Seen -->`",
        "\\<!-- Seen -->",
        "```\n<!-- Seen -->\n```",
        "    <!--\n\nSeen",
        "> <!--\n\nSeen",
        "<!-- a\n-->\nSeen",
        "<!-->\nSeen",
        "text <!-- a",
    ],
)
def test_what_is_shown_is_no_comment(shown: str) -> None:
    text = f"# Promotion Plan: one\n\n{shown} Seen\n" if shown.endswith("<!-- a") else f"# One\n\n{shown}\n"
    document = read_markdown(Source("plan.md", text, len(text), ""))
    assert isinstance(document, Document)
    assert "Seen" in repr(document.sections)


def test_lines_behind_a_comment_keep_their_numbers() -> None:
    text = "# Promotion Plan: one\n\n- a <!-- b\n  c -->\n\n<!--\n\n-->\n- d\n\ne <!--\n--> f\ng\n"
    document = read_markdown(Source("plan.md", text, len(text), ""))
    assert isinstance(document, Document)
    assert [item.line for section in document.sections for item in section.items] == [3, 9]
    lines = [line for section in document.sections for found in section.paragraphs for line in found.lines]
    assert [(line.number, line.text) for line in lines] == [(11, "e"), (12, "f"), (13, "g")]


def test_accounts_told_twice_are_both_kept() -> None:
    table = "| Environment | AWS Account |\n|---|---|\n| SIT | {} |\n"
    plan = plan_with(
        f"## Environments\n\n{table.format('111122223333')}\n{table.format('222233334444')}\n"
        f"| Environment | Owner |\n|---|---|\n| SIT | DBA |\n\n## Environments\n\n{table.format('333344445555')}"
    )
    accounts = [found.account.get() for found in plan.environments if found.account]
    assert accounts == ["111122223333", "222233334444", "333344445555"]
    assert len(plan.environments) == len(accounts)
