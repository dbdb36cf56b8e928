"""What comes of waivers: in the assessment, in every output, under a base, and in each language by the command."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.config.base import load_config_of_base
from bbws_readiness.engine.finding import Finding
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.machine import to_data
from bbws_readiness.render.terminal import terminal_text
from bbws_readiness.render.terminal_line import quiet_text
from bbws_readiness.waivers.waiver import MAX_REASON, MAX_WAIVERS
from tests.cases import each
from tests.checkouts import commit, needs_git, write
from tests.cli.test_assess import run
from tests.data import data

HERE = Path(__file__).parent
SHIPMENTS = HERE.parent / "rules" / "projects" / "shipments"
CASES = data(HERE / "cases" / "states.yaml")
SCHEMA = json.loads((HERE.parents[1] / "bbws_readiness" / "render" / "assessment.schema.json").read_text())
AS_OF = datetime(2026, 1, 7)
GOOD = 'readiness: ignore[DUR001] until=2026-03-31 by=dba reason="events are replayed"'
TABLE = """resource "aws_dynamodb_table" "parcels" {
  name         = "parcels-sit"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"

  attribute {
    name = "PK"
    type = "S"
  }
}
"""


def made(root: Path, comment: str = "", *, top: str = "") -> Path:
    """A project with a critical issue (STA001, of main.tf as a whole) and a high one (DUR001, of the table)."""
    head = f"{top}\n\n" if top else ""
    text = f'{head}terraform {{\n  required_version = "~> 1.6"\n}}\n\n{comment}\n{TABLE}'
    write(root, {"main.tf": text, "environments/sit.tfvars": "# No settings\n"})
    return root


def of(root: Path, when: datetime = AS_OF) -> Assessment:
    return assess_project(root, "sit", as_of=when)


def finding(assessment: Assessment, code: str) -> Finding:
    (found,) = (one for one in assessment.findings if one.rule.code == code)
    return found


def plain(text: str, role: str) -> str:
    return text


@each("case", CASES, ids=lambda case: case["name"])
def test_state(tmp_path: Path, case: dict[str, Any]) -> None:
    assessment = of(made(tmp_path, f"# readiness: {case['text']}"))
    told = to_data(assessment)["waivers"]
    assert {one["rule"]: one["state"] for one in told} == case["states"]
    assert case.get("note", "") in " ".join(one["note"] or "" for one in told)
    waived = case["states"].get("DUR001") == "in-force"
    assert [issue.rule.code for issue in assessment.issues].count("DUR001") == (not waived)
    assert finding(assessment, "DUR001").settled_by == ("waiver main.tf:5" if waived else "")
    warned = [one.code.name for one in assessment.diagnostics if one.code.name.startswith("WAIVER")]
    assert len(warned) == sum(state != "in-force" for state in case["states"].values())


def test_a_waived_finding_counts_nowhere(tmp_path: Path) -> None:
    before, after = of(made(tmp_path / "a")), of(made(tmp_path / "b", f"# {GOOD}"))
    assert after.score.value == before.score.value + 10
    assert "DUR001" in {code for action in before.actions for code in action.closes}
    assert "DUR001" not in {code for action in after.actions for code in action.closes}
    durability = {area.area: area for area in after.coverage.areas}["DUR"]
    assert durability.failed == 0


def test_a_waived_blocker_blocks_no_more(tmp_path: Path) -> None:
    top = "# readiness: ignore[STA001] until=2026-03-31 by=lead reason=trial"
    assert of(made(tmp_path / "a")).verdict is Verdict.BLOCKED
    waived = of(made(tmp_path / "b", top=top))
    assert "STA001" not in {issue.rule.code for issue in waived.issues}
    assert [issue.severity.value for issue in waived.issues].count("critical") == 1  # of the empty settings
    settled = f"{top.replace('STA001', 'ENV001')}\n"
    write(tmp_path / "b", {"environments/sit.tfvars": settled})
    assert of(tmp_path / "b").verdict is Verdict.CONDITIONAL


def test_an_expired_waiver_is_named_by_the_finding(tmp_path: Path) -> None:
    back = finding(of(made(tmp_path, f"# {GOOD}"), datetime(2026, 4, 1)), "DUR001")
    assert back.open
    (related,) = back.related
    assert str(related.at) == "main.tf:5"
    assert "2026-03-31" in related.text


def test_every_output_tells_of_them(tmp_path: Path) -> None:
    both = f"# {GOOD}\n# readiness: ignore[NAM001] until=2026-03-31 by=dba reason=why"
    assessment = of(made(tmp_path, both))
    jsonschema.validate(json.loads(json.dumps(to_data(assessment))), SCHEMA)
    counts = "1 finding waived, 1 waiver unused"
    assert counts in quiet_text(assessment, plain)
    short, long = terminal_text(assessment, plain), terminal_text(assessment, plain, verbose=True)
    assert f"WAIVERS ({counts})" in short
    assert "events are replayed" not in short
    assert "DUR001  parcels: until Tue 2026-03-31 by dba: events are replayed (main.tf:5)" in long
    documents = {one.path: one.text for one in render_documents(assessment, directory="..")}
    (brief,) = (text for path, text in documents.items() if path.endswith("_exec_brief.md"))
    (report,) = (text for path, text in documents.items() if path.endswith("_report.md"))
    assert f"- **Waivers**: {counts}" in brief
    assert "### Waivers" in report
    assert "events are replayed" in report


def test_without_waivers_nothing_is_told_of_them(tmp_path: Path) -> None:
    assessment = of(made(tmp_path / "parcels"))
    documents = "".join(one.text for one in render_documents(assessment, directory=".."))
    assert "aiver" not in documents + terminal_text(assessment, plain, verbose=True)
    assert to_data(assessment)["waivers"] == []


def test_texts_are_cut_and_inert(tmp_path: Path) -> None:
    reason = "\\x1b[31m ![x](http://evil.example) <script> ::error:: \u202e" + "a" * 1000
    comment = f'# readiness: ignore[DUR001] until=2026-03-31 by="|<b>" reason="{reason}"'.replace("\\x1b", "\x1b")
    assessment = of(made(tmp_path, comment))
    (waiver,) = assessment.waivers.listed
    assert waiver.findings
    assert len(waiver.reason) == MAX_REASON
    text = terminal_text(assessment, plain, verbose=True)
    report = next(one.text for one in render_documents(assessment, directory="..") if "report" in one.path)
    assert not {"\x1b", "\u202e"} & set(text + report)
    assert "<script>" not in report.replace("\\<", "")
    assert "](http://evil" not in report


def test_beyond_so_many_they_have_no_effect(tmp_path: Path) -> None:
    unused = "# readiness: ignore[NAM001] until=2026-03-31 by=dba reason=why\n" * MAX_WAIVERS
    assessment = of(made(tmp_path, f"{unused}# {GOOD}"))
    assert (len(assessment.waivers.listed), assessment.waivers.more) == (MAX_WAIVERS, 1)
    assert finding(assessment, "DUR001").open
    assert "and 1 more, which have no effect" in terminal_text(assessment, plain)


@needs_git
def test_under_a_base_only_its_own_waivers_count(tmp_path: Path) -> None:
    root = tmp_path / "x"
    commit(root, {})
    commit(made(root / "parcels", f"# {GOOD}").parent, {})
    held = assess_project(root / "parcels", "sit", as_of=AS_OF, config=load_config_of_base(root / "parcels", "main"))
    assert [one.state.value for one in held.waivers.listed] == ["in-force"]
    assert held.config.policy is not None
    assert held.config.policy.changes == ()

    top = "# readiness: ignore[STA001] until=2026-03-31 by=me reason=please"
    made(root / "parcels", f"# {GOOD.replace('2026-03-31', '2027-03-31')}", top=top)
    changed = assess_project(root / "parcels", "sit", as_of=AS_OF, config=load_config_of_base(root / "parcels", "main"))
    assert [one.state.value for one in changed.waivers.listed] == ["refused", "refused"]
    assert {"STA001", "DUR001"} <= {issue.rule.code for issue in changed.issues}
    assert changed.config.policy is not None
    shown = [f"{one.at} {one.key} {one.change}" for one in changed.config.policy.changes]
    assert shown == ["main.tf:1 ignore[STA001] added", "main.tf:7 ignore[DUR001] added"]
    jsonschema.validate(json.loads(json.dumps(to_data(changed))), SCHEMA)
    assert "touches readiness policy: 2 keys" in terminal_text(changed, plain).lower()


WORKFLOW = ".github/workflows/deploy-sit.yml"
ENCRYPT = ('" \\\n            -backend-config="encrypt=true"', '"')
INITIALISE = "      - name: Initialise\n        run: |\n"
IN_LANGUAGES = {
    "hcl": (
        "DUR001",
        "terraform/main.tf",
        [
            ("  point_in_time_recovery {\n    enabled = true\n  }\n", ""),
            ('resource "aws_dynamodb_table" "carriers"', '/* WAIVER */\nresource "aws_dynamodb_table" "carriers"'),
        ],
    ),
    "tfvars": ("ENV003,ENV004", "terraform/environments/sit.tfvars", [("\n", '\nnew = "x" # WAIVER\n')]),
    "yaml": ("STA001", WORKFLOW, [ENCRYPT, (INITIALISE, f"      # WAIVER\n{INITIALISE}")]),
    "shell": ("STA001", WORKFLOW, [ENCRYPT, (INITIALISE, f"{INITIALISE}          # WAIVER\n")]),
    "python": (
        "IDX001,VAL003",
        "scripts/validate_tables_sit.py",
        [('["ByCountry"]', '["ByCity"]'), ("EXPECTED_TABLES =", "# WAIVER\nEXPECTED_TABLES =")],
    ),
    "markdown": (
        "CNT001",
        "README.md",
        [("Together 3 Global", "<!-- WAIVER -->\nTogether 4 Global")],
    ),
}


@pytest.mark.parametrize("language", IN_LANGUAGES)
def test_in_each_language(tmp_path: Path, language: str) -> None:
    rules, file, edits = IN_LANGUAGES[language]
    project = tmp_path / "3_1_acme_shipments_schemas"
    shutil.copytree(SHIPMENTS, project)
    text = (project / file).read_text()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    comment = f'readiness: ignore[{rules}] until=2026-03-31 by=lead reason="agreed for SIT"'
    (project / file).write_text(text.replace("WAIVER", comment))
    result = run("assess", "sit", project, "--as-of", "2026-01-07", "-f", "json")
    assert (result.returncode, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["verdict"], told["issues"], told["decisions"]) == ("READY", [], [])
    # One in force settles something that fails: without it the project would not be READY, or not at 100.
    assert [(one["rule"], one["state"]) for one in told["waivers"]] == [(rule, "in-force") for rule in rules.split(",")]
    assert told["score"]["value"] == 100


def test_what_a_waived_finding_explained_stands_by_itself(tmp_path: Path) -> None:
    _, file, edits = IN_LANGUAGES["python"]
    project = tmp_path / "3_1_acme_shipments_schemas"
    shutil.copytree(SHIPMENTS, project)
    text = (project / file).read_text()
    for old, new in edits:
        text = text.replace(old, new, 1)
    (project / file).write_text(text.replace("WAIVER", GOOD.replace("DUR001", "IDX001")))
    assessment = of(project)
    assert finding_of(assessment, "VAL003").open
    assert [one.rule for one in assessment.waivers.listed] == ["IDX001"]


def finding_of(assessment: Assessment, code: str) -> Finding:
    return next(one for one in assessment.findings if one.rule.code == code and one.outcome == "fail")
