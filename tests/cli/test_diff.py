"""`readiness diff` as a user meets it: two files in, what changed and why out."""

import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest

from bbws_readiness.compare.read import reduced, snapshot_of
from tests.cases import each
from tests.cli.test_assess import assert_one_complaint, run
from tests.compare.made import document, entry, file, finding
from tests.compare.runs import run as assessment
from tests.forked import forked

PAGE = Path(__file__).parents[2] / "docs" / "diff.md"
SHOWN = re.compile(r"```text\n\$ (?P<command>readiness diff [^\n]*)\n(?P<output>.*?)```", re.DOTALL)

BEFORE = {"as-of": "2026-01-07T16:55"}
AFTER = {"as-of": "2026-01-07T17:15", "authority": ["terraform"], "decide": "reading-c"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`before.json` and `after.json`, the two runs of the example's correction, and `small.json`, the first reduced."""
    folder = tmp_path_factory.mktemp("diff")
    written = {
        "before": assessment(BEFORE),
        "after": assessment(AFTER),
        "small": reduced(snapshot_of(assessment(BEFORE))),
    }
    for name, data in written.items():
        (folder / f"{name}.json").write_text(json.dumps(data))
    return folder


def diff(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return run("diff", *arguments, cwd=folder, **environment)


def shown() -> list[tuple[str, str]]:
    return [(match["command"], match["output"]) for match in SHOWN.finditer(PAGE.read_text())]


def test_the_page_shows_what_is_printed(folder: Path) -> None:
    assert [command for command, _ in shown()] == ["readiness diff before.json after.json"]
    for command, output in shown():
        result = run(*command.split()[1:], cwd=folder)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout == output


def test_what_was_reduced_compares_alike(folder: Path) -> None:
    assert diff(folder, "small.json", "after.json").stdout == diff(folder, "before.json", "after.json").stdout


@pytest.mark.parametrize("pair", [("before.json", "after.json"), ("after.json", "before.json"), ("after.json",) * 2])
def test_json_keeps_its_schema_and_adds_up(folder: Path, pair: tuple[str, str]) -> None:
    schema = json.loads(run("schema", "diff").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(diff(folder, *pair, "-f", "json").stdout)
    jsonschema.validate(data, schema)
    points = sum(change["points"] for change in data["issues"])
    assert points == data["score"]["points"]
    assert points - data["score"]["floor"] == data["after"]["score"] - data["before"]["score"]
    assert data["differs"] is (pair[0] != pair[1])
    assert data["corrects"] is data["differs"]


def test_json_holds_what_no_other_pair_has(folder: Path, tmp_path: Path) -> None:
    log = [entry(state="void", note="changed", until="2026-03-31"), entry("", "malformed")]
    before = document([finding("TBL001")], decided=log, inputs=[file("a.tf"), file("b.tf")], commit="0" * 40)
    after = document(
        [finding("IDX001")], inputs=[file("a.tf", "2"), file("c.tf")], tool={"version": "9", "rulebook": ""}
    )
    for name, data in (("before", before), ("after", after)):
        (tmp_path / name).write_text(json.dumps(data))
    data = json.loads(diff(tmp_path, "before", "after", "-f", "json").stdout)
    jsonschema.validate(data, json.loads(run("schema", "diff").stdout))
    assert [(one["path"], one["change"]) for one in data["inputs"]] == [
        ("a.tf", "changed"),
        ("b.tf", "removed"),
        ("c.tf", "added"),
    ]
    assert [(one["before"]["id"], one["after"]) for one in data["decided"]] == [("D1", None), (None, None)]
    assert data["tool"] == {"before": "1.0 (0123456789ab)", "after": "9"}
    text = diff(tmp_path, "before", "after").stdout
    for told in ("commit 000000000000 → none", "1.0 (0123456789ab) → 9", "D1, an entry without an id removed"):
        assert told in text
    assert "NOT COMPARABLE (2)" in text


def test_markdown_has_a_row_per_change(folder: Path) -> None:
    text = diff(folder, "before.json", "after.json", "-f", "markdown").stdout
    assert text.startswith("## Readiness for SIT: ❌ BLOCKED")
    rows = [line for line in text.splitlines() if line.startswith(("| +", "| -"))]
    changed = json.loads(diff(folder, "before.json", "after.json", "-f", "json").stdout)["issues"]
    assert len(rows) == len(changed)
    assert "| +20 | `BKP001` | critical | No backup vault" in text
    assert "settled by D3 (accepted-risk until 2026-03-31); authority: terraform |" in text


def test_the_same_bytes_whatever_the_hashes_are(folder: Path) -> None:
    first, second = (diff(folder, "before.json", "after.json", PYTHONHASHSEED=seed).stdout for seed in "12")
    assert first == second
    assert first


@pytest.mark.parametrize("side", [0, 1])
def test_standard_input_is_one_of_the_two(folder: Path, side: int) -> None:
    names = ["before.json", "after.json"]
    given = (folder / names[side]).read_bytes()
    expected = diff(folder, *names).stdout
    names[side] = "-"
    assert forked("diff", *names, cwd=folder, stdin=given, environment=dict(os.environ)).stdout == expected


def test_output_goes_to_a_file(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "comment.md"
    result = diff(folder, "before.json", "after.json", "-f", "markdown", "-o", target)
    assert (result.returncode, result.stdout) == (0, "")
    assert target.read_text() == diff(folder, "before.json", "after.json", "-f", "markdown", "-o", "-").stdout


@pytest.mark.parametrize(
    ("pair", "code"), [(("before.json", "after.json"), 1), (("after.json", "after.json"), 0)], ids=["differ", "alike"]
)
def test_exit_code_like_gits(folder: Path, pair: tuple[str, str], code: int) -> None:
    assert diff(folder, *pair, "--exit-code").returncode == code
    assert diff(folder, *pair).returncode == 0


def test_another_file_alone_is_no_difference(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "one").write_text(json.dumps(document([finding("TBL001")], inputs=[file("a.tf")])))
    (tmp_path / "two").write_text(json.dumps(document([finding("TBL001")], inputs=[file("a.tf", "2")])))
    result = diff(tmp_path, "one", "two", "--exit-code")
    assert result.returncode == 0
    assert "a.tf changed" in result.stdout
    assert result.stdout.endswith("\nBoth assessments say the same.\n")


def test_colours_only_when_asked(folder: Path) -> None:
    assert "\x1b[" in diff(folder, "before.json", "after.json", "--color", "always").stdout
    assert "\x1b" not in diff(folder, "before.json", "after.json").stdout


BAD = [
    (b"", "E411: bad.json:1:1: not valid JSON"),
    (b"\x89PNG", "E116: bad.json:1:1: not a text but a picture"),
    (b'{"format": "bbws-readiness-assessment/1"}', "E605: bad.json: damaged: findings is missing"),
    (b'{"format": "bbws-readiness-assessment/9"}', 'E605: bad.json: of the format "bbws-readiness-assessment/9"'),
    (b'{"a": NaN}', "E412: bad.json: a number in it is none of JSON's"),
    (b"[" * 50_000, "E407: bad.json: nested deeper"),
    (
        json.dumps(document() | {"environment": {"name": "prod"}}).encode(),
        "E711: the earlier assessment is of the project",
    ),
]


@each(("content", "message"), BAD, ids=[case[1][:30] for case in BAD])
def test_bad_input_is_one_line(folder: Path, content: bytes, message: str) -> None:
    (folder / "bad.json").write_bytes(content)
    result = diff(folder, "before.json", "bad.json")
    assert_one_complaint(result, 2, f"readiness: error {message}")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@each(
    ("pair", "words"),
    [
        (("before.json", "absent.json"), ("E101: absent.json: no such file",)),
        (("before.json", "."), ("E1",)),
        (("-", "-"), ("E702: standard input can be one of the two",)),
        (("before.json",), ("E701", "Missing argument 'NEW'")),
    ],
)
def test_what_cannot_be_opened(folder: Path, pair: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert_one_complaint(diff(folder, *pair), 2, *words)


def test_an_output_that_cannot_be_written_is_told_before_anything_is_read(folder: Path) -> None:
    assert_one_complaint(diff(folder, "before.json", "after.json", "-o", folder / "no" / "x.md"), 2, "E602")
