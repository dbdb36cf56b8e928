"""Annotations: the runner reads one command, ours, with the message as it was."""

from bbws_readiness.render.encode.annotation import MAX_CHARACTERS, Level, annotation, told
from tests.cases import each
from tests.render.encode.github import STEERING, command_of, commands_in
from tests.render.encode.hostile import attacked


@attacked
def test_the_runner_reads_our_command_alone(text: str) -> None:
    written = annotation(Level.WARNING, text, title=text, file="modules/a,b:c=d.tf", line=7)
    assert "\n" not in written
    assert not STEERING.search(written)
    ((name, properties, data),) = commands_in(written)
    assert name == "warning"
    assert data == told(text)
    assert properties.pop("title", "") or not text.strip()
    assert properties == {"file": "modules/a,b:c=d.tf", "line": "7"}


@each(
    ("message", "more", "expected"),
    [
        ("plain", {}, "::error::plain"),
        ("100%\nnext: a,b", {}, "::error::100%25%0Anext: a,b"),
        ("x", {"file": "a b.tf", "line": 3}, "::error file=a b.tf,line=3::x"),
        ("x", {"title": "50%: a, b"}, "::error title=50%25%3A a%2C b::x"),
        ("x", {"title": " ", "line": 0}, "::error::x"),
    ],
)
def test_how_it_is_written(message: str, more: dict[str, object], expected: str) -> None:
    assert annotation(Level.ERROR, message, **more) == expected  # type: ignore[arg-type]


@each("length", [MAX_CHARACTERS - 1, MAX_CHARACTERS, MAX_CHARACTERS + 1])
def test_a_long_message_is_cut(length: int) -> None:
    found = command_of(annotation(Level.NOTICE, "é" * length))
    assert found is not None
    assert found[2] == "é" * length if length <= MAX_CHARACTERS else "é" * (MAX_CHARACTERS - 1) + "…"
