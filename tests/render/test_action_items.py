"""The action items: every action under its priority, sums that add up, stable keys, snippets that parse."""

import re

import hcl2
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.engine.finding import Finding, Outcome, Side, Standing
from bbws_readiness.engine.rule import Severity, Task
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.snippets import facts, rendered
from bbws_readiness.render.wording import hours
from bbws_readiness.resources import data_root
from bbws_readiness.source import SourceKind
from tests.cases import each
from tests.example import assessed
from tests.render.sample import BKP001, MAIN, MISSING, PLAN, STATES, TBL001, at, blocked

SECTIONS = (
    "CRITICAL - MUST FIX BEFORE DEPLOYMENT",
    "HIGH PRIORITY - SHOULD FIX",
    "MEDIUM PRIORITY - RECOMMENDED",
    "LOW PRIORITY - OPTIONAL",
    "WORKFLOW SUMMARY",
    "CHECKLIST TRACKER",
    "TIMELINE",
    "RISK MITIGATION",
    "SUCCESS CRITERIA",
    "CONTACTS",
    "REFERENCES",
    "Kept notes",
)
EMPTY_PRIORITIES = {"blocked": 2, "conditional": 2, "ready": 3, "undetermined": 3, "bare": 4}


def text_of(assessment: Assessment) -> str:
    return next(one.text for one in render_documents(assessment) if one.path.endswith("_action_items.md"))


def section(text: str, title: str) -> str:
    return text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def minutes_of(printed: str) -> int:
    found = re.fullmatch(r"(?:(\d+) h)? ?(?:(\d+) min)?", printed)
    assert found, printed
    return int(found[1] or 0) * 60 + int(found[2] or 0)


@each("state", STATES)
def test_sections_stand_in_order(state: str) -> None:
    text = text_of(STATES[state]())
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(SECTIONS)
    assert text.startswith("# Action Items: Parcels SIT Deployment\n")


@each("state", STATES)
def test_actions_stand_under_their_own_priority(state: str) -> None:
    assessment = STATES[state]()
    text = text_of(assessment)
    empty = 0
    for severity, title in zip(Severity, SECTIONS[:4], strict=True):
        part = section(text, title)
        printed = [int(number) for number in re.findall(r"^### .+ Action (\d+): ", part, re.MULTILINE)]
        assert printed == [action.number for action in assessment.actions if action.priority is severity]
        assert part.count(f"- **Priority**: {severity.upper()}") == len(printed)
        if not printed:
            assert part.strip() == "None."
            empty += 1
    assert empty == EMPTY_PRIORITIES[state]


@each("state", STATES)
def test_printed_hours_add_up(state: str) -> None:
    assessment = STATES[state]()
    text = text_of(assessment)
    each = [minutes_of(printed) for printed in re.findall(r"\*\*Estimated Time\*\*: (.+)", text)]
    total = re.search(r"\*\*Total effort\*\*: (.+)", text)
    assert total
    assert minutes_of(total[1]) == sum(each) == assessment.schedule.effort_minutes


@each("state", STATES)
def test_task_keys_are_unique_and_stable(state: str) -> None:
    assessment = STATES[state]()
    keys = re.findall(r"<!-- task:(\S+) -->", text_of(assessment))
    assert len(keys) == len(set(keys))
    for action in assessment.actions:
        assert {f"{action.key}/{task.key}" for task in action.tasks} <= set(keys)
        assert f"action/{action.key}" in keys
    renumbered = replace(assessment, actions=tuple(replace(one, title="Another") for one in assessment.actions))
    assert re.findall(r"<!-- task:(\S+) -->", text_of(renumbered)) == keys


@each("state", STATES)
def test_every_box_has_a_key(state: str) -> None:
    boxes = [line for line in text_of(STATES[state]()).splitlines() if line.lstrip().startswith("- [ ]")]
    assert all(re.search(r"<!-- task:[a-z0-9/_-]+ -->$", line) for line in boxes)


def test_tracker_has_one_box_per_action_approver_and_open_fact() -> None:
    assessment = blocked()
    tracker = section(text_of(assessment), "CHECKLIST TRACKER")
    assert tracker.count("<!-- task:action/") == len(assessment.actions)
    assert tracker.count("<!-- task:approval/") == len(assessment.approvers)
    assert tracker.count("<!-- task:confirm/") == len(assessment.not_verified)
    assert "⏸️ NOT VERIFIED - state bucket `parcels-state-sit` exists: needs AWS" in tracker


def test_timeline_names_the_chain_and_what_may_wait() -> None:
    timeline = section(text_of(blocked()), "TIMELINE")
    assert "critical path 1 → 2: Resolve missing tables (4 h), then Add backup vault, plan, selection (3 h)" in timeline
    assert "| Action 3: Update documentation | 6 h |" in timeline
    assert "| Thu 2026-01-08 | Decide | 1 |" in timeline
    assert "```mermaid\ngantt" in timeline


def test_workflow_summary_draws_one_box_per_phase() -> None:
    summary = section(text_of(blocked()), "WORKFLOW SUMMARY")
    assert re.findall(r"PHASE \d: (\w+)", summary) == ["DECIDE", "BUILD", "VERIFY", "DEPLOY"]
    assert len({len(line) for line in summary.split("```")[1].splitlines() if line.startswith(("│", "┌", "└"))}) == 1
    assert "```mermaid\nflowchart" in summary


def test_success_criteria_list_the_numbers_of_the_groups() -> None:
    criteria = section(text_of(blocked()), "SUCCESS CRITERIA")
    assert "All CRITICAL actions are done: Action 1, Action 2" in criteria
    assert "All HIGH PRIORITY actions are done: none is open" in criteria


def test_current_state_shows_what_each_source_says() -> None:
    sides = (
        Side(SourceKind.PLAN, frozenset({"ByCity"}), "ByCity", (at(PLAN, 20),)),
        Side(SourceKind.TERRAFORM, frozenset(), "none", (at(MAIN, 3),)),
    )
    finding = replace(MISSING, sides=sides)
    base = blocked()
    first = replace(base.actions[0], findings=(finding,))
    text = text_of(replace(base, findings=(finding,), actions=(first, *base.actions[1:])))
    assert "| Subject | plan | terraform | Status |" in text
    assert f"| `depots` | ByCity ([`{PLAN}:20`](../{PLAN}#L20)) | none ([`{MAIN}:3`](../{MAIN}#L3)) |" in text


def test_requirements_name_who_asks() -> None:
    sides = (Side(SourceKind.PLAN, "hourly", "hourly, 7 days", (at(PLAN, 31),)),)
    asked = replace(STATES["blocked"]().issues[1].findings[0], sides=sides)
    base = blocked()
    second = replace(base.actions[1], findings=(asked,))
    text = text_of(replace(base, findings=(asked,), actions=(base.actions[0], second, *base.actions[2:])))
    assert f"**Requirements**\n\n- `backup`: hourly, 7 days (per plan) ([`{PLAN}:31`](../{PLAN}#L31))" in text


def test_irreversible_option_stands_in_bold_with_its_readers() -> None:
    text = text_of(blocked())
    assert "  - **Irreversible: none of the plan's consumers can be deployed**" in text
    assert "  - **Readers to change first**: `depot_lambda` (needs `depots`, not defined)" in text


def test_drift_is_shown_as_the_exact_edit() -> None:
    drift = Finding(
        TBL001,
        Outcome.FAIL,
        "depots",
        at(PLAN, 20),
        "plan differs",
        "tables",
        expected="2 tables (terraform)",
        actual="3 tables",
        standing=Standing.DRIFT,
        severity=Severity.LOW,
        document=SourceKind.PLAN,
    )
    base = blocked()
    edited = replace(base.actions[2], edits=(drift,))
    text = text_of(replace(base, actions=(*base.actions[:2], edited, base.actions[3])))
    assert f"| [`{PLAN}:20`](../{PLAN}#L20) | 3 tables | 2 tables (terraform) | `TBL001` | `depots` |" in text
    assert f"1 statement to correct in [`{PLAN}`](../{PLAN})." in text


def test_settled_finding_is_no_failure() -> None:
    settled = replace(MISSING, settled_by="1")
    base = blocked()
    first = replace(base.actions[0], findings=(settled,))
    text = text_of(replace(base, actions=(first, *base.actions[1:])))
    assert "➖ NOT APPLICABLE" in section(text, SECTIONS[0])


def test_snippet_stands_below_its_task() -> None:
    base = blocked()
    with_snippet = replace(base.actions[1], tasks=(Task("vault", "Declare them", "backup.tf.j2"),))
    text = text_of(replace(base, actions=(base.actions[0], with_snippet, *base.actions[2:])))
    assert "- [ ] Declare them <!-- task:backup/vault -->\n\n  <!-- given:backup/vault -->\n  ```hcl\n" in text
    assert "\n  ```\n  <!-- end given:backup/vault -->\n" in text


def test_backup_snippet_is_valid_terraform_with_references_that_resolve() -> None:
    assessment = blocked()
    text = rendered("backup.tf.j2", facts(assessment))
    parsed = hcl2.loads(text + "\n")
    created = {f"{kind}.{name}".replace('"', "") for one in parsed["resource"] for kind, v in one.items() for name in v}
    declared = {f"aws_dynamodb_table.{table.name}" for table in assessment.model.terraform_tables or ()}
    used = set(re.findall(r"\b(aws_[a-z_]+\.[a-z_]+)\.(?:arn|id|name)\b", text))
    assert used - created == declared
    variables = {name.replace('"', "") for one in parsed["variable"] for name in one}
    assert set(re.findall(r"\bvar\.([a-z_]+)", text)) <= variables
    assert "sit" not in re.sub(r"#.*", "", text), "an environment's value belongs into its settings file"
    assert '# sit: backup_frequency = "hourly", backup_retention_days = 7' in text


def test_backup_snippet_needs_a_table_it_can_refer_to() -> None:
    base = blocked()
    assert rendered("backup.tf.j2", facts(replace(base, model=replace(base.model, terraform_tables=())))) == ""


def test_plan_snippet_uses_the_pipeline_settings() -> None:
    text = rendered("terraform_plan.sh.j2", facts(blocked()))
    assert "cd terraform/parcels\n" in text
    assert '  -backend-config="key=parcels/terraform.tfstate" \\\n' in text
    assert "workspace" not in text
    assert text.endswith("terraform show sit.tfplan")


@each(
    ("value", "printed"),
    [
        (Fact(Unknown("from a secret"), at(MAIN)), '"bucket=$BUCKET"'),
        (Fact('x"; rm -rf ~; "', at(MAIN)), '"bucket=$BUCKET"'),
        (Fact("$(id)", at(MAIN)), '"bucket=$BUCKET"'),
        (Fact("parcels-state", at(MAIN)), '"bucket=parcels-state"'),
    ],
)
def test_plan_snippet_takes_only_harmless_values(value: Fact[str], printed: str) -> None:
    base = blocked()
    assert base.model.workflows
    workflow = base.model.workflows[0]
    step = workflow.jobs[0].steps[0]
    init = replace(step.terraform[0], backend={"bucket": value})
    jobs = (replace(workflow.jobs[0], steps=(replace(step, terraform=(init,)),)), *workflow.jobs[1:])
    model = replace(base.model, workflows=(replace(workflow, jobs=jobs),))
    assert f"-backend-config={printed}" in rendered("terraform_plan.sh.j2", facts(replace(base, model=model)))


def test_every_snippet_of_a_remedy_exists() -> None:
    named = set()
    for path in (data_root() / "rules" / "remedies").glob("*.yaml"):
        named |= set(re.findall(r"snippet: (\S+?)[,}\s]", path.read_text() + "\n"))
    assert named == {path.name for path in (data_root() / "templates" / "snippets").iterdir()}


def test_nothing_open_says_so() -> None:
    text = text_of(STATES["bare"]())
    assert section(text, "WORKFLOW SUMMARY").strip() == "No action is open."
    assert "No approver named in plan or configuration" in section(text, "SUCCESS CRITERIA")
    assert "**Total effort**: 0 h" in text
    assert hours(0) == "0 h"
    assert STATES["bare"]().verdict is Verdict.READY


def test_hostile_words_stay_inert() -> None:
    base = blocked()
    evil = "x --> <!-- task:evil/key --> | </details> @someone"
    first = replace(base.actions[0], title=evil, findings=(replace(MISSING, subject=evil, message=evil),))
    text = text_of(replace(base, actions=(first, *base.actions[1:])))
    outside = re.sub(r"`[^`\n]*`|<!-- (?:task|notes|end notes):[a-z0-9/_-]+ -->", "", text.replace("\\<", ""))
    assert "task:evil/key -->" not in re.findall(r"<!-- task:(\S+ -->)", outside)
    assert "<!--" not in outside
    assert BKP001.code in text


def test_example_under_the_plan_takes_seventeen_hours_and_a_quarter() -> None:
    text = text_of(assessed("b"))
    assert "- **Total effort**: 17 h 15 min" in text
    assert "- **Time to ready**: 7 h 45 min - Thu 2026-01-08 16:45; critical path 1 → 4 → 7 → 6: " in text
    assert "- **All actions**: 9 h - Fri 2026-01-09 10:00 (1 → 4 → 12)" in text
    assert re.findall(r"^### (.) Action", text, re.MULTILINE) == ["🔴"] * 5 + ["🟡"] * 2 + ["🟢"] * 5


def test_snippets_of_the_example_are_valid() -> None:
    known = facts(assessed("b"))
    parsed = hcl2.loads(rendered("backup.tf.j2", known) + "\n")
    assert len(parsed["resource"]) == 6
    assert [(one.environment, one.frequency, one.retention_days) for one in known.backups] == [
        ("sit", "hourly", 7),
        ("prod", "hourly", 30),
    ]
    assert facts(assessed("a")).backups == ()
    assert "-var-file=environments/sit.tfvars" in rendered("terraform_plan.sh.j2", known)
    assert '-backend-config="dynamodb_table=terraform-state-lock-sit"' in rendered("terraform_plan.sh.j2", known)


def test_renaming_says_that_it_replaces() -> None:
    text = text_of(assessed("b")).split("Standardize table names", 1)[1]
    assert re.search(r"\*\*Irreversible: [^*]*replaces the table[^*]*data is lost[^*]*\*\*", text)
