"""Annotations stand at the lines of the findings, most severe first, and never more of a level than GitHub takes."""

from collections import Counter

import pytest
from msgspec.structs import replace

from bbws_readiness.engine.rule import Severity
from bbws_readiness.render.formats.annotations import MOST
from bbws_readiness.render.formats.reported import grave, reported
from bbws_readiness.source import Location
from tests.example import assessed
from tests.render.formats.forms import annotations
from tests.render.sample import blocked


@pytest.mark.parametrize("reading", ["a", "b", "c"])
def test_the_most_severe_come_first(reading: str) -> None:
    assessment = assessed(reading)
    told = annotations(assessment)
    expected = [one.message for one in reported(assessment) if grave(one)][:MOST]
    assert [one["message"] for one in told if one["level"] == "error"] == expected
    assert all(number <= MOST for number in Counter(one["level"] for one in told).values())
    assert all(one["file"] and int(one["line"]) > 0 for one in told[:-1])


def test_the_last_one_tells_the_verdict_and_how_many_are_not_shown() -> None:
    assessment = assessed("b")
    *shown, last = annotations(assessment)
    left_out = sum(1 for _ in reported(assessment)) - len(shown)
    assert left_out > 0
    assert last["title"] == "BLOCKED: DynamoDB Schemas to SIT"
    assert last["message"].endswith(f" {left_out} more findings not shown here; the other outputs have all of them.")


def test_a_decision_is_a_warning() -> None:
    levels = {one["title"].split()[0]: one["level"] for one in annotations(assessed("a"))[:-1]}
    assert levels["IDX001"] == "warning"
    assert "error" not in levels.values()


def test_levels_follow_the_severity() -> None:
    assessment = blocked()
    finding = next(reported(assessment))
    told = {
        severity: annotations(replace(assessment, findings=(replace(finding, severity=severity),)))[0]["level"]
        for severity in Severity
    }
    assert list(told.values()) == ["error", "error", "warning", "notice"]


def test_no_word_of_the_project_is_a_command() -> None:
    assessment = blocked()
    finding = replace(next(reported(assessment)), message="a\n::set-output name=x::y\r##[error]z AKIAIOSFODNN7EXAMPLQ")
    told = annotations(replace(assessment, findings=(finding,)))
    assert [one["level"] for one in told] == ["error", "notice"]
    assert told[0]["message"] == "a\n: :set-output name=x::y␍## [error]z (withheld)"


def test_a_place_outside_of_the_repository_is_named_by_its_words() -> None:
    assessment = blocked()
    finding = replace(next(reported(assessment)), at=Location("../plans/a.md", 7))
    told, _ = annotations(replace(assessment, findings=(finding,)), prefix="")
    assert (told.get("file"), told["message"]) == (None, f"{finding.message} (../plans/a.md:7)")
    told, _ = annotations(replace(assessment, findings=(finding,)), prefix="deep")
    assert (told["file"], told["line"], told["message"]) == ("plans/a.md", "7", finding.message)
