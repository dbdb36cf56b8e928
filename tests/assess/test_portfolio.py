"""Who is blocked by whom: everything that needs what is not ready, directly or not."""

from datetime import datetime

import pytest

from bbws_readiness.assess.assessment import Verdict
from bbws_readiness.assess.portfolio import Blocking, Member, Portfolio, blocking
from bbws_readiness.errors import NothingToAssess
from tests.cases import each

CHAIN = {"portal": ["lambda"], "lambda": ["schemas"], "schemas": []}


@each(
    ("path", "needs", "ready", "expected"),
    [
        ("schemas", CHAIN, set(), []),
        ("lambda", CHAIN, set(), [("schemas", ())]),
        ("lambda", CHAIN, {"schemas"}, []),
        ("portal", CHAIN, set(), [("lambda", ()), ("schemas", ("lambda",))]),
        # What is ready itself hands on what it waits for.
        ("portal", CHAIN, {"lambda", "portal"}, [("schemas", ("lambda",))]),
        ("portal", CHAIN, {"lambda", "schemas"}, []),
        # Two ways to one project: the shorter one is told.
        ("a", {"a": ["b", "c"], "b": ["c"], "c": []}, {"b"}, [("c", ())]),
        # A circle ends, and nobody waits for itself.
        ("a", {"a": ["b"], "b": ["a"]}, set(), [("b", ())]),
        ("a", {"a": ["a"]}, set(), []),
        # A need that is no member has no needs of its own.
        ("a", {"a": ["b"]}, set(), [("b", ())]),
        ("alone", {}, set(), []),
    ],
)
def test_blocking(
    path: str, needs: dict[str, list[str]], ready: set[str], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert blocking(path, needs, ready) == tuple(Blocking(*one) for one in expected)


def test_a_long_chain_is_followed_to_its_end() -> None:
    needs = {str(number): [str(number + 1)] for number in range(50)}
    found = blocking("0", needs, ready={str(number) for number in range(50)})
    assert found == (Blocking("50", tuple(str(number) for number in range(1, 50))),)


def test_a_project_that_could_not_be_assessed_leaves_nothing_ready() -> None:
    missing = Member("b", "b", failure=NothingToAssess("nothing"))
    portfolio = Portfolio("sit", datetime(2026, 3, 4), (missing,))
    assert portfolio.verdict is Verdict.UNDETERMINED
    assert not missing.ready
    assert portfolio.findings == ()
    assert portfolio.member("b") is missing
    with pytest.raises(KeyError):
        portfolio.member("c")
