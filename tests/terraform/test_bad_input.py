"""Whatever stands in the files, the evaluation ends with diagnostics that have a place, in bounded time."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.source import Source
from bbws_readiness.terraform import Evaluation, evaluate_configuration, parse_tfvars
from bbws_readiness.terraform.syntax import parse_file
from tests.budgets.work import seconds
from tests.cases import each
from tests.terraform.memory import MemoryFiles


def evaluate(text: str, **more: str) -> Evaluation:
    files = {"main.tf": text, **{name.replace("__", "/").replace("_tf", ".tf"): body for name, body in more.items()}}
    return evaluate_configuration(MemoryFiles(files), ".")


def told(evaluation: Evaluation) -> list[str]:
    return [f"{found.at.line}:{found.at.column} {found.summary}" for found in evaluation.diagnostics]


SYNTAX = [
    ("a = 1\na = 2\n", '2:1 argument "a" is set twice (first at line 1)'),
    ('locals {\n  a = "x\n}\n', "2:7 string is not closed"),
    ("locals {\n  a = <<EOT\n x\n", "2:7 heredoc is not closed"),
    ("\n\nlocals {\n\n  a = 1\n", '6:1 unexpected end of file; "{" opened at line 3 is not closed'),
    ("locals {\n  a = [1, 2\n}\n", '3:1 expected "]" before "}"; "[" was opened at line 2'),
    ("locals {\n  a = 1 b = 2\n}\n", "2:9 expected a new line before the next argument or block"),
    ("locals {\n  a = { b = 1 c = 2 }\n}\n", "2:15 expected a comma or a new line before the next element"),
    ("locals {\n  a = 1\n    + 2\n}\n", "3:5 an operator cannot begin a new line here"),
    ("locals {\n  a = “x”\n}\n", "2:7 unexpected character U+201C"),
    ('locals {\n  a = "\\q"\n}\n', "2:8 invalid escape sequence"),
    ('locals {\n  a = "\\ud800"\n}\n', "2:8 invalid escape sequence"),
    ('locals {\n  a = "${}"\n}\n', "2:10 expected an expression"),
    ('locals {\n  a = "%{ if true }x"\n}\n', '2:8 "%{" without "%{endif}"'),
    ('locals {\n  a = "%{ else }x"\n}\n', '2:8 "%{else}" without its beginning'),
    ("locals {\n  a = )\n}\n", '2:7 expected "}" before ")"; "{" was opened at line 1'),
    ("}\n", '1:1 unexpected "}": nothing is open here'),
    ("locals {\n  a = 1 +\n}\n", "2:10 expected an expression"),
    ("locals {\n  a = /* x\n}\n", "2:7 comment is not closed"),
    ('resource "a${1}" "b" {}\n', "1:10 a block label cannot contain a template"),
    ('{"a": 1}\n', '1:1 unexpected "{"'),
    ("<html>\n", '1:1 unexpected "<"'),
    ("locals {\n  a = 1" + "0" * 1000 + "\n}\n", "2:7 number has more than 1000 digits"),
    ("locals {\n  a = 1e999999999\n}\n", "2:7 number has more than 1000 digits"),
    ("locals {\n  a = " + "(" * 10_000 + "1" + ")" * 10_000 + "\n}\n", "2:54 nested deeper than 48 levels"),
    ("locals {\n  a = " + "{[" * 500_000 + "\n}\n", "2:54 nested deeper than 48 levels"),
    ("locals {\n  a = " + '"${' * 10_000 + "\n}\n", "2:77 nested deeper than 48 levels"),
    ("locals {\n  a = " + "1+" * 20_000 + "1\n}\n", "2:7 expression too complex to parse"),
    ("locals {\n  a = b" + ".c" * 20_000 + "\n}\n", "2:7 expression too complex to parse"),
]


@each(("text", "expected"), SYNTAX, ids=[expected for _, expected in SYNTAX])
def test_broken_file_is_told_in_our_words(text: str, expected: str) -> None:
    evaluation = evaluate(text)
    assert told(evaluation)[0] == expected
    assert not evaluation.complete


def test_secret_after_an_open_quote_is_not_shown() -> None:
    evaluation = evaluate('locals {\n  a = "hunter2\n  b = hunter3\n}\n')
    assert "hunter" not in " ".join(map(str, evaluation.diagnostics))


def test_other_files_are_still_evaluated() -> None:
    evaluation = evaluate("locals {\n", other_tf='resource "aws_sqs_queue" "q" { name = "q" }\n')
    assert [resource.address for resource in evaluation.resources] == ["aws_sqs_queue.q"]
    assert not evaluation.complete


EXPRESSIONS = [
    ("a = var.missing", 'there is no variable "missing"'),
    ("a = local.a", "reference cycle: local.a -> local.a"),
    ("a = local.b\nb = local.c\nc = local.a", "reference cycle: local.a -> local.b -> local.c -> local.a"),
    ("a = aws_s3_bucket.x.id", 'there is no resource "aws_s3_bucket.x"'),
    ("a = data.aws_region.x.name", 'there is no data source "aws_region.x"'),
    ("a = module.x.y", 'there is no module call "x"'),
    ("a = each.key", '"each" is known only where for_each is set'),
    ("a = foo", '"foo" is not a value'),
    ("a = nope(1)", 'there is no function "nope"'),
    ("a = range(1025)", "range: more than 1024 values"),
    ("a = setproduct(range(1000), range(1000))", "setproduct: collection larger than 10000 elements"),
    ("a = [for x in range(1024) : [for y in range(1024) : x]]", "more than 1000000 evaluation steps"),
    ('a = file("/etc/passwd")', "file: the path leaves the project"),
    ('a = file("~/.aws/credentials")', "file: the path leaves the project"),
    ('a = file("../../x")', "file: the path leaves the project"),
    ('a = file("nothing.txt")', "file: nothing.txt: no such file"),
    ('a = format("%9999d", 1)', "format: width or precision above 1000"),
    ('a = regex("(?=a)a", "a")', "regex: the pattern is not a valid RE2 expression"),
    ('a = jsondecode("' + "[" * 3000 + '")', "jsondecode: JSON nested deeper than 48 levels"),
]


@pytest.mark.parametrize(("body", "expected"), EXPRESSIONS, ids=[expected for _, expected in EXPRESSIONS])
def test_faulty_expression_is_told_and_unknown(body: str, expected: str) -> None:
    evaluation = evaluate(f"locals {{\n{body}\n}}\n")
    assert expected in [found.summary for found in evaluation.diagnostics], [str(d) for d in evaluation.diagnostics]
    assert not evaluation.locals["a"].value.known and evaluation.locals["a"].value.reason
    assert all(found.at.line for found in evaluation.diagnostics)


def test_doubling_strings_stop_at_the_budget() -> None:
    lines = ['s0 = "xxxxxxxx"'] + [f's{i} = "${{local.s{i - 1}}}${{local.s{i - 1}}}"' for i in range(1, 32)]
    evaluation = evaluate("locals {\n" + "\n".join(lines) + "\n}\n")
    assert [d.summary for d in evaluation.diagnostics] == ["string longer than 1048576 bytes"]
    assert evaluation.locals["s17"].value.known and not evaluation.locals["s31"].value.known


def test_long_chain_of_references_is_evaluated() -> None:
    lines = ["c0 = 1"] + [f"c{i} = local.c{i - 1} + 1" for i in range(1, 2000)]
    evaluation = evaluate("locals {\n" + "\n".join(lines) + "\n}\n")
    assert evaluation.locals["c1999"].value.to_python() == 2000


COUNTS = [
    ("count = -1", "count must be a whole number, zero or more"),
    ('count = "x"', "count is not a number: a number is required"),
    ("count = 1000000000", "count is larger than 10000"),
    ("count = null", "count is null"),
    ('for_each = ["a"]', "for_each cannot go over a tuple"),
    ("for_each = null", "for_each is null"),
    ('for_each = sensitive(toset(["a"]))', "for_each must not be sensitive"),
    ("for_each = var.nothing", 'there is no variable "nothing"'),
]


@each(("line", "expected"), COUNTS, ids=[line for line, _ in COUNTS])
def test_resource_with_a_faulty_repetition_does_not_vanish(line: str, expected: str) -> None:
    evaluation = evaluate(f'resource "aws_sqs_queue" "q" {{\n  {line}\n}}\n')
    assert expected in [found.summary for found in evaluation.diagnostics]
    assert [(found.address, found.key_known) for found in evaluation.resources] == [("aws_sqs_queue.q[*]", False)]


def test_missing_directory_is_told() -> None:
    evaluation = evaluate_configuration(MemoryFiles({}), "nowhere")
    assert [str(found) for found in evaluation.diagnostics] == ["nowhere: error E238: no such directory"]


def test_one_megabyte_is_scanned_in_linear_time() -> None:
    def scan(times: int) -> None:
        evaluation = evaluate("locals {\n  a = <<EOT\n" + "\n" * times + "EOT\n}\n")
        assert evaluation.locals["a"].value.raw == "\n" * times

    small = max(min(seconds(partial(scan, 100_000)) for _ in range(2)), 0.02)
    assert any(seconds(partial(scan, 1_000_000)) / small < 40 for _ in range(3))


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_ends_in_diagnostics(text: str) -> None:
    parsed = parse_file(Source("main.tf", text, len(text), ""))
    assert (parsed.body is None) == bool(parsed.diagnostics)


SIGNS = [*'abc"${}[]()%~?:=\n.,*!-1 ', "for x in ", "if ", "<<EOT\n", "EOT\n"]


@given(st.lists(st.sampled_from(SIGNS), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_mixture_of_signs_ends_in_values(signs: list[str]) -> None:
    evaluation = evaluate(f"locals {{\n  a = {''.join(signs)}\n}}\n")
    assert evaluation.diagnostics or evaluation.locals["a"].value.known


@given(st.binary(max_size=100))
@settings(max_examples=50, deadline=None)
def test_any_tfvars_end_in_diagnostics(data: bytes) -> None:
    text = data.decode("latin-1")
    entries, diagnostics = parse_tfvars(Source("x.tfvars", text, len(data), ""))
    assert all(entry.name for entry in entries) and all(found.at.path == "x.tfvars" for found in diagnostics)
