"""A set is written as a whole, remembers what it was, and never takes what people wrote for its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bbws_readiness.compare.document import MAX_BYTES
from bbws_readiness.published.folder import Folder, is_name_of_set, is_still, list_folder
from bbws_readiness.published.publication import SUPERSEDED, Past, past_of, publication
from bbws_readiness.render.frame import Document
from bbws_readiness.render.write import write_documents
from bbws_readiness.source import Refused
from tests.cases import each
from tests.example import ROOT
from tests.published.folders import (
    BRIEF,
    HOME,
    INDEX,
    NOTICE,
    SUMMARY,
    TWIN,
    at_day,
    contents,
    edit,
    found,
    prepared,
    publish,
    reading,
)

SCHEMA = json.loads((ROOT / "bbws_readiness" / "render" / "assessment.schema.json").read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The set of reading (b)."""
    directory = tmp_path / "deployments"
    write_documents(directory, first_set())
    return directory


@cache
def first_set() -> tuple[Document, ...]:
    return publication(reading("b"), Past(Folder({})), directory="deployments").changed


def twin(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / TWIN).read_text())
    jsonschema.validate(data, SCHEMA)
    return data


def change_twin(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    data = twin(folder)
    change(data)
    (folder / TWIN).write_text(json.dumps(data))


def test_the_same_run_replaces_nothing(folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    result = publish(folder, reading("b"))
    assert (result.changed, result.edits, result.warnings) == ((), (), ())
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_runs_are_remembered_newest_first(folder: Path) -> None:
    assert (twin(folder)["published"]["history"], twin(folder)["published"]["previous"]) == ([], None)
    publish(folder, at_day(reading("b"), 1))
    publish(folder, at_day(reading("c"), 2))
    data = twin(folder)["published"]
    assert [(run["as_of"], run["verdict"]) for run in data["history"]] == [
        ("2026-01-08T00:00:00", "BLOCKED"),
        ("2026-01-07T00:00:00", "BLOCKED"),
    ]
    assert data["history"][1]["change"] is None
    assert data["previous"]["as_of"] == "2026-01-08T00:00:00"
    before = contents(folder)
    assert not publish(folder, at_day(reading("c"), 2)).changed
    assert contents(folder) == before


def test_a_notice_that_nobody_remembers_does_not_stand_as_the_current_one(folder: Path) -> None:
    publish(folder, at_day(reading("a"), 1))
    assert (folder / NOTICE).exists()
    (folder / TWIN).unlink()
    result = prepared(folder, reading("c"))
    assert [one.path for one in result.superseded] == [NOTICE]
    assert NOTICE in {Path(edit.at.path).name for edit in result.edits}, "nobody is known to have written it"
    assert result.superseded[0].text.startswith(SUPERSEDED)


def test_a_set_under_an_earlier_name_of_the_project_is_told(folder: Path) -> None:
    data = json.loads((folder / TWIN).read_text())
    for name, environment in (("sit_orders", "sit"), ("sit_eu_orders", "sit_eu"), ("prod_orders", "prod")):
        other = {**data, "environment": {**data["environment"], "name": environment}}
        (folder / f"{name}_assessment.json").write_text(json.dumps(other))
    told = [str(one) for one in prepared(folder, reading("c")).warnings]
    assert len(told) == 1
    assert "sit_orders_assessment.json" in told[0]
    assert "E612" in told[0]


def test_a_document_that_is_written_no_more_is_superseded(folder: Path) -> None:
    publish(folder, at_day(reading("a"), 1))
    assert (folder / NOTICE).exists(), "the verdict has changed"
    publish(folder, at_day(reading("a"), 2))
    text = (folder / NOTICE).read_text()
    assert text.startswith(SUPERSEDED)
    assert "# CORRECTED STATUS" in text
    assert NOTICE in (folder / INDEX).read_text()
    assert not prepared(folder, at_day(reading("a"), 2)).changed
    publish(folder, at_day(reading("a"), 3))
    assert (folder / NOTICE).read_text() == text, "one such line is enough"
    result = publish(folder, at_day(reading("b"), 4))
    assert not result.edits
    assert (folder / NOTICE).read_text().startswith("# CORRECTED STATUS")


HAND = {
    "a figure": (BRIEF, lambda text: text.replace("0/100", "90/100", 1), "+ ", "90/100"),
    "a line more": (
        SUMMARY,
        lambda text: text.replace("## QUICK STATUS", "All is well.\n\n## QUICK STATUS"),
        "+ ",
        "well",
    ),
    "a line less": (INDEX, lambda text: text.replace("### Quick Reference\n", ""), "- ", "Quick Reference"),
    "a word of a task": (HOME, lambda text: text.replace("- [ ] Meet", "- [ ] Do not meet", 1), "+ ", "Do not meet"),
    "a snippet": (HOME, lambda text: text.replace("aws_backup_vault", "my_vault", 1), "+ ", "my_vault"),
    "a mark": (HOME, lambda text: text.replace("<!-- end notes:tables -->\n", "", 1), "- ", "end notes:tables"),
    "everything": (BRIEF, lambda text: "mine\n", "+ ", "mine"),
}


@pytest.mark.parametrize("case", HAND.values(), ids=HAND)
def test_what_is_changed_by_hand_is_found(folder: Path, case: tuple[str, Callable[[str], str], str, str]) -> None:
    name, change, sign, words = case
    edit(folder / name, change)
    (found,) = prepared(folder, at_day(reading("b"), 1)).edits
    assert found.at.path == f"deployments/{name}"
    assert any(sign in line and words in line for line in found.excerpt), found.excerpt
    line = found.at.line
    if sign == "+ " and case is not HAND["everything"]:
        assert words in (folder / name).read_text().splitlines()[line - 1]


@pytest.mark.parametrize("ending", ["\r\n", ""], ids=["CRLF", "no last line end"])
def test_what_git_and_editors_do_is_no_change(folder: Path, ending: str) -> None:
    for path in folder.glob("*.md"):
        text = path.read_text()
        path.write_bytes((text.replace("\n", ending) if ending else text.rstrip("\n")).encode())
    assert not prepared(folder, reading("b")).changed
    assert not publish(folder, at_day(reading("b"), 1)).edits


def test_a_file_that_nobody_recorded_is_not_ours(tmp_path: Path) -> None:
    directory = tmp_path / "deployments"
    directory.mkdir()
    (directory / SUMMARY).write_text("# Mine\n")
    (found,) = prepared(directory, reading("b")).edits
    assert (found.at.line, "no earlier run" in found.what) == (0, True)


@pytest.mark.parametrize("left", [0, 1, 3, 6, 7])
def test_a_run_that_was_killed_is_finished_by_the_next(folder: Path, left: int) -> None:
    """Of the second run only the first `left` files have taken their places, its JSON lies beside them."""
    edit(
        folder / SUMMARY,
        lambda text: text.replace("<!-- task:tables/design -->", "<!-- task:tables/design -->\n  my note"),
    )
    result = prepared(folder, at_day(reading("a"), 1))
    assert result.changed[0].path == HOME
    assert result.changed[-1] == result.twin
    write_documents(folder, result.changed[:left])
    if left < len(result.changed):
        (folder / ".readiness-0123456789abcdef.tmp").write_text(result.twin.text)
    after = prepared(folder, at_day(reading("c"), 2))
    assert not after.edits
    assert not after.warnings
    write_documents(folder, after.changed)
    assert "".join(path.read_text() for path in folder.glob("*.md")).count("  my note") == 1
    assert not prepared(folder, at_day(reading("c"), 2)).changed


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.published.folders import at_day, publish, reading
real, made = os.rename, []
def rename(*arguments, **options):
    made.append(1)
    if len(made) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **options)
os.rename = rename
publish(Path(sys.argv[1]), at_day(reading("a"), 1))
"""


def test_killed_between_two_renames(folder: Path) -> None:
    """A real process with a real end: what it leaves behind is enough to tell its documents from changes by hand."""
    ended = subprocess.run([sys.executable, "-c", KILLED, folder], cwd=ROOT, capture_output=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert list(folder.glob(".readiness-*.tmp"))
    assert twin(folder)["as_of"] == "2026-01-07T00:00:00"
    after = publish(folder, at_day(reading("c"), 2))
    assert (after.edits, after.warnings) == ((), ())
    assert not prepared(folder, at_day(reading("c"), 2)).changed


def test_a_half_written_set_is_repaired_by_the_same_run(folder: Path) -> None:
    """Without anything left beside it: what this run would write is not taken for somebody's words."""
    later = at_day(reading("a"), 1)
    write_documents(folder, prepared(folder, later).changed[:3])
    assert not publish(folder, later).edits
    assert not prepared(folder, later).changed


def break_json(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / TWIN).write_text(text)


BROKEN: dict[str, tuple[Callable[[Path], object], bool]] = {
    "no JSON": (break_json("{"), True),
    "another format": (lambda folder: change_twin(folder, lambda data: data.update(format="x")), True),
    "deep": (break_json("[" * 100_000), True),
    "NaN": (break_json('{"score": NaN}'), True),
    "a list": (break_json("[]"), True),
    "empty": (break_json(""), True),
    "a record of another shape": (lambda folder: change_twin(folder, lambda data: data.update(published=[1])), True),
    "a previous run that is none": (
        lambda folder: change_twin(folder, lambda data: data["published"].update(previous={"format": "x"})),
        True,
    ),
    "a pipe": (lambda folder: ((folder / TWIN).unlink(), os.mkfifo(folder / TWIN)), True),
    "a link": (lambda folder: ((folder / TWIN).unlink(), (folder / TWIN).symlink_to("/etc/passwd")), True),
    "a folder": (lambda folder: ((folder / TWIN).unlink(), (folder / TWIN).mkdir()), True),
    "too large": (lambda folder: os.truncate(folder / TWIN, 100 * 1024 * 1024), True),
    "not there": (lambda folder: (folder / TWIN).unlink(), False),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_an_earlier_json_that_cannot_be_used_is_told(folder: Path, case: tuple[Callable[[Path], object], bool]) -> None:
    spoil, is_told = case
    spoil(folder)
    result = prepared(folder, at_day(reading("b"), 1))
    assert [warning.at.path for warning in result.warnings] == [f"deployments/{TWIN}"] * is_told
    assert all("\n" not in str(warning) and "root:" not in str(warning) for warning in result.warnings)
    assert result.documents[0].path == BRIEF


def test_the_large_texts_are_not_held(folder: Path) -> None:
    """Of a thousand tables each takes more memory than the whole assessment."""
    past = past_of(at_day(reading("b"), 1), found(folder))
    assert (past.folder.data, past.folder.text(TWIN)) == (None, "")
    assert past.folder.text(SUMMARY)
    result = publication(at_day(reading("b"), 1), past, directory="deployments")
    assert result.twin in result.changed
    assert "text" not in result.twin.__dict__
    current = prepared(folder, reading("b"))
    assert not current.changed
    assert "text" not in current.twin.__dict__


def test_of_a_json_that_is_too_large_the_way_out_is_told(folder: Path) -> None:
    os.truncate(folder / TWIN, MAX_BYTES + 1)
    (warning,) = prepared(folder, at_day(reading("b"), 1)).warnings
    assert f"larger than {MAX_BYTES} bytes; let --force write the set anew" in str(warning)


CHANGED: dict[str, Callable[[Path], object]] = {
    "a document": lambda folder: edit(folder / SUMMARY, lambda text: f"{text} "),
    "the JSON": lambda folder: edit(folder / TWIN, lambda text: f"{text} "),
    "one is gone": lambda folder: (folder / SUMMARY).unlink(),
    "one is a link now": lambda folder: (folder / SUMMARY).rename(folder / "x") and (folder / SUMMARY).symlink_to("x"),
    "one has come": lambda folder: (folder / NOTICE).write_text(""),
    "the folder is gone": lambda folder: folder.rename(folder.parent / "x"),
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_folder_that_changes_meanwhile_is_seen(folder: Path, change: Callable[[Path], object]) -> None:
    def is_same() -> bool:
        return is_still(files, folder, project=folder.parent, environment="sit", slug="dynamodb_schemas")

    files = list_folder(folder, project=folder.parent, environment="sit", slug="dynamodb_schemas").files
    assert is_same()
    change(folder)
    assert not is_same()


def test_what_cannot_be_read_is_the_same_as_long_as_it_cannot(folder: Path) -> None:
    (folder / SUMMARY).write_bytes(b"\xff")
    listed = list_folder(folder, project=folder.parent, environment="sit", slug="dynamodb_schemas")
    assert isinstance(listed.files[SUMMARY], Refused)
    assert is_still(listed.files, folder, project=folder.parent, environment="sit", slug="dynamodb_schemas")
    (folder / SUMMARY).write_text("a text")
    assert not is_still(listed.files, folder, project=folder.parent, environment="sit", slug="dynamodb_schemas")


def test_a_record_reaches_no_other_file(folder: Path) -> None:
    """Names of files that are no documents of the set, in the folder or out of it, are not looked at."""
    (folder / "notes.md").write_text("mine\n")
    (folder.parent / "main.tf").write_text("locals {}\n")
    names = ("../main.tf", "notes.md", "/etc/passwd", "..", "", "prod_dynamodb_schemas_summary.md")
    change_twin(
        folder,
        lambda data: data["published"]["documents"].extend(
            {"path": name, "sha256": "0" * 64, "lines": "000000"} for name in names
        ),
    )
    result = publish(folder, at_day(reading("b"), 1))
    assert not result.superseded
    assert not {one["path"] for one in twin(folder)["published"]["documents"]} & set(names)
    assert (folder / "notes.md").read_text() == "mine\n"


def test_text_of_an_earlier_json_stays_inert_and_secrets_stay_out(folder: Path) -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    markup = f"<script>x</script> [x](https://example.invalid) \x1b[2J {secret}"

    def spoil(data: dict[str, Any]) -> None:
        data["reason"] = markup
        data["published"]["history"] = [
            {"as_of": markup, "commit": markup, "verdict": markup, "score": markup, "change": markup}
        ]

    change_twin(folder, spoil)
    publish(folder, at_day(reading("b"), 1))
    for path in folder.iterdir():
        text = path.read_text()
        assert secret not in text, path.name
        assert "\x1b" not in text, path.name
        if path.suffix == ".md":
            assert "<script>" not in text.replace("`<script>", "").replace("\\<script>", ""), path.name


@each(
    ("name", "is_one"),
    [
        (HOME, True),
        (INDEX, True),
        (TWIN, True),
        (NOTICE, True),
        ("prod_dynamodb_schemas_summary.md", False),
        ("sit_other_summary.md", False),
        ("main.tf", False),
        ("../" + HOME, False),
    ],
)
def test_names_of_a_set(name: str, is_one: bool) -> None:
    assert is_name_of_set(name, "sit", "dynamodb_schemas") is is_one
