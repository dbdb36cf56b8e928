"""The set of documents: their sections, their safety, and that all of them say the same."""

import re
from datetime import date
from functools import cache

import pytest
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.render import wording
from bbws_readiness.render.documents import DOCUMENTS, Document, render_documents
from bbws_readiness.render.frame import Run, Surroundings
from bbws_readiness.render.views import figures
from bbws_readiness.render.views.index import sections
from tests.cases import each
from tests.render import sample
from tests.render.oracle import READER

STATES = {**sample.STATES, "unreadable": sample.unreadable}

NAMES = {
    "brief": "sit_parcels_exec_brief.md",
    "summary": "sit_parcels_summary.md",
    "action_items": "sit_parcels_action_items.md",
    "report": "sit_parcels_readiness_report.md",
    "index": "README_SIT_PARCELS.md",
}

SECTIONS = {
    "brief": [
        "EXECUTIVE SUMMARY",
        "KEY FINDINGS",
        "CRITICAL DECISIONS NEEDED",
        "WHAT'S WORKING WELL",
        "RISKS IF WE DEPLOY AS-IS",
        "RESOURCE REQUIREMENTS",
        "RECOMMENDED ACTION PLAN",
        "APPROVAL REQUIREMENTS",
        "IMPACT ON PROJECT TIMELINE",
        "SUCCESS CRITERIA",
        "CONTINGENCY PLAN",
        "WHAT WE LEARNED",
        "RECOMMENDATION",
        "SUPPORTING DOCUMENTS",
        "CONTACTS",
        "NEXT STEPS",
    ],
    "summary": [
        "QUICK STATUS",
        "CRITICAL BLOCKERS (n)",
        "OPEN DECISIONS (n)",
        "ACTUAL RESOURCES (TERRAFORM)",
        "DOCUMENTATION DISCREPANCIES",
        "IMMEDIATE ACTIONS REQUIRED",
        "DEPLOYMENT BLOCKERS SUMMARY",
        "DEPENDENCIES BLOCKED",
        "GITHUB WORKFLOW STATUS",
        "TERRAFORM STATE",
        "COST ESTIMATE",
        "NEXT STEPS",
        "APPROVAL STATUS",
        "CONTACTS",
        "REFERENCES",
    ],
    "index": [
        "Document Index",
        "Documents",
        "Key Findings Summary",
        "What Terraform Defines",
        "What's Missing",
        "Deployment Workflow (When Ready)",
        "Critical Decisions Required",
        "Approvals Required",
        "Timeline",
        "Dependencies",
        "References",
        "How to Use These Documents",
        "Assessment Methodology",
        "Next Steps",
        "Questions?",
        "Document History",
    ],
}


@cache
def rendered(state: str) -> dict[str, Document]:
    documents = render_documents(STATES[state]())
    return dict(zip((kind.key for kind in DOCUMENTS), documents, strict=True))


def headings(text: str, level: int) -> list[str]:
    tokens = READER.parse(text)
    return [
        tokens[position + 1].content
        for position, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == f"h{level}"
    ]


def fences(text: str) -> list[tuple[str, str]]:
    return [(token.info, token.content) for token in READER.parse(text) if token.type == "fence"]


def prose(text: str) -> str:
    """The text without links' targets, code marks and bold marks."""
    return re.sub(r"[`*\\]", "", re.sub(r"\]\([^)]*\)", "]", text))


def test_names_and_order() -> None:
    assert [document.path for document in rendered("blocked").values()] == list(NAMES.values())


@each("state", STATES)
@each("key", SECTIONS)
def test_sections_stand_in_their_order(state: str, key: str) -> None:
    found = [re.sub(r"\(\d+\)$", "(n)", heading) for heading in headings(rendered(state)[key].text, 2)]
    wanted = SECTIONS[key]
    if key == "index" and state == "conditional":
        wanted = ["What Is Undecided" if heading == "What's Missing" else heading for heading in wanted]
    assert found == wanted


@each("state", STATES)
@each("key", NAMES)
def test_a_document_read_alone_is_honest(state: str, key: str) -> None:
    assessment, text = STATES[state](), rendered(state)[key].text
    head = "\n".join(text.splitlines()[:14])
    assert len(headings(text, 1)) == 1
    for label in ("Date", "Project", "Environment", "Status", "Commit", "Plan"):
        assert f"**{label}**: " in head
    assert wording.VERDICTS[assessment.verdict] in head
    assert "`readiness assess sit`" in head
    for label in ("Document Status", "Last Updated", "Next Review", "Distribution", "Confidentiality"):
        assert f"**{label}**: " in text.split("\n---\n")[-1]


@each("state", STATES)
def test_verdict_date_and_first_issues_open_the_brief(state: str) -> None:
    assessment = STATES[state]()
    head = "\n".join(rendered(state)["brief"].text.splitlines()[:30])
    assert wording.VERDICTS[assessment.verdict] in head
    assert figures.ready_line(assessment) in head
    for issue in assessment.issues[:1]:
        assert issue.title in head
        assert figures.owners_of(assessment, issue) in head
    for decision in assessment.decisions:
        assert decision.question in head
        assert wording.owners(decision.owners) in head


def shared_figures(assessment: Assessment) -> dict[str, str]:
    return {
        "verdict": wording.VERDICTS[assessment.verdict],
        "score": figures.score_line(assessment),
        "ready": figures.ready_line(assessment),
        "counts": figures.counts_sentence(assessment),
    }


@each("state", STATES)
@each(
    ("figure", "keys"),
    [
        ("verdict", ("brief", "summary", "action_items", "report", "index")),
        ("ready", ("brief", "summary", "index")),
        ("score", ("brief", "report", "index")),
        ("counts", ("brief", "index")),
    ],
)
def test_every_figure_is_the_same_in_all_documents(state: str, figure: str, keys: tuple[str, ...]) -> None:
    value = shared_figures(STATES[state]())[figure]
    for key in keys:
        assert value in prose(rendered(state)[key].text), key


@each("state", ["blocked", "conditional", "ready"])
def test_cost_approvers_and_contacts_are_the_same_everywhere(state: str) -> None:
    assessment = STATES[state]()
    for key in ("brief", "summary", "action_items", "report"):
        text = rendered(state)[key].text
        for approver in assessment.approvers:
            assert approver.role in text, key
        for contact in assessment.contacts:
            assert f"| {contact.role} |" in text, key
    for key in ("brief", "summary", "report"):
        assert "**$5-10**" in rendered(state)[key].text


@pytest.mark.parametrize("key", ["summary", "action_items"])
def test_tasks_have_the_same_keys(key: str) -> None:
    assessment = STATES["blocked"]()
    wanted = {f"{action.key}/{task.key}" for action in assessment.actions for task in action.tasks}
    assert wanted <= set(re.findall(r"<!-- task:(\S+) -->", rendered("blocked")[key].text))


@each("state", STATES)
def test_diagrams_hold_only_harmless_marks(state: str) -> None:
    for document in rendered(state).values():
        for info, content in fences(document.text):
            if info == "mermaid":
                labels = re.findall(r'\["([^\n]*)"\]', content) + re.findall(r"^  (\d+ .*) :", content, re.MULTILINE)
                assert all(re.fullmatch(r"[\w .+/()-]+", label) for label in labels), labels


@each("state", STATES)
def test_tables_are_whole(state: str) -> None:
    for document in rendered(state).values():
        for token_count in table_widths(document.text):
            assert len(set(token_count)) == 1, document.path


def table_widths(text: str) -> list[list[int]]:
    """Per table, the number of cells of each of its lines as written."""
    tables: list[list[int]] = []
    inside = False
    for line in outside_fences(text):
        if line.startswith("|"):
            if not inside:
                tables.append([])
            tables[-1].append(len(re.findall(r"(?<!\\)\|", line)))
        inside = line.startswith("|")
    return tables


def outside_fences(text: str) -> list[str]:
    lines, fenced = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            lines.append(line)
    return lines


@each("state", STATES)
def test_only_the_five_words_are_used_for_a_status(state: str) -> None:
    for document in rendered(state).values():
        for icon, words in (
            ("✅", "PASS|READY"),
            ("❌", "FAIL|BLOCKED"),
            ("⏸️", "NOT VERIFIED"),
            ("➖", "NOT APPLICABLE"),
        ):
            for found in re.findall(rf"{icon} (\*\*)?([A-Z]\w+(?: [A-Z]+)?)", document.text):
                if found[1].isupper():
                    assert re.match(words, found[1]), (document.path, found)


def test_a_decision_is_never_worded_as_a_lack() -> None:
    brief = rendered("conditional")["brief"].text
    assert "| Noun | Claimed | Actual | Gap |" in brief
    assert "| Noun | Expected | Actual | Gap |" in rendered("blocked")["brief"].text
    assert "What's Missing" not in rendered("conditional")["index"].text
    assert "NOT GRANTED - 0 blocking issues, 1 open decision" in rendered("conditional")["summary"].text


def test_nothing_known_is_said_in_the_agreed_words() -> None:
    documents = rendered("bare")
    brief = documents["brief"].text
    for words in (
        wording.NO_PLAN,
        wording.NO_APPROVER,
        wording.NO_PRICES,
        wording.NO_DECISION,
        "No date stated for SIT",
        wording.NOT_COMPUTABLE,
        wording.NO_DOWNSTREAM,
        "not a git checkout",
        "No contingency policy configured",
        "No finding in this run asks for a process change.",
    ):
        assert words in brief, words


def test_links_start_at_the_output_directory() -> None:
    assessment = STATES["blocked"]()
    place = "terraform/parcels/main.tf:3"
    for directory, target in (
        ("deployments", "../terraform/parcels/main.tf#L3"),
        ("out/sit", "../../terraform/parcels/main.tf#L3"),
        (".", "terraform/parcels/main.tf#L3"),
        ("terraform", "parcels/main.tf#L3"),
    ):
        text = render_documents(assessment, directory=directory)[1].text
        assert f"[`{place}`]({target})" in text
    outside = render_documents(assessment, directory="../elsewhere")[1].text
    assert f"(`{place}`" in outside
    assert "main.tf#L3" not in outside


def test_the_index_lists_sizes_sections_and_history() -> None:
    earlier = Run("2026-01-06T00:00:00", "abc", "BLOCKED", "0", "authority nobody → plan")
    around = Surroundings(earlier=(earlier,), superseded=("sit_parcels_old.md",))
    *others, index = render_documents(STATES["ready"](), surroundings=around)
    for document in others:
        assert f"({document.path})" in index.text
        assert f"{len(document.text.encode()) / 1024:.1f} KB" in index.text
        for heading in headings(document.text, 2):
            assert f"  - [{heading}]({document.path}#" in index.text
    verdict = wording.VERDICTS[Verdict.BLOCKED]
    assert f"| Tue 2026-01-06 | `abc` | {verdict} | 0/100 | superseded | authority nobody → plan |" in index.text
    assert "`sit_parcels_old.md` - superseded" in index.text


@each("state", STATES)
def test_the_same_assessment_gives_the_same_bytes(state: str) -> None:
    assert render_documents(STATES[state]()) == tuple(rendered(state).values())


def test_terms_of_backups_are_never_attributed_to_a_source_that_does_not_state_them() -> None:
    for state in ("blocked", "conditional", "ready"):
        for document in rendered(state).values():
            assert not re.search(r"plan[^|<]{0,40}14 days", prose(document.text)), (state, document.path)
            assert not re.search(r"terraform: (daily|hourly)", prose(document.text)), (state, document.path)
    assert "| Backup | terraform: none declared | terraform: none declared | none |" in rendered("ready")["brief"].text


def test_a_day_off_in_the_plan_is_named() -> None:
    assessment = STATES["blocked"]()
    plan = assessment.model.plan
    assert plan is not None
    saturday = replace(plan.dates["sit"].deployment, start=date(2026, 1, 31), end=date(2026, 1, 31))
    dates = {"sit": replace(plan.dates["sit"], sign_off=saturday)}
    changed = replace(assessment, model=replace(assessment.model, plan=replace(plan, dates=dates)))
    brief, *_, index = render_documents(changed)
    for document in (brief, index):
        assert "Sat 2026-01-31 09:00 - not a working day" in document.text


def test_what_a_source_shares_with_a_named_one_supports_the_same_option() -> None:
    assert "No recommendation: 2 of 3 sources support B." in rendered("conditional")["brief"].text
    assert "the side of the declared authority (plan)" in rendered("blocked")["brief"].text


@pytest.mark.parametrize("text", ["<img src=x>", "a|b", "@org/team", "`x", "[x](http://evil.example)", "\x1b[31m"])
def test_text_of_the_project_stays_text(text: str) -> None:
    assessment = STATES["conditional"]()
    decision = replace(assessment.decisions[0], question=text)
    finding = replace(assessment.issues[0].findings[0], message=text, subject=text, expected=text, actual=text)
    issue = replace(assessment.issues[0], title=text, findings=(finding,))
    action = replace(assessment.actions[0], title=text, decision=decision)
    hostile = replace(
        assessment,
        title=text,
        project=text,
        reason=text,
        decisions=(decision,),
        issues=(issue,),
        actions=(action, *assessment.actions[1:]),
        config=replace(assessment.config, distribution=text, contingency=text, prepared_for=text, lessons=text),
    )
    for document in render_documents(hostile):
        if document.path in (NAMES["brief"], NAMES["summary"], NAMES["index"]):
            html = READER.render(document.text)
            assert "<img" not in html
            assert 'href="http' not in html
            assert "\x1b" not in document.text
            for widths in table_widths(document.text):
                assert len(set(widths)) == 1


def test_what_was_not_read_is_not_counted_as_nothing() -> None:
    documents = rendered("unreadable")
    reason = "not determinable: no Terraform configuration was read"
    assert f"### Tables: {reason}" in documents["summary"].text
    assert f"### Resources to create: {reason}" in documents["summary"].text
    assert "NOT GRANTED - 0 blocking issues, 1 needed fact not determinable" in documents["summary"].text
    assert f"- **Tables**: {reason}" in documents["index"].text
    assert f"- **Backup**: {reason}" in documents["index"].text


def test_gaps_are_open_while_terraform_is_not_read_as_a_whole() -> None:
    assessment = STATES["blocked"]()
    configuration = assessment.model.configuration
    assert configuration is not None
    partly = replace(assessment.model, configuration=replace(configuration, complete=False))
    brief, summary, *_ = render_documents(replace(assessment, model=partly))
    row = next(line for line in brief.text.splitlines() if line.startswith("| Tables |"))
    assert row.endswith("| not determinable: not every Terraform file could be read | not determinable |")
    assert "### Tables: at least 2 (not determinable: not every Terraform file could be read)" in summary.text


@each(
    ("text", "expected"),
    [
        ("", ()),
        ("## First\n", ("First",)),
        ("# Title\n\n## One\n### not\n\n## Two \n", ("One", "Two")),
        ("# Title\n```\n## not\n```\n## One\n  ```sh\n## not\n  ```\n\n## Two", ("One", "Two")),
        ("## One\n```\n\n## not\n", ("One",)),
    ],
)
def test_sections_are_the_headings_outside_of_code(text: str, expected: tuple[str, ...]) -> None:
    assert sections(text) == expected
