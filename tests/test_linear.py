"""Patterns that Python's own library may answer are answered as by RE2."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.linear import compiled

PLAIN = (
    "^$",
    "^[0-9]{12}$",
    "^[a-z0-9-]+$",
    "^vpc-[a-f0-9]*$",
    "^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9_-]+$",
    "^a[_a-]$",
)
OTHERS = (
    "[0-9]{12}",
    "^[0-9]{12}",
    "^a+b+$",
    "^[a-z]+[a-z]+$",
    "^[z-a]$",
    "^[a-$",
    "^[a-]-z]$",
    "^[^a]$",
    "^[0-9]{0}$",
    "^[0-9]{100}$",
    "^[0-9]{2}{3}$",
    "^(a)$",
    r"^\d$",
    "^a.$",
    "^[a-f-z]$",
    "^é$",
)

Answer = Callable[[Any], list[tuple[int, int]]]


def found(pattern: Any, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


@pytest.mark.parametrize("pattern", PLAIN)
def test_a_plain_pattern_needs_no_re2(pattern: str) -> None:
    assert isinstance(compiled(pattern), re.Pattern)


@pytest.mark.parametrize("pattern", OTHERS)
def test_any_other_pattern_is_for_re2(pattern: str) -> None:
    assert not isinstance(compiled(pattern), re.Pattern)


SETS = st.lists(st.sampled_from(["A-Z", "a-z", "0-9", "_", "a", "7"]), min_size=1, max_size=3).map("".join)
CLASSES = st.tuples(SETS, st.sampled_from(["", "-"])).map(lambda parts: f"[{parts[0]}{parts[1]}]")
ATOMS = st.one_of(
    st.sampled_from(["a", "7", "-", ":", "/", "_"]),
    st.tuples(CLASSES, st.sampled_from(["", "{1}", "{2}", "{12}"])).map("".join),
)
PATTERNS = st.tuples(
    st.lists(ATOMS, min_size=1, max_size=5).map("".join), CLASSES, st.sampled_from(["", "+", "*"])
).map(lambda parts: f"^{parts[0]}{parts[1] + parts[2] if parts[2] else ''}$")


@given(PATTERNS, st.text("aZ7_-:/é\n\x00 ", max_size=8), st.data())
def test_both_find_the_same(pattern: str, text: str, data: st.DataObject) -> None:
    ours, theirs = compiled(pattern), re2.compile(pattern)
    assert isinstance(ours, re.Pattern)
    like_it = data.draw(st.from_regex(ours)) + data.draw(st.sampled_from(["", "\n", "a", "é"]))
    for one in (text, like_it):
        assert found(ours, one) == found(theirs, one)
    assert (ours.groups, dict(ours.groupindex)) == (theirs.groups, dict(theirs.groupindex))
