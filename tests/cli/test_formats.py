"""Which forms are wanted and where they go, and what cannot be meant."""

from pathlib import Path

import click
import pytest

from bbws_readiness.cli.formats import FormatType, Wanted, settled
from bbws_readiness.errors import UsageError
from tests.cases import each

TYPE = FormatType(["text", "json", "sarif"])


@each(
    ("value", "expected"),
    [
        ("json", Wanted("json")),
        ("json=-", Wanted("json")),
        ("sarif=out/a=b.sarif", Wanted("sarif", Path("out/a=b.sarif"))),
    ],
)
def test_a_value_is_read(value: str, expected: Wanted) -> None:
    assert TYPE.convert(value, None, None) == expected


@each("value", ["xml", "", "json=", "=a", "JSON"])
def test_what_is_no_format_is_refused(value: str) -> None:
    with pytest.raises(click.BadParameter):
        TYPE.convert(value, None, None)


@each(
    ("wanted", "output", "expected"),
    [
        ([], None, [Wanted("text")]),
        ([], Path("-"), [Wanted("text")]),
        ([Wanted("json")], Path("a.json"), [Wanted("json", Path("a.json"))]),
        (
            [Wanted("json", Path("a")), Wanted("text")],
            Path("b"),
            [Wanted("json", Path("a")), Wanted("text", Path("b"))],
        ),
    ],
)
def test_the_one_without_a_file_gets_the_output(
    wanted: list[Wanted], output: Path | None, expected: list[Wanted]
) -> None:
    assert settled(wanted, output) == tuple(expected)


@each(
    ("wanted", "output", "words"),
    [
        ([Wanted("json"), Wanted("text")], None, "json and text would both be printed"),
        ([Wanted("json", Path("a"))], Path("b"), "--output is for no format"),
        ([Wanted("json", Path("a")), Wanted("sarif", Path("./a"))], None, "one file"),
        ([Wanted("json", Path("a")), Wanted("sarif")], Path("a"), "one file"),
    ],
)
def test_what_cannot_be_meant_is_refused(wanted: list[Wanted], output: Path | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        settled(wanted, output)
