"""Our parser accepts and refuses what the real Terraform does, and reads the same values."""

import json
from pathlib import Path
from typing import Any

from bbws_readiness.errors import DiagnosticSeverity
from bbws_readiness.source import Source
from bbws_readiness.terraform import evaluate_configuration
from bbws_readiness.terraform.syntax import parse_file
from tests.cases import each
from tests.data import data
from tests.terraform.memory import MemoryFiles

CORPUS = Path(__file__).parent.parent / "syntax"
VALUES = data(CORPUS / "values.yaml")
TEXTS = {path.stem: data(path) for path in sorted(CORPUS.glob("*.yaml")) if path.stem != "values"}

BEYOND_OUR_BUDGET = {"a = 1e999999999\n"}
"""What Terraform accepts and we refuse, on purpose."""
TOLD_WHERE_IT_OPENS = ("is not closed", 'without "%{end', 'behind "[*"')
"""Faults of which Terraform names one end and we the other, where a person has to go."""


@each("group", TEXTS)
def test_verdict_is_terraforms(group: str) -> None:
    wrong = []
    for entry in TEXTS[group]:
        try:
            require_verdict(entry)
        except AssertionError as difference:
            wrong.append(f"{entry['text']!r}: {difference}")
    assert not wrong, "\n".join(wrong)


def require_verdict(entry: dict[str, Any]) -> None:
    """Raises `AssertionError` where Terraform takes what we refuse, or the other way round, or tells another line."""
    # A reader of files has removed the byte order mark before.
    text = entry["text"].removeprefix("\ufeff")
    parsed = parse_file(Source("main.tf", text, len(text), ""))
    expected = entry.get("refused_at")
    if text in BEYOND_OUR_BUDGET:
        assert expected is None and parsed.body is None
        return
    assert (parsed.body is None) == (expected is not None), parsed.diagnostics
    for diagnostic in parsed.diagnostics:
        told_elsewhere = any(words in diagnostic.summary for words in TOLD_WHERE_IT_OPENS)
        assert told_elsewhere or diagnostic.at.line == expected, diagnostic


@each("entry", VALUES, ids=[repr(entry["expression"][:50]) for entry in VALUES])
def test_value_is_terraforms(entry: dict[str, Any]) -> None:
    text = f"locals {{\n  a = [\n{entry['expression']}\n]\n}}\n"
    evaluation = evaluate_configuration(MemoryFiles({"main.tf": text}), ".")
    assert [str(told) for told in evaluation.diagnostics if told.severity is DiagnosticSeverity.ERROR] == []
    (value,) = evaluation.locals["a"].value.to_python()
    # As JSON, because Python takes `True` and 1 for equal.
    assert json.dumps(value, default=float, sort_keys=True) == json.dumps(entry["value"], sort_keys=True)


def test_corpus_is_large() -> None:
    assert sum(map(len, TEXTS.values())) >= 850 and len(VALUES) >= 120 and len(BEYOND_OUR_BUDGET) <= 1
