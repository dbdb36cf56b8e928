"""`readiness decisions` as a user meets it."""

import json
from pathlib import Path

import pytest

from tests.cases import each
from tests.checkouts import commit, needs_git
from tests.cli.test_assess import assert_one_complaint, run
from tests.decisions.logs import entry, failures, write_log
from tests.decisions.test_states import made, of

CLAIM = {"claim": "terraform tables = 1"}
AS_OF = ("--as-of", "2026-01-07")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two entries for sit, one of which expires in February, one for prod, and one for nobody."""
    root = made(tmp_path_factory.mktemp("projects") / "parcels")
    before = of(root)
    entries = [
        entry(
            "D1", failures(before, "DUR001"), reason="events are replayed", evidence=[{"claim": "terraform tables = 1"}]
        ),
        entry("D2", failures(before, "STA001"), kind="accepted-risk", until="2026-01-31", by=["DBA", "Tech Lead"]),
        entry("D3", failures(before, "ENV001"), environments=["prod"]),
        entry("D4", failures(before, "ENV001"), environments=["uat"]),
    ]
    write_log(root, entries)
    return root


def test_lists_by_state(project: Path) -> None:
    result = run("decisions", "sit", project, *AS_OF)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "SIT: 2 decisions settle 2 findings, 1 decision malformed (readiness-decisions.yaml)",
        "",
        "IN-FORCE (2)",
        "  D1 by-design  readiness-decisions.yaml:2",
        "    settles DUR001 parcels; by Tech Lead on Wed 2026-01-07",
        "    events are replayed",
        "    - terraform tables = 1 (main.tf:9)",
        "  D2 accepted-risk  readiness-decisions.yaml:3",
        "    settles STA001 backend; by DBA and Tech Lead on Wed 2026-01-07, until 2026-01-31",
        "    agreed in the review of the design",
        "",
        "MALFORMED (1)",
        "  D4 by-design  readiness-decisions.yaml:5",
        "    about ENV001 sit; by Tech Lead on Wed 2026-01-07",
        "    agreed in the review of the design",
        '    malformed: there is no environment "uat"; there are sit, prod',
    ]


def test_states_are_those_of_the_day(project: Path) -> None:
    result = run("decisions", "sit", project, "--as-of", "2026-02-01", "-f", "json")
    (listed,) = json.loads(result.stdout)
    assert [(one["id"], one["state"]) for one in listed["decided"]] == [
        ("D1", "in-force"),
        ("D2", "expired"),
        ("D4", "malformed"),
    ]
    assert [notice["code"] for notice in listed["notices"]] == ["E326", "E324"]
    assert (listed["environment"], listed["log"], listed["settled"]) == ("sit", "readiness-decisions.yaml", 1)


@pytest.mark.parametrize("arguments", [(), (".",)])
def test_without_an_environment_all_that_the_log_names(project: Path, arguments: tuple[str, ...]) -> None:
    listed = json.loads(run("decisions", *arguments, *AS_OF, "--json", cwd=project).stdout)
    assert {one["environment"]: [each["id"] for each in one["decided"]] for one in listed} == {
        "prod": ["D3", "D4"],
        "sit": ["D1", "D2", "D4"],
    }


def test_a_path_alone(project: Path) -> None:
    assert run("decisions", f"{project}/", *AS_OF).stdout == run("decisions", *AS_OF, cwd=project).stdout


def test_no_log(tmp_path: Path) -> None:
    root = made(tmp_path)
    assert run("decisions", "sit", root).stdout == "SIT: no decision is recorded (readiness-decisions.yaml)\n"
    result = run("decisions", cwd=root)
    assert (result.returncode, result.stdout) == (
        0,
        "NO ENVIRONMENT: no decision is recorded (readiness-decisions.yaml)\n",
    )


def test_a_log_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    root = made(tmp_path)
    (root / "readiness-decisions.yaml").write_text("decisions: {}\n")
    result = run("decisions", cwd=root)
    assert (result.returncode, result.stderr) == (0, "")
    assert "the decision log cannot be read" in result.stdout
    assert "readiness-decisions.yaml:1  this is no decision log" in result.stdout


def test_entries_about_no_environment_of_the_project(tmp_path: Path) -> None:
    root = made(tmp_path)
    write_log(root, [entry("D1", failures(of(root), "DUR001"), environments=["uat"])])
    result = run("decisions", cwd=root)
    assert "malformed: it is about no environment of this project" in result.stdout


@needs_git
def test_under_a_base(tmp_path: Path) -> None:
    root = made(tmp_path / "x" / "parcels")
    commit(root.parent, {})
    write_log(root, [entry("D1", failures(of(root), "DUR001"))])
    assert "IN-FORCE (1)" in run("decisions", "sit", root, *AS_OF).stdout
    assert "REFUSED (1)" in run("decisions", "sit", root, *AS_OF, "--base", "main").stdout


@each(
    ("arguments", "words"),
    [
        (("sti",), 'did you mean "sit"?'),
        (("sit", "--as-of", "soon"), "is no date"),
        (("sit", "--config", "nothing.yaml"), "does not exist"),
        (("sit", "--format", "xml"), "xml"),
    ],
)
def test_usage(project: Path, arguments: tuple[str, ...], words: str) -> None:
    assert_one_complaint(run("decisions", *arguments, cwd=project), 2, words)


@needs_git
def test_our_own_documents_make_no_unclean_checkout(tmp_path: Path) -> None:
    root = made(tmp_path / "parcels")
    commit(root, {})
    (root / "main.tf").write_text((root / "main.tf").read_text() + "# changed\n")
    write_log(root, [entry("D1", failures(of(root), "REL002"))])
    commit(root, {})
    (root / "deployments").mkdir()
    (root / "deployments" / "sit_parcels_summary.md").write_text("# Summary\n")
    assert "UNUSED (1)" in run("decisions", "sit", root, *AS_OF).stdout
