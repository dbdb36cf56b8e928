"""The layout of Terraform files is told as the real formatter tells it, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.terraform.canonical import Uncovered, unformatted_lines
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.limits import MAX_NESTING
from tests.cases import each

HERE = Path(__file__).parent
ANSWERS: list[dict[str, Any]] = json.loads((HERE / "answers.json").read_text())
"""Made by `make_answers.py`; `lines` is null where the real formatter refuses the text."""

UNCOVERED = 0.06
"""The most of the answers that may be left untold."""


def told(text: str) -> list[int] | str:
    """The lines, or why there is no answer."""
    try:
        return list(unformatted_lines(text))
    except (Uncovered, Fault) as reason:
        return str(reason)


def test_answers_are_many_and_of_both_kinds() -> None:
    accepted = [one["lines"] for one in ANSWERS if one["lines"] is not None]
    assert len(accepted) >= 200
    assert min(sum(map(bool, accepted)), sum(not lines for lines in accepted)) >= 50


@each("answer", ANSWERS, ids=lambda one: repr(one["text"][:40]))
def test_lines_are_those_of_the_real_formatter(answer: dict[str, Any]) -> None:
    lines = told(answer["text"])
    if answer["lines"] is not None and isinstance(lines, list):
        assert lines == answer["lines"]


def test_few_texts_are_left_untold() -> None:
    untold = [one["text"] for one in ANSWERS if one["lines"] is not None and isinstance(told(one["text"]), str)]
    assert len(untold) <= UNCOVERED * len(ANSWERS)


DEPTHS = (MAX_NESTING - 1, MAX_NESTING, MAX_NESTING + 1)
WHOLE = [
    *(one["text"] for one in ANSWERS if one["text"].endswith("\n")),
    *("a = " + "[\n" * depth + '"b"\n' + "]\n" * depth for depth in DEPTHS),
    *("a = " + "[\n" * (depth - 2) + '"${f(1)}"\n' + "]\n" * (depth - 2) for depth in DEPTHS),
    *(
        "a = [\n)\n",
        "a = [\n",
        "}\n",
        "a = 1 # b  \nc = 2 // d\t\n",
        'a = "b\\\n"\n',
        'a = "s3:/*/*" # /*\n',
        "a = [ \n ]\n",
    ),
]
"""Whole lines, also of what is no configuration."""


@each("text", WHOLE, ids=lambda text: repr(text[:40]))
def test_a_heredoc_further_down_changes_no_line(text: str) -> None:
    assert told(text + "\nlast = <<END\nEND\n") == told(text)


@each(
    ("text", "reason"),
    [
        ("a = 1 /* x */\n", "comments between /* and */"),
        ("a = 1\r\n", "carriage returns"),
        ('a = "${b}"\n', "values that are one template"),
        ('a = "x${\n  b\n}"\n', "templates that go over several lines"),
        ("block a {\n}\n", "labels without quotes"),
        ('variable "x" {\n  type = "string"\n}\n', "types as older versions wrote them"),
        ('a = "\u0378" # b\n', "characters that are not known here"),
    ],
)
def test_what_is_not_followed_is_told(text: str, reason: str) -> None:
    with pytest.raises(Uncovered, match="^" + reason.replace("*", r"\*") + "$"):
        unformatted_lines(text)
