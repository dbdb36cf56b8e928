"""docs/decision-log.md shows a log that can be read, all its members, and every state with its code."""

import hashlib
import re
from pathlib import Path

from bbws_readiness.codes import Code
from bbws_readiness.decisions.entry import DecisionKind, State
from bbws_readiness.decisions.members import MEMBERS
from bbws_readiness.decisions.notices import CODES
from bbws_readiness.decisions.read import read_log
from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.source import Source

PAGE = (Path(__file__).parents[2] / "docs" / "decision-log.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")]


def test_the_example_can_be_read() -> None:
    assert EXAMPLE
    text = EXAMPLE[1]
    log = read_log("log.yaml", Source("log.yaml", text, len(text), hashlib.sha256(text.encode()).hexdigest()))
    assert (log.error, log.faults) == (None, ())
    assert [entry.id for entry in log.entries] == ["D1", "D2", "D3"]


def test_every_member_and_kind_is_told() -> None:
    assert [row[0].strip("`") for row in ROWS if len(row) == 3] == list(MEMBERS)
    (kinds,) = (row[2] for row in ROWS if row[0] == "`kind`")
    assert re.findall(r"`([\w-]+)`", kinds) == [kind.value for kind in DecisionKind]


def test_every_state_is_told_with_its_code() -> None:
    told = {row[0].strip("`"): row[3] for row in ROWS if len(row) == 4}
    assert told == {state.value: CODES[state].code if state is not State.IN_FORCE else "" for state in State}
    assert Code.DECISION_TWICE.code in PAGE


def test_the_rules_that_cannot_be_settled_are_named() -> None:
    rules = [rule.code for rule in shipped_rulebook().rules if not rule.decidable]
    assert f"cannot be settled:\n  {', '.join(rules)}" in PAGE
