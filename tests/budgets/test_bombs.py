"""What is built to exhaust a parser ends in an answer, after work that grows with its length and no faster."""

from collections.abc import Callable
from functools import partial

import pytest

from bbws_readiness.parsers.promotion_plan import parse_plan
from bbws_readiness.parsers.schemas import parse_schema
from bbws_readiness.parsers.scripts import parse_script
from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.source import Source
from bbws_readiness.terraform.syntax import parse_file
from tests.budgets.work import seconds
from tests.cases import each

KNOWN = ("dev", "sit", "prod")
READERS: dict[str, tuple[str, Callable[[Source], object]]] = {
    "plan": ("plan.md", lambda source: parse_plan(source, environments=KNOWN)),
    "yaml": ("a.yml", read_yaml),
    "schema": ("a.schema.json", lambda source: parse_schema(source, environments=KNOWN)),
    "hcl": ("main.tf", parse_file),
    "json": ("main.tf.json", parse_file),
    "script": ("validate.py", lambda source: parse_script(source, environments=KNOWN)),
    "workflow": ("deploy.yml", lambda source: parse_workflow(source, environments=KNOWN)),
}


def read(kind: str, text: str) -> object:
    path, reader = READERS[kind]
    return reader(Source(path, text, len(text), ""))


def run_step(shell: str) -> str:
    lines = "".join(f"          {line}\n" for line in shell.split("\n"))
    return f"on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n      - run: |\n{lines}"


def condition(expression: str) -> str:
    return f"on: push\njobs:\n  a:\n    runs-on: u\n    if: ${{{{ {expression} }}}}\n    steps: []\n"


DEEP = {
    "plan": ["> ", "- ", "1. ", "> - ", "`", "[", "*a **a ", "<", "(", "| ", "# ", "- [ ] "],
    "yaml": ["[", "{", "- ", "? ", "{a: ", "&a [", "- &a ", "!!python/object/apply:os.system [", "a: ", '"', "|\n"],
    "schema": ["[", '{"a":', "[[{", '"', "\\", "1", "-", "[1,"],
    "hcl": ["a = (", "(", "[", "{", "a {\n", '"${', "a.", "-", "!", "1+", "<<E\n", "%{if a}", "$", "%", "a ? b : "],
    "json": ["[", '{"a":', "[[{", '"', "\\", "1", "-", "[1,", " "],
    "script": ["(", "[", "-", "not ", "lambda: ", "a.", "a+", "f(", "'", "if a:\n ", "x if y else ", "~", "**", "f'{"],
}
SHELL = [
    "(",
    "$(",
    '"$(',
    "'",
    '"',
    "`",
    "<<E\n",
    "a <<A ",
    "|",
    "&&",
    ")",
    "if x; then ",
    "{ ",
    "sudo ",
    "$((",
    "a=",
    "\\",
]
EXPRESSIONS = ["(", "!", "f(", "a || ", "[", "'", "a.", "${{ ", "contains(", " "]


@pytest.mark.parametrize("kind", DEEP)
def test_any_depth_is_survived(kind: str) -> None:
    for unit in DEEP[kind]:
        read(kind, unit * (100_000 // len(unit)))


def test_any_depth_in_workflows_is_survived() -> None:
    for unit in SHELL:
        read("workflow", run_step((unit * 40_000)[:40_000]))
    for unit in EXPRESSIONS:
        read("workflow", condition((unit * 40_000)[:40_000]))


GROWING: dict[str, tuple[str, Callable[[int], str]]] = {
    "headings": ("plan", lambda n: "# Promotion Plan: x\n" + "## Step\n" * n),
    "check boxes": ("plan", lambda n: "# Promotion Plan: x\n## Phase 1\n" + "- [ ] `a` exists\n" * n),
    "tables": ("plan", lambda n: "# Promotion Plan: x\n" + "| a | b |\n|---|---|\n| c | d |\n\n" * (n // 4)),
    "backticks": ("plan", lambda n: "# Promotion Plan: x\n" + ("`" * 80 + "a\n") * n),
    "brackets": ("plan", lambda n: "# Promotion Plan: x\n" + ("[" * 80 + "\n") * n),
    "emphasis": ("plan", lambda n: "# Promotion Plan: x\n" + ("*a **a " * 10 + "\n") * n),
    "list": ("yaml", lambda n: "- a\n" * n),
    "keys": ("yaml", lambda n: "".join(f"k{index}: a\n" for index in range(n))),
    "one line": ("yaml", lambda n: "[" + "a, " * n + "]"),
    "members": (
        "schema",
        lambda n: '{"tableName": "a", "tags": {' + ", ".join(f'"k{i}": "x"' for i in range(n)) + "}}",
    ),
    "escapes in JSON": ("json", lambda n: '{"locals": {"a": "' + '\\"' * 10 * n + '"}}'),
    "open quotes in JSON": ("schema", lambda n: '"\\' * 10 * n),
    "dollars": ("hcl", lambda n: 'a = "' + "$" * 20 * n + '"\n'),
    "percents in a heredoc": ("hcl", lambda n: "a = <<E\n" + "%" * 20 * n + "\nE\n"),
    "blank lines in a heredoc": ("hcl", lambda n: "a = <<-E\n" + "\n" * 20 * n + "E\n"),
    "the same argument": ("hcl", lambda n: "a = 1\n" * n),
    "statements": ("script", lambda n: "A = ['a']\n" * n),
    "elements": ("script", lambda n: "A = [" + "'a', " * n + "]\n"),
    "steps": ("workflow", lambda n: "jobs:\n  a:\n    steps:\n" + "      - run: a\n" * n),
    "steps on one line": ("workflow", lambda n: "jobs: {a: {steps: [" + "{run: a}, " * n + "]}}"),
    "pipes": ("workflow", lambda n: run_step("a" + "|" * 5 * n)),
    "closing parentheses": ("workflow", lambda n: run_step("a" + ")" * 5 * n)),
    "wrappers": ("workflow", lambda n: run_step("sudo " * n)),
}


@pytest.mark.parametrize("name", GROWING)
def test_ten_times_the_text_is_ten_times_the_work(name: str) -> None:
    kind, text = GROWING[name]
    read(kind, text(10))
    # A busy machine makes some runs slow, and none of them fast; work that grows with the square takes 100 times.
    # No text comes twice, because what was read once may be remembered.
    small = max(min(seconds(partial(read, kind, text(400 + turn))) for turn in range(2)), 0.02)
    assert any(seconds(partial(read, kind, text(4_000 + turn))) / small < 40 for turn in range(5))


def told(kind: str, text: str) -> str:
    found = read(kind, text)
    if isinstance(found, tuple):
        return " ".join(one.summary for one in found[1])
    return "" if isinstance(found, Node) else str(getattr(found, "summary", found))


BOMBS = {
    "aliases": ("yaml", "- &a0 x\n" + "".join(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))),
    "merge keys": ("yaml", "a: &a {b: c}\nd:\n  <<: *a\n"),
    "cycle": ("yaml", "&a [*a]"),
    "python tag": ("yaml", "a: !!python/object/apply:os.system [id]\n"),
    "cloud tag": ("yaml", "a: !Ref b\n"),
    "same key": ("yaml", "a: 1\na: 2\n"),
    "twice": ("hcl", "a = 1\na = 2\n"),
    "NaN": ("schema", '{"tableName": "a", "primaryKey": NaN}'),
    "Infinity": ("schema", '{"tableName": "a", "primaryKey": -Infinity}'),
    "long integer": ("json", '{"locals": {"a": ' + "1" * 5_000 + "}}"),
    "large exponent": ("hcl", "a = 1e999999999\n"),
    "long integer in Python": ("script", "a = " + "1" * 5_000),
}
EXPECTED = {
    "aliases": "the aliases expand to too many YAML nodes",
    "merge keys": "merge keys are not supported (nor by GitHub)",
    "cycle": "the alias *a refers to itself or to nothing",
    "python tag": "a YAML tag is not allowed here",
    "cloud tag": "a YAML tag is not allowed here",
    "same key": 'the key "a" is set twice (first at line 1)',
    "NaN": "NaN is not a JSON number",
    "Infinity": "-Infinity is not a JSON number",
    "long integer in Python": "too complex to read",
}


@each("name", EXPECTED)
def test_bomb_is_told(name: str) -> None:
    assert told(*BOMBS[name]) == EXPECTED[name]


@each("name", ["twice", "long integer", "large exponent"])
def test_terraform_bomb_is_one_diagnostic(name: str) -> None:
    kind, text = BOMBS[name]
    assert len(read(kind, text).diagnostics) == 1  # type: ignore[attr-defined]


@each(
    "text", ["2024-13-45", "1:30", "1" * 5_000, ":".join(["1"] * 20_000), "1e400", "-1e999", ".inf", ".nan", "010abc"]
)
def test_what_is_no_number_of_json_stays_text(text: str) -> None:
    found = read("yaml", f"- {text}\n")
    assert isinstance(found, Node) and found.to_python() == [text]


@each(("text", "value"), [("0o17", 15), ("0x1F", 31), ("010", 10), ("~", None), ("on", "on"), ("no", "no")])
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    found = read("yaml", f"- {text}\n")
    assert isinstance(found, Node) and found.to_python() == [value]


NAMES = ["items", "keys", "get", "pairs", "content", "__class__", "__is_block__", "__start_line__", "__proto__", "on"]


@each("name", NAMES)
def test_no_name_shadows_anything(name: str) -> None:
    found = read("yaml", f"a: b\n{name}:\n  {name}: c\n")
    assert isinstance(found, Node)
    inner = found.find(name, name)
    assert inner and inner.to_python() == "c" and inner.at.line == 3
    body = read("hcl", f'a = 1\n{name} = 2\nb "{name}" {{\n  {name} = 3\n}}\n').body  # type: ignore[attr-defined]
    assert body.attribute(name).at.line == 2
    assert body.blocks[0].labels == (name,) and body.blocks[0].body.attribute(name).at.line == 4
    table, _ = parse_schema(
        Source(
            "a.schema.json",
            f'{{"tableName": "t", "primaryKey": {{"partitionKey": "k"}},\n"tags": {{"{name}": "x"}}}}',
            1,
            "",
        ),
        environments=(),
    )
    assert table and table.tags and table.tags[name].get() == "x" and table.tags[name].at.line == 2


@each(
    "reference",
    ["http://example.com/a", "https://example.com/a", "file:///etc/passwd", "other.json", "//host/x", "urn:a:b"],
)
def test_no_reference_leaves_a_schema(reference: str) -> None:
    text = f'{{"tableName": "t", "primaryKey": {{"partitionKey": "k"}},\n"x": {{"$ref": "{reference}"}}}}'
    _, found = parse_schema(Source("a.schema.json", text, 1, ""), environments=())
    assert [(one.summary, one.at.line) for one in found] == [("$ref outside this document is not fetched", 2)]


@pytest.mark.parametrize(
    ("dialect", "count"), [("https://json-schema.org/draft/2020-12/schema", 0), ("http://evil/x", 1)]
)
def test_an_unknown_dialect_is_a_warning(dialect: str, count: int) -> None:
    text = f'{{"$schema": "{dialect}", "tableName": "t", "primaryKey": {{"partitionKey": "k"}}}}'
    table, found = parse_schema(Source("a.schema.json", text, 1, ""), environments=())
    assert table and [str(one.severity) for one in found] == ["warning"] * count
