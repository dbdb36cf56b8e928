"""YAML and JSON with places: what scalars mean, what is refused, and where."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.errors import Diagnostic
from bbws_readiness.positioned import MAX_DEPTH, Node, read_yaml
from bbws_readiness.source import Source
from tests.cases import each


def read(text: str) -> Node | Diagnostic:
    return read_yaml(Source("a.yml", text, len(text), ""))


def node(text: str) -> Node:
    result = read(text)
    assert isinstance(result, Node), result
    return result


SCALARS = [
    ("on", "on"),
    ("no", "no"),
    ("1:30", "1:30"),
    ("010", 10),
    ("0o10", 8),
    ("0x1F", 31),
    ("2024-13-45", "2024-13-45"),
    ("true", True),
    ("True", True),
    ("null", None),
    ("~", None),
    ("", None),
    ("1.5", 1.5),
    ("'1'", "1"),
    ('"true"', "true"),
    ("1_000", "1_000"),
    ("=", "="),
]


@each(("text", "value"), SCALARS)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    content = node(f"key: {text}\n").to_python()["key"]
    assert content == value
    assert type(content) is type(value)


def test_an_account_keeps_its_zeros() -> None:
    account = node("account: 093646564004\n").get("account")
    assert account is not None
    assert account.text == "093646564004"


REFUSED = [
    ("a: [", 2, "not valid YAML"),
    ("a: 1\nb: 2\na: 3\n", 3, '"a" is set twice (first at line 1)'),
    ("a: &x 1\nb:\n  <<: *x\n", 3, "merge keys"),
    ("&a [*a]\n", 1, "refers to itself"),
    ("a: *x\n", 1, "refers to itself or to nothing"),
    ("a: !!python/object/apply:os.system [id]\n", 1, "tag"),
    ("a: !Ref x\n", 1, "tag"),
    ("a: 1\n---\nb: 2\n", 2, "more than one"),
    ("a: \x01\n", 1, "not valid YAML"),
    ("? [a]\n: 1\n", 1, "plain text"),
    ("a: 1\nb: 2\rc: 3\n", 2, "ends with U+000D"),
    ("a: 1\nb: x\u2028y\n", 2, "ends with U+2028"),
    ("[" * 60 + "]" * 60, 1, f"deeper than {MAX_DEPTH}"),
    ("[ " * 50_000, 1, f"deeper than {MAX_DEPTH}"),
    ("- " * 50_000, 1, f"deeper than {MAX_DEPTH}"),
    (
        "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
        + "".join(f"{y}: &{y} [{', '.join([f'*{x}'] * 10)}]\n" for x, y in zip("abcdefg", "bcdefgh", strict=True)),
        5,
        "expand",
    ),
]


@each(("text", "line", "reason"), REFUSED, ids=[row[2] + str(number) for number, row in enumerate(REFUSED)])
def test_refuses_with_its_place(text: str, line: int, reason: str) -> None:
    fault = read(text)
    assert isinstance(fault, Diagnostic)
    assert reason in fault.summary
    assert fault.at.line == line


def test_places_of_keys_values_and_nearest_ancestor() -> None:
    document = node("on:\n  push:\n    branches: [main]\njobs: {}\n")
    assert document.locate(["on", "push", "branches", 0]).line == 3
    assert (document.locate(["on", "push"]).line, document.locate(["on", "push"]).column) == (2, 3)
    assert document.locate(["on", "nothing", 3]).line == 1
    key = document.key("jobs")
    assert key is not None
    assert key.at.line == 4


plain_data = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters(codec="ascii", min_codepoint=32)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz", min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(plain_data)
def test_json_reads_back_as_it_is(data: object) -> None:
    assert node(json.dumps(data, indent=1)).to_python() == data


@given(st.text(max_size=200))
def test_any_text_is_a_node_or_one_fault(text: str) -> None:
    assert isinstance(read(text), Node | Diagnostic)


def test_a_walk_meets_every_value_and_no_key() -> None:
    met = [one.text for one in node("a: 1\nb:\n  - x\n  - c: y\n").walk() if one.shape == "scalar"]
    assert met == ["y", "x", "1"]
