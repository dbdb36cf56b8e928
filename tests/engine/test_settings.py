"""What readiness.yaml sets of rules: laid over them, or refused by name and place."""

from pathlib import Path

import pytest

from bbws_readiness.config import InvalidConfiguration, load_config
from bbws_readiness.engine.rule import Severity
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.rulebooks import shipped_rulebook
from tests.cases import each


def configured(tmp_path: Path, text: str) -> Rulebook:
    (tmp_path / "readiness.yaml").write_text(text)
    return shipped_rulebook().configured(load_config(tmp_path))


def test_settings_are_laid_over_the_rule(tmp_path: Path) -> None:
    text = """
owners: {recovery-off: [Somebody], TAG001: [Team Tags]}
estimates: {TAG001: 45}
rules:
  recovery-off: {severity: low, owners: [Team Data], minutes: 7, parameters: {field: deletion_protection}}
  ENC001: {severity: {asked: critical, unasked: low}}
  TBL002: {enabled: false}
"""
    book = configured(tmp_path, text)
    recovery, encryption, tags = (book.rule(code) for code in ("DUR001", "ENC001", "TAG001"))
    assert recovery and encryption and tags
    assert (recovery.severity, recovery.owners, recovery.minutes) == (Severity.LOW, ("Team Data",), 7)
    assert recovery.parameters == {"field": "deletion_protection", "value": True}
    assert (encryption.severity, encryption.severity_unasked) == (Severity.CRITICAL, Severity.LOW)
    assert (tags.owners, tags.minutes) == (("Team Tags",), 45)
    assert [rule.code for rule in book.rules if not rule.enabled] == ["TBL002"]


@each(
    ("rules", "told"),
    [
        ("missing-tabel: {severity: low}", '2:3: there is no rule "missing-tabel"; did you mean "missing-table"?'),
        ("XYZ001: {severity: low}", '2:3: there is no rule "XYZ001"'),
        ("DUR001: {parameters: {feild: x}}", '2:25: DUR001: unknown parameter "feild"; did you mean "field"?'),
        ("DUR001: {parameters: {field: recoverie}}", '2:25: DUR001: a table has no field "recoverie"; did you mean'),
        ("DUR001: {parameters: {value: [1]}}", "2:25: DUR001: the parameter value is not text, a whole number"),
        ("ENC001: {parameters: {asked: maybe}}", "2:25: ENC001: the parameter asked is not true or false"),
        ("TBL001: {parameters: {any: 1}}", '2:25: TBL001: unknown parameter "any"; the rule takes none'),
        ("TFC001: {enabled: false}", "2:12: TFC001 broken-configuration cannot be switched off; remove the setting"),
        ("TFC001: {severity: low}", "2:12: the severity of TFC001 broken-configuration cannot be lowered"),
        ("TBL001: {severity: {asked: high, unasked: low}}", "2:12: TBL001 asks for nothing, so it has one severity"),
        ("TBL001: {enabled: true}\n  missing-table: {enabled: false}", "3:3: TBL001 is set under its code as well"),
    ],
)
def test_senseless_setting_is_told_with_its_place(tmp_path: Path, rules: str, told: str) -> None:
    with pytest.raises(InvalidConfiguration) as raised:
        configured(tmp_path, f"rules:\n  {rules}\n")
    assert str(raised.value).startswith("readiness.yaml:")
    assert told in str(raised.value)
    assert {problem.code.code for problem in raised.value.problems} == {"E315"}


def test_all_settings_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration) as raised:
        configured(tmp_path, "rules:\n  nothing-like-it: {}\n  TFC001: {enabled: false}\n")
    assert len(raised.value.problems) == 2
