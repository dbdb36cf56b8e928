"""What a waiver says, and what is told of one that is not well written."""

from pathlib import Path
from typing import Any

from bbws_readiness.waivers.directive import MAX_TEXT, is_directive, read_directive
from tests.cases import each
from tests.data import data

CASES = data(Path(__file__).parent / "cases" / "directives.yaml")


@each("case", CASES, ids=lambda case: case["text"])
def test_directive(case: dict[str, Any]) -> None:
    assert is_directive(case["text"])
    directive = read_directive(case["text"])
    if case["fault"]:
        assert directive.fault.startswith(case["fault"])
    else:
        assert (directive.fault, list(directive.names)) == ("", case["names"])
        assert set(directive.fields) == {"until", "by", "reason"}


@each(
    "text", ["", "readiness", "readiness: see below", "readiness: ready", "TODO readiness: ignore[a]", "# readiness: x"]
)
def test_other_comments_are_no_waivers(text: str) -> None:
    assert not is_directive(text)


def test_values_lose_their_quotes_and_escapes() -> None:
    directive = read_directive('readiness: ignore[a] until=2026-03-31 by="the dba" reason="a \\"b\\" \\\\ c"')
    assert directive.fields == {"until": "2026-03-31", "by": "the dba", "reason": 'a "b" \\ c'}


def test_a_giant_comment_is_malformed() -> None:
    directive = read_directive("readiness: ignore[a] " + "x" * 100_000)
    assert directive.fault.startswith(f"longer than {MAX_TEXT}")
    assert len(directive.text) <= MAX_TEXT
