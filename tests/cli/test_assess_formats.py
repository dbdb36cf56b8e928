"""Several forms of one run: where each goes, what a loss costs, and what a step of GitHub Actions is told."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bbws_readiness.cli.step import OUTPUTS
from bbws_readiness.github.summary import MAX_BYTES
from tests.cli.test_assess import assert_one_complaint, run
from tests.example import commit_all, copy_example
from tests.render.encode.github import commands_in
from tests.test_formats_agree import outputs_of

AS_OF = ("--as-of", "2026-01-07")
FORMS = ("json", "sarif", "junit", "markdown")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For runs that write no documents."""
    return copy_example(tmp_path_factory.mktemp("example"))


def assess(project: Path, cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run("assess", "sit", project, *AS_OF, *arguments, cwd=cwd, **environment)


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# Where the forms go


def test_no_form_takes_the_place_of_a_document(project: Path, tmp_path: Path) -> None:
    """The next run would refuse to write over a document that no run is known to have written."""
    twin = tmp_path / "sit_dynamodb_schemas_assessment.json"
    result = assess(project, tmp_path, "--output-dir", ".", "-f", f"json={twin}")
    assert_one_complaint(result, 2, f'"{twin.name}" is among the documents')
    assert files_in(tmp_path) == set()
    # Where no documents are written it is a name like any other.
    assert assess(project, tmp_path, "-f", f"json={twin}").returncode == 1
    assert files_in(tmp_path) == {twin.name}


def test_the_form_without_a_file_is_printed_or_goes_to_the_output(project: Path, tmp_path: Path) -> None:
    printed = assess(project, tmp_path, "-f", "json=a.json", "-f", "junit")
    written = assess(project, tmp_path, "-f", "json=b.json", "-f", "junit", "-o", "b.xml")
    assert (printed.returncode, written.returncode, written.stdout) == (1, 1, "")
    assert (tmp_path / "b.xml").read_text() == printed.stdout
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert not (project / "deployments").exists()


def test_the_settled_ones_are_told_when_asked_for(tmp_path: Path) -> None:
    copy = copy_example(tmp_path, readings=True)
    reading = ("--config", str(copy / "readings" / "terraform_is_authority.yaml"))
    plain, whole = (
        json.loads(assess(copy, tmp_path, *reading, "-f", "sarif", *more).stdout)["runs"][0]["results"]
        for more in ((), ("--show-settled",))
    )
    assert not any("suppressions" in one for one in plain)
    loose = [one["partialFingerprints"] for one in whole if "suppressions" not in one]
    assert loose == [one["partialFingerprints"] for one in plain]
    assert len(whole) > len(loose)


@pytest.mark.parametrize(
    ("forms", "words"),
    [
        (("-f", "xml"), ("-f", '"xml" is none of text, json, sarif, junit, markdown, github')),
        (("-f", "json", "-f", "sarif"), ("json and sarif would both be printed",)),
        (("-f", "json=a", "-f", "sarif=./a"), ("two formats would be written to one file",)),
        (("-f", "json=a", "-f", "sarif", "-o", "a"), ("two formats would be written to one file",)),
        (("-f", "json=a", "-o", "b"), ("--output is for no format",)),
        (("-f", "json=folder", "-f", "sarif=a"), ("E603: folder: not a regular file",)),
        (("-f", "json=/", "-f", "sarif=a"), ("E603: /: not a regular file",)),
        (("-f", "json=..", "-f", "sarif=a"), ("E603: ..: not a regular file",)),
        (("-f", "json=link", "-f", "sarif=a"), ("E603: link: not a regular file",)),
        (("-f", "json=pipe", "-f", "sarif=a"), ("E603: pipe: not a regular file",)),
        (("-f", "sarif=a", "-f", "json=nowhere/b"), ("E602: nowhere: the output directory does not exist",)),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is_assessed(
    project: Path, tmp_path: Path, forms: tuple[str, ...], words: tuple[str, ...]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    os.mkfifo(tmp_path / "pipe")
    result = assess(project, tmp_path, *forms)
    assert_one_complaint(result, 2, *words)
    assert (result.stdout, result.stderr.count("\n")) == ("", 1)
    assert files_in(tmp_path) == {"folder", "link", "pipe"}


@pytest.mark.parametrize(("threshold", "code"), [("decision", 1), ("never", 5)])
def test_one_that_is_lost_keeps_no_other_from_being_written(
    project: Path, tmp_path: Path, threshold: str, code: int
) -> None:
    outputs = tmp_path / "outputs"
    outputs.touch()
    lost = "x" * 256  # no file system takes such a name, which is found out when it is written
    forms = [word for form in FORMS for word in ("-f", f"{form}={lost if form == 'sarif' else form}")]
    result = assess(project, tmp_path, *forms, "-f", "github", "--fail-on", threshold, GITHUB_OUTPUT=str(outputs))
    assert result.returncode == code
    complaints = [line for line in result.stderr.splitlines() if "error" in line]
    assert [line.startswith("readiness: error E601") for line in complaints] == [True]
    assert files_in(tmp_path) == {"json", "junit", "markdown", "outputs"}
    told = outputs_of(outputs.read_text())
    assert (told["json-file"], told["sarif-file"], told["report-dir"]) == ("json", "", "")


@pytest.mark.parametrize(("redirection", "threshold", "code"), [(">&-", "never", 5), (">/dev/full", "decision", 1)])
def test_files_are_written_though_nothing_can_be_printed(
    project: Path, tmp_path: Path, redirection: str, threshold: str, code: int
) -> None:
    command = (
        f'exec "$0" -P -m bbws_readiness assess sit "$1" -f json=a.json -f junit --fail-on {threshold} {redirection}'
    )
    line = ["sh", "-c", command, sys.executable, str(project)]
    result = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)
    assert_one_complaint(result, code, "E604: standard output")
    assert json.loads((tmp_path / "a.json").read_text())["verdict"] == "BLOCKED"


# What a step is told


def test_annotations_stand_beside_text_and_in_no_other_form(tmp_path: Path) -> None:
    """A title that is a command to the runner is one in no form; what the annotations' encoder writes is."""
    title = "title: '::error::x ##[group]y'"
    copy = copy_example(tmp_path, {"readiness.yaml": ("title: DynamoDB Schemas", title)})
    result = assess(copy, tmp_path, "-f", "text", "-f", "github")
    start = result.stdout.index("\n::") + 1
    assert not commands_in(result.stdout[:start])
    found = commands_in(result.stdout[start:])
    assert Counter(level for level, _, _ in found).most_common(1)[0][1] <= 10
    assert len(found) == len(result.stdout[start:].splitlines())
    assert found[-1][1]["title"].startswith("BLOCKED: ::error::x ## [group]y to SIT")
    assert not commands_in(assess(copy, tmp_path, "-f", "markdown").stdout)


SUMMARIES = {
    "unset": (None, "readiness: GITHUB_STEP_SUMMARY is not set, so there is no step summary"),
    "missing": ("nowhere", "readiness: error E601: GITHUB_STEP_SUMMARY: no such file or directory"),
    "a folder": ("folder", "readiness: error E601: GITHUB_STEP_SUMMARY: is a directory"),
    "a link": ("link", "readiness: error E601: GITHUB_STEP_SUMMARY: too many levels of symbolic links"),
    "full": ("full", "readiness: error E601: GITHUB_STEP_SUMMARY: no room is left in it"),
}


@pytest.mark.parametrize("case", SUMMARIES)
def test_a_summary_that_cannot_be_written_changes_no_verdict(project: Path, tmp_path: Path, case: str) -> None:
    name, words = SUMMARIES[case]
    (tmp_path / "folder").mkdir()
    (tmp_path / "victim").touch()
    (tmp_path / "link").symlink_to("victim")
    (tmp_path / "full").write_bytes(b"x" * (MAX_BYTES - 10))
    named = {"GITHUB_STEP_SUMMARY": str(tmp_path / name) if name else ""}
    result = assess(project, tmp_path, "-f", "github=a", "--fail-on", "never", **named)
    assert result.returncode == 0
    assert result.stderr.startswith(words)
    assert result.stderr.count("\n") == 1
    assert (tmp_path / "victim").read_bytes() == b""
    assert (tmp_path / "full").stat().st_size == MAX_BYTES - 10


def test_a_summary_fits_beside_what_is_there(project: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary"
    summary.write_bytes(b"x" * (MAX_BYTES - 3000))
    result = assess(project, tmp_path, "-f", "github=a", GITHUB_STEP_SUMMARY=str(summary))
    assert (result.returncode, result.stderr) == (1, "")
    text = summary.read_bytes()
    assert len(text) <= MAX_BYTES
    assert b"| Overall Readiness |" in text
    assert text.endswith(b"left out here for its length.\n")


@pytest.mark.parametrize(("threshold", "code"), [("decision", 1), ("never", 5)])
def test_outputs_that_cannot_be_set_are_a_loss(project: Path, tmp_path: Path, threshold: str, code: int) -> None:
    """A later step would go by what is not there."""
    (tmp_path / "victim").touch()
    (tmp_path / "link").symlink_to("victim")
    summary = tmp_path / "summary"
    summary.touch()
    named = {"GITHUB_OUTPUT": str(tmp_path / "link"), "GITHUB_STEP_SUMMARY": str(summary)}
    result = assess(project, tmp_path, "-f", "github=a", "--fail-on", threshold, **named)
    assert_one_complaint(result, code, "E601: GITHUB_OUTPUT: ")
    assert (tmp_path / "victim").read_bytes() == b""
    assert summary.read_text().startswith("# SIT Deployment Summary")


def test_a_path_adds_no_output(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a\nverdict=READY\nx<<END\u2028\r"
    folder.mkdir()
    outputs = tmp_path / "outputs"
    outputs.write_text("earlier=1")
    summary = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    (tmp_path / "summary").touch()
    forms = ("-f", f"json={folder}/b.json", "-f", "github=c", "--output-dir", f"{folder}/set")
    assess(project, tmp_path, *forms, GITHUB_OUTPUT=str(outputs), **summary)
    lines = outputs.read_text().splitlines()
    assert [line.partition("=")[0] for line in lines] == ["earlier", *OUTPUTS]
    assert "verdict=BLOCKED" in lines
    assert next(line for line in lines if line.startswith("json-file=")).endswith("/b.json")


def test_new_findings_are_those_that_the_baseline_does_not_have(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    assert assess(copy, tmp_path, "-f", "json=main.json").returncode == 1
    before = len(json.loads((tmp_path / "main.json").read_text())["findings"])
    main = copy / "terraform" / "dynamodb" / "main.tf"
    main.write_text(main.read_text().replace('= "tenants"', '= "renters"', 1))
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    outputs.touch()
    summary.touch()
    named = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
    assess(copy, tmp_path, "-f", "github", "--baseline", "main.json", **named)
    assert 0 < int(outputs_of(outputs.read_text())["new-findings"]) < before


# Where the files stand


def test_paths_are_those_of_the_repository(tmp_path: Path) -> None:
    """Also those of a plan beside the project; what lies outside of the repository is named by its words alone."""
    repository = tmp_path / "repository"
    copy = copy_example(repository / "services")
    shutil.move(copy / "promotions", repository / "plans")
    commit_all(repository)
    plan = repository / "plans" / "04_dynamodb_schemas_promotion.md"
    outside = shutil.copy(plan, tmp_path / "plan.md")
    for named, expected in ((plan, "plans/04_dynamodb_schemas_promotion.md"), (outside, None)):
        forms = ("-f", "sarif=a.sarif", "-f", "junit=a.xml", "-f", "github", "--promotion-plan", str(named))
        result = assess(copy, tmp_path, *forms)
        (log,) = json.loads((tmp_path / "a.sarif").read_text())["runs"]
        uris = {
            place["physicalLocation"]["artifactLocation"]["uri"]
            for one in log["results"]
            for place in [*one["locations"], *one.get("relatedLocations", [])]
        }
        report = ElementTree.parse(tmp_path / "a.xml")
        cited = {properties.get("file", "") for _, properties, _ in commands_in(result.stdout)}
        cited |= {case.attrib.get("file", "") for case in report.iter("testcase")} | uris
        elsewhere = {path for path in cited if path and not path.startswith("services/2_1_bbws_dynamodb_schemas")}
        assert elsewhere == ({expected} if expected else set())
        assert "orders: named by plan (" in result.stdout
        missing = next(one for one in log["results"] if one["ruleId"] == "TBL001")["message"]["text"]
        assert expected or "(../../../plan.md:90)" in missing
