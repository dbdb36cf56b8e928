"""Whatever is parsed, the end is a body or exactly one diagnostic, after a number of steps that grows with the text."""

import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.source import Location, Source
from bbws_readiness.terraform import evaluate_configuration
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.syntax import ParsedFile, parse_expression, parse_file, parse_template
from tests.cases import each
from tests.terraform.memory import MemoryFiles

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(path for folder in ("examples", "tests") for path in (ROOT / folder).rglob("*.tf"))


def parse(text: str, path: str = "main.tf") -> ParsedFile:
    return parse_file(Source(path, text, len(text), ""))


def check(text: str, path: str = "main.tf") -> None:
    parsed = parse(text, path)
    assert (parsed.body is None) == (len(parsed.diagnostics) == 1)
    for found in parsed.diagnostics:
        assert 1 <= found.at.line <= text.count("\n") + 1 and found.at.column >= 1
        assert len(str(found)) < 500


SNIPPETS = [
    *"\"{}[]()$%~\\\n\r\t.,=?:!<>&|*/-+#;'`@^",
    *("${", "%{", "~}", "$${", "<<E\n", "<<-E\n", "\nE\n", "/*", "*/", "//", "...", "=>", "::", "for x in ", " if "),
    *("%{if x}", "%{else}", "%{endif}", "%{for x in y}", "%{endfor}", "\\u", "\\U0010FFFF", "[*]", ".*", ".0", "1e9"),
    *("é", "\u0301", "\u00a0", "\ufeff", "\x00", "\x1b", "\u2028", "\U0001f600", "[for", "{for", "a ? ", "- - ", "!!"),
]


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 0, 1, 1, 2, 5, 40)))
        inserted = chance.choice(("", chance.choice(SNIPPETS), text[end : end + 20]))
        text = text[:start] + inserted + text[end:]
    return text


@each("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_damaged_files(path: Path) -> None:
    text = path.read_text()
    chance = random.Random(text)
    for _ in range(40):
        check(mutated(text[:4000], chance))


def test_cut_files() -> None:
    text = (ROOT / "tests/scenarios/network/main.tf").read_text()[:3000]
    for end in range(0, len(text), 7):
        check(text[:end])
        check(text[end:])


TEXTS = st.lists(st.sampled_from([*SNIPPETS, "a", "b ", "1", " = ", "\n", '"x"', "a {\n", "f("]), max_size=60).map(
    "".join
)


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_any_signs(text: str) -> None:
    check(text)
    check(f"a = {text}\n")
    check(text, "main.tf.json")


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_any_expression_and_template(text: str) -> None:
    for parse_text in (
        lambda: parse_expression(text, Location("given", 7)),
        lambda: parse_template(text, "page.tftpl"),
    ):
        try:
            parse_text()
        except Fault as fault:
            assert fault.at.path in ("given", "page.tftpl") and fault.at.line >= 1


REPEATED = [
    *("(", "[", "{ a = ", "f(", '"${', "[for x in ", "{ for x in y : x => ", "a[", "<<E\n${", '"%{if ', "(-(", "[["),
    *(
        "!",
        "-",
        "- ! ",
        "a ? ",
        "a ? b : ",
        "a ? b ? ",
        "1 + ",
        "1 * 2 + ",
        "a || b && c == d < e + f * (",
        "a.b[*].c + ",
    ),
]
FOLLOWED = [".b", ".0", "[0]", "[*]", ".*.b", "[*].b", "[*].*.b", " + 1", " ? a : b", "%{if true}x", " == a"]


@pytest.mark.parametrize("count", [1, 20, 47, 49, 120, 160, 1_200, 5_000])
def test_any_depth_ends(count: int) -> None:
    for unit in REPEATED:
        check(f"a = {unit * count}")
        check(f"a = {unit * count}1\n")
        evaluate_configuration(MemoryFiles({"main.tf": f"locals {{\na = {unit * count}1\n}}\n"}), ".")
    for unit in FOLLOWED:
        check(f"a = b{unit * count}\n")
    for unit in ("a {\n", "}\n", "%{if true}", "%{for x in y}", "%{if true}%{else}", "$", "$$", "\\", '"', "/*", "\n"):
        check(unit * count)
        check(f'a = "{unit * count}"\n')
        check(f"a = <<-E\n{unit * count}\nE\n")
    for opening, closing in (
        ("(", ")"),
        ("[", "]"),
        ("{a=", "}"),
        ("f(", ")"),
        ('"${', '}"'),
        ("a[", "]"),
        ("[[", "]]"),
    ):
        check(f"a = {opening * count}1{closing * count}\n")


@each(
    ("text", "place"),
    [
        ("a = " + "(" * 48 + "1" + ")" * 48, None),
        ("a = " + "(" * 49 + "1" + ")" * 49, "nested deeper than 48 levels"),
        # Told before the parser starts, although there is another fault earlier.
        ("a = 1 2\nb = " + "(" * 49 + "1" + ")" * 49, "nested deeper than 48 levels"),
        ("a = 1" + " + 1" * 1_000, None),
        ("a = 1" + " + 1" * 1_001, "expression too complex to parse"),
        ("a = " + "b ? c : " * 150 + "d", None),
        ("a = " + "b ? c : " * 5_000 + "d", "expression too complex to parse"),
        ("a = b" + ".c" * 149, None),
        ("a = b" + ".c" * 20_000, "expression too complex to parse"),
        ("a = " + "!" * 140 + "b", None),
        ("a = " + "!" * 20_000 + "b", "expression too complex to parse"),
        ('a = "' + "%{if b}" * 47 + "%{endif}" * 47 + '"', None),
        ('a = "' + "%{if b}" * 5_000 + "%{endif}" * 5_000 + '"', "nested deeper than 48 levels"),
    ],
)
def test_limits(text: str, place: str | None) -> None:
    assert [found.summary for found in parse(text).diagnostics] == ([] if place is None else [place])


def test_long_chain_has_its_value() -> None:
    text = f"locals {{\n  a = 1{' + 1' * 999}\n  b = {'true && ' * 500}false\n}}\n"
    evaluation = evaluate_configuration(MemoryFiles({"main.tf": text}), ".")
    assert evaluation.locals["a"].value.to_python() == 1000
    assert evaluation.locals["b"].value.to_python() is False


def steps(run: Callable[[], object]) -> int:
    """How many functions are called, built-in ones included: a measure that no other load on the machine changes."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


GROWING = {
    "attributes": lambda n: "".join(f'a{index} = "value"\n' for index in range(n)),
    "blocks": lambda n: 'a "b" {\n  c = 1\n}\n' * n,
    "tuple": lambda n: f"a = [{'1, ' * n}]\n",
    "object": lambda n: "a = {\n" + "".join(f"b{index} = c.d\n" for index in range(n)) + "}\n",
    "calls": lambda n: f"a = f({'g(x), ' * n})\n",
    "blank lines": lambda n: "a = (" + "\n" * n + "1)" + "\n# x\n" * n,
    "comments": lambda n: "a = [" + "1, # x\n/* y */" * n + "]\n",
    "string": lambda n: f'a = "{"x" * n}"\n',
    "escapes": lambda n: f'a = "{chr(92)}n{"$${" * n}"\n',
    "interpolations": lambda n: f'a = "{"${b} c " * n}"\n',
    "directives": lambda n: f'a = "{"%{if b ~} c %{~ endif}" * n}"\n',
    "heredoc": lambda n: f"a = <<E\n{'line' + chr(10)}" + "\n" * n + "E\n",
    "indented heredoc": lambda n: "a = <<-E\n" + "  line ${b}\n\n" * n + "  E\n",
    "heredocs": lambda n: "".join(f"a{index} = <<E\n${{<<E\nx\nE\n}}\nE\n" for index in range(n)),
    "nearly markers": lambda n: "a = <<E\n" + "EE\n E E\n" * n + "E\n",
    "names beyond ASCII": lambda n: "".join(f"é{index} = ü\n" for index in range(n)),
}


@each("kind", GROWING)
def test_steps_grow_with_the_text(kind: str) -> None:
    short, long = (GROWING[kind](count) for count in (500, 1000))
    assert parse(long).diagnostics == ()
    assert steps(lambda: parse(long)) / steps(lambda: parse(short)) < 2.2


def test_json_steps_grow_with_the_text() -> None:
    short, long = ('{"locals":{"a":[' + '{"b":"${c}\\n"},' * count + "1]}}" for count in (500, 1000))
    assert parse(long, "main.tf.json").diagnostics == ()
    growth = steps(lambda: parse(long, "main.tf.json")) / steps(lambda: parse(short, "main.tf.json"))
    assert growth < 2.2


def test_forty_thousand_attributes() -> None:
    body = parse("".join(f'attribute_{index} = "value"\n' for index in range(40_000))).body
    assert body is not None and len(body.attributes) == 40_000
