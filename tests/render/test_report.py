"""The full report: sections in order, a ledger that adds up, places that exist, honest words for the unknown."""

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path, PurePosixPath

from markdown_it import MarkdownIt
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment, Deduction, Input, Score
from bbws_readiness.assess.checklist import answer_checklist
from bbws_readiness.codes import Code
from bbws_readiness.decisions.decided import Claim, Decided, Decisions
from bbws_readiness.decisions.entry import DecisionKind, Entry, State
from bbws_readiness.engine.checklist import coverage_of
from bbws_readiness.engine.finding import Finding, Outcome, Side, Standing
from bbws_readiness.engine.rule import Severity
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import UndeclaredSetting, Variable
from bbws_readiness.model.plans import ChecklistItem, ChecklistSection
from bbws_readiness.model.tables import Key
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import render_documents
from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.source import SourceKind
from tests.cases import each
from tests.example import AS_OF, EXAMPLE, assessed, copy_example
from tests.render.sample import BKP001, MAIN, MISSING, PARSED, PLAN, STATES, TBL001, at, blocked, rule

SECTIONS = (
    "EXECUTIVE SUMMARY",
    "CRITICAL FINDINGS",
    "DECISIONS",
    "PRE-DEPLOYMENT CHECKLIST STATUS",
    "RESOURCES TO BE CREATED",
    "TERRAFORM CONFIGURATION REVIEW",
    "SCHEMA VALIDATION",
    "GITHUB ACTIONS REVIEW",
    "VALIDATION SCRIPT REVIEW",
    "IDENTITY AND PERMISSIONS",
    "BLOCKERS AND WARNINGS",
    "DEPENDENCIES",
    "RISK ASSESSMENT",
    "RECOMMENDATIONS",
    "DEPLOYMENT PROCESS",
    "COST ESTIMATE",
    "SCORE",
    "CONCLUSION",
    "APPENDIX: FILES REVIEWED",
    "CONTACTS",
    "REFERENCES",
)


def text_of(assessment: Assessment) -> str:
    return next(one.text for one in render_documents(assessment) if one.path.endswith("_readiness_report.md"))


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def checklist(*items: str) -> Assessment:
    base = blocked()
    assert base.model.plan
    section_ = ChecklistSection(
        "Code Preparation",
        "Pre-Deployment Checklist (Jan 11-12)",
        "sit",
        at(PLAN, 40),
        tuple(ChecklistItem(text, at(PLAN, 41 + line), False, False) for line, text in enumerate(items)),
    )
    later = ChecklistSection("Smoke Tests", "Post-Deployment Validation", "sit", at(PLAN, 60), ())
    other = ChecklistSection("Change Management", "Pre-Deployment Checklist", "prod", at(PLAN, 70), ())
    plan = replace(base.model.plan, checklists=(section_, later, other))
    return answered(replace(base, model=replace(base.model, plan=plan)))


def answered(assessment: Assessment) -> Assessment:
    entries = shipped_rulebook().checklist
    return replace(assessment, checklist=answer_checklist(assessment.model, assessment.findings, entries))


@each("state", STATES)
def test_sections_stand_in_order(state: str) -> None:
    text = text_of(STATES[state]())
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(SECTIONS)
    assert "- **Execution Type**: READ-ONLY, FILES ONLY" in text


@each("state", STATES)
def test_tables_have_one_width(state: str) -> None:
    lines = text_of(STATES[state]()).splitlines()
    for before, line in pairwise(lines):
        if before.startswith("|") and line.startswith("|"):
            assert len(re.split(r"(?<!\\)\|", before)) == len(re.split(r"(?<!\\)\|", line)), line


@each("state", STATES)
def test_every_place_lies_in_the_project(state: str) -> None:
    assessment = STATES[state]()
    text = text_of(assessment)
    siblings = {document.path for document in render_documents(assessment)} | {"sit_parcels_assessment.json"}
    for label, target in re.findall(r"\[(`?[^\]]+`?)\]\(([^)]+)\)", text):
        path = target.partition("#")[0]
        if path in siblings:
            continue
        assert path.startswith("../"), (label, target)
        assert ".." not in PurePosixPath(path.removeprefix("../")).parts


@each(
    ("value", "points"),
    [("55", ["20", "20", "5"]), ("0", ["20"] * 6), ("92.5", ["5", "2.5"]), ("100", [])],
)
def test_ledger_adds_up(value: str, points: list[str]) -> None:
    ledger = tuple(
        Deduction(f"TBL{number:03}", f"Line {number}", Severity.LOW, Decimal(one)) for number, one in enumerate(points)
    )
    text = text_of(replace(blocked(), score=Score(Decimal(value), ledger)))
    printed = [row[2].strip("*") for row in rows(section(text, "SCORE")) if len(row) == 3 and row[0] != "Line"]
    assert printed[0] == "100"
    assert Decimal(printed[-1]) == Decimal(value)
    assert sum(map(Decimal, printed[:-1]), Decimal(0)) == Decimal(value)


def test_ledger_of_the_sample_names_each_deduction() -> None:
    assessment = blocked()
    ledger = section(text_of(assessment), "SCORE")
    assert all(f"| {line.label} |" in ledger for line in assessment.score.ledger)
    assert "55/100 (coverage 5 of 7; 2 need AWS or GitHub)" in ledger


def test_checklist_is_answered_in_the_words_of_the_plan() -> None:
    text = text_of(
        checklist(
            "Confirm that the secret `AWS_ROLE_SIT` is set",
            "AWS SSO login",
            "Document all tables to be created",
            "Announce a change freeze",
            "Run `terraform fmt -check` and `terraform validate`",
            "Review the tags for cost allocation",
            "Water the plants",
            "Tag release (DEV only)",
            "Tag release (SIT only)",
        )
    )
    part = section(text, "PRE-DEPLOYMENT CHECKLIST STATUS")
    answers = {row[0]: row[1:3] for row in rows(part) if row[0] != "Item"}
    assert answers == {
        "Confirm that the secret `AWS_ROLE_SIT` is set": [
            "⏸️ NOT VERIFIED",
            "needs GitHub: a look at the secrets in the settings of the repository",
        ],
        "AWS SSO login": ["⏸️ NOT VERIFIED", "needs AWS: a sign-in to the account by whoever deploys"],
        "Document all tables to be created": ["❌ FAIL", answers["Document all tables to be created"][1]],
        "Announce a change freeze": ["⏸️ NOT VERIFIED", "needs people: the word of whoever announces it"],
        "Run `terraform fmt -check` and `terraform validate`": [
            "⏸️ NOT VERIFIED",
            "needs people: a run of `terraform fmt -check`",
        ],
        "Review the tags for cost allocation": ["⏸️ NOT VERIFIED", "not covered by a check"],
        "Water the plants": ["⏸️ NOT VERIFIED", "not covered by a check"],
        "Tag release (DEV only)": ["➖ NOT APPLICABLE", "only in DEV"],
        "Tag release (SIT only)": ["⏸️ NOT VERIFIED", "not covered by a check"],
    }
    assert "`TBL001`" in answers["Document all tables to be created"][1]
    assert "Smoke Tests" not in part
    assert "Change Management" not in part


@each(
    ("text", "rules", "needs"),
    [
        ("Tag release: `v1.0.0-sit`", ("REL001",), ""),
        ("Verify that the AWS Backup service role exists", (), "AWS"),
        ("Confirm that the Terraform state bucket and lock table of SIT can be reached", (), "AWS"),
        ("Define backup schedule (hourly backups)", ("BKP001", "BKP002"), ""),
    ],
)
def test_mapping_of_items(text: str, rules: tuple[str, ...], needs: str) -> None:
    found = coverage_of(text, shipped_rulebook().checklist)
    assert found
    assert (found.rules, found.needs) == (rules, needs)


def test_settled_finding_is_not_asked_again() -> None:
    base = checklist("Document all tables to be created")
    settled = replace(MISSING, settled_by="1")
    text = text_of(answered(replace(base, findings=(settled, PARSED))))
    assert "| ➖ NOT APPLICABLE | `TBL001` settled by `1`" in section(text, "PRE-DEPLOYMENT CHECKLIST STATUS")
    entry = Entry(
        id="D1",
        at=at("readiness-decisions.yaml", 4),
        kind=DecisionKind.NOT_REQUIRED,
        by=("Tech Lead",),
        on=date(2026, 1, 7),
        reason="the design has two tables",
    )
    evidence = (Claim("terraform tables = 2", ("",), (at(MAIN, 3),)),)
    unused = Diagnostic(
        DiagnosticSeverity.WARNING, "decision 2 settles nothing", at("readiness-decisions.yaml", 12), code=Code.RULE
    )
    decided = Decided(entry, State.IN_FORCE, settles=(settled,), evidence=evidence)
    decisions = Decisions("readiness-decisions.yaml", (decided,), (unused,), settled=1)
    text = text_of(replace(base, findings=(settled, PARSED), decided=decisions))
    part = section(text, "DECISIONS")
    assert "| `TBL001` `depots` | Tech Lead | Wed 2026-01-07 | no end | the design has two tables |" in part
    assert "| terraform tables = 2: [`terraform/parcels/main.tf:3`]" in part
    assert "- decision 2 settles nothing ([`readiness-decisions.yaml:12`]" in part


INDEXES = rule("IDX001", "index-set-differs", "Index sets differ", Severity.CRITICAL, "missing-tables", facet="indexes")


def test_index_table_tells_sets_and_keys_apart() -> None:
    base = blocked()
    assert base.model.plan
    assert base.model.terraform_tables
    place = at(PLAN, 30)
    keyed = [
        replace(
            index,
            speaks_of_keys=True,
            partition_key=Key(Fact("day", place)),
            sort_key=Key(Fact("hour", place)) if table.at.path == PLAN else None,
        )
        for table in (base.model.plan.tables[2], base.model.terraform_tables[1])
        for index in table.indexes or ()
    ]
    planned = (*base.model.plan.tables[:2], replace(base.model.plan.tables[2], indexes=(keyed[0],)))
    declared = (base.model.terraform_tables[0], replace(base.model.terraform_tables[1], indexes=(keyed[1],)))
    model = replace(base.model, plan=replace(base.model.plan, tables=planned), terraform_tables=declared)
    finding = replace(MISSING, rule=INDEXES, subject="carriers")
    issue = replace(base.issues[0], rule=INDEXES, title="Index names differ", findings=(finding,))
    text = text_of(replace(base, model=model, issues=(issue, *base.issues[1:])))
    by_table = {row[0]: row for row in rows(section(text, "CRITICAL FINDINGS")) if len(row) == 7}
    assert by_table["`carriers`"][1:6] == [
        "`ByCountry`",
        "`ActiveIndex`, `ByCountry`",
        "none",
        "`ActiveIndex`",
        "DIFFERENT NAMES",
    ]
    assert by_table["`depots`"][2:6] == ["table not declared", "`ByCity`", "none", "MISSING"]
    assert by_table["`routes`"][5] == "DIFFERENT KEYS"


def test_difference_is_by_name_never_by_number() -> None:
    sides = (
        Side(SourceKind.PLAN, frozenset({"a", "b"}), "a, b", (at(PLAN, 20),)),
        Side(SourceKind.TERRAFORM, frozenset({"b", "c"}), "b, c", (at(MAIN, 3),)),
    )
    base = blocked()
    issue = replace(base.issues[0], findings=(replace(MISSING, sides=sides),))
    text = section(text_of(replace(base, issues=(issue, *base.issues[1:]))), "CRITICAL FINDINGS")
    assert "- Difference by name: tables - only expected: `depots`\n" in text
    named = replace(base.issues[0], rule=replace(TBL001, facet="naming"), findings=issue.findings)
    text = section(text_of(replace(base, issues=(named, *base.issues[1:]))), "CRITICAL FINDINGS")
    assert "- Difference by name: `depots` - only expected: `a`; only actual: `c`\n" in text
    assert "Expected (per plan)" in text


def test_window_is_never_invented() -> None:
    part = section(text_of(blocked()), "RESOURCES TO BE CREATED")
    assert part.count("on; window: default of the service, 35 days") == 2
    assert "14" not in part


def test_totals_count_instances_and_quote_the_authority() -> None:
    totals = {row[0]: row[1:] for row in rows(section(text_of(blocked()), "RESOURCES TO BE CREATED")) if len(row) == 3}
    assert totals["Resources to create (instances)"][0] == "2"
    assert totals["Tables"][1].startswith("expected 3 per plan")
    undecided = section(text_of(STATES["conditional"]()), "RESOURCES TO BE CREATED")
    assert "expected" not in undecided


def test_variables_show_where_a_value_comes_from_and_withhold_others() -> None:
    base = blocked()
    assert base.model.configuration
    settings = "terraform/parcels/environments/sit.tfvars"
    declared = "terraform/parcels/variables.tf"
    variables = (
        Variable(
            "aws_region",
            at(declared, 4),
            "string",
            Fact("eu-west-1", at(settings, 3), (at(declared, 6),)),
            True,
            at(settings, 3),
        ),
        Variable("api_token", at(declared, 8), "string", Fact("hunter2", at(settings, 4)), False, at(settings, 4)),
        Variable("password", at(declared, 9), "string", Fact("hunter3", at(settings, 5)), False, at(settings, 5), True),
        Variable("owner", at(declared, 12), "string", Fact("x", at(declared, 12)), False, None, missing=True),
    )
    undeclared = (UndeclaredSetting("log_day", at(settings, 9), "log_days"),)
    configuration = replace(base.model.configuration, variables=variables, undeclared=undeclared)
    text = text_of(replace(base, model=replace(base.model, configuration=configuration)))
    part = section(text, "TERRAFORM CONFIGURATION REVIEW")
    assert "`eu-west-1`" in part
    assert f"overriding [`{declared}:6`]" in part
    assert "hunter" not in text
    assert "set, not shown: marked sensitive" in part
    assert "**unset**: no default and no setting" in part
    assert "declared nowhere (near: `log_days`)" in part


def test_deployment_steps_follow_the_jobs() -> None:
    part = section(text_of(blocked()), "DEPLOYMENT PROCESS")
    steps = [line for line in part.splitlines() if re.match(r"\d+\. ", line)]
    assert [found[1] for line in steps if (found := re.search(r"Job `(\w+)`", line))] == ["plan", "approval", "apply"]
    assert "with the branch `main`" in part
    assert "Set the input `component` to `parcels`" in part
    assert "approve at `sit-approval`" in part
    assert "aws dynamodb describe-table --table-name carriers-sit --region eu-west-1" in part
    assert "**Deleting a table is irreversible" in part


def test_appendix_lists_every_file_once() -> None:
    base = blocked()
    model = replace(base.model, files=(MAIN, PLAN, "docs/notes.txt", "broken.tf"))
    fault = Diagnostic(DiagnosticSeverity.ERROR, "unclosed block", at("broken.tf", 3), "close it", code=Code.NOT_CLOSED)
    part = section(text_of(replace(base, model=model, unread=(fault,))), "APPENDIX: FILES REVIEWED")
    assert f"| [`{MAIN}`](../{MAIN}) | 1200 | 44 | `aaaaaaaaaaaa` | terraform |" in part
    assert "[`broken.tf:3`](../broken.tf#L3): E202 unclosed block; close it" in part
    assert part.rstrip().endswith("- `docs/notes.txt`")


def test_files_that_were_searched_for_secrets_were_looked_at() -> None:
    assessment = blocked()
    model = assessment.model
    secrets = replace(model.secrets, files=("notes.txt",))
    model = replace(model, files=(*model.files, "notes.txt", "picture.png"), secrets=secrets)
    found = text_of(replace(assessment, model=model)).split("### Files that were not looked at", 1)[1]
    ignored, _, searched = found.partition("\n## ")[0].partition("Searched for secrets and read for nothing else: ")
    assert "`picture.png`" in ignored
    assert "notes.txt" not in ignored
    assert searched.strip() == "`notes.txt`"


def test_untracked_inputs_are_local_only() -> None:
    base = blocked()
    assert base.model.repository
    tracked = replace(base.model.repository, tracked=Fact((MAIN,), at(".git", 0)))
    extra = Input("terraform/parcels/local.tf", SourceKind.TERRAFORM, 1, 1, "c" * 64)
    changed = replace(base, inputs=(*base.inputs, extra), model=replace(base.model, repository=tracked))
    part = section(text_of(changed), "TERRAFORM CONFIGURATION REVIEW")
    assert "- `terraform/parcels/local.tf`: local only, not seen by CI" in part
    assert f"- `{MAIN}`: local only" not in part


def test_undetermined_check_says_what_it_would_take() -> None:
    part = section(text_of(STATES["undetermined"]()), "TERRAFORM CONFIGURATION REVIEW")
    assert "| ⏸️ NOT VERIFIED | not determinable from the files: unclosed block |" in part


def test_nothing_known_says_so() -> None:
    text = text_of(STATES["bare"]())
    assert "No promotion plan found" in section(text, "PRE-DEPLOYMENT CHECKLIST STATUS")
    assert section(text, "SCHEMA VALIDATION").strip() == "No schema files found."
    assert "No workflow deploys this environment." in section(text, "GITHUB ACTIONS REVIEW")
    assert "No validation script found." in section(text, "VALIDATION SCRIPT REVIEW")
    assert section(text, "IDENTITY AND PERMISSIONS").strip() == "No policy files in the repository."
    assert "None named" in section(text, "DEPENDENCIES")
    assert "Not estimated: no prices configured" in section(text, "COST ESTIMATE")
    assert "**Duration**: Not stated" in section(text, "DEPLOYMENT PROCESS")
    assert "No approver named in plan or configuration" in section(text, "DEPLOYMENT PROCESS")


def test_without_terraform_nothing_is_claimed() -> None:
    base = STATES["bare"]()
    text = text_of(replace(base, model=replace(base.model, configuration=None, terraform_tables=None)))
    assert "No Terraform configuration found" in section(text, "RESOURCES TO BE CREATED")
    assert "No Terraform configuration found." in section(text, "TERRAFORM CONFIGURATION REVIEW")


def test_risk_of_every_priority_names_its_action() -> None:
    found = rows(section(text_of(blocked()), "RISK ASSESSMENT"))[1:]
    assert [row[1] for row in found] == ["🔴 CRITICAL", "🔴 CRITICAL", "🟢 MEDIUM"]
    assert all(re.match(r"Action \d+: ", row[4]) for row in found)
    assert {row[3] for row in found} == {"Not rated"}


def test_schema_status_comes_from_the_checks() -> None:
    keys = rule("TBL003", "primary-key-differs", "Keys differ", Severity.HIGH, "keys", facet="keys")
    equal = Finding(keys, Outcome.PASS, "carriers", at(MAIN, 3), "PK (S), SK (S) in terraform, schemas", "keys")
    text = text_of(replace(blocked(), findings=(equal,)))
    part = section(text, "SCHEMA VALIDATION")
    assert "✅ PASS | `TBL003` PK (S), SK (S) in terraform, schemas |" in part.split("### Schema of `routes`")[0]
    assert "| Tags | not stated | not stated | ⏸️ NOT VERIFIED | not covered by a check |" in part
    assert TBL001.code != BKP001.code


def test_critical_table_holds_no_drift_of_documents() -> None:
    drift = replace(
        MISSING, standing=Standing.DRIFT, severity=Severity.LOW, at=at("README.md", 9), actual="README lists 2"
    )
    base = blocked()
    issue = replace(base.issues[0], findings=(MISSING, drift))
    text = text_of(replace(base, issues=(issue, *base.issues[1:]), findings=(MISSING, drift)))
    assert "README lists 2" not in section(text, "CRITICAL FINDINGS")
    assert "| README lists 2 | 3: carriers, depots, routes (plan) | `TBL001` |" in section(
        text, "BLOCKERS AND WARNINGS"
    )


@each("reading", ["a", "b", "c"])
def test_every_place_of_the_example_exists(reading: str) -> None:
    for document in render_documents(assessed(reading)):
        if document.path.endswith(("_readiness_report.md", "_action_items.md")):
            for path, line in re.findall(r"\]\(\.\./([^)#]+)(?:#L(\d+))?\)", document.text):
                target = EXAMPLE / path
                assert target.exists(), path
                assert not line or int(line) <= len(target.read_text().splitlines()), f"{path}:{line}"


@each("reading", ["a", "b", "c"])
def test_fourteen_days_are_never_the_plans(reading: str) -> None:
    text = "\n".join(document.text for document in render_documents(assessed(reading)))
    assert not re.search(r"plan[^|;,\n]{0,20}14 days", text)
    assert "window: default of the service, 35 days" in text
    assert not re.search(r"recovery[^|\n]{0,40}14", text, re.IGNORECASE)


def test_schemas_of_the_example_agree_with_terraform() -> None:
    part = section(text_of(assessed("b")), "SCHEMA VALIDATION")
    statuses = [(row[0], row[3]) for row in rows(part) if len(row) == 5 and row[0] != "Aspect"]
    assert {status for aspect, status in statuses if aspect != "Backup terms"} == {"✅ PASS"}
    assert {status for aspect, status in statuses if aspect == "Backup terms"} == {"❌ FAIL"}


def test_schema_that_differs_where_only_terraform_is_checked_does_not_pass(tmp_path: Path) -> None:
    edits = {
        "schemas/products.schema.json": ('"pitr": {"enabled": true}', '"pitr": {"enabled": false}'),
        "terraform/dynamodb/main.tf": ('name = "createdAt"\n    type = "S"', 'name = "createdAt"\n    type = "N"'),
    }
    project = copy_example(tmp_path, edits)
    part = section(text_of(assess_project(project, "sit", as_of=AS_OF)), "SCHEMA VALIDATION")
    products = part.split("### Schema of `products`")[1].split("### Schema of")[0]
    told = {row[0]: row[1:] for row in rows(products) if len(row) == 5}
    assert told["Point-in-time recovery"][2:] == [
        "⏸️ NOT VERIFIED",
        "not covered by a check: schema and terraform differ",
    ]
    assert told["Types of index keys"] == [
        "`active` (`N`), `createdAt` (`S`)",
        "`active` (`N`), `createdAt` (`N`)",
        "❌ FAIL",
        "`IDX003` products.createdAt: schemas say createdAt S; terraform says createdAt N",
    ]


def test_undecided_differences_are_claims() -> None:
    part = section(text_of(assessed("a")), "DECISIONS")
    assert "Claimed (per plan)" in part
    assert "MISSING" not in part
    assert section(text_of(assessed("a")), "CRITICAL FINDINGS").strip() == "None."


EVIL = "</td><script>x</script> <!-- task:a/b --> ![i](http://evil.invalid/x) @everyone #1 | ``` [l](javascript:x)"


def hostile() -> Assessment:
    """The blocked project with hostile words wherever the report quotes the project."""
    base = checklist(EVIL)
    assert base.model.workflows
    assert base.model.terraform_tables
    place = at(MAIN, 3)
    finding = replace(MISSING, subject=EVIL, message=EVIL, expected=EVIL, actual=EVIL)
    issue = replace(base.issues[0], title=EVIL, findings=(finding,))
    tables = tuple(replace(table, full_name=Fact(EVIL, place)) for table in base.model.terraform_tables)
    workflows = (replace(base.model.workflows[0], name=EVIL),)
    model = replace(base.model, terraform_tables=tables, workflows=workflows, files=(EVIL,))
    fault = Diagnostic(DiagnosticSeverity.ERROR, EVIL, at("broken.tf", 3), EVIL, code=Code.SYNTAX)
    first = replace(base.actions[0], findings=(finding,), issues=(issue,), title=EVIL)
    return replace(
        base,
        findings=(finding,),
        issues=(issue, *base.issues[1:]),
        actions=(first, *base.actions[1:]),
        model=model,
        unread=(fault,),
    )


def test_hostile_words_stay_inert() -> None:
    ours = re.compile(r"<!-- (?:task|notes|end notes):[a-z0-9/_-]+ -->")
    for document in render_documents(hostile()):
        if document.path.endswith(("_readiness_report.md", "_action_items.md")):
            tokens = MarkdownIt("commonmark").enable("table").parse(document.text)
            every = [child for token in tokens for child in (token, *(token.children or ()))]
            html = [token.content for token in every if token.type.startswith("html")]
            assert all(not ours.sub("", content).strip() for content in html), html
            assert "task:a/b -->" not in "".join(html)
            assert not [token for token in every if token.type == "image"]
            targets = [str(token.attrs["href"]) for token in every if token.type == "link_open"]
            assert not [target for target in targets if ":" in target.replace("%3A", "").split("#")[0]]
