"""Values are printed as the real console prints them, and any text at all gets an answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.errors import Diagnostic
from bbws_readiness.source import Location
from bbws_readiness.terraform import Session
from bbws_readiness.terraform.console_text import console_text
from tests.terraform.memory import MemoryFiles

LANGUAGE = Path(__file__).parent.parent / "language"
ANSWERS = json.loads((LANGUAGE / "console.json").read_text())
HERE = Location("<expression>", 1)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(MemoryFiles({"setting.tf": (LANGUAGE / "console.tf").read_text()}), ".")


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["expression"][:60] for answer in ANSWERS])
def test_prints_what_terraform_prints(answer: dict[str, Any], session: Session) -> None:
    found = session.ask(answer["expression"], HERE)
    if answer.get("refused"):
        assert isinstance(found, Diagnostic)
        assert found.summary
    else:
        assert not isinstance(found, Diagnostic), found
        assert console_text(found) == answer["prints"]
