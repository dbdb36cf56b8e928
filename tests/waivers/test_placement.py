"""Where waivers are found, and the lines they are about, language by language."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.source import Source
from bbws_readiness.waivers.layout import Extent
from bbws_readiness.waivers.read import read_waivers, same_in
from bbws_readiness.waivers.waiver import MAX_WAIVERS
from tests.cases import each
from tests.data import data

CASES = data(Path(__file__).parent / "cases" / "placement.yaml")
WAIVER = "readiness: ignore[TBL001] until=2026-03-31 by=dba reason=why"


def source_of(path: str, text: str) -> Source:
    text = text.replace("WAIVER", WAIVER)
    return Source(path, text, len(text.encode()), hashlib.sha256(text.encode()).hexdigest())


def shown(extent: Extent | None) -> str:
    if extent is None:
        return "nothing"
    if extent.whole:
        return "file"
    return str(extent.first) if extent.first == extent.last else f"{extent.first}-{extent.last}"


@each("case", CASES, ids=lambda case: f"{case['file']} {case['name']}")
def test_placement(case: dict[str, Any]) -> None:
    found, more = read_waivers([source_of(case["file"], case["text"])])
    assert {one.at.line: shown(one.extent) for one in found} == case["about"]
    assert more == 0


@each("word", ["readiness", "READINESS", "Readine\u017fs"])
@each("beside", ["plain", "gr\u00fcn"])
def test_letter_case_does_not_hide_a_waiver(word: str, beside: str) -> None:
    found, _ = read_waivers([source_of("a.tf", f"# {beside}\n# {word}: ignore[x]\na = 1\n")])
    assert len(found) == 1


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(
    ("path", "line"),
    [("a.tf", "# {}\na = 1\n"), ("a.yml", "# {}\n- a\n"), ("a.py", "# {}\na = 1\n"), ("a.md", "<!-- {} -->\n")],
)
def test_so_many_waivers_are_counted(path: str, line: str) -> None:
    found, more = read_waivers([source_of(path, line.format("WAIVER") * 3000)])
    assert (len(found), more) == (MAX_WAIVERS, 3000 - MAX_WAIVERS)


@each(
    ("path", "text"),
    [
        ("a.tf", "# WAIVER" + " " * 900_000),
        ("a.tf", "/* readiness: ignore[" + "a," * 400_000 + "] */"),
        ("a.tf", '# readiness: ignore[a] reason="' + "\\" * 900_000),
        ("a.yml", "# WAIVER\n" + "[" * 900_000),
        ("a.yml", "# WAIVER\n- run: |\n    " + "\"$('" * 200_000),
        ("a.sh", "# WAIVER\n" + "cat <<E\n" * 100_000),
        ("a.md", "readiness: ignore\n\n" + "<!--\n" * 19_000),
        ("a.md", "readiness: ignore " + "`" * 900_000),
    ],
)
def test_hostile_texts_end_in_an_answer(path: str, text: str) -> None:
    assert len(read_waivers([source_of(path, text)])[0]) <= 1


@each(
    ("base", "head", "same"),
    [
        ("# WAIVER\na {\n}\n", "# WAIVER\na {\n}\n", True),
        ("# WAIVER\na {\n}\n", "b = 1\n\n#   WAIVER\na {\n  c = 1\n}\n", True),
        ("# WAIVER\na {\n}\n", "# WAIVER\nb {\n}\n", False),
        ("a {\n  # WAIVER\n  x = 1\n}\nb {\n}\n", "a {\n}\nb {\n  # WAIVER\n  x = 1\n}\n", False),
        ("# WAIVER\na {\n}\n", "# WAIVER\n\na {\n}\n", False),
        ("# WAIVER\n\na {\n}\n", "# WAIVER\n\nb {\n}\n", True),
        ("a {\n}\n", "# WAIVER\na {\n}\n", False),
        ("# WAIVER x\na {\n}\n", "# WAIVER\na {\n}\n", False),
        ("a = 1 # WAIVER\n", "b = 1 # WAIVER\n", False),
        ('# WAIVER\na = "\n', "# WAIVER\na = 1\n", False),
    ],
)
def test_the_same_waiver_stands_at_the_same_thing(base: str, head: str, *, same: bool) -> None:
    (written,), _ = read_waivers([source_of("a.tf", head)])
    assert same_in(written, source_of("a.tf", base)) is same
