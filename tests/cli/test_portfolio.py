"""`readiness assess` with several projects: one table, the documents of each, and the worst exit code."""

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from bbws_readiness.cli.schema import SCHEMAS
from bbws_readiness.cli.several import worst
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.machine import to_data
from tests.cases import each
from tests.cli.test_assess import assert_one_complaint, run
from tests.example import ROOT
from tests.render.encode.github import commands_in

EXAMPLE = ROOT / "examples" / "portfolio"
ORDER = ("order_schemas", "label_buckets", "order_lambda")
AS_OF = ("--as-of", "2026-03-04")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example in which documents may be written."""
    for name in ORDER:
        shutil.copytree(EXAMPLE / name, tmp_path / name, ignore=shutil.ignore_patterns("deployments"))
    return tmp_path


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for tests that write nothing."""
    target = tmp_path_factory.mktemp("portfolio")
    for name in ORDER:
        shutil.copytree(EXAMPLE / name, target / name, ignore=shutil.ignore_patterns("deployments"))
    return target


@pytest.fixture(scope="module")
def together(beside: Path) -> dict:
    """What the JSON says of all three."""
    return data(beside, *ORDER)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder with all documents in `sit`, and the run that wrote them."""
    target = tmp_path_factory.mktemp("written")
    for name in ORDER:
        shutil.copytree(EXAMPLE / name, target / name, ignore=shutil.ignore_patterns("deployments"))
    return target, assess(target, *ORDER, "--output-dir", "sit")


Written = tuple[Path, subprocess.CompletedProcess[str]]


def assess(cwd: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return run("assess", "sit", *arguments, *AS_OF, cwd=cwd)


def data(cwd: Path, *paths: object) -> dict:
    result = assess(cwd, *paths, "-f", "json")
    found = json.loads(result.stdout)
    jsonschema.Draft202012Validator(json.loads(SCHEMAS["portfolio"].read_text())).validate(found)
    return found


def test_the_table_is_as_pinned(written: Written, golden: Callable[[str, str], None]) -> None:
    folder, result = written
    assert (result.returncode, result.stderr) == (1, "")
    golden("portfolio/terminal.txt", result.stdout)
    for name in ("sit_portfolio.md", "sit_portfolio.json"):
        golden(f"portfolio/{name}", (folder / "sit" / name).read_text())


def test_each_rule_between_projects_finds_its_fault_once(together: dict) -> None:
    failing = [one for one in together["findings"] if one["status"] == "FAIL"]
    assert sorted((one["project"], one["rule"], one["subject"]) for one in failing) == [
        ("label_buckets", "POR002", "state"),
        ("order_lambda", "POR001", "order_schemas"),
        ("order_lambda", "POR003", "table orders"),
        ("order_lambda", "POR004", "labels"),
        ("order_schemas", "POR002", "state"),
    ]


def test_with_an_output_directory_nothing_is_written_into_the_projects(written: Written) -> None:
    folder, _ = written
    assert sorted(one.name for one in (folder / "sit").iterdir()) == sorted(
        [*ORDER, "sit_portfolio.json", "sit_portfolio.md"]
    )
    for name in ORDER:
        assert not (folder / name / "deployments").exists()
        assert (folder / "sit" / name / f"sit_{name}_summary.md").is_file()
    for line in (folder / "sit/sit_portfolio.md").read_text().splitlines():
        if line.startswith("| ["):
            assert (folder / "sit" / line.partition("](")[2].partition(")")[0]).is_file()


def test_without_one_each_project_keeps_its_own_documents(folder: Path) -> None:
    result = assess(folder, *ORDER)
    assert result.returncode == 1
    for name in ORDER:
        assert (folder / name / "deployments" / f"sit_{name}_summary.md").is_file()
    assert [str(path) for path in folder.rglob("*portfolio*")] == []
    assert assess(folder, *ORDER).stdout == result.stdout


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_other_forms_write_nothing(beside: Path, form: str) -> None:
    before = sorted(beside.rglob("*"))
    assert assess(beside, *ORDER, "-f", form).returncode == 1
    assert sorted(beside.rglob("*")) == before


def test_each_assessment_is_the_same_as_alone_but_for_the_rules_between_projects(written: Written) -> None:
    folder, _ = written
    for name in ORDER:
        together = json.loads((folder / "sit" / name / f"sit_{name}_assessment.json").read_text())
        alone = to_data(assess_project(folder / name, "sit", as_of=datetime(2026, 3, 4)))
        assert together["inputs"] == alone["inputs"]
        assert together["environment"] == alone["environment"]
        both = [
            {one["fingerprint"]: one for one in each["findings"] if one["rule"][:3] not in ("POR", "TBL")}
            for each in (together, alone)
        ]
        assert both[0] == both[1]


def test_a_table_that_another_project_makes_is_no_missing_table(written: Written) -> None:
    folder, _ = written

    def missing(path: Path) -> list[tuple[str, bool]]:
        found = json.loads(path.read_text())["findings"]
        failing = [one for one in found if one["rule"] == "TBL001" and one["status"] == "FAIL"]
        return [(one["subject"], one["explained_by"] is not None) for one in failing]

    assess(folder, "order_lambda", "--output-dir", "alone")
    name = "sit_order_lambda_assessment.json"
    assert missing(folder / "alone" / name) == [("labels", False)]
    assert missing(folder / "sit/order_lambda" / name) == [("labels", True)]
    items = (folder / "sit/order_lambda/sit_order_lambda_action_items.md").read_text()
    assert "name label_buckets as the owner of labels in the plan" in items
    assert "declare labels" not in items


def test_blocked_projects_are_derived_through_others(together: dict) -> None:
    found = together
    assert {one["path"]: one["needs"] for one in found["projects"]} == {
        "order_schemas": [],
        "label_buckets": [],
        "order_lambda": ["order_schemas", "label_buckets"],
    }
    assert [one["project"] for one in found["blocked"]] == ["order_lambda"]
    assert found["blocked"][0]["waits_for"] == [
        {"project": "order_schemas", "verdict": "BLOCKED", "through": []},
        {"project": "label_buckets", "verdict": "BLOCKED", "through": []},
    ]


def test_one_that_is_missing_does_not_hide_the_others(folder: Path) -> None:
    result = assess(folder, "order_schemas", "nothing", "order_lambda")
    assert result.returncode == 3
    assert result.stderr == ""
    assert "nothing" in result.stdout
    assert "NOT ASSESSED" in result.stdout
    assert 'E705: the project folder "nothing" does not exist' in result.stdout
    assert (folder / "order_lambda/deployments/sit_order_lambda_summary.md").is_file()


def test_one_whose_configuration_is_broken_does_not_hide_the_others(folder: Path) -> None:
    (folder / "order_schemas/readiness.yaml").write_text("titel: Orders\n")
    found = data(folder, *ORDER)
    broken, *others = found["projects"]
    assert (broken["verdict"], broken["error"]["code"]) == (None, "E301")
    assert [one["verdict"] for one in others] == ["CONDITIONAL", "CONDITIONAL"]
    assert assess(folder, *ORDER, "-q").returncode == 2


def test_one_that_is_not_ready_for_want_of_a_file_waits_for_nobody_else(folder: Path) -> None:
    """What needs a project that could not be read waits for it: its plan names it, and its folder has that name."""
    (folder / "order_schemas/readiness.yaml").write_text("titel: Orders\n")
    waits = {one["project"]: one["waits_for"] for one in data(folder, *ORDER)["blocked"]}
    assert {"project": "order_schemas", "verdict": None, "through": []} in waits["order_lambda"]


def test_a_folder_that_cannot_be_written_does_not_hide_the_others(folder: Path) -> None:
    (folder / "order_schemas/deployments").write_text("a file\n")
    result = assess(folder, *ORDER)
    assert result.returncode == 2
    assert "the output directory is not a directory" in result.stdout
    assert (folder / "order_lambda/deployments/sit_order_lambda_summary.md").is_file()


def test_the_worst_exit_code_counts() -> None:
    assert worst([0, 0]) == 0
    assert worst([0, 5]) == 5
    assert worst([5, 4]) == 4
    assert worst([4, 1]) == 1
    assert worst([1, 3]) == 3
    assert worst([3, 2, 1]) == 2


def test_the_threshold_holds_for_each(beside: Path) -> None:
    assert assess(beside, *ORDER, "-q", "-f", "json", "--fail-on", "never").returncode == 0
    assert assess(beside, *ORDER[:2], "-f", "json", "--fail-on", "blocker").returncode == 1


@each(
    ("paths", "words"),
    [
        (("order_schemas", "order_schemas"), ('"order_schemas" is named twice', "name each project once")),
        (("order_schemas", "./order_schemas"), ("order_schemas",)),
        (("order_schemas", "order_lambda/../order_schemas"), ("is the same folder as",)),
        ((".", "order_schemas"), ("lies inside the project", "name order_schemas under portfolio.projects")),
        (("order_schemas", "."), ("lies inside the project",)),
        ((*ORDER, "--config", "order_lambda/readiness.yaml"), ("--config is about one project",)),
        ((*ORDER, "--promotion-plan", "plan.md"), ("--promotion-plan is about one project",)),
        ((*ORDER, "--plan-json", "plan.json"), ("--plan-json is about one project",)),
        ((*ORDER, "--since", "main"), ("--since is about one project",)),
        ((*ORDER, "--var", "a=b"), ("--var is about one project",)),
        ((*ORDER, "--var-file", "a.tfvars"), ("--var-file is about one project",)),
        (tuple(f"p{number}" for number in range(51)), ("51 projects; at most 50",)),
    ],
)
def test_what_cannot_be_is_told_in_one_line(beside: Path, paths: tuple[str, ...], words: tuple[str, ...]) -> None:
    result = assess(beside, *paths, "-f", "json")
    assert_one_complaint(result, 2, *words)
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_link_to_another_one_is_the_same_project(folder: Path) -> None:
    (folder / "again").symlink_to(folder / "order_schemas")
    assert_one_complaint(assess(folder, "order_schemas", "again"), 2, "is the same folder as")


def test_two_of_one_slug_share_no_folder(folder: Path) -> None:
    (folder / "label_buckets/readiness.yaml").write_text("slug: order_schemas\n")
    result = assess(folder, *ORDER, "--output-dir", "sit")
    assert_one_complaint(result, 2, "have one slug, order_schemas", "set another slug")
    assert not (folder / "sit").exists()
    assert assess(folder, *ORDER).returncode == 1


def test_one_inside_another_that_sets_it_apart(folder: Path) -> None:
    shutil.move(folder / "order_schemas", folder / "order_lambda/schemas_of_orders")
    config = folder / "order_lambda/readiness.yaml"
    config.write_text(config.read_text() + "portfolio: {projects: [schemas_of_orders]}\n")
    found = data(folder, "order_lambda", "order_lambda/schemas_of_orders")
    assert [one["path"] for one in found["projects"]] == ["order_lambda", "order_lambda/schemas_of_orders"]
    assert found["projects"][0]["needs"] == ["order_lambda/schemas_of_orders"]
    late = [one for one in found["findings"] if one["rule"] == "POR001"]
    assert [one["subject"] for one in late if one["status"] == "FAIL"] == ["order_schemas"]


def test_projects_of_one_name_are_told_by_their_folders(folder: Path) -> None:
    shutil.copytree(folder / "order_schemas", folder / "copy")
    result = assess(folder, "order_schemas", "copy", "-f", "markdown")
    assert "order_schemas (copy)" in result.stdout
    assert "order_schemas (order_schemas)" in result.stdout
    assert "aws_dynamodb_table orders-sit" in result.stdout


def test_quiet_is_one_line_and_verbose_has_each_text(beside: Path) -> None:
    quiet = assess(beside, *ORDER[:2], "-q", "--output-dir", beside / "out")
    assert quiet.stdout.count("\n") == 1
    assert "2 projects to SIT" in quiet.stdout
    verbose = assess(beside, *ORDER[:2], "-v", "--output-dir", beside / "out")
    assert verbose.stdout.count("BLOCKED - NOT READY FOR DEPLOYMENT") >= 3
    shutil.rmtree(beside / "out")


def test_names_of_a_project_are_inert(folder: Path) -> None:
    plan = folder / "order_schemas/promotions/04_order_schemas_promotion.md"
    plan.write_text(plan.read_text().replace("# Promotion Plan: order_schemas", "# Promotion Plan: a|b<c>\x1b[31m"))
    for form in ("text", "markdown"):
        result = assess(folder, *ORDER, "-f", form)
        assert "\x1b" not in result.stdout
    row = next(line for line in result.stdout.splitlines() if line.startswith("|") and "a" in line and "b" in line)
    assert "\\<c>" in row
    assert len(row.replace("\\|", "").split("|")) == 11


# Forms for machines


FORMS = ("-f", "text", "-f", "github", "-f", "json=a.json", "-f", "sarif=a.sarif", "-f", "junit=a.xml")


def test_every_form_tells_of_every_project(folder: Path) -> None:
    outputs, summary = folder / "outputs", folder / "summary"
    outputs.touch()
    summary.touch()
    named = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
    result = run("assess", "sit", *ORDER, *AS_OF, *FORMS, "--output-dir", "sit", cwd=folder, **named)
    found = json.loads((folder / "a.json").read_text())
    assert result.stderr == ""
    runs = json.loads((folder / "a.sarif").read_text())["runs"]
    told = [one["properties"]["readiness"] for one in runs]
    assert [one["automationDetails"]["id"] for one in runs] == [f"readiness/{name}/{name}/sit/" for name in ORDER]
    for member, figures in zip(found["projects"], told, strict=True):
        assert (figures["verdict"], figures["score"]) == (member["verdict"], member["score"])
        assert (figures["issues"], figures["decisions"]) == (member["issues"], member["decisions"])
    report = ElementTree.parse(folder / "a.xml").getroot()
    assert {suite.attrib["name"].partition(": ")[0] for suite in report} == set(ORDER)
    results = [one for each in runs for one in each["results"]]
    assert sum(1 for _ in report.iter("failure")) == len(results)
    *shown, (level, properties, last) = commands_in(result.stdout)
    assert max(Counter(level for level, _, _ in shown).values()) <= 10
    assert len(shown) + int(re.search(r"(\d+) more findings", last)[1]) == len(results)
    assert (level, properties["title"].partition(":")[0]) == ("notice", found["verdict"])
    assert all(f"{member['name']} {member['verdict']}, score {member['score']}" in last for member in found["projects"])
    assert summary.read_text().startswith("# SIT Portfolio (READ-ONLY)")
    assert outputs.read_text().splitlines() == [
        f"verdict={found['verdict']}",
        *("score=", "coverage=", "blockers=", "new-findings="),
        *("json-file=a.json", "sarif-file=a.sarif", "report-dir=sit"),
    ]


def test_the_most_severe_of_all_projects_come_first(beside: Path) -> None:
    """Ten of a level are shown over all projects: the low ones of the first never hide the high ones of the last."""
    runs = json.loads(assess(beside, *ORDER, "-f", "sarif").stdout)["runs"]
    levels = {"error": "error", "warning": "warning", "note": "notice"}
    number = Counter(levels[one["level"]] for each in runs for one in each["results"])
    *shown, _ = commands_in(assess(beside, *ORDER, "-f", "github").stdout)
    assert Counter(level for level, _, _ in shown) == {
        level: min(count, 9 if level == "notice" else 10) for level, count in number.items()
    }
    order = [level for level, _, _ in shown]
    assert order == sorted(order, key=["error", "warning", "notice"].index)
    assert {properties["file"].partition("/")[0] for _, properties, _ in shown} <= set(ORDER)


def test_one_that_cannot_be_read_has_no_run_that_would_close_its_alerts(folder: Path) -> None:
    (folder / "order_schemas/readiness.yaml").write_text("titel: Orders\n")
    result = assess(folder, *ORDER, *FORMS)
    assert result.returncode == 2
    runs = json.loads((folder / "a.sarif").read_text())["runs"]
    assert [one["automationDetails"]["id"] for one in runs] == [f"readiness/{name}/{name}/sit/" for name in ORDER[1:]]
    (told,) = [
        one["message"]["text"]
        for one in runs[0]["invocations"][0]["toolExecutionNotifications"]
        if "not assessed" in one["message"]["text"]
    ]
    assert told.startswith("order_schemas: not assessed: ")
    (case,) = (one for one in ElementTree.parse(folder / "a.xml").iter("testcase") if one.find("error") is not None)
    assert case.attrib["name"] == "E301 not assessed"
    first = commands_in(result.stdout)[0]
    assert (first[0], first[1]["title"]) == ("error", "E301: order_schemas")


def test_projects_that_would_close_each_others_alerts_are_refused(folder: Path) -> None:
    (folder / "label_buckets/readiness.yaml").write_text("slug: order_schemas\n")
    assert_one_complaint(assess(folder, *ORDER, "-f", "sarif"), 2, "have one slug", "leave --output-dir and sarif out")
    many = tuple(f"p{number}" for number in range(21))
    assert_one_complaint(
        assess(folder, *many, "-f", "sarif"), 2, "21 projects; code scanning takes 20 of one SARIF file"
    )
