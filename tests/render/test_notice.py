"""The correction notice: what was said, what was wrong, what holds now, out of two real assessments."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.compare.changes import Cause, Changes, DecidedChange, InputChange, Kind
from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.read import snapshot_of
from bbws_readiness.compare.snapshot import DecidedState, InputState, Snapshot
from bbws_readiness.render import wording
from bbws_readiness.render.documents import DOCUMENTS, NOTICE, documents_of, render_documents
from bbws_readiness.render.frame import Surroundings
from bbws_readiness.render.history import run_of
from bbws_readiness.render.machine import to_data
from tests.cases import each
from tests.example import ROOT
from tests.render import sample
from tests.render.corrections import CONFIGURATION, LOG, Pair, around, pair, under_terraform
from tests.render.oracle import Seen

BLOCKED, READY = "❌ BLOCKED - NOT READY FOR DEPLOYMENT", "✅ READY FOR DEPLOYMENT"
NAME = "sit_dynamodb_schemas_CORRECTED_STATUS.md"

SECTIONS = [
    "Correction Notice",
    "Actual Status",
    "Previously Identified Blockers",
    "Reclassified",
    "New and Reinstated",
    "Deployment Readiness",
    "Deployment Instructions",
    "Summary",
    "References",
    "History",
]


@dataclass(frozen=True)
class Corrected:
    """The pair of readings, and the set that the second writes."""

    pair: Pair
    texts: dict[str, str]

    @property
    def notice(self) -> str:
        return self.texts["notice"]


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corrected]:
    """One project, assessed twice; made once, because nothing below changes it."""
    made = pair(tmp_path_factory.mktemp("corrected"))
    around = made.surroundings
    keys = [kind.key for kind in documents_of(around)]
    documents = render_documents(made.after, surroundings=around)
    yield Corrected(made, {key: one.text for key, one in zip(keys, documents, strict=True)})


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level."""
    level = heading.split(" ")[0]
    _, _, rest = text.partition(f"\n{heading}\n")
    assert rest, f"no heading {heading}"
    return re.split(rf"\n#{{2,{len(level)}}} ", rest)[0]


def rows(text: str) -> list[list[str]]:
    """The rows of the first table, below its rule."""
    table = text[text.index("\n| ") + 1 :].split("\n\n")[0].strip("\n").split("\n")
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def test_sections_stand_in_their_order(corrected: Corrected) -> None:
    assert re.findall(r"^## (.+)$", corrected.notice, re.MULTILINE) == SECTIONS
    assert corrected.notice.startswith("# CORRECTED STATUS: DynamoDB Schemas SIT Deployment\n")


def test_both_verdicts_stand_in_the_order_of_time(corrected: Corrected) -> None:
    head = corrected.notice.split("\n---\n")[0]
    commit = corrected.pair.changes.before.commit[:12]
    assert f"- **Status**: **{READY}**" in head
    assert f"- **Previous Status**: {BLOCKED} (as of Wed 2026-01-07 16:55, commit `{commit}`)" in head
    told = section(corrected.notice, "## Correction Notice")
    first = (
        f"The set as of Wed 2026-01-07 16:55 said **{BLOCKED}**. The set as of Wed 2026-01-07 17:15 says **{READY}**."
    )
    assert first in told


def test_what_changed_is_told_with_its_source(corrected: Corrected) -> None:
    told = section(corrected.notice, "### What changed between the two runs")
    assert "- **Authority**: plan, terraform → terraform" in told
    assert "- **Decisions**: 6 recorded: `D1`, `D2`, `D3`, `D4`, `D5`, `D6`" in told
    assert "- **Tool and rules**: unchanged" in told
    read = {one.path: one.sha256[:12] for one in corrected.pair.after.inputs}
    changed = {re.sub(r"\[`(.+)`\].*", r"\1", row[0]): row[1:] for row in rows(told)}
    assert changed == {
        LOG: ["decisions", "added", "-", f"`{read[LOG]}`"],
        CONFIGURATION: ["configuration", "added", "-", f"`{read[CONFIGURATION]}`"],
    }


def test_decisions_are_told_as_recorded(corrected: Corrected) -> None:
    told = rows(section(corrected.notice, "### Decisions recorded since"))
    assert [row[0] for row in told] == [f"`D{number}`" for number in range(1, 7)]
    assert told[0][1:6] == ["not-required", "`TBL001`", "Tech Lead + Product Owner", "Wed 2026-01-07", "no end"]
    assert told[0][6] == "the design has three tables: terraform, schemas, README and script agree"
    assert [row[5] for row in told if row[1] == "accepted-risk"] == ["Tue 2026-03-31", "Sat 2026-01-31"]


def test_what_no_longer_holds_names_every_grave_statement(corrected: Corrected) -> None:
    told = section(corrected.notice, "### What no longer holds")
    for line in (
        f"- **Verdict**: {BLOCKED} - now {READY}",
        "- **Score**: 0/100 - now 95/100 (coverage ",
        "- 🔴 CRITICAL: Missing tables: orders, users - now withdrawn",
        "- 🔴 CRITICAL: No validation script for SIT - now ⚪ LOW",
        "- 🟡 HIGH: Release mark missing for v1.0.0-sit",
        "- and 7 issues of medium or low priority, see [Previously Identified Blockers]"
        "(#previously-identified-blockers) and [Reclassified](#reclassified)",
    ):
        assert f"\n{line}" in told, line
    assert told.count("🔴 CRITICAL: ") == 5


BLOCKERS = (
    ("Missing tables: orders, users", "withdrawn", ("D1", "authority: terraform"), "3 tables in 4 sources"),
    (
        "Index names and counts differ",
        "withdrawn",
        ("D2",),
        "7 indexes on 3 tables; schemas equal, keys included",
    ),
    ("Table names differ", "🔴 CRITICAL → ⚪ LOW", ("D4",), "1 of 3 names carries the environment"),
    (
        "No backup vault, plan or selection",
        "withdrawn for now, until Tue 2026-03-31",
        ("D3", "until 2026-03-31"),
        "recovery on 3 of 3, default window 35 days; no AWS Backup",
    ),
    (
        "No validation script for SIT",
        "🔴 CRITICAL → ⚪ LOW",
        ("plan is not in force",),
        "script for DEV only; workflow validates after the apply",
    ),
)
"""Title, what became of it, why, and reality, of exactly the five critical issues of the earlier set."""


def test_the_earlier_critical_issues_are_told_one_by_one(corrected: Corrected) -> None:
    told = rows(section(corrected.notice, "## Previously Identified Blockers"))
    assert len(told) == len(BLOCKERS)
    for number, (row, (title, now, why, reality)) in enumerate(zip(told, BLOCKERS, strict=True), start=1):
        assert row[0] == str(number)
        assert row[1].startswith(title)
        assert row[2] == now
        assert all(words in row[3] for words in why), row
        assert row[4] == reality


DETAILS = {
    "1": (
        "**What was said**: 🔴 CRITICAL, in the Full Readiness Report as of Wed 2026-01-07 16:55, section CRITICAL "
        "FINDINGS, number 1, on the strength of [`04_dynamodb_schemas_promotion.md:90`]",
        "**Why withdrawn**",
        "`D1` (not-required) by Tech Lead + Product Owner on Wed 2026-01-07: the design has three tables",
        "3 tables in terraform, schemas, README, script: `campaigns`, `products`, `tenants` ([`main.tf:128`]",
        "plan names 5: only there `orders`, `users` ([`04_dynamodb_schemas_promotion.md:90`]",
        "**Action**: none before the deployment; documents still say otherwise: plan (",
    ),
    "2": (
        "`D2` (by-design) by Backend Developer",
        "7 indexes on 3 tables in terraform: `campaigns` 3, `products` 1, `tenants` 3",
        "schemas equal, keys included ([`campaigns.schema.json:21`]",
        "README differs on `products` ([`README.md:11`]",
        "script differs on `products` ([`validate_dynamodb_dev.py:27`]",
    ),
    "3": (
        "**Why lowered**",
        "what is left is told as ⚪ LOW: Mixed name suffixes: 1 of 3 tables carry the environment",
        "with the environment: `products-sit` ([`main.tf:79`]",
        "without it: `campaigns`, `tenants` ([`main.tf:129`]",
        "Standardize table names (⚪ LOW, DevOps Engineer, 1 h; does not block the deployment)",
    ),
    "4": (
        "`D3` (accepted-risk, until Tue 2026-03-31) by DBA",
        "recovery on 3 of 3, default window 35 days ([`main.tf:184`]",
        "AWS Backup in terraform: none declared",
        "asked for by plan: hourly, kept 7 days (",
        "asked for by schemas: daily, kept 14 days (",
        "**Action**: none before the deployment; decide again by Tue 2026-03-31 (DBA)",
    ),
    "5": (
        "[`scripts/validate_dynamodb_dev.py`](../scripts/validate_dynamodb_dev.py) is for DEV",
        "✅ PASS: deploy-sit.yml: job validation, step Check every deployed table (",
        "Create the SIT validation script (⚪ LOW, DevOps Engineer, 1 h; does not block the deployment)",
    ),
}


@each("number", DETAILS)
def test_a_blocker_is_told_in_full(number: str, corrected: Corrected) -> None:
    found = re.search(rf"\n### {number}\. .+?(?=\n### )", corrected.notice, re.DOTALL)
    assert found
    for words in DETAILS[number]:
        assert words in found[0], words


def test_withdrawn_issues_of_lower_priority_stand_in_a_second_list(corrected: Corrected) -> None:
    told = rows(section(corrected.notice, "### Other issues that were withdrawn or lowered"))
    assert [row[0] for row in told] == ["🟡 HIGH", "🟢 MEDIUM", "🟢 MEDIUM", *["⚪ LOW"] * 5]
    assert told[0][1].startswith("Release mark missing for v1.0.0-sit")
    assert told[0][2:] == ["withdrawn", "authority: terraform; plan is not in force"]
    gone = {change.before.title for change in corrected.pair.changes.of(Kind.RESOLVED) if change.before}
    assert {row[1] for row in told} < gone


def test_reclassified_holds_what_is_still_told(corrected: Corrected) -> None:
    told = rows(section(corrected.notice, "## Reclassified"))
    assert [row[1:4] for row in told] == [
        ["🔴 CRITICAL", "⚪ LOW", "Mixed name suffixes: 1 of 3 tables carry the environment"],
        ["🔴 CRITICAL", "⚪ LOW", "the same"],
    ]
    assert "None." in section(corrected.notice, "### New")
    assert "None." in section(corrected.notice, "### Reinstated")


def test_the_score_is_explained_line_by_line(corrected: Corrected) -> None:
    first, *lines, last = rows(section(corrected.notice, "### Score, line by line"))
    assert (first[-1], last[-1]) == ("0/100", "95/100")
    before, after = corrected.pair.before.score.value, corrected.pair.after.score.value
    assert sum(Decimal(row[-1]) for row in lines) == after - before
    deducted = {row[0] for row in lines}
    assert {line.label for line in corrected.pair.before.score.ledger} <= deducted
    assert ["The score does not go below 0", "", "", "-32.5"] in lines


def test_figures_are_those_of_the_assessment(corrected: Corrected) -> None:
    told = section(corrected.notice, "## Deployment Readiness")
    report = corrected.texts["report"]
    for label in ("Issues", "Score", "Time to ready"):
        figure = re.search(rf"- \*\*{label}\*\*: (.+?)(?: - \[ledger\].*)?\n", told)
        assert figure and f"- **{label}**: {figure[1]}" in report
    assert "- **Resources to create**: **3** resource instances" in told
    assert "Features of the tables, not counted as resources: 7 indexes, 3 recovery settings and 2 streams." in told
    assert "- **Deployment time**: 15-20 minutes" in told
    assert "- **Monthly cost**: $12-30 a month" in told
    assert "$12-30" in corrected.texts["summary"]
    tables = section(corrected.notice, "## Actual Status")
    assert "### Tables: 3" in corrected.notice
    assert "- **GSIs**: 7\n- **Recovery**: on for 3 of 3\n- **Streams**: on for 2 of 3" in tables


def test_the_steps_are_those_of_the_report(corrected: Corrected) -> None:
    def steps(text: str) -> list[str]:
        return [
            re.sub(r"\[`[^`]*`\]\(([^)]*)\)", r"\1", line)
            for line in text.split("\n")
            if re.match(r"\d+\. (Open|Choose|Set|Job)", line)
        ]

    mine = steps(corrected.notice)
    assert mine == steps(corrected.texts["report"])
    assert [words for line in mine for words in re.findall(r"Job `(\w+)`", line)] == [
        "plan",
        "approval",
        "apply",
        "validation",
    ]
    expected = rows(section(corrected.notice, "### Expected Resources"))
    configuration = corrected.pair.after.model.configuration
    assert configuration
    assert [row[0] for row in expected] == [f"`{one.address}`" for one in configuration.resources]
    assert [row[2] for row in expected] == [
        "3 indexes, recovery, stream",
        "1 index, recovery",
        "3 indexes, recovery, stream",
    ]


def test_the_summary_states_both_and_why(corrected: Corrected) -> None:
    told = section(corrected.notice, "## Summary")
    assert f"- **Original Assessment**: {BLOCKED} (5 critical issues, 1 high, 7 minor)" in told
    assert f"- **Corrected Assessment**: {READY} (0 blocking issues, 2 minor)" in told
    assert "No code and no document has changed: the authority is terraform (it was plan before terraform)" in told
    assert "- **Recommendation**: **DEPLOY**, once the 12 facts are confirmed that need AWS or GitHub" in told


def test_an_approval_is_never_stated_as_given(corrected: Corrected) -> None:
    foot = corrected.notice.split("\n---\n")[-2]
    assert "- **Corrected By**: Tech Lead, Product Owner, Backend Developer, DBA, Architect and DevOps Lead" in foot
    assert "- **Correction Date**: Wed 2026-01-07 17:15" in foot
    assert "- **Approval**: pending: Tech Lead, DevOps Lead, DBA and FinOps Lead" in foot
    assert not re.search(r"\b(is|was|were) (approved|granted)\b|✅[^\n]*approval", corrected.notice, re.IGNORECASE)


def test_errors_of_older_notices_are_not_repeated(corrected: Corrected) -> None:
    assert [line for line in corrected.notice.split("\n") if "14 days" in line and "schemas" not in line] == []
    assert "~" not in corrected.notice
    for word in ("optional", "FALSE", "10 minutes", "missing index"):
        assert word not in corrected.notice


@each("heading", ["### Configuration Status", "### Security Compliance", "### What the files cannot tell"])
def test_every_check_has_one_of_the_five_words(heading: str, corrected: Corrected) -> None:
    lines = [line for line in section(corrected.notice, heading).split("\n") if line.startswith("- ")]
    assert lines
    for line in lines:
        assert line.removeprefix("- ").startswith(tuple(f"{word} - " for word in wording.STATUSES.values())), line


def test_a_pause_stays_a_pause(corrected: Corrected) -> None:
    told = section(corrected.notice, "### What the files cannot tell")
    assert told.count("⏸️ NOT VERIFIED") == len(corrected.pair.after.not_verified) > 0
    for check in ("NAM002", "VAL001"):
        assert re.search(rf"- ❌ FAIL - .*\(`{check}`\)", corrected.notice)
    assert re.search(r"- ➖ NOT APPLICABLE - .*\(`TBL001`\): settled by `D1`", corrected.notice)


def test_no_document_states_another_verdict_than_the_index_but_the_notice(corrected: Corrected) -> None:
    for key, text in corrected.texts.items():
        assert f"- **Status**: **{READY}**" in text
        said = text.split("\n## Document History\n")[0] if key == "index" else text
        assert (BLOCKED in said) is (key == "notice"), key
    history = corrected.texts["index"].split("\n## Document History\n")[1]
    assert re.search(rf"{READY} \| 95/100 \| \*\*current\*\* \| correction: BLOCKED → READY; ", history)
    assert re.search(rf"{BLOCKED} \| 0/100 \| superseded \| first assessment", history)
    assert history.count("**current**") == 1


def test_the_others_refer_to_the_notice(corrected: Corrected) -> None:
    for key, text in corrected.texts.items():
        if key == "notice":
            continue
        assert f"- **Correction**: this status corrects an earlier set, see [Correction Notice]({NAME})" in text
        assert f"- **Correction Notice**: [Correction Notice]({NAME})" in text
    index = corrected.texts["index"]
    assert f"| **Everybody who read an earlier set** | [Correction Notice]({NAME}) |" in index
    assert f"[`{NAME}`]({NAME}) ({len(corrected.notice.encode()) / 1024:.1f} KB)" in index
    for heading in SECTIONS:
        assert f"  - [{heading}]({NAME}#" in index


def test_the_brief_still_opens_with_verdict_date_and_first_issues(corrected: Corrected) -> None:
    """Though its header is longer: with a base, decisions and waivers there would be four lines more."""
    head = corrected.texts["brief"].split("\n")[: 30 - 4]
    assert any("**Time to ready**: **0 h - ready now**" in line for line in head)
    for issue in corrected.pair.after.issues[:3]:
        assert any(issue.title in line and re.search(r"- [A-Z].*, \d+ h", line) for line in head), issue.title


def test_every_link_leads_to_a_file(corrected: Corrected) -> None:
    names = [kind.file_name(corrected.pair.after) for kind in documents_of(corrected.pair.surroundings)]
    anchors = {
        name: {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in re.findall(r"^#+ (.+)$", text, re.M)}
        for name, text in zip(names, corrected.texts.values(), strict=True)
    }
    for name, text in zip(names, corrected.texts.values(), strict=True):
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            path, _, fragment = target.partition("#")
            if path in ("", *anchors):
                assert not fragment or fragment in anchors[path or name], (name, target)
            elif path != "sit_dynamodb_schemas_assessment.json":
                assert path.startswith("../"), (name, target)
                assert (corrected.pair.project / Path(path).relative_to("..")).exists(), (name, target)


PAGE = ROOT / "docs" / "correction-notice.md"


@pytest.mark.parametrize(
    ("key", "heading"), [("notice", "## Previously Identified Blockers"), ("index", "## Document History")]
)
def test_the_page_about_it_shows_what_it_shows(key: str, heading: str, corrected: Corrected) -> None:
    shown = PAGE.read_text().split(f"<!-- of the {key} -->\n")[1].split("\n\n")[0].strip()
    told = section(corrected.texts[key], heading).strip().split("\n\n")[0]
    assert shown == re.sub(r"`[0-9a-f]{12}`", "`0123456789ab`", told)


def test_the_same_pair_gives_the_same_bytes(corrected: Corrected) -> None:
    again = render_documents(corrected.pair.after, surroundings=corrected.pair.surroundings)
    assert [one.text for one in again] == list(corrected.texts.values())


def test_a_run_that_confirms_has_no_notice(corrected: Corrected) -> None:
    now = snapshot_of(to_data(corrected.pair.after))
    changes = compare(now, replace(now, as_of=datetime(2026, 1, 8).isoformat()))
    around = Surroundings((run_of(now, corrected.pair.changes), *corrected.pair.surroundings.earlier), changes)
    documents = render_documents(corrected.pair.after, surroundings=around)
    assert [one.path for one in documents] == [kind.file_name(corrected.pair.after) for kind in DOCUMENTS]
    assert not [one.path for one in documents if "CORRECTED_STATUS" in one.text]
    history = [row[3:] for row in rows(documents[-1].text.split("\n## Document History\n")[1])]
    assert [row[:2] for row in history] == [
        ["95/100", "**current**"],
        ["95/100", "superseded"],
        ["0/100", "superseded"],
    ]
    assert history[0][2] == "nothing but the moment of assessment"
    assert history[1][2].startswith("correction: BLOCKED → READY")


def test_earlier_notices_are_kept_in_one_line_each(corrected: Corrected) -> None:
    first = run_of(corrected.pair.changes.after, corrected.pair.changes)
    plain = replace(first, as_of="2026-01-06T10:00:00", change="changed: 1 document")
    around = replace(corrected.pair.surroundings, earlier=(plain, first, *corrected.pair.surroundings.earlier))
    told = section(notice_of(corrected.pair.after, around), "## History")
    assert [line for line in told.split("\n") if line.startswith("- ")][:1] == [
        f"- Wed 2026-01-07 17:15: {READY}, 95/100 - BLOCKED → READY; authority plan, terraform → terraform; "
        "6 decisions recorded (D1, D2, D3, D4, D5, D6); changed: 1 decision log and 1 configuration file"
    ]
    assert "Tue 2026-01-06" not in told


def test_an_expired_decision_is_told_as_reinstated(corrected: Corrected) -> None:
    later = under_terraform(corrected.pair.project, as_of=datetime(2026, 4, 1))
    changes = compare(corrected.pair.changes.after, snapshot_of(to_data(later)))
    assert changes.corrects
    told = section(notice_of(later, around(changes)), "### Reinstated")
    assert re.search(r"No backup vault.* \| D3 has expired \(until 2026-03-31\) \| \[", told)
    gone = section(notice_of(later, around(changes)), "### What no longer holds")
    assert "- `D3` (accepted-risk, until Tue 2026-03-31) by DBA on Wed 2026-01-07 was in force - now expired" in gone


def test_a_refused_decision_is_printed_with_what_contradicts_it(corrected: Corrected) -> None:
    path = corrected.pair.project / LOG
    log = path.read_text()
    said = "recovery is on for all three tables; AWS Backup is added later"
    assert said in log
    try:
        path.write_text(log.replace(said, "recovery keeps 14 days"))
        now = under_terraform(corrected.pair.project)
    finally:
        path.write_text(log)
    changes = compare(corrected.pair.changes.before, snapshot_of(to_data(now)))
    told = section(notice_of(now, around(changes)), "### Decisions that were refused")
    assert "`D3` (accepted-risk, until Tue 2026-03-31) by DBA on Wed 2026-01-07" in told
    assert "reason given: recovery keeps 14 days - refused: " in told
    assert "35 days" in told
    assert "main.tf:" in told


def notice_of(assessment: Assessment, surroundings: Surroundings) -> str:
    name = NOTICE.file_name(assessment)
    return next(one.text for one in render_documents(assessment, surroundings=surroundings) if one.path == name)


@cache
def snapshot(state: str) -> Snapshot:
    """A sample as it is read back, with the ledger that its issues and decisions make."""
    data = to_data(sample.STATES[state]())
    ledger = [{"key": one["rule"], "label": one["title"], "severity": one["severity"]} for one in data["issues"]]
    ledger += [{"key": f"decision:{one['key']}", "label": "", "severity": "decision"} for one in data["decisions"]]
    weights = {"critical": 60, "high": 10, "medium": 5, "low": 2.5, "decision": 5}
    data["score"]["ledger"] = [{**line, "points": weights[line["severity"]]} for line in ledger]
    data["score"]["value"] = max(0, 100 - sum(weights[line["severity"]] for line in ledger))
    return snapshot_of(data)


PAIRS = [(before, after) for before in sample.STATES for after in sample.STATES if before != after]


@each(("before", "after"), PAIRS)
def test_any_two_verdicts_make_a_notice_that_reads(before: str, after: str) -> None:
    changes = compare(snapshot(before), snapshot(after))
    assessment = sample.STATES[after]()
    assert changes.corrects is (snapshot(before).verdict != snapshot(after).verdict)
    if not changes.corrects:
        return
    text = notice_of(assessment, around(changes))
    deploys = snapshot(after).verdict in ("READY", "CONDITIONAL")
    wanted = [one for one in SECTIONS if deploys or one != "Deployment Instructions"]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == wanted
    assert f"**Previous Status**: {words(snapshot(before))}" in text
    assert f"**Status**: **{words(snapshot(after))}**" in text
    _, *lines, _ = rows(section(text, "### Score, line by line"))
    assert sum(Decimal(row[-1]) for row in lines) == changes.after.score - changes.before.score
    assert "None" not in re.sub(r"None\.|None named", "", text)


def words(one: Snapshot) -> str:
    return next(text for verdict, text in wording.VERDICTS.items() if verdict.value == one.verdict)


def test_what_comes_first_stands_before_the_steps_while_something_is_open() -> None:
    text = notice_of(sample.undecided(), around(compare(snapshot("blocked"), snapshot("conditional"))))
    told = section(text, "## Deployment Instructions")
    assert told.index("- first: ⚖️ DECISION: Which tables?") < told.index("1. Open the repository")


def test_a_fault_that_was_mended_is_called_fixed() -> None:
    changes = compare(snapshot("blocked"), snapshot("ready"))
    mended = tuple(replace(one, causes=(Cause.CODE,), why="main.tf changed", decisions=()) for one in changes.issues)
    text = notice_of(sample.ready(), around(replace(changes, issues=mended)))
    assert [row[2] for row in rows(section(text, "## Previously Identified Blockers"))] == ["fixed", "fixed"]
    assert "**Why fixed**" in text


def test_who_corrected_may_be_configured() -> None:
    assessment = sample.ready()
    assessment = replace(assessment, config=replace(assessment.config, corrected_by="Platform team"))
    text = notice_of(assessment, around(compare(snapshot("blocked"), snapshot("ready"))))
    assert "- **Corrected By**: Platform team" in text
    assert "readiness 1.0.0, no decision was recorded" in notice_of(
        sample.ready(), around(compare(snapshot("blocked"), snapshot("ready")))
    )


def test_a_file_that_changed_since_is_cited_without_a_link() -> None:
    before = snapshot("blocked")
    edited = replace(before, inputs=tuple(replace(one, sha256="0" * 64) for one in before.inputs))
    changes = compare(edited, snapshot("ready"))
    text = notice_of(sample.ready(), around(changes))
    assert "on the strength of `promotions/07_parcels_promotion.md:20`" in text
    same = notice_of(sample.ready(), around(compare(before, snapshot("ready"))))
    assert "on the strength of [`07_parcels_promotion.md:20`](" in same


def test_long_lists_are_counted() -> None:
    changes = compare(snapshot("blocked"), snapshot("ready"))
    entry = DecidedState("D1", "by-design", "refused", ("DBA",), "2026-01-07", "", "why", "no", (), (), "log:1")
    many = tuple(DecidedChange(None, replace(entry, id=f"D{number}")) for number in range(60))
    after = replace(changes.after, decided=tuple(one.after for one in many if one.after))
    files = tuple(InputChange(None, InputState(f"f{n}.tf", "terraform", "0" * 64), Cause.CODE) for n in range(60))
    text = notice_of(sample.ready(), around(replace(changes, after=after, decided=many, inputs=files)))
    assert "60 recorded: `D0`, `D1`, `D2`, `D3`, `D4`, `D5` and 54 more" in text
    for heading in ("### What changed between the two runs", "### Decisions recorded since"):
        assert len(rows(section(text, heading))) == 50
        assert section(text, heading).rstrip().endswith("\n\nand 10 more")
    assert section(text, "### Decisions that were refused").count("\n- ") == 51
    assert "60 decisions were recorded and 60 code files changed." in text


def settled_by(snapshot: Snapshot, rule: str, key: str) -> Snapshot:
    findings = tuple(
        replace(one, settled_by=key) if one.rule == rule and one.failed else one for one in snapshot.findings
    )
    return replace(snapshot, findings=findings)


def without(snapshot: Snapshot, key: str) -> Snapshot:
    return replace(
        snapshot,
        issues=tuple(one for one in snapshot.issues if one.key != key),
        ledger=tuple(one for one in snapshot.ledger if one.key != key),
    )


def at_priority(snapshot: Snapshot, key: str, severity: str) -> Snapshot:
    issues = tuple(replace(one, severity=severity) if one.key == key else one for one in snapshot.issues)
    return replace(snapshot, issues=issues)


DUE: dict[str, tuple[Callable[[Snapshot], Snapshot], bool]] = {
    "nothing": (lambda one: one, False),
    "another moment": (lambda one: replace(one, as_of="2026-02-01T00:00:00"), False),
    "another verdict": (lambda one: replace(one, verdict="CONDITIONAL"), True),
    "a critical issue is gone": (lambda one: without(one, "TBL001"), True),
    "a critical issue is high": (lambda one: at_priority(one, "TBL001", "high"), True),
    "a critical issue is low": (lambda one: at_priority(one, "TBL001", "low"), True),
    "a critical finding is settled, its issue stands": (lambda one: settled_by(one, "TBL001", "D1"), True),
    "a medium issue is gone": (lambda one: without(one, "PLN001"), False),
    "a medium finding is settled": (lambda one: settled_by(one, "PLN001", "D1"), False),
}


@each("what", DUE)
def test_when_a_notice_is_due(what: str) -> None:
    change, due = DUE[what]
    before = snapshot("blocked")
    assert compare(before, change(before)).corrects is due


def test_a_notice_is_due_when_a_settled_fault_is_back() -> None:
    now = snapshot("blocked")
    before = settled_by(without(now, "TBL001"), "TBL001", "D1")
    assert compare(before, now).corrects


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "[x](http://evil.example)",
    "a | b |\n| c",
    "--><script>alert(1)</script>",
    "\x1b[31m\u202e",
    "@org/team #1 `x",
    "# heading\n\n- [x] done <!-- task:x -->",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_the_earlier_assessment_stays_text(text: str, corrected: Corrected) -> None:
    changes = hostile(corrected.pair.changes, text)
    surroundings = Surroundings(
        earlier=(run_of(changes.before, None), replace(run_of(changes.before, None), change=f"correction: {text}")),
        changes=changes,
    )
    for key, document in zip(
        corrected.texts, render_documents(corrected.pair.after, surroundings=surroundings), strict=True
    ):
        if key not in ("notice", "index"):
            continue
        seen = Seen(document.text)
        assert set(seen.tags) <= set(Seen(corrected.texts[key]).tags), key
        assert not [value for name, value in seen.attributes if name == "href" and value and value.startswith("http")]
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", document.text)
        assert "task:x" not in "".join(seen.comments)
        if key == "notice":
            assert re.findall(r"^## (.+)$", document.text, re.MULTILINE) == SECTIONS


def hostile(changes: Changes, text: str) -> Changes:
    """The same changes with every free text of the earlier run replaced."""

    def issue(one: object) -> object:
        return replace(one, title=text, at=f"{text}:1", severity=one.severity) if one else None  # type: ignore[type-var, attr-defined]

    def decided(one: object) -> object:
        return replace(
            one, id=text, kind=text, by=(text,), on=text, until=text, reason=text, note=text, at=text, state="refused"
        )  # type: ignore[type-var]

    before = replace(
        changes.before,
        as_of=text,
        commit=text,
        verdict=text,
        reason=text,
        tool_version=text,
        issues=tuple(map(issue, changes.before.issues)),  # type: ignore[arg-type]
    )
    after = replace(changes.after, decided=tuple(map(decided, changes.after.decided)))  # type: ignore[arg-type]
    return replace(
        changes,
        before=before,
        after=after,
        issues=tuple(
            replace(one, before=issue(one.before), why=text, key=text, decisions=tuple(map(decided, one.decisions)))  # type: ignore[arg-type]
            for one in changes.issues
        ),
        inputs=tuple(
            replace(one, before=replace(one.after, path=text, sha256=text) if one.after else None)
            for one in changes.inputs
        ),
        authority=tuple(replace(one, facet=text, before=(text,)) for one in changes.authority),
        decided=tuple(replace(one, before=None, after=decided(one.after)) for one in changes.decided),  # type: ignore[arg-type]
        tool=(text, text),
    )
