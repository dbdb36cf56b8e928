"""A pattern that is compiled at its first use answers like one that is compiled at once."""

import re

import pytest

from bbws_readiness.patterns import regex

ANSWERS = {
    "search": lambda pattern: pattern.search("xAb").span(),
    "match": lambda pattern: pattern.match("xAb"),
    "fullmatch": lambda pattern: pattern.fullmatch("aB").groupdict(),
    "findall": lambda pattern: pattern.findall("ab AB"),
    "finditer": lambda pattern: [found[0] for found in pattern.finditer("ab AB")],
    "split": lambda pattern: pattern.split("1ab2"),
    "sub": lambda pattern: pattern.sub(r"<\g<last>>", "1ab2"),
    "subn": lambda pattern: pattern.subn("", "1ab2"),
    "pattern": lambda pattern: pattern.pattern,
    "flags": lambda pattern: pattern.flags,
    "groups": lambda pattern: pattern.groups,
    "groupindex": lambda pattern: dict(pattern.groupindex),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_it_answers_like_a_pattern(name: str) -> None:
    answer = ANSWERS[name]
    lazy, eager = regex(r"a(?P<last>b)", re.IGNORECASE), re.compile(r"a(?P<last>b)", re.IGNORECASE)
    assert [answer(lazy), answer(lazy)] == [answer(eager), answer(eager)]


def test_it_is_compiled_when_it_is_used() -> None:
    broken = regex("(")
    assert broken.pattern == "("
    with pytest.raises(re.error):
        broken.search("")
    with pytest.raises(AttributeError):
        _ = regex("a").nothing
