"""Patterns that were made ready are those that `re.compile` makes, for this Python and no other."""

import re
import sys
from pathlib import Path

import pytest

from bbws_readiness import patterns, ready_patterns
from bbws_readiness.prepare import our_patterns
from bbws_readiness.ready_patterns import FILE, packed, patterns_in, ready

SOME = [
    (r"(?P<name>[a-z]+)-(\d{2,4}+)|(?i:ſet)", 0),
    (r"^\s*(?:[#]|//)(?P<rest>.*)$", re.MULTILINE | re.VERBOSE),
    ("[\ud800-\udfff]|(?<=a)b", re.IGNORECASE),
    (rb"\xff+(?P<tail>.)", re.DOTALL),
    ("", 0),
]


def same(one: re.Pattern[str], other: re.Pattern[str]) -> bool:
    """Patterns are equal when text, flags and code are; what groups are called is not compared."""
    return one == other and one.groupindex == other.groupindex and one.groups == other.groups


def test_all_of_ours_are_what_python_compiles(tmp_path: Path) -> None:
    ours = sorted(our_patterns(), key=repr)
    (tmp_path / FILE).write_bytes(packed(ours))
    kept = patterns_in(tmp_path)
    assert len(kept) == len(ours) > 400
    for text, flags in ours:
        found = ready(text, flags, kept)
        assert found is not None
        assert same(found, re.compile(text, flags)), text


@pytest.mark.parametrize(("text", "flags"), SOME)
def test_it_is_what_python_compiles(text: str, flags: int, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(packed(SOME))
    found = ready(text, flags, patterns_in(tmp_path))
    assert found is not None
    assert same(found, re.compile(text, flags))


def test_groups_have_their_names(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(packed(SOME))
    found = ready(*SOME[0], patterns_in(tmp_path))
    assert found is not None
    match = found.match("abc-1234")
    assert match is not None
    assert (match["name"], match[2], match.lastgroup, match.groupdict()) == ("abc", "1234", None, {"name": "abc"})


def test_the_same_patterns_give_the_same_bytes() -> None:
    assert packed(SOME) == packed(reversed(SOME))


def test_other_flags_are_another_pattern(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(packed(SOME))
    assert ready(SOME[0][0], re.IGNORECASE, patterns_in(tmp_path)) is None


def test_what_is_cut_or_changed_is_not_used(tmp_path: Path) -> None:
    whole = packed(SOME)
    for broken in (b"", whole[:20], whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), whole + b"x"):
        (tmp_path / FILE).write_bytes(broken)
        assert not patterns_in(tmp_path)
    assert not patterns_in(tmp_path / "nothing")


def test_another_python_compiles_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_bytes(packed(SOME))
    monkeypatch.setattr(ready_patterns, "_python", lambda: bytes(32))
    assert not patterns_in(tmp_path)


def test_a_run_uses_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "once(?P<more>more)?"
    (tmp_path / FILE).write_bytes(packed([(text, 0)]))
    monkeypatch.setattr(ready_patterns, "prepared_root", lambda: tmp_path)
    ready_patterns.shipped.cache_clear()
    monkeypatch.setattr(re, "compile", lambda *_: sys.exit("compiled anew"))
    try:
        assert patterns.regex(text).fullmatch("oncemore")
    finally:
        ready_patterns.shipped.cache_clear()
