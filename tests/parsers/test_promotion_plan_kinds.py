"""Plans of every kind of project, in odd order and with gaps: what is read of them, and on which line."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.plans import Plan
from bbws_readiness.parsers.promotion_plan import parse_plan
from bbws_readiness.source import Source
from tests.cases import each
from tests.data import data
from tests.parsers.plan_facts import facts_of, items_of
from tests.parsers.test_promotion_plan import check_that_lines_hold_tokens

CASES = sorted((Path(__file__).parent / "cases/plans").glob("*.md"))


def parse(text: str, folder: str = "") -> tuple[Plan, tuple[Diagnostic, ...]]:
    return parse_plan(Source("plan.md", text, len(text), ""), project_folder=folder)


@each("path", CASES, ids=lambda path: path.stem)
def test_what_is_read(path: Path) -> None:
    plan, diagnostics = parse(path.read_text())
    found = facts_of(plan, diagnostics)
    expected = data(path.with_suffix(".yaml"))
    assert set(found) == set(expected)
    for group, told in expected.items():
        assert found[group] == told, group


@each("path", CASES, ids=lambda path: path.stem)
def test_every_fact_stands_where_it_says(path: Path) -> None:
    text = path.read_text()
    plan, _ = parse(text)
    # `grep -E "(carriers|parcels)-sit"` has two names and writes neither of them out.
    written = [fact for fact in plan.named_tables if "grep" not in text.split("\n")[fact.at.line - 1]]
    plan = replace(plan, named_tables=tuple(written))
    assert check_that_lines_hold_tokens(plan, Source("plan.md", text, len(text), "")) > 20


@each("path", CASES, ids=lambda path: path.stem)
def test_gaps_are_warnings(path: Path) -> None:
    _, diagnostics = parse(path.read_text())
    assert {found.severity for found in diagnostics} == {DiagnosticSeverity.WARNING}


TRAPS = data(Path(__file__).parent / "cases/traps.yaml")["traps"]
READ = data(Path(__file__).parent / "cases/traps_read.yaml")


def trap_text(case: dict[str, str]) -> str:
    body = case.get("body", "")
    if "list" in case:
        above = "## Phase 1: SIT Promotion\n\n### Pre-Deployment Checklist\n\n#### Infrastructure Planning\n\n"
        body = above + case["list"]
    return f"# Promotion Plan: shipments_schemas\n\n{body}"


def read_of(case: dict[str, str], text: str) -> dict[str, object]:
    plan, diagnostics = parse(text)
    found = {**facts_of(plan, diagnostics), "items": items_of(plan)}
    found["told"] = [gap for gap in found.get("gaps", []) if "the plan has no" not in gap]
    return {group: found.get(group) for group in case["read"] if found.get(group)}


@each("case", TRAPS, ids=lambda case: f"{case['trap']}: {case['name']}")
def test_trap(case: dict[str, str]) -> None:
    expected = READ[f"{case['trap']}: {case['name']}"]
    assert read_of(case, trap_text(case)) == expected


@each("case", TRAPS, ids=lambda case: f"{case['trap']}: {case['name']}")
def test_line_ends_change_nothing(case: dict[str, str]) -> None:
    text = trap_text(case)
    assert read_of(case, text.replace("\n", "\r\n")) == read_of(case, text)


def test_every_trap_has_a_case_and_a_near_miss() -> None:
    told = [(case["trap"], case["name"].startswith("near miss")) for case in TRAPS]
    assert set(told) == {(trap, near) for trap in range(1, 24) for near in (False, True)}
    assert len(READ) == len(TRAPS)


WITH_REMARKS = """# Promotion Plan: shipments_schemas

## Project Overview

| Attribute | Value |
|---|---|
| **Tables** | 9 ({remark}) |
| **GSIs** | 9 ({remark}) |
| **Buckets** | 9 ({remark}) |
| **Handlers** | 9 functions ({remark}) |
| **Email Templates** | 9 ({remark}) |
| **Terraform Files** | 9 ({remark}) |
| **CI/CD Workflows** | 9 ({remark}) |
| **Purpose** | {listed} |
| **Current Status** | 50% {remark} |

## Phase 1: SIT Promotion

### Pre-Deployment Checklist ({remark})

#### Infrastructure Planning ({remark})

- [ ] Document all tables to be created ({remark}):
  - `parcels-sit` ({remark})
  - {remark}
- [ ] Document all buckets to be created:
  - `acme-labels-sit` ({remark})
  - the workflow ({remark})
- [ ] Document components to be created:
  - S3 bucket: `acme-portal-sit` ({remark})
  - Lambda@Edge functions:
    - {remark}
- [ ] Verify DynamoDB table exists in SIT: `invoices-sit` ({remark})
- [ ] Confirm DynamoDB GSIs: `ByDate` ({remark})
- [ ] Check the files:

  ```
  Network (1 files):
    - vpc.tf, {remark}
  ```

```bash
# {remark}
aws dynamodb scan --table-name parcels-sit # {remark}
```
"""
REMARK_WORDS = st.lists(st.from_regex(r"[a-z]{2,6}q[a-z]{2,4}", fullmatch=True), min_size=2, max_size=8, unique=True)


def names_in(plan: Plan) -> set[str]:
    """Everything that the plan is understood to call by name."""
    tables = [*plan.tables, *plan.consumed_tables]
    found = {name for table in tables for name in (table.name, table.full_name.get())}
    found |= {index.name.or_none() or "" for table in tables for index in table.indexes or ()}
    found |= {one.name.get() for one in plan.resources}
    found |= {name.get() for group in plan.file_groups for name in group.names}
    found |= {component.name.get() for component in plan.components if component.name}
    return found | {name.get() for name in (*plan.workflows, *plan.named_workflows, *plan.named_tables)}


@given(REMARK_WORDS, st.sampled_from([" ", ", and ", " of "]))
@settings(deadline=None, max_examples=60)
def test_no_word_of_a_remark_becomes_a_name(words: list[str], between: str) -> None:
    remark = f"{words[0]} {between.join(words[1:])}"
    plan, _ = parse(WITH_REMARKS.format(remark=remark, listed=", ".join(words)))
    names = names_in(plan)
    assert not names & {*words, remark}
    assert not any(word in name for word in words for name in names)
    assert {"parcels-sit", "acme-labels-sit", "acme-portal-sit", "invoices-sit", "ByDate", "vpc.tf"} <= names
