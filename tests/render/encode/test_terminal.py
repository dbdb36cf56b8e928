"""Terminals and logs: no byte steers, and no line is a command to the runner that keeps the log."""

from bbws_readiness.render.encode.terminal import guarded, safe, safe_lines
from tests.cases import each
from tests.render.encode.github import STEERING, command_of, commands_in
from tests.render.encode.hostile import attacked

COMMANDS = [
    "::error::x",
    "  ::error file=a,line=1::x",
    "\t::add-mask::x",
    "\xa0::add-mask::x",
    "\u2003\u3000::stop-commands::x",
    "harmless\r::error::x",
    "harmless\n::set-output name=a::b",
    ":::error::x",
    "##[group]x",
    "harmless ##[error file=a;line=1]x",
    "###[x]",
    "##[##[x]]",
    "\ufe0f::error::x",
    "#\ufe0f#[x]",
]


@each("text", COMMANDS)
def test_the_commands_of_a_runner_are_broken(text: str) -> None:
    for encoded in (safe(text), safe_lines(text), guarded(text)):
        assert not commands_in(encoded)
        assert guarded(encoded) == encoded


def test_the_oracle_knows_a_command() -> None:
    assert command_of("\xa0::error file=a%3Ab,line=1::x%0Ay%25") == ("error", {"file": "a:b", "line": "1"}, "x\ny%")
    assert command_of("x ##[error a=b;c=d]text") == ("error", {"a": "b", "c": "d"}, "text")
    assert command_of("x ::error::y") is None
    assert command_of("::error") is None


@attacked
def test_text_steers_nothing(text: str) -> None:
    for encoded in (safe(text), safe_lines(text)):
        assert not STEERING.search(encoded)
        assert not commands_in(encoded)
    assert "\n" not in safe(text)
    assert safe_lines(text).count("\n") == text.count("\n")


@each(
    ("text", "expected"),
    [
        ("orders, routes", "orders, routes"),
        ("a::b", "a::b"),
        ("::error::x", ": :error::x"),
        ("x ##[group]", "x ## [group]"),
        ("\x1b[31m\r\x7f\x9b", "␛[31m␍␡<U+009B>"),
        ("a\u202eb\u200b", "a<U+202E>b<U+200B>"),
        ("⚖️ and 🛠️ but a\ufe0f", "⚖️ and 🛠️ but a<U+FE0F>"),
    ],
)
def test_it_stays_readable(text: str, expected: str) -> None:
    assert safe(text) == expected
