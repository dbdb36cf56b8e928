"""What looks like a secret is withheld; what projects are made of is not."""

import random
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.disclosure import _TOKENS, WITHHELD, _may_have_token, disclosed, looks_secret, names_secret
from tests.data import data

DATA = data(Path(__file__).parent / "secrets" / "strings.yaml")


@pytest.mark.parametrize("text", DATA["harmless"])
def test_harmless(text: str) -> None:
    assert disclosed(text) == text


def test_there_are_enough_harmless_strings() -> None:
    assert len(set(DATA["harmless"])) >= 60


@pytest.mark.parametrize("pieces", DATA["secret"], ids=lambda pieces: "".join(pieces)[:20])
def test_secret(pieces: list[str]) -> None:
    """The pieces are put together here, so that no scanner of repositories takes the data for a find."""
    before, secret, after = pieces[0], "".join(pieces[1:-1]), pieces[-1]
    shown = disclosed(f"{before}{secret}{after}")
    assert secret not in shown
    assert WITHHELD in shown
    assert shown.startswith(before)


@pytest.mark.parametrize("name", DATA["secret names"])
def test_name_of_a_secret(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize("name", DATA["harmless names"])
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


@pytest.mark.parametrize(
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


@given(st.from_regex(_TOKENS))
@settings(max_examples=300)
def test_what_is_looked_for_first_is_in_every_token(text: str) -> None:
    assert _may_have_token(text)
