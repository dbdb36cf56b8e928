"""The words for figures, dates and lists."""

from datetime import date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.render import wording
from bbws_readiness.source import SourceKind
from tests.cases import each


@each(
    ("minutes", "expected"),
    [(0, "0 h"), (15, "15 min"), (60, "1 h"), (240, "4 h"), (465, "7 h 45 min"), (1035, "17 h 15 min")],
)
def test_hours(minutes: int, expected: str) -> None:
    assert wording.hours(minutes) == expected


def test_days_and_moments() -> None:
    assert wording.day(date(2026, 1, 8)) == "Thu 2026-01-08"
    assert wording.moment(datetime(2026, 1, 8, 16, 45)) == "Thu 2026-01-08 16:45"
    assert wording.as_of(datetime(2026, 1, 7)) == "Wed 2026-01-07"
    assert wording.as_of(datetime(2026, 1, 7, 17, 15)) == "Wed 2026-01-07 17:15"


@each(
    ("low", "high", "currency", "expected"),
    [
        ("22", "50", "USD", "$22-50"),
        ("5.00", "10", "USD", "$5-10"),
        ("5", "5.0", "USD", "$5"),
        ("2.50", "100", "CHF", "CHF 2.5-100"),
        ("0", "0", "EUR", "€0"),
    ],
)
def test_money(low: str, high: str, currency: str, expected: str) -> None:
    assert wording.money(Decimal(low), Decimal(high), currency) == expected


@each(("value", "expected"), [("100", "100"), ("97.5", "97.5"), ("0", "0"), ("1E+2", "100"), ("2.50", "2.5")])
def test_numbers(value: str, expected: str) -> None:
    assert wording.number(Decimal(value)) == expected


@each(
    ("number", "noun", "expected"),
    [
        (0, "decision", "0 decisions"),
        (1, "decision", "1 decision"),
        (2, "index", "2 indexes"),
        (2, "entry", "2 entries"),
        (2, "day", "2 days"),
        (2, "working day", "2 working days"),
    ],
)
def test_counts(number: int, noun: str, expected: str) -> None:
    assert wording.counted(number, noun) == expected


@each(("items", "expected"), [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_lists(items: list[str], expected: str) -> None:
    assert wording.listed(items) == expected


def test_numbered_actions() -> None:
    assert wording.numbered([]) == "no action"
    assert wording.numbered([4]) == "action 4"
    assert wording.numbered([1, 3, 4]) == "actions 1, 3 and 4"


def test_owners_and_sources() -> None:
    assert wording.owners(["Tech Lead", "Product Owner"]) == "Tech Lead + Product Owner"
    assert wording.owners([]) == "Owner not assigned"
    assert wording.sources([SourceKind.TERRAFORM, SourceKind.README]) == "terraform, README"


def test_reading_time_is_rounded_up() -> None:
    assert wording.reading_minutes("") == 1
    assert wording.reading_minutes("word " * 201) == 2


@each(
    ("text", "read"),
    [
        ("| a1 | - | **b** |\n", 2),
        ("[label here](../a/path with words.tf#L3) ", 2),
        ("<!-- not read --> read ", 1),
        ("```text\nnot read\n```\nread ", 1),
        ("✅ PASS → 日本 é ✅", 3),
        ("a\u00a0b\u2028c\x1cd ", 4),
        ("_ -- ✅✅ ", 0),
    ],
)
def test_what_is_read_has_a_letter_or_digit(text: str, read: int) -> None:
    assert wording.reading_minutes(text * 400) == max(1, read * 2)


@given(st.text(alphabet=st.sampled_from("ab1 _-|!\n\té\u00a0\u2028\x1c\x85٠日✅\ud800"), max_size=60))
def test_words_are_counted_as_they_are_split(text: str) -> None:
    words = [word for word in (text * 40).split() if any(map(str.isalnum, word))]
    assert wording.reading_minutes(text * 40) == max(1, -(-len(words) // 200))


def test_every_word_of_the_five_has_its_own_icon() -> None:
    for words in (wording.VERDICTS, wording.STATUSES, wording.PRIORITIES):
        icons = [text.split()[0] for text in words.values()]
        assert len(set(icons)) == len(icons)
