"""All forms of one run tell the same verdict, counts, score and coverage, each read back as its own readers do."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import jsonschema
import pytest

from bbws_readiness.render.documents import render_document
from bbws_readiness.render.formats.annotations import to_annotations
from bbws_readiness.render.formats.junit import to_junit
from bbws_readiness.render.formats.sarif import to_sarif
from bbws_readiness.render.machine import to_json
from bbws_readiness.render.terminal import terminal_text
from tests.example import READINGS, commit_all, copy_example, copy_many_faults
from tests.forked import forked
from tests.invariants.projects import assessed
from tests.render.encode.github import commands_in, rendered

SEVERITIES = ("critical", "high", "medium", "low")
SARIF_SCHEMA = Path(__file__).parent / "render" / "formats" / "sarif-2.1.0-rtm.5.json"
IN_REPOSITORY = "services/orders"


@dataclass(frozen=True)
class Figures:
    """What every form must tell alike."""

    verdict: str
    issues: tuple[int, ...]
    """By severity, most severe first."""
    decisions: int
    score: float
    coverage: tuple[int, int]


def of_json(text: str) -> Figures:
    data = json.loads(text)
    counted = Counter(issue["severity"] for issue in data["issues"])
    coverage = data["coverage"]["determined"], data["coverage"]["total"]
    issues = tuple(counted[severity] for severity in SEVERITIES)
    return Figures(data["verdict"], issues, len(data["decisions"]), float(data["score"]["value"]), coverage)


def of_sarif(text: str) -> Figures:
    log = json.loads(text)
    (run,) = log["runs"]
    told = run["properties"]["readiness"]
    coverage = told["coverage"]["determined"], told["coverage"]["total"]
    issues = tuple(told["issues"][severity] for severity in SEVERITIES)
    return Figures(told["verdict"], issues, told["decisions"], told["score"], coverage)


def of_junit(text: str) -> Figures:
    told = {
        tuple((one.attrib["name"], one.attrib["value"]) for one in suite.iter("property"))
        for suite in ElementTree.fromstring(text).iter("testsuite")
    }
    (alike,) = told
    values = dict(alike)
    determined, total = map(int, values["coverage"].split("/"))
    issues = tuple(int(values[f"issues.{severity}"]) for severity in SEVERITIES)
    return Figures(values["verdict"], issues, int(values["decisions"]), float(values["score"]), (determined, total))


COUNTS = re.compile(r"(\d+) critical, (\d+) high, (\d+) medium and (\d+) low issues; (no|\d+) open decisions?\.")
SCORE = re.compile(r"[Ss]core ([\d.]+)/100 \(coverage (\d+) of (\d+)")


def of_sentence(verdict: str, told: str) -> Figures:
    counts, score = COUNTS.search(told), SCORE.search(told)
    assert counts, told
    assert score, told
    decisions = 0 if counts[5] == "no" else int(counts[5])
    issues = tuple(int(counts[number]) for number in range(1, 5))
    return Figures(verdict, issues, decisions, float(score[1]), (int(score[2]), int(score[3])))


def of_annotations(text: str) -> Figures:
    level, properties, message = commands_in(text)[-1]
    assert level == "notice"
    return of_sentence(properties["title"].partition(":")[0], message)


def of_markdown(text: str) -> Figures:
    page = html5lib.parseFragment(rendered(text), namespaceHTMLElements=False)
    rows = ([" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.iter("tr"))
    verdict, told = next((status, details) for category, status, details in rows if category == "Overall Readiness")
    return of_sentence(verdict.split()[1], told)


HEADINGS = {**{severity.upper(): severity for severity in SEVERITIES}, "DECISIONS": "decisions"}


def of_text(text: str) -> Figures:
    found = {word: int(number) for word, number in re.findall(r"(?m)^\S+ ([A-Z]+) \((\d+)\)$", text)}
    score = SCORE.search(text)
    assert score, text
    issues = tuple(found.get(severity.upper(), 0) for severity in SEVERITIES)
    coverage = int(score[2]), int(score[3])
    return Figures(text.split()[1], issues, found.get("DECISIONS", 0), float(score[1]), coverage)


READERS: dict[str, Callable[[str], Figures]] = {
    "text": of_text,
    "json": of_json,
    "sarif": of_sarif,
    "junit": of_junit,
    "markdown": of_markdown,
    "github": of_annotations,
}


def assert_the_same_findings(texts: Mapping[str, str]) -> None:
    """Which ones are open, by fingerprint; how many, where a form has no fingerprints."""
    data = json.loads(texts["json"])
    known = {one["fingerprint"]: one for one in data["findings"]}
    failed = {
        key for key, one in known.items() if one["standing"] and not one["settled_by"] and not one["explained_by"]
    }
    (run,) = json.loads(texts["sarif"])["runs"]
    assert {one["partialFingerprints"]["readinessFinding/v1"] for one in run["results"]} == failed
    report = ElementTree.fromstring(texts["junit"])
    assert sum(1 for _ in report.iter("failure")) == len(run["results"]) == int(report.attrib["failures"])
    *shown, (_, _, last) = commands_in(texts["github"])
    more = re.search(r"(\d+) more findings? not shown", last)
    faults = sum(one["severity"] == "error" for one in data["diagnostics"])
    assert len(shown) + (int(more[1]) if more else 0) == len(run["results"]) + faults


def outputs_of(text: str) -> dict[str, str]:
    """As the runner reads the file of a step's outputs, of which ours are never of several lines."""
    assert "<<" not in text
    return dict(line.split("=", 1) for line in text.splitlines())


@pytest.mark.parametrize("project", [*READINGS, "many_faults"])
def test_one_run_writes_all_forms_and_they_agree(tmp_path: Path, project: str) -> None:
    repository = tmp_path / "repository"
    (repository / IN_REPOSITORY).mkdir(parents=True)
    if project == "many_faults":
        copied, options = copy_many_faults(repository / IN_REPOSITORY), []
    else:
        copied = copy_example(repository / IN_REPOSITORY, readings=True)
        options = ["--config", copied / READINGS[project].relative_to(READINGS["b"].parent)]
    commit_all(repository)
    for name in ("summary", "outputs"):
        (tmp_path / name).touch()
    files = {form: f"out.{form}" for form in READERS if form not in ("text", "github")}
    command = ["assess", "sit", copied.relative_to(tmp_path), *options, "--as-of", "2026-01-07", "--fail-on", "never"]
    forms = [word for form, file in files.items() for word in ("-f", f"{form}={file}")]
    runner = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "GITHUB_OUTPUT": str(tmp_path / "outputs")}
    environment = {**os.environ, "NO_COLOR": "1", "GITHUB_WORKSPACE": str(tmp_path), **runner}
    result = forked(*command, "-f", "text", "-f", "github", *forms, cwd=tmp_path, environment=environment)
    assert (result.returncode, result.stderr) == (0, "")

    start = result.stdout.index("\n::") + 1
    texts = {form: (tmp_path / file).read_text() for form, file in files.items()}
    texts |= {"text": result.stdout[:start], "github": result.stdout[start:]}
    figures = of_json(texts["json"])
    assert {form: read(texts[form]) for form, read in READERS.items()} == dict.fromkeys(READERS, figures)
    assert_the_same_findings(texts)
    summary = (tmp_path / "summary").read_text()
    assert of_markdown(summary) == figures
    assert "](" not in summary  # there is nothing on the page of a run that a link could lead to
    outputs = outputs_of((tmp_path / "outputs").read_text())
    reports = copied.relative_to(tmp_path) / "deployments"
    assert outputs == {
        "verdict": figures.verdict,
        "score": f"{figures.score:g}",
        "coverage": f"{figures.coverage[0]}/{figures.coverage[1]}",
        "blockers": str(figures.issues[0]),
        "new-findings": "",
        "json-file": "out.json",
        "sarif-file": "out.sarif",
        "report-dir": reports.as_posix(),
    }
    (twin,) = (tmp_path / reports).glob("*_assessment.json")
    assert of_json(twin.read_text()) == figures
    assert not [form for form, text in texts.items() if str(tmp_path) in text]
    jsonschema.validate(json.loads(texts["sarif"]), json.loads(SARIF_SCHEMA.read_text()), jsonschema.Draft4Validator)
    prefix = copied.relative_to(repository).as_posix()
    places = [
        place for run in json.loads(texts["sarif"])["runs"] for one in run["results"] for place in one["locations"]
    ]
    assert all(place["physicalLocation"]["artifactLocation"]["uri"].startswith(f"{prefix}/") for place in places)
    assert {properties.get("file", prefix)[: len(prefix)] for _, properties, _ in commands_in(texts["github"])} == {
        prefix
    }


@pytest.mark.parametrize("seed", range(0, 60, 10))
def test_forms_of_any_project_agree(seed: int) -> None:
    assessment = assessed(seed)
    texts = {
        "text": terminal_text(assessment, lambda text, _: text),
        "json": to_json(assessment),
        "sarif": to_sarif(assessment, prefix="a/b"),
        "junit": to_junit(assessment, prefix="a/b"),
        "markdown": render_document(assessment, "summary", directory="..").text,
        "github": to_annotations(assessment, prefix="a/b"),
    }
    expected = dict.fromkeys(READERS, of_json(texts["json"]))
    assert {form: read(texts[form]) for form, read in READERS.items()} == expected
    assert_the_same_findings(texts)
