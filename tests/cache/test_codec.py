"""What is encoded comes back equal, without a word of the text it was read from."""

from __future__ import annotations

import contextlib
from datetime import date, datetime, time
from enum import Enum, StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from bbws_readiness.cache import codec as codec_module
from bbws_readiness.cache.codec import Codec, Uncodable, classes_of
from bbws_readiness.model import plans
from bbws_readiness.parsers.kept import codec as nouns
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location, Source
from bbws_readiness.terraform import syntax

ROOT = Path(__file__).parent.parent.parent


class Colour(StrEnum):
    RED = "red"


class Number(Enum):
    ONE = 1


class Pair(msgspec.Struct, frozen=True):
    left: Any
    right: Any = None


class Named(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    at: Location


class Foreign(msgspec.Struct, frozen=True):
    name: str


CODEC = Codec([Colour, Number, Pair, Named])
SCALARS = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False)
    | some.text(some.characters(exclude_categories=["Cs"]), max_size=8)
    | some.fractions()
    | some.dates()
    | some.times()
    | some.datetimes()
    | some.sampled_from([Colour.RED, Number.ONE])
    | some.builds(Location, some.text(max_size=4), some.integers(0, 9), some.integers(1, 9))
    | some.builds(Named, name=some.just("n"), at=some.just(Location("a", 1)))
)
VALUES = some.recursive(
    SCALARS,
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.lists(inner, max_size=3).map(tuple)
        | some.dictionaries(some.text(max_size=3) | some.integers(), inner, max_size=3)
        | some.dictionaries(some.text(max_size=3), inner, max_size=3).map(MappingProxyType)
        | some.frozensets(some.text(max_size=3), max_size=3)
        | some.builds(Pair, inner, inner)
    ),
    max_leaves=8,
)


@given(VALUES, some.text(max_size=30))
def test_any_value_comes_back(value: Any, text: str) -> None:
    try:
        data = CODEC.encode(value, text)
    except Uncodable:
        return
    again = CODEC.decode(data, text)
    assert again == value
    assert repr(again) == repr(value) or "frozenset" in repr(value)


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 1, 7),
        datetime(2026, 1, 7, 16, 55),
        time(16, 55),
        Fraction(1, 3),
        10**40,
        -(10**40),
        True,
        0,
        Pair(Colour.RED),
    ],
    ids=repr,
)
def test_these_do_not_get_lost(value: object) -> None:
    again = CODEC.decode(CODEC.encode(value, ""), "")
    assert (again, type(again)) == (value, type(value))


@pytest.mark.parametrize(
    "value",
    [Foreign("a"), {1, 2}, object(), b"bytes", "\ud800", classes_of, 10**5000],
    ids=lambda value: type(value).__name__,
)
def test_other_values_are_not_kept(value: object) -> None:
    with pytest.raises(Uncodable):
        CODEC.encode((value,), "")


@given(some.binary(max_size=40))
def test_any_bytes_are_a_value_or_refused(data: bytes) -> None:
    with contextlib.suppress(Uncodable):
        CODEC.decode(data, "text")


@pytest.mark.parametrize(
    "tree",
    [
        (["builtins.eval"], ["1+1"], [0, 0]),
        (["os.system"], ["true"], [0, 0]),
        ([f"{Foreign.__module__}.Foreign"], ["a"], [0, 0]),
        ([], [], [-99]),
        ([], [[0]], 0),
        ([f"{Pair.__module__}.Pair"], [], [0, None, None, None]),
    ],
    ids=repr,
)
def test_no_other_class_is_made(tree: object) -> None:
    with pytest.raises(Uncodable):
        CODEC.decode(msgspec.msgpack.encode(tree), "")


def test_no_word_and_no_number_of_the_text_is_kept() -> None:
    text = 'password = "correct horse"\npin = 123456\n'
    value = Pair(("password", "correct horse"), (123456, Location("a.tf", 1)))
    data = CODEC.encode(value, text)
    assert not [word for word in (b"horse", b"password", b"123456", (123456).to_bytes(4)) if word in data]
    assert CODEC.decode(data, text) == value


def test_what_stands_nowhere_as_a_whole_is_told_by_its_words() -> None:
    text = 'run = "login --user\\n\\"correct-horse\\" \\\n  battery"'
    value = ('login --user\n"correct-horse" battery', "login battery of ours", "  ")
    data = CODEC.encode(value, text)
    assert not [word for word in (b"login", b"correct", b"horse", b"battery") if word in data]
    assert b" of ours" in data
    assert CODEC.decode(data, text) == value


def test_a_file_in_which_too_much_is_looked_for_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """To look for each of many words in a whole file would take longer than to parse it, and more with its size."""
    text = "a\\n" * 1000
    values = tuple(f"a\n{number}" for number in range(50))
    assert CODEC.encode(values, text)
    monkeypatch.setattr(codec_module, "_SEARCHED", 40 * len(text))
    with pytest.raises(Uncodable):
        CODEC.encode(values, text)


def test_what_looks_like_a_secret_and_stands_nowhere_is_not_kept() -> None:
    with pytest.raises(Uncodable):
        CODEC.encode("ghp_" + "a1B2" * 9, "ghp_ in another form")


def every(*endings: str) -> list[Source]:
    found = []
    for project in sorted((ROOT / "examples").iterdir()):
        if project.is_dir():
            reader = Reader(project)
            read = (reader.read(path) for path in reader.walk().files if path.endswith(endings))
            found += [one for one in read if isinstance(one, Source)]
    return found


def test_every_configuration_of_the_examples_comes_back() -> None:
    sources = every(".tf")
    assert len(sources) > 20
    for source in sources:
        parsed = syntax._parsed(source)
        assert syntax._codec().decode(syntax._codec().encode(parsed, source.text), source.text) == parsed


def test_the_nouns_have_no_class_twice() -> None:
    classes = nouns()._classes
    assert plans.Plan in classes.values()
    assert len(set(classes.values())) == len(classes)
