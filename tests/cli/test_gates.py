"""Baseline and gates as a pipeline meets them: what is printed, written and returned, and what no baseline may be."""

import json
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from bbws_readiness.compare.document import MAX_BYTES
from tests.checkouts import commit, git, needs_git, write
from tests.cli.test_assess import assert_one_complaint, run
from tests.example import EXAMPLE, READINGS, ROOT, copy_example

PAGE = ROOT / "docs" / "gate.md"
SHOWN = re.compile(r"```text\n\$ readiness (?P<command>assess [^\n]*)\n(?P<output>.*?)```", re.DOTALL)
AS_OF = ("--as-of", "2026-01-07")
SCHEMA = json.loads((ROOT / "bbws_readiness" / "render" / "assessment.schema.json").read_text("utf-8"))
TERRAFORM = 'terraform {\n  required_version = ">= 1.0"\n}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example, and with `a.json` and `b.json`, its assessments under two readings."""
    folder = tmp_path_factory.mktemp("gates")
    copy_example(folder).rename(folder / "project")
    for reading in ("a", "b"):
        target = folder / f"{reading}.json"
        run("assess", "sit", EXAMPLE, "-f", "json", "-o", target, "--config", READINGS[reading], *AS_OF)
    return folder


def assess(folder: Path, *options: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return run("assess", "sit", "project", *AS_OF, *options, cwd=folder, **environment)


def test_what_is_new_is_told_everywhere(folder: Path) -> None:
    options = (
        "--baseline",
        "a.json",
        "--fail-on-new",
        "-f",
        "text",
        "-f",
        "json=new.json",
        "-f",
        "sarif=new.sarif",
        "-f",
        "github=new.txt",
        "-f",
        "markdown=new.md",
    )
    result = assess(folder, *options)
    data = json.loads((folder / "new.json").read_text("utf-8"))
    jsonschema.validate(data, SCHEMA)
    told = data["baseline"]
    counts, issues = told["counts"], {one["key"]: one for one in told["issues"]}
    assert list(issues) == [line["key"] for line in data["score"]["ledger"]]
    assert counts["new"] + counts["grown"] + counts["known"] == len(issues)
    assert (counts["resolved"], told["file"]) == (len(told["resolved"]), "a.json")

    lines = result.stdout.splitlines()
    parts = [f"{number} {word}" for word, number in counts.items() if number or word != "grown"]
    assert f"{', '.join(parts)} since a.json." in lines
    assert f"{', '.join(parts)} since a.json." in (folder / "new.txt").read_text("utf-8").splitlines()[-1]
    assert f"{', '.join(parts)} since a.json |" in (folder / "new.md").read_text("utf-8")
    marks = {key: one["since"].upper() for key, one in issues.items() if one["since"] != "known"}
    assert marks
    for key, mark in marks.items():
        assert any(line.startswith(f"  {key}  {mark}  ") for line in lines) or key.startswith("decision:")
    assert len([line for line in lines if "  NEW  " in line or "  GROWN  " in line]) == len(marks)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("readiness: exit 1: not in the baseline: ")

    new = {one for issue in issues.values() for one in issue["new_findings"]}
    results = json.loads((folder / "new.sarif").read_text("utf-8"))["runs"][0]["results"]
    states = {one["partialFingerprints"]["readinessFinding/v1"]: one["baselineState"] for one in results}
    assert new == {mark for mark, state in states.items() if state == "new"}
    assert set(states.values()) <= {"new", "unchanged"}


def test_a_run_against_itself_has_nothing_new(folder: Path) -> None:
    result = assess(folder, "--baseline", folder / "b.json", "--fail-on-new", "--fail-on", "low", "-q")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("; 0 new, 13 known, 0 resolved since b.json\n")


def test_the_page_shows_what_is_printed(folder: Path) -> None:
    blocks = SHOWN.findall(PAGE.read_text("utf-8"))
    assert len(blocks) == 2
    for command, text in blocks:
        result = run(*shlex.split(command), cwd=folder)
        head, cut, tail = text.partition("…\n")
        assert (result.stdout + result.stderr).startswith(head)
        assert (result.stdout + result.stderr).endswith(tail)
        assert cut or text == result.stdout + result.stderr


def test_the_set_on_disk_knows_no_baseline(folder: Path) -> None:
    def written(*options: object) -> Mapping[str, bytes]:
        assess(folder, "--output-dir", folder / "set", "-f", "json", *options)
        return {path.name: path.read_bytes() for path in (folder / "set").iterdir()}

    assert written() == written("--baseline", "a.json")


def test_minima(folder: Path) -> None:
    result = assess(folder, "-q", "--fail-on", "never", READINESS_MIN_SCORE="80", READINESS_MIN_COVERAGE="81.4")
    assert (result.returncode, result.stderr) == (
        1,
        "readiness: exit 1: score 0 is below 80 (READINESS_MIN_SCORE)\n",
    )
    again = assess(folder, "-q", "--fail-on", "never", "--min-score", "0", READINESS_MIN_SCORE="80")
    assert (again.returncode, again.stderr) == (0, "")


def test_a_variable_that_is_misspelt_is_told(folder: Path) -> None:
    result = assess(folder, "-q", "--fail-on", "never", READINESS_MIN_SCOR="80", READINESS_PROBE_PORT="1")
    assert result.returncode == 0
    assert result.stderr == "readiness: READINESS_MIN_SCOR means nothing here; did you mean READINESS_MIN_SCORE?\n"


def test_only_an_earlier_assessment_of_the_same_is_a_baseline(folder: Path, tmp_path: Path) -> None:
    good = json.loads((folder / "b.json").read_text("utf-8"))
    bad = {
        "missing": None,
        "text": "no JSON",
        "list": "[]",
        "format": json.dumps({**good, "format": "bbws-readiness-assessment/9"}),
        "lacks": json.dumps({key: value for key, value in good.items() if key != "score"}),
        "score": json.dumps({**good, "score": {**good["score"], "value": 99}}),
        "deep": "[" * 99 + "]" * 99,
        "project": json.dumps({**good, "project": {**good["project"], "slug": "other"}}),
        "environment": json.dumps({**good, "environment": {**good["environment"], "name": "prod"}}),
    }
    for name, text in bad.items():
        if text is not None:
            (tmp_path / name).write_text(text)
    (tmp_path / "link").symlink_to(folder / "b.json")
    with (tmp_path / "huge").open("w") as huge:
        huge.truncate(MAX_BYTES + 1)
    for name in (*bad, "link", "huge"):
        result = run("assess", "sit", folder / "project", *AS_OF, "-f", "json", "--baseline", tmp_path / name)
        assert_one_complaint(result, 2)
        assert result.stderr.count("\n") == 1, result.stderr
        assert name in result.stderr
        assert result.stdout == ""


def test_a_broken_file_beside_a_known_blocker_passes_no_gate(folder: Path, tmp_path: Path) -> None:
    """What the file held could be new."""
    project = copy_example(tmp_path)
    workflow = ".github/workflows/deploy-sit.yml"
    (project / workflow).write_bytes(b"\xff")
    for gate in (("--fail-on-new", "--baseline", folder / "b.json"), ("--fail-on", "never")):
        result = run("assess", "sit", project, *AS_OF, "-f", "json", *gate)
        assert json.loads(result.stdout)["verdict"] == "BLOCKED"
        assert result.returncode == 4
        line = result.stderr.splitlines()[-1]
        assert line.startswith("readiness: exit 4: ")
        assert line.endswith(f"({workflow}:1); what could not be assessed passes no gate ({gate[0]})")


def test_what_is_new_needs_something_to_compare_with(folder: Path) -> None:
    assert_one_complaint(assess(folder, "--fail-on-new"), 2, "--fail-on-new needs a baseline", "gate.baseline")
    result = assess(folder, READINESS_FAIL_ON_NEW="true")
    assert_one_complaint(result, 2, "READINESS_FAIL_ON_NEW needs a baseline")


@needs_git
def test_the_gate_and_the_baseline_are_those_of_the_base(tmp_path: Path) -> None:
    """A change can neither lower the gate nor put what it adds into the baseline."""
    root = tmp_path / "parcels"
    gate = "gate: {fail-on: low, fail-on-new: true, baseline: 'readiness/{environment}.json'}\n"
    commit(root, {"main.tf": TERRAFORM, "environments/sit.tfvars": "", "readiness.yaml": gate})
    first = run("assess", "sit", root, *AS_OF, "-f", "json")
    assert (first.returncode, "no baseline of sit yet" in first.stderr) == (1, True)
    assert "(gate.fail-on-new, readiness.yaml:1)" in first.stderr
    commit(root, {"readiness/sit.json": first.stdout})
    assert run("assess", "sit", root, *AS_OF, "-q").returncode == 0

    git(root, "checkout", "--quiet", "-b", "change")
    write(root, {"variables.tf": 'variable "unset" {}\n', "readiness.yaml": "gate: {fail-on: never}\n"})
    changed = run("assess", "sit", root, *AS_OF, "-f", "json")
    assert changed.returncode in (0, 4)
    write(root, {"readiness/sit.json": changed.stdout})
    held = json.loads(run("assess", "sit", root, *AS_OF, "-f", "json", "--base", "main").stdout)
    assert held["baseline"]["file"] == "readiness/sit.json"
    assert held["baseline"]["counts"]["new"] + held["baseline"]["counts"]["grown"] > 0
    assert "gate.fail-on" in {one["key"] for one in held["policy"]["changes"]}


def test_a_configured_baseline_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "sit.tfvars": "", "readiness.yaml": "gate:\n  baseline: main.json\n"})
    assert_one_complaint(run("assess", "sit", tmp_path), 2, "readiness.yaml:2", 'gate.baseline: "main.json"')


def test_several_projects_have_their_own_gates(tmp_path: Path) -> None:
    for name, score in (("orders", 0), ("users", 100)):
        files = {"main.tf": TERRAFORM, "sit.tfvars": "", "readiness.yaml": f"gate: {{min-score: {score}}}\n"}
        write(tmp_path / name, files)
    several = ("assess", "sit", "orders", "users", "-f", "json", "--fail-on", "never")
    result = run(*several, cwd=tmp_path)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("readiness: users: exit 1: score ")
    assert line.endswith("is below 100 (gate.min-score, readiness.yaml:1)")
    (tmp_path / "users" / "readiness.yaml").write_text("gate: {baseline: main.json}\n")
    result = run(*several, cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("readiness: error users: E101: readiness.yaml:1:8: gate.baseline: ")
    assert [one["verdict"] for one in json.loads(result.stdout)["projects"]].count(None) == 1
    needs = run(*several, "--fail-on-new", cwd=tmp_path)
    assert_one_complaint(needs, 2, "--fail-on-new needs a baseline")
    assert needs.stdout == ""
    refused = run(*several, cwd=tmp_path, READINESS_BASELINE="orders/main.tf")
    assert_one_complaint(refused, 2, "READINESS_BASELINE is about one project")
