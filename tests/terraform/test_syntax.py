"""Every node knows its place, and what other readers misread is read as Terraform does."""

from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.source import Source
from bbws_readiness.terraform import evaluate_configuration
from bbws_readiness.terraform.nodes import Expression, children
from bbws_readiness.terraform.numbers import format_number, parse_number
from bbws_readiness.terraform.syntax import ParsedFile, parse_file
from tests.cases import each
from tests.terraform.memory import MemoryFiles


def parse(text: str) -> ParsedFile:
    return parse_file(Source("main.tf", text, len(text), ""))


def test_places_are_those_of_the_source() -> None:
    text = 'a "l" {\n  # note\n  b = f(x,\n    "t${ y.z }") /* c */ + g["k"]\n  c = <<-EOT\n    h ${i}\n  EOT\n}\n'
    body = parse(text).body
    assert body is not None
    block = body.blocks[0]
    assert (block.at.line, block.at.column) == (1, 1)
    assert [(node.name, node.at.line, node.at.column) for node in block.body.attributes] == [("b", 3, 3), ("c", 5, 3)]
    named = {}
    pending: list[Expression] = [node.expression for node in block.body.attributes]
    while pending:
        node = pending.pop()
        if hasattr(node, "name"):
            named[node.name] = (node.at.line, node.at.column)
        pending.extend(children(node))
    assert named == {"f": (3, 7), "x": (3, 9), "y": (4, 10), "z": (4, 12), "g": (4, 28), "i": (6, 9)}


READ_LIKE_TERRAFORM = [
    ("spaces after a heredoc's end marker", "<<EOT\nx\nEOT  ", "x\n"),
    ("inline comment", "1 /* one */ + /* two */ 2", 3),
    ("namespaced function", 'core::upper("a")', "A"),
    ("strip signs in a lone interpolation", '"${~ 1 ~}"', 1),
    ("double negation", "!!true", True),
    ("new line inside an interpolation", '"${\n1\n}"', 1),
    ("escaped dollar at the end", '"$${"', "${"),
    ("new line before an attribute in parentheses", "({ a = 1 }\n.a)", 1),
    ("comment inside brackets", "[1, # one\n2, // two\n]", [1, 2]),
    ("conditional over lines", "(true\n? 1\n: 2)", 1),
    ("heredoc in a call", "trimspace(<<EOT\nx\nEOT\n)", "x"),
    ("brace in a string", '"}{"', "}{"),
    ("quote in an interpolation", '"${"}"}"', "}"),
    ("comment sign in a string", '"# // /*"', "# // /*"),
    ("keyword as key", "{ in = 1, if = 2, for = 3 }", {"in": 1, "if": 2, "for": 3}),
    ("identifier beyond ASCII", "{ é = 1 }", {"é": 1}),
    ("minus without spaces", "3-1", 2),
    ("carriage returns", "[\r\n1,\r\n2\r\n]", [1, 2]),
]


@each(("text", "expected"), [case[1:] for case in READ_LIKE_TERRAFORM], ids=[c[0] for c in READ_LIKE_TERRAFORM])
def test_read_like_terraform(text: str, expected: object) -> None:
    evaluation = evaluate_configuration(MemoryFiles({"main.tf": f"locals {{\n  a = {text}\n}}\n"}), ".")
    assert [str(told) for told in evaluation.diagnostics] == []
    assert evaluation.locals["a"].value.to_python() == expected


def test_attribute_and_block_of_one_name() -> None:
    body = parse("a {\n  b = 1\n  b {}\n}\n").body
    assert body is not None and len(body.blocks[0].body.attributes) == len(body.blocks[0].body.blocks) == 1


@given(st.integers(-(10**160), 10**160))
def test_whole_numbers_read_back(number: int) -> None:
    parsed = parse_number(str(number))
    assert parsed is not None and parse_number(format_number(parsed)) == parsed
    if abs(number) < 10**150:
        assert format_number(parsed) == str(number)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=9))
def test_decimals_print_without_noise(number: object) -> None:
    text = format(number, "f")
    parsed = parse_number(text)
    assert parsed is not None
    expected = text.rstrip("0").rstrip(".") if "." in text else text
    assert format_number(parsed) == ("0" if expected in ("-0", "") else expected)
