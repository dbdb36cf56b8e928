"""What a reader cannot see is shown, and nothing else is touched."""

from bbws_readiness.render.encode.characters import legible, uncommanded
from tests.cases import each


@each(
    ("text", "lines", "expected"),
    [
        ("", False, ""),
        ("plain words", False, "plain words"),
        ("a\nb", False, "a␊b"),
        ("a\nb\r\n", True, "a\nb␍\n"),
        ("a\tb\x7f", True, "a␉b␡"),
        ("a\u200bb", False, "a<U+200B>b"),
        ("é\n\u2028", True, "é\n<U+2028>"),
        ("✅\ufe0f", False, "✅\ufe0f"),
        ("🔴\ufe0f", True, "🔴\ufe0f"),
        ("a\ufe0f", False, "a<U+FE0F>"),
        ("\ufe0f", True, "<U+FE0F>"),
        ("✅\ufe0f\ufe0f", False, "✅\ufe0f<U+FE0F>"),
    ],
)
def test_the_unseen_is_shown(text: str, lines: bool, expected: str) -> None:
    assert legible(text, lines=lines) == expected


@each(
    ("text", "expected"),
    [
        ("a::b\n ::set-output", "a::b\n : :set-output"),
        ("::error::x", ": :error::x"),
        (": one", ": one"),
        ("a ##[group]", "a ## [group]"),
    ],
)
def test_a_log_takes_nothing_for_a_command(text: str, expected: str) -> None:
    assert uncommanded(text) == expected
