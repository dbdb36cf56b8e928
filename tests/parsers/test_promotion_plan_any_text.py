"""Whatever a file holds, the plan parser answers, points into the file, and takes its time in proportion."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.parsers.promotion_plan import is_plan, parse_plan
from bbws_readiness.parsers.promotion_plan.markdown import MAX_LINES
from bbws_readiness.source import Location, Source

CASE = (Path(__file__).parent / "cases/promotion_plan/invoice_lambda.md").read_text()
LINES = CASE.split("\n")
HEAD = "# Promotion Plan: x\n\n"

PIECES = st.sampled_from(
    [
        *("# Promotion Plan: x\n", "## Promotion Timeline\n", "## Project Overview\n", "## Phase 1: SIT\n"),
        *("### Pre-Deployment Checklist (Mar 9-10)\n", "#### Step 1: a\n", "## Success Criteria\n"),
        *("- [ ] ", "- [x] ", "  - ", "    - ", "\n", "\n\n", "\r\n", "\r", "```\n", "```bash\n", "~~~", "> ", "---\n"),
        *(
            "| **Tables** | 3 (a, b, c) |\n",
            "|-|-|\n",
            "|",
            "**CRITICAL:** ",
            "**Created**: ",
            "2026-02-30",
            "9999-12-31",
        ),
        *(
            "PHASE 1: SIT (Mar 9, 9999)\n",
            "├─ a (Dec 31)\n",
            "(GSI: A, B)",
            "tables",
            "`a-sit`",
            "(",
            ")",
            "<!--",
            "<a>",
        ),
        *(
            "cd ..\n",
            "'",
            '"',
            "$(",
            "\\\n",
            "<<EOF\n",
            "for x in a-sit; do\n",
            "backups (5 days SIT)",
            "\x0c",
            "\u2028",
        ),
        *("99999 tables", "Jan 99", "Feb 29, 0000", "٣ tables", "²", "| 000000000000 |"),
    ]
)
ANY_TEXT = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=60).map("".join)


def source_of(text: str) -> Source:
    return Source("plan.md", text, len(text), "")


def places(value: object) -> Iterator[Location]:
    if isinstance(value, Location):
        yield value
    elif isinstance(value, Struct):
        for entry in value.__struct_fields__:
            yield from places(getattr(value, entry))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from places(part)
    elif isinstance(value, dict):
        yield from places(tuple(value.values()))


def check(text: str) -> None:
    source = source_of(text)
    plan, diagnostics = parse_plan(source)
    assert is_plan(source) == (not any(found.severity is DiagnosticSeverity.ERROR for found in diagnostics))
    for place in places((plan, diagnostics)):
        assert 0 <= place.line <= len(source.lines)
        assert place.column >= 1


@given(ANY_TEXT)
@settings(deadline=None)
def test_any_text(text: str) -> None:
    check(text)
    check(HEAD + text)


@given(st.lists(st.integers(0, len(LINES) - 1), max_size=12), st.lists(st.integers(0, len(LINES) - 1), max_size=4))
@settings(deadline=None, max_examples=40)
def test_any_plan_with_lines_lost_and_repeated(lost: list[int], repeated: list[int]) -> None:
    kept = [line for number, line in enumerate(LINES) if number not in lost]
    check("\n".join(kept + [LINES[number] for number in repeated]))


@given(st.integers(0, len(CASE)), PIECES)
@settings(deadline=None, max_examples=60)
def test_any_plan_with_something_put_in(position: int, piece: str) -> None:
    check(CASE[:position] + piece + CASE[position:])


DEEP = {
    "quotes": "> " * 5000 + "a",
    "lists": "".join("  " * depth + "- [ ] a\n" for depth in range(300)),
    "same line": "- " * 5000 + "a",
    "brackets": "- [ ] " + "(" * 100_000,
    "marks": "**" * 200_000,
    "code": "- " + "`a " * 100_000,
    "cells": "|a" * 50_000 + "\n" + "|-" * 50_000 + "\n" + "|b" * 50_000,
    "headings": "## " + "a (" * 100_000,
    "shell": "```bash\n" + "( $( " * 50_000 + "\n```\n",
    "one line": "1 tables all " * 80_000,
    "carriage returns": "\r" * 500_000,
    "timeline": "## Promotion Timeline\n\n```\n" + "├─ a (Mar 1)\n" * 15_000 + "```\n",
    "entries": "- [ ] All 5 tables: `a-sit` (GSI: A, B)\n" * 15_000,
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP.keys())
def test_deep_and_long_text_ends(body: str) -> None:
    check(HEAD + body)


@pytest.mark.parametrize(("lines", "read"), [(MAX_LINES, True), (MAX_LINES + 1, False)])
def test_number_of_lines_is_bounded(lines: int, read: bool) -> None:
    text = HEAD + "\n" * (lines - HEAD.count("\n"))
    _, diagnostics = parse_plan(source_of(text))
    refused: list[Diagnostic] = [found for found in diagnostics if found.severity is DiagnosticSeverity.ERROR]
    assert (not refused) == read
