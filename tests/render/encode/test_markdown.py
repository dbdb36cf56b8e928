"""The encoder: whatever the project writes comes out as inert text, and as the same text."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.patterns import LIKE_ASCII
from bbws_readiness.render.encode.markdown import (
    _PIECES,
    MAX_CHARACTERS,
    Markdown,
    _pieces_in,
    bullets,
    cell,
    code,
    codes,
    encoded,
    joined,
    link,
    mermaid,
    plain,
    say,
    table,
    visible,
)
from tests.cases import each
from tests.render.oracle import Seen

HOSTILE = st.text(alphabet=st.sampled_from("`|\\*_[]()<>#!&;:/@~$-+=.1ab \n\t\"'{}"), max_size=60)
ANY = st.one_of(st.text(max_size=60), HOSTILE)
NO_BACKTICK = ANY.map(lambda text: text.replace("`", ""))

ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "</td><td>",
    "<!-- task:x/y -->",
    "![x](http://evil.example/p.png)",
    "[x](javascript:alert(1))",
    "@org/team",
    "#1 owner/repo#12 GH-7",
    "https://evil.example/?q=1 www.evil.example mailto:a@b.c",
    "a | b \\| c \\\\| d",
    "``` \n# heading",
    "`a``b`",
    "\u202eright to left\u2066",
    "invisible\u200b\ufeff\U000e0041 text",
    "- [x] done",
    "1. one",
    "| a | b |\n|---|---|",
    "[x]: http://evil.example",
    "&lt;b&gt; &#64;team",
    "$$\\frac{1}{2}$$",
    "~~gone~~ **bold** __bold__ *i* _i_",
    "x" * 500,
    "",
    "   ",
    "`",
    "``",
    "\x00\x1b[31m\x7f\x85",
]


@given(ANY)
def test_code_is_one_span_with_the_same_text(text: str) -> None:
    seen = Seen(code(text))
    assert seen.tags == ["p", "code"]
    assert seen.text == (visible(text) or "(empty)")


@each("text", ATTACKS)
def test_code_makes_attacks_inert(text: str) -> None:
    seen = Seen(code(text))
    assert seen.tags == ["p", "code"]
    assert seen.text == (visible(text) or "(empty)")
    assert len(seen.text) <= MAX_CHARACTERS


@given(ANY, ANY)
def test_cells_stay_in_their_columns(left: str, right: str) -> None:
    seen = Seen(table(("A", "B"), [(code(left), code(right))]))
    assert [tag for tag in seen.tags if tag in ("th", "td")] == ["th", "th", "td", "td"]
    assert seen.cells == ["A", "B", visible(left) or "(empty)", visible(right) or "(empty)"]


@given(ANY, ANY)
def test_plain_cells_stay_in_their_columns(left: str, right: str) -> None:
    seen = Seen(table(("A", "B"), [(left, right)]))
    assert set(seen.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    assert [tag for tag in seen.tags if tag in ("th", "td")] == ["th", "th", "td", "td"]


@given(ANY)
def test_plain_draws_nothing_but_code(text: str) -> None:
    seen = Seen(plain(text))
    assert set(seen.tags) <= {"p", "code"}
    assert not seen.attributes
    assert not seen.comments


@given(NO_BACKTICK)
def test_plain_keeps_the_words(text: str) -> None:
    expected = "".join(visible(f"a{character}a")[1:-1] for character in " ".join(text.split()))
    assert Seen(f"x {plain(text)}").text.removeprefix("x").replace(" ", "") == expected.replace(" ", "")


@each("text", ATTACKS)
def test_plain_makes_attacks_inert(text: str) -> None:
    assert set(Seen(plain(text)).tags) <= {"p", "code"}
    assert set(Seen(say("**{}** and {}", text, text)).tags) <= {"p", "code", "strong"}
    assert set(Seen(bullets([text, text])).tags) <= {"ul", "li", "code"}


@given(ANY, ANY)
def test_links_go_where_we_say(label: str, target: str) -> None:
    seen = Seen(link(code(label), f"../{target}"))
    if "a" in seen.tags:
        assert seen.tags == ["p", "a", "code"]
        assert [name for name, _ in seen.attributes] == ["href"]
        assert (seen.attributes[0][1] or "").startswith("../")


@given(ANY)
def test_labels_of_diagrams_need_no_escape(text: str) -> None:
    assert set("\"`#;:<>{}[]|\\&%@!?*='~^$\n").isdisjoint(mermaid(text))
    assert mermaid(text).strip()


@each(
    ("text", "expected"),
    [
        ("Missing tables: orders, users", "Missing tables: orders, users"),
        ("named by `plan:61`", "named by `plan:61`"),
        ("snake_case and _this_", "snake_case and \\_this\\_"),
        ("ask @team", "ask `@team`"),
        ("mail dba@example.org.", "mail `dba@example.org.`"),
        ("see https://example.org/a.", "see `https://example.org/a`."),
        ("`a``b`", "`a` `b`"),
        ("97.5/100", "97.5/100"),
        ("1. first", "1\\. first"),
        ("$22-50", "$22-50"),
        ("a < b", "a \\< b"),
        ("two\nlines", "two lines"),
        ("x | y", "x | y"),
        ("AT&T &amp; Co", "AT&T \\&amp; Co"),
    ],
)
def test_plain_is_as_readable_as_it_can_be(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_pipe_is_escaped_once_and_last() -> None:
    assert table(("A",), [("x | y",), (code("p|q"),)]) == "| A |\n|---|\n| x \\| y |\n| `p\\|q` |"
    assert cell(Markdown("**a|b**")) == "**a\\|b**"


def test_what_is_markdown_already_is_not_encoded_again() -> None:
    assert say("{} of {}", code("a*b"), "a*b") == "`a*b` of a\\*b"
    assert joined([Markdown("**x**"), "*y*", 3], "; ") == "**x**; \\*y\\*; 3"
    assert codes([]) == "none"


@each("value", [None, True, 1.5, ["x"]])
def test_only_words_and_whole_numbers_are_printed(value: object) -> None:
    with pytest.raises(TypeError, match="cannot print"):
        encoded(value)


PARTS = (
    *("`", "arn:aws:s3:::x", "http://x", "www.", "mailto:x", "a@b", "#1", "GH-2", "GHSA-aaaa-bbbb-cccc", "CVE-1-2"),
    *(":tada:", "$x$", "…", " → ", "é", "\u0130", "\u0131", "\u017f", "\u212a", "K", "word ", "."),
)


@given(st.lists(st.sampled_from(PARTS), max_size=6).map("".join))
def test_marks_leave_out_no_piece(text: str) -> None:
    text = text.replace("s", "\u017f") if "\u017f" in text else text
    told = [(found.span(), found.lastgroup) for found in _pieces_in(text)]
    assert told == [(found.span(), found.lastgroup) for found in _PIECES.finditer(text)]


def test_no_other_letter_is_like_one_of_ascii() -> None:
    like = re.compile("[a-z]", re.IGNORECASE)
    assert "".join(like.findall("".join(map(chr, range(128, sys.maxunicode + 1))))) == LIKE_ASCII
