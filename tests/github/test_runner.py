"""What a step writes for the runner stays within its limits and sets nothing but what it says."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.errors import NotWritten
from bbws_readiness.github.outputs import write_outputs
from bbws_readiness.github.summary import LEFT_OUT, MAX_BYTES, append_summary, fitting

SECTION = "<details><summary>More</summary>\n\n| a |\n|---|\n| b |\n\nand 3 more\n\n</details>"
FENCED = "```text\none\n\ntwo <details>\n```"
TEXT = f"## Verdict\n\n{SECTION}\n\n{FENCED}\n\nlast\n"


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "file"
    path.touch()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    monkeypatch.setenv("GITHUB_OUTPUT", str(path))
    return path


def test_outside_of_a_workflow_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.setenv("GITHUB_OUTPUT", "")
    assert not append_summary("text")
    assert not write_outputs({"a": "b"})


def test_what_is_there_stays_and_a_line_begins_anew(named: Path) -> None:
    named.write_text("before")
    assert append_summary("one\n")
    assert append_summary("two")
    assert named.read_text() == "before\none\ntwo\n"


def test_a_summary_is_cut_after_whole_sections(named: Path) -> None:
    pieces = ["## Verdict", SECTION, FENCED, "last"]
    whole = ["\n\n".join(pieces[:number]) + LEFT_OUT for number in range(1, 4)]
    cut = {fitting(TEXT, room) for room in range(len(TEXT) + 1)}
    assert cut == {"", *(one for one in whole if len(one) < len(TEXT)), TEXT}
    named.write_text("x" * (MAX_BYTES - 100))
    append_summary(TEXT)
    assert len(named.read_bytes()) <= MAX_BYTES
    named.write_text("x" * (MAX_BYTES - 10))
    with pytest.raises(NotWritten, match="no room"):
        append_summary(TEXT)
    assert len(named.read_bytes()) == MAX_BYTES - 10


@pytest.mark.parametrize("kind", ["missing", "folder", "link", "pipe", "NUL"])
def test_what_is_no_file_of_the_runner_is_not_written_to(
    named: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    place = named.parent / "place"
    match kind:
        case "folder":
            place.mkdir()
        case "link":
            place.symlink_to(named)
        case "pipe":
            os.mkfifo(place)
    for variable, write in (("GITHUB_STEP_SUMMARY", append_summary), ("GITHUB_OUTPUT", lambda _: write_outputs({}))):
        monkeypatch.setenv(variable, str(place))
        with pytest.raises(NotWritten, match=variable):
            write("text")
    assert named.read_text() == ""


def parsed(text: str) -> dict[str, str]:
    """As the runner reads the file: up to the first `=` of a line, unless `<<` comes before it."""
    found = {}
    for line in text.split("\n"):
        if line:
            name, equals, value = line.partition("=")
            assert equals
            assert "<<" not in name
            found[name] = value.removesuffix("\r")
    return found


@given(value=st.text() | st.sampled_from(["a\nverdict=READY", "a\r\nb", "x<<EOF\n1\nEOF", "\u2028verdict=READY"]))
def test_a_value_sets_its_own_output_alone(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    path = tmp_path_factory.getbasetemp() / "outputs"
    path.write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_OUTPUT", str(path))
        write_outputs({"verdict": "BLOCKED", "json-file": value, "comment-id": 5})
    found = parsed(path.read_bytes().decode())
    assert list(found) == ["verdict", "json-file", "comment-id"]
    assert (found["verdict"], found["comment-id"]) == ("BLOCKED", "5")
    if value.isprintable():
        assert found["json-file"] == value
