"""What looks like a secret is withheld; what projects are made of is not."""

import random
import string
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.disclosure import (
    _HEADER,
    _PAIR,
    _PRIVATE_KEY,
    _RUN,
    _TOKENS,
    _USER,
    WITHHELD,
    _may_have_token,
    _pair,
    _runs,
    answered,
    any_secret,
    disclosed,
    looks_secret,
    names_secret,
)
from tests.cases import each
from tests.data import data

DATA = data(Path(__file__).parent / "secrets" / "strings.yaml")


@each("text", DATA["harmless"])
def test_harmless(text: str) -> None:
    assert disclosed(text) == text


def test_there_are_enough_harmless_strings() -> None:
    assert len(set(DATA["harmless"])) >= 60


@each("pieces", DATA["secret"], ids=lambda pieces: "".join(pieces)[:20])
def test_secret(pieces: list[str]) -> None:
    """The pieces are put together here, so that no scanner of repositories takes the data for a find."""
    before, secret, after = pieces[0], "".join(pieces[1:-1]), pieces[-1]
    shown = disclosed(f"{before}{secret}{after}")
    assert secret not in shown
    assert WITHHELD in shown
    assert shown.startswith(before)


@each("name", DATA["secret names"])
def test_name_of_a_secret(name: str) -> None:
    assert names_secret(name)


@each("name", DATA["harmless names"])
def test_name_of_no_secret(name: str) -> None:
    assert not names_secret(name)


def test_nearly_all_random_strings_are_withheld() -> None:
    chance = random.Random(1)
    letters = string.ascii_letters + string.digits
    for length, least in ((20, 0.7), (32, 0.9), (40, 0.95)):
        withheld = sum(looks_secret("x = " + "".join(chance.choices(letters, k=length))) for _ in range(500))
        assert withheld >= least * 500


def test_twice_is_once() -> None:
    for pieces in DATA["secret"]:
        once = disclosed("".join(pieces))
        assert disclosed(once) == once


@each(
    "text",
    [
        "a" * 400_000,
        "password" * 50_000,
        "eyJ" * 100_000,
        "://a:" * 60_000,
        "token=" * 60_000,
        "-----BEGIN PRIVATE KEY-----" * 10_000,
        "aB1" * 100_000,
        "authorization: " * 20_000,
    ],
)
def test_long_text_ends(text: str) -> None:
    assert disclosed(text)


@given(st.from_regex(_TOKENS.pattern))
@settings(max_examples=300)
def test_what_is_looked_for_first_is_in_every_token(text: str) -> None:
    assert _may_have_token(text)


_PARTS = st.sampled_from(
    [
        *(
            "password",
            "token: ",
            "authorization",
            "Authorization: ",
            "bearer ",
            "=",
            ": ",
            ":",
            '"',
            "'",
            "$",
            "//",
            "@",
        ),
        *(
            "\n",
            " ",
            "https://user:",
            "a" * 20,
            "pwd=abc",
            "d",
            "1234",
            "sha256-",
            "h1:",
            "key",
            "ſecret",
            "eyJ",
            "AKIA",
        ),
        *(
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "IOSFODNN7EXAMPLE",
            "wJalrXUtnFEMIK7MDENGbPxRfiCY",
        ),
    ]
)


_BEYOND_ASCII = st.sampled_from(
    ["paſſword", "to\u212aen: ", "apı_key", "authorİzation", "authorızation=", "PWD='é'", "→", "é", "ẞ", "Σς"]
)


@settings(max_examples=300)
@given(st.lists(st.one_of(_PARTS, _BEYOND_ASCII), max_size=8).map("".join))
def test_a_pattern_that_is_not_asked_would_find_nothing(text: str) -> None:
    shown = text
    for pattern in (_PRIVATE_KEY, _TOKENS, _USER):
        shown = pattern.sub(WITHHELD, shown)
    shown = _HEADER.sub(lambda found: found[1] + WITHHELD, shown)
    assert answered(text) == _PAIR.sub(_pair, shown)


@settings(max_examples=300)
@given(st.lists(st.lists(_PARTS, max_size=5).map("".join), max_size=5))
def test_texts_that_are_looked_at_together_are_looked_at_one_by_one(texts: list[str]) -> None:
    assert any_secret(texts) == any(map(looks_secret, texts))


def test_a_secret_among_many_texts_is_seen() -> None:
    harmless = [f"the table number {number}, which is harmless" for number in range(5000)]
    assert not any_secret(harmless)
    for place in (0, 2500, 5000):
        assert any_secret([*harmless[:place], "pwd=" + "hunter2hunter2", *harmless[place:]])


@given(st.lists(st.tuples(st.sampled_from("aB3+/=. \n_-é"), st.sampled_from([1, 2, 19, 20, 4096, 5000])), max_size=12))
def test_long_runs_are_found_as_the_pattern_finds_them(parts: list[tuple[str, int]]) -> None:
    text = "".join(sign * count for sign, count in parts)
    assert [found.span() for found in _runs(text)] == [found.span() for found in _RUN.finditer(text)]
