"""The page of figures has its sections and every target, whatever was measured."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.results import Imports, Results
from benchmarks.table import NOTHING, page
from benchmarks.targets import TARGETS
from tests.benchmarks.made import results

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
SECTIONS = [
    "Machine",
    "Targets",
    "How it is measured",
    "Start",
    "Assessments",
    "Growth",
    "Imports",
    "Many in one process",
    "Many projects",
    "Measure again",
]
FIRST = "assess, first run"


def sections(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("text", [page(Results()), PAGE.read_text()], ids=["nothing measured", "docs/performance.md"])
def test_the_page_has_every_section_and_target(text: str) -> None:
    assert sections(text) == SECTIONS
    for target in TARGETS:
        assert re.search(
            rf"^\| {re.escape(target.name)} \| .+ \| {re.escape(target.limit)} \| .+ \|$", text, re.MULTILINE
        )
    assert "@" not in re.sub(r"`[^`]*`", "", text)


def test_figures_are_medians_and_what_failed_is_named() -> None:
    measured = results(
        {
            "example": {FIRST: [(1, 50), (3, 70), (2, 60)], "checkov": [(10, 200)] * 3},
            "growth": {"125 tables": [(1, 50)], "250 tables": [(2.5, 60)]},
            "process": {"assess": [(1, 60)], "one in one process": [(1, 60)], "21 in one process": [(5, 90)]},
        }
    )
    measured.races["example"].failed["trivy"] = "ended with exit code 2 after 1.0 s"  # type: ignore[index]
    measured = replace(measured, rounds={"example": 3, "process": 1}, others={"example": 0.1, "process": 0.84})
    text = page(measured)
    assert f"| `{FIRST}` | 2.000 s | 1.000 s | 60 MB | 1.00 |" in text
    assert "| `checkov` | 10.000 s | 5.000 s | 200 MB | 5.00 |" in text
    assert "`trivy` is left out: it ended with exit code 2 after 1.0 s." in text
    assert "| 250 tables | 2.500 s | 1.250 s | 60 MB | x 2.50 | x 1.20 |" in text
    assert "Medians of 3 rounds.\n" in text
    assert "One round. Other programs kept 0.8 processors busy meanwhile: the figures are disturbed." in text
    assert "| second run / first, files unchanged | - | <= 0.6 | not measured | 3 |" in text
    assert "A further project costs 0.20 of a run of its own; all take 1.50 of the memory of one." in text


def test_imports_have_a_row_per_command() -> None:
    text = page(Results(imports=(Imports("--version", 12.34, 49, 6),)))
    assert "| `readiness --version` | 12 ms | 49 | 6 |" in text
    assert NOTHING in text
