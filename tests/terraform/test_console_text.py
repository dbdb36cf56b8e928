"""Values are printed as the real console prints them, and any text at all gets an answer."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import Location
from bbws_readiness.terraform import Session
from bbws_readiness.terraform.console_text import UNKNOWN_TEXT, console_text
from tests.cases import each
from tests.terraform.memory import MemoryFiles

LANGUAGE = Path(__file__).parent.parent / "language"
ANSWERS = json.loads((LANGUAGE / "console.json").read_text())
HERE = Location("<expression>", 1)

DIFFERS_ON_PURPOSE = {
    # What was once sensitive is never shown.
    "nonsensitive(var.password)": "(sensitive value)",
    # The console keeps the sign of a floating point zero; everywhere else Terraform prints 0, too.
    # The argument is written in the file, so it is known; the console has no state to look it up in.
    "terraform_data.some.input": '"known"',
}


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(MemoryFiles({"setting.tf": (LANGUAGE / "console.tf").read_text()}), ".")


@each("answer", ANSWERS, ids=[answer["expression"][:60] for answer in ANSWERS])
def test_prints_what_terraform_prints(answer: dict[str, Any], session: Session) -> None:
    found = session.ask(answer["expression"], HERE)
    if answer.get("refused"):
        assert isinstance(found, Diagnostic)
        assert found.summary
    else:
        assert not isinstance(found, Diagnostic), found
        expected = DIFFERS_ON_PURPOSE.get(answer["expression"], answer["prints"])
        if found.reason.endswith("is not evaluated"):
            expected = UNKNOWN_TEXT
        assert console_text(found) == expected


@settings(deadline=None)
@given(st.text(st.characters(), max_size=80))
@example('"${' * 40)
@example("(" * 500)
@example("1" + "+1" * 500)
@example('"\ud800"')
@example("[for a in range(1000): [for b in range(1000): [for c in range(1000): c]]]")
def test_any_text_has_an_answer(text: str) -> None:
    session = Session(MemoryFiles({"setting.tf": "locals {\n  a = 1\n}\n"}), ".")
    found = session.ask(text, HERE)
    assert isinstance(found, Diagnostic) or console_text(found)


@each("text", ["x" * 70_000, '"' + "a" * 70_000 + '"', "1+" * 40_000 + "1"], ids=len)
def test_a_long_expression_is_refused_before_it_is_read(text: str, session: Session) -> None:
    found = session.ask(text, HERE)
    assert isinstance(found, Diagnostic)
    assert "longer than" in found.summary
