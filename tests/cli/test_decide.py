"""`readiness decide` as a user meets it: what is recorded, what is refused and with which lines, and nothing lost."""

import os
import pty
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from bbws_readiness.config import load_config
from bbws_readiness.pipeline import assess_project
from tests.cli.test_assess import run
from tests.example import AS_OF, EXAMPLE, copy_example

READING = "readings/terraform_is_authority.yaml"
LOG = "readings/readiness-decisions.yaml"
PLAN = "promotions/04_dynamodb_schemas_promotion.md"
DAY = ("--as-of", "2026-01-07")
USUAL = ("--environment", "sit", "--config", READING, *DAY)
BY = ("--by", "Tech Lead")
AT_LEAST = ("--as", "by-design", *BY, "--reason", "agreed")

READING_C: list[tuple[list[str], str, list[str], str, str, list[str]]] = [
    (
        ["TBL001"],
        "not-required",
        ["Tech Lead", "Product Owner"],
        "",
        "the design has three tables: terraform, schemas, README and script agree",
        ["terraform, schemas, readme and script agree on tables"],
    ),
    (
        ["IDX001"],
        "by-design",
        ["Backend Developer"],
        "",
        "the seven indexes in terraform and schemas are the design; "
        "README and script still describe an earlier pair on products",
        ["terraform and schemas agree on indexes", "terraform indexes = 7", "readme indexes of products = 2"],
    ),
    (
        ["BKP001", "BKP002"],
        "accepted-risk",
        ["DBA"],
        "2026-03-31",
        "recovery is on for all three tables; AWS Backup is added later",
        ["recovery on for all", "terraform recovery window = default"],
    ),
    (
        ["NAM001@plan"],
        "by-design",
        ["Tech Lead"],
        "",
        "the code's names are the ones to use",
        ["terraform names of tenants = tenants", "terraform names of campaigns = campaigns"],
    ),
    (
        ["DUR002", "DUR003"],
        "by-design",
        ["Architect"],
        "",
        "nothing consumes changes of products",
        ["nothing consumes changes of products"],
    ),
    (
        ["PLN001", "PLN002", "PLN004", "CAL001"],
        "accepted-risk",
        ["DevOps Lead"],
        "2026-01-31",
        "the plan is being rewritten",
        [f"{PLAN}:43"],
    ),
]
"""Findings, kind, roles, last day, reason and evidence of the six decisions of reading (c)."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example under reading (c), before anything was decided."""
    copy = copy_example(tmp_path, readings=True)
    (copy / LOG).unlink()
    return copy


def decide(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("decide", *arguments, cwd=project)


def complaints(result: subprocess.CompletedProcess[str]) -> list[str]:
    assert "Traceback" not in result.stderr
    lines = result.stderr.splitlines()
    assert all(line.startswith("readiness: error E") for line in lines)
    return lines


def test_the_log_of_reading_c_is_what_six_calls_write(project: Path) -> None:
    for findings, kind, roles, until, reason, claims in READING_C:
        by = [word for role in roles for word in ("--by", role)]
        evidence = [word for claim in claims for word in ("--evidence", claim)]
        last = ["--until", until] if until else []
        result = decide(project, *findings, "--as", kind, *by, *last, "--reason", reason, *evidence, *USUAL)
        assert result.returncode == 0, result.stderr
    assert (project / LOG).read_bytes() == (EXAMPLE / LOG).read_bytes()
    assessed = run("assess", "sit", "--config", READING, *DAY, cwd=project)
    assert assessed.returncode == 0, assessed.stdout
    assert "READY FOR DEPLOYMENT" in assessed.stdout
    assert "95/100" in assessed.stdout


def test_shows_what_it_appends_and_where(project: Path) -> None:
    result = decide(project, "NAM001:tenants", "--as", "by-design", *BY, "--reason", "the code is right", *USUAL)
    assert result.returncode == 0, result.stderr
    assert LOG in result.stdout
    assert result.stderr == f"readiness: decision D1 is appended to {LOG}\n"
    shown = yaml.safe_load(result.stdout)
    assert shown == yaml.safe_load((project / LOG).read_text())
    (entry,) = shown["decisions"]
    assert [one["subject"] for one in entry["findings"]] == ["tenants"]


def test_a_dry_run_writes_nothing(project: Path) -> None:
    result = decide(project, "NAM001", "--as", "by-design", *BY, "--reason", "agreed", "--dry-run", *USUAL)
    assert result.returncode == 0, result.stderr
    assert "NAM001" in result.stdout
    assert not (project / LOG).exists()


@pytest.mark.parametrize(
    ("answer", "meanwhile", "code", "told", "ids"),
    [
        ("", "", 0, "nothing is written", []),
        ("y", "NAM001:campaigns", 0, "decision D2 is appended", ["D1", "D2"]),
        ("y", "NAM001:tenants", 2, "decision D1 was appended meanwhile and is about the same", ["D1"]),
        ("y", "NAM001@plan", 2, "decision D1 was appended meanwhile and is about the same", ["D1"]),
    ],
)
def test_a_person_at_a_terminal_is_asked(
    project: Path, answer: str, meanwhile: str, code: int, told: str, ids: list[str]
) -> None:
    """While the question stands another run may append; the answer is then about the log as it is by then."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "bbws_readiness", "decide", "NAM001:tenants", *AT_LEAST, *USUAL],
        cwd=project,
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "dumb"},
    )
    os.close(theirs)
    shown = b""
    while b"reason: " not in shown:
        shown += os.read(ours, 4096)
    assert b"NAM001, subject: tenants" in shown
    assert not (project / LOG).exists()
    if meanwhile:
        assert decide(project, meanwhile, *AT_LEAST, "--evidence", "terraform tables = 3", *USUAL).returncode == 0
    os.write(ours, f"{answer}\n".encode())
    _, complained = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == code
    assert told in complained.decode()
    found = yaml.safe_load((project / LOG).read_text())["decisions"] if ids else []
    assert [one["id"] for one in found] == ids
    assert (project / LOG).exists() is bool(ids)


ALREADY = "decisions:\n"
REFUSED = {
    "eight from five tables": (
        ("IDX001", "--as", "by-design", *BY, "--reason", "8 came from assuming five tables"),
        [
            "E329: README.md:14:",
            "README says 8 indexes over 3 tables; script says 8 indexes over 3 tables",
            "it reads: Together 8 Global Secondary Indexes across 3 tables",
            "E329: scripts/validate_dynamodb_dev.py:18:",
            '"name": "tenants"',
        ],
    ),
    "recovery keeps 14 days": (
        ("BKP001", "--as", "accepted-risk", "--until", "2026-03-31", *BY, "--reason", "recovery keeps 14 days"),
        [
            "E329: terraform/dynamodb/main.tf:",
            "no source sets a recovery window; the service default is 35 days",
            "it reads: enabled = true",
        ],
    ),
    "contradicted evidence": (
        ("IDX001", *AT_LEAST, "--evidence", "terraform indexes = 8"),
        [
            'the evidence "terraform indexes = 8" is contradicted: terraform says 7 indexes',
            'it reads: name = "CampaignActiveIndex"',
        ],
    ),
    "evidence that is no claim": (
        ("IDX001", *AT_LEAST, "--evidence", "terrafrom indexes = 8"),
        ["E702", 'did you mean "terraform"?'],
    ),
    "a drift without evidence": (
        ("NAM001@plan", *AT_LEAST),
        ["E702", "NAM001@plan is decided on evidence, which alone can make it void", "add --evidence"],
    ),
    "a drift that there is not": (
        ("NAM001@readme", *AT_LEAST, "--evidence", "terraform tables = 3"),
        ["E712", "there is no drift NAM001@readme", "there is NAM001@plan"],
    ),
    "a document that is none": (
        ("NAM001@plam", *AT_LEAST, "--evidence", "terraform tables = 3"),
        ["E712", '"NAM001@plam" names no document', "did you mean plan?"],
    ),
    "an unknown rule": (("TBL009", *AT_LEAST), ["E712", 'nothing that has failed is called "TBL009"', "did you mean"]),
    "what has passed": (("NAM001:products", *AT_LEAST), ["E712", "has not failed", "NAM001 products is PASS"]),
    "a risk without an end": (
        ("BKP001", "--as", "accepted-risk", *BY, "--reason", "agreed"),
        ["E702", "an accepted risk needs a last day", "--until 2026-03-31"],
    ),
    "a day that is past": (("IDX001", *AT_LEAST, "--until", "2026-01-06"), ["--until 2026-01-06 is past"]),
    "a day that is none": (("IDX001", *AT_LEAST, "--until", "2026-03-32"), ['--until "2026-03-32" is no day']),
    "a reason that nobody can see": (("IDX001", "--as", "by-design", *BY, "--reason", "\u200b"), ["must not be empty"]),
    "no reason": (("IDX001", "--as", "by-design", *BY, "--reason", " "), ["must not be empty"]),
    "nobody": (("IDX001", "--as", "by-design", "--by", "", "--reason", "agreed"), ["must not be empty"]),
    "no --by": (("IDX001", "--as", "by-design", "--reason", "agreed"), ["E701", "--by"]),
    "a long reason": (("IDX001", "--as", "by-design", *BY, "--reason", "x" * 501), ["longer than 500 characters"]),
    "a long role": (("IDX001", "--as", "by-design", "--by", "x" * 101, "--reason", "agreed"), ["longer than 100"]),
    "another kind": (("IDX001", "--as", "wontfix", *BY, "--reason", "agreed"), ["E701"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, project: Path) -> None:
    arguments, words = REFUSED[name]
    (project / LOG).write_text(ALREADY)
    result = decide(project, *arguments, *USUAL)
    assert result.returncode == 2, result.stdout
    told = "\n".join(complaints(result))
    for word in words:
        assert word in told
    assert (project / LOG).read_text() == ALREADY
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("name", "environment", "words"),
    [
        ("TBL001", None, ["E704", "found in 4 environments: dev, sit, prod, dr", "--environment"]),
        ("TBL001", "sitt", ["E704", 'did you mean "sit"?']),
    ],
)
def test_the_environment_has_to_be_told(project: Path, name: str, environment: str | None, words: list[str]) -> None:
    chosen = ("--environment", environment) if environment else ()
    result = decide(project, name, *AT_LEAST, *chosen, "--config", READING, *DAY)
    assert result.returncode == 2
    (told,) = complaints(result)
    assert all(word in told for word in words), told
    assert not (project / LOG).exists()


def test_the_only_environment_of_a_finding_is_found(project: Path) -> None:
    result = decide(project, "VAL001:sit", *AT_LEAST, "--config", READING, *DAY)
    assert result.returncode == 0, result.stderr
    (entry,) = yaml.safe_load((project / LOG).read_text())["decisions"]
    assert entry["environments"] == ["sit"]


def test_the_first_digits_of_a_fingerprint_are_enough(project: Path) -> None:
    result = decide(project, "e42836", "c9c493571696", *AT_LEAST, *USUAL)
    assert result.returncode == 0, result.stderr
    (entry,) = yaml.safe_load((project / LOG).read_text())["decisions"]
    assert [one["subject"] for one in entry["findings"]] == ["orders", "users"]


def test_all_drift_of_a_document_is_one_line_of_the_entry(project: Path) -> None:
    line = ("NAM001@plan", "TBL001:orders", *AT_LEAST, "--evidence", "terraform names of tenants = tenants")
    result = decide(project, *line, *USUAL)
    assert result.returncode == 0, result.stderr
    (entry,) = yaml.safe_load((project / LOG).read_text())["decisions"]
    assert [one.get("subject") for one in entry["findings"]] == ["orders", None]
    assert entry["findings"][1] == {"rule": "NAM001", "document": "plan"}
    again = decide(project, *line, *USUAL)
    assert again.returncode == 2
    assert '"NAM001@plan" is settled already by D1: NAM001 campaigns' in again.stderr


def test_what_is_settled_is_not_decided_again(project: Path) -> None:
    assert decide(project, "TBL001:orders", *AT_LEAST, *USUAL).returncode == 0
    before = (project / LOG).read_bytes()
    again = decide(project, "TBL001:orders", *AT_LEAST, *USUAL)
    assert again.returncode == 2
    assert '"TBL001:orders" is settled already by D1' in again.stderr
    assert (project / LOG).read_bytes() == before
    # The rule's other finding is still open, and is what the rule now stands for.
    rest = decide(project, "TBL001", *AT_LEAST, *USUAL)
    assert rest.returncode == 0, rest.stderr
    assert [one["subject"] for one in yaml.safe_load(rest.stdout.partition("\n")[2])[0]["findings"]] == ["users"]
    assert (project / LOG).read_bytes().startswith(before)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("decisions: [\n", "the log cannot be read"),
        ("decisions: []\n", "nothing can be added"),
    ],
)
def test_a_log_that_cannot_be_continued_is_left_alone(project: Path, text: str, word: str) -> None:
    (project / LOG).write_text(text)
    result = decide(project, "NAM001", *AT_LEAST, *USUAL)
    assert result.returncode == 2
    assert word in "\n".join(complaints(result))
    assert (project / LOG).read_text() == text


@pytest.mark.parametrize("place", ["log", "folder"])
def test_a_link_is_not_followed(project: Path, place: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "readiness-decisions.yaml").write_text(ALREADY)
    if place == "log":
        (project / LOG).symlink_to(outside / "readiness-decisions.yaml")
        config = READING
    else:
        (project / "log").symlink_to(outside)
        config = "here.yaml"
        text = "extends: readiness.yaml\nauthority: {default: [terraform]}\ndecisions: log/readiness-decisions.yaml\n"
        (project / config).write_text(text)
    result = decide(project, "NAM001", *AT_LEAST, "--environment", "sit", "--config", config, *DAY)
    assert result.returncode == 2
    complaints(result)
    assert (outside / "readiness-decisions.yaml").read_text() == ALREADY


def test_runs_at_the_same_time_lose_nothing(project: Path) -> None:
    names = ["TBL001:orders", "NAM001:tenants"]
    with ThreadPoolExecutor(len(names)) as pool:
        arguments = [
            (sys.executable, "-P", "-m", "bbws_readiness", "decide", name, *AT_LEAST, *USUAL) for name in names
        ]
        results = list(pool.map(lambda line: subprocess.run(line, cwd=project, capture_output=True), arguments))
    assert [one.returncode for one in results] == [0] * len(names), [one.stderr for one in results]
    entries = yaml.safe_load((project / LOG).read_text())["decisions"]
    assert sorted(one["id"] for one in entries) == [f"D{number}" for number in range(1, len(names) + 1)]
    settled = {f"{finding['rule']}:{finding['subject']}" for one in entries for finding in one["findings"]}
    assert settled == {*names}
    config = load_config(project, path=project / READING)
    states = {one.state.value for one in assess_project(project, "sit", as_of=AS_OF, config=config).decided.listed}
    assert states == {"in-force"}


def test_a_credential_of_the_environment_is_not_written(project: Path) -> None:
    secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"
    line = ("NAM001", "--as", "by-design", *BY, "--reason", f"agreed {secret}", *USUAL)
    result = run("decide", *line, cwd=project, AWS_SECRET_ACCESS_KEY=secret)
    assert result.returncode == 2
    assert secret not in result.stdout + result.stderr
    assert not (project / LOG).exists()
