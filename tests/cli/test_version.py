"""The version is told before the command line is loaded, as the command line itself tells it."""

import errno
import io
import sys

import pytest
from click.testing import CliRunner

from bbws_readiness.cli.main import readiness
from bbws_readiness.cli.version import COMPLETION, version_answered


def answer(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> tuple[bool, str]:
    printed = io.StringIO()
    monkeypatch.setattr(sys, "argv", ["readiness", *words])
    monkeypatch.setattr(sys, "stdout", printed)
    return version_answered(), printed.getvalue()


class Full(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "")


@pytest.mark.parametrize("words", [["-V"], ["--version"], ["--debug", "--version"], ["--debug", "--debug", "-V"]])
def test_it_is_what_the_command_line_says(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    assert answer(monkeypatch, words) == (True, CliRunner().invoke(readiness, words).output)


@pytest.mark.parametrize(
    "words", [[], ["--debug"], ["-V", "--help"], ["--help", "-V"], ["assess", "-V"], ["--versions"], ["--version=1"]]
)
def test_everything_else_is_for_the_command_line(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    assert answer(monkeypatch, words) == (False, "")


def test_a_shell_that_asks_for_completions_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMPLETION, "bash_complete")
    assert answer(monkeypatch, ["--version"]) == (False, "")


def test_what_cannot_be_printed_is_left_to_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["readiness", "-V"])
    monkeypatch.setattr(sys, "stdout", None)
    assert not version_answered()
    monkeypatch.setattr(sys, "stdout", Full())
    assert not version_answered()
