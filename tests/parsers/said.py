"""How tests of the parsers put a fact: what is said, and on which line."""

from typing import Any

from bbws_readiness.fact import Fact


def said(fact: Fact[Any] | None) -> tuple[Any, int] | None:
    return None if fact is None else (fact.or_none(), fact.at.line)
