"""Each budget at its limit, one below and one above, through what everybody calls."""

from collections.abc import Callable, Sequence

import pytest

from bbws_readiness.errors import Diagnostic
from bbws_readiness.parsers.promotion_plan import parse_plan
from bbws_readiness.parsers.promotion_plan.markdown import MAX_LINES, MAX_ROWS
from bbws_readiness.parsers.promotion_plan.markdown import MAX_NESTING as MAX_MARKDOWN_NESTING
from bbws_readiness.parsers.schemas import MAX_DEPTH as MAX_JSON_FILE_DEPTH
from bbws_readiness.parsers.schemas import parse_schema
from bbws_readiness.parsers.scripts import parse_script
from bbws_readiness.parsers.scripts.complexity import MAX_ALTERNATIVES, MAX_BRACKETS, MAX_CHAIN
from bbws_readiness.positioned import MAX_ALIASES, MAX_DEPTH, MAX_EVENTS, MAX_NODES, Node, read_yaml
from bbws_readiness.source import Source
from bbws_readiness.terraform import evaluate_configuration, limits
from tests.terraform.memory import MemoryFiles


def source(path: str, text: str) -> Source:
    return Source(path, text, len(text), "")


def yaml(text: str) -> Sequence[Diagnostic]:
    read = read_yaml(source("a.yml", text))
    return () if isinstance(read, Node) else (read,)


def own_yaml(text: str) -> Sequence[Diagnostic]:
    read = read_yaml(source("readiness.yaml", text), max_aliases=0)
    return () if isinstance(read, Node) else (read,)


def schema(text: str) -> Sequence[Diagnostic]:
    return parse_schema(source("a.schema.json", text), environments=())[1]


def script(text: str) -> Sequence[Diagnostic]:
    return parse_script(source("a.py", text), environments=())[1]


def plan(text: str) -> Sequence[Diagnostic]:
    head = "# Promotion Plan: x\n\n"
    found = parse_plan(source("plan.md", head + text), environments=())[1]
    return [one for one in found if not one.summary.startswith("the plan has no ")]


def expression(text: str) -> Sequence[Diagnostic]:
    return evaluate_configuration(MemoryFiles({"main.tf": f"locals {{\na = {text}\n}}\n"}), ".").diagnostics


def json_configuration(text: str) -> Sequence[Diagnostic]:
    return evaluate_configuration(MemoryFiles({"main.tf.json": text}), ".").diagnostics


def loops(count: int) -> str:
    return "[for a in [1] : " * count + "1" + "]" * count


def nested_list(levels: int) -> str:
    """Quotes, which are one level each, around an entry."""
    return "> " * levels + "a\n"


def rows(count: int) -> str:
    return "| a |\n|---|\n" + "| b |\n" * (count - 1)


BUDGETS: dict[str, tuple[Callable[[str], Sequence[Diagnostic]], int, Callable[[int], str], str]] = {
    "YAML depth": (yaml, MAX_DEPTH, lambda n: "[" * n + "a" + "]" * n, "nesting deeper than 50"),
    "YAML depth of mappings": (yaml, MAX_DEPTH, lambda n: "{a: " * n + "a" + "}" * n, "nesting deeper than 50"),
    "YAML depth through aliases": (
        yaml,
        MAX_DEPTH,
        lambda n: f"- &a {'[' * 20}1{']' * 20}\n- {'[' * (n - 21)}*a{']' * (n - 21)}\n",
        "nesting deeper than 50",
    ),
    "YAML aliases": (yaml, MAX_ALIASES, lambda n: "- &a x\n" + "- *a\n" * n, "more than 100 YAML aliases"),
    "YAML aliases in our files": (own_yaml, 0, lambda n: "- &a x\n" + "- *a\n" * n, "a YAML alias in this file"),
    # Start and end of stream, document and list are six.
    "YAML events": (yaml, MAX_EVENTS, lambda n: "- []\n" * ((n - 6) // 2) + "- a\n" * (n % 2), "YAML nodes"),
    "YAML nodes": (yaml, MAX_NODES, lambda n: "- a\n" * (n - 1), "more than 50000 YAML nodes"),
    "YAML nodes through aliases": (
        yaml,
        MAX_NODES,
        lambda n: f"- &a [{'x, ' * 999}]\n" + "- *a\n" * 40 + "- b\n" * (n - 1 - 41 * 1000),
        "the aliases expand to too many YAML nodes|more than 50000 YAML nodes",
    ),
    "JSON depth of schemas": (
        schema,
        MAX_JSON_FILE_DEPTH,
        lambda n: '{"tableName": "a", "primaryKey": null, "x": ' + "[" * (n - 1) + "]" * (n - 1) + "}",
        "nesting deeper than 64",
    ),
    "JSON depth of Terraform": (
        json_configuration,
        limits.MAX_JSON_DEPTH,
        lambda n: '{"locals": {"a": ' + "[" * (n - 2) + "]" * (n - 2) + "}}",
        "nested deeper than 64 levels",
    ),
    "Python brackets": (script, MAX_BRACKETS, lambda n: "a = " + "[" * n + "]" * n, "too complex to read"),
    "Python chain": (script, MAX_CHAIN, lambda n: "a = " + "-" * (n - 1) + "1\n", "too complex to read"),
    "Python elif": (script, MAX_ALTERNATIVES, lambda n: "if a:\n b\n" + "elif a:\n b\n" * n, "too complex to read"),
    # The module is a node; a number as a statement is two, `pass` is one.
    "Python nodes": (
        script,
        200_000,
        lambda n: "0\n" * (n // 2 - 1) + "pass\n" * (n % 2 + 1),
        "too complex to read",
    ),
    "Markdown nesting": (plan, MAX_MARKDOWN_NESTING - 1, nested_list, "nested deeper than 20 levels"),
    "Markdown rows": (plan, MAX_ROWS, rows, "1 more are not read"),
    "Markdown lines": (plan, MAX_LINES, lambda n: "\n" * (n - 2), "more than 20000 lines"),
    "HCL nesting": (expression, limits.MAX_NESTING - 1, lambda n: "(" * n + "1" + ")" * n, "nested deeper than 48"),
    "HCL chain": (expression, limits.MAX_CHAIN, lambda n: "1" + " + 1" * n, "too complex to parse"),
    "loops": (expression, limits.MAX_LOOPS, loops, "loops nested deeper than 6"),
    "range": (expression, limits.MAX_RANGE, lambda n: f"range({n})", "range: more than 1024 values"),
    "elements": (
        expression,
        limits.MAX_ELEMENTS,
        lambda n: f"concat({', '.join(['range(1000)'] * 9)}, range({n - 9000}))",
        "collection larger than 10000 elements",
    ),
    "format width": (expression, limits.MAX_FORMAT_WIDTH, lambda n: f'format("%{n}d", 1)', "1000"),
    "format precision": (expression, limits.MAX_FORMAT_WIDTH, lambda n: f'format("%.{n}f", 1)', "1000"),
    "indent": (expression, limits.MAX_FORMAT_WIDTH, lambda n: f'indent({n}, "a")', "1000"),
    "digits": (expression, 1000, lambda n: "1" * n, "number has more than 1000 digits"),
    "string": (
        expression,
        limits.MAX_STRING,
        lambda n: f'"${{join("", [for x in range(1024) : format("%1000s", "")])}}{"b" * (n - 1_024_000)}"',
        "string longer than 1048576 bytes",
    ),
    "pattern": (expression, limits.MAX_PATTERN, lambda n: f'regex("{"a" * n}", "{"a" * n}")', "1000 characters"),
}


@pytest.mark.parametrize("name", BUDGETS)
def test_budget(name: str) -> None:
    read, limit, text, told = BUDGETS[name]
    below, at, above = (read(text(limit + step)) if limit + step >= 0 else () for step in (-1, 0, 1))
    assert [str(one) for one in below] == []
    assert [str(one) for one in at] == []
    assert len(above) == 1
    assert any(words in above[0].summary for words in told.split("|"))
