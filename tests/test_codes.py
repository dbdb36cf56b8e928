"""Every kind of fault has one code, which is used, documented and explained."""

import ast
import re
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from bbws_readiness.cli.main import readiness
from bbws_readiness.codes import Code
from bbws_readiness.errors import (
    MAX_NAME,
    MAX_TEXT,
    Diagnostic,
    DiagnosticSeverity,
    NothingToAssess,
    ReadinessError,
    UsageError,
)
from bbws_readiness.source import Location
from tests.cases import each

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bbws_readiness"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
A_CODE = re.compile(r"\bE[1-8][0-9]{2}\b")


def named_members() -> set[str]:
    """The members that the package names outside the table itself."""
    return {
        node.attr
        for module in PACKAGE.rglob("*.py")
        if module.name != "codes.py"
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Code"
    }


def test_codes_are_unique_and_ordered() -> None:
    codes = [code.code for code in Code]
    assert codes == sorted(set(codes))
    assert all(A_CODE.fullmatch(code) for code in codes)


@each("code", Code, ids=lambda code: code.code)
def test_a_code_is_told_in_sentences(code: Code) -> None:
    for text in (code.meaning, code.way_out):
        assert text.endswith("."), text
        assert "\n" not in text


def test_every_code_is_used() -> None:
    assert {code.name for code in Code} - named_members() == set()


def test_the_page_is_made_from_the_table() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    page: Path = made["PAGE"]
    assert page.read_text(encoding="utf-8") == made["page"](), "run `make docs`"


@each("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_documentation_names_known_codes(page: Path) -> None:
    assert set(A_CODE.findall(page.read_text(encoding="utf-8"))) <= {code.code for code in Code}


@each("code", Code, ids=lambda code: code.code)
def test_explain_tells_each(code: Code) -> None:
    arguments = ["explain", code.code.lower(), "--color", "never"]
    told = CliRunner().invoke(readiness, arguments, standalone_mode=False).output
    assert told.startswith(f"{code.code}: {code.meaning}\n")
    assert " ".join(told.split()).endswith(code.way_out)


def test_explain_suggests_a_near_code() -> None:
    caught = CliRunner().invoke(readiness, ["explain", "E1080"], standalone_mode=False).exception
    assert isinstance(caught, UsageError)
    assert caught.line == 'E706: there is no code "E1080"; did you mean "E108"? docs/diagnostics.md lists them'


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        (Location("main.tf", 2, 7), "main.tf:2:7: error E108: not UTF-8; save it as UTF-8"),
        (Location("main.tf", 0), "main.tf: error E108: not UTF-8; save it as UTF-8"),
    ],
)
def test_a_diagnostic_is_one_line(place: Location, printed: str) -> None:
    fault = Diagnostic(DiagnosticSeverity.ERROR, "not UTF-8", place, "save it as UTF-8", code=Code.NOT_UTF8)
    assert str(fault) == printed


@each(
    ("error", "line"),
    [
        (ReadinessError("a", at=Location("x.yaml", 1, 3), hint="b", code=Code.YAML), "E401: x.yaml:1:3: a; b"),
        (ReadinessError("a", at=Location("x.yaml", 0)), "E701: x.yaml: a"),
        (NothingToAssess("nothing"), "E705: nothing"),
        (UsageError("two\nlines"), "E701: two lines"),
    ],
)
def test_an_error_is_one_line(error: ReadinessError, line: str) -> None:
    assert error.line == line


@each("size", [MAX_TEXT - 1, MAX_TEXT, MAX_TEXT + 1])
def test_a_long_text_is_cut(size: int) -> None:
    text = ("abcdef " * MAX_TEXT)[:size]
    told = str(UsageError(text))
    assert told == (text if size <= MAX_TEXT else text[: MAX_TEXT - 1] + "…")


@each("size", [MAX_NAME - 1, MAX_NAME, MAX_NAME + 1])
@each("written", ['"{}" is not one', "{} is not one", '"a" and "{}"'])
def test_a_long_name_is_shortened(size: int, written: str) -> None:
    name = "n" * size
    shown = name if size <= MAX_NAME else "n" * (MAX_NAME - 1) + "…"
    fault = Diagnostic(DiagnosticSeverity.ERROR, written.format(name), Location("a", 0), code=Code.SYNTAX)
    assert fault.summary == written.format(shown)


def test_a_name_does_not_break_the_line() -> None:
    fault = Diagnostic(DiagnosticSeverity.ERROR, 'no "a\nb\u2028c"', Location("a", 1), "d\re", code=Code.SYNTAX)
    assert str(fault) == 'a:1:1: error E201: no "a b c"; d e'
    assert fault.line == 'E201: a:1:1: no "a b c"; d e'
