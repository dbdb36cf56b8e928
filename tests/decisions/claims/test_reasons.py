"""What a reason claims in free words: recognised where it is certain, and never a false refusal."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.config import load_config
from bbws_readiness.decisions.claims import contradictions
from bbws_readiness.engine.finding import Finding, Outcome
from tests.cases import each
from tests.data import data
from tests.example import EXAMPLE, READINGS, assessed

CASES = data(Path(__file__).parent / "reasons.yaml")
CONFIG = load_config(EXAMPLE, path=READINGS["c"])


def about(*codes: str) -> list[Finding]:
    return [one for one in assessed("c").findings if one.outcome is Outcome.FAIL and one.rule.code in codes]


@each("case", [pytest.param(case, id=f"{group}: {case['reason']}") for group, cases in CASES.items() for case in cases])
def test_reason(case: dict[str, Any]) -> None:
    found = contradictions(case["reason"], about=about(*case["about"]), model=assessed("c").model, config=CONFIG)
    says = case.get("says", [])
    assert len(found) == len(says), [one.text for one in found]
    for one, part in zip(found, says, strict=True):
        assert part in one.text
        assert one.at
        assert set(case.get("at", [])) <= {at.path for at in one.at}


WORDS = """8 seven 0 99999999 indexes tables table GSI products tenants plan README terraform script and , ; : . not
recovery days weeks 14 on off for all agree from assuming pair the a window streams nothing consumes changes of ( - '"""


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_text_is_read(reason: str) -> None:
    for one in contradictions(reason, about=about("IDX001"), model=assessed("c").model, config=CONFIG):
        assert one.at
        assert "\n" not in one.text
