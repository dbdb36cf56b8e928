"""JSON is read into the very nodes that the reader of YAML makes of it, or left to that reader."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bbws_readiness.parsers.plain_json import MAX_KEY, read_plain_json
from bbws_readiness.positioned import MAX_NODES, Node, read_yaml
from bbws_readiness.source import Source
from tests.cases import each

DEPTH = 8


def source(text: str) -> Source:
    return Source("a.json", text, len(text), "")


def plain(text: str) -> Node | None:
    return read_plain_json(source(text), max_depth=DEPTH)


SPACE = st.sampled_from(["", "", " ", "\n", "\t", "\r\n", "\n  ", "\r"])
CHARACTERS = st.sampled_from([*"aé😀#:,-{}[]&*'%|<\x7f\x85\xa0\ufeff\u2028\ufffe\ufffd\U0010ffff"])
ESCAPES = st.sampled_from([r"\n", r"\"", r"\\", r"\/", r"\u0041", r"\u0000", r"\u2028", r"\ud83d\ude00", r"\ud83d"])
STRING = st.lists(CHARACTERS | ESCAPES, max_size=4).map(lambda parts: f'"{"".join(parts)}"')
NUMBERS = [
    "0",
    "-0",
    "1",
    "-7",
    "1.5",
    "1E+5",
    "-0.0",
    "1e400",
    "9" * 301,
    "00",
    "1.",
    "+1",
    ".5",
    "-",
    "NaN",
    "1e9999",
]
SCALAR = STRING | st.sampled_from([*NUMBERS, "true", "false", "null", "True", "nul"])


def spaced(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*(part for pair in zip(parts, [SPACE] * len(parts), strict=True) for part in pair)).map("".join)


def within(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.lists(spaced(STRING, st.just(":"), values), max_size=3).map(",".join)
    elements = st.lists(spaced(values), max_size=3).map(",".join)
    return spaced(st.just("{"), members, st.just("}")) | spaced(st.just("["), elements, st.just("]"))


DOCUMENT = spaced(st.just(""), st.recursive(SCALAR, within, max_leaves=6))


@given(DOCUMENT, st.integers(0, 40), st.sampled_from(["", "", "", ",", "}", "[", ":", '"', " ", "1"]))
@example("\t{}", 0, "")
@example("{}\n\t", 0, "")
@example('{"a"\n: 1}', 0, "")
@example('{"a": 1, "\\u0061": 2}', 0, "")
@example('{"<<": {}}', 0, "")
def test_nodes_are_those_of_the_reader_of_yaml(text: str, offset: int, more: str) -> None:
    text = text[:offset] + more + text[offset:]
    read = plain(text)
    if read is None:
        return
    # As text, because True is 1 to Python.
    assert repr(read) == repr(read_yaml(source(text), max_depth=DEPTH))
    json.loads(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(max_codepoint=0x7E)),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text("abc", max_size=2), values, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc", max_size=2), VALUES, max_size=3), st.sampled_from([None, 2, "\t"]))
def test_what_programs_write_is_read(value: dict[str, Any], indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    read = read_plain_json(source(text), max_depth=50)
    assert read is not None
    assert json.dumps(read.to_python()) == json.dumps(value)


@each(
    ("text", "read"),
    [
        ("[" * DEPTH + "]" * DEPTH, True),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), False),
        (f'{{"{"k" * (MAX_KEY - 2)}": 1}}', True),
        (f'{{"{"k" * (MAX_KEY - 1)}": 1}}', False),
        (f"[{','.join(['1'] * (MAX_NODES // 4))}]", False),
        ("", False),
        ("1", False),
        ('{"a": 1} {}', False),
    ],
    ids=["depth", "deeper", "key", "longer key", "nodes", "nothing", "scalar", "two documents"],
)
def test_limits_are_left_to_the_reader_of_yaml(text: str, read: bool) -> None:
    assert (plain(text) is not None) == read
